"""A package imports what stands to its left and nothing else; libraries are imported where they belong and nowhere else."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final

import pytest

import fdcpa_guard

ROOT: Final = Path(fdcpa_guard.__file__).parent

ORDER: Final = (
    ("source",),
    ("errors",),
    ("garbage",),
    ("values",),
    ("vocabulary",),
    ("lang",),
    ("rulefile",),
    ("wording",),
    ("ruleset",),
    ("documents",),
    ("facts",),
    ("engine",),
    ("simulate",),
    ("review",),
    ("auditing",),
    ("scrubbing",),
    ("spark",),
    ("schemas",),
    ("cases", "api", "serve"),
    ("linting",),
    ("cli", "pytest_plugin"),
    ("__init__", "__main__"),
)
"""From left to right. Those of one row stand side by side and do not import one another.

Review is left of the audit, whose report speaks of rules as a review sheet does; schemas describe what both put out.
Facts are right of rule files because scenario documents are read by the same strict reader.
"""

LIBRARIES: Final = {
    "defusedxml": {"documents/docx_package"},
    "duckdb": {"facts/importers"},
    "holidays": {"engine/windows", "facts/validation_period"},
    "ijson": {"facts/importers"},
    "jinja2": {"auditing/report", "linting/reports"},
    "lark": {"lang/parse", "wording/patterns"},
    "markupsafe": {"auditing/report", "linting/reports"},
    "numpy": {"auditing/continued", "auditing/partitions", "engine/columnar", "scrubbing/partitions"},
    "orjson": {"auditing", "facts/importers", "scrubbing", "serve", "simulate"},
    "pathspec": {"linting/config"},
    "pdfminer": {"documents/pdf", "documents/pdf_bounded", "documents/pdf_order"},
    "pendulum": {"simulate"},
    "phonenumbers": {"facts"},
    "platformdirs": {"ruleset/kept"},
    "py4j": {"spark"},
    "pyarrow": {"auditing", "engine/columnar", "facts/importers", "scrubbing", "simulate", "spark"},
    "pydantic": {
        "api", "auditing", "cli", "facts/importers", "facts/models", "facts/reading", "linting/baseline", "linting/config",
        "linting/front_matter", "linting/settings", "review/law_coverage",
        "rulefile", "ruleset/policy", "schemas", "scrubbing/results", "serve", "vocabulary",
    },
    "pydantic_core": {"auditing/partitions", "auditing/spool", "linting/config", "rulefile"},
    "pyspark": {"spark"},
    "pytest": {"pytest_plugin"},
    "rapidfuzz": {"wording/notice_matching"},
    "re2": {"wording/matching", "wording/notice_matching"},
    "rich": {"auditing/summary", "cli", "scrubbing/summary"},
    "typer": {"cli"},
    "yaml": {"facts/importers", "rulefile/strict_yaml", "vocabulary"},
}  # fmt: skip
"""Each library, and the modules or folders that may import it. Pydantic meets what people wrote, and nothing inside."""

NEVER_PYDANTIC: Final = ("engine", "lang", "values", "source", "errors")


def modules() -> Iterator[str]:
    for path in sorted(ROOT.rglob("*.py")):
        yield path.relative_to(ROOT).with_suffix("").as_posix()


@cache
def parsed(module: str) -> ast.Module:
    return ast.parse((ROOT / f"{module}.py").read_text(encoding="utf-8"))


def names_in(module: str, nodes: Iterable[ast.AST]) -> set[str]:
    """The full names that imports among some nodes name; a name taken from a package may be a module of it."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports by a relative path"
            assert node.module is not None
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def imports_of(module: str) -> set[str]:
    """What a module imports, wherever in it the import stands."""
    return names_in(module, ast.walk(parsed(module)))


def part(module: str) -> str:
    """The row of a module: its package, or itself at the top."""
    return module.partition("/")[0]


MODULES: Final = tuple(modules())
ROWS: Final = {name: row for row, names in enumerate(ORDER) for name in names}
OWN: Final = {
    module: {
        name.split(".")[1]
        for name in imports_of(module)
        if name.startswith("fdcpa_guard.") and not name.startswith("fdcpa_guard.__")
    }
    for module in MODULES
}
"""The packages of this project that each module imports."""


def allowed(module: str, folders: set[str]) -> bool:
    return any(module == folder or module.startswith(folder + "/") for folder in folders)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_from_its_left_and_its_own_package(module: str) -> None:
    mine = part(module)
    assert mine in ROWS, f"`{mine}` has no place in the order of packages"
    right = {other for other in OWN[module] if other != mine and ROWS[other] >= ROWS[mine]}
    assert not right


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_libraries_that_are_allowed_there(module: str) -> None:
    libraries = {name.partition(".")[0] for name in imports_of(module)} - sys.stdlib_module_names - {"fdcpa_guard"}
    strange = {library for library in libraries if not allowed(module, LIBRARIES.get(library, set()))}
    assert not strange


def test_the_parsers_alone_know_their_library() -> None:
    assert [module for module in MODULES if "lark" in {name.partition(".")[0] for name in imports_of(module)}] == [
        "lang/parse",
        "wording/patterns",
    ]


@pytest.mark.parametrize("module", [module for module in MODULES if part(module) in NEVER_PYDANTIC])
def test_inside_there_is_no_validation_left_to_do(module: str) -> None:
    assert not {name for name in imports_of(module) if name.partition(".")[0] in ("pydantic", "pydantic_core")}


def needed_to_load(statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The imports that run when a module is loaded: not those for type checkers, nor those inside functions."""
    for statement in statements:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            yield statement
        elif isinstance(statement, ast.If) and "TYPE_CHECKING" not in ast.unparse(statement.test):
            yield from needed_to_load([*statement.body, *statement.orelse])
        elif isinstance(statement, ast.Try):
            yield from needed_to_load(statement.body)


def test_no_modules_need_one_another_in_a_circle() -> None:
    known = {module.removesuffix("/__init__").replace("/", "."): module for module in MODULES}
    graph = {
        module: {
            known[name.removeprefix("fdcpa_guard.")]
            for name in names_in(module, needed_to_load(parsed(module).body))
            if name.removeprefix("fdcpa_guard.") in known
        }
        for module in MODULES
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"{error.args[0]}: {' -> '.join(error.args[1])}")
