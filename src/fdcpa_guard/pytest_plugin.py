"""Letters as test items of pytest: off, unless `--fdcpa-guard-lint` is given or `fdcpa_guard_lint` is set in its configuration.

Each letter is one item. It fails where a rule is violated or cannot be decided, with the report of `fdcpa-guard lint`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from fdcpa_guard.linting.findings import FileReport
    from fdcpa_guard.linting.judging import Judging

OPTION: Final = "fdcpa_guard_lint"
PLUGIN: Final = "fdcpa_guard_letters"


class LetterFailed(Exception):
    """A letter that does not pass."""

    def __init__(self, report: FileReport) -> None:
        super().__init__(report.file)
        self.report = report


class LetterItem(pytest.Item):
    """One letter."""

    def __init__(self, *, judging: Judging, today: date, path: Path, name: str, parent: pytest.Collector) -> None:
        super().__init__(name, parent)
        self._judging = judging
        self._today = today
        self._letter = path
        self.add_marker("fdcpa_guard_lint")

    def runtest(self) -> None:
        from fdcpa_guard.linting.config import shown_path
        from fdcpa_guard.linting.run import Request, check_file

        request = Request(today=self._today, rules=frozenset(self._judging.law))
        report = check_file(Path(shown_path(self._letter)), self._judging.judge, request)
        if report.exit_code:
            raise LetterFailed(report)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: str | None = None) -> str:
        from fdcpa_guard.errors import GuardError

        if isinstance(excinfo.value, LetterFailed):
            from fdcpa_guard.linting.findings import LintRun
            from fdcpa_guard.linting.reports.text import text_report

            return text_report(LintRun((excinfo.value.report,)))
        if isinstance(excinfo.value, GuardError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self._letter, 0, f"letter {self.name}"


class LetterFile(pytest.File):
    """The file of a letter: one item."""

    judging: Judging
    today: date

    def collect(self) -> Iterable[LetterItem]:
        yield LetterItem.from_parent(
            self, name=self.path.name, path=self.path, judging=self.judging, today=self.today
        )


class Letters:
    """Collects the letters. `patterns` are those of a .gitignore, from pytest's root folder; without any, all files count that
    a reader knows and no configuration ignores."""

    def __init__(self, open_judging: Callable[[], Judging], root: Path, patterns: Sequence[str], today: date) -> None:
        from fdcpa_guard.linting.config import Configs

        self._open = open_judging
        self._judging: Judging | None = None
        self._root = root
        self._patterns = tuple(patterns)
        self._today = today
        self._configs = Configs()

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> LetterFile | None:
        if not self._is_letter(file_path):
            return None
        # Rules are opened once, and only where there is a letter.
        if self._judging is None:
            self._judging = self._open()
        found = LetterFile.from_parent(parent, path=file_path)
        found.judging, found.today = self._judging, self._today
        return found

    def _is_letter(self, path: Path) -> bool:
        from fdcpa_guard.linting.config import matches, relative_to
        from fdcpa_guard.linting.texts import is_readable

        if self._patterns:
            relative = relative_to(path, self._root)
            return relative is not None and matches(self._patterns, relative)
        if not is_readable(path):
            return False
        config = self._configs.of(path)
        return config is None or not config.ignores(path)


def add_options(parser: pytest.Parser) -> None:
    """The option, and the setting of the same name."""
    group = parser.getgroup("fdcpa-guard")
    group.addoption("--fdcpa-guard-lint", action="store_true", dest=OPTION, help="check letters as `fdcpa-guard lint` does")
    parser.addini(OPTION, "patterns of letters to check, as in a .gitignore, one a line", type="linelist", default=[])


def register(config: pytest.Config, open_judging: Callable[[], Judging]) -> None:
    """Collects letters, where that is asked for."""
    patterns: list[str] = config.getini(OPTION)
    config.addinivalue_line("markers", "fdcpa_guard_lint: letters under the rules of fdcpa-guard")
    if config.getoption(OPTION) or patterns:
        today = datetime.now().astimezone().date()
        config.pluginmanager.register(Letters(open_judging, config.rootpath, patterns, today), PLUGIN)


# -- what pytest asks of a plugin that is installed ------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    register(config, _shipped_judging)


def _shipped_judging() -> Judging:
    from fdcpa_guard.engine.deciding import Guard
    from fdcpa_guard.linting.opening import open_judging
    from fdcpa_guard.ruleset.rulebook import load_rules_to_judge_by

    return open_judging(Guard(load_rules_to_judge_by(None)))
