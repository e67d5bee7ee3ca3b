"""What is counted of consumers of whom nothing was found: the sums that `counting` and `stated` make one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from fdcpa_guard.auditing.partitions.recorded import Ints
from fdcpa_guard.engine.columnar.columns import UNSAID_CODE, UNSAID_NUMBER
from fdcpa_guard.engine.columnar.facts import read
from fdcpa_guard.engine.columnar.frame import Frame
from fdcpa_guard.engine.columnar.planes import Bools
from fdcpa_guard.engine.columnar.stored import Stored, StoredBucket
from fdcpa_guard.facts.debts import DebtOf
from fdcpa_guard.values import DAY_MICROSECONDS, Kind
from fdcpa_guard.vocabulary import load_vocabulary

_EPOCH_ORDINAL = 719163


@dataclass(slots=True)
class CleanLogs:
    """`clean` says which of the bucket's consumers; `accounts` how many rows of accounts each has."""

    stored: Stored
    bucket: StoredBucket
    clean: Bools
    accounts: Ints

    @property
    def consumers(self) -> int:
        return int(np.count_nonzero(self.with_something_done))

    @property
    def without_account(self) -> int:
        return int(np.count_nonzero(self.with_something_done & (self.accounts == 0)))

    @property
    def with_something_done(self) -> Bools:
        """The consumers of whom there is a communication or an action."""
        found = np.zeros(len(self.clean), bool)
        found[self.bucket.consumer[self.bucket.judged]] = True
        return found & self.clean

    def _rows(self) -> Ints:
        """The communications."""
        bucket = self.bucket
        rows: Ints = np.flatnonzero(self.clean[bucket.consumer[: bucket.logged]])
        return rows

    @property
    def actions(self) -> int:
        bucket = self.bucket
        return int(np.count_nonzero(self.clean[bucket.consumer[bucket.logged : bucket.acted]]))

    def named(self, attribute: str, where: Ints | None = None) -> Counter[str | None]:
        """How many communications say each name; None: nothing."""
        codes = self.bucket.entry_column(attribute, Kind.NAME).data[self._rows() if where is None else where]
        numbers = np.bincount(codes + 1)
        values = self.bucket.codes.values
        return Counter({None if n == 0 else values[n - 1]: int(numbers[n]) for n in np.flatnonzero(numbers).tolist()})

    def without_content(self) -> Counter[str | None]:
        rows = self._rows()
        silent = rows[self.bucket.entry_column("content", Kind.TEXT).data[rows] == UNSAID_CODE]
        return self.named("channel", silent)

    def _located(self) -> Ints:
        """The rows of `located` of the communications."""
        bucket = self.bucket
        entries = bucket.located_entry
        found: Ints = np.flatnonzero((entries < bucket.logged) & self.clean[bucket.consumer[entries]])
        return found

    def days(self) -> Counter[int]:
        """How many were on each day where the consumer is: by the first place with a clock; in UTC where there is none."""
        bucket, rows = self.bucket, self._located()
        entries = bucket.located_entry[rows]
        zones = bucket.world_zone[bucket.located_world[rows]]
        known = rows[zones >= 0]
        first = np.full(bucket.logged, -1, np.int64)
        # Written from the last to the first, so that the first place with a clock stands.
        first[bucket.located_entry[known][::-1]] = bucket.world_zone[bucket.located_world[known]][::-1]
        asked = np.unique(entries)
        days = bucket.zones.day(bucket.at[asked], first[asked])
        in_utc = bucket.at[asked] // DAY_MICROSECONDS + _EPOCH_ORDINAL
        distinct, numbers = np.unique(np.where(days == UNSAID_NUMBER, in_utc, days), return_counts=True)
        return Counter(dict(zip(distinct.tolist(), numbers.tolist(), strict=True)))

    def places(self, not_known: str) -> Counter[str]:
        """In how many each state or city is among the possible places."""
        bucket, rows = self.bucket, self._located()
        worlds = [world.city or world.state or not_known for world in bucket.worlds]
        names = sorted(set(worlds))
        numbers = np.array([names.index(each) for each in worlds], np.int64)
        keys = bucket.located_entry[rows] * max(1, len(names)) + numbers[bucket.located_world[rows]]
        counts = np.bincount(np.unique(keys) % max(1, len(names)), minlength=len(names))
        return Counter({name: int(count) for name, count in zip(names, counts.tolist(), strict=True) if count})

    # -- what is stated ----------------------------------------------------------------------------------------------------

    def states(self, fact: str) -> bool:
        """Whether any of the communications states a fact of the vocabulary."""
        rows = self._rows()
        column = read(fact, load_vocabulary().facts[fact].type.kind, Frame(self.bucket, len(rows), c=rows))
        known = column.known()
        return bool(len(rows)) and (known is None or bool(known.any()))

    def files(self) -> Iterator[Any]:
        """What is stated of the consumers, the debts and the collector, each once that states the same facts as others."""
        stored, numbers = self.stored, np.flatnonzero(self.with_something_done)
        of_file = {frozenset(each): each for number in numbers.tolist() for each in stored.debts.documents[number]}
        debts = {number: DebtOf(stored.debts.model(each)) for number, each in enumerate(of_file.values())}
        for profile in np.unique(stored.consumers.profile[numbers]).tolist():
            consumer = stored.consumers.alike[profile]
            yield SimpleNamespace(
                collector=stored.collector, consumer=consumer, debts=debts, working_hours=consumer.working_hours
            )
