"""The chunks that a writer left, read back partition by partition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa

from fdcpa_guard.auditing.partitions.hashing import partition_of
from fdcpa_guard.auditing.partitions.kinds import FILES, SCHEMAS, Kind
from fdcpa_guard.auditing.partitions.reading import Partition


class PartitionReader:
    """Reads back what was written, partition by partition."""

    def __init__(self, folder: Path, ranks: Sequence[int] | None = None, partitions: int | None = None) -> None:
        """`ranks`: the place of each file in the order of the files, where that is not the order of their numbers.
        `partitions`: how many there are, where chunks may have been written for fewer: for a divisor of them."""
        self._partitions = partitions
        self._paths = {kind: sorted(folder.glob(f"*.{kind.value}.arrow")) for kind in Kind}
        self._files: list[str] = orjson.loads((folder / FILES).read_bytes())
        self._ranks = None if ranks is None else np.array(ranks, np.int32)
        if ranks is not None:
            self._files = [name for _, name in sorted(zip(ranks, self._files, strict=True))]

    def partition(self, number: int) -> Partition:
        return Partition({kind: self._table(kind, number) for kind in Kind}, self._files)

    def _table(self, kind: Kind, partition: int) -> pa.Table:
        """The records of a kind, in the order in which they were put in."""
        batches = [batch for path in self._paths[kind] for batch in _read(path, partition, self._partitions)]
        found = pa.Table.from_batches(_with_same_columns(batches, kind)) if batches else SCHEMAS[kind].empty_table()
        if self._ranks is not None:
            place = found.schema.get_field_index("file")
            found = found.set_column(place, "file", pa.array(self._ranks[np.asarray(found["file"])]))
        found = found.unify_dictionaries().combine_chunks()
        for field in SCHEMAS[kind]:
            if field.name not in found.column_names:
                found = found.append_column(field, pa.nulls(len(found), field.type))
        return found


def _read(path: Path, partition: int, partitions: int | None) -> Iterator[pa.RecordBatch]:
    with pa.memory_map(str(path)) as source:
        file = pa.ipc.open_file(source)
        held = file.num_record_batches
        batch = file.get_batch(partition if partitions is None else partition % held)
        if partitions is not None and held < partitions:
            batch = batch.filter(pa.array(partition_of(batch["consumer"], partitions) == partition))
        if batch.num_rows:
            yield _with_its_own_shapes(batch)


def _with_same_columns(batches: Sequence[pa.RecordBatch], kind: Kind) -> list[pa.RecordBatch]:
    """With all columns that any of them has: a chunk has those of which its records say something."""
    fields = [field for field in SCHEMAS[kind] if any(field.name in batch.schema.names for batch in batches)]
    return [
        pa.RecordBatch.from_arrays(
            [
                batch.column(field.name) if field.name in batch.schema.names else pa.nulls(len(batch), field.type)
                for field in fields
            ],
            schema=pa.schema(fields),
        )
        for batch in batches
    ]


def _with_its_own_shapes(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Without the shapes of the chunk that no record of the batch has: where all texts differ, they are the whole log."""
    place = batch.schema.get_field_index("shape")
    if place < 0:
        return batch
    column = batch.column(place)
    used, numbers = np.unique(np.asarray(column.indices), return_inverse=True)
    own = pa.DictionaryArray.from_arrays(pa.array(numbers.astype(np.int32)), column.dictionary.take(pa.array(used)))
    return batch.set_column(place, batch.schema.field(place), own)
