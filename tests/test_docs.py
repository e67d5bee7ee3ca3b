"""README.md, CONTRIBUTING.md and docs/: every fenced block runs or loads, and every generated section is what the code gives.

Blocks are of these languages:

    python    run, with one namespace for the page
    console   lines `$ fdcpa-guard ...` are run and their output compared; `...` stands for anything, in a line or as
              several lines; `$ echo $?` shows the exit code; the version of the rules is not compared
    yaml      loaded as what it is: a rule or part of one, definitions, cases, a scenario, a policy, a collector, ...
    toml      loaded as a fdcpa-guard.toml
    text      not looked at
"""

from __future__ import annotations

import importlib.util
import io
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from fdcpa_guard.cli import options, run
from fdcpa_guard.facts.importers import mapped
from fdcpa_guard.facts.importers.dispositions import load_dispositions
from fdcpa_guard.facts.models import Collector, Scenario
from fdcpa_guard.facts.reading import read_collector, scenario_of
from fdcpa_guard.linting.config import read_config
from fdcpa_guard.linting.settings import SettingsText
from fdcpa_guard.review.law_coverage import coverage_of
from fdcpa_guard.rulefile.cases_file import load_cases
from fdcpa_guard.rulefile.definitions import DefinitionSet, read_definitions
from fdcpa_guard.rulefile.limitation_cases_file import load_limitation_cases
from fdcpa_guard.rulefile.limitation_reading import load_limitations
from fdcpa_guard.rulefile.load import load_rule_file
from fdcpa_guard.rulefile.schema import RuleShape
from fdcpa_guard.rulefile.strict_yaml import read_yaml, to_python
from fdcpa_guard.ruleset.policy import PolicyText, read_policy
from fdcpa_guard.ruleset.rulebook import Rulebook, load_rulebook
from fdcpa_guard.source import SourceFile

ROOT = Path(__file__).resolve().parent.parent
MANUAL = sorted((ROOT / "docs").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *MANUAL]
NAMED = attrgetter("name")
LANGUAGES = ("python", "console", "yaml", "toml", "text")
_FENCE = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks_of(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        indent, language, inner = found[1], found[2], found[3]
        body = "".join(line.removeprefix(indent) for line in inner.splitlines(keepends=True))
        yield Block(page, text.count("\n", 0, found.start()) + 1, language, body)


def of(*languages: str) -> list[Block]:
    return [block for page in PAGES for block in blocks_of(page) if block.language in languages]


@pytest.fixture
def like_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that shows what the repository has, in which blocks may write."""
    for each in ROOT.iterdir():
        if not each.name.startswith("."):
            (tmp_path / each.name).symlink_to(each)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FDCPA_GUARD_CACHE", "off")
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


def test_every_block_says_what_it_is() -> None:
    assert [str(block) for page in PAGES for block in blocks_of(page) if block.language not in LANGUAGES] == []


# -- python ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page", [page for page in PAGES if any(b.language == "python" for b in blocks_of(page))], ids=NAMED
)
def test_python_blocks_run(page: Path, like_the_repository: Path) -> None:
    """A line `print(...)  # text` prints that text."""
    namespace: dict[str, object] = {"__name__": "page"}
    for block in blocks_of(page):
        if block.language != "python":
            continue
        printed = io.StringIO()
        with redirect_stdout(printed):
            exec(compile("\n" * block.line + block.text, str(block), "exec"), namespace)
        stated = re.findall(r"^ *print\(.*\)  # (.*)$", block.text, re.MULTILINE)
        if stated:
            assert printed.getvalue().splitlines() == stated, str(block)


# -- console ---------------------------------------------------------------------------------------------------------------


@cache
def _rulebook(roots: tuple[Path, ...] | None) -> Rulebook:
    return load_rulebook(None if roots is None else list(roots))


def _run(command: str) -> tuple[int, str]:
    arguments = shlex.split(command)
    assert arguments[0] == "fdcpa-guard", f"only fdcpa-guard is run: {command}"
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        code = run.run(arguments[1:])
    return code, out.getvalue()


def _commands(text: str) -> Iterator[tuple[str, str]]:
    """Each command with the output that follows it; a line that ends in a backslash goes on in the next."""
    joined = re.sub(r" *\\\n *", " ", text)
    for part in re.split(r"^\$ ", joined, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def _same(stated: str, found: str) -> bool:
    """Whether the output is the one stated, where `...` stands for anything."""
    plain = [re.sub(r"sha256:[0-9a-f]{16}", "sha256:0", text).rstrip() for text in (stated, found)]
    lines = [
        "(?:.*\n)*?" if line.strip() == "..." else re.escape(line.rstrip()).replace(r"\.\.\.", ".*") + " *\n"
        for line in plain[0].split("\n")
    ]
    return re.fullmatch("".join(lines), plain[1] + "\n") is not None


@pytest.mark.parametrize("block", of("console"), ids=str)
def test_console_blocks_print_what_they_show(
    block: Block, like_the_repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "fdcpa_guard.ruleset.rulebook.load_rulebook",
        lambda roots=None: _rulebook(None if roots is None else tuple(roots)),
    )
    code = 0
    for command, stated in _commands(block.text):
        if command == "echo $?":
            assert stated.strip() == str(code), f"{block}: exit code {code}"
            continue
        code, found = _run(command)
        assert code not in (run.INTERNAL, run.INTERRUPTED), found
        if not _same(stated, found):
            # A plain comparison of the two shows where they part.
            assert found == stated, f"{block}: {command}"


# -- yaml ------------------------------------------------------------------------------------------------------------------

_RULE = """\
rule: us-part-of-a-page
title: A rule around a part of one
jurisdiction: US
law: [{cite: Example Act § 1, says: An example.}]
in_force: {from: 2021-11-30}
checked_on: 2026-11-21
confidence: verified
binds: [third_party_collector]
reaches: any
effect: prohibits
parameters:
  limit: {value: 7, cite: Example Act § 1, stricter: lower}
  span: {value: 7 consecutive days, cite: Example Act § 1}
violated_when: communication.channel is call
"""


def _around(part: str, keys: set[str]) -> str:
    """The part of a rule, in a rule that has what else a rule needs."""
    around = [
        lines
        for lines in re.split(r"^(?=\w)", _RULE, flags=re.MULTILINE)
        if lines and lines.partition(":")[0] not in keys
    ]
    return "".join(around) + part


def _load(block: Block, folder: Path) -> object:
    """Loads the block by the loader of what it is; the loader raises where anything is wrong."""
    plain = yaml.safe_load(block.text)
    assert isinstance(plain, Mapping), f"{block}: expected a mapping"
    keys = set(plain)
    source = SourceFile(str(block), block.text)
    file = folder / "block.cases.yaml"
    file.write_text(block.text, encoding="utf-8")
    if "rule" in keys:
        return load_rule_file(source)
    if "definitions_of" in keys:
        found, errors = read_definitions(source, DefinitionSet())
        assert not errors, errors
        return found
    if "coverage_of" in keys:
        return coverage_of((), source)
    if "limitations_of" in keys:
        return load_limitations(source)
    if "limitation_cases_of" in keys:
        return load_limitation_cases(source)
    if "cases_of" in keys:
        return [scenario_of(case.scenario) for case in load_cases(file).cases]
    if "codes" in keys:
        return load_dispositions("vicidial", file)
    if "columns" in keys:
        return mapped.load_mapping(file)
    if keys <= set(PolicyText.model_fields):
        return read_policy(file)
    if keys <= set(Scenario.model_fields):
        return scenario_of(read_yaml(source))
    if keys <= set(SettingsText.model_fields):
        return SettingsText.model_validate(to_python(read_yaml(source)))
    if keys <= set(Collector.model_fields):
        return read_collector(file)
    assert keys <= set(RuleShape.model_fields), f"{block}: nothing has the keys {sorted(keys)}"
    return load_rule_file(SourceFile(str(block), _around(block.text, keys)))


@pytest.mark.parametrize("block", of("yaml"), ids=str)
def test_yaml_blocks_load(block: Block, tmp_path: Path) -> None:
    assert _load(block, tmp_path)


@pytest.mark.parametrize("block", of("toml"), ids=str)
def test_toml_blocks_load(block: Block, tmp_path: Path) -> None:
    path = tmp_path / "fdcpa-guard.toml"
    path.write_text(block.text, encoding="utf-8")
    assert read_config(path)


# -- generated sections ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def make_docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "scripts" / "make_docs.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules["make_docs"] = made
    spec.loader.exec_module(made)
    return made


@pytest.mark.parametrize("page", [page for page in PAGES if "<!-- generated:" in page.read_text("utf-8")], ids=NAMED)
def test_generated_sections_are_what_the_code_gives(page: Path, make_docs: ModuleType) -> None:
    """`python scripts/make_docs.py` writes them anew."""
    text = page.read_text(encoding="utf-8")
    assert make_docs.with_sections(text) == text


def test_every_kind_of_section_is_used(make_docs: ModuleType) -> None:
    used = {name for page in PAGES for name in re.findall(r"<!-- generated: ([a-z-]+) -->", page.read_text("utf-8"))}
    assert used == set(make_docs.SECTIONS)


def test_meanings_are_of_fields_that_there_are(make_docs: ModuleType) -> None:
    from fdcpa_guard.facts import models

    for name in yaml.safe_load((ROOT / "scripts" / "model_meanings.yaml").read_text("utf-8")):
        model, _, field = name.partition(".")
        fields = getattr(models, model).model_fields
        assert field in fields or field in {each.alias for each in fields.values()}, name


# -- links and navigation ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md", ROOT / "SECURITY.md"], ids=NAMED)
def test_links_lead_somewhere(page: Path) -> None:
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    targets = [found.partition("#")[0] for found in re.findall(r"\]\(([^)\s]+)\)", text)]
    local = [each for each in targets if each and not each.startswith(("http:", "https:", "mailto:"))]
    # docs/rulebook is written when the site is built.
    missing = [each for each in local if not each.startswith("rulebook/") and not (page.parent / each).exists()]
    assert missing == []


def test_every_page_is_in_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert [page.name for page in MANUAL if page.name not in navigation] == []


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [*project["dependencies"], *(each for extra in project["optional-dependencies"].values() for each in extra)]
    rows = [
        line for line in (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").splitlines() if line[:1] == "|"
    ]
    words = {word for row in rows for word in re.findall(r"[\w.-]+", row.split("|")[1])}
    assert {re.split(r"[<>=]", each)[0] for each in named} - words == set()


def test_examples_of_pages_are_files_too() -> None:
    """What a page shows of a file, and the file, are the same."""
    shown = {block.text for block in of("yaml")}
    for name in ("sundays/no_sunday_calls.yaml", "sundays/no_sunday_calls.cases.yaml", "words/opt_out.yaml", "reminder.yaml",
                 "words/opt_out.cases.yaml", "eighth_call.yaml", "our_codes.yaml", "shop_columns.yaml"):  # fmt: skip
        text = (ROOT / "docs" / "examples" / name).read_text(encoding="utf-8")
        assert text in shown, name


def test_the_options_module_is_the_one_that_is_patched() -> None:
    """The commands look the loader up when they run; otherwise every block would load the rules anew."""
    assert "load_rulebook" not in vars(options)
