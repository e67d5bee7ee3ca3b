"""The review sheet of a jurisdiction's limitation periods, as Markdown: made from the file alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from fdcpa_guard.review.speaking import days
from fdcpa_guard.review.wording import in_order_of, jurisdiction_name, listed
from fdcpa_guard.rulefile.limitations import DatedLength, LimitationTable, Period, Restart
from fdcpa_guard.rulefile.model import Confidence
from fdcpa_guard.values import format_day
from fdcpa_guard.vocabulary import load_vocabulary

_DATED_BY: Final = {
    "suit": "by the day of the suit",
    "accrual": "by the day on which the claim accrued",
    "contract_at": "by the day of the contract",
    "judgment_at": "by the day of the judgment",
}
_EFFECTS: Final = {
    "restarts": "begins the period anew",
    "does_not": "changes nothing",
    "open": "may or may not begin it anew: the law leaves it open",
}
_ACTS: Final = {
    "payment": "a payment",
    "written_acknowledgment": "a signed writing",
    "oral_acknowledgment": "word of mouth",
}
_TOLLING: Final = {
    "minority": "the consumer is a minor",
    "crime_victim_claim": "notice was had of a crime victim's claim for compensation",
    "creditors_demand": "the creditor made a demand, which a file never shows to be missing",
}


def name_of_sheet(jurisdiction: str) -> str:
    """`limitations-tx`: by what name the sheet is asked for, and its page is called."""
    return f"limitations-{jurisdiction.lower()}"


def sheet_of_limitations(table: LimitationTable) -> str:
    """What a compliance officer goes through with a lawyer: periods in their order, and what changes their end."""
    sections = [
        [f"# Time for suing on debts: {jurisdiction_name(table.jurisdiction)}"],
        list(_head(table)),
        ["## Periods", "", "A debt has the first that fits it.", "", *(line for each in table.periods for line in _period(table, each))],
        list(_restarts(table)),
        list(_ends(table)),
    ]
    return "\n\n".join("\n".join(lines).strip() for lines in sections if lines) + "\n"


def _head(table: LimitationTable) -> Iterator[str]:
    yield f"Compared with the law on {format_day(table.checked_on)}; {_sure(table.confidence)}."
    if table.notes:
        yield ""
        yield table.notes


def _sure(confidence: Confidence) -> str:
    return "recalled: the text was not in hand" if confidence is Confidence.RECALLED else "verified against its text"


def _period(table: LimitationTable, period: Period) -> Iterator[str]:
    sure = "" if period.confidence is table.confidence else f", {period.confidence.value}"
    yield f"- **{period.id.replace('-', ' ')}** ({period.cite}{sure}): {_of(period)}. {_lasts(period)} {_begins(period)}".rstrip()
    for said in (period.says, period.notes):
        if said:
            yield f"  {said}"
    if period.renewable:
        yield "  Whether it was given another term a file does not show: it is never surely over."


def _of(period: Period) -> str:
    sets = load_vocabulary().sets
    if period.judgment:
        return "judgments"
    kinds = _words(period.kinds, sets["debt_kind"])
    forms = _words(period.forms, sets["contract_form"])
    said = [f"debts of the kind {kinds}" if kinds else "debts"]
    if forms:
        said.append(f"in the form {forms}")
    if period.signed is not None:
        said.append("that the consumer signed" if period.signed else "that the consumer did not sign")
    if period.consumer_credit is not None:
        said.append(f"that are {'' if period.consumer_credit else 'no '}consumer credit transactions")
    collectors = _words(period.collectors, sets["collector_kind"])
    if collectors:
        said.append(f"against a {collectors}")
    return " ".join(said)


def _words(names: frozenset[str] | None, order: Iterable[str]) -> str:
    return "" if names is None else listed((name.replace("_", " ") for name in in_order_of(names, tuple(order))), "or")


def _lasts(period: Period) -> str:
    if period.dated_by is None:
        return f"{_length(period.lengths[0])}."
    each = "; ".join(f"{_length(dated)} {days(dated.in_force.start, dated.in_force.end)}" for dated in period.lengths)
    return f"{each}; {_DATED_BY[period.dated_by]}."


def _length(dated: DatedLength) -> str:
    each = ["without end" if length is None else str(length) for length in dated.any_of]
    return each[0] if len(each) == 1 else f"{listed(each, 'or')} (the law leaves open which)"


def _begins(period: Period) -> str:
    facts = load_vocabulary().facts
    phrases = [facts[f"debt.{name}"].phrase for name in period.runs_from]
    begins = f"the latest of {listed(phrases)}" if period.latest else listed(phrases, "or")
    return f"From {begins}." if period.begins_after is None else f"From {period.begins_after} after {begins}."


def _restarts(table: LimitationTable) -> Iterator[str]:
    yield "## Payments and acknowledgments"
    yield ""
    yield "Of an act the first that fits counts. What none speaks of may or may not begin a period anew."
    if table.restarts:
        yield ""
    for restart in table.restarts:
        yield from _restart(table, restart)


def _restart(table: LimitationTable, restart: Restart) -> Iterator[str]:
    acts = listed((_ACTS[name] for name in _ACTS if name in restart.by), "or")
    of = "" if restart.periods is None else f", of {listed(sorted(name.replace('-', ' ') for name in restart.periods), 'or')}"
    bought = "" if restart.bought is None else f", where the debt was {'' if restart.bought else 'not '}bought"
    span = restart.in_force
    when = "" if span.start is None and span.end is None else f", {days(span.start, span.end)}"
    sure = "" if restart.confidence is table.confidence else f", {restart.confidence.value}"
    head = f"- **{restart.id.replace('-', ' ')}** ({restart.cite}{sure}): {acts}{of}{bought}{when}"
    before, after = _EFFECTS[restart.before_expiry], _EFFECTS[restart.after_expiry]
    yield f"{head}. While the period runs it {before}; when it is over it {after}."
    if restart.says:
        yield f"  {restart.says}"


def _ends(table: LimitationTable) -> Iterator[str]:
    if table.tolled_by:
        yield "## What stops the clock"
        yield ""
        yield from (f"- {_TOLLING[each.by]} ({each.cite})" for each in table.tolled_by)
    if table.extinguishes is not None:
        if table.tolled_by:
            yield ""
        yield "## The end of the debt"
        yield ""
        yield f"{table.extinguishes.says} ({table.extinguishes.cite})"
