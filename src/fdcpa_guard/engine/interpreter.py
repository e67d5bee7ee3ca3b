"""The definition: what a rule says of one communication, in plain Python, with a trace.

Slow and readable; the compiled functions are proved equal to it. One `Evaluation` judges one rule in one possible
location and for one debt. It stands on two layers: `interpreted_conditions` says what the rule's conditions mean, and
`interpreted_blocks` what its counts, moments, standings, waiting times and deadlines give; here its parts are brought
together to a verdict. Truth is True, False, or None for unknown, and whatever ends unknown lists the facts that were
lacking.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from fdcpa_guard.engine.content import is_said
from fdcpa_guard.engine.decision import Judgement, Verdict
from fdcpa_guard.engine.interpreted_blocks import InterpretedBlocks, Obligation
from fdcpa_guard.engine.kleene import all_of, any_of, negate
from fdcpa_guard.engine.windows import EARLIEST_CLOCK, LATEST_CLOCK
from fdcpa_guard.facts.bind import ConsumerFile, World
from fdcpa_guard.facts.debts import DebtOf
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.rulefile.model import ContentItem, Count, Deadline, Rule
from fdcpa_guard.ruleset.applies import binds, holds_in, in_force, reaches


class Evaluation(InterpretedBlocks):
    """One rule, one communication, one possible location, one debt.

    `in_place_of` are the rules to which this one yields wherever they apply.
    """

    def __init__(
        self,
        rule: Rule,
        communication: Entry,
        file: ConsumerFile,
        world: World,
        debt: DebtOf | None,
        prior: Sequence[Entry],
        *,
        in_place_of: Sequence[Rule] = (),
        traced: bool = True,
    ) -> None:
        days = days_of(communication.at, world)
        super().__init__(rule, communication, file, world, debt, days, prior, traced=traced)
        self.in_place_of = in_place_of

    def judge(self) -> Judgement:
        """The verdict with all that it rests on; asked once of an evaluation."""
        rule = self.rule
        because: list[str] = []
        self.changes.of_dates(rule)
        gate, gate_lacks = self._applies()
        if gate is False:
            return self._answer(Verdict.NOT_APPLICABLE)
        violated, lacks, items = self._violated()
        if violated is False:
            for open_question in rule.undecided:
                open_, open_lacks = self._condition(open_question.when, None, None)
                if open_ is not False:
                    violated, lacks = None, [*lacks, *open_lacks]
                    if open_:
                        because.append(f"{open_question.because} ({open_question.cite})")
        if violated is False:
            return self._answer(Verdict.COMPLIES)
        excused, excused_lacks, by = self._excused(rule.unless, None, None)
        if excused:
            return self._answer(Verdict.EXEMPT, exempt_by=by)
        if gate and violated and excused is False:
            answer = self._answer(Verdict.VIOLATED, items=items)
            for name in counts_told(rule):
                # What the message says is counted, though nothing that was asked rests on it.
                self._count(name)
            return answer
        wanted = [
            *(gate_lacks if gate is None else ()),
            *(lacks if violated is None else ()),
            *(excused_lacks if excused is None else ()),
        ]
        return self._answer(Verdict.UNKNOWN, lacked=wanted, because=because, items=items)

    def owed(self) -> Iterator[tuple[Deadline, Obligation, bool]]:
        """What the rule's deadlines still want done, with whether it surely is owed."""
        rule = self.rule
        gate = self._applies()[0]
        if gate is False:
            return
        excused = self._excused(rule.unless, None, None)[0]
        # In a log with gaps, what had to follow may stand where a row is missing.
        complete = True if self.file.log_complete else None
        for block in rule.blocks.values():
            if isinstance(block, Deadline):
                for each in self.obligations(block)[0]:
                    owed = all_of((gate, each.owed, negate(each.done), negate(excused), complete))
                    if owed is not False:
                        yield block, each, owed is True

    def failed(self, error: Exception) -> Judgement:
        """The judgement where an error ended it: unknown, with the error."""
        because = f"an error while judging: {type(error).__name__}: {error}"
        return self._answer(Verdict.UNKNOWN, because=[because])

    def _answer(
        self,
        verdict: Verdict,
        *,
        exempt_by: str | None = None,
        lacked: Iterable[str] = (),
        because: Iterable[str] = (),
        items: Iterable[str] = (),
    ) -> Judgement:
        return Judgement(
            rule=self.rule.id,
            verdict=verdict,
            exempt_by=exempt_by,
            lacked=tuple(dict.fromkeys(lacked)),
            because=tuple(because),
            counts=self.counts,
            blocks=tuple(self.blocks.values()),
            facts=self.facts,
            items=tuple(items),
            changes_at=self.changes.ahead(),
            steps=tuple(self._steps),
            debt=None if self.debt is None else self.debt.id,
            location=self.world.because,
            day=self.days[0],
        )

    def _applies(self) -> tuple[bool | None, list[str]]:
        """Whether the rule speaks of this, and its own condition for that holds."""
        gate, lacks = self._gate()
        if gate is False or self.rule.applies_when is None:
            return gate, lacks
        applies, more = self._condition(self.rule.applies_when, None, None)
        return all_of((gate, applies)), [*lacks, *more]

    def _gate(self) -> tuple[bool | None, list[str]]:
        """Whether the rule speaks of this collector, channel, place and day at all."""
        bound = self._bounds(self.rule)
        for other in self.in_place_of:
            rules_here = all_of(answer for answer, _ in self._bounds(other))
            bound.append((negate(rules_here), "consumer.location"))
        return all_of(answer for answer, _ in bound), [name for answer, name in bound if answer is None]

    def _bounds(self, rule: Rule) -> list[tuple[bool | None, str]]:
        return rule_bounds(rule, self.communication, self.file, self.world, self.days)

    def _violated(self) -> tuple[bool | None, list[str], list[str]]:
        rule = self.rule
        parts: list[tuple[bool | None, list[str]]] = []
        items: list[str] = []
        if rule.violated_when is not None:
            parts.append(self._condition(rule.violated_when, None, None))
        elif deadlines := [block for block in rule.blocks.values() if isinstance(block, Deadline)]:
            missed = [self._deadline(block) for block in deadlines]
            parts.append((any_of(answer for answer, _ in missed), [name for _, lacks in missed for name in lacks]))
        if rule.must_contain or rule.must_not_contain:
            failed: list[tuple[bool | None, list[str]]] = []
            for item, wanted in [
                *((each, True) for each in rule.must_contain),
                *((each, False) for each in rule.must_not_contain),
            ]:
                answer = self._item(item, wanted)
                failed.append(answer)
                if answer[0] is not False:
                    items.append(item.id)
            parts.append((any_of(answer for answer, _ in failed), [name for _, lacks in failed for name in lacks]))
        return all_of(answer for answer, _ in parts), [name for _, lacks in parts for name in lacks], items

    def _item(self, item: ContentItem, wanted: bool) -> tuple[bool | None, list[str]]:
        """Whether an item of content fails: it is wanted and not there, or there and not wanted."""
        asked, lacks = (True, []) if item.only_when is None else self._condition(item.only_when, None, None)
        declared = "discloses" if wanted else "asserts"
        said = self.communication
        found = is_said(said.content, getattr(said, declared), item.declared, item.looks_for)
        failed = negate(found) if wanted else found
        lacked = f"communication.{'content' if item.declared is None else declared}"
        answer = all_of((asked, failed))
        return answer, [] if answer is not None else [*lacks, *([lacked] if found is None else [])]


@lru_cache(maxsize=4096)
def counts_told(rule: Rule) -> tuple[str, ...]:
    """The counts that the message of a violation says; one that the rule leaves to be made says them all."""
    counts = (block.name for block in rule.blocks.values() if isinstance(block, Count))
    return tuple(name for name in counts if rule.message is None or "{" + name + "}" in rule.message)


def days_of(at: int, world: World) -> tuple[int, int]:
    """The earliest and the latest local day that an instant may be: one day where the clock is known."""
    if world.clock is not None:
        day = world.clock.day(at)
        return day, day
    return EARLIEST_CLOCK.day(at), LATEST_CLOCK.day(at)


def rule_bounds(
    rule: Rule, communication: Entry, file: ConsumerFile, world: World, days: tuple[int, int]
) -> list[tuple[bool | None, str]]:
    """Whether a rule binds, reaches, is in force and is the law of the place; with the fact each needs."""
    return [
        (binds(rule, file.collector.kind), "collector.kind"),
        (reaches(rule, communication.channel), "communication.channel"),
        (holds_in(rule.jurisdiction, world.state, world.city), "consumer.location"),
        (in_force(rule, days), "consumer.time_zone"),
    ]
