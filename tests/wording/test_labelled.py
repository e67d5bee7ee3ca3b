"""The labelled set keeps its shape: enough of each name in both languages and both halves, and as many near misses."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process
from tests.wording.labelled import ASSERTIONS, GENERAL, NOTICES, TOUCHES, Utterance, half, read_file, utterances

IMPORTANT = {
    "threatens_arrest": 8,
    "threatens_violence": 5,
    "threatens_seizure": 5,
    "threatens_garnishment": 5,
    "threatens_suit": 8,
    "threatens_to_report": 6,
    "threatens_disclosure": 5,
    "threatens_license": 5,
    "false_urgency": 5,
    "claims_attorney": 5,
    "claims_government_affiliation": 4,
    "obscene_language": 5,
    "abusive_language": 5,
    "adds_charge": 5,
    "denies_dispute_right": 4,
    "demands_payment": 5,
    "states_debt": 5,
}
"""How many utterances at least say it in Spanish."""

INVENTED = re.compile(r"\b(?:512|800)?-?555-01\d\d\b")
NUMBER = re.compile(r"\b(?:\d{3}-)?\d{3}-\d{4}\b")


def says(name: str, of: tuple[Utterance, ...]) -> list[Utterance]:
    return [each for each in of if name in each.asserts]


def is_near_miss(each: Utterance) -> bool:
    return each.is_clean and not each.discloses


def test_there_are_enough_in_both_languages_and_both_halves() -> None:
    everything = utterances()
    assert len(everything) >= 1_600
    spanish = sum(each.language == "es" for each in everything) / len(everything)
    assert 0.25 <= spanish <= 0.35
    seen, unseen = utterances("seen"), utterances("unseen")
    assert sorted(each.id for each in seen + unseen) == sorted(each.id for each in everything)
    assert 0.4 <= len(unseen) / len(everything) <= 0.6


def test_a_half_follows_from_the_id() -> None:
    # SHA-256 of these begin with c and 7.
    assert [half("a"), half("hello-there"), half("b")] == ["seen", "unseen", "unseen"]


@pytest.mark.parametrize("name", sorted(ASSERTIONS))
def test_each_claim_is_made_often_enough(name: str) -> None:
    hits = says(name, utterances())
    assert len(hits) >= 6
    assert min(len(says(name, utterances("seen"))), len(says(name, utterances("unseen")))) >= 2
    by_language = Counter(each.language for each in hits)
    assert by_language["en"] >= 3
    assert by_language["es"] >= IMPORTANT.get(name, 2)


@pytest.mark.parametrize("name", sorted(ASSERTIONS))
def test_each_claim_has_near_misses_where_it_is_made(name: str) -> None:
    topics = Counter(each.topic for each in says(name, utterances()))
    topic = topics.most_common(1)[0][0]
    misses = [each for each in utterances() if each.topic == topic and is_near_miss(each)]
    assert len([each for each in misses if name not in each.unjudged]) >= 6


def test_a_topic_has_as_many_near_misses_as_hits() -> None:
    hits, misses, kinds = Counter[str](), Counter[str](), defaultdict[str, set[str]](set)
    for each in utterances():
        hits[each.topic] += bool(each.asserts or each.discloses)
        misses[each.topic] += is_near_miss(each)
        if is_near_miss(each):
            kinds[each.topic].add(each.kind)
    assert {topic: (hits[topic], misses[topic]) for topic in hits if misses[topic] < hits[topic]} == {}
    assert [topic for topic in kinds if not {"negated", "near_miss"} <= kinds[topic]] == []


def test_each_notice_that_is_judged_everywhere_is_given() -> None:
    given = Counter(name for each in utterances() for name in each.discloses)
    assert {name: given[name] for name in NOTICES - {"verification_of_debt"} if given[name] < 3} == {}


def test_a_question_and_a_quotation_of_a_consumer_assert_nothing() -> None:
    for each in utterances():
        if each.speaker == "consumer" or each.kind in ("negated", "quoted", "reported"):
            assert not each.asserts, each.id


def test_no_label_is_left_out_of_the_judging() -> None:
    for each in utterances():
        assert not each.unjudged & (each.asserts | each.may_assert | each.discloses), each.id
        assert each.speaker == "collector" or not each.unjudged, each.id
    assert set(TOUCHES) <= ASSERTIONS
    assert GENERAL.isdisjoint(NOTICES)


def test_no_two_are_almost_the_same() -> None:
    texts = [" ".join(each.text.casefold().split()) for each in utterances()]
    alike = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=92.01)
    pairs = [(texts[i], texts[j]) for i, row in enumerate(alike) for j in range(i) if row[j]]
    assert pairs == []


def test_telephone_numbers_are_invented() -> None:
    found = {number for each in utterances() for number in NUMBER.findall(each.text)}
    assert {number for number in found if not INVENTED.fullmatch(number)} == set()


def test_what_is_wrong_in_a_file_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(
        """\
about: odd ones
judges: [threatens_suit]
utterances:
  - {id: one, text: "We will sue.", language: en, channel: call, kind: plain, asserts: [threatens_sut]}
  - {id: one, text: "We  WILL sue.", language: en, channel: call, kind: plain, may_assert: [threatens_suit],
     asserts: [threatens_suit]}
  - {id: two, text: "Sue me.", language: en, channel: call, kind: plain, speaker: consumer, discloses: [dispute_right]}
""",
        encoding="utf-8",
    )
    errors: list[str] = []
    read_file(path, errors, {})
    assert errors == [
        "odd.yaml: judges threatens_suit; expected names that are not judged everywhere",
        "odd.yaml:4: one: found threatens_sut; expected names of `assertion`",
        "odd.yaml:5: one: threatens_suit both in asserts and in may_assert; expected one of them",
        "odd.yaml:5: one: the same id as odd.yaml:4: one; expected each once",
        "odd.yaml:5: one: the same text as odd.yaml:4: one; expected each once",
        "odd.yaml:7: two: labels of what a consumer says; expected none",
    ]


def test_a_file_without_what_it_needs_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text("about: odd ones\nutterances: [{id: one, text: Hello, channel: call, kind: plain}]\n", "utf-8")
    errors: list[str] = []
    assert read_file(path, errors, {}) == []
    assert "odd.yaml: utterances.0.language: Field required" in errors
