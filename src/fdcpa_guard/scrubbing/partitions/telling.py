"""The answers on contacts that were judged by columns: what many have in common is worked out once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np

from fdcpa_guard.engine.deciding import Asked
from fdcpa_guard.facts.bind import ConsumerFile, World
from fdcpa_guard.facts.clock import Clock
from fdcpa_guard.scrubbing.judging import shown
from fdcpa_guard.scrubbing.partitions.cuts import Days, Places
from fdcpa_guard.scrubbing.partitions.flags import ALLOW, NAMES, Judging
from fdcpa_guard.scrubbing.partitions.pieces import Judged, Pieces, decided
from fdcpa_guard.scrubbing.partitions.planned import Ints, PlannedBucket, PlannedContacts
from fdcpa_guard.scrubbing.partitions.reasons import Reasons, Source, Stopped, Why
from fdcpa_guard.scrubbing.results import ScrubbedContact
from fdcpa_guard.scrubbing.windows import Window, as_local, as_utc

_NOTHING: Final = Why()


@dataclass(slots=True)
class _InPlaces:
    """What all contacts have in common whose consumer may be in the same places."""

    zone: str | None
    zones: tuple[str, ...]
    states: tuple[str, ...]


class Telling:
    """Tells what was found of the contacts of one partition."""

    def __init__(
        self, judging: Judging, contacts: PlannedContacts, places: Places, reasons: Reasons,
        file_of: Callable[[int], ConsumerFile],
    ) -> None:  # fmt: skip
        self._judging, self._contacts, self._places, self._file_of = judging, contacts, places, file_of
        self._in_places: dict[int, _InPlaces] = {}
        self._texts: dict[tuple[object, ...], tuple[str, str]] = {}
        self._shown: dict[tuple[int, str | None], str] = {}
        self._reasons = reasons

    def answers(self, consumer_ids: Sequence[str], judged: Judged, days: Days) -> tuple[list[ScrubbedContact], Ints]:
        """The answers on each contact alone, by place, but for when it would be allowed beyond its day; and the pieces that
        they are on."""
        windows = windows_of(judged, len(self._contacts))
        pieces = judged.pieces
        on = decided(pieces, days)
        found: list[ScrubbedContact] = []
        rows, owners = self._contacts.row.tolist(), self._contacts.consumer.tolist()
        outcomes, instants, asked = pieces.outcome[on].tolist(), pieces.at[on].tolist(), days.at.tolist()
        stopped = np.flatnonzero(pieces.outcome[on] != ALLOW)
        flags = judged.flags(on[stopped], self._judging.is_moving)
        asked_why = Stopped(stopped, pieces.at[on[stopped]], pieces.outcome[on[stopped]], flags)
        whys = dict(zip(stopped.tolist(), self._why(asked_why, judged.bucket, on[stopped]), strict=True))
        for place in range(len(on)):
            clock, own, outcome = self._places.clock(place), windows[place], outcomes[place]
            why = whys.get(place, _NOTHING)
            known = self._known_of(place)
            local, utc = self._windows_shown(own, clock)
            permitted = None
            if outcome == ALLOW and asked[place] == instants[place]:
                permitted = self._instant_shown(asked[place], clock)
            elif own:
                permitted = self._instant_shown(own[0].start, clock)
            name = NAMES[outcome]
            found.append(
                ScrubbedContact(
                    row=rows[place], consumer_id=consumer_ids[owners[place]], decision=name,
                    judged_at=self._instant_shown(instants[place], clock),
                    rules=why.rules, cites=why.cites,
                    reason=why.reason, unknown=why.unknown, permitted_at=permitted, windows=local, windows_utc=utc,
                    zone=known.zone, zones=known.zones, states=known.states, decision_in_sequence=name,
                )
            )  # fmt: skip
        return found, on

    def _why(self, stopped: Stopped, bucket: PlannedBucket, points: Ints) -> list[Why]:
        owners = self._contacts.consumer[stopped.contact].tolist()
        source = Source(
            lambda: self._judging.accounts(bucket, points), lambda number: self._file_of(owners[number])
        )
        return self._reasons.of(stopped, source)

    def permitted(self, answer: ScrubbedContact, place: int, later: Judged, number: int, own: Sequence[Window]) -> ScrubbedContact:
        """The same with when it would be allowed, of a contact that has no window in its day. `number`: which of those that
        the day after was judged of it is, and `own` its windows there."""
        clock = self._places.clock(place)
        if own:
            return replace(answer, permitted_at=self._instant_shown(own[0].start, clock))
        # Nothing of the two days is free, so that the search goes on from the last that was judged of them.
        last = last_judged(later.pieces, number)
        entry = self._contacts.entry(place).moved_to(int(later.pieces.at[last]))
        file = self._file_of(int(self._contacts.consumer[place]))
        found_there = later.flags(np.array([last], np.int64), self._judging.is_moving)
        flags = [
            self._judging.flag_of(rule, kind, entry, file)
            for rule, kind in zip(found_there.rule.tolist(), found_there.kind.tolist(), strict=True)
        ]
        found: datetime | None = Asked(self._judging.guard, entry, file, flags).permitted_at()
        return answer if found is None else replace(answer, permitted_at=found.isoformat())

    # -- as people read it ---------------------------------------------------------------------------------------------------

    def _known_of(self, place: int) -> _InPlaces:
        worlds = self._places.worlds[place]
        known = self._in_places.get(id(worlds))
        if known is None:
            known = self._in_places[id(worlds)] = _in_places(worlds, self._places.clock(place))
        return known

    def _windows_shown(self, windows: tuple[Window, ...], clock: Clock | None) -> tuple[str, str]:
        key = windows, None if clock is None else clock.name
        known = self._texts.get(key)
        if known is None:
            known = self._texts[key] = as_local(windows, clock), as_utc(windows)
        return known

    def _instant_shown(self, at: int, clock: Clock | None) -> str:
        key = at, None if clock is None else clock.name
        known = self._shown.get(key)
        if known is None:
            known = self._shown[key] = shown(at, clock)
        return known


def windows_of(judged: Judged, contacts: int) -> list[tuple[Window, ...]]:
    """The windows of each contact that was asked of."""
    found: list[list[Window]] = [[] for _ in range(contacts)]
    columns = judged.window_contact, judged.window_start, judged.window_end
    for contact, start, end in zip(*(each.tolist() for each in columns), strict=True):
        found[contact].append(Window(start, end))
    return [tuple(each) for each in found]


def last_judged(pieces: Pieces, contact: int) -> int:
    """The last piece of a contact that was judged."""
    first, stop = pieces.contact.searchsorted((contact, contact + 1)).tolist()
    return max(piece for piece in range(first, stop) if pieces.outcome[piece] >= 0)


def _in_places(worlds: tuple[World, ...], clock: Clock | None) -> _InPlaces:
    zones = dict.fromkeys(world.clock.name for world in worlds if world.clock is not None)
    states = dict.fromkeys(world.state for world in worlds if world.state is not None)
    return _InPlaces(None if clock is None else clock.name, tuple(zones), tuple(states))

