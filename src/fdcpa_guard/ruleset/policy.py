"""A user's own policy over the rules: stricter limits, what an unknown means, and named waivers.

A policy may only tighten. Going on in spite of a rule needs a waiver that names a person, a reason and an end, and
every decision made under it shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from fdcpa_guard.errors import FactsError
from fdcpa_guard.rulefile.model import Consequence, DatedValue, ParameterOf, Rule, WhenUnknown
from fdcpa_guard.rulefile.strict_yaml import read_yaml, to_python
from fdcpa_guard.source import SourceFile
from fdcpa_guard.values import Duration, Kind, parse_clock_time, parse_day, parse_money

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WaiverText(_Closed):
    rule: _Text
    name: Annotated[_Text, Field(description="who answers for it")]
    reason: _Text
    until: Annotated[date, Field(description="the last local day on which it holds")]


class PolicyText(_Closed):
    """The policy file as written."""

    unknown: Annotated[Literal["review", "block"], Field(description="what an unknown means")] = "review"
    other_readings: Annotated[bool, Field(description="warn under the other readings of the law too")] = False
    tighten: Annotated[
        dict[str, dict[str, int | str]], Field(description="rule id to parameter to its stricter value")
    ] = {}
    waivers: tuple[WaiverText, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """`rules` are those to judge by, already tightened."""

    rules: tuple[Rule, ...]
    waivers: tuple[WaiverText, ...]
    text: PolicyText

    def waiver_for(self, rule: str, day: int) -> WaiverText | None:
        """The waiver under which a rule stands on a local day."""
        for waiver in self.waivers:
            if waiver.rule == rule and day <= waiver.until.toordinal():
                return waiver
        return None


def read_policy(path: Path) -> PolicyText:
    """A policy file, YAML by the strict loader. Raises RuleYamlError, FactsError."""
    source = SourceFile(str(path), path.read_text(encoding="utf-8"))
    try:
        return PolicyText.model_validate(to_python(read_yaml(source)))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise FactsError(str(first["msg"]), f"{path}: {'.'.join(str(part) for part in first['loc'])}") from None


def apply_policy(rules: Sequence[Rule], text: PolicyText | None = None) -> Policy:
    """The rules under a policy. Raises FactsError where it names what is not there, or loosens anything."""
    text = text or PolicyText()
    by_id = {rule.id: rule for rule in rules}
    for named in (*text.tighten, *(waiver.rule for waiver in text.waivers)):
        if named not in by_id:
            raise FactsError(f"no rule is called `{named}`", "policy")
    kept = [_under(rule, text) for rule in rules if text.other_readings or rule.other_reading_of is None]
    return Policy(tuple(kept), text.waivers, text)


def _under(rule: Rule, text: PolicyText) -> Rule:
    if text.unknown == "block":
        stricter = {Consequence.REVIEW: Consequence.BLOCK}
        policy = rule.when_unknown
        rule = replace(
            rule,
            when_unknown=WhenUnknown(
                stricter.get(policy.missing, policy.missing),
                stricter.get(policy.locations_disagree, policy.locations_disagree),
                policy.because,
            ),
        )
    values = text.tighten.get(rule.id)
    if not values:
        return rule
    parameters = dict(rule.parameters)
    for name, value in values.items():
        if name not in parameters:
            known = ", ".join(f"`{each}`" for each in parameters) or "none"
            raise FactsError(f"`{rule.id}` has no parameter `{name}`; it has {known}", "policy.tighten")
        parameters[name] = _tightened(rule.id, parameters[name], value)
    return replace(rule, parameters=parameters)


def _tightened(rule: str, parameter: ParameterOf, value: int | str) -> ParameterOf:
    where = f"policy.tighten.{rule}.{parameter.name}"
    if parameter.stricter is None:
        raise FactsError("this parameter has no stricter side; it cannot be moved", where)
    wanted = _read(parameter.type.kind, value)
    if wanted is None:
        raise FactsError(f"found `{value}`, expected a {parameter.type.describe()}", where)
    moved: list[DatedValue] = []
    for dated in parameter.values:
        before, after = _size(dated.value), _size(wanted)
        if before is None or after is None or before[0] != after[0]:
            raise FactsError(f"found `{value}`, expected the unit of `{dated.value}`", where)
        if (after[1] > before[1]) if parameter.stricter == "lower" else (after[1] < before[1]):
            raise FactsError(
                f"`{value}` is looser than the law's `{dated.value}`",
                where,
                "a policy may only tighten; to go on in spite of a rule, write a waiver",
            )
        moved.append(replace(dated, value=wanted))
    return replace(parameter, values=tuple(moved))


def _read(kind: Kind, value: int | str) -> int | str | Duration | None:
    if kind is Kind.NUMBER:
        return value if isinstance(value, int) else None
    text = str(value)
    match kind:
        case Kind.CLOCK_TIME:
            return parse_clock_time(text)
        case Kind.DURATION:
            return Duration.parse(text)
        case Kind.DAY:
            return parse_day(text)
        case Kind.MONEY:
            return parse_money(text)
        case _:
            return None


def _size(value: int | str | Duration) -> tuple[str, int] | None:
    if isinstance(value, Duration):
        return value.unit.value, value.length
    return ("", value) if isinstance(value, int) else None
