"""What is worth a second look in files of limitation periods: their age, their cases, and periods that no debt has."""

from __future__ import annotations

from collections.abc import Iterator

from fdcpa_guard.errors import RuleError, RuleErrors, RuleWarning
from fdcpa_guard.rulefile.documents import LIMITATION_CASES_FILE
from fdcpa_guard.rulefile.limitation_cases_file import load_limitation_cases
from fdcpa_guard.rulefile.limitations import LimitationTable, Period
from fdcpa_guard.ruleset.rulebook import Rulebook
from fdcpa_guard.vocabulary import load_vocabulary


def check_limitations(rulebook: Rulebook, today: int | None, review_days: int) -> Iterator[RuleError]:
    """`RuleWarning`s for the most part; `today` is the ordinal day on which the age of reviews is judged, if it is."""
    for table in rulebook.limitations.by_jurisdiction.values():
        yield from _cases(table, rulebook)
        yield from _periods_that_no_debt_has(table)
        if today is not None and today - table.checked_on > review_days:
            age = today - table.checked_on
            yield RuleWarning(f"last compared with the law {age} days ago; expected at most {review_days}", table.span)


def _cases(table: LimitationTable, rulebook: Rulebook) -> Iterator[RuleError]:
    path = rulebook.limitation_paths.get(table.jurisdiction)
    if path is None:
        return
    beside = path.with_name(LIMITATION_CASES_FILE)
    if not beside.is_file():
        yield RuleWarning(f"the limitation periods have no cases; expected them in {beside.name} beside them", table.span)
        return
    try:
        cases = load_limitation_cases(beside)
    except RuleErrors as error:
        yield from error.errors
        return
    if cases.jurisdiction != table.jurisdiction:
        message = f"these are cases of `{cases.jurisdiction}`; the periods beside them are of `{table.jurisdiction}`"
        yield RuleWarning(message, cases.span)


def _periods_that_no_debt_has(table: LimitationTable) -> Iterator[RuleWarning]:
    """A debt has the first period that fits it; one that stands behind others which fit all of its debts has none."""
    sets = load_vocabulary().sets
    taken: set[tuple[bool, str, str]] = set()
    for period in table.periods:
        own = {
            (period.judgment, kind, form)
            for kind in period.kinds or sets["debt_kind"]
            for form in period.forms or sets["contract_form"]
        }
        if own <= taken:
            yield RuleWarning(f"no debt has the period `{period.id}`: others before it fit all of its debts", period.span)
        if _asks_nothing_else(period):
            taken |= own


def _asks_nothing_else(period: Period) -> bool:
    return period.signed is None and period.consumer_credit is None and period.collectors is None
