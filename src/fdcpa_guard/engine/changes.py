"""What waiting changes: the instants at which, by the passing of time alone, something that was judged becomes another.

Evaluating a rule notes them as it goes: whatever it reads of the clock, of hours or of a span tells when it will next
read otherwise. Where no clock is known, nothing that hangs on one is noted.
"""

from __future__ import annotations

from collections.abc import Sequence

from fdcpa_guard.engine.windows import next_boundary, span_end
from fdcpa_guard.facts.bind import ConsumerFile, World
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.events import HoursOf
from fdcpa_guard.lang import core
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.values import Duration, Kind


class Changes:
    """The changes noted while one communication is judged in one possible location."""

    def __init__(self, communication: Entry, file: ConsumerFile, world: World) -> None:
        self.communication = communication
        self.file = file
        self.world = world
        self._instants: set[int] = set()

    def ahead(self) -> tuple[int, ...]:
        """Those from the communication on, in order of time."""
        return tuple(sorted(at for at in self._instants if at >= self.communication.at))

    def add(self, instant: int | None) -> None:
        """An instant that the law itself fixes; None where it is not known or never comes."""
        if instant is not None:
            self._instants.add(instant)

    def of_fact(self, name: str) -> None:
        """A fact is read that the time of day or the day decides."""
        clock = self.world.clock
        root, _, field = name.partition(".")
        if root != "communication" and name != "consumer.at_work_now":
            return
        if field in ("day", "weekday", "local_time") and clock is not None:
            self._instants.add(clock.midnight(clock.day(self.communication.at) + 1))
        if field == "at_work_now":
            self.of_hours(self.file.working_hours or ())

    def of_hours(self, hours: Sequence[HoursOf]) -> None:
        """It matters whether the communication falls into these hours."""
        if self.world.clock is not None:
            self._instants.update(next_boundary(self.communication.at, hours, self.world.clock))

    def of_comparison(self, left: core.Value, right: core.Value, one: object, other: object) -> None:
        """A clock time is compared: the next instant at which that clock shows the other side. Or an instant is."""
        for fact, against, value in ((left, right, other), (right, left, one)):
            if not isinstance(fact, core.Fact) or not isinstance(value, int):
                continue
            if fact.type.kind is Kind.CLOCK_TIME:
                self._instants.update(
                    self.file.clock_changes(fact.type.clock, value, self.communication, self.world)
                )
            if fact.name in ("communication.day", "action.day") and self.world.clock is not None:
                self._instants.update(self.world.clock.midnight(day) for day in (value, value + 1))
            # Of the instant judged itself nothing changes: it is what moves.
            if fact.type.kind is Kind.INSTANT and not (
                isinstance(against, core.Fact) and against.name == "communication.at"
            ):
                self._instants.add(value)

    def of_span(self, start: int, length: Duration, on_days: bool) -> None:
        """It matters whether a moment lies within a span, which begins and ends; a span of days starts with a day."""
        clock = self.world.clock
        if clock is not None:
            begin = clock.midnight(start) if on_days else start
            self._instants.update((begin, span_end(begin, length, clock)))

    def of_dates(self, rule: Rule) -> None:
        """The rule, and each value of its parameters, is law from one day to another."""
        clock = self.world.clock
        if clock is None:
            return
        of_parameters = [value.in_force for parameter in rule.parameters.values() for value in parameter.values]
        for span in (rule.in_force, *of_parameters):
            if span.start is not None:
                self._instants.add(clock.midnight(span.start))
            if span.end is not None:
                self._instants.add(clock.midnight(span.end + 1))
