"""Every fact of the vocabulary, every operator, block, window and unit is met: by the evaluators and by what is drawn."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest
import strategies
import worlds
from hypothesis import Phase, given, settings
from worlds import VOCABULARY

from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.engine.decision import Verdict
from fdcpa_guard.facts import models
from fdcpa_guard.facts.access import EXPRESSIONS
from fdcpa_guard.facts.actions import judged
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.lang.core import Scope
from fdcpa_guard.lang.operators import OPERATORS
from fdcpa_guard.rulefile.model import (
    ACTIONS,
    CalendarUnit,
    Count,
    Deadline,
    Limitation,
    MomentOf,
    Rule,
    Same,
    Standing,
    Waiting,
    Window,
    WindowKind,
)
from fdcpa_guard.rulefile.walk import selections_of
from fdcpa_guard.ruleset.rulebook import load_rulebook
from fdcpa_guard.values import Duration, Unit

_RULE = """\
rule: us-{id}
title: "{fact} is known"
jurisdiction: US
law: [{{cite: "1 Test 1", says: it is asked whether a fact is known}}]
in_force: {{from: null}}
checked_on: 2026-01-01
confidence: verified
binds: [third_party_collector]
reaches: {reaches}
effect: prohibits
{blocks}violated_when: {condition}
when_unknown: review
"""
_ENTRY = 'latest:\n  last: {cite: "1 Test 1", entries: any}\n'
_EVENT = 'latest:\n  last: {cite: "1 Test 1", events: [consent_given]}\n'
FACTS = sorted(VOCABULARY.facts)

KNOWN_UNSAID = {
    "action.at", "action.day", "action.type",
    "collector.kind", "consumer.time_zone_stated", "consumer.work_email_on_file", "event.at", "event.day",
    "event.given_to_collector", "event.validation_period_ends", "event.answered", "event.came_back", "event.has_hours", "event.known_at", "event.type",
    *(
        f"{subject}.{field}"
        for subject in ("communication", "entry")
        for field in ("at", "day", "weekday", "local_time", "eastern_time", "direction", "purpose", "inconvenient_since", "validation_period_ends")
    ),
}  # fmt: skip
"""What the empty world says after all, what the model takes as said, and what follows from an instant and a zone."""


def _rule_of(fact: str) -> str:
    subject, _, field = fact.partition(".")
    blocks = {"entry": _ENTRY, "event": _EVENT}.get(subject, "")
    condition = f"last.{field} is known" if blocks else f"{fact} is known"
    reaches = sorted(ACTIONS) if subject == "action" else "any"
    return _RULE.format(reaches=reaches, id=fact.replace(".", "-").replace("_", "-"), fact=fact, blocks=blocks, condition=condition)


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Guard:
    """One rule for each fact, that is violated where the fact is known."""
    folder = tmp_path_factory.mktemp("rules")
    for fact in FACTS:
        (folder / f"{fact.replace('.', '_')}.yaml").write_text(_rule_of(fact), encoding="utf-8")
    return Guard(load_rulebook([Path(folder)]))


_ITEMIZED = {"interest": "0.00", "fees": "0.00", "payments": "0.00", "credits": "0.00"}


def _communication(name: str, at: str) -> models.Communication:
    return models.Communication.model_validate(
        {
            "id": name, "at": at, "known_at": at, "channel": "call", "direction": "inbound",
            "person": {"role": "consumer", "id": "p1", "relation": "self", "household": True},
            "address": "+15125550100", "place": "personal", "debts": ["d1"], "outcome": "conversation", "dialing": "manual",
            "purpose": "collection", "content": "hello", "true_claims": [], "lawful_threats": [], "intended_threats": [],
            "formal_pleading": False, "disclosure_languages": ["en"], "business_name": "Northstar", "alias": "J. Doe", "employer_asked": False,
            "discloses": ["opt_out_notice"], "enclosures": ["itemization"],
            "stated": {**_ITEMIZED, "creditor": "Acme Bank", "current_creditor": "Acme Bank", "account_suffix": "1234",
                       "itemization_date": "2026-01-05", "itemization_kind": "charge_off",
                       "amount_on_itemization_date": "1.00", "current_amount": "1.00"},
            "asserts": [], "subject": "s", "envelope": "e", "language": "en", "template": "t",
            "agent": "a1", "profile_name": "J. Doe", "public": False, "sender": "+15125550111", "charges_recipient": False,
            "purpose_concealed": False, "recorded": False, "recording_consent": True, "mail_class": "first", "consent_request": False,
            "message_possible": True, "limited_content": False, "consumer_at": "home", "legally_required": False,
            "remedy_necessary": False, "earlier_answer_deficient": False,
            "period_ends": "2026-04-01", "undisputed_portion_only": False,
            "emergency": False, "one_way": False, "writing_required": False, "opt_out_offered_after_seconds": 2,
            "caller_id": {"number": "+15125550111"},
            "time_of_the_essence": False, "envelope_shows": ["postage"],
        }
    )  # fmt: skip


def filled() -> tuple[ConsumerFile, models.Communication]:
    """A world in which every fact of a communication is known."""
    day = date(2026, 1, 5)
    file = ConsumerFile(
        collector=models.Collector(kind="third_party_collector", licences={"TX": "1"}, attorney_in_own_name=False, names=("Northstar",), aliases={"J. Doe": "a1"}, numbers=("+15125550111",)),
        consumer=models.Consumer.model_validate(
            {
                "addresses": [{"state": "TX", "zip": "78701"}], "minor": False, "servicemember": False, "language": "en",
                "service_began_at": "2026-01-05", "service_ended_at": "2026-01-05",
                "phones": [
                    {"number": "+15125550100", "line": "mobile", "place": "personal", "basis": "consumer_used",
                     "basis_at": "2026-01-05", "checked_at": "2026-01-05", "given_for": ["d1"]},
                ],
                "emails": [
                    {"address": "+15125550100", "place": "personal", "basis": "creditor_notice", "basis_at": "2026-01-05",
                     "opt_out_ends": "2026-02-09", "domain_public": True, "creditor_use": "account",
                     "creditor_told_to_stop": False, "notice_discloses": ["opt_out_date"], "opt_out_to": "creditor"},
                ],
                "deceased_at": "2030-01-01", "working_hours": {"from": "09:00", "to": "17:00"},
            }
        ),
        debts=[
            models.Debt.model_validate(
                {
                    "id": "d1", "kind": "medical", "status": "open", "amount": "1.00", "total_with_lender": "2.00",
                    "contract_form": "written", "contract_signed": True, "governing_law": "TX",
                    "creditor": "Acme Bank", "account_suffix": "1234", "periodic_statement_required": False, "has_account_number": True,
                    "itemization": {**_ITEMIZED, "date": day, "kind": "charge_off", "amount": "1.00"},
                    "veteran_medical": False, "annual_rate_basis_points": 600, "military_lending": False,
                    "military_annual_rate_basis_points": 3600,
                    "licence_type": "bank", "creditor_type": "assignee", "last_statement_by": "creditor", "secured_by_real_estate": False,
                    "consumer_credit_transaction": True, "direct_motor_vehicle_loan": False, "payment_plan_offered": True,
                    **{name: day for name, field in models.Debt.model_fields.items() if "date" in str(field.annotation)},
                }
            )
        ],
        events=[
            models.Event.model_validate({"at": "2026-01-20T12:00:00Z", "type": "validation_notice_sent", "medium": "letter"}),
            models.Event.model_validate({"at": "2026-02-10T12:00:00Z", "type": "address_undeliverable"}),
            models.Event.model_validate(
                {
                    "at": "2026-02-02T12:00:00Z", "type": "consent_given", "ends": "2027-01-01T00:00:00Z", "written": True,
                    "attorney": "A. Counsel", "contact_known": True, "channel": "call", "address": "+15125550100",
                    "place": "work", "to": ["call"], "given_in": "h1", "given_lawfully": True, "given_to": "collector",
                    "received_at": "2026-02-02T12:00:00Z", "amount": "1.00", "notice": "n", "complete": True, "duplicative": False, "period_ends": "2026-04-01", "language": "en",
                    "mail_class": "first", "medium": "letter", "medium_accepted": True, "chapter": "chapter_7", "negative": True, "agency_kind": "nationwide", "by_designated_means": True, "scope_stated": False, "esign": ["scope"], "jurisdiction": "TX",
                    "hours": {"from": "09:00"}, "person": {"role": "consumer", "id": "p1"}, "debts": ["d1"],
                }
            )
        ],
        history=[_communication("h1", "2026-02-02T12:00:00Z")],
    )  # fmt: skip
    return file, _communication("c1", "2026-02-10T12:00:00Z")


def empty() -> tuple[ConsumerFile, models.Communication]:
    """A world in which nothing is said but the collector, a zone, and that there was an entry and an event."""
    file = ConsumerFile(
        collector=models.Collector(kind="third_party_collector"),
        consumer=models.Consumer(time_zones=("America/Chicago",)),
        events=[models.Event.model_validate({"at": "2026-02-02T12:00:00Z", "type": "consent_given"})],
        history=[models.Communication.model_validate({"at": "2026-02-02T12:00:00Z", "person": {}})],
    )
    return file, models.Communication.model_validate({"at": "2026-02-10T12:00:00Z"})


_ACTION = models.Action.model_validate(
    {
        "id": "a1", "at": "2026-02-10T12:00:00Z", "type": "sell_debt", "debts": ["d1"], "transferee": "buyer",
        "agency_kind": "nationwide", "reported_status": "open",
        "record": "other", "disposition": "kept",
        **{name: "2026-01-05" for name, field in models.Action.model_fields.items() if "datetime.date |" in str(field.annotation)},
        **{name: "1.00" for name, field in models.Action.model_fields.items() if "Decimal" in str(field.annotation)},
        **{name: "x" for name, field in models.Action.model_fields.items() if field.annotation == (str | None) and name != "id"},
        **{name: False for name, field in models.Action.model_fields.items() if field.annotation == (bool | None)},
    }
)  # fmt: skip
_EMPTY_ACTION = models.Action.model_validate({"at": "2026-02-10T12:00:00Z", "type": "sell_debt"})


def answers(
    guard: Guard, file: ConsumerFile, *proposed: models.Communication | models.Action
) -> dict[str, tuple[Verdict, bool]]:
    """By the rule of a fact: what the definition says, and whether the compiled rules flag it."""
    found: dict[str, tuple[Verdict, bool]] = {}
    for said in proposed:
        entry = judged(said)
        flags = guard._screened(entry, file, file.prior(entry))
        assert flags is not None
        flagged = {flag.rule.id for flag in flags if flag.verdict is Verdict.VIOLATED}
        for rule in guard.rules:
            if rule.title.startswith("action.") is isinstance(said, models.Action):
                verdict = guard.judge(rule, entry, file).verdict
                found[rule.title.removesuffix(" is known")] = verdict, rule.id in flagged
    return found


@cache
def _of(guard: Guard, which: str) -> dict[str, tuple[Verdict, bool]]:
    file, communication = filled() if which == "filled" else empty()
    return answers(guard, file, communication, _ACTION if which == "filled" else _EMPTY_ACTION)


class TestEveryFact:
    @pytest.mark.parametrize("fact", FACTS)
    def test_is_known_to_both_evaluators_where_it_is_said(self, guard: Guard, fact: str) -> None:
        assert _of(guard, "filled")[fact] == (Verdict.VIOLATED, True)

    @pytest.mark.parametrize("fact", FACTS)
    def test_gives_both_evaluators_the_same_answer_where_nothing_is_said(self, guard: Guard, fact: str) -> None:
        verdict, flagged = _of(guard, "empty")[fact]
        assert flagged is (verdict is Verdict.VIOLATED)

    @pytest.mark.parametrize("fact", sorted(set(FACTS) - KNOWN_UNSAID))
    def test_is_unknown_and_no_default_where_nothing_is_said(self, guard: Guard, fact: str) -> None:
        assert _of(guard, "empty")[fact] == (Verdict.COMPLIES, False)

    def test_has_one_reader_and_every_reader_a_fact(self) -> None:
        assert set(EXPRESSIONS) == set(FACTS)

    @pytest.mark.parametrize("scope", Scope)
    def test_may_be_drawn_in_the_conditions_of_its_scope(self, scope: Scope) -> None:
        names = strategies.sample_names(VOCABULARY, scope)
        drawn = {fact.name for fact in strategies._Tests(names).facts}
        assert drawn >= {fact for fact in FACTS if fact.partition(".")[0] not in {"entry", "event", "action"} - {scope.value}}


@pytest.fixture(scope="module")
def drawn() -> list[Rule]:
    return [world.rule for world in worlds.drawn()]


@pytest.fixture(scope="module")
def windows() -> list[Window]:
    """Windows alone, many of them: the few rules that are drawn need not have one of every unit."""
    found: list[Window] = []

    @settings(phases=[Phase.generate], database=None, max_examples=500)
    @given(worlds.windows(this_one=True))
    def draw(window: Window) -> None:
        found.append(window)

    draw()
    return found


class TestWhatIsDrawn:
    @pytest.mark.parametrize("block", [Count, MomentOf, Standing, Waiting, Deadline, Limitation])
    def test_has_every_block(self, drawn: list[Rule], block: type) -> None:
        assert any(isinstance(each, block) for rule in drawn for each in rule.blocks.values())

    @pytest.mark.parametrize("kind", WindowKind)
    def test_has_every_kind_of_window(self, windows: list[Window], kind: WindowKind) -> None:
        assert any(window.kind is kind for window in windows)

    @pytest.mark.parametrize("unit", CalendarUnit)
    def test_has_every_calendar_unit(self, windows: list[Window], unit: CalendarUnit) -> None:
        assert any(window.length is unit for window in windows)

    @pytest.mark.parametrize("unit", Unit)
    def test_has_windows_of_every_unit(self, windows: list[Window], unit: Unit) -> None:
        assert any(isinstance(window.length, Duration) and window.length.unit is unit for window in windows)

    @pytest.mark.parametrize("complete", [True, False])
    def test_has_logs_that_are_complete_and_logs_that_are_not(self, complete: bool) -> None:
        assert any(world.parts["log_complete"] is complete for world in worlds.drawn())

    @pytest.mark.parametrize("same", Same)
    def test_has_every_kind_of_agreement(self, drawn: list[Rule], same: Same) -> None:
        assert any(same in select.same for rule in drawn for select in selections_of(rule))


def test_every_operator_has_the_contrary_that_its_row_names() -> None:
    words = {operator.words: operator for operator in OPERATORS}
    assert all(words[operator.negated].negated == operator.words for operator in OPERATORS)
