"""Which rules of a rulebook speak of a day, a collector, a channel and a place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.ruleset.applies import reaches

if TYPE_CHECKING:
    from fdcpa_guard.ruleset.rulebook import Rulebook

FEDERAL = "US"


def jurisdiction_parent(code: str) -> str | None:
    """The jurisdiction above: `NY` of `NY-NYC`, `US` of `NY`, none of `US`."""
    if code == FEDERAL:
        return None
    state, hyphen, _ = code.partition("-")
    return state if hyphen else FEDERAL


def jurisdictions_over(code: str) -> Iterator[str]:
    """The jurisdiction itself and all above it, from the nearest to the federal one."""
    above: str | None = code
    while above is not None:
        yield above
        above = jurisdiction_parent(above)


def rules_in_force(rulebook: Rulebook, day: int) -> tuple[Rule, ...]:
    """The rules in force on a local day of the communication, other readings included."""
    return tuple(rule for rule in rulebook.rules if rule.in_force.holds_on(day))


def main_readings(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules without those that are another reading of one."""
    return tuple(rule for rule in rules if rule.other_reading_of is None)


def rules_of(rules: Iterable[Rule], code: str) -> tuple[Rule, ...]:
    """The rules that hold in a jurisdiction: its own, and those of all above it."""
    over = frozenset(jurisdictions_over(code))
    return tuple(rule for rule in rules if rule.jurisdiction in over)


def rules_reaching(rules: Iterable[Rule], kind: str | None, channel: str | None) -> tuple[Rule, ...]:
    """The rules that may bind a collector of that kind and reach that channel; what is not known leaves none out."""
    return tuple(
        rule
        for rule in rules
        if (kind is None or kind in rule.binds)
        and (channel is None or reaches(rule, channel) is True)
    )
