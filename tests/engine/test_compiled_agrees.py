"""The compiled rules answer as the interpreter does: it is the definition."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import shipped
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from worlds import communications, drawn, files, forms_of, rules

from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.engine.decision import Verdict
from fdcpa_guard.engine.verdicts import called_number
from fdcpa_guard.facts import models
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.rulefile.model import (
    CalendarUnit,
    Count,
    MomentOf,
    Rule,
    WindowKind,
)
from fdcpa_guard.ruleset.rulebook import Rulebook
from fdcpa_guard.values import Duration, Unit

# A failing example of whole rules shrinks for minutes; it tells enough as it is.
_PHASES = [Phase.explicit, Phase.reuse, Phase.generate]


def _agree(rule: Rule, parts: dict[str, object], said: models.Communication, *, later: bool) -> None:
    file = ConsumerFile(**parts, as_of=said.at if later else None)  # type: ignore[arg-type]  # drawn in its types
    guard = Guard(Rulebook((rule,), ""))
    communication = Entry(said, of_log=False)
    told = guard.judge(rule, communication, file)
    assert not [each.because for each in told.judgements if "an error while judging" in "".join(each.because)]
    flags = guard._screened(communication, file, file.prior(communication))
    if flags is None:
        assert not file.log_complete or any(
            world.clock is None for world in file.worlds(called_number(communication))
        ), "the compiled rules pass over no more than what they must"
        return
    if told.verdict not in (Verdict.VIOLATED, Verdict.UNKNOWN):
        assert not flags
        return
    assert len(flags) == 1, f"the definition says {told.verdict}"
    flag = flags[0]
    assert flag.agrees(told), (flag.verdict, told.verdict, told.judgements)
    if flag.first is not None:
        _, counted = flag.first
        first = next(each for each in told.judgements if each.verdict in (Verdict.VIOLATED, Verdict.UNKNOWN))
        assert counted(first.counts) == dict(first.counts)


@pytest.mark.parametrize("later", [False, True])
def test_a_compiled_rule_gives_the_verdict_and_counts_of_its_definition(later: bool) -> None:
    for world in drawn():
        for rule in forms_of(world.rule):
            _agree(rule, world.parts, world.said, later=later)


_LENGTHS = [*CalendarUnit, *(Duration(length, unit) for unit in Unit for length in (1, 5))]


@pytest.mark.parametrize("length", _LENGTHS, ids=str)
def test_it_does_so_over_windows_of_every_unit(length: CalendarUnit | Duration) -> None:
    kind = WindowKind.CALENDAR if isinstance(length, CalendarUnit) else WindowKind.ROLLING
    for world in drawn()[:20]:
        blocks = {
            name: replace(block, window=replace(block.window, kind=kind, length=length))
            if isinstance(block, Count | MomentOf)
            else block
            for name, block in world.rule.blocks.items()
        }
        for rule in forms_of(replace(world.rule, blocks=blocks)):
            _agree(rule, world.parts, world.said, later=False)


@pytest.mark.nightly
@settings(phases=_PHASES)
@given(rules(), files(), communications(of_log=False), st.booleans())
def test_it_does_so_for_very_many_rules(
    rule: Rule, parts: dict[str, object], said: models.Communication, later: bool
) -> None:
    _agree(rule, parts, said, later=later)


def test_what_ended_at_the_very_instant_of_a_beginning_and_has_lapsed_ends_nothing() -> None:
    """Of two events that contradict each other at one instant, one was for a day: what the other says is sure again."""
    start = datetime(2026, 3, 2, 17, tzinfo=UTC)
    hours = {"from": "09:00", "to": "20:00"}
    file = ConsumerFile(
        collector=models.Collector(kind="third_party_collector"), consumer=models.Consumer(time_zones=("America/Denver",)),
        debts=[models.Debt(id="d1", kind="credit_card")],
        events=[
            models.Event.model_validate({"at": start, "type": "time_inconvenient", **hours}),
            models.Event.model_validate({"at": start, "type": "time_convenient", "ends": start + timedelta(days=1), **hours}),
        ],
    )  # fmt: skip
    person = models.Person(role="consumer")
    for days, expected in ((0, Verdict.UNKNOWN), (18, Verdict.VIOLATED)):
        said = models.Communication(at=start + timedelta(days=days, hours=1), channel="call", person=person, debts=("d1",))
        asked = Entry(said, of_log=False)
        guard = shipped.default_guard()
        rule = guard.rulebook.by_id["us-regf-time-known-inconvenient"]
        assert guard.judge(rule, asked, file).verdict is expected
        flag = guard.flag(rule, asked, file)
        assert flag is not None
        assert flag.verdict is expected
