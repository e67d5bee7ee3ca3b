"""A decision and its trace as a person reads them on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from rich.text import Text

from fdcpa_guard.engine.decision import BlockTrace, Counted, Decision, Due, Outcome, Status, Step, Verdict
from fdcpa_guard.engine.findings import Finding
from fdcpa_guard.lang.printing import to_text
from fdcpa_guard.review.wording import count, fact_phrase, local_day, local_time
from fdcpa_guard.values import Truth, datetime_of

if TYPE_CHECKING:
    from fdcpa_guard.cases import ScenarioFound
    from fdcpa_guard.facts.clock import Clock
    from fdcpa_guard.review.tracing import RuleTrace
    from fdcpa_guard.rulefile.model import Rule

_COLOURS: Final = {"allow": "bold green", "review": "bold yellow", "block": "bold red", "unusable": "bold magenta"}
_MARKS: Final = {Truth.TRUE: ("yes", "green"), Truth.FALSE: ("no ", "red"), Truth.UNKNOWN: ("?  ", "yellow")}
_VERDICT_COLOURS: Final = {Verdict.VIOLATED: "bold red", Verdict.UNKNOWN: "bold yellow"}
_KINDS: Final = {
    "prohibited": "prohibited",
    "presumed_violation": "presumed violation",
    "missing_requirement": "missing requirement",
    "advice": "advice",
}
_WIDEST: Final = len("unusable")


def decision_line(found: ScenarioFound, decision: Decision | None) -> Text:
    """One of several: the answer, the scenario, and the rules it rests on."""
    outcome = "unusable" if decision is None else decision.decision.value
    line = Text(outcome.ljust(_WIDEST), _COLOURS[outcome])
    line.append(f"  {found.path}", "none")
    if found.scenario is not None and found.scenario.scenario:
        line.append(f"  {found.scenario.scenario}", "bold")
    if decision is not None:
        told = [f for f in decision.findings if f.consequence is not Outcome.ALLOW]
        if told:
            line.append("  " + "; ".join(f"{f.rule} ({f.status.value})" for f in told), "dim")
        if decision.decision is not Outcome.ALLOW and decision.permitted_at is not None:
            line.append(f"  permitted at {decision.permitted_at.isoformat()}", "dim")
    return line


def decision_text(decision: Decision, scenario: str | None) -> Text:
    """The whole decision: what, why, on which earlier communications, until when, and what was missing."""
    outcome = decision.decision.value
    lines = [Text.assemble((outcome.upper(), _COLOURS[outcome]), ("" if scenario is None else f"  {scenario}", "bold"))]
    if decision.decision is not Outcome.ALLOW:
        lines.append(Text(f"  {_permitted(decision)}"))
    for finding in decision.findings:
        lines.append(Text())
        lines.extend(_finding(finding))
    if not decision.findings:
        lines.append(Text("  no rule is violated, and none is left undecided"))
    if decision.due:
        lines.append(Text())
        lines.append(Text("Due", "bold"))
        lines.extend(_due(each) for each in decision.due)
    if decision.unknown:
        lines.append(Text())
        lines.append(Text("Missing facts", "bold"))
        lines.extend(Text(f"  {_missing(name)}") for name in decision.unknown)
    lines.append(Text())
    lines.append(Text(f"as known at {local_time(decision.as_of)}; rules {decision.rules_version}", "dim"))
    return Text("\n").join(lines)


def _permitted(decision: Decision) -> str:
    if decision.permitted_at is None:
        return "waiting alone does not make it lawful"
    return f"permitted at {local_time(decision.permitted_at)}  ({decision.permitted_at.isoformat()})"


def _finding(finding: Finding) -> Iterator[Text]:
    violated = finding.status is Status.VIOLATED
    colour = "red" if finding.consequence is Outcome.BLOCK else "yellow" if finding.consequence is Outcome.REVIEW else "cyan"
    blocked = ", and so blocked" if finding.consequence is Outcome.BLOCK else ""
    kind = _KINDS[finding.effect] if violated else f"cannot be decided{blocked}"
    yield Text.assemble((kind, f"bold {colour}"), f"  {finding.cite}  ({finding.jurisdiction})")
    yield Text(f"  {finding.message}")
    if finding.message != finding.title and not finding.message.startswith(finding.title):
        yield Text(f"  {finding.title}", "dim")
    weight = "" if finding.confidence == "verified" else "; recalled: the text of the law was not in hand"
    yield Text(f"  rule {finding.rule}{weight}", "dim")
    if finding.debts:
        yield Text(f"  debts: {', '.join(finding.debts)}")
    yield from _counted(finding.counted)
    if finding.unknown:
        yield Text(f"  lacking: {', '.join(finding.unknown)}")
    if finding.clears_at is not None:
        yield Text(f"  clears at {local_time(finding.clears_at)}")
    if finding.waiver is not None:
        waiver = finding.waiver
        yield Text(f"  waived by {waiver.name} until {waiver.until.isoformat()}: {waiver.reason}", "magenta")


def _counted(counted: tuple[Counted, ...]) -> Iterator[Text]:
    blocks = list(dict.fromkeys(each.block for each in counted))
    for block in blocks:
        yield Text(f"  {block.replace('_', ' ')}:")
        for each in counted:
            if each.block == block:
                yield Text(f"    {local_time(each.at)}  {each.id}{'' if each.sure else '  (may count)'}")


def _due(due: Due) -> Text:
    when = "on a day that no clock tells" if due.due_at is None else _by(due.due_at)
    of = "" if due.debt is None else f" for {due.debt}"
    doubt = "" if due.sure else " (if it is owed at all)"
    what = f"{due.what}{of} {when}, after {due.after.replace('_', ' ')} of {local_time(due.since)}{doubt}"
    return Text(f"  {'overdue: ' if due.overdue else ''}{what}  {due.cite}", "red" if due.overdue else "none")


def _by(due_at: datetime) -> str:
    """By when: a time that ends with a day ends at the midnight after it, which few would read as that day."""
    if due_at.time() == time.min:
        return f"by the end of {local_day(due_at - timedelta(days=1))}"
    return f"before {local_time(due_at)}"


def _missing(name: str) -> str:
    phrase = fact_phrase(name)
    return name if phrase is None else f"{name}: {phrase}"


# -- the trace -----------------------------------------------------------------------------------------------------------


def trace_text(traces: Iterable[RuleTrace]) -> Text:
    """How every rule came to its answer; those that do not speak of the communication last, a line each."""
    lines: list[Text] = [Text(), Text("Trace", "bold")]
    silent: list[RuleTrace] = []
    for trace in traces:
        if trace.not_for:
            silent.append(trace)
        else:
            lines.extend(_rule(trace))
    if silent:
        lines.append(Text())
        lines.append(Text(f"{count(len(silent), 'rule')} that do not speak of it", "bold"))
        lines.extend(Text(f"  {each.verdict.rule.id}: {'; '.join(each.not_for)}", "dim") for each in silent)
    return Text("\n").join(lines)


def _rule(trace: RuleTrace) -> Iterator[Text]:
    verdict = trace.verdict
    clock = next((world.clock for world in trace.worlds if world.clock is not None), None)
    yield Text()
    yield Text.assemble(
        verdict.rule.id, ": ", (verdict.verdict.value.replace("_", " "), _VERDICT_COLOURS.get(verdict.verdict, "bold"))
    )
    for judgement in verdict.judgements:
        about = "" if judgement.debt is None else f", debt {judgement.debt}"
        by = "" if judgement.exempt_by is None else f", by the exception {judgement.exempt_by}"
        yield Text(f"  {judgement.location}{about}: {judgement.verdict.value.replace('_', ' ')}{by}")
        labels = _labels(verdict.rule)
        for step in judgement.steps:
            yield Text(f"    {labels.get(step.text, 'condition')}:", "bold")
            yield from _step(step, 3)
        for block in judgement.blocks:
            yield from _block(block, clock)
        if judgement.lacked:
            yield Text(f"    lacking: {', '.join(judgement.lacked)}")
        for reason in judgement.because:
            yield Text(f"    open: {reason}")


def _labels(rule: Rule) -> dict[str, str]:
    """The part of the rule that each condition is, by its text."""
    parts = [
        *((f"exception {each.id}", each.when) for each in rule.unless),
        *((f"left open, {each.id}", each.when) for each in rule.undecided),
        ("violated when", rule.violated_when),
        ("applies when", rule.applies_when),
    ]
    return {to_text(condition): part for part, condition in parts if condition is not None}


def _step(step: Step, depth: int) -> Iterator[Text]:
    mark, colour = _MARKS[step.answer]
    values = ", ".join(f"{name} = {value}" for name, value in step.values.items() if name != value)
    line = Text("  " * depth).append(mark, colour).append(f" {step.text}")
    if values:
        line.append(f"  [{values}]", "dim")
    yield line
    for part in step.parts:
        yield from _step(part, depth + 1)


def _block(block: BlockTrace, clock: Clock | None) -> Iterator[Text]:
    yield Text(f"    {block.name} = {block.gives}")
    for looked in block.looked_at:
        at = datetime_of(looked.at) if clock is None else clock.show(looked.at)
        mark, colour = _MARKS[looked.counted]
        line = Text("      ").append(mark, colour).append(f" {local_time(at)}  {looked.id}")
        yield line.append(f"  {looked.why}", "dim") if looked.why else line
