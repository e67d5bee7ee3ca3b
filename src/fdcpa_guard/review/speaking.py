"""How a rule's conditions and blocks are put into English: its numbers shown, its own notions named and explained.

Everything here is Markdown. A notion (a count, a standing, a shared condition) is in italics wherever it is used, and
explained once in the sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, assert_never

from fdcpa_guard.engine.formatting import show_value
from fdcpa_guard.lang import core
from fdcpa_guard.lang.printing import Term, to_english
from fdcpa_guard.review.wording import in_order_of, listed, plural, words_of
from fdcpa_guard.rulefile.model import (
    Block,
    CalendarUnit,
    Count,
    Deadline,
    DefinitionOf,
    Exception_,
    Limitation,
    MomentOf,
    ParameterOf,
    Rule,
    Same,
    Selection,
    Standing,
    Waiting,
    Window,
    WindowKind,
)
from fdcpa_guard.values import Duration, Unit, format_day
from fdcpa_guard.vocabulary import load_vocabulary

ANY: Final = "any"


class Speech:
    """The English of one rule."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.vocabulary = load_vocabulary()
        self.parameters = {name: _shown(parameter) for name, parameter in rule.parameters.items()}
        self.terms = {
            **{name: _term_of_block(block) for name, block in rule.blocks.items()},
            **{name: _term_of_definition(definition) for name, definition in rule.definitions.items()},
        }

    # -- conditions ------------------------------------------------------------------------------------------------------

    def condition(self, condition: core.Condition) -> list[str]:
        """The condition: one sentence, or a line that opens a nested Markdown list."""
        return to_english(condition, self.vocabulary, self.parameters, terms=self.terms).split("\n")

    def clause(self, opening: str, condition: core.Condition) -> list[str]:
        """`opening` followed by the condition: on its line where it is one sentence, else as a list below it."""
        first, *rest = self.condition(condition)
        if not rest:
            return [f"{opening} {first}."]
        heads = {
            "all of:": "all of these hold:",
            "any of:": "any of these holds:",
            "none of:": "none of these holds:",
            "not all of:": "not all of these hold:",
        }
        return [f"{opening} {heads[first]}", "", *(line.removeprefix("  ") for line in rest)]

    def exception(self, exception: Exception_) -> list[str]:
        """An exception as a list item: its name, what the law says of it, when it holds, and its citation."""
        lines = self.clause("when", exception.when)
        said = f" {exception.says}" if exception.says else ""
        head = f"- **{exception.id.replace('-', ' ')}** ({exception.cite}):{said} "
        if len(lines) == 1:
            return [head + (lines[0][0].upper() + lines[0][1:] if said else lines[0])]
        opened = lines[0][0].upper() + lines[0][1:] if said else lines[0]
        return [head + opened, *_indented(lines[2:])]

    # -- blocks --------------------------------------------------------------------------------------------------------

    def block(self, block: Block) -> list[str]:
        """What a block says, as Markdown lines."""
        match block:
            case Count():
                opening = f"How many {self._what(block.select)} {self.window(block.window)}."
                return [opening, *self._narrowed(block.select, block.exceptions)]
            case MomentOf():
                which = "latest" if block.latest else "earliest"
                opening = f"The {which} of the {self._what(block.select)} {self.window(block.window)}, or none."
                return [opening, *self._narrowed(block.select, block.exceptions)]
            case Standing():
                return self._standing(block)
            case Waiting():
                which = "latest" if block.latest else "earliest"
                absent = "it is too early" if block.when_absent else "there is nothing to wait for"
                opening = (
                    f"It is too early until {self.length(block.at_least)} have run since the {which} of the "
                    f"{self._what(block.after)}; while there is none, {absent}."
                )
                return [opening, *self._narrowed(block.after, ())]
            case Deadline():
                return self._deadline(block)
            case Limitation():
                what = "the debt itself has ended, since the time for suing on it is over" if block.ends_the_debt else (
                    "the time for suing on the debt is over"
                )
                return [
                    f"True where {what}: by the day that is stated as its last, else by the limitation periods of the law "
                    "that governs the debt, or of the state where the consumer may be."
                ]
            case _:
                assert_never(block)

    def _standing(self, block: Standing) -> list[str]:
        until = "once it has begun and not yet ended" if block.ends else "once it has begun"
        of_entry = ", judged at the entry's own instant" if block.as_of_entry else ""
        lines = [f"It holds {until}{of_entry}.", "", "It begins with:", ""]
        for select in block.begins:
            lines.extend(self._turn(select))
        if block.ends:
            lines.extend(["", "It ends with:", ""])
            for select in block.ends:
                lines.extend(self._turn(select))
        if block.lapses_after is not None:
            lines.extend(["", f"It lapses after {self.length(block.lapses_after)}."])
        return lines

    def _turn(self, select: Selection) -> list[str]:
        head = f"- {self._what(select)}"
        if select.only_when is None:
            return [head]
        lines = self.clause("where", select.only_when)
        return [f"{head}, {lines[0].rstrip('.')}", *_indented(lines[2:])]

    def _deadline(self, block: Deadline) -> list[str]:
        lines = [
            f"Missed where, within {self.length(block.within)} after {'the earliest' if block.earliest else 'one'} of the "
            f"{self._what(block.after)}, none of the "
            f"{self._what(block.must_follow)} followed."
        ]
        if block.after.only_when is not None:
            lines.extend(["", *self.clause("The time runs only where", block.after.only_when)])
        if block.must_follow.only_when is not None:
            lines.extend(["", *self.clause("What follows fulfils it only where", block.must_follow.only_when)])
        return [*lines, *self._exceptions("It is not missed:", block.exceptions)]

    def _narrowed(self, select: Selection, exceptions: Iterable[Exception_]) -> list[str]:
        lines: list[str] = []
        if select.only_when is not None:
            lines.extend(["", *self.clause("Only those count where", select.only_when)])
        return [*lines, *self._exceptions("Left out:", exceptions)]

    def _exceptions(self, opening: str, exceptions: Iterable[Exception_]) -> list[str]:
        each = [line for exception in exceptions for line in self.exception(exception)]
        return ["", opening, "", *each] if each else []

    def _what(self, select: Selection) -> str:
        """`calls and texts about the same debt`, `events “consent given” that concern the same debt`."""
        if select.events is not None:
            names = in_order_of(select.events, self.vocabulary.sets["event_type"])
            quoted = [f"“{name.replace('_', ' ')}”" for name in names]
            what = f"events {listed(quoted, 'or')}"
            said = [_SAME_OF_EVENTS[same] for same in select.same]
        else:
            entries = select.entries or frozenset({ANY})
            channels = in_order_of(entries, self.vocabulary.sets["channel"])
            what = "communications in the log" if ANY in entries else f"{listed(map(plural, channels))} in the log"
            said = [_SAME_OF_ENTRIES[same] for same in select.same]
        return " ".join([what, listed(each for each in said if each)]).strip()

    # -- spans of time -------------------------------------------------------------------------------------------------

    def length(self, length: Duration | str) -> str:
        """`7 consecutive days (span)`: the value, and the name of the parameter that has it."""
        if isinstance(length, Duration):
            return str(length)
        return f"{self.parameters[length]} ({length.replace('_', ' ')})"

    def window(self, window: Window) -> str:
        """Where the window lies, and whether the communication judged is in it."""
        own = "the communication judged included" if window.this_one else "the communication judged left out"
        clock = "where the consumer is" if window.clock == "consumer_local" else "in the Eastern zone"
        if window.kind is WindowKind.LIFETIME:
            return f"at any time before, {own}" if window.this_one else "at any time before the communication"
        if isinstance(window.length, CalendarUnit):
            week = f" (weeks begin on {window.week_starts.capitalize()})" if window.length is CalendarUnit.WEEK else ""
            return f"in the same {window.length.value}{week}, by the calendar {clock}, {own}"
        assert window.length is not None
        return f"{self._rolling(window.length, clock)}, {own}"

    def _rolling(self, length: Duration | str, clock: str) -> str:
        shown = self.length(length)
        duration = length if isinstance(length, Duration) else self._duration(length)
        match None if duration is None else duration.unit:
            case Unit.CONSECUTIVE_DAYS:
                return f"in the {shown} that end with the day of the communication, days {clock}"
            case Unit.CALENDAR_DAYS:
                return f"on its day or in the {shown} before it, days {clock}"
            case Unit.BUSINESS_DAYS:
                return f"within the last {shown}, days {clock}, Saturdays, Sundays and federal holidays left out"
            case Unit.HOURS | Unit.MINUTES:
                return f"in the {shown} up to the instant of the communication"
            case _:
                return f"in the {shown} before it, by the calendar {clock}"

    def _duration(self, name: str) -> Duration | None:
        parameter = self.rule.parameters.get(name)
        value = None if parameter is None else parameter.values[-1].value
        return value if isinstance(value, Duration) else None


_SAME_OF_ENTRIES: Final = {
    Same.CONSUMER: "",
    Same.PERSON: "with the same person",
    Same.DEBT: "placed about the same debt",
    Same.DEBT_DISCUSSED: "in which the same debt was talked of",
    Same.ADDRESS: "to the same number or address",
    Same.CHANNEL: "on the same channel",
    Same.MEDIUM: "on the same channel",
    Same.PLACE: "to the same kind of place",
    Same.HOURS: "on the same day",
    Same.AGENT: "by the same agent",
}
_SAME_OF_EVENTS: Final = {
    Same.CONSUMER: "",
    Same.PERSON: "of the same person",
    Same.DEBT: "that concern the same debt",
    Same.DEBT_DISCUSSED: "that concern the same debt",
    Same.ADDRESS: "that name the same number or address",
    Same.CHANNEL: "that name the same channel or none",
    Same.MEDIUM: "that name the same medium or none",
    Same.PLACE: "that name the same kind of place",
    Same.HOURS: "whose days and hours cover the time of the communication",
    Same.AGENT: "",
}


def _shown(parameter: ParameterOf) -> str:
    """The value within a sentence: `5 consecutive days, or from 2026-01-01 7 consecutive days`."""
    first, *later = parameter.values
    return ", or ".join(
        [
            show_value(first.value, parameter.type, None),
            *(f"{days(each.in_force.start, None)} {show_value(each.value, parameter.type, None)}" for each in later),
        ]
    )


def parameter_values(parameter: ParameterOf) -> str:
    """The value, or each with the days for which it stands."""
    if len(parameter.values) == 1:
        return show_value(parameter.values[0].value, parameter.type, None)
    return "; ".join(
        f"{show_value(dated.value, parameter.type, None)} {days(dated.in_force.start, dated.in_force.end)}"
        for dated in parameter.values
    )


def days(start: int | None, end: int | None) -> str:
    """`from 2021-11-30`, `until 2025-06-30`, both, or that neither is established."""
    said = [
        *([] if start is None else [f"from {format_day(start)}"]),
        *([] if end is None else [f"until {format_day(end)}"]),
    ]
    return " ".join(said) or "on every day (its first is not established)"


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" if line else line for line in lines)


def _term_of_block(block: Block) -> Term:
    noun = f"*{words_of(block.name)}*"
    match block:
        case Waiting():
            return Term(noun, f"the wait {noun} is not over", f"the wait {noun} is over")
        case Deadline():
            return Term(noun, f"the deadline {noun} is missed", f"the deadline {noun} is not missed")
        case _:
            return Term(noun, f"{noun} holds", f"{noun} does not hold")


_SUBJECTS: Final = {"communication": "it", "entry": "the entry", "event": "the event"}
"""A definition about the communication may as well be about its debt or person: `it` leaves that to its explanation."""


def _term_of_definition(definition: DefinitionOf) -> Term:
    words = words_of(definition.name)
    noun = f"*{words}*"
    verb, _, rest = words.partition(" ")
    contrary = {"is": "is not", "has": "has no", "was": "was not"}.get(verb)
    if contrary is None or not rest:
        return Term(noun, f"{noun} holds", f"{noun} does not hold")
    subject = _SUBJECTS[definition.scope]
    return Term(noun, f"{subject} {noun}", f"it is not so that {subject} {noun}")
