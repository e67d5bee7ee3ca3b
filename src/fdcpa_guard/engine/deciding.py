"""All rules on one communication: the decision, its findings, and the next instant at which it would be allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial

from fdcpa_guard.engine.compiled.program import Compiled, CountFunction
from fdcpa_guard.engine.compiled.screen import Screen
from fdcpa_guard.engine.decision import Decision, Due, Outcome, Verdict, Waiver, shown
from fdcpa_guard.engine.duties import duties
from fdcpa_guard.engine.findings import OUTCOMES, Finding
from fdcpa_guard.engine.limitations import Timed
from fdcpa_guard.engine.verdicts import Flag, RuleVerdict, called_number, debts_of, flag_of, judge_rule
from fdcpa_guard.engine.waiting import first_free
from fdcpa_guard.facts.actions import judged
from fdcpa_guard.facts.bind import ConsumerFile, World
from fdcpa_guard.facts.clock import Clock
from fdcpa_guard.facts.debts import DebtOf
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.models import Action, Communication
from fdcpa_guard.rulefile.model import Deadline, Rule
from fdcpa_guard.ruleset.policy import Policy, PolicyText, apply_policy
from fdcpa_guard.ruleset.rulebook import Rulebook
from fdcpa_guard.values import Range, datetime_of

_FLAGGED = (Verdict.VIOLATED, Verdict.UNKNOWN)


class _Counting:
    """Works out counts where rules were first found violated, each no more than once for all that say it."""

    __slots__ = ("_at", "_known")

    def __init__(self, communication: Entry, file: ConsumerFile, prior: Sequence[Entry]) -> None:
        self._at = communication, file, prior
        self._known: dict[tuple[CountFunction, DebtOf | None, World], Range] = {}

    def counts(
        self, functions: Mapping[str, CountFunction], debt: DebtOf | None, world: World, names: Iterable[str]
    ) -> Mapping[str, Range]:
        """The counts of these names."""
        return {name: self._count(functions[name], debt, world) for name in names}

    def _count(self, function: CountFunction, debt: DebtOf | None, world: World) -> Range:
        key = function, debt, world
        known = self._known.get(key)
        if known is None:
            communication, file, prior = self._at
            known = self._known[key] = Range(*function(communication, debt, file, world, prior))
        return known


class Guard:
    """Rules, loaded and ready: judges communications against a consumer's file.

    Nothing in it changes what it answers after construction, so one `Guard` serves every thread.
    """

    def __init__(self, rulebook: Rulebook, policy: PolicyText | None = None) -> None:
        self.rulebook = rulebook
        self.policy: Policy = apply_policy(rulebook.rules, policy)
        self.rules = self.policy.rules
        by_id = {rule.id: rule for rule in self.rules}
        self.yields: dict[str, tuple[Rule, ...]] = {
            rule.id: tuple(by_id[other] for other in rule.yields_to if other in by_id) for rule in rulebook.rules
        }
        self.with_deadlines = tuple(
            rule for rule in self.rules if any(isinstance(block, Deadline) for block in rule.blocks.values())
        )
        self._screen = Screen(self.rules, self.yields)

    @cached_property
    def under_other_readings(self) -> Guard:
        """The same with the other readings of the law switched on."""
        return Guard(self.rulebook, self.policy.text.model_copy(update={"other_readings": True}))

    def check(self, proposed: Communication | Action, file: ConsumerFile) -> Decision:
        """May this be done? See `Decision`. The instant judged is that of what is proposed; nothing reads a clock."""
        return self.decide(judged(proposed), file)

    def check_many(self, proposed: Iterable[Communication | Action], file: ConsumerFile) -> Iterator[Decision]:
        """Each of several proposed communications or actions against one consumer's file, one at a time and in their order."""
        return (self.check(each, file) for each in proposed)

    def warm(self) -> None:
        """Compiles what a dialer asks most: calls and texts to the consumer under today's rules, in every place."""
        self._screen.warm()

    def decide(self, communication: Entry, file: ConsumerFile, prior: Sequence[Entry] | None = None) -> Decision:
        """The same for a communication already bound; `prior` are the entries before it, else the file's own."""
        flags = self.flagged(communication, file, file.prior(communication) if prior is None else prior)
        asked = Asked(self, communication, file, flags)
        return Decision(asked.outcome(), asked) if flags else Decision(Outcome.ALLOW, asked, ())

    def judge(self, rule: Rule, communication: Entry, file: ConsumerFile, *, traced: bool = False) -> RuleVerdict:
        """One rule on one communication, by the definition, with the account of every judgement behind it."""
        return self._judge(rule, communication, file, file.prior(communication), traced=traced)

    def flagged(self, communication: Entry, file: ConsumerFile, prior: Sequence[Entry]) -> list[Flag]:
        """The rules that are violated or unknown, in the order of their ids."""
        try:
            found = self._screened(communication, file, prior)
        except Exception:  # an error in one rule: the definition judges each on its own, and tells the error
            found = None
        if found is not None:
            return found
        flags = (self._flag(rule, communication, file, prior) for rule in self.rules)
        return [flag for flag in flags if flag is not None]

    def flag_of_columns(
        self, rule: Rule, verdict: Verdict, disagree: bool, missing: bool,
        communication: Entry, file: ConsumerFile, prior: Sequence[Entry],
    ) -> Flag:  # fmt: skip
        """What the columnar engine found of a rule and a communication; the account of it is the definition's."""
        explain = partial(self._judge, communication=communication, file=file, prior=prior)
        return Flag(rule, verdict, disagree, missing, explain)

    def flag(
        self, rule: Rule, communication: Entry, file: ConsumerFile, *, by_definition: bool = False
    ) -> Flag | None:
        """One rule's flag, where it is violated or unknown. To compile all rules for one answer takes seconds."""
        prior = file.prior(communication)
        if by_definition:
            return self._flag(rule, communication, file, prior)
        try:
            found = self._screened(communication, file, prior)
        except Exception:  # as in `flagged`
            found = None
        if found is None:
            return self._flag(rule, communication, file, prior)
        return next((flag for flag in found if flag.rule is rule), None)

    def _flag(self, rule: Rule, communication: Entry, file: ConsumerFile, prior: Sequence[Entry]) -> Flag | None:
        """By the definition: the rule's flag, where it is violated or unknown."""
        found = self._judge(rule, communication, file, prior)
        return Flag.of(found) if found.verdict in _FLAGGED else None

    def _judge(
        self, rule: Rule, communication: Entry, file: ConsumerFile, prior: Sequence[Entry], *, traced: bool = False
    ) -> RuleVerdict:
        return judge_rule(rule, communication, file, prior, yields_to=self.yields[rule.id], traced=traced)

    def _screened(self, communication: Entry, file: ConsumerFile, prior: Sequence[Entry]) -> list[Flag] | None:
        """The same by the compiled rules; None where only the definition can tell: no clock, or a log with gaps."""
        if not file.log_complete:
            return None
        worlds = file.worlds(called_number(communication))
        debts = debts_of(communication, file)
        hits: dict[int, list[bool]] = {}
        firsts: dict[int, tuple[Compiled, int, World]] = {}
        left_over: frozenset[int] = frozenset()
        for world in worlds:
            program = self._screen.program(communication, file, world)
            if program is None:
                return None
            if program.left_over:
                left_over |= program.left_over
            found = program.run(communication, file, world, prior, debts)
            if not found:
                continue
            here: dict[int, bool] = {}
            for index, debt, violated in found:
                here[index] = violated or here.get(index, False)
                if index not in firsts:
                    firsts[index] = (program, debt, world)
            for index, violated in here.items():
                hits.setdefault(index, []).append(violated)
        if not hits and not left_over:
            return []
        explain = partial(self._judge, communication=communication, file=file, prior=prior)
        counting = _Counting(communication, file, prior)
        flags: list[Flag] = []
        for index in sorted(left_over | hits.keys()):
            rule = self.rules[index]
            if index in left_over:
                flag = self._flag(rule, communication, file, prior)
            else:
                program, debt, world = firsts[index]
                counts = program.counts.get(index)
                day = world.day(communication.at)
                first = None
                if counts is not None and day is not None:
                    first = day, partial(counting.counts, counts, debts[debt], world)
                flag = flag_of(rule, hits[index], len(worlds), explain, first)
            if flag is not None:
                flags.append(flag)
        return flags

    def waiver(self, rule: Rule, communication: Timed, worlds: Iterable[World]) -> Waiver | None:
        """The waiver under which a rule stands for a communication."""
        if not self.policy.waivers:
            return None
        # The latest day that it may be where the consumer is: a waiver never outlives its own last day.
        days = [world.clock.day(communication.at) for world in worlds if world.clock is not None]
        day = max(days, default=datetime_of(communication.at).toordinal() + 1)
        waiver = self.policy.waiver_for(rule.id, day)
        return None if waiver is None else Waiver(waiver.rule, waiver.name, waiver.reason, waiver.until)


class Asked:
    """One communication put to a guard, and the flags it raised: from these, what a decision is asked for."""

    __slots__ = ("by_definition", "communication", "file", "flags", "guard")

    def __init__(
        self, guard: Guard, communication: Entry, file: ConsumerFile, flags: Sequence[Flag], *, by_definition: bool = False
    ) -> None:
        """`by_definition`: what waiting cures is asked of the definition of the one rule, as where no rules are compiled."""
        self.by_definition = by_definition
        self.guard = guard
        self.communication = communication
        self.file = file
        self.flags = flags

    @property
    def rules_version(self) -> str:
        return self.guard.rulebook.version

    def worlds(self) -> tuple[World, ...]:
        return self.file.worlds(called_number(self.communication))

    def clock(self) -> Clock | None:
        return clock_among(self.worlds())

    def as_of(self) -> datetime:
        return shown(self.communication.at if self.file.as_of is None else self.file.as_of, self.clock())

    def outcome(self) -> Outcome:
        """The worst of the flags' consequences."""
        worst = Outcome.ALLOW
        for flag in self.flags:
            consequence = OUTCOMES[flag.consequence]
            if consequence is Outcome.ALLOW or worst is Outcome.BLOCK or consequence is worst:
                continue
            if self.guard.waiver(flag.rule, self.communication, self.worlds()) is None:
                worst = consequence
        return worst

    def due(self) -> tuple[Due, ...]:
        return duties(self.guard.with_deadlines, self.guard.yields, self.communication, self.file, self.clock())

    def findings(self) -> tuple[Finding, ...]:
        worlds = self.worlds()
        return tuple(
            [
                Finding(flag, worlds, self.guard.waiver(flag.rule, self.communication, worlds), self.clears_at)
                for flag in self.flags
            ]
        )

    # -- what waiting cures ----------------------------------------------------------------------------------------------

    def clears_at(self, flag: Flag) -> datetime | None:
        """From when on the rule of a flag is neither violated nor unknown."""

        def still(at: int) -> list[Flag]:
            moved = self.communication.moved_to(at)
            found = self.guard.flag(flag.rule, moved, self.file, by_definition=self.by_definition)
            return [] if found is None else [found]

        return self._shown(first_free(self.communication.at, [flag], still))

    def permitted_at(self) -> datetime | None:
        """From when on the communication would be allowed; its own instant, where it is."""

        def in_the_way(at: int) -> list[Flag]:
            moved = self.communication.moved_to(at)
            flags = self.guard.flagged(moved, self.file, self.file.prior(moved))
            return [flag for flag in flags if self._stops(flag, moved)]

        at = self.communication.at
        stopping = [flag for flag in self.flags if self._stops(flag, self.communication)]
        return self._shown(first_free(at, stopping, in_the_way) if stopping else at)

    def _shown(self, instant: int | None) -> datetime | None:
        return None if instant is None else shown(instant, self.clock())

    def _stops(self, flag: Flag, communication: Entry) -> bool:
        if OUTCOMES[flag.consequence] is Outcome.ALLOW:
            return False
        return self.guard.waiver(flag.rule, communication, self.worlds()) is None


def clock_among(worlds: Iterable[World]) -> Clock | None:
    """The clock in which instants are shown: that of the first possible location that has one."""
    for world in worlds:
        if world.clock is not None:
            return world.clock
    return None
