"""What an event is called, and what a consent is to: a name that nobody knows is refused, and not passed over."""

from __future__ import annotations

from typing import get_args

import pytest
from pydantic import ValidationError

from fdcpa_guard.engine.relations import event_about
from fdcpa_guard.facts import models
from fdcpa_guard.facts import names as names_of
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.events import EventOf
from fdcpa_guard.rulefile.model import ACTIONS
from fdcpa_guard.vocabulary import load_vocabulary

AT = "2026-10-01T12:00:00-06:00"


@pytest.mark.parametrize("name", sorted(load_vocabulary().sets))
def test_the_names_are_those_of_the_vocabulary(name: str) -> None:
    declared = getattr(names_of, "".join(part.capitalize() for part in name.split("_")))
    assert get_args(declared) == load_vocabulary().sets[name]


def test_what_rules_may_reach_besides_communications_are_the_actions() -> None:
    assert tuple(sorted(ACTIONS)) == tuple(sorted(get_args(names_of.ActionType)))


@pytest.mark.parametrize(
    "said",
    [
        {"type": "medium_refuse"},
        {"type": "consent_revoked", "to": "calls"},
        {"type": "consent_revoked", "to": ["call", "calls"]},
        {"type": "time_inconvenient", "to": "25:00"},
        {"type": "time_inconvenient", "days": []},
        {"type": "consent_given", "to": ["contact_time"], "hours": {"days": []}},
    ],
)
def test_what_would_be_passed_over_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        models.Event.model_validate({"at": AT, **said})


@pytest.mark.parametrize("to", ["17:00", "5:00 p.m.", "24:00", "call", "any", ["call", "text"]])
def test_an_end_or_what_is_consented_to_is_taken(to: object) -> None:
    assert models.Event.model_validate({"at": AT, "type": "consent_given", "to": to}).to is not None


@pytest.mark.parametrize(("debts", "expected"), [(None, True), (["d1"], True), (["d2"], False), ([], None)])
def test_an_empty_list_of_debts_leaves_open_which(debts: list[str] | None, expected: bool | None) -> None:
    said = models.Event.model_validate({"at": AT, "type": "attorney_represents", "debts": debts})
    file = ConsumerFile(debts=[models.Debt(id="d1"), models.Debt(id="d2")])
    assert event_about(EventOf(said, "events[0]"), file.debt("d1"), file) is expected
