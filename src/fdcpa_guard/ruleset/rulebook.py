"""All rules of one or more folders, loaded and checked together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from fdcpa_guard.errors import RuleErrors, RuleShapeError
from fdcpa_guard.rulefile.limitations import NO_TABLES, LimitationTables
from fdcpa_guard.rulefile.model import DefinitionsFile, Rule
from fdcpa_guard.ruleset.kept import IN_THE_PACKAGE, kept, key_of, opened, packed

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
    limitations: LimitationTables = NO_TABLES
    """The limitation periods of each jurisdiction that has a file of them."""
    limitation_paths: Mapping[str, Path] = field(default_factory=dict)
    """Those files, by jurisdiction."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", MappingProxyType({rule.id: rule for rule in self.rules}))

    def __reduce__(self) -> tuple[object, ...]:
        files = dict(self.paths), self.limitations, dict(self.limitation_paths)
        return Rulebook, (self.rules, self.digest, self.definitions, *files)

    def without_paths(self) -> Rulebook:
        """The same wherever its files lie."""
        return replace(self, paths={}, limitation_paths={})

    def named_from(self, folder: Path) -> Rulebook:
        """The same with the paths of its files, whose names begin below a folder."""
        return replace(
            self,
            paths={rule.id: folder / rule.path for rule in self.rules},
            limitation_paths={code: folder / table.path for code, table in self.limitations.by_jurisdiction.items()},
        )

    @property
    def version(self) -> str:
        """The rules' version as decisions and reports show it."""
        return f"sha256:{self.digest[:_DIGITS_SHOWN]}"


def shipped_rules() -> Path:
    """The folder of the rules that come with the package: within it, or beside `src` in a source checkout.

    Raises:
        RuleErrors: there is neither.
    """
    within = Path(__file__).parents[1] / "rules"
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
    # Reading takes half a second, and kept rules need none of its modules.
    from fdcpa_guard.ruleset.loading import read_folders

    return read_folders([shipped_rules()] if roots is None else roots, shipped=roots is None)


def load_rules_to_judge_by(roots: Sequence[Path] | None = None) -> Rulebook:
    """The same, where decisions follow: a folder without any rule is a mistake, for by no rule everything is allowed.

    What was read before, when the package was built or by this user, and has not changed since, is not read again (see
    `kept`).

    Raises:
        RuleErrors: as `load_rulebook`; and a folder has no rule.
    """
    rulebook = _not_read_again(roots)
    used = rulebook.paths.values()
    empty = [root for root in roots or () if not any(path.is_relative_to(root) for path in used)]
    if empty or not rulebook.rules:
        names = ", ".join(root.as_posix() for root in empty) or "this installation"
        raise RuleErrors([RuleShapeError(f"there are no rules in {names}")])
    return rulebook


def prepare_shipped_rules(file: Path = IN_THE_PACKAGE) -> None:
    """Reads the rules that come with the package and writes them to where it looks for them before it reads any.

    Raises:
        RuleErrors: as `load_rules_to_judge_by`.
        OSError: the file cannot be written.
    """
    folder = shipped_rules()
    rulebook = load_rulebook()
    if not rulebook.rules:
        raise RuleErrors([RuleShapeError(f"there are no rules in {folder.as_posix()}")])
    key = key_of([folder], shipped=True)
    file.write_bytes(packed(rulebook.without_paths(), key, lasting=True))


def _not_read_again(roots: Sequence[Path] | None) -> Rulebook:
    folders = [shipped_rules()] if roots is None else roots
    try:
        key = key_of(folders, shipped=roots is None)
    except OSError:
        return load_rulebook(roots)
    found = opened(IN_THE_PACKAGE, key) if roots is None else None
    if found is None:
        found = kept(key, lambda: load_rulebook(roots).without_paths())
    if not isinstance(found, Rulebook):
        return load_rulebook(roots)
    return found.named_from(folders[0].parent if roots is None else Path())
