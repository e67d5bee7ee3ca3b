"""From the engine's dataclasses to the JSON output of a decision and its trace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from fdcpa_guard.engine.decision import BlockTrace, Decision, Judgement, Step, Waiver
from fdcpa_guard.engine.findings import Finding
from fdcpa_guard.engine.verdicts import RuleVerdict
from fdcpa_guard.facts.bind import World
from fdcpa_guard.schemas import outputs
from fdcpa_guard.values import datetime_of


def decision_out(
    decision: Decision,
    path: str | None = None,
    scenario: str | None = None,
    trace: Sequence[outputs.RuleTraceOut] | None = None,
) -> outputs.DecisionOut:
    """The decision as a document; `permitted_at` and each `clears_at` are worked out here."""
    return outputs.DecisionOut(
        path=path,
        scenario=scenario,
        decision=decision.decision.value,
        findings=tuple(finding_out(each) for each in decision.findings),
        permitted_at=decision.permitted_at,
        unknown=decision.unknown,
        rules_version=decision.rules_version,
        as_of=decision.as_of,
        waivers=tuple(waiver_out(each) for each in decision.waivers),
        due=tuple(outputs.DueOut.model_validate(asdict(each)) for each in decision.due),
        trace=None if trace is None else tuple(trace),
    )


def finding_out(finding: Finding) -> outputs.FindingOut:
    return outputs.FindingOut.model_validate(
        {
            "rule": finding.rule,
            "title": finding.title,
            "cite": finding.cite,
            "cites": finding.cites,
            "jurisdiction": finding.jurisdiction,
            "status": finding.status.value,
            "effect": finding.effect,
            "consequence": finding.consequence.value,
            "message": finding.message,
            "facts": dict(finding.facts),
            "counted": [
                {"id": each.id, "at": each.at, "block": each.block, "sure": each.sure} for each in finding.counted
            ],
            "clears_at": finding.clears_at,
            "unknown": finding.unknown,
            "debts": finding.debts,
            "confidence": finding.confidence,
            "waiver": None if finding.waiver is None else waiver_out(finding.waiver),
        }
    )


def waiver_out(waiver: Waiver) -> outputs.WaiverOut:
    return outputs.WaiverOut(rule=waiver.rule, name=waiver.name, reason=waiver.reason, until=waiver.until)


def trace_out(verdict: RuleVerdict, worlds: Iterable[World], not_for: Sequence[str]) -> outputs.RuleTraceOut:
    """A rule's judgements in full; of one that is not applicable, only what it does not speak of."""
    clock = next((world.clock for world in worlds if world.clock is not None), None)

    def shown(instant: int) -> datetime:
        return datetime_of(instant) if clock is None else clock.show(instant)

    def block(found: BlockTrace) -> outputs.BlockOut:
        looked = tuple(
            outputs.LookedOut(id=each.id, at=shown(each.at), counted=each.counted.value, why=each.why)
            for each in found.looked_at
        )
        return outputs.BlockOut(name=found.name, gives=found.gives, looked_at=looked)

    def judgement(found: Judgement) -> outputs.JudgementOut:
        return outputs.JudgementOut(
            verdict=found.verdict.value,
            location=found.location,
            debt=found.debt,
            exempt_by=found.exempt_by,
            lacked=found.lacked,
            because=found.because,
            counts={name: str(count) for name, count in found.counts.items()},
            items=found.items,
            facts=dict(found.facts),
            steps=tuple(_step(step) for step in found.steps),
            blocks=tuple(block(each) for each in found.blocks),
        )

    return outputs.RuleTraceOut(
        rule=verdict.rule.id,
        verdict=verdict.verdict.value,
        not_for=tuple(not_for),
        judgements=() if not_for else tuple(judgement(each) for each in verdict.judgements),
    )


def _step(step: Step) -> outputs.StepOut:
    return outputs.StepOut(
        text=step.text,
        answer=step.answer.value,
        values=dict(step.values),
        parts=tuple(_step(each) for each in step.parts),
    )
