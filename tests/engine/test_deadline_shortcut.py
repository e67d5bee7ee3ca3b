"""A compiled deadline that runs from the earliest stops looking where nothing later can fit, and nowhere sooner."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.engine.decision import Verdict
from fdcpa_guard.facts import models
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.rulefile.load import load_rule_file
from fdcpa_guard.ruleset.rulebook import Rulebook
from fdcpa_guard.source import SourceFile

_RULE = """\
rule: us-test-notice
title: What had to follow the earliest contact that nothing had stopped
jurisdiction: US
law: [{cite: Test Act 1, says: A notice follows within two days.}]
in_force: {from: null}
checked_on: 2026-01-01
confidence: verified
binds: [third_party_collector]
reaches: any
effect: requires
standing:
  was_stopped:
    cite: Test Act 1
    begins: [{events: [medium_refused], same: SAME}]
    as_of: entry
deadline:
  notice_to_be_sent:
    cite: Test Act 1
    after: {entries: any, same: [debt], only_when: entry.direction is outbound and not was_stopped}
    which: earliest
    must_follow: {events: [validation_notice_sent], same: [debt]}
    within: 2 calendar days
"""
_SAMES = ("[]", "[debt]", "[person]", "[address]", "[channel]", "[medium]", "[place]", "[hours]", "[debt, channel]")
_FIRST = datetime(2026, 3, 2, 12, tzinfo=UTC)
_NUMBERS = ("+14065550100", "+14065550101")


@cache
def _guard(same: str) -> Guard:
    return Guard(Rulebook(tuple(load_rule_file(SourceFile("test.yaml", _RULE.replace("SAME", same)))), ""))


def _maybe(*values: object) -> st.SearchStrategy[object]:
    return st.none() | st.sampled_from(values)


def _at(days: int = 5) -> st.SearchStrategy[datetime]:
    return st.integers(0, days).map(lambda day: _FIRST + timedelta(days=day))


def _entries() -> st.SearchStrategy[list[models.Communication]]:
    one = st.builds(
        models.Communication, id=st.sampled_from(["h1", "h2", "h3", "h4"]), at=_at(), channel=st.sampled_from(["call", "text"]),
        address=_maybe(*_NUMBERS), place=_maybe("home", "work"), debts=st.sampled_from([("d1",), ("d2",)]),
        person=st.builds(models.Person, role=st.sampled_from(["consumer", "spouse"])),
    )  # fmt: skip
    return st.lists(one, min_size=1, max_size=4, unique_by=lambda entry: entry.id)


def _events() -> st.SearchStrategy[list[models.Event]]:
    hours = st.builds(models.Hours, **{"from": st.just("08:00"), "to": _maybe("10:00", "20:00")})
    one = st.builds(
        models.Event, at=_at(), type=st.just("medium_refused"), channel=_maybe("call", "text"), address=_maybe(*_NUMBERS),
        ends=st.none() | st.none() | _at(8), given_in=_maybe("h1", "h2", "h3"), debts=_maybe(("d1",)), place=_maybe("home"),
        hours=st.none() | hours,
    )  # fmt: skip
    return st.lists(one, min_size=1, max_size=2)


@pytest.mark.parametrize("same", _SAMES)
@given(_entries(), _events())
def test_it_answers_as_the_definition_does(
    same: str, history: list[models.Communication], events: list[models.Event]
) -> None:
    file = ConsumerFile(
        collector=models.Collector(kind="third_party_collector"), consumer=models.Consumer(time_zones=("America/Denver",)),
        debts=[models.Debt(id="d1"), models.Debt(id="d2")], events=events, history=history,
    )  # fmt: skip
    asked = Entry(models.Communication(at=_FIRST + timedelta(days=20), channel="letter", debts=("d1", "d2")), of_log=False)
    guard = _guard(same)
    told = guard.judge(guard.rules[0], asked, file).verdict
    flags = guard.flagged(asked, file, file.prior(asked))
    assert [flag.verdict for flag in flags] == ([told] if told in (Verdict.VIOLATED, Verdict.UNKNOWN) else [])


def test_a_refusal_of_texts_stops_no_call() -> None:
    """The text of the first day is stopped, and the call of the second is not: a notice had to follow it."""
    texts = models.Event(at=_FIRST, type="medium_refused", channel="text")
    history = [
        models.Communication(id=f"h{day}", at=_FIRST + timedelta(days=day), channel=channel, debts=("d1",))
        for day, channel in ((1, "text"), (2, "call"))
    ]
    file = ConsumerFile(
        collector=models.Collector(kind="third_party_collector"), consumer=models.Consumer(time_zones=("America/Denver",)),
        debts=[models.Debt(id="d1")], events=[texts], history=history,
    )  # fmt: skip
    asked = Entry(models.Communication(at=_FIRST + timedelta(days=9), channel="call", debts=("d1",)), of_log=False)
    guard = _guard("[medium]")
    assert guard.judge(guard.rules[0], asked, file).verdict is Verdict.VIOLATED
    assert [flag.verdict for flag in guard.flagged(asked, file, file.prior(asked))] == [Verdict.VIOLATED]
