"""What vendors' codes say of a contact: one table a format, over which a shop puts its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Final, Literal, cast, get_args

from pydantic import ConfigDict, TypeAdapter, ValidationError

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts import names as names_of
from fdcpa_guard.facts.importers.plain_yaml import plain_yaml, text_of
from fdcpa_guard.facts.importers.problems import ProblemKind, Reports, did_you_mean
from fdcpa_guard.facts.models import Model
from fdcpa_guard.vocabulary import load_vocabulary

Said = Literal["unknown", "no_contact"]
_WHAT: Final = "the table of dispositions"
_OUTCOMES: Final = (*get_args(names_of.Outcome), *get_args(Said))


class EventOfCode(Model):
    """What becomes known with a code."""

    type: str
    channel: names_of.Channel | None = None
    written: bool | None = None


class Disposition(Model):
    """What one code says. `no_contact`: no call was placed and no message sent."""

    outcome: names_of.Outcome | Said
    dialing: names_of.Dialing | None = None
    event: EventOfCode | None = None
    note: str | None = None

    @property
    def known_outcome(self) -> names_of.Outcome | None:
        return None if self.outcome in ("unknown", "no_contact") else cast(names_of.Outcome, self.outcome)


class _File(Model):
    model_config = ConfigDict(extra="forbid", frozen=True)

    format: str | None = None
    codes: dict[str, Disposition]


@dataclass(frozen=True, slots=True)
class TableLine:
    """One line of the table as it is shown: where it comes from, and what it says."""

    code: str
    outcome: str
    dialing: str | None
    event: str | None
    note: str | None
    own: bool


class Dispositions:
    """The codes of one format, with those of a shop's own file over them."""

    def __init__(self, shipped: Mapping[str, Disposition], own: Mapping[str, Disposition]) -> None:
        self._shipped = shipped
        self._own = own
        merged = {**shipped, **own}
        self._exact = {code: said for code, said in merged.items() if not code.endswith("*")}
        self._stems = sorted(
            ((code[:-1], said) for code, said in merged.items() if code.endswith("*")), key=lambda stem: -len(stem[0])
        )

    def find(self, code: str) -> Disposition | None:
        """What the code says, in the case in which it is written or in capitals; None where no line has it."""
        for written in (code, code.upper()):
            if (said := self._exact.get(written)) is not None:
                return said
        upper = code.upper()
        return next((said for stem, said in self._stems if upper.startswith(stem)), None)

    def found(self, code: str, row: int, reports: Reports, wider: str | None = None) -> Disposition | None:
        """The same, or else what the code `wider` says; where no line has either, the code is counted and told."""
        said = self.find(code) or (None if wider is None else self.find(wider))
        if said is None:
            message = (
                "a code that the table of dispositions does not have: its outcome is unknown; say what it means in a file "
                "(--dispositions)"
            )
            reports.count_code(ProblemKind.UNMAPPED_DISPOSITION, code, row, message)
        return said

    def table(self) -> tuple[TableLine, ...]:
        """All lines for display, the shop's own first."""
        lines = []
        for code, said in {**self._own, **self._shipped}.items():
            said = self._own.get(code, said)
            event = None if said.event is None else said.event.type
            lines.append(TableLine(code, said.outcome, said.dialing, event, said.note, code in self._own))
        return tuple(lines)


def load_dispositions(format_name: str, own: Path | None = None) -> Dispositions:
    """The table of a format, with a shop's own file over it.

    The file is YAML: `codes:` with a line for each code, as in the tables that are shipped, or `CODE: outcome` for short.

    Raises:
        FactsError: the file is not there, or a line of it is wrong.
    """
    return Dispositions(_shipped(format_name), {} if own is None else _read(own.name, text_of(own, _WHAT)))


@lru_cache(maxsize=16)
def _shipped(format_name: str) -> Mapping[str, Disposition]:
    name = f"{format_name}.yaml"
    return _read(name, resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _read(name: str, text: str) -> dict[str, Disposition]:
    raw: Any = plain_yaml(text, name, _WHAT)
    if not isinstance(raw, dict):
        raise FactsError("expected `codes:` with a line for each code", name)
    if "codes" not in raw:
        raw = {"codes": raw}
    if isinstance(raw["codes"], dict):
        raw["codes"] = {
            code: {"outcome": said} if isinstance(said, str) else said for code, said in raw["codes"].items()
        }
    try:
        codes = TypeAdapter(_File).validate_python(raw).codes
    except ValidationError as error:
        raise FactsError(*_explained(error, name, raw)) from None
    types = load_vocabulary().sets["event_type"]
    for code, said in codes.items():
        if said.event is not None and said.event.type not in types:
            hint = did_you_mean(said.event.type, types)
            raise FactsError(f"no event is called `{said.event.type}`{hint}", f"{name}: {code}")
    return codes


def _explained(error: ValidationError, name: str, raw: dict[str, Any]) -> tuple[str, str]:
    first = error.errors(include_url=False)[0]
    where = [str(part) for part in first["loc"]]
    code = where[1] if len(where) > 1 and where[0] == "codes" else None
    path = f"{name}: {code}" if code is not None else name
    if "outcome" in where and isinstance(first["input"], str):
        found = first["input"]
        return f"`{found}` is no outcome, expected one of {', '.join(_OUTCOMES)}{did_you_mean(found, _OUTCOMES)}", path
    return f"{'.'.join(where[2:] if code is not None else where)}: {first['msg']}", path
