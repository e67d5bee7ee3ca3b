"""What is regulated and no communication, as the engine reads it: furnishing, suing, depositing, selling and their like.

An action stands where a communication does: it happens at an instant, about some debts, and its type is what rules
reach. Whatever only a communication has is unknown of it.
"""

from __future__ import annotations

from typing import Any, Final

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts import models
from fdcpa_guard.facts.debts import cents_of
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.values import instant_of

_DAYS: Final = frozenset(
    name for name, field in models.Action.model_fields.items() if models.CalendarDay in getattr(field.annotation, "__args__", ())
)
_AMOUNTS: Final = frozenset(
    name for name, field in models.Action.model_fields.items() if "Decimal" in str(field.annotation)
)


class ActionOf:
    """What an action says of itself: days as ordinals, money in cents, absent as None."""

    __slots__ = tuple(sorted(models.Action.model_fields.keys() - {"at", "known_at", "debts", "id"}))

    def __init__(self, said: models.Action) -> None:
        of: dict[str, Any] = said.__dict__
        for name in self.__slots__:
            value = of[name]
            if value is not None and name in _DAYS:
                value = value.toordinal()
            elif name in _AMOUNTS:
                value = cents_of(value)
            setattr(self, name, value)


class ActionEntry(Entry):
    """An action in the place of the communication judged. Its channel is its type."""

    __slots__ = ("action",)

    action: ActionOf

    plain = False

    def __new__(cls, said: models.Action | None = None) -> ActionEntry:
        return object.__new__(cls)

    def __init__(self, said: models.Action) -> None:
        for name in Entry.__slots__:
            setattr(self, name, None)
        self.id = said.id
        self.at = instant_of(said.at)
        self.known_at = self.at if said.known_at is None else instant_of(said.known_at)
        self.channel = said.type
        self.debts = said.debts
        self.direction = "outbound"
        self.purpose = "collection"
        self.conversation = False
        self.action = ActionOf(said)


def proposed(scenario: models.Scenario) -> models.Communication | models.Action:
    """The communication or action that a scenario asks about. Raises FactsError where there is none, or both."""
    if scenario.communication is not None and scenario.action is not None:
        raise FactsError("the scenario proposes a communication and an action; judge one at a time", "action")
    found = scenario.communication or scenario.action
    if found is None:
        raise FactsError("the scenario proposes nothing", "communication", "say at least `at` and `channel` of one")
    return found


def judged(said: models.Communication | models.Action) -> Entry:
    """What is put to the engine: a proposed communication, or an action."""
    return ActionEntry(said) if isinstance(said, models.Action) else Entry(said, of_log=False)
