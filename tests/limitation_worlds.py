"""Hypothesis strategies of limitation periods, and of the facts of debts that they read."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st
from strategies import NOWHERE

from fdcpa_guard.rulefile.limitation_shapes import ACTS, EFFECTS, TOLLING
from fdcpa_guard.rulefile.limitations import (
    DatedLength,
    Extinguishes,
    LimitationTable,
    LimitationTables,
    Period,
    Restart,
    Tolling,
)
from fdcpa_guard.rulefile.model import Confidence, InForce, Limitation
from fdcpa_guard.values import Duration, Unit

_KINDS = ("medical", "student", "judgment", "mortgage")
_FORMS = ("written", "oral", "open_account", "promissory_note", "sealed", "sale_of_goods")
_RUNS_FROM = ("defaulted_at", "delinquent_since", "last_payment_at", "last_charge_at", "judgment_at")
_DAYS = (*_RUNS_FROM, "contract_at", "incurred_at", "charged_off_at")
_TRUTHS = st.none() | st.booleans()


def _some(values: tuple[str, ...], most: int = 3) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), min_size=1, max_size=most)


def _lengths() -> st.SearchStrategy[tuple[Duration | None, ...]]:
    span = st.builds(Duration, st.integers(1, 30), st.just(Unit.MONTHS)) | st.builds(
        Duration, st.integers(1, 3), st.just(Unit.YEARS)
    )
    return st.lists(st.none() | span | span | span, min_size=1, max_size=2, unique=True).map(tuple)


@st.composite
def _periods(draw: st.DrawFn, changes_on: int) -> Period:
    dated_by = draw(st.sampled_from([None, None, "suit", "accrual", "contract_at", "judgment_at"]))
    spans = [InForce(None, None)] if dated_by is None else [InForce(None, changes_on - 1), InForce(changes_on, None)]
    return Period(
        id=draw(st.sampled_from(["one", "two", "three"])),
        cite="law",
        says="",
        confidence=Confidence.VERIFIED,
        judgment=draw(st.sampled_from([False, False, False, True])),
        kinds=draw(st.none() | _some(_KINDS)),
        forms=draw(st.none() | _some(_FORMS, 5)),
        signed=draw(st.none() | _TRUTHS),
        consumer_credit=draw(st.none() | _TRUTHS),
        collectors=draw(st.none() | st.none() | st.just(frozenset({"third_party_collector"}))),
        lengths=tuple(DatedLength(draw(_lengths()), span, NOWHERE) for span in spans),
        dated_by=dated_by,
        runs_from=draw(st.lists(st.sampled_from(_RUNS_FROM), min_size=1, max_size=2, unique=True).map(tuple)),
        latest=draw(st.booleans()),
        begins_after=draw(st.sampled_from([None, None, Duration(30, Unit.CALENDAR_DAYS)])),
        renewable=draw(st.sampled_from([False, False, True])),
        notes="",
        span=NOWHERE,
    )


def _restarts() -> st.SearchStrategy[Restart]:
    effect = st.sampled_from(EFFECTS)
    return st.builds(
        Restart, st.just("act"), st.just("law"), st.just(""), st.just(Confidence.VERIFIED), _some(ACTS),
        st.none() | _some(("one", "two")), st.none() | _TRUTHS, effect, effect, st.just(InForce(None, None)), st.just(NOWHERE),
    )  # fmt: skip


@st.composite
def _tables(draw: st.DrawFn, jurisdiction: str, near: date) -> LimitationTable:
    changes_on = near.toordinal() - draw(st.integers(-5, 400))
    return LimitationTable(
        jurisdiction=jurisdiction,
        checked_on=changes_on,
        confidence=Confidence.VERIFIED,
        notes="",
        periods=tuple(draw(st.lists(_periods(changes_on), min_size=1, max_size=3))),
        restarts=tuple(draw(st.lists(_restarts(), max_size=2))),
        tolled_by=tuple(Tolling("law", by) for by in draw(st.lists(st.sampled_from(TOLLING), max_size=1))),
        extinguishes=draw(st.none() | st.just(Extinguishes("law", "it ends"))),
        path="limitations.yaml",
        span=NOWHERE,
    )


@st.composite
def limitations(draw: st.DrawFn, name: str, near: date) -> Limitation:
    """A block with tables of some of the states in which drawn consumers are, their numbers about a day."""
    of = draw(st.sampled_from([("TX", "NY", "FL"), ("TX", "NY", "US"), ("TX",), ()]))
    tables = LimitationTables({code: draw(_tables(code, near)) for code in of})
    return Limitation(name, "law", draw(st.sampled_from([False, False, True])), tables, NOWHERE)


def account_facts(near: date) -> st.SearchStrategy[dict[str, object]]:
    """Fields of a debt that limitation periods read, its days up to four years before a day or shortly after it."""
    days = st.integers(-20, 1200).map(lambda ago: near - timedelta(days=ago))
    facts: dict[str, st.SearchStrategy[object]] = {name: st.none() | days | days for name in _DAYS}
    facts["limitations_ends"] = st.sampled_from([None, None, None, near, near + timedelta(days=5)])
    facts["sued_at"] = st.sampled_from([None, None, None, near - timedelta(days=200)])
    facts["contract_form"] = st.none() | st.sampled_from(_FORMS)
    facts["contract_signed"] = _TRUTHS
    facts["consumer_credit_transaction"] = _TRUTHS
    facts["governing_law"] = st.sampled_from([None, None, "TX", "FL"])
    facts["creditor_type"] = st.sampled_from([None, "original_creditor", "assignee"])
    return st.fixed_dictionaries(facts)
