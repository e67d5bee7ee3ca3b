"""Those of one consumer in turn: each as if those before it in the list, with the same consumer, were made just before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from fdcpa_guard.auditing.consumers import ConsumerLog
from fdcpa_guard.auditing.partitions.reading import Partition
from fdcpa_guard.auditing.partitions.recorded import notices_of
from fdcpa_guard.engine.columnar.owed import Owed
from fdcpa_guard.engine.columnar.people import People
from fdcpa_guard.engine.columnar.stored import Lazy, Stored
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.scrubbing.judging import file_after
from fdcpa_guard.scrubbing.partitions.cuts import Places
from fdcpa_guard.scrubbing.partitions.flags import BLOCK, NAMES, Judging
from fdcpa_guard.scrubbing.partitions.pieces import Flags
from fdcpa_guard.scrubbing.partitions.planned import Ints, PlannedBucket, PlannedContacts, Points, after_others, taken
from fdcpa_guard.scrubbing.partitions.reasons import Reasons, Source, Stopped
from fdcpa_guard.scrubbing.results import ScrubbedContact


class Turns:
    """Judges the contacts of a partition in turn."""

    def __init__(
        self, judging: Judging, log: Partition, numbers: Ints, stored: Stored, contacts: PlannedContacts, places: Places,
        reasons: Reasons, log_of: Callable[[int], ConsumerLog],
    ) -> None:  # fmt: skip
        """`numbers` are those of the stored consumers in the partition of the log."""
        self._judging, self._log, self._numbers, self._stored = judging, log, numbers, stored
        self._contacts, self._places, self._reasons, self._log_of = contacts, places, reasons, log_of

    def in_turn(self, answers: list[ScrubbedContact], outcome: Ints, at: Ints) -> None:
        """Changes the answers on contacts that others before them make unlawful. `outcome`, `at`: what each was alone, and the
        instant that was judged."""
        owners = self._contacts.consumer
        starts = np.searchsorted(owners, np.arange(len(self._numbers) + 1))
        turns = np.arange(len(owners)) - starts[owners]
        last = outcome.copy()
        made: list[list[int]] = [[] for _ in self._numbers]
        for turn in range(int(turns.max(initial=0)) + 1):
            now = np.flatnonzero(turns == turn)
            asked = [place for place in now.tolist() if made[owners[place]] and outcome[place] != BLOCK]
            if asked:
                self._ask(np.array(asked, np.int64), made, answers, outcome, at, last)
            for place in now[last[now] != BLOCK].tolist():
                made[owners[place]].append(place)

    def _ask(
        self, asked: Ints, made: Sequence[Sequence[int]], answers: list[ScrubbedContact], outcome: Ints, at: Ints, last: Ints
    ) -> None:
        contacts, owners = self._contacts, self._contacts.consumer[asked]
        before = [made[owner] for owner in owners.tolist()]
        others = np.array([each for places in before for each in places], np.int64)
        whose = np.repeat(np.arange(len(asked)), [len(places) for places in before])
        done = taken(contacts.records, others, whose, at[asked][whose])
        rows = after_others(self._stored.rows, done, owners)
        among = owners.tolist()

        def file_of(number: int) -> ConsumerFile:
            said = [contacts.contact(each).communication for each in before[number]]
            return file_after(self._log_of(among[number]), said, int(at[asked[number]]))

        stored = replace(
            self._stored, consumers=_some(self._stored.consumers, owners),
            debts=Owed([self._stored.debts.documents[owner] for owner in among], self._stored.debts.model), file_of=file_of,
        )  # fmt: skip
        stored = self._log.with_rows(stored, self._numbers[owners], rows)
        points = contacts.points(asked, at[asked])
        points = Points(
            np.arange(len(asked)), points.shape, points.shapes, points.texts, points.numbers, points.debts,
            of=points.of, contact=asked,
        )
        bucket = PlannedBucket(stored, contacts, points, self._places.worlds)
        # What is done before tells others something by its notices alone; and by its id, which a plan has not.
        notices, _ = notices_of(done)
        judge = self._judging.all if notices else self._judging.those_that_look_back
        found = judge(bucket, np.arange(len(asked)))
        outcomes = found.outcome()
        worse = np.flatnonzero(outcomes > outcome[asked])
        stopped = Stopped(asked[worse], at[asked[worse]], outcomes[worse], Flags.at(found, worse))
        source = Source(
            lambda: self._judging.accounts(bucket, worse), lambda place: file_of(int(worse[place]))
        )
        whys = self._reasons.of(stopped, source)
        for place, change, why in zip(stopped.contact.tolist(), stopped.outcome.tolist(), whys, strict=True):
            answers[place] = replace(
                answers[place], decision_in_sequence=NAMES[change], rules_in_sequence=why.rules, reason_in_sequence=why.reason
            )
            last[place] = change


def _some(people: People, numbers: Ints) -> People:
    """Some consumers, in the order of their numbers."""
    listed = numbers.tolist()
    more = set(people.more)
    return People(
        Lazy(len(listed), lambda number: people.whole[listed[number]]), people.alike, people.profile[numbers],
        [people.own[number] for number in listed], [place for place, number in enumerate(listed) if number in more],
        lambda number: people.contacts_of(listed[number]), lambda number: people.contacts_apart(listed[number]), people.contact,
    )  # fmt: skip
