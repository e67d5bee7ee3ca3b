"""Reads every rule, definition and their links below some folders; each mistake is told with all the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from fdcpa_guard.errors import RuleError, RuleErrors, RuleShapeError
from fdcpa_guard.rulefile.definitions import DefinitionSet, read_definitions
from fdcpa_guard.rulefile.documents import CASES_SUFFIX, LEXICON_SUFFIX, LIMITATIONS_FILE, NOTICE_SUFFIX, read_source
from fdcpa_guard.rulefile.limitation_reading import read_limitations, together
from fdcpa_guard.rulefile.limitations import NO_TABLES, LimitationTable
from fdcpa_guard.rulefile.load import DEFINITIONS_FILE, read_rule
from fdcpa_guard.rulefile.model import DefinitionsFile, Rule
from fdcpa_guard.ruleset.links import link_errors
from fdcpa_guard.ruleset.rulebook import COVERAGE_FILE, Rulebook
from fdcpa_guard.source import SourceFile


def read_folders(roots: Sequence[Path], *, shipped: bool) -> Rulebook:
    """Every rule below the folders.

    Raises:
        RuleErrors: every mistake in every file, and between the rules.
    """
    loader = _Loader()
    # What the package brings is named from its own folder, whatever the folder of the installation is.
    named_from = {root: root.parent if shipped else None for root in roots}
    for root in roots:
        loader.limitations(root, named_from[root])
    definitions = loader.definitions_of_all()
    for root in roots:
        loader.folder(root, root, named_from[root], definitions)
    return loader.rulebook()


class _Loader:
    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.errors: list[RuleError] = []
        self.unread_ids: set[str] = set()
        self.paths: dict[str, Path] = {}
        self.definitions: list[DefinitionsFile] = []
        self.hashes: list[tuple[str, str]] = []
        self.tables: list[LimitationTable] = []
        self.table_paths: dict[str, Path] = {}
        self.all_tables = NO_TABLES

    def limitations(self, root: Path, named_from: Path | None) -> None:
        """Reads the limitation periods below a folder. They come first: blocks hold them, wherever these stand."""
        for path in sorted(root.rglob(LIMITATIONS_FILE)):
            if any(part.startswith(".") for part in path.relative_to(root).parts):
                continue
            source = self._read(path, root, named_from)
            if source is not None:
                table, errors = read_limitations(source)
                self.errors.extend(errors)
                if table is not None:
                    self.tables.append(table)
                    self.table_paths.setdefault(table.jurisdiction, path)

    def definitions_of_all(self) -> DefinitionSet:
        """What stands above every folder: the limitation periods."""
        self.all_tables, errors = together(self.tables)
        self.errors.extend(errors)
        return DefinitionSet(tables=self.all_tables)

    def folder(self, folder: Path, root: Path, named_from: Path | None, above: DefinitionSet) -> None:
        if not folder.is_dir():
            self.errors.append(RuleShapeError(f"there is no folder {folder.as_posix()}"))
            return
        entries = sorted(folder.iterdir(), key=lambda path: path.name)
        definitions = above
        own = folder / DEFINITIONS_FILE
        if own in entries:
            source = self._read(own, root, named_from)
            if source is not None:
                definitions, errors = read_definitions(source, above)
                self.errors.extend(errors)
                self.definitions.extend(definitions.files[len(above.files) :])
        for path in entries:
            if path.name.startswith("."):
                continue
            if path.is_dir():
                self.folder(path, root, named_from, definitions)
            elif _is_rule_file(path.name):
                self._rule(path, root, named_from, definitions)
            elif path.name.endswith((LEXICON_SUFFIX, NOTICE_SUFFIX)):
                # Read by who reads words; it is a part of the law that is in force nevertheless.
                self._read(path, root, named_from)
            elif path.suffix == ".yml":
                source = SourceFile(_name(path, named_from), "")
                self.errors.append(RuleShapeError("expected a file name that ends in `.yaml`", source.span(0, 0)))

    def _read(self, path: Path, root: Path, named_from: Path | None) -> SourceFile | None:
        try:
            source = read_source(path, _name(path, named_from))
        except RuleErrors as error:
            self.errors.extend(error.errors)
            return None
        text = source.text.replace("\r\n", "\n")
        self.hashes.append((path.relative_to(root).as_posix(), sha256(text.encode()).hexdigest()))
        return source

    def _rule(self, path: Path, root: Path, named_from: Path | None, definitions: DefinitionSet) -> None:
        source = self._read(path, root, named_from)
        if source is None:
            return
        rule, errors = read_rule(source, definitions)
        if errors or rule is None:
            self.errors.extend(errors)
            if rule is not None:
                self.unread_ids.add(rule.id)
            return
        self.rules.append(rule)
        self.paths[rule.id] = path

    def rulebook(self) -> Rulebook:
        self.rules.sort(key=lambda rule: rule.id)
        self.errors.extend(link_errors(self.rules, self.unread_ids))
        if self.errors:
            raise RuleErrors(self.errors)
        return Rulebook(
            rules=tuple(self.rules),
            digest=_digest(self.hashes),
            definitions=tuple(self.definitions),
            paths=MappingProxyType(self.paths),
            limitations=self.all_tables,
            limitation_paths=MappingProxyType(self.table_paths),
        )


def _is_rule_file(name: str) -> bool:
    return (
        name.endswith(".yaml")
        and not name.endswith((CASES_SUFFIX, LEXICON_SUFFIX, NOTICE_SUFFIX))
        and name not in (DEFINITIONS_FILE, COVERAGE_FILE, LIMITATIONS_FILE)
    )


def _name(path: Path, named_from: Path | None) -> str:
    return (path if named_from is None else path.relative_to(named_from)).as_posix()


def _digest(hashes: Iterable[tuple[str, str]]) -> str:
    lines = sorted(f"{name}\t{text}\n" for name, text in hashes)
    return sha256("".join(lines).encode()).hexdigest()
