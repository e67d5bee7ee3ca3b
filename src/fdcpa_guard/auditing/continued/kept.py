"""What was told of the consumers of one partition, kept for the runs that follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from fdcpa_guard.auditing.partitions.judging import Told
from fdcpa_guard.auditing.partitions.writing import whole_file
from fdcpa_guard.auditing.tally import Tally
from fdcpa_guard.auditing.unfinished import tally_as_json, tally_from_json

_TEXTS: Final = ("findings", "findings_csv", "problems", "problems_csv")
_SCHEMA: Final = pa.schema(
    [("consumer", pa.binary()), ("at_end", pa.bool_()), *((name, pa.large_binary()) for name in (*_TEXTS, "tally"))]
)


@dataclass(frozen=True, slots=True)
class KeptTold:
    """A consumer who is not counted with the many: what was told, what it adds to the counts, and whether anything was raised
    at the end of the log."""

    told: Told
    tally: Tally
    at_end: bool


def write_kept(path: Path, kept: Sequence[KeptTold]) -> None:
    """Each of another consumer."""
    columns = {
        "consumer": [each.told.consumer for each in kept],
        "at_end": [each.at_end for each in kept],
        **{name: [getattr(each.told, name) for each in kept] for name in _TEXTS},
        "tally": [orjson.dumps(tally_as_json(each.tally)) for each in kept],
    }
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with (
        whole_file(path) as aside,
        pa.OSFile(str(aside), "wb") as sink,
        pa.ipc.new_file(sink, _SCHEMA, options=options) as file,
    ):
        file.write_table(pa.table(columns, schema=_SCHEMA))


def read_kept(path: Path, among: Sequence[bytes]) -> Mapping[bytes, KeptTold]:
    """By the consumer's id, of some consumers."""
    with pa.memory_map(str(path)) as source:
        table = pa.ipc.open_file(source).read_all()
        rows = table.filter(pc.is_in(table["consumer"], pa.array(among, pa.binary()))).to_pylist()
    return {
        row["consumer"]: KeptTold(
            Told(row["consumer"], *(row[name] for name in _TEXTS)), tally_from_json(orjson.loads(row["tally"])), row["at_end"]
        )
        for row in rows
    }
