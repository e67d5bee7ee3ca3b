"""The sheet of a jurisdiction's limitation periods, in English, and where it is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fdcpa_guard.review.catalogue import index_of, write_catalogue
from fdcpa_guard.review.limitation_sheet import sheet_of_limitations
from fdcpa_guard.rulefile.limitation_reading import load_limitations
from fdcpa_guard.rulefile.limitations import LimitationTables
from fdcpa_guard.ruleset.rulebook import Rulebook, shipped_rules
from fdcpa_guard.source import SourceFile

GOLDEN = Path(__file__).parent.parent / "golden" / "limitations"
EVERYTHING = """\
limitations_of: SC
checked_on: 2026-11-21
confidence: verified
notes: A note.
runs_from: [defaulted_at, delinquent_since]
periods:
  - {id: judgment, cite: § 1, confidence: recalled, judgment: true, length: 10 years, runs_from: [judgment_at], renewable: true}
  - id: account
    cite: § 2
    says: What it says.
    kinds: [credit_card, medical]
    forms: [open_account]
    signed: false
    consumer_credit: true
    collectors: [debt_buyer]
    lengths:
      - {length: [3 years, never], until: 2021-06-15}
      - {length: 18 months, from: 2021-06-16}
    dated_by: contract_at
    runs_from_latest_of: [last_charge_at, last_payment_at]
    begins_after: 30 calendar days
  - {id: contract, cite: § 3, signed: true, consumer_credit: false, length: 6 years}
restarts:
  - id: bought
    cite: § 4
    confidence: recalled
    says: Nothing revives.
    by: [payment, oral_acknowledgment]
    periods: [contract, account]
    bought: true
    before_expiry: open
    after_expiry: does_not
    from: 2019-09-01
  - {id: writing, cite: § 5, by: [written_acknowledgment], bought: false, before_expiry: restarts, after_expiry: does_not}
tolled_by:
  - {cite: § 6, by: minority}
  - {cite: § 7, by: crime_victim_claim}
  - {cite: § 8, by: creditors_demand}
extinguishes: {cite: § 9, says: The debt ends.}
"""


@pytest.mark.parametrize("code", ["ny", "ms"])
def test_the_sheet_of_a_state(code: str, golden: Callable[[Path, str], None]) -> None:
    table = load_limitations(shipped_rules() / "states" / code / "limitations.yaml")
    golden(GOLDEN / f"{code}.md", sheet_of_limitations(table))


def test_a_sheet_says_all_that_a_file_may_say(golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / "everything.md", sheet_of_limitations(load_limitations(SourceFile("sc.yaml", EVERYTHING))))


def test_the_catalogue_has_a_page_of_each_jurisdiction(tmp_path: Path) -> None:
    table = load_limitations(SourceFile("sc.yaml", EVERYTHING))
    rulebook = Rulebook((), "", limitations=LimitationTables({"SC": table}))
    assert "- [South Carolina](limitations-sc.md)" in index_of(rulebook)
    pages = write_catalogue(rulebook, tmp_path)
    assert (tmp_path / "limitations-sc.md") in pages
    assert (tmp_path / "limitations-sc.md").read_text(encoding="utf-8") == sheet_of_limitations(table)
