"""Partitions as pieces of work, and their results put in the order of the consumers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, Final

import orjson

from fdcpa_guard.auditing.judging import Judge, Terms
from fdcpa_guard.auditing.partitions.chunks import PartitionReader
from fdcpa_guard.auditing.partitions.judging import PartitionJudge
from fdcpa_guard.auditing.partitions.writing import whole_file
from fdcpa_guard.auditing.problem_rows import KeptProblems, ProblemRow
from fdcpa_guard.auditing.unfinished import tally_as_json, tally_from_json
from fdcpa_guard.auditing.workers import PARTS, PROBLEMS_JSON, RangeResult, Segment, part
from fdcpa_guard.garbage import search_after, searched_for_afterwards

ITEMS_OF_A_PARTITION: Final = 80_000
_MOST_PARTITIONS: Final = 4096
_MOST_OPEN: Final = 200
"""Files; systems allow a process some hundreds."""
_FEWEST_ITEMS: Final = 1000
_MEGABYTES_AT_LEAST: Final = 150
"""What a process takes with the rules loaded and nothing to judge."""
_BYTES_OF_A_JUDGED_ITEM: Final = 4_000
_BYTES_OF_AN_ITEM: Final = 60
"""Of a log of any form, no more than about so many; of a packed one less."""


def partitions_for(size: int, memory: int | None) -> int:
    """Into how many partitions an input of so many bytes is cut, where a process may take so many megabytes."""
    items = ITEMS_OF_A_PARTITION
    if memory is not None:
        items = max(_FEWEST_ITEMS, (memory - _MEGABYTES_AT_LEAST) * 1_000_000 // _BYTES_OF_A_JUDGED_ITEM)
    return min(_MOST_PARTITIONS, 1 + size // (_BYTES_OF_AN_ITEM * items))


class PartitionSource:
    """The partitions that a writer left in a folder; `parts` is where what is judged is written."""

    def __init__(self, folder: Path, partitions: int, parts: Path) -> None:
        self.folder, self.partitions, self._parts = folder, partitions, parts
        self._reader: PartitionReader | None = None

    def open(self) -> None:
        self._reader = PartitionReader(self.folder)

    def pieces(self) -> Iterable[int]:
        return range(1, self.partitions + 1)

    def judge(self, piece: int, terms: Terms) -> RangeResult:
        """A piece that a run which was stopped had judged is not judged again."""
        done = self._parts / f"{piece:08d}.done"
        if done.exists():
            return _result_from(piece, orjson.loads(done.read_bytes()))
        with searched_for_afterwards():
            result = self._judged(piece, terms)
        # What is laid out of a partition holds on to itself.
        search_after(result.items)
        with whole_file(done) as aside:
            aside.write_bytes(orjson.dumps(_result_as_json(result)))
        return result

    def _judged(self, piece: int, terms: Terms) -> RangeResult:
        assert self._reader is not None
        judge = Judge(terms)
        partition = self._reader.partition(piece - 1)
        segments: list[Segment] = []
        with ExitStack() as stack:
            places = [stack.enter_context(whole_file(part(self._parts, piece, name))) for name in PARTS]
            files = [stack.enter_context(place.open("wb")) for place in places]
            for told in PartitionJudge(partition, judge).told():
                written = told.findings, told.findings_csv, told.problems, told.problems_csv
                if any(written):
                    for file, content in zip(files, written, strict=True):
                        file.write(content)
                    segments.append((told.consumer, tuple(map(len, written))))
        judge.finish()
        return RangeResult(piece, partition.items, judge.tally, KeptProblems(), tuple(segments))

    def close(self) -> None:
        self._reader = None


def _result_as_json(result: RangeResult) -> dict[str, Any]:
    consumers = [(consumer.hex(), lengths) for consumer, lengths in result.consumers]
    return {"items": result.items, "tally": tally_as_json(result.tally), "consumers": consumers}


def _result_from(piece: int, told: dict[str, Any]) -> RangeResult:
    consumers = tuple((bytes.fromhex(consumer), tuple(lengths)) for consumer, lengths in told["consumers"])
    return RangeResult(piece, told["items"], tally_from_json(told["tally"]), KeptProblems(), consumers)


def in_order(folder: Path, results: Sequence[tuple[int, Sequence[Segment]]], kept: KeptProblems) -> int:
    """The parts of all pieces as one, in the order of the consumers; its number. Problems are kept in that order."""
    number = 1 + max((piece for piece, _ in results), default=0)
    places: list[tuple[bytes, int, tuple[int, ...], tuple[int, ...]]] = []
    for piece, segments in results:
        at = (0,) * len(PARTS)
        for consumer, lengths in segments:
            places.append((consumer, piece, at, lengths))
            at = tuple(start + length for start, length in zip(at, lengths, strict=True))
    places.sort()
    for index, name in enumerate(PARTS):
        opened: dict[int, BinaryIO] = {}
        try:
            with part(folder, number, name).open("wb") as whole:
                for _, piece, at, lengths in places:
                    if not lengths[index]:
                        continue
                    file = opened.get(piece)
                    if file is None:
                        if len(opened) >= _MOST_OPEN:
                            opened.pop(next(iter(opened))).close()
                        file = opened[piece] = part(folder, piece, name).open("rb")
                    file.seek(at[index])
                    content = file.read(lengths[index])
                    whole.write(content)
                    if name == PROBLEMS_JSON:
                        for line in content.splitlines():
                            kept.add(ProblemRow(**orjson.loads(line)))
        finally:
            for file in opened.values():
                file.close()
    return number
