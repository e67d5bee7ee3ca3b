"""What is read: files, the files of a folder or of a pattern, and what DuckDB answers; each once, in one order."""

from __future__ import annotations

import glob
import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.duckdb_reading import DuckdbTable, files_matching, name_literal, text_literal
from fdcpa_guard.facts.importers.in_memory import TableSource
from fdcpa_guard.facts.importers.opening import open_table
from fdcpa_guard.facts.importers.partitions import PartitionedTable, Partitions, named_below, partitions_of
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.table import Note, Positions, Table
from fdcpa_guard.facts.importers.text_lines import PACKED

_TABLES_OF_TEXT: Final = (".csv", ".tsv", ".txt")
_ENDINGS: Final = (*_TABLES_OF_TEXT, ".json", ".jsonl", ".ndjson", ".parquet", ".arrow", ".feather", ".arrows")
_DATABASE: Final = "duckdb:"
_BUCKETS: Final = ("s3://", "gs://", "gcs://", "r2://", "https://")
_WILD: Final = re.compile(r"[*?\[]")


def name_of(path: Path) -> str:
    """A file's bare name, with the folders that are named after a value."""
    return "/".join((*named_below(path.parts[:-1]), path.name))


@dataclass(slots=True)
class FileSource:
    """A file. `partitions` are the columns that its folders tell."""

    path: Path
    partitions: Partitions = ()
    notes: list[Note] = field(default_factory=list)

    def __str__(self) -> str:
        return str(self.path)

    @property
    def label(self) -> str:
        return name_of(self.path)

    @property
    def identity(self) -> str:
        return os.path.realpath(self.path)

    def open(self, known: frozenset[str], max_field: int, positions: Sequence[Positions]) -> Table:
        return _within(open_table(self.path, known, max_field, positions), self.partitions)


@dataclass(slots=True)
class QuerySource:
    """What DuckDB answers. `name` is what it is called in messages, `label` in results, where no folder of a machine and no
    long query is wanted; of a file in a bucket, neither they nor `query` tell a key to it, as `address` and `sql` may."""

    name: str
    label: str
    query: str
    sql: str
    database: Path | None = None
    address: str = ""
    partitions: Partitions = ()
    notes: list[Note] = field(default_factory=list)
    _table: DuckdbTable | None = None

    def __str__(self) -> str:
        return self.name

    @property
    def identity(self) -> str:
        return self.name

    @property
    def sha256(self) -> str:
        """Of the rows as they were read last."""
        assert self._table is not None
        return self._table.sha256

    def open(self, known: frozenset[str], max_field: int, positions: Sequence[Positions]) -> Table:
        self._table = DuckdbTable(self.database, self.sql, self.name, max_field, self.address)
        return _within(self._table, self.partitions)


Source = FileSource | QuerySource | TableSource


def sources_of(asked: Sequence[Path | str]) -> tuple[Source, ...]:
    """What some names stand for. A folder stands for the files in it, and a pattern (`logs/2025-*.parquet`, `**`) for what
    it matches, both sorted. What is named twice is read once, and told.

    Raises:
        FactsError: a file is not there, a pattern or a folder has none, an address is not one that is read.
    """
    found: dict[str, Source] = {}
    for name in asked:
        for source in _one(name):
            first = found.setdefault(source.identity, source)
            if first is not source:
                first.notes[:] = [Note(ProblemKind.ASSUMPTION, "it is named more than once, and is read once")]
    return tuple(found.values())


def one_source(asked: Path | str) -> tuple[Source, ...]:
    """Raises FactsError where it is a folder, or a pattern that several files match."""
    if not _is_address(asked) and Path(asked).is_dir():
        raise FactsError("this is a folder, expected one file", str(asked))
    sources = sources_of((asked,))
    if len(sources) != 1:
        raise FactsError(f"{len(sources)} files match the pattern, expected one file", str(asked))
    return sources


def _one(asked: Path | str) -> Iterator[Source]:
    if isinstance(asked, str) and asked.startswith(_DATABASE):
        yield _database(asked)
    elif isinstance(asked, str) and asked.startswith(_BUCKETS):
        yield from _bucket(asked)
    else:
        path = Path(asked)
        if path.is_dir():
            yield from _files_in(path)
        elif path.exists():
            yield _file(path)
        elif _WILD.search(str(path)):
            yield from _matching(path)
        else:
            raise FactsError("there is no such file", str(path))


def _is_address(asked: Path | str) -> bool:
    return isinstance(asked, str) and asked.startswith((_DATABASE, *_BUCKETS))


def _within(table: Table, partitions: Partitions) -> Table:
    return PartitionedTable(table, partitions) if partitions else table


def _file(path: Path) -> FileSource:
    return FileSource(path, partitions_of(path.parts[:-1]))


def _files_in(folder: Path) -> Iterator[FileSource]:
    inside = sorted(inner for inner in folder.rglob("*") if inner.is_file() and _is_log(inner))
    if not inside:
        raise FactsError(f"the folder has no file that ends in {', '.join(_ENDINGS)}", str(folder))
    yield from map(_file, inside)


def _matching(pattern: Path) -> Iterator[FileSource]:
    """Files whatever they are called, as where a shell expands the pattern; `**` at the end is a folder with all below."""
    matches = [Path(match) for match in glob.glob(str(pattern), recursive=True)]
    below = pattern.name == "**"
    files = {path for path in matches if path.is_file() and (not below or _is_log(path))}
    if not below:
        files.update(source.path for path in matches if path.is_dir() for source in _files_in(path))
    if not files:
        raise FactsError("no file matches the pattern", str(pattern))
    yield from map(_file, sorted(files))


def _is_log(path: Path) -> bool:
    name = path.name.lower()
    return not name.startswith((".", "~")) and _bare(name).endswith(_ENDINGS)


def _bare(name: str) -> str:
    for ending in PACKED:
        name = name.removesuffix(ending)
    return name


# --- what DuckDB reads ----------------------------------------------------------------------------------------------------


def _database(asked: str) -> QuerySource:
    """`duckdb:PATH?table=NAME`, `duckdb:PATH?query=SELECT ...`; without a path, the query names what it reads."""
    where, _, what = asked.removeprefix(_DATABASE).partition("?")
    path = where.removeprefix("//")
    kind, _, text = what.partition("=")
    if kind not in ("table", "query") or not text.strip() or (kind == "table" and not path):
        raise FactsError(
            "expected duckdb:FILE?table=NAME, duckdb:FILE?query=SELECT ... or duckdb:?query=SELECT ...", asked
        )
    if path and not Path(path).is_file():
        raise FactsError("there is no such database", path)
    query = text if kind == "query" else f"SELECT * FROM {'.'.join(map(name_literal, text.split('.')))}"
    mark = text if kind == "table" else hashlib.sha256(text.encode()).hexdigest()[:8]
    label = f"{Path(path).name if path else 'duckdb'}?{kind}={mark}"
    return QuerySource(asked, label, query, query, Path(path) if path else None)


def _bucket(asked: str) -> Iterator[QuerySource]:
    path = urlsplit(asked).path if asked.startswith("https://") else asked
    if _WILD.search(path):
        files = files_matching(asked, _shown(asked))
        if not files:
            raise FactsError("no file matches the pattern", _shown(asked))
    else:
        files = [asked]
    for file in files:
        shown = _shown(file)
        inner = PurePosixPath(urlsplit(file).path if file.startswith("https://") else file)
        query, sql = _reading(shown, inner.name), _reading(file, inner.name)
        yield QuerySource(shown, shown, query, sql, address=file, partitions=partitions_of(inner.parts[:-1]))


def _reading(address: str, name: str) -> str:
    """Everything of CSV is text: a guess at types would cost the zeros that a number begins with."""
    bare = _bare(name.lower())
    if bare.endswith(".parquet"):
        return f"SELECT * FROM read_parquet({text_literal(address)}, hive_partitioning = false)"
    if bare.endswith(_TABLES_OF_TEXT):
        options = "all_varchar = true, header = true, hive_partitioning = false"
        return f"SELECT * FROM read_csv({text_literal(address)}, {options})"
    raise FactsError(
        f"of a bucket, files that end in .parquet, {', '.join(_TABLES_OF_TEXT)} are read",
        address,
        "for others, write a query: duckdb:?query=SELECT ...",
    )


def _shown(address: str) -> str:
    """An address without what may be a key to it: who opens it, and what is behind its `?`, of which a mark is left."""
    if not address.startswith("https://"):
        return address
    parts = urlsplit(address)
    mark = f"?{hashlib.sha256(parts.query.encode()).hexdigest()[:8]}" if parts.query else ""
    return f"https://{parts.netloc.rpartition('@')[2]}{parts.path}{mark}"
