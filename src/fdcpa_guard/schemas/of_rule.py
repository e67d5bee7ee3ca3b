"""From a rule to the JSON output of its summary and of its review sheet."""

from __future__ import annotations

from datetime import date

from fdcpa_guard.review.sheet import sheet_of
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.ruleset.rulebook import Rulebook
from fdcpa_guard.schemas.outputs import RuleSheetOut, RuleSummaryOut


def summary_of(rule: Rule) -> RuleSummaryOut:
    return RuleSummaryOut.model_validate(_summary(rule))


def sheet_out(rule: Rule, rulebook: Rulebook) -> RuleSheetOut:
    """A rule and its sheet, for programs."""
    return RuleSheetOut.model_validate(
        {
            **_summary(rule),
            "cites": [law.cite for law in rule.law],
            "path": rule.path,
            "sheet": sheet_of(rule, rulebook),
        }
    )


def _summary(rule: Rule) -> dict[str, object]:
    def day(ordinal: int | None) -> date | None:
        return None if ordinal is None else date.fromordinal(ordinal)

    return {
        "id": rule.id,
        "title": rule.title,
        "jurisdiction": rule.jurisdiction,
        "cite": rule.cite,
        "effect": rule.effect.value,
        "binds": sorted(rule.binds),
        "reaches": sorted(rule.reaches),
        "from": day(rule.in_force.start),
        "until": day(rule.in_force.end),
        "checked_on": day(rule.checked_on),
        "confidence": rule.confidence.value,
        "other_reading_of": rule.other_reading_of,
    }
