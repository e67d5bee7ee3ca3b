"""Numbers and email addresses are the same however they are written, for what was refused and for what is on file."""

from __future__ import annotations

import pytest

from fdcpa_guard.engine.relations import names_medium
from fdcpa_guard.engine.verdicts import called_number
from fdcpa_guard.facts import models
from fdcpa_guard.facts.addresses import one_address
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.events import EventOf


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("+14065550100", "+14065550100"),
        ("(406) 555-0100", "+14065550100"),
        ("406-555-0100", "+14065550100"),
        ("4065550100", "+14065550100"),
        ("1 406 555 0100", "+14065550100"),
        ("+1 (406) 555-0100", "+14065550100"),
        ("tel:+14065550100", "+14065550100"),
        (" +44 20 7946 0000 ", "+442079460000"),
        ("Pat@Example.com ", "pat@example.com"),
        ("@pat", "@pat"),
        ("@Pat", "@Pat"),
        ("12 Main St, Helena", "12 Main St, Helena"),
        ("59601", "59601"),
    ],
)
def test_one_way_of_writing(written: str, expected: str) -> None:
    assert one_address(written) == expected
    assert one_address(expected) == expected


def _call(address: str) -> Entry:
    said = {"at": "2026-11-04T12:00:00-07:00", "channel": "call", "address": address}
    return Entry(models.Communication.model_validate(said), of_log=False)


@pytest.mark.parametrize(("refused", "used"), [("(406) 555-0100", "+14065550100"), ("+14065550100", "406-555-0100")])
def test_a_refused_number_is_refused_however_it_is_written(refused: str, used: str) -> None:
    said = {"at": "2026-10-01T12:00:00-06:00", "type": "medium_refused", "address": refused}
    event = EventOf(models.Event.model_validate(said), "events[0]")
    assert names_medium(event, _call(used)) is True


def test_a_number_called_points_to_its_place_however_it_is_written() -> None:
    """Comment 6(b)(1)(i)-2"""
    assert called_number(_call("212-555-0100")) == "+12125550100"


def test_the_file_knows_the_place_and_the_line_of_a_number_however_it_is_written() -> None:
    phone = {"number": "(406) 555-0100", "line": "landline", "place": "work"}
    email = {"address": "Pat@Example.com", "place": "work"}
    file = ConsumerFile(consumer=models.Consumer.model_validate({"phones": [phone], "emails": [email]}))
    assert (file.line_of(_call("406.555.0100")), file.place_of(_call("4065550100"))) == ("landline", "work")
    assert file.place_of(_call("pat@example.com")) == "work"
