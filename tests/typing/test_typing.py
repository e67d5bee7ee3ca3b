"""The public surface as a type checker and an importer see it."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

import fdcpa_guard

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def found_by_mypy(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, int]:
    api = pytest.importorskip("mypy.api", reason="the type checker comes with the extra `lint`")
    cache = tmp_path_factory.mktemp("mypy")
    # The types that the package declares, not the bodies behind them, are under test: those `make lint` checks.
    options = ["--strict", "--follow-imports=silent", f"--cache-dir={cache}", "--config-file=", "--ignore-missing-imports"]
    source = Path(fdcpa_guard.__file__).parents[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MYPYPATH", str(source))
        out, errors, code = api.run([*options, str(HERE / "calls.py")])
    return str(out), str(errors), int(code)


def test_the_calls_of_the_manual_pass_a_strict_type_checker(found_by_mypy: tuple[str, str, int]) -> None:
    out, errors, code = found_by_mypy
    assert code == 0, out + errors


def test_the_package_says_that_it_is_typed() -> None:
    assert files("fdcpa_guard").joinpath("py.typed").is_file()


@pytest.mark.parametrize("name", ["check", "load_rules", "Scenario", "Decision", "Guard", "ConsumerFile"])
def test_what_a_caller_needs_is_at_the_top(name: str) -> None:
    assert callable(getattr(fdcpa_guard, name))


def test_a_name_that_there_is_not_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="`no_such_thing`"):
        fdcpa_guard.no_such_thing  # noqa: B018


def imported_by(statement: str) -> set[str]:
    """The top names of all modules that are loaded after a statement in a fresh interpreter."""
    code = f"import sys; {statement}; print(' '.join({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_package_imports_no_library() -> None:
    assert not imported_by("import fdcpa_guard") & {"pydantic", "lark", "yaml", "orjson", "typer", "phonenumbers", "holidays"}


def test_every_name_of_the_package_can_be_imported() -> None:
    imported_by("from fdcpa_guard import *")
