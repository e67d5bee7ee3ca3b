"""The tables of what codes mean: those that are shipped, and a shop's own."""

from __future__ import annotations

import pytest

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.dispositions import load_dispositions


def refused(tmp_path, text: str) -> str:
    path = tmp_path / "own.yaml"
    path.write_text(text)
    with pytest.raises(FactsError) as caught:
        load_dispositions("vicidial", path)
    return str(caught.value)


def test_every_shipped_line_says_an_outcome():
    for name in ("vicidial", "twilio", "sendgrid", "postmark", "amazon_connect", "amazon_ses", "ringcentral", "freeswitch", "genesys", "five9"):
        assert all(line.outcome and not line.own for line in load_dispositions(name).table())


@pytest.mark.parametrize(("code", "outcome"), [
    ("NA", "no_answer"), ("na", "no_answer"), ("HUC17", "busy"), ("HUC1", "not_connected"), ("HUC18", "no_answer"),
    ("HUC102", "no_answer"), ("ADCT", "no_answer"), ("N", "no_answer"), ("SALE", "conversation"), ("NEW", "no_contact"),
])  # fmt: skip
def test_a_code_is_found_by_name_in_any_case_or_by_its_beginning(code, outcome):
    said = load_dispositions("vicidial").find(code)
    assert said is not None
    assert said.outcome == outcome


def test_a_code_that_no_line_has_says_nothing():
    assert load_dispositions("vicidial").find("PTP") is None


def test_a_shops_own_lines_go_over_those_that_are_shipped(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(
        "codes:\n  NO: no_answer\n  17: busy\n  'Z*': {outcome: unknown}\n"
        "  ATTY: {outcome: conversation, event: {type: attorney_represents}}\n  NA: {outcome: busy, note: ours}\n"
    )
    table = load_dispositions("vicidial", path)
    found = {code: table.find(code) for code in ("NO", "17", "Z9", "ATTY", "NA", "SALE")}
    assert {code: said and said.outcome for code, said in found.items()} == {
        "NO": "no_answer", "17": "busy", "Z9": "unknown", "ATTY": "conversation", "NA": "busy", "SALE": "conversation",
    }  # fmt: skip
    lines = table.table()
    assert [line.code for line in lines if line.own] == ["NO", "17", "Z*", "ATTY", "NA"]
    assert len([line for line in lines if line.code == "NA"]) == 1
    assert next(line for line in lines if line.code == "ATTY").event == "attorney_represents"


def test_mistakes_are_told_at_their_code(tmp_path):
    assert refused(tmp_path, "PTP: conversatoin\n") == (
        "own.yaml: PTP: `conversatoin` is no outcome, expected one of conversation, answered, voicemail, no_answer, busy, "
        "not_connected, abandoned, delivered, undeliverable, unknown, no_contact; did you mean `conversation`?"
    )
    assert refused(tmp_path, "PTP: {outcome: busy, event: {type: cease}}\n").startswith(
        "own.yaml: PTP: no event is called `cease`"
    )
    assert refused(tmp_path, "PTP: {outcom: busy}\n").startswith("own.yaml: PTP: outcome: Field required")
    assert refused(tmp_path, "a: [\n") == "own.yaml: the table of dispositions is no YAML at line 2"
    assert refused(tmp_path, "- a\n") == "own.yaml: expected `codes:` with a line for each code"


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(FactsError, match=r"none\.yaml: the table of dispositions cannot be read: No such file"):
        load_dispositions("vicidial", tmp_path / "none.yaml")
