"""The rows for which something is worked out: of what each row speaks, and what is known of it already."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Final

from fdcpa_guard.engine.columnar.bucket import Bucket
from fdcpa_guard.engine.columnar.columns import Array
from fdcpa_guard.engine.columnar.nodes import Moment
from fdcpa_guard.engine.columnar.planes import Indices

NO_CANDIDATE: Final = -1
"""The candidate of a moment that found nothing."""
UNSURE_CANDIDATE: Final = -2
"""The candidate where the log may lack what would be the answer."""


class Frame:
    """So many rows, each of a communication `c` in a possible location `w` about a debt `d`; of an entry `e` or an event
    `v` besides where a block looks at one. All are numbers within the bucket; None where rows speak of no such thing.

    A frame is a piece of another where it has some of its rows (`origin`), and stands on another where each of its rows
    is about one of that (`ground`): what does not depend on what is added is worked out there.
    """

    def __init__(
        self,
        bucket: Bucket,
        rows: int,
        *,
        c: Indices | None = None,
        w: Indices | None = None,
        d: Indices | None = None,
        e: Indices | None = None,
        v: Indices | None = None,
        chosen: dict[Moment, Indices] | None = None,
        origin: tuple[Frame, Indices] | None = None,
        ground: tuple[Frame, Indices] | None = None,
    ) -> None:
        self.bucket = bucket
        self.rows = rows
        self._c, self._w, self._d, self._e, self._v = c, w, d, e, v
        self.chosen = chosen or {}
        self.origin = origin
        self.ground = ground
        self.known: dict[Any, Any] = {}
        self.classes: Any = None
        """Of rows that are judged: their `screening.Classes`."""
        self.grouping: Callable[[Frame], Any] | None = None
        """Of rows that are judged: what makes their `grouping.Groups`."""

    # What a frame that stands on another has in common with it is looked up when it is asked for.

    @cached_property
    def c(self) -> Indices:
        return self._index("_c", "c")

    @cached_property
    def w(self) -> Indices:
        return self._index("_w", "w")

    @cached_property
    def d(self) -> Indices:
        return self._index("_d", "d")

    @cached_property
    def e(self) -> Indices:
        return self._index("_e", "e")

    @cached_property
    def v(self) -> Indices:
        return self._index("_v", "v")

    def _index(self, own: str, name: str) -> Indices:
        given = getattr(self, own)
        if given is not None:
            return given  # type: ignore[no-any-return]  # an attribute by its name
        source = self.origin or self.ground
        assert source is not None, f"rows that have no {name}"
        frame, rows = source
        # What is between is not worked out for rows that nobody asks of.
        while name not in frame.__dict__ and getattr(frame, own) is None and (beyond := frame.origin or frame.ground):
            frame, rows = beyond[0], beyond[1][rows]
        whole: Indices = getattr(frame, name)
        return whole[rows]

    @property
    def speaks_of(self) -> frozenset[str]:
        own = {name for name in "cwdev" if getattr(self, "_" + name) is not None}
        if self.origin is not None:
            own |= self.origin[0].speaks_of
        if self.ground is not None:
            own |= self.ground[0].speaks_of & {"c", "w", "d"}
        return frozenset(own)

    @cached_property
    def zone(self) -> Array:
        """The zone of each row's location."""
        return self.bucket.world_zone[self.w]

    @cached_property
    def classed(self) -> tuple[Any, Indices] | None:
        """The classes of the rows that this one's are among, and which is each row's."""
        if self.classes is not None:
            return self.classes, self.classes.of_row
        known = None if self.origin is None else self.origin[0].classed
        return None if known is None or self.origin is None else (known[0], known[1][self.origin[1]])

    @cached_property
    def grouped(self) -> tuple[Any, Indices] | None:
        """The groups of the rows that are judged, and of which of them each row is; None where none are judged."""
        if self.grouping is not None:
            groups = self.grouping(self)
            return groups, groups.of_row
        source = self.origin or self.ground
        known = None if source is None else source[0].grouped
        return None if known is None or source is None else (known[0], known[1][source[1]])

    @cached_property
    def consumer(self) -> Indices:
        speaks = self.speaks_of
        if "c" in speaks:
            return self.bucket.consumer[self.c]
        return self.bucket.consumer[self.e] if "e" in speaks else self.bucket.event_consumer[self.v]

    def take(self, rows: Indices) -> Frame:
        """Some of the rows."""
        return Frame(self.bucket, len(rows), origin=(self, rows), chosen={m: i[rows] for m, i in self.chosen.items()})

    def looking(self, rows: Indices, *, e: Indices | None = None, v: Indices | None = None) -> Frame:
        """One row for each entry or event that something of the frame looks at: `rows` are the frame's own."""
        return Frame(self.bucket, len(rows), e=e, v=v, ground=(self, rows))

    def choosing(self, rows: Indices, chosen: dict[Moment, Indices]) -> Frame:
        """One row for each candidate that a moment may give."""
        return Frame(self.bucket, len(rows), ground=(self, rows), chosen=chosen)

