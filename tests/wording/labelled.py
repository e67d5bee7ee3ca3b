"""The labelled set of utterances: what a reader takes from each of them, in the names of the vocabulary.

`utterances/TOPIC.yaml` holds what collectors and consumers say about one topic, hits and near misses, in English and
Spanish. A label says what the least sophisticated consumer takes from the words, whatever the facts of the account are:

- `asserts`: surely said. A step that will, may or could follow from not paying is a threat, said as a condition or not.
- `may_assert`: the words alone do not decide; a person has to look.
- `discloses`: a notice that is given.

What a consumer says, what is quoted or reported, denied, asked by the consumer, or told of the past or of somebody else
asserts nothing. Patterns are written against the half `seen` and scored on the half `unseen`; the half follows from the
id, so that nobody chooses it.

Labels are complete but for `unjudged`. Some names are touched by almost every word of a collector's; they are labelled
where they are clear, and their absence counts only in a file that has them in `judges`. Other names overlap: a threat
to garnish wages is half a threat to seize them. A scorer leaves out the unjudged names of an utterance, and must not
count what it finds of them, nor what it does not find.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from fdcpa_guard.rulefile.documents import read_source
from fdcpa_guard.rulefile.nodes import MappingNode, SequenceNode, to_python
from fdcpa_guard.rulefile.strict_yaml import read_yaml
from fdcpa_guard.vocabulary import load_vocabulary

FOLDER: Final = Path(__file__).parent / "utterances"

Half = Literal["seen", "unseen"]
Kind = Literal["plain", "negated", "conditional", "quoted", "question", "near_miss", "reported", "lawful"]

ASSERTIONS: Final = frozenset(load_vocabulary().sets["assertion"]) | {
    "false_urgency",
    "threatens_disclosure",
    "adds_charge",
    "claims_court",
    "threatens_license",
}
DISCLOSURES: Final = frozenset(load_vocabulary().sets["disclosure"])

NOTICES: Final = frozenset(
    {
        "attempting_to_collect",
        "information_used",
        "from_debt_collector",
        "opt_out_notice",
        "transfer_to_collector",
        "dispute_right",
        "original_creditor_right",
        "assumed_valid",
        "cfpb_website",
        "time_barred_notice",
        "debt_is_disputed",
        "confirming_location",
        "seeking_estate_representative",
        "verification_of_debt",
    }
)
"""Disclosures whose absence from a label counts in every file."""

GENERAL: Final = (DISCLOSURES - NOTICES) | {
    "states_debt",
    "demands_payment",
    "indicates_debt_collection",
    "names_employer",
    "threatens_unlawful_action",
    "false_representation",
    "demands_unauthorized_amount",
    "demands_payment_in_validation_period",
    "threatens_action_in_validation_period",
    "false_urgency",
}
"""Names whose absence from a label counts only in the files that judge them."""

TOUCHES: Final[Mapping[str, frozenset[str]]] = {
    "threatens_garnishment": frozenset({"threatens_seizure"}),
    "threatens_seizure": frozenset({"threatens_garnishment", "threatens_dispossession"}),
    "threatens_dispossession": frozenset({"threatens_seizure"}),
    "threatens_violence": frozenset({"threatens_crime", "abusive_language"}),
    "threatens_crime": frozenset({"threatens_violence", "threatens_other_action", "threatens_disclosure"}),
    "threatens_arrest": frozenset({"claims_crime_of_consumer"}),
    "threatens_suit": frozenset({"threatens_other_action"}),
    "threatens_license": frozenset({"threatens_other_action"}),
    "threatens_disclosure": frozenset({"threatens_other_action"}),
    "threatens_unlawful_action": frozenset({"threatens_other_action"}),
    "threatens_action_in_validation_period": frozenset(
        {"threatens_other_action", "demands_payment_in_validation_period"}
    ),
    "demands_payment_in_validation_period": frozenset({"threatens_action_in_validation_period"}),
    "adds_charge": frozenset({"claims_compensation"}),
    "claims_compensation": frozenset({"adds_charge", "demands_unauthorized_amount"}),
    "asks_for_postdated_payment_to_prosecute": frozenset({"threatens_arrest", "claims_crime_of_consumer"}),
    "opt_out_by_post_or_telephone_only": frozenset({"exclusive_opt_out_means"}),
    "exclusive_opt_out_means": frozenset({"opt_out_by_post_or_telephone_only"}),
    "claims_innocent_purchaser": frozenset({"claims_transfer_ends_defences"}),
    "threatens_to_report_false_information": frozenset({"threatens_to_report"}),
    "lists_those_who_refuse_to_pay": frozenset({"threatens_disclosure"}),
    "advertises_debt_for_sale": frozenset({"threatens_disclosure"}),
    "obscene_language": frozenset({"abusive_language"}),
    "claims_court": frozenset(
        {"claims_government_affiliation", "simulates_official_document", "claims_legal_process", "threatens_suit"}
    ),
    "claims_government_affiliation": frozenset({"claims_court", "simulates_official_document"}),
    "claims_legal_process": frozenset({"simulates_official_document", "claims_court", "threatens_suit"}),
    "claims_not_legal_process": frozenset({"claims_legal_process"}),
    "simulates_official_document": frozenset(
        {"claims_legal_process", "claims_court", "claims_government_affiliation", "threatens_suit"}
    ),
}
"""What is left open beside a name that is asserted."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One utterance and its labels. `topic` is the stem of its file."""

    id: str
    topic: str
    text: str
    language: str
    speaker: str
    channel: str
    kind: Kind
    asserts: frozenset[str]
    may_assert: frozenset[str]
    discloses: frozenset[str]
    unjudged: frozenset[str]
    note: str | None

    @property
    def half(self) -> Half:
        return half(self.id)

    @property
    def is_clean(self) -> bool:
        """Whether nothing is to be found in it, of what is judged."""
        return not (self.asserts or self.may_assert)


Word = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Text = Annotated[str, StringConstraints(min_length=2, max_length=2_000, strip_whitespace=True)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    id: Word
    text: Text
    language: Literal["en", "es"]
    speaker: Literal["collector", "consumer"] = "collector"
    channel: Literal["letter", "call", "text", "email", "voicemail"]
    kind: Kind
    asserts: tuple[str, ...] = ()
    may_assert: tuple[str, ...] = ()
    discloses: tuple[str, ...] = ()
    note: Text | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    about: Text
    judges: tuple[str, ...] = ()
    utterances: Annotated[tuple[_Entry, ...], Field(min_length=1)]


def half(utterance_id: str) -> Half:
    """`seen` where the first hex digit of the id's SHA-256 is even, else `unseen`."""
    return "unseen" if int(hashlib.sha256(utterance_id.encode()).hexdigest()[0], 16) % 2 else "seen"


def utterances(of: Half | None = None) -> tuple[Utterance, ...]:
    """The utterances of one half, or all, in the order of their files.

    Raises:
        ValueError: of all that is wrong in the set: names that the vocabulary does not have, an id or a text given
            twice, a name both surely and perhaps asserted, labels of what a consumer says; each with file and line.
    """
    return tuple(each for each in _all() if of is None or each.half == of)


@cache
def _all() -> tuple[Utterance, ...]:
    errors: list[str] = []
    found: list[Utterance] = []
    seen: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        found.extend(read_file(path, errors, seen))
    if errors:
        raise ValueError("\n".join(errors))
    return tuple(found)


def read_file(path: Path, errors: list[str], seen: dict[str, str]) -> list[Utterance]:
    """The utterances of one file. What is wrong goes to `errors`; `seen` has the place of each id and text so far."""
    node = read_yaml(read_source(path, path.name))
    try:
        file = _File.model_validate(to_python(node))
    except ValidationError as error:
        errors.extend(f"{path.name}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        return []
    assert isinstance(node, MappingNode)
    entries = node.get("utterances")
    assert isinstance(entries, SequenceNode)
    judged = frozenset(file.judges)
    if unknown := judged - GENERAL:
        errors.append(f"{path.name}: judges {_listed(unknown)}; expected names that are not judged everywhere")
    found = []
    for entry, written in zip(file.utterances, entries.items, strict=True):
        place = f"{path.name}:{written.span.line}: {entry.id}"
        errors.extend(f"{place}: {problem}" for problem in _problems(entry))
        for key in (f"id {entry.id}", f"text {' '.join(entry.text.casefold().split())}"):
            if key in seen:
                errors.append(f"{place}: the same {key.split()[0]} as {seen[key]}; expected each once")
            seen[key] = place
        found.append(_utterance(path.stem, entry, judged))
    return found


def _problems(entry: _Entry) -> list[str]:
    sure, perhaps, notices = set(entry.asserts), set(entry.may_assert), set(entry.discloses)
    problems = []
    if unknown := (sure | perhaps) - ASSERTIONS:
        problems.append(f"found {_listed(unknown)}; expected names of `assertion`")
    if unknown := notices - DISCLOSURES:
        problems.append(f"found {_listed(unknown)}; expected names of `disclosure`")
    if both := sure & perhaps:
        problems.append(f"{_listed(both)} both in asserts and in may_assert; expected one of them")
    if len(sure) + len(perhaps) + len(notices) < len(entry.asserts) + len(entry.may_assert) + len(entry.discloses):
        problems.append("a name is given twice")
    if entry.speaker == "consumer" and (sure or perhaps or notices):
        problems.append("labels of what a consumer says; expected none")
    return problems


def _utterance(topic: str, entry: _Entry, judged: frozenset[str]) -> Utterance:
    labelled = frozenset(entry.asserts) | frozenset(entry.may_assert) | frozenset(entry.discloses)
    touched = frozenset[str]().union(*(TOUCHES.get(name, frozenset()) for name in labelled))
    # Nothing that a consumer says is the collector's claim, however general.
    left_open = frozenset[str]() if entry.speaker == "consumer" else (GENERAL - judged) | touched
    return Utterance(
        id=entry.id,
        topic=topic,
        text=entry.text,
        language=entry.language,
        speaker=entry.speaker,
        channel=entry.channel,
        kind=entry.kind,
        asserts=frozenset(entry.asserts),
        may_assert=frozenset(entry.may_assert),
        discloses=frozenset(entry.discloses),
        unjudged=left_open - labelled,
        note=entry.note,
    )


def _listed(names: set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(names))
