"""The changes of all pieces as one file, in the order of the consumers."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from pathlib import Path

import orjson

from fdcpa_guard.auditing.change_rows import CHANGES_JSON, GONE, NEW, OTHERWISE, Changes, ChangesFound, first_changes
from fdcpa_guard.auditing.continued.source import JUDGED_AGAIN
from fdcpa_guard.auditing.tally import Tally
from fdcpa_guard.auditing.workers import part


def joined_changes(folder: Path, run: int, pieces: int, tally: Tally, shown: int) -> Changes:
    """`folder` has the parts of the pieces, and gets the whole."""
    counts: Counter[str] = Counter()
    places: list[tuple[bytes, int, int, int]] = []
    for piece in range(1, pieces + 1):
        path = part(folder, piece, CHANGES_JSON)
        if not path.exists():
            continue
        with path.open("rb") as lines:
            at = 0
            for consumer, of_consumer in groupby(lines, key=_consumer_of):
                start = at
                for line in of_consumer:
                    at += len(line)
                    counts[orjson.loads(line)["change"]] += 1
                places.append((consumer, piece, start, at - start))
    whole = folder / CHANGES_JSON
    with whole.open("wb") as file:
        for _, piece, start, length in sorted(places):
            with part(folder, piece, CHANGES_JSON).open("rb") as lines:
                lines.seek(start)
                file.write(lines.read(length))
    found = ChangesFound(run, tally.totals()[JUDGED_AGAIN], counts[NEW], counts[GONE], counts[OTHERWISE])
    return Changes(found, whole, tuple(first_changes(whole, shown)))


def _consumer_of(line: bytes) -> bytes:
    name: str = orjson.loads(line)["consumer_id"]
    return name.encode()
