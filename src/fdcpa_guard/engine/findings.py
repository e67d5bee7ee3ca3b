"""From the verdict of a rule to the finding that a person reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from fdcpa_guard.engine.decision import Account, Counted, Finding, Judgement, Outcome, Seek, Status, Verdict, Waiver
from fdcpa_guard.engine.formatting import show_value
from fdcpa_guard.engine.verdicts import Flag, RuleVerdict
from fdcpa_guard.facts.bind import World
from fdcpa_guard.rulefile.model import Consequence, Effect, Rule
from fdcpa_guard.values import Range, Truth, datetime_of

_EFFECTS = {
    Effect.PROHIBITS: "prohibited",
    Effect.PRESUMES_VIOLATION: "presumed_violation",
    Effect.REQUIRES: "missing_requirement",
    Effect.ADVISES: "advice",
}
OUTCOMES = {
    Consequence.BLOCK: Outcome.BLOCK,
    Consequence.REVIEW: Outcome.REVIEW,
    Consequence.NOTE: Outcome.ALLOW,
}


def finding_of(
    flag: Flag, worlds: tuple[World, ...], waiver: Waiver | None, seek: Seek
) -> Finding:
    """The finding of a rule that is violated or unknown."""
    rule = flag.rule
    return Finding(
        rule=rule.id,
        title=rule.title,
        cite=rule.cite,
        cites=rule.cites,
        jurisdiction=rule.jurisdiction,
        status=Status.VIOLATED if flag.verdict is Verdict.VIOLATED else Status.UNKNOWN,
        effect=_EFFECTS[rule.effect],
        consequence=Outcome.ALLOW if waiver is not None else OUTCOMES[flag.consequence],
        confidence=rule.confidence.value,
        waiver=waiver,
        say=partial(message_of, flag),
        explain=partial(_account, flag, worlds),
        seek=seek,
    )


def _account(flag: Flag, worlds: tuple[World, ...]) -> Account:
    verdict = flag.account
    telling = _telling(verdict)
    facts: dict[str, str] = {}
    for each in telling:
        facts.update(each.facts)
    return Account(
        facts=facts,
        counted=_counted(telling, worlds),
        unknown=verdict.lacked,
        debts=tuple(dict.fromkeys(each.debt for each in telling if each.debt is not None)),
    )


def _counted(telling: Iterable[Judgement], worlds: tuple[World, ...]) -> tuple[Counted, ...]:
    clock = next((world.clock for world in worlds if world.clock is not None), None)
    found: dict[tuple[str, str, int], Counted] = {}
    for judgement in telling:
        for block in judgement.blocks:
            for looked in block.looked_at:
                if looked.counted is not Truth.FALSE:
                    at = datetime_of(looked.at) if clock is None else clock.show(looked.at)
                    sure = looked.counted is Truth.TRUE
                    found[(block.name, looked.id, looked.at)] = Counted(looked.id, at, block.name, sure)
    return tuple(sorted(found.values(), key=lambda each: (each.at, each.block, each.id)))


def _telling(verdict: RuleVerdict) -> list[Judgement]:
    return [each for each in verdict.judgements if each.verdict in (Verdict.VIOLATED, Verdict.UNKNOWN)]


def message_of(flag: Flag) -> str:
    """One sentence that a person can act on."""
    if flag.violated is not None:
        return _filled(flag.rule, *flag.violated())
    verdict = flag.account
    rule, telling = verdict.rule, _telling(verdict)
    first = telling[0]
    if verdict.verdict is Verdict.VIOLATED:
        text = _filled(rule, first.day, first.counts)
        return f"{text} (missing or not allowed: {', '.join(first.items)})" if first.items else text
    because = list(dict.fromkeys(reason for each in telling for reason in each.because))
    parts: list[str] = []
    if verdict.locations_disagree:
        where = [each.location for each in telling if each.verdict is Verdict.VIOLATED]
        open_ = [each.location for each in telling]
        other = [each.location for each in verdict.judgements if each.location not in open_]
        clear = f", not if where {_listed(other)} points" if other else ""
        parts.append(f"violated if the consumer is where {_listed(where)} points{clear}")
    if because:
        parts.append("; ".join(because))
    missing = [name for name in verdict.lacked if name != "consumer.location" or not verdict.locations_disagree]
    if missing:
        parts.append(f"cannot be decided without {_listed(missing)}")
    return f"{rule.title}: {'; '.join(parts) or 'cannot be decided'}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _filled(rule: Rule, day: int, counts: Mapping[str, Range]) -> str:
    """The rule's message with the counts, and the parameters of that day, which it names."""
    values: dict[str, str] = {name: str(count) for name, count in counts.items()}
    for name, parameter in rule.parameters.items():
        values[name] = show_value(parameter.on(day), parameter.type, None)
    if rule.message is not None:
        text = rule.message
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        return text
    counted = "; ".join(f"{name.replace('_', ' ')}: {count}" for name, count in counts.items())
    limits = "; ".join(f"{name.replace('_', ' ')}: {values[name]}" for name in rule.parameters)
    told = "; ".join(part for part in (counted, limits) if part)
    return f"{rule.title} ({told})" if told else rule.title
