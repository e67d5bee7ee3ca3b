"""Reads the blocks of a rule or definition file: counts, latest, earliest, standing, waiting, deadline."""

from __future__ import annotations

from collections.abc import Mapping

from fdcpa_guard.errors import RuleShapeError
from fdcpa_guard.lang.core import Scope
from fdcpa_guard.rulefile.limitations import LimitationTables
from fdcpa_guard.rulefile.model import (
    Block,
    Count,
    Deadline,
    Exception_,
    Limitation,
    MomentOf,
    Same,
    Selection,
    Standing,
    Waiting,
)
from fdcpa_guard.rulefile.nodes import MappingNode, ScalarNode, first_line
from fdcpa_guard.rulefile.reading import FileReader
from fdcpa_guard.rulefile.time_text import lifetime, read_span, read_window, required_span
from fdcpa_guard.values import Unit

ANY_CHANNEL = frozenset({"any"})

# What one side never has: an entry names no hours nor a medium other than its channel, an event has no agent.
_NOT_OF_ENTRIES = (Same.HOURS, Same.MEDIUM)
_NOT_OF_EVENTS = (Same.AGENT,)


def enter_block_names(reader: FileReader, root: MappingNode) -> None:
    """Enters the names of a file's blocks, so that conditions may use them whatever the order."""
    names = reader.names
    names.counts.update(name for name, _ in reader.named(root, "counts"))
    for key in ("latest", "earliest"):
        for name, node in reader.named(root, key):
            names.moments[name] = Scope.EVENT if node.get("events") is not None else Scope.ENTRY
    for name, node in reader.named(root, "standing"):
        names.truths[name] = reader.text(node, "as_of", "communication") == "entry"
    for key in ("waiting", "deadline", "limitation"):
        for name, _ in reader.named(root, key):
            names.truths[name] = False


def read_blocks(
    reader: FileReader, root: MappingNode, units: Mapping[str, frozenset[Unit]], tables: LimitationTables
) -> dict[str, Block]:
    """The blocks of a file by name. `units` has the units of every duration parameter that may be named."""
    known = dict(units)
    blocks: dict[str, Block] = {}
    for name, node in reader.named(root, "counts"):
        blocks[name] = _count(reader, name, node, known)
    for key in ("latest", "earliest"):
        for name, node in reader.named(root, key):
            blocks[name] = _moment(reader, name, node, known, key == "latest")
    for name, node in reader.named(root, "standing"):
        blocks[name] = _standing(reader, name, node)
    for name, node in reader.named(root, "waiting"):
        blocks[name] = _waiting(reader, name, node)
    for name, node in reader.named(root, "deadline"):
        blocks[name] = _deadline(reader, name, node)
    for name, node in reader.named(root, "limitation"):
        ends_the_debt = reader.text(node, "asks", "suit") == "debt"
        blocks[name] = Limitation(name, reader.text(node, "cite"), ends_the_debt, tables, first_line(node))
    return blocks


def read_exceptions(reader: FileReader, mapping: MappingNode, key: str, scope: Scope) -> tuple[Exception_, ...]:
    """The list of exceptions at a key; their ids stand once."""
    items = reader.items(mapping, key)
    refuse_repeated_ids(reader, items)
    return tuple(
        Exception_(
            id=reader.text(item, "id"),
            cite=reader.text(item, "cite"),
            when=reader.required_condition(item, "when", scope),
            says=reader.text(item, "says", ""),
            span=first_line(item),
        )
        for item in items
    )


def refuse_repeated_ids(reader: FileReader, items: list[MappingNode]) -> None:
    """An error for each id that another item of the list bears already."""
    reader.refuse_repeated([node for item in items if (node := reader.scalar(item, "id")) is not None], "id")


def read_channels(reader: FileReader, mapping: MappingNode, key: str) -> frozenset[str]:
    """Channels; `any` stands for all of them, those of a later vocabulary included."""
    node = mapping.get(key)
    if isinstance(node, ScalarNode):
        reader.text(mapping, key)
        return ANY_CHANNEL
    words = reader.words(mapping, key)
    reader.refuse_repeated(words, "channel")
    return frozenset(word.text for word in words)


def read_selection(reader: FileReader, node: MappingNode) -> Selection:
    """What a block looks at: entries by channel, or events by type."""
    entries, events = node.key("entries"), node.key("events")
    if entries is not None and events is not None:
        reader.error(RuleShapeError, "both `entries` and `events`; expected one of them", events.span)
    elif entries is None and events is None and node.end > node.start:
        reader.error(RuleShapeError, "neither `entries` nor `events`; expected one of them", first_line(node))
    scope = Scope.EVENT if events is not None else Scope.ENTRY
    types = reader.words(node, "events") if events is not None else []
    reader.refuse_repeated(types, "event")
    return Selection(
        entries=read_channels(reader, node, "entries") if events is None else None,
        events=frozenset(word.text for word in types) if events is not None else None,
        same=_same(reader, node, scope),
        only_when=reader.condition(node, "only_when", scope),
        span=first_line(node),
    )


def _same(reader: FileReader, node: MappingNode, scope: Scope) -> tuple[Same, ...]:
    words = reader.words(node, "same")
    reader.refuse_repeated(words, "word")
    known = {same.value: same for same in Same}
    found: list[Same] = []
    for word in words:
        same = known.get(word.text)
        if same is None:
            continue
        if same in (_NOT_OF_ENTRIES if scope is Scope.ENTRY else _NOT_OF_EVENTS):
            what = "entries" if scope is Scope.ENTRY else "events"
            reader.error(RuleShapeError, f"`{same.value}` is nothing in which {what} could agree", word.span)
        found.append(same)
    return tuple(found)


def _scope(select: Selection) -> Scope:
    return Scope.ENTRY if select.events is None else Scope.EVENT


def _count(reader: FileReader, name: str, node: MappingNode, units: dict[str, frozenset[Unit]]) -> Count:
    return Count(
        name=name,
        cite=reader.text(node, "cite"),
        select=read_selection(reader, node),
        window=read_window(reader, reader.mapping(node, "window"), units),
        exceptions=read_exceptions(reader, node, "except", Scope.ENTRY),
        span=first_line(node),
    )


def _moment(
    reader: FileReader, name: str, node: MappingNode, units: dict[str, frozenset[Unit]], latest: bool
) -> MomentOf:
    select = read_selection(reader, node)
    given = node.key("window")
    window = read_window(reader, reader.mapping(node, "window"), units) if given else lifetime(reader, node)
    if window.this_one and given is not None:
        which = "latest" if latest else "earliest"
        reader.error(RuleShapeError, f"`{which}` looks at what went before; `this_one` cannot be included", given.span)
    return MomentOf(
        name=name,
        cite=reader.text(node, "cite"),
        latest=latest,
        select=select,
        window=window,
        exceptions=read_exceptions(reader, node, "except", _scope(select)),
        span=first_line(node),
    )


def _standing(reader: FileReader, name: str, node: MappingNode) -> Standing:
    return Standing(
        name=name,
        cite=reader.text(node, "cite"),
        begins=tuple(read_selection(reader, item) for item in reader.items(node, "begins")),
        ends=tuple(read_selection(reader, item) for item in reader.items(node, "ends")),
        lapses_after=read_span(reader, node, "lapses_after"),
        as_of_entry=reader.text(node, "as_of", "communication") == "entry",
        span=first_line(node),
    )


def _waiting(reader: FileReader, name: str, node: MappingNode) -> Waiting:
    return Waiting(
        name=name,
        cite=reader.text(node, "cite"),
        after=read_selection(reader, reader.mapping(node, "after")),
        latest=reader.text(node, "which", "latest") == "latest",
        at_least=required_span(reader, node, "at_least"),
        when_absent=reader.text(node, "when_absent") == "waiting",
        span=first_line(node),
    )


def _deadline(reader: FileReader, name: str, node: MappingNode) -> Deadline:
    return Deadline(
        name=name,
        cite=reader.text(node, "cite"),
        after=read_selection(reader, reader.mapping(node, "after")),
        must_follow=read_selection(reader, reader.mapping(node, "must_follow")),
        within=required_span(reader, node, "within"),
        earliest=reader.text(node, "which", "each") == "earliest",
        exceptions=read_exceptions(reader, node, "unless", Scope.COMMUNICATION),
        span=first_line(node),
    )
