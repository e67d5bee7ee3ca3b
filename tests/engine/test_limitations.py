"""Whether a debt is time-barred: a stated day, whose law, which period, when it began, and what changes its end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import Phase, find, settings
from hypothesis import strategies as st
from limitation_worlds import limitations
from worlds import FIRST_DAY, communications, files

from fdcpa_guard.engine.limitations import TimeBar, extinguished, limitation_of, truth_of
from fdcpa_guard.facts import models
from fdcpa_guard.facts.bind import ConsumerFile, World
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.locations import Location
from fdcpa_guard.rulefile.limitation_reading import load_limitations, together
from fdcpa_guard.rulefile.limitations import NO_TABLES, LimitationTables
from fdcpa_guard.rulefile.model import Limitation
from fdcpa_guard.source import SourceFile

SIX_YEARS = """\
limitations_of: TX
checked_on: 2026-11-21
confidence: verified
runs_from: [defaulted_at, delinquent_since]
periods:
  - {id: judgment, cite: law, judgment: true, length: 10 years, runs_from: [judgment_at]}
  - {id: land, cite: law, kinds: [mortgage], length: 20 years}
  - {id: oral, cite: law, forms: [oral], length: 3 years}
  - {id: contract, cite: law, forms: [written, open_account, promissory_note], length: 6 years}
restarts:
  - {id: payment, cite: law, by: [payment], before_expiry: restarts, after_expiry: does_not}
  - {id: writing, cite: law, by: [written_acknowledgment], before_expiry: restarts, after_expiry: restarts}
  - {id: words, cite: law, by: [oral_acknowledgment], before_expiry: does_not, after_expiry: does_not}
"""
EXTINGUISHING = "extinguishes: {cite: law, says: the debt ends}\n"


@cache
def tables_of(*texts: str) -> LimitationTables:
    tables, errors = together(load_limitations(SourceFile(f"{index}.yaml", text)) for index, text in enumerate(texts))
    assert errors == []
    return tables


TEXAS = tables_of(SIX_YEARS)


def asked(
    tables: LimitationTables,
    on: str,
    debt: dict[str, Any] | None,
    *,
    state: str | None = "TX",
    zone: str | None = "America/Chicago",
    ask: Any = limitation_of,
    **parts: Any,
) -> TimeBar:
    """The answer at noon of a day; `parts` are those of a consumer's file."""
    file = ConsumerFile(debts=[models.Debt(id="d1", **debt)] if debt is not None else [], **parts)
    at = datetime.combine(date.fromisoformat(on), datetime.min.time(), UTC) + timedelta(hours=18)
    world = World(Location(state=state, city=None, zone=zone, because="it is said"))
    found = ask(tables, Entry(models.Communication(at=at), of_log=False), file.debt("d1") if debt is not None else None, file, world)
    assert isinstance(found, TimeBar)
    return found


def event(at: str, kind: str, **more: Any) -> models.Event:
    return models.Event.model_validate({"at": f"{at}T18:00:00Z", "type": kind, **more})


WRITTEN: dict[str, Any] = {"kind": "other", "contract_form": "written", "governing_law": "TX"}


class TestAStatedDay:
    """12 CFR 1006.26(a)(2): a debt is time-barred once the period has expired."""

    def test_is_the_last_on_which_the_debt_is_open(self) -> None:
        debt = {"limitations_ends": "2026-03-02"}
        assert asked(NO_TABLES, "2026-03-02", debt).barred is False
        assert asked(NO_TABLES, "2026-03-03", debt).barred is True

    def test_goes_before_every_table_and_needs_no_complete_log(self) -> None:
        debt = {**WRITTEN, "defaulted_at": "2001-01-02", "limitations_ends": "2030-01-02"}
        assert asked(TEXAS, "2026-03-03", debt, log_complete=False).barred is False

    def test_at_an_instant_that_is_two_days_of_the_calendar_needs_the_time_zone(self) -> None:
        found = asked(NO_TABLES, "2026-03-03", {"limitations_ends": "2026-03-02"}, zone=None)
        assert (found.barred, found.lacked) == (True, ())
        found = asked(NO_TABLES, "2026-03-02", {"limitations_ends": "2026-03-02"}, zone=None)
        assert (found.barred, found.lacked) == (None, ("consumer.time_zone",))


class TestWhoseLaw:
    def test_without_a_debt_nothing_is_known(self) -> None:
        assert asked(TEXAS, "2026-03-03", None).lacked == ("communication.debts",)

    def test_a_debt_that_is_barred_where_the_consumer_lives_is_barred(self) -> None:
        debt = {**WRITTEN, "governing_law": None, "defaulted_at": "2018-03-01"}
        assert asked(TEXAS, "2026-03-03", debt).barred is True

    def test_one_that_is_open_there_may_be_barred_by_the_law_that_governs(self) -> None:
        debt = {**WRITTEN, "governing_law": None, "defaulted_at": "2024-03-01"}
        found = asked(TEXAS, "2026-03-03", debt)
        assert (found.barred, found.lacked) == (None, ("debt.governing_law",))

    def test_it_is_open_where_it_is_under_the_law_of_every_state(self, whole_country: LimitationTables) -> None:
        debt = {**WRITTEN, "governing_law": None, "defaulted_at": "2024-03-01"}
        assert asked(whole_country, "2026-03-03", debt).barred is False
        older = {**debt, "defaulted_at": "2022-03-01"}
        assert asked(whole_country, "2026-03-03", older).lacked == ("debt.governing_law",)

    def test_the_law_that_governs_goes_before_that_of_the_place(self) -> None:
        debt = {**WRITTEN, "defaulted_at": "2018-03-01"}
        assert asked(TEXAS, "2026-03-03", debt, state="MT").barred is True
        assert asked(TEXAS, "2023-03-03", debt, state=None).barred is False

    def test_a_state_without_a_table_needs_the_day_itself(self) -> None:
        debt = {**WRITTEN, "governing_law": "GU", "defaulted_at": "1990-03-01"}
        assert asked(TEXAS, "2026-03-03", debt).lacked == ("debt.limitations_ends",)

    def test_without_a_place_or_a_governing_law_both_are_lacking(self) -> None:
        debt = {**WRITTEN, "governing_law": None, "defaulted_at": "1990-03-01"}
        assert asked(TEXAS, "2026-03-03", debt, state=None).lacked == ("debt.governing_law", "consumer.location")


@pytest.fixture(scope="module")
def whole_country() -> LimitationTables:
    """Three years for everything in one state, six in all the others."""
    from fdcpa_guard.rulefile.limitations import _COUNTRY

    three = SIX_YEARS.replace("length: 6 years", "length: 3 years")
    return tables_of(*((three if code == "DE" else SIX_YEARS).replace("_of: TX", f"_of: {code}") for code in sorted(_COUNTRY)))


class TestWhichPeriod:
    def test_without_a_form_the_answer_stands_where_every_form_of_the_kind_agrees(self) -> None:
        debt = {**WRITTEN, "kind": "credit_card", "contract_form": None, "defaulted_at": "2020-03-02"}
        assert asked(TEXAS, "2023-03-02", debt).barred is False
        assert asked(TEXAS, "2025-03-03", debt).lacked == ("debt.contract_form",)
        assert asked(TEXAS, "2026-03-03", debt).barred is True

    def test_without_a_kind_it_might_be_a_judgment(self) -> None:
        found = asked(TEXAS, "2026-03-03", {**WRITTEN, "kind": None, "defaulted_at": "2001-03-01"})
        assert (found.barred, found.lacked[0]) == (None, "debt.kind")

    @pytest.mark.parametrize(
        ("debt", "parts"),
        [
            ({"kind": "judgment", "judgment_at": "2016-03-02"}, {}),
            ({"kind": "credit_card", "judgment_at": "2016-03-02", "defaulted_at": "2010-03-02"}, {}),
            ({"kind": "credit_card", "defaulted_at": "2010-03-02"}, {"events": [event("2016-03-02", "judgment_entered")]}),
        ],
    )
    def test_a_judgment_has_the_period_of_judgments_from_its_own_day(self, debt: dict[str, Any], parts: dict[str, Any]) -> None:
        debt = {**debt, "governing_law": "TX"}
        assert asked(TEXAS, "2026-03-02", debt, **parts).barred is False
        assert asked(TEXAS, "2026-03-03", debt, **parts).barred is True

    def test_a_judgment_later_than_the_day_asked_for_is_none_yet(self) -> None:
        debt = {**WRITTEN, "defaulted_at": "2018-03-01", "judgment_at": "2026-04-01"}
        assert asked(TEXAS, "2026-03-03", debt).barred is True

    def test_a_debt_secured_on_land_has_no_other_period_than_that_of_mortgages(self) -> None:
        debt = {**WRITTEN, "secured_by_real_estate": True, "defaulted_at": "2010-03-01"}
        assert asked(TEXAS, "2026-03-03", debt).barred is False
        assert asked(TEXAS, "2030-03-04", debt).barred is True

    def test_a_form_that_the_table_leaves_out_is_unknown(self) -> None:
        debt = {**WRITTEN, "contract_form": "sealed", "defaulted_at": "1990-03-01"}
        assert asked(TEXAS, "2026-03-03", debt).barred is None

    def test_what_federal_law_sets_for_some_debts_of_a_kind_is_possible_beside_the_states(self) -> None:
        federal = """\
limitations_of: US
checked_on: 2026-11-21
confidence: recalled
runs_from: [defaulted_at]
periods:
  - {id: carriers, cite: law, kinds: [telecom], length: 2 years}
  - {id: loans, cite: law, kinds: [student], length: never}
"""
        tables = tables_of(SIX_YEARS, federal)
        telephone = {**WRITTEN, "kind": "telecom", "defaulted_at": "2020-03-02"}
        assert asked(tables, "2022-03-02", telephone).barred is False
        assert asked(tables, "2022-03-03", telephone).barred is None
        assert asked(tables, "2026-03-03", telephone).barred is True
        loan = {**WRITTEN, "kind": "student", "defaulted_at": "2020-03-02"}
        assert asked(tables, "2026-03-02", loan).barred is False
        assert asked(tables, "2050-03-03", loan).barred is None


class TestWhenItBegan:
    def test_any_of_the_days_of_the_table_will_do(self) -> None:
        assert asked(TEXAS, "2026-03-03", {**WRITTEN, "delinquent_since": "2020-03-02"}).barred is True

    def test_without_one_the_contract_and_the_charge_off_bound_it(self) -> None:
        debt = {**WRITTEN, "contract_at": "2019-03-04", "charged_off_at": "2021-03-01"}
        assert asked(TEXAS, "2025-03-04", debt).barred is False
        found = asked(TEXAS, "2025-03-05", debt)
        assert (found.barred, found.lacked) == (None, ("debt.defaulted_at",))
        assert asked(TEXAS, "2027-03-02", debt).barred is True

    def test_a_day_later_than_the_one_asked_for_says_nothing(self) -> None:
        assert asked(TEXAS, "2026-03-03", {**WRITTEN, "defaulted_at": "2026-03-04"}).lacked == ("debt.defaulted_at",)

    def test_a_last_day_that_is_no_business_day_is_open_to_the_next_one(self) -> None:
        """2026-03-01 is a Sunday."""
        debt = {**WRITTEN, "defaulted_at": "2020-03-01"}
        assert [asked(TEXAS, f"2026-03-0{day}", debt).barred for day in (1, 2, 3)] == [False, None, True]

    def test_six_years_from_a_leap_day_end_with_february(self) -> None:
        debt = {**WRITTEN, "defaulted_at": "2024-02-29"}
        assert [asked(TEXAS, day, debt).barred for day in ("2030-02-28", "2030-03-01")] == [False, True]


OLD = {**WRITTEN, "defaulted_at": "2018-03-01"}
"""The last day for a suit on it is 2024-03-01."""


class TestActs:
    def test_a_payment_while_the_period_runs_begins_it_anew(self) -> None:
        paid = [event("2021-03-01", "payment_made")]
        assert asked(TEXAS, "2027-03-01", OLD, events=paid).barred is False
        assert asked(TEXAS, "2027-03-02", OLD, events=paid).barred is True

    def test_so_does_the_last_payment_of_the_debt(self) -> None:
        debt = {**OLD, "last_payment_at": "2021-03-01"}
        assert asked(TEXAS, "2027-03-01", debt).barred is False

    def test_one_after_the_end_does_what_the_table_says(self) -> None:
        late = [event("2024-03-04", "payment_made")]
        assert asked(TEXAS, "2026-03-03", OLD, events=late).barred is True
        written = [event("2024-03-04", "debt_acknowledged", written=True)]
        assert asked(TEXAS, "2026-03-03", OLD, events=written).barred is False

    def test_a_last_payment_after_the_end_may_have_had_others_before_it(self) -> None:
        assert asked(TEXAS, "2026-03-03", {**OLD, "last_payment_at": "2024-03-04"}).barred is None

    def test_unless_an_event_is_that_payment(self) -> None:
        debt = {**OLD, "last_payment_at": "2024-03-04"}
        assert asked(TEXAS, "2026-03-03", debt, events=[event("2024-03-04", "payment_made")]).barred is True

    @pytest.mark.parametrize(("written", "barred"), [(True, False), (False, True), (None, None)])
    def test_a_promise_counts_by_whether_it_was_written(self, written: bool | None, barred: bool | None) -> None:
        promised = [event("2021-03-01", "payment_promised", written=written)]
        assert asked(TEXAS, "2026-03-03", OLD, events=promised).barred is barred

    def test_an_act_about_another_debt_does_nothing_and_one_about_some_debt_may(self) -> None:
        other = [event("2021-03-01", "payment_made", debts=["d2"])]
        assert asked(TEXAS, "2026-03-03", OLD, events=other).barred is True
        some = [event("2021-03-01", "payment_made", debts=[])]
        assert asked(TEXAS, "2026-03-03", OLD, events=some).barred is None

    def test_what_was_not_known_or_had_not_happened_does_nothing(self) -> None:
        later = [event("2021-03-01", "payment_made", known_at="2026-05-01T12:00:00Z"), event("2026-03-09", "payment_made")]
        assert asked(TEXAS, "2026-03-03", OLD, events=later).barred is True

    def test_where_the_table_is_silent_an_act_may_have_begun_it_anew(self) -> None:
        silent = tables_of(SIX_YEARS[: SIX_YEARS.index("restarts:")])
        paid = [event("2021-03-01", "payment_made")]
        assert asked(silent, "2024-03-01", OLD, events=paid).barred is False
        assert asked(silent, "2026-03-03", OLD, events=paid).barred is None
        assert asked(silent, "2027-03-02", OLD, events=paid).barred is True


class TestWhatStopsTheClock:
    OLD = OLD

    @pytest.mark.parametrize(
        ("debt", "parts"),
        [
            ({}, {"consumer": models.Consumer(servicemember=True)}),
            ({}, {"events": [event("2024-03-01", "bankruptcy_filed")]}),
            ({}, {"events": [event("2024-03-01", "lawsuit_filed")]}),
            ({"sued_at": "2024-03-01"}, {}),
        ],
    )
    def test_makes_barred_unknown_and_leaves_open_alone(self, debt: dict[str, Any], parts: dict[str, Any]) -> None:
        found = asked(TEXAS, "2026-03-03", {**OLD, **debt}, **parts)
        assert (found.barred, found.lacked) == (None, ("debt.limitations_ends",))
        assert asked(TEXAS, "2024-03-01", {**OLD, **debt}, **parts).barred is False

    @pytest.mark.parametrize(
        ("debt", "parts"),
        [
            ({}, {"consumer": models.Consumer(servicemember=False)}),
            ({}, {"events": [event("2024-03-04", "bankruptcy_filed")]}),
            ({"sued_at": "2024-03-04"}, {}),
        ],
    )
    def test_after_the_end_stops_nothing(self, debt: dict[str, Any], parts: dict[str, Any]) -> None:
        assert asked(TEXAS, "2026-03-03", {**OLD, **debt}, **parts).barred is True

    def test_minority_counts_where_the_table_names_it(self) -> None:
        minor = models.Consumer(minor=True)
        naming = tables_of(SIX_YEARS + "tolled_by: [{cite: law, by: minority}]\n")
        assert asked(TEXAS, "2026-03-03", OLD, consumer=minor).barred is True
        assert asked(naming, "2026-03-03", OLD, consumer=minor).barred is None
        assert asked(naming, "2026-03-03", OLD).barred is True

    def test_a_log_with_gaps_may_lack_what_began_it_anew(self) -> None:
        assert asked(TEXAS, "2026-03-03", OLD, log_complete=False).lacked == ("log_complete",)


class TestTheEndOfTheDebtItself:
    def test_comes_with_the_end_of_the_period_where_the_law_says_so(self) -> None:
        tables = tables_of(SIX_YEARS + EXTINGUISHING)
        debt = {**WRITTEN, "defaulted_at": "2018-03-01"}
        assert asked(tables, "2026-03-03", debt, ask=extinguished).barred is True
        assert asked(tables, "2024-03-01", debt, ask=extinguished).barred is False
        assert asked(TEXAS, "2026-03-03", debt, ask=extinguished).barred is False

    def test_is_unknown_where_another_law_may_govern(self) -> None:
        debt = {**WRITTEN, "governing_law": None, "defaulted_at": "2018-03-01"}
        assert asked(TEXAS, "2026-03-03", debt, ask=extinguished).lacked == ("debt.governing_law",)
        tables = tables_of(SIX_YEARS + EXTINGUISHING)
        assert asked(tables, "2026-03-03", debt, ask=extinguished).barred is True


_SEEK = settings(max_examples=5000, derandomize=True, database=None, phases=[Phase.generate], deadline=None)


@pytest.mark.parametrize("answer", [True, False, None])
def test_answers_of_every_sort_are_drawn(answer: bool | None) -> None:
    """By the strategies from which the worlds of the other tests come."""

    def gives(drawn: tuple[Limitation, dict[str, Any], models.Communication]) -> bool:
        block, parts, said = drawn
        file = ConsumerFile(**parts)
        entry = Entry(said, of_log=False)
        asked = ((debt, place) for debt in file.debts.values() for place in file.worlds(None))
        return any(truth_of(block.tables, False, entry, debt, file, place) is answer for debt, place in asked)

    find(st.tuples(limitations("is_too_late", FIRST_DAY), files(), communications(of_log=False)), gives, settings=_SEEK)


LATEST_OF = """\
limitations_of: ME
checked_on: 2026-11-21
confidence: verified
runs_from: [defaulted_at]
periods:
  - {id: judgment, cite: law, judgment: true, length: 20 years, runs_from: [judgment_at]}
  - {id: contract, cite: law, length: 6 years, runs_from_latest_of: [defaulted_at, last_payment_at]}
restarts:
  - {id: payment, cite: law, by: [payment], before_expiry: restarts, after_expiry: does_not}
"""


class TestDaysThatClash:
    """Of two days that cannot both be right, or of one that may be about another debt, nothing is taken for granted."""

    def test_a_last_payment_long_after_the_end_is_no_start(self) -> None:
        tables, debt = tables_of(LATEST_OF), {**WRITTEN, "governing_law": "ME", "defaulted_at": "2010-01-05"}
        assert asked(tables, "2026-03-03", debt, state="ME").barred is True
        paid = {**debt, "last_payment_at": "2024-01-05"}
        assert asked(tables, "2026-03-03", paid, state="ME").barred is None
        events = [event("2024-01-05", "payment_made")]
        assert asked(tables, "2026-03-03", paid, state="ME", events=events).barred is True

    def test_one_within_the_period_is(self) -> None:
        tables, debt = tables_of(LATEST_OF), {**WRITTEN, "governing_law": "ME", "defaulted_at": "2015-01-05"}
        assert asked(tables, "2026-03-03", {**debt, "last_payment_at": "2020-06-05"}, state="ME").barred is False

    def test_a_default_after_the_charge_off_leaves_it_open(self) -> None:
        debt = {**WRITTEN, "defaulted_at": "2024-01-05"}
        assert asked(TEXAS, "2026-03-03", debt).barred is False
        assert asked(TEXAS, "2026-03-03", {**debt, "charged_off_at": "2015-01-05"}).barred is None

    def test_a_default_before_the_contract_leaves_it_open(self) -> None:
        debt = {**WRITTEN, "defaulted_at": "2015-01-05"}
        assert asked(TEXAS, "2026-03-03", debt).barred is True
        assert asked(TEXAS, "2026-03-03", {**debt, "contract_at": "2024-01-05"}).barred is None

    def test_so_does_a_charge_off_before_the_contract(self) -> None:
        debt = {**WRITTEN, "contract_at": "2024-01-05", "charged_off_at": "2015-01-05"}
        assert asked(TEXAS, "2026-03-03", debt).barred is None

    def test_a_judgment_that_may_be_on_the_debt_may_be(self) -> None:
        """The ten years of a judgment would be long over; the six of the contract run."""
        debt = {**WRITTEN, "defaulted_at": "2025-01-05"}
        for debts, barred in ([], None), (["d2"], False):
            events = [event("1990-03-01", "judgment_entered", debts=debts)]
            assert asked(TEXAS, "2026-03-03", debt, events=events).barred is barred
