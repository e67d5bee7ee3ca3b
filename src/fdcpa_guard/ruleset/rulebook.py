"""All rules of one or more folders, loaded and checked together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from fdcpa_guard.errors import RuleError, RuleErrors, RuleShapeError
from fdcpa_guard.rulefile.cases_file import CASES_SUFFIX
from fdcpa_guard.rulefile.definitions import DefinitionSet, DefinitionsFile, read_definitions
from fdcpa_guard.rulefile.documents import read_source
from fdcpa_guard.rulefile.load import DEFINITIONS_FILE, read_rule
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.ruleset.links import link_errors
from fdcpa_guard.source import SourceFile

COVERAGE_FILE = "coverage.yaml"
"""Says which paragraphs of a law are encoded; lies beside the rules and is none."""

_DIGITS_SHOWN = 16


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Rules in the order of their ids; other readings are among them, marked by `other_reading_of`."""

    rules: tuple[Rule, ...]
    digest: str
    """SHA-256, hex, of all rule and definition files: their names below their root, and their text."""
    definitions: tuple[DefinitionsFile, ...] = ()
    by_id: Mapping[str, Rule] = field(init=False)
    paths: Mapping[str, Path] = field(default_factory=dict)
    """The file of each rule, by id."""
    shared: Mapping[str, DefinitionSet] = field(default_factory=dict)
    """What each definition file, by its name, and those above it give."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", MappingProxyType({rule.id: rule for rule in self.rules}))

    @property
    def version(self) -> str:
        """The rules' version as decisions and reports show it."""
        return f"sha256:{self.digest[:_DIGITS_SHOWN]}"


def shipped_rules() -> Path:
    """The folder of the rules that come with the package: within it, or beside `src` in a source checkout.

    Raises:
        RuleErrors: there is neither.
    """
    within = Path(str(files("fdcpa_guard"))) / "rules"
    beside = Path(__file__).resolve().parents[3] / "rules"
    for folder in (within, beside):
        if folder.is_dir():
            return folder
    raise RuleErrors([RuleShapeError(f"no rules come with this installation; expected them in {within.as_posix()}")])


def load_rulebook(roots: Sequence[Path] | None = None) -> Rulebook:
    """Every rule below the folders; left out, those that come with the package.

    Raises:
        RuleErrors: every mistake in every file, and between the rules.
    """
    loader = _Loader()
    for root in [shipped_rules()] if roots is None else roots:
        # What the package brings is named from its own folder, whatever the folder of the installation is.
        named_from = root.parent if roots is None else None
        loader.folder(root, root, named_from, DefinitionSet())
    return loader.rulebook()


def load_rules_to_judge_by(roots: Sequence[Path] | None = None) -> Rulebook:
    """The same, where decisions follow: a folder without any rule is a mistake, for by no rule everything is allowed.

    Raises:
        RuleErrors: as `load_rulebook`; and a folder has no rule.
    """
    rulebook = load_rulebook(roots)
    used = rulebook.paths.values()
    empty = [root for root in roots or () if not any(path.is_relative_to(root) for path in used)]
    if empty or not rulebook.rules:
        names = ", ".join(root.as_posix() for root in empty) or "this installation"
        raise RuleErrors([RuleShapeError(f"there are no rules in {names}")])
    return rulebook


class _Loader:
    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.errors: list[RuleError] = []
        self.unread_ids: set[str] = set()
        self.paths: dict[str, Path] = {}
        self.shared: dict[str, DefinitionSet] = {}
        self.definitions: list[DefinitionsFile] = []
        self.hashes: list[tuple[str, str]] = []

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
                self.shared[source.name] = definitions
                self.definitions.extend(definitions.files[len(above.files) :])
        for path in entries:
            if path.name.startswith("."):
                continue
            if path.is_dir():
                self.folder(path, root, named_from, definitions)
            elif _is_rule_file(path.name):
                self._rule(path, root, named_from, definitions)
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
            shared=MappingProxyType(self.shared),
        )


def _is_rule_file(name: str) -> bool:
    return (
        name.endswith(".yaml")
        and not name.endswith(CASES_SUFFIX)
        and name not in (DEFINITIONS_FILE, COVERAGE_FILE)
    )


def _name(path: Path, named_from: Path | None) -> str:
    return (path if named_from is None else path.relative_to(named_from)).as_posix()


def _digest(hashes: Iterable[tuple[str, str]]) -> str:
    lines = sorted(f"{name}\t{text}\n" for name, text in hashes)
    return sha256("".join(lines).encode()).hexdigest()
