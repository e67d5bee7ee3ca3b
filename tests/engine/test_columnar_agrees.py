"""The columnar engine answers as the interpreter does, for every row: it is the definition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from columnar_examples import Example, examples
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from worlds import communications, drawn, each_block_alone, files, forms_of, lengthened, rules

from fdcpa_guard.engine.columnar import turning
from fdcpa_guard.engine.columnar.accounts import can_be_told
from fdcpa_guard.engine.columnar.bucket import Bucket, BucketBuilder
from fdcpa_guard.engine.columnar.judging import VERDICTS, ColumnarRules, Judged
from fdcpa_guard.engine.decision import Verdict
from fdcpa_guard.engine.findings import message_of, message_of_unknown
from fdcpa_guard.engine.verdicts import Flag, RuleVerdict, judge_rule
from fdcpa_guard.facts import models
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.rulefile.model import Deadline, Limitation, Rule


@pytest.fixture(autouse=True, scope="module")
def _nothing_is_left_to_the_definition() -> Iterator[None]:
    """An error inside the engine makes it ask the definition, which would hide the error here."""

    def left(self: ColumnarRules, rule: Rule, bucket: Bucket) -> object:
        raise AssertionError(f"an error ended {rule.id}")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ColumnarRules, "_by_definition", left)
        yield


_TOGETHER = 30
_LONGER = 6
_PHASES = [Phase.explicit, Phase.reuse, Phase.generate]


def _told(rule: Rule, entry: Entry, file: ConsumerFile, prior: Sequence[Entry]) -> RuleVerdict:
    told = judge_rule(rule, entry, file, prior)
    assert not [each.because for each in told.judgements if "an error while judging" in "".join(each.because)]
    return told


def _answers(found: Judged) -> list[tuple[Verdict, bool, bool]]:
    """What is flagged and the verdicts of all are worked out in different ways, and say the same."""
    columns = found.verdicts.tolist(), found.disagree.tolist(), found.missing.tolist()
    whole = [(VERDICTS[verdict], disagree, missing) for verdict, disagree, missing in zip(*columns, strict=True)]
    flagged = (Verdict.VIOLATED, Verdict.UNKNOWN)
    assert list(found.raised()) == [(place, *each) for place, each in enumerate(whole) if each[0] in flagged]
    return whole


def _known_before(file: ConsumerFile, index: int) -> list[Entry]:
    """The entries of a log that stand before one and were known by then."""
    knowledge = file.entries[index].at if file.as_of is None else file.as_of
    return [each for each in file.entries[:index] if each.known_at <= knowledge]


def _agree(rule: Rule, bucket: Bucket, expected: Sequence[RuleVerdict]) -> None:
    """The same verdict of every row, and the same range of every count in every location and for every debt.

    Whether rows are asked by groups or each by itself makes no difference.
    """
    engine = ColumnarRules([rule], {rule.id: ()})
    for fewest in (1, len(expected) ** 2 * 1000):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(turning, "_WORTH_GROUPING", fewest)
            patched.setattr(turning, "_ROWS_OF_A_GROUP", len(bucket.entries) ** 2)
            (judged,) = engine.judge(bucket)
            assert _answers(judged) == [(told.verdict, told.locations_disagree, told.missing) for told in expected]
            _accounts_agree(rule, engine, bucket, expected)
    for name, ranges in engine.counts(engine.plans[0], bucket).items():
        for counted, told in zip(ranges, expected, strict=True):
            # The definition counts only where the verdict asks for it.
            of_definition = [judgement.counts.get(name) for judgement in told.judgements]
            assert len(counted) == len(of_definition)
            assert all(want is None or want == got for got, want in zip(counted, of_definition, strict=True))


def _accounts_agree(rule: Rule, engine: ColumnarRules, bucket: Bucket, expected: Sequence[RuleVerdict]) -> None:
    """What would settle an unknown, and its message, are those of the definition."""
    unknown = [place for place, told in enumerate(expected) if told.verdict is Verdict.UNKNOWN]
    accounts = engine.accounts(bucket).of(rule, np.array(unknown, np.int64))
    if accounts is None:
        assert not can_be_told(rule) or any(isinstance(block, Deadline | Limitation) for block in rule.blocks.values())
        return
    for place, account in zip(unknown, accounts, strict=True):
        told = expected[place]
        assert account.lacked == told.lacked
        assert account.verdict is told.verdict
        assert (account.locations_disagree, account.missing) == (told.locations_disagree, told.missing)
        assert message_of_unknown(account) == message_of(Flag.of(told))


def _of_proposed(rule: Rule, parts: dict[str, object], said: models.Communication, *, later: bool) -> None:
    file = ConsumerFile(**parts, as_of=said.at if later else None)  # type: ignore[arg-type]  # drawn in its types
    entry = Entry(said, of_log=False)
    builder = BucketBuilder()
    builder.proposed(file, [entry])
    _agree(rule, builder.bucket(), [_told(rule, entry, file, file.prior(entry))])


def _of_logs(rule: Rule, logs: Sequence[dict[str, object]], *, later: bool) -> None:
    builder = BucketBuilder()
    expected: list[RuleVerdict] = []
    for parts in logs:
        at = max((said.at for said in parts["history"]), default=None)  # type: ignore[attr-defined]
        file = ConsumerFile(**parts, as_of=at if later else None)  # type: ignore[arg-type]
        builder.log(file)
        expected.extend(
            _told(rule, entry, file, _known_before(file, index)) for index, entry in enumerate(file.entries)
        )
    _agree(rule, builder.bucket(), expected)


@pytest.mark.parametrize("later", [False, True])
def test_it_gives_the_verdict_and_counts_of_the_definition_for_what_is_proposed(later: bool) -> None:
    for world in drawn():
        for rule in forms_of(world.rule):
            _of_proposed(rule, world.parts, world.said, later=later)


@pytest.mark.parametrize("later", [False, True])
def test_it_does_so_for_every_row_of_several_logs_at_once(later: bool) -> None:
    worlds = drawn()
    for first, second, third in zip(worlds, worlds[1:], worlds[2:], strict=False):
        for rule in forms_of(first.rule):
            _of_logs(rule, [first.parts, second.parts, third.parts], later=later)


def test_it_does_so_for_long_logs() -> None:
    """So that many rows of one consumer, debt and place are asked together."""
    for world in drawn():
        for rule in forms_of(world.rule)[1:2]:
            _of_logs(rule, [lengthened(world.parts, _LONGER)], later=False)


def test_it_does_so_for_many_consumers_whose_communications_are_judged_by_many_rules_at_once() -> None:
    """Every rule on every world, so that what one rule or consumer leaves behind meets the next."""
    worlds = drawn()[:_TOGETHER]
    asked = [(ConsumerFile(**world.parts), Entry(world.said, of_log=False)) for world in worlds]
    builder = BucketBuilder()
    for file, entry in asked:
        builder.proposed(file, [entry])
    judged = [form for world in worlds for form in (forms_of(world.rule)[1], *each_block_alone(world.rule))]
    bucket = builder.bucket()
    for found in ColumnarRules(judged, {}).judge(bucket):
        told = [_told(found.rule, entry, file, file.prior(entry)) for file, entry in asked]
        assert _answers(found) == [(each.verdict, each.locations_disagree, each.missing) for each in told]


@pytest.mark.parametrize("example", list(examples()), ids=lambda example: example.name)
def test_it_does_so_for_what_is_seldom_drawn(example: Example) -> None:
    told = _told(example.rule, example.entry, example.file, example.file.prior(example.entry))
    assert told.verdict is example.verdict
    builder = BucketBuilder()
    builder.proposed(example.file, [example.entry])
    _agree(example.rule, builder.bucket(), [told])


@pytest.mark.nightly
@settings(phases=_PHASES)
@given(rules(), st.lists(files(), min_size=1, max_size=4), st.booleans())
def test_it_does_so_for_very_many_logs(rule: Rule, logs: list[dict[str, object]], later: bool) -> None:
    for form in forms_of(rule):
        _of_logs(form, logs, later=later)


@pytest.mark.nightly
@settings(phases=_PHASES)
@given(rules(), files(), communications(of_log=False), st.booleans())
def test_it_does_so_for_very_many_proposals(
    rule: Rule, parts: dict[str, object], said: models.Communication, later: bool
) -> None:
    for form in forms_of(rule):
        _of_proposed(form, parts, said, later=later)
