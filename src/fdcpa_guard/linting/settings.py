"""What people write about a letter: in its front matter, in `fdcpa-guard.toml`, as options. Closed models, unknown keys refused.

Nothing that is left out is guessed here: what no layer says stays unknown, but for the few defaults of `merging`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from fdcpa_guard.facts.models import Collector, Debt, Stated
from fdcpa_guard.facts.names import Channel, DebtKind, Disclosure, Role
from fdcpa_guard.linting.stages import StageName, ValidationPeriod
from fdcpa_guard.review.wording import JURISDICTIONS
from fdcpa_guard.rulefile.shape_errors import did_you_mean

CITIES: Final = {"NY-NYC": "New York"}
"""Jurisdictions of cities, and the city of the consumer's address that they stand for."""
STATES: Final = tuple(code for code in JURISDICTIONS if code != "US")
HOLE_ITEMS: Final = (
    *get_args(Disclosure),
    *(name for name in Stated.model_fields if name not in get_args(Disclosure)),
)
"""What a hole may supply: an item that a notice discloses, or a value that it states."""

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _state(value: object) -> object:
    if not isinstance(value, str) or value.strip().upper() not in STATES:
        raise ValueError("expected the two letters of a state, such as `TX`, or `NY-NYC`")
    return value.strip().upper()


def _item(value: str) -> str:
    if value not in HOLE_ITEMS:
        near = did_you_mean(value, HOLE_ITEMS)
        raise ValueError(f"expected the name of an item of a notice; {near or 'such as `current_amount`'}")
    return value


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _states(value: object) -> object:
    return tuple(each.strip() for each in value.split(",")) if isinstance(value, str) else value


def _collector(value: object) -> object:
    return {"kind": value} if isinstance(value, str) else value


StateCode = Annotated[str, BeforeValidator(_state)]
HoleItem = Annotated[str, AfterValidator(_item)]
Patterns = Annotated[tuple[_Text, ...], BeforeValidator(_several)]
"""One pattern, or a list of them."""
CalendarDay = date
"""Under a name of its own: a field called `on` stands beside it."""


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WaiverSetting(Model):
    """A waiver in front matter or configuration."""

    rule: _Text
    name: Annotated[_Text, Field(description="who answers for it")]
    reason: _Text
    until: Annotated[CalendarDay | None, Field(description="the last day on which it holds")] = None


class RulesText(Model):
    """Which rules are judged. Patterns as of file names: `us-regf-*`. `off` of one layer is undone by `on` of a nearer one."""

    only: Patterns | None = None
    on: Patterns | None = None
    off: Patterns | None = None


class DebtText(Debt):
    """What is on file of the debt, as far as the check of a template may go by it: the fields of a scenario's debt."""

    id: str = "debt"
    time_barred: bool | None = None


class SettingsText(Model):
    """What one layer says of a file. Each key may be left out; what is left out another layer may say."""

    stage: StageName | None = None
    channel: Channel | None = None
    state: StateCode | None = None
    states: Annotated[tuple[StateCode, ...] | None, BeforeValidator(_states), Field(min_length=1)] = None
    city: _Text | None = None
    debt_kind: DebtKind | None = None
    debt: DebtText | None = None
    collector: Annotated[Collector | None, BeforeValidator(_collector)] = None
    """The fields of a scenario's collector; or its kind alone."""
    language: _Text | None = None
    on: CalendarDay | None = None
    role: Role | None = None
    validation_period: ValidationPeriod | None = None
    rules: RulesText | None = None
    holes: dict[_Text, HoleItem] | None = None
    waivers: tuple[WaiverSetting, ...] = ()

    @model_validator(mode="after")
    def _says_each_thing_once(self) -> SettingsText:
        if self.state is not None and self.states is not None:
            raise ValueError("expected `state` or `states`, not both")
        if self.debt_kind is not None and self.debt is not None and self.debt.kind is not None:
            raise ValueError("expected `debt_kind` or the `kind` of `debt`, not both")
        return self

    def said(self) -> dict[str, object]:
        """What it says and nothing else, each thing under one name: `states`, and the kind in `debt`."""
        found: dict[str, object] = self.model_dump(exclude_unset=True, include=_SAID)
        if "state" in found:
            state = found.pop("state")
            found["states"] = None if state is None else (state,)
        if "debt_kind" in found:
            debt = found.get("debt")
            found["debt"] = {**(debt if isinstance(debt, dict) else {}), "kind": found.pop("debt_kind")}
        return found


class FilesText(SettingsText):
    """`[[lint.files]]`: what is said of some of the files below the configuration."""

    match: Annotated[Patterns, Field(min_length=1, description="as in a .gitignore, from the configuration's folder")]


class LintText(SettingsText):
    """`[lint]`: what is said of all files below the configuration."""

    ignore: Patterns = ()
    baseline: _Text | None = None
    files: tuple[FilesText, ...] = ()


class ConfigText(Model):
    """A `fdcpa-guard.toml`."""

    lint: LintText = LintText()


KEYS: Final = tuple(SettingsText.model_fields)
_SAID: Final = set(KEYS) - {"waivers"}
