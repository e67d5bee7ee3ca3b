"""Truth of many rows at once: what is surely so, and what may be.

Kleene's three values as two planes of booleans. A row is true where it is in both, false where it is in neither, and
unknown where it may be so and is not surely. Where nothing is unknown the two planes are one and the same array, and
each step is done once: two-valued logic is the case of three-valued logic that costs half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Bools: TypeAlias = npt.NDArray[np.bool_]
Indices: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Planes:
    """`surely` is never true where `maybe` is not."""

    surely: Bools
    maybe: Bools

    @property
    def settled(self) -> bool:
        """Whether it is known of the kind of planes alone that no row is unknown."""
        return self.surely is self.maybe

    def __len__(self) -> int:
        return len(self.surely)

    def take(self, rows: Indices) -> Planes:
        """The rows of these numbers."""
        surely = self.surely[rows]
        return Planes(surely, surely if self.settled else self.maybe[rows])


def settled(truth: Bools) -> Planes:
    """Of rows of which each is known to be true or false."""
    return Planes(truth, truth)


def constant(answer: bool | None, rows: int) -> Planes:
    """One answer for every row."""
    if answer is None:
        return Planes(np.zeros(rows, bool), np.ones(rows, bool))
    return settled(np.full(rows, answer, bool))


def negate(planes: Planes) -> Planes:
    if planes.settled:
        return settled(~planes.surely)
    return Planes(~planes.maybe, ~planes.surely)


def both(one: Planes, other: Planes) -> Planes:
    if one.settled and other.settled:
        return settled(one.surely & other.surely)
    return Planes(one.surely & other.surely, one.maybe & other.maybe)


def either(one: Planes, other: Planes) -> Planes:
    if one.settled and other.settled:
        return settled(one.surely | other.surely)
    return Planes(one.surely | other.surely, one.maybe | other.maybe)


def all_of(parts: Sequence[Planes], rows: int) -> Planes:
    """True of every row where there is no part."""
    if not parts:
        return constant(True, rows)
    found = parts[0]
    for part in parts[1:]:
        found = both(found, part)
    return found


def any_of(parts: Sequence[Planes], rows: int) -> Planes:
    """False of every row where there is no part."""
    if not parts:
        return constant(False, rows)
    found = parts[0]
    for part in parts[1:]:
        found = either(found, part)
    return found


def where_known(truth: Bools, known: Bools | None) -> Planes:
    """`truth` where it is known, else unknown."""
    if known is None:
        return settled(truth)
    return Planes(truth & known, truth | ~known)
