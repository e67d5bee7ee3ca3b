"""A finding's counted communications as dots on a line, in the consumer's local time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from fdcpa_guard.auditing.rows import CountedRow, FindingRow
from fdcpa_guard.values import format_clock_time

WIDTH: Final = 720
_MARGIN: Final = 28
_APART: Final = 22
"""Between the middles of two dots, so that each number can be read."""
_MOST_DOTS: Final = 30
_MOST_TICKS: Final = 7
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Dot:
    """`kind`: counted, maybe (it only might count), this (the communication judged), left_out. `stem` is its true place."""

    x: int
    stem: int
    number: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Tick:
    x: int
    label: str


@dataclass(frozen=True, slots=True)
class TimeLine:
    """One block of a finding. `earlier` were counted and are not drawn, for want of room."""

    block: str
    dots: tuple[Dot, ...]
    left_out: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    earlier: int
    said: str
    """The line in words, for those who cannot see it."""


def time_lines(finding: FindingRow) -> tuple[TimeLine, ...]:
    """A line for each block of the finding that counted something, in the order of the blocks' names."""
    blocks: dict[str, list[CountedRow]] = {}
    for counted in finding.counted:
        blocks.setdefault(counted.block, []).append(counted)
    return tuple(_line(finding, block, blocks[block]) for block in sorted(blocks))


def _line(finding: FindingRow, block: str, counted: Sequence[CountedRow]) -> TimeLine:
    drawn = counted[-_MOST_DOTS:]
    left_out = [each for each in finding.left_out if each.block == block][-_MOST_DOTS:]
    here = _wall(finding.local)
    own = any(each.this_one for each in counted)
    moments = [_wall(each.local) for each in drawn]
    scale = _Scale([*moments, *(_wall(each.local) for each in left_out), here])
    dots: list[Dot] = []
    number = len(counted) - len(drawn) - sum(1 for each in counted[: -len(drawn)] if not each.sure)
    for each, moment in zip(drawn, moments, strict=True):
        number += each.sure
        kind = "this" if each.this_one else "counted" if each.sure else "maybe"
        label = f"{each.outcome.replace('_', ' ')}, " if each.outcome else ""
        x = scale.x(moment)
        dots.append(Dot(x, x, str(number) if each.sure else "?", kind, f"{label}{spoken(moment)} ({each.id})"))
    if not own:
        x = scale.x(here)
        dots.append(Dot(x, x, "▲", "this", f"the communication judged, {spoken(here)}"))
    crosses: list[Dot] = []
    for cross in left_out:
        moment = _wall(cross.local)
        x = scale.x(moment)
        crosses.append(Dot(x, x, "×", "left_out", f"{cross.id}, {spoken(moment)}: {cross.why}"))
    sure = sum(1 for each in counted if each.sure)
    maybe = f", and {len(counted) - sure} that may count" if sure < len(counted) else ""
    first, last = spoken(_wall(counted[0].local)), spoken(_wall(counted[-1].local))
    when = f"on {first}" if len(counted) == 1 else f"from {first} to {last}"
    said = f"{block.replace('_', ' ')}: {sure} counted{maybe}, {when}"
    return TimeLine(
        block, _spread(dots), _spread(crosses), scale.ticks(), len(counted) - len(drawn), said
    )


class _Scale:
    """Wall-clock time to a place on the line."""

    def __init__(self, moments: Iterable[datetime]) -> None:
        found = list(moments)
        self.first, self.last = min(found), max(found)
        self._span = max((self.last - self.first).total_seconds(), 1.0)

    def x(self, moment: datetime) -> int:
        if self.first == self.last:
            return WIDTH // 2
        part = (moment - self.first).total_seconds() / self._span
        return round(_MARGIN + part * (WIDTH - 2 * _MARGIN))

    def ticks(self) -> tuple[Tick, ...]:
        """Local midnights, each day or every so many."""
        day = datetime(self.first.year, self.first.month, self.first.day) + timedelta(days=1)
        days = (self.last - day).days + 1
        if days <= 0:
            return ()
        step = timedelta(days=-(-days // _MOST_TICKS))
        ticks: list[Tick] = []
        while day <= self.last:
            ticks.append(Tick(self.x(day), f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"))
            day += step
        return tuple(ticks)


def _spread(dots: Sequence[Dot]) -> tuple[Dot, ...]:
    """Dots of nearly one instant beside each other; as little moved as need be, none off the line."""
    xs = [dot.x for dot in sorted(dots, key=lambda dot: dot.stem)]
    for index in range(1, len(xs)):
        xs[index] = max(xs[index], xs[index - 1] + _APART)
    limit = WIDTH - _MARGIN // 2
    for index in range(len(xs) - 1, -1, -1):
        xs[index] = min(xs[index], limit)
        limit = xs[index] - _APART
    ordered = sorted(dots, key=lambda dot: dot.stem)
    return tuple(
        Dot(max(x, 8), dot.stem, dot.number, dot.kind, dot.label) for x, dot in zip(xs, ordered, strict=True)
    )


def _wall(local: str) -> datetime:
    """What the clock on the wall showed."""
    return datetime.fromisoformat(local).replace(tzinfo=None)


def spoken(moment: datetime) -> str:
    """`Wed 6 Apr 2022, 10:00 a.m.`"""
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    day = f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
    return f"{day}, {format_clock_time(seconds * 1_000_000)}"


def spoken_local(local: str) -> str:
    """The same of an ISO instant on the consumer's clock."""
    return spoken(_wall(local))
