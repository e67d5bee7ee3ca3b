"""Values as people read them, in traces, findings and reports."""

from __future__ import annotations

from fdcpa_guard.facts.clock import Clock
from fdcpa_guard.values import (
    Duration,
    Kind,
    Range,
    Type,
    datetime_of,
    format_clock_time,
    format_day,
    format_money,
)


def show_instant(instant: int, clock: Clock | None) -> str:
    """In local time where a clock is known, else in UTC; seconds always, the offset with it."""
    moment = datetime_of(instant) if clock is None else clock.show(instant)
    return moment.isoformat(sep=" ", timespec="seconds" if moment.microsecond == 0 else "microseconds")


def show_value(value: object, of: Type, clock: Clock | None) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        match of.kind:
            case Kind.INSTANT:
                return show_instant(value, clock)
            case Kind.DAY:
                return format_day(value)
            case Kind.CLOCK_TIME:
                return format_clock_time(value)
            case Kind.MONEY:
                return format_money(value)
            case _:
                return str(value)
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    if isinstance(value, Range | Duration | str):
        return str(value)
    return repr(value)
