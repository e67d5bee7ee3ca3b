"""Which rules are in the way of communications, many of them at once: by the scalar guard, or by columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias

from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.engine.verdicts import Flag
from fdcpa_guard.errors import BackendDisagreement, FactsError
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.rulefile.walk import looks_at_entries
from fdcpa_guard.scrubbing.changing import ChangingRules

if TYPE_CHECKING:
    from fdcpa_guard.engine.columnar.judging import ColumnarRules

PROVED: Final = 500
"""One point in so many is judged by both engines: what nobody flags leaves nothing behind that could be looked into."""
EngineName = Literal["auto", "columnar", "scalar"]


@dataclass(frozen=True, slots=True)
class Point:
    """One communication at one instant."""

    file: ConsumerFile
    entry: Entry


Flags: TypeAlias = Sequence[Flag]
"""What is violated or unknown, in the order of the rules' ids."""


class FlagsEngine(Protocol):
    """Gives the flags of many points, in their order."""

    def flags(self, points: Sequence[Point]) -> list[Flags]: ...

    def moved(self, points: Sequence[Point], before: Sequence[Flags]) -> list[Flags]:
        """The same, where the flags of the same communications at other instants are known.

        Between each and its other instant nothing can change but the answers of rules that move within a day.
        """
        ...


class ScalarEngine:
    """The guard, asked for one point after another, and for every rule at each: the definition of the other."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    def flags(self, points: Sequence[Point]) -> list[Flags]:
        return [self._guard.flagged(each.entry, each.file, each.file.prior(each.entry)) for each in points]

    def moved(self, points: Sequence[Point], before: Sequence[Flags]) -> list[Flags]:
        return self.flags(points)


class ColumnarEngine:
    """All points together."""

    def __init__(self, guard: Guard, rules: ChangingRules) -> None:
        from fdcpa_guard.engine.columnar.judging import ColumnarRules

        self._guard = guard
        self._scalar = ScalarEngine(guard)
        self._all = ColumnarRules(guard.rules, guard.yields)
        self._moving = self._all.some(rules.moving)
        self._moving_ids = rules.moving_ids

    @cached_property
    def planned(self) -> tuple[ColumnarRules, ColumnarRules, ColumnarRules]:
        """All rules, those that move within a day, and those that look at what was done before."""
        return self._all, self._moving, self._all.some([rule for rule in self._guard.rules if looks_at_entries(rule)])

    def flags(self, points: Sequence[Point]) -> list[Flags]:
        return self._proved(points, self._together(points, self._all))

    def moved(self, points: Sequence[Point], before: Sequence[Flags]) -> list[Flags]:
        found: list[Flags] = []
        for point, old, new in zip(points, before, self._together(points, self._moving), strict=True):
            still = [self._moved(flag, point) for flag in old if flag.rule.id not in self._moving_ids]
            mine = [flag for flag in new if flag.rule.id in self._moving_ids]
            found.append(sorted([*still, *mine], key=lambda flag: flag.rule.id))
        return self._proved(points, found)

    def _proved(self, points: Sequence[Point], found: list[Flags]) -> list[Flags]:
        """The same, once one in so many has been asked of the guard too.

        Raises:
            BackendDisagreement: it answers otherwise.
        """
        for place in range(len(points) // 2 % PROVED, len(points), PROVED):
            (wanted,) = self._scalar.flags([points[place]])
            told, expected = ({each.rule.id: each.verdict for each in flags} for flags in (found[place], wanted))
            for rule in sorted(told.keys() | expected.keys()):
                if told.get(rule) is not expected.get(rule):
                    said, other = (each[rule].value if rule in each else "nothing" for each in (told, expected))
                    raise BackendDisagreement(rule, "a planned contact", f"columns say {said}, the guard {other}")
        return found

    def _moved(self, flag: Flag, point: Point) -> Flag:
        return self._guard.flag_of_columns(
            flag.rule, flag.verdict, flag.locations_disagree, flag.missing,
            point.entry, point.file, point.file.prior(point.entry),
        )  # fmt: skip

    def _together(self, points: Sequence[Point], rules: ColumnarRules) -> list[Flags]:
        if not points:
            return []
        try:
            return self._judged(points, rules)
        except Exception:  # of whichever of them; the definition tells it where it happens
            if len(points) == 1:
                # The guard tells the error with the rule in which it is.
                return self._scalar.flags(points)
            # One consumer's file keeps none of the others from being judged.
            middle = len(points) // 2
            return [*self._together(points[:middle], rules), *self._together(points[middle:], rules)]

    def _judged(self, points: Sequence[Point], rules: ColumnarRules) -> list[Flags]:
        from fdcpa_guard.engine.columnar.bucket import BucketBuilder

        builder = BucketBuilder()
        by_file: dict[int, list[int]] = {}
        for place, point in enumerate(points):
            by_file.setdefault(id(point.file), []).append(place)
        order: list[int] = []
        for places in by_file.values():
            builder.proposed(points[places[0]].file, [points[place].entry for place in places])
            order.extend(places)
        found: list[list[Flag]] = [[] for _ in points]
        for judged in rules.judge(builder.bucket()):
            for number, verdict, disagree, missing in judged.raised():
                point = points[order[number]]
                prior = point.file.prior(point.entry)
                flag = self._guard.flag_of_columns(
                    judged.rule, verdict, disagree, missing, point.entry, point.file, prior
                )
                found[order[number]].append(flag)
        return list(found)


def engine_of(name: EngineName, guard: Guard, rules: ChangingRules) -> FlagsEngine:
    """The engine of that name; `auto`: by columns where what it needs is there.

    Raises:
        FactsError: columns are asked for, and NumPy or pyarrow is not installed.
    """
    there = all(find_spec(library) is not None for library in ("numpy", "pyarrow"))
    if name == "scalar" or (name == "auto" and not there):
        return ScalarEngine(guard)
    if not there:
        raise FactsError("the columnar engine needs NumPy and pyarrow", "engine", "pip install 'fdcpa-guard[scale]'")
    return ColumnarEngine(guard, rules)
