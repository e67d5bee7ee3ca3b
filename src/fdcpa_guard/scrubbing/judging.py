"""The contacts of some consumers, judged together: each alone, its windows of the day, and those of one consumer in turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from fdcpa_guard.auditing.consumers import ConsumerLog
from fdcpa_guard.engine.deciding import Asked, Guard
from fdcpa_guard.engine.decision import Outcome, Verdict
from fdcpa_guard.engine.findings import OUTCOMES, message_of
from fdcpa_guard.engine.interpreter import counts_told
from fdcpa_guard.engine.verdicts import Flag, called_number
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.clock import Clock
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.models import Communication
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.scrubbing.changing import ChangingRules
from fdcpa_guard.scrubbing.contacts import Contact
from fdcpa_guard.scrubbing.engines import Flags, FlagsEngine, Point
from fdcpa_guard.scrubbing.results import ScrubbedContact
from fdcpa_guard.scrubbing.windows import UTC_CLOCK, Window, as_local, as_utc, clock_shown, cuts, day_of, joined
from fdcpa_guard.values import Range, datetime_of

_RANK: Final = {Outcome.ALLOW: 0, Outcome.REVIEW: 1, Outcome.BLOCK: 2}


@dataclass(slots=True)
class _Piece:
    """A stretch of the day in which nothing changes. `like` is the piece before it that any rule was asked of."""

    start: int
    end: int
    asked: Entry
    like: _Piece | None
    flags: Flags | None = None
    outcome: Outcome | None = None


@dataclass(slots=True)
class _Planned:
    """One contact, while it is judged. `at` is the instant asked about; None where a day is."""

    contact: Contact
    log: ConsumerLog
    entry: Entry
    clock: Clock | None
    at: int | None
    day: int
    pieces: list[_Piece] = field(default_factory=list)
    exact: _Piece | None = None
    """The very instant asked about, where an answer changes at it: else the first piece has it."""
    windows: tuple[Window, ...] = ()
    decided: _Piece | None = None
    later: bool = False
    """It stands for the day after, of which nothing but the windows is asked."""

    @property
    def file(self) -> ConsumerFile:
        return self.log.file


class Scrubber:
    """Judges contacts by the rules of a guard. `day` is the local day of contacts that are planned for no instant.

    `ahead`: whether the next lawful instant is sought beyond the day, where the day has none.
    """

    def __init__(
        self, guard: Guard, engine: FlagsEngine, rules: ChangingRules, day: int | None, *, ahead: bool = True
    ) -> None:
        self.guard = guard
        self.engine = engine
        self.rules = rules
        self.day = day
        self.ahead = ahead

    def contacts(self, asked: Sequence[tuple[ConsumerLog, Sequence[Contact]]]) -> list[ScrubbedContact]:
        """The answers on the contacts of some consumers, in their order."""
        planned = [self._planned(log, contact) for log, contacts in asked for contact in contacts]
        self._judge(planned)
        for each in planned:
            self._decide(each)
        later = self._tomorrow([each for each in planned if self.ahead and not each.windows and not _is_allowed(each)])
        alone = {each.contact.row: self._answer(each, later.get(each.contact.row)) for each in planned}
        in_turn = self._in_turn(planned, alone)
        firsts: dict[tuple[str, str | None, str | None], int] = {}
        found: list[ScrubbedContact] = []
        for each in planned:
            key = each.contact.consumer_id, each.entry.channel, each.entry.address
            first = firsts.setdefault(key, each.contact.row)
            same = None if first == each.contact.row or each.entry.address is None else first
            found.append(replace(in_turn[each.contact.row], same_as_row=same))
        return found

    # -- each alone --------------------------------------------------------------------------------------------------------

    def _planned(self, log: ConsumerLog, contact: Contact) -> _Planned:
        entry = Entry(contact.communication, of_log=False)
        clock = clock_shown(entry, log.file)
        at = None if contact.on_the_day else entry.at
        day = self.day if at is None else (clock or UTC_CLOCK).day(at)
        assert day is not None
        return self._cut(_Planned(contact, log, entry, clock, at, day))

    def _tomorrow(self, planned: Sequence[_Planned]) -> dict[int, _Planned]:
        """The same on the day after, by row: most of what waits for an hour or for a count of days is free there."""
        later = [
            self._cut(_Planned(each.contact, each.log, each.entry, each.clock, None, each.day + 1, later=True))
            for each in planned
        ]
        self._judge(later)
        return {each.contact.row: each for each in later}

    def _cut(self, planned: _Planned) -> _Planned:
        """Into the pieces of its day in which nothing changes."""
        entry, log, at = planned.entry, planned.log, planned.at
        first, end = day_of(planned.clock, planned.day)
        start = first if at is None else at
        whole = {cut.at: cut.whole for cut in cuts(entry, log.file, self.rules, start, end)}
        bounds = sorted({start, end, *whole})
        if at is not None and at in whole:
            planned.exact = _Piece(at, at, entry, None)
        like: _Piece | None = None
        for begin, stop in pairwise(bounds):
            if whole.get(begin, True):
                like = None
            # What follows a boundary counts: it is judged one microsecond after it.
            instant = at if begin == at and planned.exact is None else begin + 1
            assert instant is not None
            if instant >= stop:
                continue  # nothing lies between two neighbouring microseconds
            piece = _Piece(begin, stop, entry.moved_to(instant), like)
            like = like or piece
            planned.pieces.append(piece)
        return planned

    def _judge(self, planned: Sequence[_Planned]) -> None:
        """The pieces that any rule is asked of, then the others, then the boundaries within what is allowed."""
        whole = [(each, piece) for each in planned for piece in each.pieces if piece.like is None]
        whole += [(each, each.exact) for each in planned if each.exact is not None]
        for (each, piece), flags in zip(whole, self.engine.flags(_points(whole)), strict=True):
            self._set(each, piece, flags)
        others = [
            (each, piece) for each in planned for piece in each.pieces
            if piece.like is not None and self._matters(each, piece.like)
        ]  # fmt: skip
        self._set_moved(others, [_flags_of(piece.like) for _, piece in others])
        self._join(planned)

    def _set_moved(self, pieces: Sequence[tuple[_Planned, _Piece]], before: Sequence[Flags]) -> None:
        for (each, piece), flags in zip(pieces, self.engine.moved(_points(pieces), before), strict=True):
            self._set(each, piece, flags)

    def _set(self, planned: _Planned, piece: _Piece, flags: Flags) -> None:
        piece.flags = flags
        piece.outcome = Asked(self.guard, piece.asked, planned.file, flags).outcome()

    def _matters(self, planned: _Planned, like: _Piece) -> bool:
        """Whether a piece is to be asked that differs from another by what moves within the day alone.

        Nothing else can make it allowed. Of a day that has no window, the piece that is told is the one of which the
        least is to be said.
        """
        still = [flag for flag in _flags_of(like) if flag.rule.id not in self.rules.moving_ids]
        least = Asked(self.guard, like.asked, planned.file, still).outcome()
        return least is Outcome.ALLOW or (planned.at is None and not planned.later)

    def _join(self, planned: Sequence[_Planned]) -> None:
        between: list[tuple[_Planned, _Piece]] = []
        for each in planned:
            for one, other in pairwise(each.pieces):
                if one.outcome is Outcome.ALLOW and other.outcome is Outcome.ALLOW and one.end == other.start:
                    moved = each.entry.moved_to(other.start)
                    between.append((each, _Piece(other.start, other.start, moved, other.like)))
        whole = [(each, piece) for each, piece in between if piece.like is None]
        for (each, piece), flags in zip(whole, self.engine.flags(_points(whole)), strict=True):
            self._set(each, piece, flags)
        moving = [(each, piece) for each, piece in between if piece.like is not None]
        self._set_moved(moving, [_flags_of(piece.like) for _, piece in moving])
        open_at: dict[int, list[int]] = {}
        for each, piece in between:
            if piece.outcome is Outcome.ALLOW:
                open_at.setdefault(each.contact.row, []).append(piece.start)
        for each in planned:
            pieces = [(piece.start, piece.end, piece.outcome is Outcome.ALLOW) for piece in each.pieces]
            each.windows = joined(pieces, open_at.get(each.contact.row, ()))

    def _decide(self, planned: _Planned) -> None:
        """The piece that the decision is on: the instant asked about; of a day, its best, and of those the first.

        The fewer rules stand in the way, the better: a day on which nobody may be called is not told by its night.
        """
        if planned.at is not None:
            planned.decided = planned.exact or planned.pieces[0]
            return
        judged = [piece for piece in planned.pieces if piece.outcome is not None]
        planned.decided = min(judged, key=lambda piece: (_RANK[_outcome_of(piece)], _stopping(piece), piece.start))

    # -- what is told ------------------------------------------------------------------------------------------------------

    def _answer(self, planned: _Planned, later: _Planned | None) -> ScrubbedContact:
        piece, clock, windows = planned.decided, planned.clock, planned.windows
        assert piece is not None
        outcome = _outcome_of(piece)
        why = self._why(planned.file, piece.asked, _flags_of(piece), outcome)
        worlds = planned.file.worlds(called_number(planned.entry))
        zones = dict.fromkeys(world.clock.name for world in worlds if world.clock is not None)
        return ScrubbedContact(
            row=planned.contact.row,
            consumer_id=planned.contact.consumer_id,
            decision=outcome.value,
            judged_at=shown(piece.asked.at, clock),
            rules=tuple(rule.id for rule in why.rules),
            cites=tuple(rule.cite for rule in why.rules),
            reason=why.reason,
            unknown=why.unknown,
            permitted_at=self._permitted_at(planned, outcome, later),
            windows=as_local(windows, clock),
            windows_utc=as_utc(windows),
            zone=None if clock is None else clock.name,
            zones=tuple(zones),
            states=tuple(dict.fromkeys(world.state for world in worlds if world.state is not None)),
            decision_in_sequence=outcome.value,
        )

    def _permitted_at(self, planned: _Planned, outcome: Outcome, later: _Planned | None) -> str | None:
        if planned.at is not None and outcome is Outcome.ALLOW:
            return shown(planned.at, planned.clock)
        if planned.windows:
            return shown(planned.windows[0].start, planned.clock)
        if later is None:
            return None
        if later.windows:
            return shown(later.windows[0].start, planned.clock)
        # Nothing of the two days is free, so that the search goes on from the last that was judged of them.
        last = max((piece for piece in later.pieces if piece.flags is not None), key=lambda piece: piece.start)
        found = Asked(self.guard, last.asked, planned.file, _flags_of(last)).permitted_at()
        return None if found is None else found.isoformat()

    def _why(self, file: ConsumerFile, entry: Entry, flags: Flags, outcome: Outcome) -> Why:
        if outcome is Outcome.ALLOW:
            return Why((), None, ())
        worlds = file.worlds(called_number(entry))
        telling = [
            flag for flag in flags
            if OUTCOMES[flag.consequence] is outcome and self.guard.waiver(flag.rule, entry, worlds) is None
        ]  # fmt: skip
        first = telling[0]
        day = worlds[0].day(entry.at)
        if day is not None:
            tell_without_account(first, day)
        unknown = {name for flag in telling if flag.verdict is Verdict.UNKNOWN for name in flag.account.lacked}
        return Why(tuple(flag.rule for flag in telling), message_of(first), tuple(sorted(unknown)))

    # -- those of one consumer in turn ---------------------------------------------------------------------------------------

    def _in_turn(
        self, planned: Sequence[_Planned], alone: Mapping[int, ScrubbedContact]
    ) -> dict[int, ScrubbedContact]:
        """Each as if those before it in the list, with the same consumer, were made: the first of all, then the second."""
        found = dict(alone)
        queues: dict[int, list[_Planned]] = {}
        for each in planned:
            queues.setdefault(id(each.log), []).append(each)
        made: dict[int, list[Communication]] = {}
        waiting = [queue for queue in queues.values() if len(queue) > 1]
        turn = 0
        while waiting:
            now = [queue[turn] for queue in waiting]
            asked = [
                each for each in now if made.get(id(each.log)) and alone[each.contact.row].decision != Outcome.BLOCK.value
            ]
            points = [self._after(each, made[id(each.log)]) for each in asked]
            for each, point, flags in zip(asked, points, self.engine.flags(points), strict=True):
                answer = alone[each.contact.row]
                outcome = Asked(self.guard, point.entry, point.file, flags).outcome()
                if _RANK[outcome] <= _RANK[Outcome(answer.decision)]:
                    continue  # a contact that may never be made makes no other lawful
                why = self._why(point.file, point.entry, flags, outcome)
                found[each.contact.row] = replace(
                    answer,
                    decision_in_sequence=outcome.value,
                    rules_in_sequence=tuple(rule.id for rule in why.rules),
                    reason_in_sequence=why.reason,
                )
            for each in now:
                if found[each.contact.row].decision_in_sequence != Outcome.BLOCK.value:
                    made.setdefault(id(each.log), []).append(each.contact.communication)
            turn += 1
            waiting = [queue for queue in waiting if len(queue) > turn]
        return found

    def _after(self, planned: _Planned, made: Sequence[Communication]) -> Point:
        """The contact where some others were made just before it."""
        assert planned.decided is not None
        entry = planned.decided.asked
        return Point(file_after(planned.log, made, entry.at), entry)


def file_after(log: ConsumerLog, made: Sequence[Communication], at: int) -> ConsumerFile:
    """A consumer's file where some communications besides were made at an instant."""
    moment, file = datetime_of(at), log.file
    return ConsumerFile(
        collector=file.collector,
        consumer=file.consumer,
        debts=log.debts,
        events=log.events,
        history=[*(row.communication for row in log.rows), *(said.model_copy(update={"at": moment}) for said in made)],
        log_complete=file.log_complete,
    )


@dataclass(frozen=True, slots=True)
class Why:
    """The rules that make a decision what it is, the message of the first, and the facts that would settle it."""

    rules: tuple[Rule, ...]
    reason: str | None
    unknown: tuple[str, ...]


def tell_without_account(flag: Flag, day: int) -> None:
    """A message that names nothing that was counted or found in a text needs no account of the judgement."""
    rule = flag.rule
    plain = not (rule.must_contain or rule.must_not_contain or counts_told(rule))
    if flag.first is None and flag.verdict is Verdict.VIOLATED and plain:
        flag.first = day, _no_counts


def _no_counts(_names: Iterable[str]) -> Mapping[str, Range]:
    return {}


def _points(pieces: Iterable[tuple[_Planned, _Piece]]) -> list[Point]:
    return [Point(each.file, piece.asked) for each, piece in pieces]


def _flags_of(piece: _Piece | None) -> Flags:
    assert piece is not None
    assert piece.flags is not None
    return piece.flags


def _is_allowed(planned: _Planned) -> bool:
    return planned.decided is not None and planned.decided.outcome is Outcome.ALLOW


def _stopping(piece: _Piece) -> int:
    return sum(OUTCOMES[flag.consequence] is not Outcome.ALLOW for flag in _flags_of(piece))


def _outcome_of(piece: _Piece) -> Outcome:
    assert piece.outcome is not None
    return piece.outcome


def shown(instant: int, clock: Clock | None) -> str:
    """An instant on a clock; in UTC without one."""
    return (clock or UTC_CLOCK).show(instant).isoformat()


def not_judged(contact: Contact, error: Exception) -> ScrubbedContact:
    """The answer on a contact of a consumer whose file could not be put together, or judged."""
    reason = f"it could not be judged: {type(error).__name__}: {error}"
    return ScrubbedContact(contact.row, contact.consumer_id, Outcome.REVIEW.value, reason=reason, read=False)
