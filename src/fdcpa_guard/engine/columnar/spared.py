"""Facts that are read by the scalar reader, and where it need not be asked.

Most files say nothing of most of what the law asks. By what is cheaply seen of a row its answer is often known to be the
one that the reader gives where nothing is said; and what is said is often the same for many rows, of which one is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from fdcpa_guard.engine.columnar.bucket import Bucket
from fdcpa_guard.engine.columnar.columns import UNSAID_CODE, Array
from fdcpa_guard.engine.columnar.frame import Frame
from fdcpa_guard.engine.columnar.planes import Bools
from fdcpa_guard.facts.undeliverable import WORD_OF_IT
from fdcpa_guard.values import Kind

May: TypeAlias = Callable[[Frame, Array], Bools]
"""In which rows a reader may say more; the second is the entry of each row that the fact is of."""
By: TypeAlias = Callable[[Frame, Array], list[Array]]
"""What tells apart rows whose answers may differ."""


@dataclass(frozen=True, slots=True)
class Spared:
    """Where `may` does not hold, the reader says `otherwise`."""

    may: May
    otherwise: bool | None = None
    by: By | None = None


def spared(text: str) -> Spared | None:
    """What spares a reader, by its expression with `x` for the entry."""
    for beginning, found in _SPARED.items():
        if text.startswith(beginning):
            return found
    return None


# -- what is seen of an entry, an event or a consumer ------------------------------------------------------------------------


def _said(attribute: str) -> May:
    def may(frame: Frame, x: Array) -> Bools:
        found: Bools = frame.bucket.entry_column(attribute, Kind.TEXT).data[x] != UNSAID_CODE
        return found

    return may


def happened(bucket: Bucket, *types: str) -> Bools:
    """Which consumers have an event of these types."""
    key = "happened", types
    known = bucket.picked.get(key)
    if known is None:
        data = bucket.event_column("type", Kind.NAME).data
        of_them = np.isin(data, [bucket.codes.of(name) for name in types])
        known = np.zeros(len(bucket.log_complete), bool)
        known[bucket.event_consumer[of_them]] = True
        bucket.picked[key] = known
    return known


def _happened(*types: str) -> May:
    return lambda frame, _: happened(frame.bucket, *types)[frame.consumer]


def _given_in(frame: Frame, _: Array) -> Bools:
    found: Bools = frame.bucket.event_column("given_in", Kind.TEXT).data[frame.v] != UNSAID_CODE
    return found


def collectors(bucket: Bucket) -> Array:
    """The collector of each consumer, as a code."""
    return bucket.consumer_facts("collector.itself", Kind.TEXT, lambda file: id(file.collector)).data


def _by_collector(attribute: str) -> By:
    def by(frame: Frame, x: Array) -> list[Array]:
        bucket = frame.bucket
        return [collectors(bucket)[frame.consumer], bucket.entry_column(attribute, Kind.TEXT).data[x]]

    return by


def _own_numbers(frame: Frame, x: Array) -> Bools:
    shown = _said("displayed_number")(frame, x)
    column = frame.bucket.consumer_facts("own numbers", Kind.TRUTH, lambda file: file.own_numbers is not None)
    found: Bools = shown & (column.data == 1)[frame.consumer]
    return found


def may_have_died(bucket: Bucket) -> Bools:
    """Which consumers are known to have died on some day."""
    dated = bucket.consumer_facts("dated death", Kind.TRUTH, lambda file: file.consumer.deceased_at is not None)
    found: Bools = (dated.data == 1) | happened(bucket, "deceased")
    return found


def _deceased(frame: Frame, _: Array) -> Bools:
    found: Bools = may_have_died(frame.bucket)[frame.consumer]
    return found


def _hours_on_file(frame: Frame, _: Array) -> Bools:
    column = frame.bucket.consumer_facts("working hours", Kind.TRUTH, lambda file: file.working_hours is not None)
    found: Bools = (column.data == 1)[frame.consumer]
    return found


_SPARED: Final[dict[str, Spared]] = {
    "f.names_the_collector(x.business_name)": Spared(_said("business_name"), by=_by_collector("business_name")),
    "f.displays_own_number(x)": Spared(_own_numbers, by=_by_collector("displayed_number")),
    "f.registers_alias(x)": Spared(_said("alias")),
    "f.shows_person(x)": Spared(_said("profile_name")),
    "f.returned_at(": Spared(_happened(*WORD_OF_IT)),
    "f.inconvenient_since(": Spared(_happened("time_inconvenient"), otherwise=False),
    "f.given_in_direction(": Spared(_given_in),
    "f.given_in_time(": Spared(_given_in),
    "f.given_unopposed(": Spared(_given_in),
    "f.deceased_by(": Spared(_deceased),
    "w.covered(f.working_hours": Spared(_hours_on_file),
}  # fmt: skip
"""By how their expressions begin."""

