"""The tests of the columnar engine are sharp: each of these faults in it changes an answer that they look at.

The examples and random worlds of `test_columnar_agrees` are asked first, and then the cases of the shipped rules. What the engine
answers without a fault stands for the definition, to which other tests hold it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pytest
import shipped
from columnar_examples import examples
from test_columnar_shipped import CASES, bucket_of, cases_of
from worlds import drawn, each_block_alone, forms_of, lengthened

from fdcpa_guard.engine.columnar import blocks, clocks, relations, spans, turning
from fdcpa_guard.engine.columnar.blocks import Blocks
from fdcpa_guard.engine.columnar.bucket import Bucket, BucketBuilder
from fdcpa_guard.engine.columnar.columns import Column
from fdcpa_guard.engine.columnar.judging import ColumnarRules
from fdcpa_guard.engine.columnar.planes import constant, settled
from fdcpa_guard.engine.columnar.planning import Planner
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.entries import Entry

_WORLDS: Final = 30
_LOGS: Final = 15
_LONGER: Final = 6

Patch = pytest.MonkeyPatch
Answers = Iterator[list[Any]]


def _answers(engine: ColumnarRules, bucket: Bucket) -> Answers:
    return (list(found.raised()) for found in engine.judge(bucket))


def _of_worlds() -> Answers:
    """Every rule on what is proposed in every world, and on some of the logs."""
    worlds = drawn()[:_WORLDS]
    builder = BucketBuilder()
    for world in worlds:
        builder.proposed(ConsumerFile(**world.parts), [Entry(world.said, of_log=False)])
    forms = [form for world in worlds for form in (forms_of(world.rule)[1], *each_block_alone(world.rule))]
    yield from _answers(ColumnarRules(forms, {}), builder.bucket())
    for three in zip(worlds[:_LOGS], worlds[1:], worlds[2:], strict=False):
        logs = BucketBuilder()
        for world in three:
            logs.log(ConsumerFile(**world.parts))
        yield from _answers(ColumnarRules(forms_of(three[0].rule), {}), logs.bucket())


def _of_long_logs() -> Answers:
    for world in drawn()[:_WORLDS]:
        builder = BucketBuilder()
        builder.log(ConsumerFile(**lengthened(world.parts, _LONGER)))
        yield from _answers(ColumnarRules([*forms_of(world.rule), *each_block_alone(world.rule)], {}), builder.bucket())


def _of_examples() -> Answers:
    for example in examples():
        builder = BucketBuilder()
        builder.proposed(example.file, [example.entry])
        yield from _answers(ColumnarRules([example.rule], {}), builder.bucket())


def _of_cases() -> Answers:
    """Each shipped rule on its own cases."""
    guard = shipped.guard()
    asked = [(rule_id, each) for rule_id, cases in map(cases_of, CASES) for _, each in cases]
    places: dict[str, list[int]] = {}
    for place, (rule_id, _) in enumerate(asked):
        places.setdefault(rule_id, []).append(place)
    found = _answers(ColumnarRules(guard.rules, guard.yields), bucket_of([each for _, each in asked]))
    for rule, answers in zip(guard.rules, found, strict=True):
        own = set(places.get(rule.id, ()))
        yield [flag for flag in answers if flag[0] in own]


@cache
def _right(of: Callable[[], Answers]) -> list[list[Any]]:
    return list(of())


def _notices(of: Callable[[], Answers], patch: Callable[[Patch], None]) -> bool:
    right = _right(of)
    with Patch.context() as patched:
        patch(patched)
        return any(found != expected for found, expected in zip(of(), right, strict=True))


# -- faults --------------------------------------------------------------------------------------------------------------


def _in_place_of(where: Any, name: str, made: Callable[[Any], Any]) -> Callable[[Patch], None]:
    """A function or method replaced by one that is made of it."""
    return lambda patched: patched.setattr(where, name, made(getattr(where, name)))


def _windows_begin(late: int) -> Callable[[Patch], None]:
    def made(right: Any) -> Any:
        return lambda *given: tuple(start + late for start in right(*given))

    return _in_place_of(blocks, "window_starts", made)


def _in_buckets(change: Callable[[Bucket], None]) -> Callable[[Patch], None]:
    def made(right: Any) -> Any:
        def bucket(self: BucketBuilder) -> Bucket:
            found: Bucket = right(self)
            change(found)
            return found

        return bucket

    return _in_place_of(BucketBuilder, "bucket", made)


def _entries_are_known_at_once(bucket: Bucket) -> None:
    bucket.known_at = np.full_like(bucket.known_at, np.iinfo(np.int64).min)


def _events_are_known_at_once(bucket: Bucket) -> None:
    bucket.event_known_at = np.full_like(bucket.event_known_at, np.iinfo(np.int64).min)


def _logs_have_no_gaps(bucket: Bucket) -> None:
    bucket.log_complete = np.ones_like(bucket.log_complete)


def _groups_are_not_seen(bucket: Bucket) -> None:
    bucket.debt_key = np.arange(len(bucket.debt_key), dtype=bucket.debt_key.dtype) + len(bucket.codes)


def _roles_are_alike(right: Any) -> Any:
    def entry(frame: Any, name: str, x: Any, *kind: Any) -> Column:
        found: Column = right(frame, name, x, *kind)
        return Column(np.zeros_like(found.data), False) if name == "person_role" else found

    return entry


def _unknown_is_false(right: Any) -> Any:
    return lambda *given: settled(right(*given).surely)


def _unknown_is_true(right: Any) -> Any:
    return lambda *given: settled(right(*given).maybe)


def _always_winter(right: Any) -> Any:
    return lambda self, instants: np.full(len(instants), self._clock.offset(0))


def _ended_by_what_came_with_it(right: Any) -> Any:
    return lambda begin, *given: right(replace(begin, at=begin.at - 1), *given)


def _without_excuses(right: Any) -> Any:
    return lambda self, rule: replace(right(self, replace(rule, unless=())), rule=rule)


def _not_this_one(right: Any) -> Any:
    def counted(self: Blocks, node: Any, frame: Any) -> Any:
        window = replace(node.over.window, this_one=False)
        return right(self, replace(node, over=replace(node.over, window=window)), frame)

    return counted


def _one_candidate(right: Any) -> Any:
    def candidates(self: Blocks, node: Any, frame: Any) -> Any:
        lengths, items = right(self, node, frame)
        firsts = np.cumsum(lengths) - lengths
        return np.minimum(lengths, 1), items[firsts[lengths > 0]]

    return candidates


def _first_trigger(right: Any) -> Any:
    def turns(self: Blocks, *given: Any, **named: Any) -> Any:
        return right(self, *given, **dict.fromkeys(named, True))

    return turns


def _followers_come_after(right: Any) -> Any:
    def next_at(followers: Any, which: Any, rows: Any, at: npt.NDArray[np.int64], size: int) -> Any:
        return right(followers, which, rows, at + 1, size)

    return next_at


def _grouped(name: str, made: Callable[[Any], Any]) -> Callable[[Patch], None]:
    """A fault of what is asked by groups, however few the rows are."""

    def patch(patched: Patch) -> None:
        patched.setattr(turning, "_WORTH_GROUPING", 1)
        patched.setattr(turning, "_ROWS_OF_A_GROUP", 1000)
        patched.setattr(turning, name, made(getattr(turning, name)))

    return patch


def _of_every_consumer(right: Any) -> Any:
    return lambda *given: np.ones(len(given[-1].log_complete), bool)


FAULTS: Final[dict[str, Callable[[Patch], None]]] = {
    "a window begins a microsecond early": _windows_begin(-1),
    "a window begins a microsecond late": _windows_begin(1),
    "weeks begin on Sundays": _in_place_of(spans, "_first_day", lambda right: lambda length, _: right(length, "sunday")),
    "what came at the same instant has ended it": _in_place_of(blocks, "ended_since", _ended_by_what_came_with_it),
    "entries are known at once": _in_buckets(_entries_are_known_at_once),
    "events are known at once": _in_buckets(_events_are_known_at_once),
    "logs have no gaps": _in_buckets(_logs_have_no_gaps),
    "groups of debts are not seen": _in_buckets(_groups_are_not_seen),
    "a person's role is not asked": _in_place_of(relations, "_entry", _roles_are_alike),
    "unknown is false of entries": _in_place_of(turning, "entry_agrees", _unknown_is_false),
    "unknown is true of entries": _in_place_of(turning, "entry_agrees", _unknown_is_true),
    "unknown is false of events": _in_place_of(turning, "event_agrees", _unknown_is_false),
    "unknown is true of events": _in_place_of(turning, "event_agrees", _unknown_is_true),
    "hours of events are not asked": _in_place_of(
        relations, "_names_hours", lambda right: lambda frame, _: constant(True, frame.rows)
    ),
    "nothing lapses": _in_place_of(blocks, "has_lapsed", lambda right: lambda frame, _: constant(False, frame.rows)),
    "what is given in a communication has come before it": _in_place_of(
        turning, "began_by", lambda right: lambda frame, at, _: frame.bucket.event_at[frame.v] <= at
    ),
    "there is no summer time": _in_place_of(clocks._Offsets, "of", _always_winter),
    "exceptions of blocks are not asked": _in_place_of(
        Blocks, "_excused", lambda right: lambda self, exceptions, frame: constant(False, frame.rows)
    ),
    "exceptions of rules are not asked": _in_place_of(Planner, "plan", _without_excuses),
    "this one does not count": _in_place_of(Blocks, "counted", _not_this_one),
    "a moment has one candidate": _in_place_of(Blocks, "candidates", _one_candidate),
    "a deadline runs from the first trigger alone": _in_place_of(Blocks, "_turns", _first_trigger),
    "what one row of a group thinks all of it think": _grouped("looks_alike", _of_every_consumer),
    "all entries are seen in their order": _grouped("sees_in_order", _of_every_consumer),
    "what follows at once does not follow": _in_place_of(blocks, "next_at", _followers_come_after),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_noticed(fault: str) -> None:
    assert any(_notices(of, FAULTS[fault]) for of in (_of_examples, _of_worlds, _of_cases, _of_long_logs))
