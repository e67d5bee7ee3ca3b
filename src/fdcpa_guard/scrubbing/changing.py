"""When, within one day, the answer of some rules can change: clock times that they name, spans in hours, and midnights.

A rule depends on the instant by nothing but the local day, a clock time, and where the instant lies against another
one that the file has, or against one so many hours from it. All of these are constants of rules and facts of files, so
that the instants at which an answer can change are known before anything is judged. `TIME_OF_DAY_FACTS` and
`INSTANT_FACTS` list the facts that hang on the instant; a test holds them against the readers of all facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from fdcpa_guard.lang import core
from fdcpa_guard.rulefile.model import Count, MomentOf, Rule, Same
from fdcpa_guard.rulefile.walk import facts_read, selections_of, values_read
from fdcpa_guard.ruleset.applies import binds, holds_in, reaches
from fdcpa_guard.values import MICROSECONDS, Duration, Kind, Unit

TIME_OF_DAY_FACTS: Final = frozenset(
    {
        "communication.local_time", "communication.eastern_time", "communication.called_number_time",
        "communication.inconvenient_since", "entry.inconvenient_since", "consumer.at_work_now",
    }
)  # fmt: skip
"""Facts of the communication judged that hang on the time of day, or on hours that the consumer named."""
INSTANT_FACTS: Final = frozenset(
    {
        "communication.at", "communication.day", "communication.weekday", "communication.returned_at",
        "communication.earliest_validation_period_end", "communication.validation_period_ends",
        "action.at", "action.day", "action.notice_days_least", "action.notice_days_most",
        "entry.returned_at", "event.answered", "event.came_back", "event.returned_at", "event.in_validation_period",
        "consumer.deceased",
    }
)  # fmt: skip
"""Facts that hang on the instant by its local day, or by what the file has up to it."""

_HOURS: Final = {Unit.HOURS: 3600 * MICROSECONDS, Unit.MINUTES: 60 * MICROSECONDS}
_Place = tuple[str | None, str | None]
"""State and city."""
_Asked = tuple[str | None, str | None, int]
"""The kind of a collector, a channel and a day."""


@dataclass(frozen=True, slots=True)
class Times:
    """What can change the answer of some rules within a day.

    `of_day` are clock times, and `spans` lengths in microseconds, 0 among them: what the rules set against an instant
    of the file may change so long before or after it. `eastern`, `called_number`: whether they read those clocks too.
    """

    of_day: tuple[int, ...]
    spans: tuple[int, ...]
    eastern: bool
    called_number: bool


class ChangingRules:
    """Some rules, and what of them can change within a day."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self.moving = tuple(rule for rule in rules if moves_within_a_day(rule))
        """Those whose answer may change between two midnights without anything on file happening there."""
        self.moving_ids = frozenset(rule.id for rule in self.moving)
        self.given_at_hours = frozenset(
            name for rule in rules if "event.given_in_time" in facts_read(rule)
            for select in selections_of(rule) for name in select.events or ()
        )  # fmt: skip
        """Types of events of which it may matter at what time of day that was in which they were given."""
        self.presumes_by_number = any(times_of(rule).called_number for rule in rules)
        self._times = [(rule, times_of(rule)) for rule in self.rules]
        self._jurisdictions = tuple(dict.fromkeys(rule.jurisdiction for rule in self.rules))
        self._laws: dict[_Place, frozenset[str]] = {}
        self._by_law: dict[_Asked, dict[str, Times]] = {}
        self._known: dict[tuple[_Asked, frozenset[str]], Times] = {}

    def times(self, kind: str | None, channel: str | None, places: Iterable[_Place], day: int) -> Times:
        """Of the rules that may bind a kind of collector, and reach a channel in one of some places, about a day."""
        asked = kind, channel, day
        laws = frozenset[str]().union(*map(self._laws_of, places))
        known = self._known.get((asked, laws))
        if known is None:
            by_law = self._of_laws(asked)
            known = self._known[asked, laws] = _together(by_law[law] for law in laws if law in by_law)
        return known

    def _laws_of(self, place: _Place) -> frozenset[str]:
        """The jurisdictions whose law may be that of a place."""
        known = self._laws.get(place)
        if known is None:
            may = (law for law in self._jurisdictions if holds_in(law, *place) is not False)
            known = self._laws[place] = frozenset(may)
        return known

    def _of_laws(self, asked: _Asked) -> dict[str, Times]:
        """Of each jurisdiction those of its rules that may apply wherever it is the law."""
        known = self._by_law.get(asked)
        if known is None:
            found: dict[str, list[Times]] = {}
            for rule, times in self._times:
                if _may_apply(rule, *asked):
                    found.setdefault(rule.jurisdiction, []).append(times)
            known = self._by_law[asked] = {law: _together(times) for law, times in found.items()}
        return known


def _may_apply(rule: Rule, kind: str | None, channel: str | None, day: int) -> bool:
    # Elsewhere it may be a day earlier or later; and the law of tomorrow begins at a midnight, which is asked anyway.
    start, end = rule.in_force.start, rule.in_force.end
    if (start is not None and start > day + 2) or (end is not None and end < day - 2):
        return False
    return binds(rule, kind) is not False and reaches(rule, channel) is not False


def times_of(rule: Rule) -> Times:
    """Every clock time and every span in hours that a rule names; of dated values all, whatever the day."""
    of_day: set[int] = set()
    spans = {0}
    for constant in _constants(rule):
        if not isinstance(constant, Duration):
            of_day.add(constant)
        elif constant.unit in _HOURS:
            spans.add(constant.length * _HOURS[constant.unit])
    read = facts_read(rule)
    return Times(
        tuple(sorted(of_day)),
        tuple(sorted(spans)),
        eastern="communication.eastern_time" in read or _has_eastern_window(rule),
        called_number="communication.called_number_time" in read,
    )


def _together(each: Iterable[Times]) -> Times:
    found = list(each)
    return Times(
        tuple(sorted({time for times in found for time in times.of_day})),
        tuple(sorted({0, *(span for times in found for span in times.spans)})),
        eastern=any(times.eastern for times in found),
        called_number=any(times.called_number for times in found),
    )


def moves_within_a_day(rule: Rule) -> bool:
    """Whether it hangs on a time of day, on hours that somebody named, or on days that are not the consumer's."""
    if not TIME_OF_DAY_FACTS.isdisjoint(facts_read(rule)) or _has_eastern_window(rule):
        return True
    if any(value.type.kind is Kind.CLOCK_TIME for value in values_read(rule)):
        return True
    return any(Same.HOURS in select.same for select in selections_of(rule))


def _has_eastern_window(rule: Rule) -> bool:
    return any(isinstance(block, Count | MomentOf) and block.window.clock == "eastern" for block in rule.blocks.values())


def _constants(rule: Rule) -> Iterator[int | Duration]:
    """The clock times and durations that it names, as microseconds since midnight and as they are."""
    said: list[tuple[Kind, object]] = [
        (value.type.kind, value.value) for value in values_read(rule) if isinstance(value, core.Literal)
    ]
    for parameter in rule.parameters.values():
        said.extend((parameter.type.kind, dated.value) for dated in parameter.values)
    for block in rule.blocks.values():
        said.extend((Kind.DURATION, getattr(block, name, None)) for name in ("lapses_after", "at_least", "within"))
        if isinstance(block, Count | MomentOf):
            said.append((Kind.DURATION, block.window.length))
    for kind, value in said:
        if isinstance(value, Duration) or (kind is Kind.CLOCK_TIME and isinstance(value, int)):
            yield value
