"""Whether a rule speaks of a collector, a channel, a place and a day at all."""

from __future__ import annotations

from fdcpa_guard.rulefile.model import ACTIONS, Rule

FEDERAL = "US"
EVERY_CHANNEL = "any"


def binds(rule: Rule, kind: str | None) -> bool | None:
    """Whether the rule binds a collector of that kind; unknown where the kind is."""
    return None if kind is None else kind in rule.binds


def reaches(rule: Rule, channel: str | None) -> bool | None:
    """Whether the rule reaches that channel, or that type of action; unknown where a communication's channel is.

    A rule that reaches every channel reaches no action.
    """
    if EVERY_CHANNEL in rule.reaches:
        return channel not in ACTIONS
    if channel is None:
        return False if rule.reaches <= ACTIONS else None
    return channel in rule.reaches


def in_force(rule: Rule, days: tuple[int, int]) -> bool | None:
    """Whether the rule is in force on the local day; `days` are the earliest and the latest that it may be."""
    first, last = days
    answers = {rule.in_force.holds_on(day) for day in range(first, last + 1)}
    return answers.pop() if len(answers) == 1 else None


def holds_in(jurisdiction: str, state: str | None, city: str | None) -> bool | None:
    """Whether a jurisdiction's law is that of a possible location.

    `state` and `city` are as in `facts.locations`: None is unknown, an empty city is surely none with law of its own.
    """
    if jurisdiction == FEDERAL:
        return True
    if "-" not in jurisdiction:
        return None if state is None else state == jurisdiction
    if state is not None and not jurisdiction.startswith(state + "-"):
        return False
    return None if state is None or city is None else city == jurisdiction
