"""Records of rows by their templates, with the rows' own cells in their places: columns of each kind of record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from fdcpa_guard.auditing.partitions.flows import AS_JSON, Fields, Filled, Ref, Template
from fdcpa_guard.auditing.partitions.kinds import ID, SCHEMAS, SHARED, ColumnBatch, Kind
from fdcpa_guard.facts.importers.calls import Call

Ints = npt.NDArray[np.int64]
Of = Callable[[Ref], pa.Array]

_NOT_PLAIN: Final = r'["\\|\x00-\x1f]'
"""Of an id that stands in JSON as it is, and is not read as several."""


def plain_enough(places: Ints, templates: Sequence[Template], of: Of) -> None:
    """Takes away the templates of rows with a cell that a list would have to write otherwise."""
    for ref in dict.fromkeys(
        part
        for template in templates
        for fields in (template.row, template.event)
        if fields is not None
        for name in AS_JSON & fields.keys()
        if isinstance(fields[name], tuple)
        for part in fields[name]
        if isinstance(part, Ref)
    ):
        odd = pc.match_substring_regex(of(ref), _NOT_PLAIN).fill_null(False)
        places[np.asarray(odd)] = -1


def batch_of(file: str, numbers: Ints, places: Ints, templates: Sequence[Template], of: Of) -> ColumnBatch:
    """The rows that have a template, by its place."""
    rows = np.flatnonzero(places >= 0)
    told = [template.row for template in templates]
    events = np.array([template.event is not None for template in templates], bool)
    with_event = rows[events[places[rows]]]
    beside: tuple[ColumnBatch, ...] = ()
    if len(with_event):
        of_events: list[Fields] = [template.event or {} for template in templates]
        beside = (ColumnBatch(Kind.EVENTS, file, _table(Kind.EVENTS, with_event, numbers, places, of_events, of)),)
    return ColumnBatch(Kind.ROWS, file, _table(Kind.ROWS, rows, numbers, places, told, of), beside)


def consumers_of(rows: Ints, places: Ints, templates: Sequence[Template], of: Of) -> pa.Array:
    """Whose some rows are that have a template."""
    different = list(dict.fromkeys(template.row["consumer"] for template in templates))
    which = np.array([different.index(template.row["consumer"]) for template in templates], np.int64)
    return _texts(different, which[places[rows]], pa.array(rows), of)


def calls_of(table: pa.Table) -> list[tuple[Call, tuple[int, int, Any]]]:
    """The calls among communications that have an id: of each its row, the instant and the outcome."""
    if "id" not in table.column_names:
        return []
    shapes = table["shape"].combine_chunks()
    said = [orjson.loads(shape) for shape in shapes.dictionary.to_pylist()]
    inbound = [each.get("direction") == "inbound" for each in said]
    outcomes = [each.get("outcome") for each in said]
    cells = (table["id"].to_pylist(), shapes.indices.to_pylist(), table["row"].to_pylist(), table["at"].to_pylist())
    return [
        ((name, inbound[shape]), (row, at, outcomes[shape]))
        for name, shape, row, at in zip(*cells, strict=True)
        if name is not None
    ]


def _table(
    kind: Kind, rows: Ints, numbers: Ints, places: Ints, templates: Sequence[Mapping[str, Any]], of: Of
) -> pa.Table:
    place, index = places[rows], pa.array(rows)
    columns: dict[str, pa.Array] = {"row": pa.array(numbers[rows])}
    for field in SCHEMAS[kind]:
        if field.name in ("row", "file"):
            continue
        said = [fields.get(field.name) for fields in templates]
        different = list(dict.fromkeys(said))
        if different == [None]:
            continue
        which = np.array([different.index(each) for each in said], np.int64)[place]
        if pa.types.is_integer(field.type):
            columns[field.name] = _numbers(different, which, index, of).cast(field.type)
        elif field.type == SHARED:
            shapes = pa.array([each or "" for each in different], pa.string()).cast(pa.binary())
            columns[field.name] = pa.DictionaryArray.from_arrays(which.astype(np.int32), shapes)
        else:
            texts = _texts(different, which, index, of)
            columns[field.name] = texts.cast(pa.binary()) if field.type == ID else texts
    return pa.table(columns)


def _numbers(different: Sequence[Any], which: Ints, index: pa.Array, of: Of) -> pa.Array:
    found = np.zeros(len(which), np.int64)
    told = np.zeros(len(which), bool)
    for number, said in enumerate(different):
        among = which == number
        if isinstance(said, tuple):
            values = of(said[0]).take(index)
            found[among] = np.asarray(values.fill_null(0))[among]
            told |= among & np.asarray(values.is_valid())
        elif said is not None:
            found[among] = said
            told |= among
    return pa.array(found, mask=~told)


def _texts(different: Sequence[Any], which: Ints, index: pa.Array, of: Of) -> pa.Array:
    if not any(isinstance(said, tuple) for said in different):
        return pa.array(list(different), pa.string()).take(pa.array(which))
    columns = [_text(said, index, of) for said in different]
    if len(columns) == 1:
        return columns[0]
    return pc.choose(pa.array(which), *columns)


def _text(said: str | Filled | None, index: pa.Array, of: Of) -> Any:
    if not isinstance(said, tuple):
        return pa.scalar(said, pa.string())
    parts = [pa.scalar(part) if isinstance(part, str) else of(part).take(index) for part in said]
    return parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, "")
