"""The contacts of one partition with consumers whose records are plain, judged and told by columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from fdcpa_guard.auditing.consumers import ConsumerLog, consumer_log
from fdcpa_guard.auditing.partitions.reading import Partition
from fdcpa_guard.errors import BackendDisagreement
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.models import Collector
from fdcpa_guard.scrubbing.engines import PROVED, ColumnarEngine
from fdcpa_guard.scrubbing.judging import Scrubber
from fdcpa_guard.scrubbing.partitions.cuts import Cutter, Places, days_of, the_day_after
from fdcpa_guard.scrubbing.partitions.flags import ALLOW, Judging
from fdcpa_guard.scrubbing.partitions.pieces import DayJudge, Judged
from fdcpa_guard.scrubbing.partitions.planned import Ints, PlannedContacts, read_once
from fdcpa_guard.scrubbing.partitions.reasons import Reasons
from fdcpa_guard.scrubbing.partitions.telling import Telling, windows_of
from fdcpa_guard.scrubbing.partitions.turns import Turns
from fdcpa_guard.scrubbing.results import ScrubbedContact


class PlainConsumers:
    """Some consumers of a partition. `listed` and `logged` are their numbers in the partitions of the list and of the log."""

    def __init__(
        self, scrubber: Scrubber, engine: ColumnarEngine, collector: Collector, listed: Partition, log: Partition,
        of_list: Ints, of_log: Ints,
    ) -> None:  # fmt: skip
        self._scrubber, self._collector = scrubber, collector
        self._log, self._of_log = log, of_log
        self._names = [listed.consumers[number] for number in of_list.tolist()]
        self._logs: dict[int, ConsumerLog] = {}
        stored = log.stored(of_log, collector, None, self._file)
        self._stored = replace(stored, rows=read_once(stored.rows))
        self._contacts = PlannedContacts(listed, of_list)
        self._judging = Judging(scrubber.guard, *engine.planned)

    def _log_of(self, consumer: int) -> ConsumerLog:
        known = self._logs.get(consumer)
        if known is None:
            spooled = self._log.spooled(int(self._of_log[consumer]))
            known = self._logs[consumer] = consumer_log(spooled, self._collector, None)
        return known

    def _file(self, consumer: int) -> ConsumerFile:
        return self._log_of(consumer).file

    def answers(self) -> list[ScrubbedContact]:
        """The answers on all their contacts.

        Raises:
            BackendDisagreement: the columns answer other than the guard.
        """
        contacts, stored, scrubber = self._contacts, self._stored, self._scrubber
        if not len(contacts):
            return []
        places = Places(stored, contacts)
        cutter = Cutter(stored, contacts, places, scrubber.rules)
        judge = DayJudge(self._judging, stored, contacts, places, cutter)
        every = np.arange(len(contacts))
        days = days_of(contacts, places, scrubber.day)
        judged = judge.judged(every, days, later=False)
        self._prove(every, judged)
        reasons = Reasons(self._judging, contacts, places)
        telling = Telling(self._judging, contacts, places, reasons, self._file)
        answers, on = telling.answers(self._names, judged, days)
        outcome, at = judged.pieces.outcome[on], judged.pieces.at[on]
        if scrubber.ahead:
            closed = np.ones(len(contacts), bool)
            closed[judged.window_contact] = False
            waiting = np.flatnonzero(closed & (outcome != ALLOW))
            later = judge.judged(waiting, the_day_after(days, waiting, places), later=True)
            self._prove(waiting, later)
            windows = windows_of(later, len(waiting))
            for number, place in enumerate(waiting.tolist()):
                answers[place] = telling.permitted(answers[place], place, later, number, windows[number])
        turns = Turns(self._judging, self._log, self._of_log, stored, contacts, places, reasons, self._log_of)
        turns.in_turn(answers, outcome, at)
        return self._with_the_same(answers)

    def _with_the_same(self, answers: Sequence[ScrubbedContact]) -> list[ScrubbedContact]:
        contacts = self._contacts
        firsts: dict[tuple[int, str | None, str], int] = {}
        found: list[ScrubbedContact] = []
        owners, rows = contacts.consumer.tolist(), contacts.row.tolist()
        for place, answer in enumerate(answers):
            address = contacts.address[place]
            if address is not None:
                first = firsts.setdefault((owners[place], contacts.channel[place], address), rows[place])
                if first != rows[place]:
                    answer = answer.same_as(first)
            found.append(answer)
        return found

    def _prove(self, asked: Ints, judged: Judged) -> None:
        """One contact in so many is asked of the guard too, at every instant at which it was judged.

        Raises:
            BackendDisagreement: it answers otherwise.
        """
        pieces, guard = judged.pieces, self._scrubber.guard
        for number in range(len(asked) // 2 % PROVED, len(asked), PROVED):
            place = int(asked[number])
            file = self._file(int(self._contacts.consumer[place]))
            first, stop = pieces.contact.searchsorted((number, number + 1)).tolist()
            for piece in range(first, stop):
                if pieces.outcome[piece] < 0:
                    continue
                entry = self._contacts.entry(place).moved_to(int(pieces.at[piece]))
                wanted = {flag.rule.id: flag.verdict for flag in guard.flagged(entry, file, file.prior(entry))}
                flags = judged.flags(np.array([piece], np.int64), self._judging.is_moving)
                told = {
                    guard.rules[rule].id: self._judging.flag(rule, kind).verdict
                    for rule, kind in zip(flags.rule.tolist(), flags.kind.tolist(), strict=True)
                }
                for rule_id in sorted(told.keys() | wanted.keys()):
                    if told.get(rule_id) is not wanted.get(rule_id):
                        said, other = (each[rule_id].value if rule_id in each else "nothing" for each in (told, wanted))
                        raise BackendDisagreement(rule_id, "a planned contact", f"columns say {said}, the guard {other}")
