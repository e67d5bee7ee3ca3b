"""Rows of one call, however far apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fdcpa_guard.facts.importers import calls as module
from fdcpa_guard.facts.importers.calls import Calls
from fdcpa_guard.facts.models import Communication
from fdcpa_guard.values import instant_of

AT = datetime(2024, 3, 4, 15, tzinfo=UTC)


def call(**said: object) -> Communication:
    return Communication.model_validate({"id": "c", "at": AT, "channel": "call", "direction": "outbound", **said})


def test_a_further_row_is_at_the_time_of_the_first_with_the_outcome_that_counts_most():
    calls = Calls()
    calls.joined(1, call(outcome="conversation"))
    found = calls.joined(2, call(outcome="busy", at=AT + timedelta(seconds=5)))
    assert (found.at, found.outcome) == (AT, "conversation")


def test_calls_of_the_other_direction_or_without_an_id_are_others():
    calls = Calls()
    calls.joined(1, call(outcome="conversation"))
    assert calls.joined(2, call(direction="inbound", outcome="busy")).outcome == "busy"
    assert calls.joined(3, call(id=None, outcome="busy")).outcome == "busy"


def test_after_so_many_rows_it_is_another_call(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_ROWS", 10)
    calls = Calls()
    calls.joined(1, call(outcome="conversation"))
    assert calls.joined(10, call(outcome="busy")).outcome == "conversation"
    assert calls.joined(11, call(outcome="busy")).outcome == "busy"
    # It counts from its own row then.
    assert calls.joined(20, call(outcome="no_answer")).outcome == "no_answer"


def test_calls_that_others_read_are_joined_too_and_forgotten_in_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_KEPT", 100)
    calls = Calls()
    calls.add([(("c", False), (5, instant_of(AT), "voicemail"))], 5)
    assert calls.knows(("c", False))
    assert calls.joined(6, call(outcome="busy")).outcome == "voicemail"
    calls.joined(200, call(id="d"))
    assert not calls.knows(("c", False))
