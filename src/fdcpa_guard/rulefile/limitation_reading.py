"""From a `limitations.yaml` to its table: every value checked, every mistake of the file told at once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fdcpa_guard.errors import RuleDateError, RuleError, RuleErrors, RuleShapeError, UnknownNameError
from fdcpa_guard.rulefile.documents import read_source
from fdcpa_guard.rulefile.limitation_shapes import NEVER, LimitationsShape
from fdcpa_guard.rulefile.limitations import (
    DatedLength,
    Extinguishes,
    LimitationTable,
    LimitationTables,
    Period,
    Restart,
    Tolling,
)
from fdcpa_guard.rulefile.model import Confidence, DatedValue, InForce
from fdcpa_guard.rulefile.names import NameTable
from fdcpa_guard.rulefile.nodes import MappingNode, ScalarNode, SequenceNode, first_line
from fdcpa_guard.rulefile.parameters import backwards, date_errors
from fdcpa_guard.rulefile.reading import FileReader
from fdcpa_guard.rulefile.strict_yaml import parse_yaml
from fdcpa_guard.source import SourceFile
from fdcpa_guard.values import Duration, Unit, format_day
from fdcpa_guard.vocabulary import closest

_UNITS = (Unit.YEARS, Unit.MONTHS, Unit.CALENDAR_DAYS)


def load_limitations(source: Path | SourceFile) -> LimitationTable:
    """The table of a file. Raises RuleErrors: every mistake in the file."""
    table, errors = read_limitations(source if isinstance(source, SourceFile) else read_source(source))
    if table is None or errors:
        raise RuleErrors(errors)
    return table


def read_limitations(source: SourceFile) -> tuple[LimitationTable | None, list[RuleError]]:
    """The table, as far as it can be read, and what is wrong with it. Without errors there is a table."""
    root, yaml_errors = parse_yaml(source)
    if root is None:
        return None, list(yaml_errors)
    reader = FileReader(root, LimitationsShape, NameTable())
    reader.errors.extend(yaml_errors)
    table = _table(reader, reader.root)
    return table, reader.finish()


def together(tables: Iterable[LimitationTable]) -> tuple[LimitationTables, list[RuleError]]:
    """All tables; an error for each jurisdiction that has two."""
    found: dict[str, LimitationTable] = {}
    errors: list[RuleError] = []
    for table in tables:
        before = found.setdefault(table.jurisdiction, table)
        if before is not table:
            message = f"`{table.jurisdiction}` has its limitation periods in {before.path} already"
            errors.append(RuleShapeError(message, table.span))
    return LimitationTables(found), errors


def _table(reader: FileReader, root: MappingNode) -> LimitationTable:
    confidence = reader.choice(root, "confidence", Confidence)
    usual = _day_facts(reader, root, "runs_from")
    periods = tuple(_period(reader, item, usual, confidence) for item in reader.items(root, "periods"))
    reader.refuse_repeated(_ids(reader, root, "periods"), "id")
    reader.refuse_repeated(_ids(reader, root, "restarts"), "id")
    restarts = tuple(_restart(reader, item, periods, confidence) for item in reader.items(root, "restarts"))
    _refuse_unasked(reader, restarts, frozenset(period.id for period in periods if period.judgment))
    ends = root.get("extinguishes")
    checked_on = reader.day(root, "checked_on")
    key = root.key("limitations_of")
    return LimitationTable(
        jurisdiction=reader.text(root, "limitations_of"),
        checked_on=0 if checked_on is None else checked_on,
        confidence=confidence,
        notes=reader.text(root, "notes", ""),
        periods=periods,
        restarts=restarts,
        tolled_by=tuple(
            Tolling(reader.text(item, "cite"), reader.text(item, "by")) for item in reader.items(root, "tolled_by")
        ),
        extinguishes=Extinguishes(reader.text(ends, "cite"), reader.text(ends, "says"))
        if isinstance(ends, MappingNode)
        else None,
        path=root.source.name,
        span=root.span if key is None else key.span,
    )


def _ids(reader: FileReader, root: MappingNode, key: str) -> list[ScalarNode]:
    return [node for item in reader.items(root, key) if (node := reader.scalar(item, "id")) is not None]


def _day_facts(reader: FileReader, mapping: MappingNode, key: str) -> tuple[str, ...]:
    words = reader.words(mapping, key)
    reader.refuse_repeated(words, "day")
    return tuple(word.text for word in words)


def _names(reader: FileReader, mapping: MappingNode, key: str) -> frozenset[str] | None:
    if mapping.key(key) is None:
        return None
    words = reader.words(mapping, key)
    reader.refuse_repeated(words, "word")
    return frozenset(word.text for word in words)


def _truth(mapping: MappingNode, key: str) -> bool | None:
    node = mapping.get(key)
    return node.value if isinstance(node, ScalarNode) and isinstance(node.value, bool) else None


def _period(reader: FileReader, item: MappingNode, usual: tuple[str, ...], confidence: Confidence) -> Period:
    either, latest = item.key("runs_from"), item.key("runs_from_latest_of")
    if either is not None and latest is not None:
        message = "both `runs_from` and `runs_from_latest_of`; expected one of them"
        reader.error(RuleShapeError, message, latest.span)
    runs_from = _day_facts(reader, item, "runs_from" if latest is None else latest.text)
    judgment = _truth(item, "judgment") is True
    if judgment and either is None and latest is None:
        reader.error(RuleShapeError, "a period of judgments says itself from which day it runs", first_line(item))
    begins_after = reader.scalar(item, "begins_after")
    return Period(
        id=reader.text(item, "id"),
        cite=reader.text(item, "cite"),
        says=reader.text(item, "says", ""),
        confidence=reader.choice(item, "confidence", Confidence, confidence),
        judgment=judgment,
        kinds=_names(reader, item, "kinds"),
        forms=_names(reader, item, "forms"),
        signed=_truth(item, "signed"),
        consumer_credit=_truth(item, "consumer_credit"),
        collectors=_names(reader, item, "collectors"),
        lengths=_lengths(reader, item),
        dated_by=reader.optional_text(item, "dated_by"),
        runs_from=runs_from or usual,
        latest=latest is not None,
        begins_after=None if begins_after is None else _span(reader, begins_after),
        renewable=_truth(item, "renewable") is True,
        notes=reader.text(item, "notes", ""),
        span=first_line(item),
    )


def _lengths(reader: FileReader, item: MappingNode) -> tuple[DatedLength, ...]:
    single, several = item.key("length"), item.key("lengths")
    dated_by = item.key("dated_by")
    if (single is None) == (several is None):
        found = "neither `length` nor `lengths`" if single is None else "both `length` and `lengths`"
        reader.error(RuleShapeError, f"{found}; expected one of them", first_line(item))
        return ()
    if (several is None) != (dated_by is None):
        message = "`lengths` and `dated_by` go together: the one has the lengths, the other says what decides among them"
        reader.error(RuleShapeError, message, first_line(item))
    if several is None:
        return (DatedLength(_length(reader, item), InForce(None, None), first_line(item)),)
    found_lengths = [
        DatedLength(_length(reader, each), InForce(reader.day(each, "from"), reader.day(each, "until")), each.span)
        for each in reader.items(item, "lengths")
    ]
    reader.errors.extend(date_errors([DatedValue("", each.in_force, each.span) for each in found_lengths]))
    if not found_lengths:
        return ()
    first, last = found_lengths[0], found_lengths[-1]
    if first.in_force.start is not None:
        message = f"the first length begins on {format_day(first.in_force.start)}; expected one for the days before, too"
        reader.error(RuleDateError, message, first.span)
    if last.in_force.end is not None:
        message = f"the last length ends on {format_day(last.in_force.end)}; expected one for the days after, too"
        reader.error(RuleDateError, message, last.span)
    return tuple(found_lengths)


def _length(reader: FileReader, mapping: MappingNode) -> tuple[Duration | None, ...]:
    node = mapping.get("length")
    words = reader.words(mapping, "length") if isinstance(node, SequenceNode) else [reader.scalar(mapping, "length")]
    found = [None if word.text == NEVER else _span(reader, word) for word in words if word is not None]
    if len(set(found)) < len(found) and isinstance(node, SequenceNode):
        reader.error(RuleShapeError, "a length is given twice", node.span)
    return tuple(found)


def _span(reader: FileReader, node: ScalarNode) -> Duration:
    duration = Duration.parse(node.text)
    if duration is None or duration.unit not in _UNITS or duration.length < 1:
        message = f"found `{node.text}`; expected a span such as `6 years`, `18 months` or `30 calendar days`"
        reader.error(RuleShapeError, message, node.span)
        return Duration(1, Unit.YEARS)
    return duration


def _restart(reader: FileReader, item: MappingNode, periods: tuple[Period, ...], confidence: Confidence) -> Restart:
    ids = [period.id for period in periods]
    for word in reader.words(item, "periods"):
        if word.text not in ids:
            near = closest(word.text, ids)
            hint = f"did you mean `{near}`?" if near else None
            reader.error(UnknownNameError, f"no period of this file has the id `{word.text}`", word.span, hint)
    in_force = InForce(reader.day(item, "from"), reader.day(item, "until"))
    if in_force.start is not None and in_force.end is not None and in_force.end < in_force.start:
        reader.errors.append(backwards(in_force.start, in_force.end, first_line(item)))
    return Restart(
        id=reader.text(item, "id"),
        cite=reader.text(item, "cite"),
        says=reader.text(item, "says", ""),
        confidence=reader.choice(item, "confidence", Confidence, confidence),
        by=_names(reader, item, "by") or frozenset(),
        periods=_names(reader, item, "periods"),
        bought=_truth(item, "bought"),
        before_expiry=reader.text(item, "before_expiry"),
        after_expiry=reader.text(item, "after_expiry"),
        in_force=in_force,
        span=first_line(item),
    )


def _refuse_unasked(reader: FileReader, restarts: tuple[Restart, ...], judgments: frozenset[str]) -> None:
    """Of an act the first that fits counts: one that stands behind another which fits all of its acts is a mistake."""
    for index, later in enumerate(restarts):
        for before in restarts[:index]:
            same_debts = before.bought is None or before.bought is later.bought
            if before.periods is None:
                same_debts = same_debts and not (later.periods or frozenset()) & judgments
            else:
                same_debts = same_debts and later.periods is not None and later.periods <= before.periods
            if later.by <= before.by and same_debts and _holds_throughout(before.in_force, later.in_force):
                message = f"`{later.id}` is never asked: `{before.id}` before it speaks of the same acts, debts and days"
                reader.error(RuleDateError, message, later.span)


def _holds_throughout(one: InForce, other: InForce) -> bool:
    """Whether the one holds on every day on which the other does."""
    begins = one.start is None or (other.start is not None and one.start <= other.start)
    ends = one.end is None or (other.end is not None and other.end <= one.end)
    return begins and ends
