"""Vendors' exports, read in record batches: one way for all formats whose rows stand each for itself.

Rows that agree in all cells but those that are their own (see `vendor_cells`) are of one kind. Of each kind the importer is asked
once what it makes of such a row (see `flows`), and so much is read of all of them, with their own cells in their places. The
first row of a kind is left to the importer, which so has told whatever it tells once; and so are all rows of which it has
anything to say, or of which anything is in doubt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from fdcpa_guard.auditing.partitions.clocks import Clocks
from fdcpa_guard.auditing.partitions.flows import Ref, Shared, Template, Values, filled, records_of, template_of
from fdcpa_guard.auditing.partitions.keys import Keys, codes_of
from fdcpa_guard.auditing.partitions.kinds import ColumnBatch
from fdcpa_guard.auditing.partitions.leads import left_to_tell
from fdcpa_guard.auditing.partitions.templates import batch_of, calls_of, consumers_of, plain_enough
from fdcpa_guard.auditing.partitions.texts import as_array, as_taken
from fdcpa_guard.auditing.partitions.vendor_cells import (
    OwnAccount,
    OwnCell,
    OwnNumber,
    OwnText,
    Taken,
    VendorCells,
    as_text,
    owners,
)
from fdcpa_guard.facts.importers.calls import Calls
from fdcpa_guard.facts.importers.context import Context, Format, Importer
from fdcpa_guard.facts.importers.lead import LeadFacts
from fdcpa_guard.facts.importers.problems import Reports
from fdcpa_guard.facts.importers.table import Row, column_name
from fdcpa_guard.values import MICROSECONDS

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

_FEWEST_ALIKE: int = 4
"""To ask of a kind costs as much as to read so many rows."""
_MOST_KNOWN: Final = 20_000
_SORTS_KNOWN: Final = 50_000
Equal = tuple[Ref, Ref]


@dataclass(slots=True)
class _Frame:
    """A batch whose columns are taken. `equal` says of which rows two cells are the same."""

    batch: pa.RecordBatch
    names: tuple[str, ...]
    shared: tuple[str, ...]
    own: dict[str, Taken]
    sorts: dict[str, Ints]
    lead: dict[str, pa.Array]
    equal: dict[Equal, Bools]
    base: Ints
    size: int

    def column(self, name: str) -> pa.Array:
        found: pa.Array = self.batch.column(self.names.index(name))
        return found

    def of(self, ref: Ref) -> pa.Array:
        taken = self.own[ref.column]
        return taken.raw if ref.how == "raw" else taken.value if ref.how == "value" else taken.owner


class VendorReader:
    """Reads batches of one file. The rows of a batch have the columns of its schema and no others."""

    columns_apart = True
    """Rows of other columns are to be in another batch: which columns there are tells an importer more than what is in them."""

    def __init__(
        self,
        format_: Format,
        context: Context,
        importer: Importer,
        cells_of: Callable[[pa.Array], list[object]],
        cells: VendorCells,
    ) -> None:
        """`importer` is that of the rows that are left."""
        self._of_rows = importer
        self._calls: Calls | None = getattr(importer, "calls", None)
        self._lead: LeadFacts | None = getattr(importer, "lead", None)
        self._cells_of = cells_of
        self._said = cells
        options = context.options
        self._file, self._limit, self._enough = context.file, options.max_field, options.conversation_seconds
        self._options = options
        self._clocks = Clocks(context.clock)
        named = [column_name(each) for each in (options.consumer_column, options.debt_column) if each is not None]
        self._own: dict[str, OwnCell] = dict(cells.own)
        columns = {column.name for column in format_.columns}
        self._own |= {name: OwnText() for name in named if name not in columns}
        self._shared = columns - self._own.keys() - cells.sorts.keys() - set(cells.of_lead)
        self.asked: frozenset[str] = frozenset(columns | self._own.keys())
        self.empty = cells.empty
        # The importer that is asked of rows that stand for others; what it has to say is said by the one of the file.
        self._reports = Reports(context.file)
        self._numbers: dict[str, Sequence[str]] = {}
        self._debts: dict[str, Sequence[str]] = {}
        on_file = replace(options, consumers_by_number=_Beside(self._numbers, options.consumers_by_number),
                          consumers_by_debt=_Beside(self._debts, options.consumers_by_debt))  # fmt: skip
        self._importer = format_.open(Context(context.file, on_file, context.clock, self._reports))
        self._known: dict[tuple[object, ...], Template | Shared | None] = {}
        self._stand_ins_read: dict[tuple[str, str], str | int | None] = {}
        self._sorts: dict[str, dict[str, int]] = {name: {} for name in cells.sorts}

    def read(
        self, batch: pa.RecordBatch, numbers: Sequence[int], others: Sequence[Row] = ()
    ) -> tuple[ColumnBatch | None, Sequence[int]]:
        """What could be read in columns, and the places of the rows that are left to the importer."""
        try:
            return self._read(batch, as_array(numbers), others)
        except pa.ArrowException:
            return None, range(batch.num_rows)

    def _read(
        self, batch: pa.RecordBatch, numbers: Ints, others: Sequence[Row]
    ) -> tuple[ColumnBatch | None, Sequence[int]]:
        rows = batch.num_rows
        good = np.ones(rows, bool)
        frame = self._framed(batch, good)
        if frame is None or not good.any():
            return None, range(rows)
        places = np.full(rows, -1, np.int64)
        templates: list[Template] = []
        self._resolve(frame, np.flatnonzero(good), (), places, templates)
        plain_enough(places, templates, frame.of)
        self._leave_leads(frame, places, templates, others)
        self._leave_calls(frame, places, others)
        if not (places >= 0).any():
            return None, range(rows)
        told = batch_of(self._file, numbers, places, templates, frame.of)
        if self._calls is not None:
            calls = calls_of(told.table)
            further = [row for call, (row, _, _) in calls if self._calls.knows(call)]
            if further:
                places[np.isin(numbers, further)] = -1
                told = batch_of(self._file, numbers, places, templates, frame.of)
            self._calls.add((call for call in calls if not self._calls.knows(call[0])), int(numbers[0]))
        return told, np.flatnonzero(places < 0).tolist()

    # -- the columns -----------------------------------------------------------------------------------------------------

    def _framed(self, batch: pa.RecordBatch, good: Bools) -> _Frame | None:
        names = tuple(column_name(name) for name in batch.schema.names)
        if len(set(names)) < len(names):
            return None
        columns = dict(zip(names, batch.columns, strict=True))
        own: dict[str, Taken] = {}
        keys = Keys(batch.num_rows)
        for name, cell in self._own.items():
            if name not in columns:
                continue
            text = as_text(columns[name])
            if text is None:
                good &= np.asarray(columns[name].is_null())
                continue
            taken = cell.take(as_taken(text, self._limit, good), good, self._clocks)
            if isinstance(cell, OwnNumber):
                owners(taken, self._options.consumers_by_number, good)
            elif isinstance(cell, OwnAccount):
                owners(taken, self._options.consumers_by_debt, good)
            if text.null_count < len(text):
                own[name] = taken
                keys.add(taken.sort, int(taken.sort.max()) + 1)
        shared: list[str] = []
        for name in names:
            if name in self._shared and columns[name].null_count < len(columns[name]):
                coded = codes_of(columns[name])
                if coded is None:
                    return None
                shared.append(name)
                keys.add(*coded)
        lead: dict[str, pa.Array] = {}
        for name in self._said.of_lead if self._lead is not None and self._lead.are_in(names) else ():
            if name in columns:
                text = as_text(columns[name])
                if text is None:
                    return None
                lead[name] = as_taken(text, self._limit, good)
        sorts = {name: self._sorted(name, columns[name], good) for name in self._sorts if name in columns}
        for codes in sorts.values():
            keys.add(codes, int(codes.max(initial=0)) + 1)
        if self._said.together is not None:
            self._near(own, *self._said.together, good)
        equal = dict(_equal(own, self._own))
        for same in equal.values():
            keys.add(same.astype(np.int64), 2)
        return _Frame(batch, names, tuple(shared), own, sorts, lead, equal, keys.keys, keys.size)

    def _sorted(self, name: str, column: pa.Array, good: Bools) -> Ints:
        text = as_text(column)
        if text is None:
            good &= np.asarray(column.is_null())
            return np.zeros(len(column), np.int64)
        known, sort = self._sorts[name], self._said.sorts[name].sort
        if len(known) > _SORTS_KNOWN:
            known.clear()
        encoded = as_taken(text, self._limit, good).dictionary_encode()
        sorts: list[int] = []
        for written in encoded.dictionary.to_pylist():
            if written not in known:
                try:
                    known[written] = sort(written, self._enough)
                except ValueError:
                    known[written] = -1
            sorts.append(known[written])
        found: Ints = np.array([*sorts, 0], np.int64)[np.asarray(encoded.indices.fill_null(len(sorts)))]
        good &= found >= 0
        return np.maximum(found, 0)

    def _near(self, own: Mapping[str, Taken], first: str, second: str, seconds: int, good: Bools) -> None:
        if first in own and second in own and self._clocks.has_zone:
            apart = pc.abs(pc.subtract(own[first].value, own[second].value))
            good &= np.asarray(pc.less_equal(apart, seconds * MICROSECONDS).fill_null(True))

    def _leave_leads(self, frame: _Frame, places: Ints, templates: Sequence[Template], others: Sequence[Row]) -> None:
        """Takes away the templates of rows that may tell news of a lead."""
        lead = self._lead
        if lead is None or not lead.are_in(frame.names) or not (places >= 0).any():
            return
        by_number = np.array([not _is_told(template.row["consumer"]) for template in templates], bool)
        # One that is known by a number alone is not found in the rows that are left.
        places[(places >= 0) & by_number[places]] = -1
        if not lead.keeps(len(places) + len(others)):
            places[:] = -1
        rows = np.flatnonzero(places >= 0)
        if not len(rows):
            return
        left = pa.array(np.flatnonzero(places < 0))
        cells = zip(*(self._cells_of(column.take(left)) for column in frame.batch.columns), strict=True)
        elsewhere = [*((frame.names, each) for each in cells), *((row.columns, row.cells) for row in others)]
        apart = frozenset(consumer for columns, row in elsewhere for consumer in self._of_rows.consumers_of(columns, row))
        index = pa.array(rows)
        nothing = [None] * len(rows)
        said = [frame.lead[name].take(index).to_pylist() if name in frame.lead else nothing for name in self._said.of_lead]
        told = consumers_of(rows, places, templates, frame.of).to_pylist()
        places[rows[left_to_tell(lead, told, zip(*said, strict=True), apart)]] = -1

    def _leave_calls(self, frame: _Frame, places: Ints, others: Sequence[Row]) -> None:
        """Takes away the templates of rows that may be of the call of another row of the batch."""
        if self._calls is None or not (places >= 0).any():
            return
        column = self._said.call
        if column in frame.own:
            written = [each and each.strip() for each in frame.own[column].raw.to_pylist()]
            elsewhere = (str(row.cells[row.columns.index(column)]).strip() for row in others if column in row.columns)
            often = Counter(chain(written, elsewhere))
            places[np.array([each is not None and often[each] > 1 for each in written], bool)] = -1

    # -- the kinds of rows -------------------------------------------------------------------------------------------------

    def _resolve(
        self, frame: _Frame, among: Ints, fixed: tuple[str, ...], places: Ints, templates: list[Template]
    ) -> None:
        """Gives some rows the places of their templates. The cells of the columns `fixed` are shared too."""
        keys = Keys.begun(frame.base[among], frame.size)
        index = pa.array(among)
        for name in fixed:
            codes = codes_of(frame.own[name].raw.take(index))
            assert codes is not None
            keys.add(*codes)
        kind, count = keys.numbered()
        firsts = np.full(count, -1, np.int64)
        firsts[kind[::-1]] = among[::-1]
        often = np.bincount(kind, minlength=count)
        found: list[Template | Shared | None] = []
        asked: list[int] = []
        for number, key in enumerate(self._keys(frame, firsts, fixed)):
            if key not in self._known:
                if often[number] < _FEWEST_ALIKE:
                    found.append(None)
                    continue
                if len(self._known) >= _MOST_KNOWN:
                    self._known.clear()
                self._known[key] = self._ask(frame, int(firsts[number]), fixed)
                asked.append(int(firsts[number]))
            found.append(self._known[key])
        # What is told once is told of the first row of a kind.
        left = np.isin(among, asked)
        of_kind = np.full(count, -1, np.int64)
        again: dict[frozenset[str], list[int]] = {}
        for number, each in enumerate(found):
            if isinstance(each, Template):
                of_kind[number] = len(templates)
                templates.append(each)
            elif isinstance(each, Shared):
                again.setdefault(each.columns, []).append(number)
        places[among] = np.where(left, -1, of_kind[kind])
        for columns, numbers in again.items():
            self._resolve(frame, among[np.isin(kind, numbers)], (*fixed, *sorted(columns)), places, templates)

    def _keys(self, frame: _Frame, rows: Ints, fixed: tuple[str, ...]) -> Iterator[tuple[object, ...]]:
        """What tells each kind from others, in any batch."""
        index = pa.array(rows)
        told: list[Sequence[object]] = [self._cells_of(frame.column(name).take(index)) for name in frame.shared]
        for name, taken in frame.own.items():
            cell = self._own[name]
            if name in fixed:
                told.append(taken.raw.take(index).to_pylist())
            elif isinstance(cell, OwnText) and cell.head:
                told.append([each and each[: cell.head] for each in taken.raw.take(index).to_pylist()])
            told.append(taken.sort[rows].tolist())
        told += [codes[rows].tolist() for codes in frame.sorts.values()]
        told += [same[rows].tolist() for same in frame.equal.values()]
        header = (frame.names, frame.shared, tuple(frame.own), tuple(frame.equal), fixed)
        for cells in zip(*told, strict=True):
            yield (header, tuple(map(_hashable, cells)))

    # -- asking the importer -----------------------------------------------------------------------------------------------

    def _ask(self, frame: _Frame, row: int, fixed: tuple[str, ...]) -> Template | Shared | None:
        """What the importer makes of rows like this one; None where they are to be left to it."""
        one = pa.array([row])
        cells: dict[str, Any] = {name: self._cells_of(frame.column(name).take(one))[0] for name in (*frame.shared, *frame.sorts)}
        itself = {ref: frame.of(ref)[row].as_py() for ref in _refs(frame.own)}
        alike = [pair for pair, same in frame.equal.items() if same[row]]
        asked: list[Any] = []
        for variant in (0, 1):
            stands = self._stand_ins(frame, itself, alike, fixed, variant)
            made = None if stands is None else self._made(frame, {**cells, **stands[0]}, stands[1])
            if made is None:
                return None
            assert stands is not None
            asked.append((made, stands[1]))
        found = template_of(asked)
        if isinstance(found, Shared):
            return found if found.columns.isdisjoint(fixed) else None
        if found is None:
            return None
        # What holds of what stood in has to hold of the row itself.
        whole = {**cells, **{name: itself[Ref("raw", name)] for name in frame.own}}
        made = self._made(frame, whole, {})
        if made is None or made[0] != _as_made(found.row, itself):
            return None
        return found if made[1] == (found.event and _as_made(found.event, itself)) else None

    def _stand_ins(
        self, frame: _Frame, itself: Values, alike: Sequence[Equal], fixed: tuple[str, ...], variant: int
    ) -> tuple[dict[str, str | None], dict[Ref, str | int | None]] | None:
        """What stands in for the own cells of a row, by column, and what is made of each."""
        same: dict[Ref, Ref] = {}
        for first, second in alike:
            if first.column in fixed or second.column in fixed:
                return None
            same.setdefault(second, first)
        cells: dict[str, str | None] = {}
        values: dict[Ref, str | int | None] = {}
        self._numbers.clear()
        self._debts.clear()
        # Texts first: whose a number is may be the consumer whom another cell names.
        in_order = sorted(enumerate(frame.own), key=lambda each: not isinstance(self._own[each[1]], OwnText))
        for place, name in in_order:
            written = itself[Ref("raw", name)]
            if written is None:
                continue
            if name in fixed:
                cells[name] = str(written)
                continue
            stand_in = self._stand_in(frame, name, place, variant, str(written), same, values)
            told = None if stand_in is None else self._read_as(name, stand_in)
            if told is None:
                return None
            cells[name] = values[Ref("raw", name)] = stand_in
            if not isinstance(self._own[name], OwnText):
                values[Ref("value", name)] = told
        for place, name in in_order:
            owner = Ref("owner", name)
            if name in cells and name not in fixed and itself.get(owner) is not None:
                of_number = isinstance(self._own[name], OwnNumber)
                like = same.get(owner)
                values[owner] = values[like] if like is not None else f"Zo{place}q{variant}oZ"
                on_file = self._numbers if of_number else self._debts
                on_file[str(values[Ref("value" if of_number else "raw", name)])] = (str(values[owner]),)
        return cells, values

    def _stand_in(
        self, frame: _Frame, name: str, place: int, variant: int, written: str, same: Mapping[Ref, Ref], values: Values
    ) -> str | None:
        """What stands in for a cell; None where nothing can."""
        cell = self._own[name]
        if isinstance(cell, OwnNumber):
            like = same.get(Ref("value", name))
            if like is None:
                return cell.stand_in(place, variant, written)
            # Of one number, and written in another way.
            first = self._own[like.column]
            assert isinstance(first, OwnNumber)
            place = list(frame.own).index(like.column)
            found = cell.in_other_words(place, variant)
            return found if first.forms == cell.forms else None
        if isinstance(cell, OwnText) and (like := same.get(Ref("raw", name))) is not None:
            return str(values[like])
        if self._said.together is not None and name == self._said.together[1]:
            near = values.get(Ref("value", self._said.together[0]))
            if isinstance(near, int):
                return str(near // MICROSECONDS + 1)
        return cell.stand_in(place, variant, written)

    def _read_as(self, name: str, stand_in: str) -> str | int | None:
        """What is made of something that stands in for a cell; None where it is none of its sort."""
        key = name, stand_in
        if key not in self._stand_ins_read:
            good = np.ones(1, bool)
            told = self._own[name].take(pa.array([stand_in], pa.string()), good, self._clocks)
            self._stand_ins_read[key] = told.value[0].as_py() if good[0] else None
        return self._stand_ins_read[key]

    def _made(self, frame: _Frame, cells: Mapping[str, Any], values: Values) -> Any:
        """The records of a row of such cells; None where there is anything to say of it."""
        if not values:
            self._numbers.clear()
            self._debts.clear()
        calls = getattr(self._importer, "calls", None)
        if calls is not None:
            calls.clear()
        items = self._importer.read(1, frame.names, [cells.get(name) for name in frame.names])
        said = any(each.row is not None for each in self._reports.pending) or self._reports.any_code
        # Closed, they begin anew: of a cause that was told often they would else be silent.
        self._reports.close()
        self._reports.pending.clear()
        return None if said else records_of(items)


class _Beside(dict[str, Sequence[str]]):
    """What is on file, and before it what stands in for something that is."""

    def __init__(self, stands: Mapping[str, Sequence[str]], on_file: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self._stands, self._on_file = stands, on_file

    def get(self, key: str, default: Any = None) -> Any:
        return self._stands.get(key) or self._on_file.get(key, default)


def _is_told(consumer: Any) -> bool:
    """Whether it is one that a cell or a file names, and no number."""
    if not isinstance(consumer, tuple):
        return True
    return len(consumer) == 1 and isinstance(consumer[0], Ref) and consumer[0].how != "value"


def _as_made(fields: Mapping[str, Any], values: Values) -> dict[str, Any]:
    found = filled(fields, values)
    return {**found, "shape": found["shape"].encode()}


def _refs(own: Mapping[str, Taken]) -> list[Ref]:
    return [
        Ref(how, name) for name, taken in own.items() for how in ("raw", "value", "owner")
        if how != "owner" or taken.owner is not None
    ]  # fmt: skip


def _equal(own: Mapping[str, Taken], cells: Mapping[str, OwnCell]) -> Iterator[tuple[Equal, Bools]]:
    """Of which rows two numbers are one, or two that may be the consumer."""
    numbers = [Ref("value", name) for name in own if isinstance(cells[name], OwnNumber)]
    consumers = [Ref("raw", name) for name in own if isinstance(cell := cells[name], OwnText) and not cell.head]
    consumers += [Ref("owner", name) for name, taken in own.items() if taken.owner is not None]
    for among in (numbers, consumers):
        for place, first in enumerate(among):
            for second in among[place + 1 :]:
                one, other = (_of(own, each) for each in (first, second))
                yield (first, second), np.asarray(pc.equal(one, other).fill_null(False))


def _of(own: Mapping[str, Taken], ref: Ref) -> pa.Array:
    taken = own[ref.column]
    return taken.raw if ref.how == "raw" else taken.value if ref.how == "value" else taken.owner


def _hashable(cell: object) -> object:
    """With its type: what is equal and of another type may be read otherwise."""
    return cell if cell is None or type(cell) is str else (type(cell), str(cell))
