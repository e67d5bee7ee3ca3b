"""What DuckDB answers, as Arrow batches: a table or a query of a database, or a file in a bucket. Needs the extra `duckdb`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.arrow_cells import BATCH_ROWS, BatchTable, first_line, pyarrow_for
from fdcpa_guard.facts.importers.table import MAX_FIELD, Broken, Row

_SETTINGS: Final = {
    # One thread, so that a query without ORDER BY gives its rows in one order, whatever the machine.
    "threads": 1,
    # Nothing is fetched and run that nobody asked for, and no query sees the variables of this program.
    "autoinstall_known_extensions": False,
    "python_enable_replacements": False,
}
_AS_TEXT: Final = frozenset({"uhugeint", "bit", "bignum", "time with time zone"})
"""Types of which Arrow has no like: what comes of them is another value. As text they are what they were."""
_EXTENSION: Final = re.compile(r"required extension '(\w+)")


class DuckdbTable(BatchTable):
    """The rows that a query gives. `database` None: it names what it reads itself. Nothing is written.

    Times with a zone are instants, those without are naive; enumerations, lists and structures are as in Parquet.
    `sha256` is that of the rows as read, once all are: of a line of JSON with the names and types of the columns, and one
    with the cells of each row.

    Raises:
        FactsError: DuckDB or pyarrow is not installed, or an extension of DuckDB; the text is no single query; the query fails.
    """

    def __init__(self, database: Path | None, query: str, where: str, max_field: int = MAX_FIELD, address: str = "") -> None:
        self._where, self._address = where, address
        duckdb = _duckdb_for(where)
        arrow = pyarrow_for("what DuckDB answers", where, "duckdb")
        self._duckdb = duckdb
        self._connection = _connected(duckdb, database, where)
        try:
            statements = self._connection.extract_statements(query)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise FactsError("expected one SELECT: nothing else is run", where)
            relation = self._connection.sql(query)
            targets = [_target(kind) for kind in relation.types]
            if any(target is not None for target in targets):
                relation = self._connection.sql(_converted(query, relation.columns, targets))
            self._reader: Any = relation.to_arrow_reader(BATCH_ROWS)
        except duckdb.Error as error:
            self._connection.close()
            raise _refusal(error, where, address) from None
        except BaseException:
            self._connection.close()
            raise
        super().__init__(arrow, self._reader.schema, max_field)
        self._hash = hashlib.sha256(_line([[name, str(kind)] for name, kind in zip(self.columns, self._reader.schema.types, strict=True)]))

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def rows(self) -> Iterator[Row | Broken]:
        update = self._hash.update
        for row in super().rows():
            update(_line([*row.cells]))
            yield row

    def batches(self) -> Iterator[Any]:
        update = self._hash.update
        for batch in super().batches():
            for cells in self.taken(batch, range(batch.num_rows)):
                update(_line([*cells]))
            yield batch

    def _batches(self) -> Iterator[Any]:
        yield from self._reader

    def errors(self) -> tuple[type[Exception], ...]:
        return (*super().errors(), self._duckdb.Error)

    def _close(self) -> None:
        self._reader.close()
        self._connection.close()


def files_matching(pattern: str, where: str) -> list[str]:
    """The files of a bucket that a pattern names, sorted.

    Raises:
        FactsError: as for a table.
    """
    duckdb = _duckdb_for(where)
    connection = _connected(duckdb, None, where)
    try:
        found = connection.execute("SELECT file FROM glob($1) ORDER BY file", [pattern]).fetchall()
    except duckdb.Error as error:
        raise _refusal(error, where, pattern) from None
    finally:
        connection.close()
    return sorted(file for (file,) in found)


def text_literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def name_literal(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _duckdb_for(where: str) -> Any:
    try:
        import duckdb
    except ImportError:
        raise FactsError(
            "reading this needs DuckDB, which is not installed", where, "pip install 'fdcpa-guard[duckdb]'"
        ) from None
    return duckdb


def _connected(duckdb: Any, database: Path | None, where: str) -> Any:
    try:
        if database is None:
            connection = duckdb.connect(":memory:", config=_SETTINGS)
        else:
            connection = duckdb.connect(str(database), read_only=True, config=_SETTINGS)
    except duckdb.Error as error:
        raise FactsError(f"the database cannot be opened: {first_line(error)}", where) from None
    # A query that turns an instant into a local time must not do so by the zone of the machine.
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def _refusal(error: Exception, where: str, address: str) -> FactsError:
    said = " ".join(str(error).split())
    if match := _EXTENSION.search(said):
        extension = match[1]
        return FactsError(
            f"reading this needs DuckDB's extension {extension}, which is not installed",
            where,
            f"once, with a network: python -c \"import duckdb; duckdb.sql('INSTALL {extension}')\"",
        )
    # An address may hold the means to open it.
    shown = first_line(error).replace(address, where) if address else first_line(error)
    return FactsError(f"DuckDB cannot read this: {shown}", where)


def _converted(query: str, columns: list[str], targets: list[str | None]) -> str:
    # By place, as two columns of a query may have one name.
    parts = [
        f"#{place}" if target is None else f"CAST(#{place} AS {target}) AS {name_literal(name)}"
        for place, (name, target) in enumerate(zip(columns, targets, strict=True), start=1)
    ]
    return f"SELECT {', '.join(parts)} FROM (\n{query.rstrip().rstrip(';')}\n)"


def _target(kind: Any) -> str | None:
    """The type to which a column is cast before it is read; None where it is read as it is."""
    if kind.id in _AS_TEXT:
        return "VARCHAR"
    if kind.id not in ("list", "array", "struct", "map", "union"):
        return None
    children = [(name, child) for name, child in kind.children if not isinstance(child, int)]
    inner = [_target(child) for _, child in children]
    if all(each is None for each in inner):
        return None
    types = [str(child) if each is None else each for each, (_, child) in zip(inner, children, strict=True)]
    if kind.id in ("list", "array"):
        return f"{types[0]}[]"
    if kind.id == "map":
        return f"MAP({', '.join(types)})"
    if kind.id == "union":
        return "VARCHAR"
    fields = (f"{name_literal(name)} {each}" for (name, _), each in zip(children, types, strict=True))
    return f"STRUCT({', '.join(fields)})"


def _line(value: list[Any]) -> bytes:
    try:
        return orjson.dumps(value, default=str, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS)
    except (TypeError, ValueError):
        # A whole number of more than 64 bits.
        return orjson.dumps([repr(cell) for cell in value], option=orjson.OPT_APPEND_NEWLINE)
