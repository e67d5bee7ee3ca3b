"""Arrow's own files (.arrow, .feather) and streams (.arrows), batch by batch. Needs pyarrow, as Parquet does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.arrow_cells import BatchTable, first_line, pyarrow_for
from fdcpa_guard.facts.importers.table import MAX_FIELD

FILE: Final = b"ARROW1"
STREAM: Final = b"\xff\xff\xff\xff"
"""How a file begins, and a stream: with the mark of its first message."""
OLD_FEATHER: Final = b"FEA1"


class ArrowTable(BatchTable):
    """An open file or stream of record batches. A batch is checked before it is read: a damaged one could else name memory
    that is not its own.

    Raises:
        FactsError: pyarrow is not installed, or the file holds no record batches.
        OSError: the file cannot be opened.
    """

    def __init__(self, path: Path, max_field: int = MAX_FIELD, *, stream: bool = False) -> None:
        arrow = pyarrow_for("Arrow files", str(path))
        self._stream = stream
        # Mapped, so that of a batch that is not packed only the pages that are looked at are in memory.
        self._source: Any = arrow.memory_map(str(path))
        try:
            self._reader: Any = (arrow.ipc.open_stream if stream else arrow.ipc.open_file)(self._source)
        except arrow.ArrowException as error:
            self._source.close()
            raise FactsError(f"this is no Arrow file that can be read: {first_line(error)}", str(path)) from None
        super().__init__(arrow, self._reader.schema, max_field)

    def _batches(self) -> Iterator[Any]:
        reader = self._reader
        batches = reader if self._stream else map(reader.get_batch, range(reader.num_record_batches))
        for batch in batches:
            batch.validate()
            for column in batch.columns:
                self._check(column)
            yield batch

    def _check(self, column: Any) -> None:
        arrow, kind = self._arrow, column.type
        try:
            column.validate(full=True)
        except arrow.ArrowInvalid:
            # Bytes that are no text cost their field and not the batch, where nothing else is wrong.
            types = arrow.types
            for is_text, as_bytes in (
                (types.is_string, arrow.binary()),
                (types.is_large_string, arrow.large_binary()),
                (types.is_string_view, arrow.binary_view()),
            ):
                if is_text(kind):
                    column.view(as_bytes).validate(full=True)
                    return
            raise

    def _close(self) -> None:
        self._source.close()
