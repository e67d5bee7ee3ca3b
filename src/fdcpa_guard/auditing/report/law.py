"""A rule as the report tells it beside its findings: the law, the numbers, and what each count looks at."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from fdcpa_guard.review.sheet import EFFECTS
from fdcpa_guard.review.speaking import Speech, days, parameter_values
from fdcpa_guard.review.wording import jurisdiction_name
from fdcpa_guard.rulefile.model import Count, Rule
from fdcpa_guard.values import format_day


@dataclass(frozen=True, slots=True)
class NumberOfLaw:
    name: str
    value: str
    cite: str


@dataclass(frozen=True, slots=True)
class BlockOfLaw:
    name: str
    words: str
    cite: str
    text: Markup


@dataclass(frozen=True, slots=True)
class RuleOfLaw:
    """`reasons` says, by the id of a count's exception, why what falls under it is left out."""

    rule: Rule
    jurisdiction: str
    effect: str
    in_force: str
    checked_on: str
    numbers: tuple[NumberOfLaw, ...]
    blocks: tuple[BlockOfLaw, ...]
    reasons: dict[str, str]

    def why_left_out(self, why: str) -> str:
        """The engine's reason in words, with the citation of the exception where it is one."""
        name = why.removeprefix("excepted: ")
        return self.reasons.get(name, why.replace("_", " "))


def rule_of_law(rule: Rule) -> RuleOfLaw:
    speech = Speech(rule)
    reasons: dict[str, str] = {}
    for block in rule.blocks.values():
        if isinstance(block, Count):
            for each in block.exceptions:
                said = each.says or each.id.replace("-", " ")
                reasons[each.id] = f"{said} ({each.cite})"
    return RuleOfLaw(
        rule=rule,
        jurisdiction=jurisdiction_name(rule.jurisdiction),
        effect=EFFECTS[rule.effect],
        in_force=days(rule.in_force.start, rule.in_force.end),
        checked_on=format_day(rule.checked_on),
        numbers=tuple(
            NumberOfLaw(name.replace("_", " "), parameter_values(each), each.cite)
            for name, each in rule.parameters.items()
        ),
        blocks=tuple(
            BlockOfLaw(name, name.replace("_", " "), block.cite, marked_up(speech.block(block)))
            for name, block in rule.blocks.items()
        ),
        reasons=reasons,
    )


_STRONG: Final = re.compile(r"\*\*(.+?)\*\*")
_EMPHASIS: Final = re.compile(r"\*(.+?)\*")


def marked_up(lines: Iterable[str]) -> Markup:
    """The plain Markdown of a sheet (paragraphs, nested lists, emphasis) as HTML; everything else in it is escaped."""
    made: list[str] = []
    indents: list[int] = []
    for line in lines:
        bare = line.lstrip()
        if not bare:
            continue
        indent = len(line) - len(bare) if bare.startswith("- ") else -1
        while indents and indents[-1] > indent:
            made.append("</li></ul>")
            indents.pop()
        if indent < 0:
            made.append(f"<p>{_inline(bare)}</p>")
            continue
        if indents and indents[-1] == indent:
            made.append("</li>")
        else:
            made.append("<ul>")
            indents.append(indent)
        made.append(f"<li>{_inline(bare[2:])}")
    made.extend("</li></ul>" for _ in indents)
    return Markup("".join(made))


def _inline(text: str) -> str:
    return _EMPHASIS.sub(r"<em>\1</em>", _STRONG.sub(r"<strong>\1</strong>", str(escape(text))))
