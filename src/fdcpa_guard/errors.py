"""The one hierarchy of exceptions. Each class says whose mistake it is and carries data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from fdcpa_guard.source import Span


class GuardError(Exception):
    """Root of everything that this package raises on purpose."""

    exit_code = 2


class RuleError(GuardError):
    """A rule file is wrong. `span` says where, `hint` what would be right, where that is certain."""

    def __init__(self, message: str, span: Span | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.hint = hint

    def __str__(self) -> str:
        if self.span is None:
            text = self.message
        else:
            text = f"{self.span.where()}: {self.message}\n{self.span.excerpt()}"
        if self.hint:
            text += f"\n     = hint: {self.hint}"
        return text


class RuleYamlError(RuleError):
    """The file is not YAML as this project reads it."""


class RuleShapeError(RuleError):
    """A key is missing, unknown, or has a value of the wrong form."""


class ConditionSyntaxError(RuleError):
    """A condition does not follow the grammar."""


class UnknownNameError(RuleError):
    """A name that no fact, parameter, block or definition bears."""


class TypeMismatchError(RuleError):
    """Two values are compared that cannot be."""


class RuleDateError(RuleError):
    """Dates in force that overlap, leave a gap, or run backwards."""


class RuleWarning(RuleError):
    """Right in form, and loaded, but hardly what was meant. `rules check` shows it; it is never raised."""


class RuleErrors(GuardError):
    """Every error of a load, in file order."""

    def __init__(self, errors: Iterable[RuleError]) -> None:
        self.errors = tuple(
            sorted(
                errors,
                key=lambda e: (e.span.source.name, e.span.start) if e.span else ("", 0),
            )
        )
        super().__init__(self.errors)

    def __str__(self) -> str:
        return "\n\n".join(str(error) for error in self.errors)


class FactsError(GuardError):
    """What the caller handed in is wrong. `path` leads to the field, from the document's root."""

    def __init__(self, message: str, path: str = "", hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.hint = hint

    def __str__(self) -> str:
        text = f"{self.path}: {self.message}" if self.path else self.message
        return f"{text}\n  = hint: {self.hint}" if self.hint else text


class DocumentError(FactsError):
    """A letter or message cannot be read. `file` is its name, `line`, `column` and `page` where, as far as there is a place;
    `found` what stands there and `expected` what could be read instead."""

    def __init__(
        self,
        file: str,
        found: str,
        expected: str,
        *,
        line: int | None = None,
        column: int | None = None,
        page: int | None = None,
        hint: str | None = None,
    ) -> None:
        where = "".join((
            file,
            "" if page is None else f", page {page}",
            "" if line is None else f":{line}",
            "" if line is None or column is None else f":{column}",
        ))
        super().__init__(f"{found}; expected {expected}", where, hint)
        self.file = file
        self.found = found
        self.expected = expected
        self.line = line
        self.column = column
        self.page = page

    def __reduce__(self) -> tuple[Callable[[], DocumentError], tuple[()]]:
        # It crosses from the process that reads to the one that tells.
        again = partial(
            type(self), self.file, self.found, self.expected,
            line=self.line, column=self.column, page=self.page, hint=self.hint,
        )  # fmt: skip
        return again, ()


class OutputError(GuardError, OSError):
    """A file cannot be written. `path` is the file as the caller knows it, `reason` the system's; `kept` says what became
    of what was there before."""

    def __init__(self, path: str, reason: str, kept: str) -> None:
        super().__init__(f"{path}: cannot be written: {reason}; {kept}")
        self.path = path
        self.reason = reason
        self.kept = kept


class CaseFailure(GuardError):
    """A case got another answer than it states."""

    exit_code = 1

    def __init__(self, case: str, why: Iterable[str]) -> None:
        self.case = case
        self.why = tuple(why)
        super().__init__(f"{case}: " + "; ".join(self.why))


class BackendDisagreement(GuardError):
    """Two evaluators gave different answers: a bug of this project.

    `scenario` is a document that shows it, where one could be written down.
    """

    exit_code = 70

    def __init__(self, rule: str, row: str, message: str, scenario: str | None = None) -> None:
        self.rule = rule
        self.row = row
        self.message = message
        self.scenario = scenario
        super().__init__(f"{rule} on {row}: {message}")

    def __reduce__(self) -> tuple[type[BackendDisagreement], tuple[str, str, str, str | None]]:
        # It crosses from the process that judges to the one that tells.
        return type(self), (self.rule, self.row, self.message, self.scenario)
