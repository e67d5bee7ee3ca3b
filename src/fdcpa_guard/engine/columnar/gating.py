"""Of whom, where and when a rule speaks, for the rows of a bucket: `ruleset.applies`, asked once for what occurs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from fdcpa_guard.engine.columnar.blocks import Blocks
from fdcpa_guard.engine.columnar.bucket import Bucket
from fdcpa_guard.engine.columnar.columns import UNSAID_CODE, Array, distinct_rows
from fdcpa_guard.engine.columnar.frame import Frame
from fdcpa_guard.engine.columnar.grouping import Groups
from fdcpa_guard.engine.columnar.nodes import Said
from fdcpa_guard.engine.columnar.planes import Indices, Planes, all_of, both, constant, negate, settled
from fdcpa_guard.engine.columnar.screening import Classes
from fdcpa_guard.engine.verdicts import per_debt
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.ruleset.applies import FEDERAL, binds, holds_in, reaches
from fdcpa_guard.values import Kind


@dataclass(frozen=True, slots=True)
class _Distinct:
    """What differs among rows, and which of it each row has."""

    values: list[tuple[Any, ...]]
    of_row: Array

    @staticmethod
    def of(bucket: Bucket, *columns: Array) -> _Distinct:
        values = bucket.codes.values
        firsts, of_row = distinct_rows(list(columns))
        codes = zip(*(column[firsts].tolist() for column in columns), strict=True)
        return _Distinct([tuple(None if code == UNSAID_CODE else values[code] for code in each) for each in codes], of_row)

    def planes(self, asked: Callable[..., bool | None]) -> Planes:
        """What is said of each row, asked once of each that differs."""
        return _looked_up([asked(*each) for each in self.values], self.of_row)


def _looked_up(answers: Sequence[bool | None], places: Array) -> Planes:
    surely = np.array([answer is True for answer in answers], bool)[places]
    if None not in answers:
        return settled(surely)
    return Planes(surely, np.array([answer is not False for answer in answers], bool)[places])


class Gates:
    """The rows that are judged, and which of them each rule speaks of."""

    def __init__(self, bucket: Bucket, yields: Mapping[str, Sequence[Rule]], facts: Sequence[Said]) -> None:
        self.bucket = bucket
        self._facts = facts
        self._pieces: dict[tuple[int, bytes], Frame] = {}
        self._kept = 0
        self.blocks = Blocks()
        self._yields = yields
        c, w = bucket.located_entry, bucket.located_world
        none = np.full(len(c), -1, np.int64)
        self._located = Frame(bucket, len(c), c=c, w=w, d=none)
        self._located.grouping = Groups
        self._by_debt: tuple[Frame, Indices] | None = None
        self._reached: dict[frozenset[str], Planes] = {}
        self._held: dict[str, Planes] = {}
        self._bound: dict[frozenset[str], Planes] = {}
        codes = bucket.entry_column("channel", Kind.NAME).data[c]
        distinct, of_row = np.unique(codes, return_inverse=True)
        names = [None if code == UNSAID_CODE else bucket.codes.values[code] for code in distinct.tolist()]
        self._channels: tuple[list[str | None], Array] = names, of_row

    def frame(self, rule: Rule) -> Frame:
        """A row for each communication and location, and for each debt where the rule asks of debts."""
        return self._debts()[0] if per_debt(rule) else self._located

    def owners(self, rule: Rule) -> Indices:
        """Which communication, among those judged, each row of the rule's frame is of."""
        located = self.bucket.located_judged
        return located[self._debts()[1]] if per_debt(rule) else located

    def _debts(self) -> tuple[Frame, Indices]:
        if self._by_debt is None:
            rows, debts = self.bucket.by_debt
            c, w = self.bucket.located_entry[rows], self.bucket.located_world[rows]
            frame = Frame(self.bucket, len(rows), c=c, w=w, d=debts)
            frame.grouping = Groups
            self._by_debt = frame, rows
        return self._by_debt

    def _gate(self, rule: Rule, frame: Frame) -> Planes:
        """Whether the rule speaks of this collector, channel, place and day, and gives way to no other."""
        found = self._bounds(rule, frame)
        for other in self._yields.get(rule.id, ()):
            found = both(found, negate(self._bounds(other, frame)))
        return found

    def _class_gate(self, rule: Rule, classes: Classes) -> tuple[Planes, bool]:
        """The same of each class, and whether all of its rows have one answer: some may be of days before a rule's first."""
        found, exact = self._class_bounds(rule, classes)
        for other in self._yields.get(rule.id, ()):
            planes, settled_ = self._class_bounds(other, classes)
            found, exact = both(found, negate(planes)), exact and settled_
        return found, exact

    def _class_bounds(self, rule: Rule, classes: Classes) -> tuple[Planes, bool]:
        always = self._always(rule)
        if always is False:
            return constant(False, classes.size), True
        key = rule.binds, rule.reaches, rule.jurisdiction
        known = classes.frame.known.get(key)
        if known is None:
            kind, channel, place = self._gates(classes)
            parts = [
                kind.planes(lambda said: binds(rule, said)),
                channel.planes(lambda said: reaches(rule, said)),
                constant(True, classes.size)
                if rule.jurisdiction == FEDERAL
                else place.planes(lambda state, city: holds_in(rule.jurisdiction, state, city)),
            ]
            known = classes.frame.known[key] = all_of(parts, classes.size)
        if always is None:
            return Planes(np.zeros(classes.size, bool), known.maybe), False
        return known, True

    def _gates(self, classes: Classes) -> tuple[_Distinct, _Distinct, _Distinct]:
        """The kind of collector, the channel and the place of each class."""
        frame = classes.frame
        known = frame.known.get(_Distinct)
        if known is None:
            known = frame.known[_Distinct] = tuple(_Distinct.of(self.bucket, *each) for each in self._told_apart(frame))
        return known

    def _told_apart(self, frame: Frame) -> tuple[tuple[Array, ...], tuple[Array, ...], tuple[Array, ...]]:
        """Of each row the kind of collector, the channel and the place: by these rules speak of it or do not."""
        bucket = self.bucket
        kinds = bucket.consumer_facts("collector.kind", Kind.NAME, lambda file: file.collector.kind).data
        channels = bucket.entry_column("channel", Kind.NAME).data
        return (kinds[frame.consumer],), (channels[frame.c],), (bucket.world_state[frame.w], bucket.world_city[frame.w])

    def _always(self, rule: Rule) -> bool | None:
        """Whether a rule is in force on every day there is, or on none; None: on some."""
        first, last = self._days
        start, end = rule.in_force.start, rule.in_force.end
        if (start is None or first >= start) and (end is None or last <= end):
            return True
        return False if (start is not None and last < start) or (end is not None and first > end) else None

    @cached_property
    def _days(self) -> tuple[int, int]:
        first, last = self.blocks.days(self._located)
        return (int(first.min()), int(last.max())) if len(first) else (0, 0)

    def _bounds(self, rule: Rule, frame: Frame) -> Planes:
        parts = [self._binds(rule), self._reaches(rule), self._holds_in(rule.jurisdiction)]
        found = all_of(parts, self._located.rows)
        found = both(found, self._in_force(rule))
        return found if frame is self._located else found.take(self._debts()[1])

    def _binds(self, rule: Rule) -> Planes:
        known = self._bound.get(rule.binds)
        if known is None:
            kinds = self.bucket.consumer_facts("collector.kind", Kind.NAME, lambda file: file.collector.kind).data
            values = self.bucket.codes.values
            distinct, of_consumer = np.unique(kinds, return_inverse=True)
            answers = [binds(rule, None if code == UNSAID_CODE else values[code]) for code in distinct.tolist()]
            if len(answers) == 1:
                known = constant(answers[0], self._located.rows)
            else:
                known = _looked_up(answers, of_consumer[self.bucket.consumer[self._located.c]])
            self._bound[rule.binds] = known
        return known

    def _reaches(self, rule: Rule) -> Planes:
        known = self._reached.get(rule.reaches)
        if known is None:
            names, of_row = self._channels
            known = self._reached[rule.reaches] = _looked_up([reaches(rule, name) for name in names], of_row)
        return known

    def _holds_in(self, jurisdiction: str) -> Planes:
        known = self._held.get(jurisdiction)
        if known is None:
            if jurisdiction == FEDERAL:
                known = constant(True, self._located.rows)
            else:
                worlds = self.bucket.worlds
                asked: dict[tuple[str | None, str | None], bool | None] = {}
                answers = []
                for world in worlds:
                    place = world.state, world.city
                    if place not in asked:
                        asked[place] = holds_in(jurisdiction, *place)
                    answers.append(asked[place])
                known = _looked_up(answers, self._located.w)
            self._held[jurisdiction] = known
        return known

    def _in_force(self, rule: Rule) -> Planes:
        first, last = self.blocks.days(self._located)
        start, end = rule.in_force.start, rule.in_force.end
        maybe, surely = np.ones(len(first), bool), np.ones(len(first), bool)
        if start is not None:
            surely &= first >= start
            maybe &= last >= start
        if end is not None:
            surely &= last <= end
            maybe &= first <= end
        return settled(surely) if first is last else Planes(surely, maybe)
