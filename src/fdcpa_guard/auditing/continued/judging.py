"""One partition of a continued audit: who must be judged again is, all others stand as they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from fdcpa_guard.auditing.ahead import JudgedAhead, ToJudge
from fdcpa_guard.auditing.consumers import ConsumerLog
from fdcpa_guard.auditing.continued.kept import KeptTold
from fdcpa_guard.auditing.judging import Judge, at_the_end
from fdcpa_guard.auditing.partitions.clean import CleanLogs
from fdcpa_guard.auditing.partitions.judging import PartitionJudge, Told
from fdcpa_guard.auditing.partitions.reading import Partition
from fdcpa_guard.auditing.partitions.recorded import Ints
from fdcpa_guard.auditing.tally import Tally
from fdcpa_guard.engine.columnar.stored import StoredBucket
from fdcpa_guard.values import instant_of

Bools = npt.NDArray[np.bool_]


class ContinuedJudge(PartitionJudge):
    """Judges the consumers of whom anything is new, and those of whom something is or was raised at the end of the log: that
    end moves with every run, and what is overdue with it. What else was told of a consumer holds, as no rule looks beyond
    the consumer's own log."""

    def __init__(self, partition: Partition, judge: Judge, kept: Mapping[bytes, KeptTold], again: Bools) -> None:
        """`kept` is what the run before told; `again` says of whom anything is new, or of all that they are to be judged."""
        super().__init__(partition, judge)
        self._kept = {number: kept[each] for number, each in enumerate(partition.ids) if each in kept}
        self._again = again.copy()
        for number, each in self._kept.items():
            self._again[number] |= each.at_end
        self._own: dict[bytes, tuple[Tally, bool]] = {}

    def judged(self) -> list[KeptTold]:
        """Of every consumer who is not counted with the many, in the order of the ids; then `tally` has the many."""
        found = [KeptTold(each, *self._own[each.consumer]) for each in self.told()]
        found += [each for number, each in self._kept.items() if not self._again[number]]
        self._judge.finish()
        return sorted(found, key=lambda each: each.told.consumer)

    @property
    def again(self) -> Ints:
        """The consumers who were judged, by their numbers; after `judged`."""
        found: Ints = np.flatnonzero(self._again & self._asked)
        return found

    @property
    def tally(self) -> Tally:
        return self._judge.tally

    def told(self) -> Iterator[Told]:
        """Of those who are judged."""
        odd = np.flatnonzero(self._asked & ~self._partition.plain)
        plain = np.flatnonzero(self._asked & self._partition.plain)
        ahead: dict[int, JudgedAhead] = {}
        clean: list[CleanLogs] = []
        try:
            ahead, clean = self._of_plain(plain)
        except Exception as error:  # whatever is the matter with one of them, each is then judged from its own records
            self.not_in_columns, self._again[plain] = error, True
            odd = np.flatnonzero(self._asked)
        for logs in clean:
            self._judge.clean(logs)
        self._look_at_the_ends(odd)
        yield from self._of_odd(odd[self._again[odd]].tolist())
        yield from (self._of(number, ahead[number], log) for number, log in self._put_together(sorted(ahead)))

    def _of_plain(self, plain: Ints) -> tuple[dict[int, JudgedAhead], list[CleanLogs]]:
        """What was raised of those who are judged; and those who are to be counted with the many."""
        standing = plain[~self._again[plain]]
        if len(standing) == 0:
            ahead, clean = self._judged_in_columns(plain)
            return ahead, [] if clean is None else [clean]
        terms = self._judge.terms
        as_of = None if terms.as_of is None else instant_of(terms.as_of)
        stored = self._partition.stored(standing, terms.collector, as_of, lambda place: self._file(int(standing[place])))
        ends = self._ends(stored)
        bucket = StoredBucket(stored, ends)
        if ends is not None:
            for place in self._columnar.overdue(bucket.at_the_ends()):
                self._again[standing[ends.consumer[place]]] = True
        ahead, judged = self._judged_in_columns(plain[self._again[plain]])
        many = np.array([not self._again[number] and number not in self._kept for number in standing.tolist()], bool)
        stood = CleanLogs(stored, bucket, many, self._accounts(standing))
        return ahead, [stood] if judged is None else [judged, stood]

    def _look_at_the_ends(self, odd: Ints) -> None:
        """Of those whose records have to be put together: whether anything is overdue now."""
        logs: list[tuple[int, ToJudge]] = []
        for number in odd[~self._again[odd]].tolist():
            if number not in self._kept:
                self._again[number] = True
                continue
            ends_at = self._judge.terms.ends_at
            if not self._judge.has_deadlines or ends_at is None:
                continue
            try:
                log: ConsumerLog = self._log(number)
            except Exception:  # told again as it was
                self._again[number] = True
                continue
            logs.append((number, ToJudge(log.file, (), [moved for moved, _ in at_the_end(log, ends_at)])))
        ahead: Sequence[JudgedAhead | None] = self._together([each for _, each in logs])
        for (number, _), found in zip(logs, ahead, strict=True):
            if found is None or any(found.of_end):
                self._again[number] = True

    def _of(self, number: int, ahead: JudgedAhead | None, log: ConsumerLog | Exception) -> Told:
        """What is told of each consumer is counted by itself, so that it can stand by itself."""
        shared, self._judge = self._judge, self._judge.anew()
        try:
            told = super()._of(number, ahead, log)
            self._judge.finish()
            self._own[told.consumer] = self._judge.tally, ahead is None or any(ahead.of_end)
        finally:
            self._judge = shared
        return told
