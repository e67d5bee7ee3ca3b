"""The shape of rule, definition and case files: which keys there are, and what form each value has.

The one place of that knowledge: the loader validates with these models, the formatter takes the order of keys from
them, and the JSON Schema for editors and the manual are made from them. What a value means (whether a name exists, two
dates fit together) is checked where it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetCoreSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, core_schema

from fdcpa_guard.rulefile import model
from fdcpa_guard.values import parse_day
from fdcpa_guard.vocabulary import load_vocabulary

_USPS: Final = (
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA"
    " RI SC SD TN TX UT VT VA WA WV WI WY DC PR GU VI AS MP"
)
STATES: Final = frozenset(_USPS.split())
"""USPS codes of the states, the District of Columbia and the territories that have a code of laws of their own."""

_JURISDICTION: Final = re.compile(r"US|([A-Z]{2})(-[A-Z]{2,})?", re.ASCII)
_KEBAB: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_SNAKE: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)
_WORDS_OF_CONDITIONS: Final = (
    "and or not is in contains within after before on at least most more less than present absent known unknown true"
    " false communication entry event consumer debt collector location"
)
_RESERVED: Final = frozenset(_WORDS_OF_CONDITIONS.split())


@dataclass(frozen=True, slots=True)
class OneOf:
    """Metadata of a text field: the closed list from which it comes."""

    names: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.literal_schema(list(self.names))


def _values(names: Iterable[Enum]) -> OneOf:
    return OneOf(tuple(str(name.value) for name in names))


def _set(name: str, *more: str) -> OneOf:
    return OneOf((*load_vocabulary().sets[name], *more))


def _day(text: str) -> str:
    if parse_day(text) is None:
        raise ValueError("a date such as `2021-11-30`")
    return text


def _kebab(text: str) -> str:
    if not _KEBAB.fullmatch(text):
        raise ValueError("small letters, digits and single hyphens, such as `did-not-connect`")
    return text


def _name(text: str) -> str:
    if not _SNAKE.fullmatch(text):
        raise ValueError("small letters, digits and single underscores, such as `counted_calls`")
    if text in _RESERVED:
        raise ValueError("another name: conditions use this word themselves")
    return text


def _jurisdiction(text: str) -> str:
    match = _JURISDICTION.fullmatch(text)
    if match is None or (match[1] and match[1] not in STATES):
        raise ValueError("`US`, the USPS code of a state, or a city below one, such as `NY-NYC`")
    return text


def is_name(text: str) -> bool:
    """Whether a text has the form of the names that parameters, blocks and definitions bear."""
    return _SNAKE.fullmatch(text) is not None


Text = Annotated[str, StringConstraints(min_length=1)]
Cite = Annotated[Text, Field(description="The citation, as findings show it: `12 CFR 1006.14(b)(2)(i)(A)`.")]
DayText = Annotated[str, AfterValidator(_day), Field(json_schema_extra={"format": "date"})]
Id = Annotated[str, AfterValidator(_kebab), Field(json_schema_extra={"pattern": f"^{_KEBAB.pattern}$"})]
Name = Annotated[str, AfterValidator(_name), Field(json_schema_extra={"pattern": f"^{_SNAKE.pattern}$"})]
Jurisdiction = Annotated[
    str,
    AfterValidator(_jurisdiction),
    Field(
        description="`US`, the USPS code of a state, or a city below one: `NY-NYC`.",
        json_schema_extra={"pattern": "^[A-Z]{2}(-[A-Z]{2,})?$"},
    ),
]
Condition = Annotated[Text, Field(description="A condition, on one line or in a `|` block.")]
Span = Annotated[Text, Field(description="A span of time, such as `7 consecutive days`, or the name of a parameter.")]
Channel = Annotated[str, _set("channel")]
Channels = Annotated[str, OneOf(("any",))] | Annotated[list[Channel], Field(min_length=1)]
Reached = Annotated[str, _set("channel", *load_vocabulary().sets["action_type"])]
Reach = Annotated[str, OneOf(("any",))] | Annotated[list[Reached], Field(min_length=1)]
Consequence = Annotated[str, _values(model.Consequence)]


class Shape(BaseModel):
    """Closed: a key that is not listed is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class LawShape(Shape):
    cite: Cite
    says: Annotated[Text, Field(description="A summary in our own words; official words only where short and needed.")]


class InForceShape(Shape):
    """Local days of the communication, both included."""

    from_: Annotated[
        DayText | None,
        Field(alias="from", description="The first day in force; null where it is not established."),
    ]
    until: Annotated[DayText | None, Field(description="The last day in force, where it ended.")] = None


class DatedValueShape(Shape):
    value: Annotated[int | Text, Field(description="The value during these days.")]
    from_: Annotated[DayText | None, Field(alias="from", description="Its first day; left out: always before.")] = None
    until: Annotated[DayText | None, Field(description="Its last day; left out: ever since.")] = None


class ParameterShape(Shape):
    """A number, clock time, date, span, amount or text of the law."""

    value: Annotated[
        int | Text | None,
        Field(description='A whole number, clock time ("08:00"), date, span (7 consecutive days), amount ($25.00), text.'),
    ] = None
    values: Annotated[
        list[DatedValueShape] | None,
        Field(min_length=1, description="Dated values in place of `value`, without gap or overlap."),
    ] = None
    cite: Cite
    stricter: Annotated[
        Annotated[str, OneOf(("lower", "higher"))] | None, Field(description="Which way a user's policy may move it.")
    ] = None


class ExceptionShape(Shape):
    id: Id
    cite: Cite
    says: Text | None = None
    when: Condition


Same = Annotated[
    list[Annotated[str, _values(model.Same)]],
    Field(description="In what it must agree with the communication judged."),
]
EventTypes = Annotated[
    list[Annotated[str, _set("event_type")]], Field(min_length=1, description="Types of events.")
]


class SelectionShape(Shape):
    """Which entries of the log, or which events. One of `entries` and `events` is needed."""

    entries: Annotated[Channels | None, Field(description="Channels, or `any`.")] = None
    events: EventTypes | None = None
    same: Same = []
    only_when: Annotated[Condition | None, Field(description="A condition on the entry or event.")] = None


class WindowShape(Shape):
    """A span of time that ends with the communication judged."""

    length: Annotated[
        Text | None,
        Field(description="A span, or a parameter's name; of `calendar`: calendar day, week, month, year, business week."),
    ] = None
    kind: Annotated[str, _values(model.WindowKind)]
    days: Annotated[
        str, OneOf(("consumer_local", "eastern")), Field(description="Whose days; left out: consumer_local.")
    ] = "consumer_local"
    this_one: Annotated[
        str, OneOf(("included", "excluded")), Field(description="Whether the communication judged counts itself.")
    ] = "excluded"
    week_starts: Annotated[str, OneOf(("sunday", "monday"))] = "sunday"


class CountShape(Shape):
    """A range: how many entries surely count, and how many at most."""

    cite: Cite
    entries: Annotated[Channels, Field(description="Channels, or `any`.")]
    same: Same
    window: WindowShape
    only_when: Annotated[Condition | None, Field(description="A condition on the entry.")] = None
    except_: Annotated[list[ExceptionShape], Field(alias="except", description="What is not counted.")] = []


class MomentShape(Shape):
    """The latest or earliest entry or event that fits, or none. One of `entries` and `events` is needed."""

    cite: Cite
    entries: Annotated[Channels | None, Field(description="Channels, or `any`.")] = None
    events: EventTypes | None = None
    same: Same = []
    window: Annotated[WindowShape | None, Field(description="Left out: ever.")] = None
    only_when: Annotated[Condition | None, Field(description="A condition on the entry or event.")] = None
    except_: Annotated[list[ExceptionShape], Field(alias="except", description="What is passed over.")] = []


class StandingShape(Shape):
    """True from a beginning to the next end, or until it lapses."""

    cite: Cite
    begins: Annotated[list[SelectionShape], Field(min_length=1)]
    ends: list[SelectionShape] = []
    lapses_after: Span | None = None
    as_of: Annotated[
        str,
        OneOf(("communication", "entry")),
        Field(description="`entry`: may be used in conditions on entries, as of the entry's own instant."),
    ] = "communication"


class WaitingShape(Shape):
    """True while the communication comes too early."""

    cite: Cite
    after: SelectionShape
    which: Annotated[str, OneOf(("latest", "earliest"))] = "latest"
    at_least: Span
    when_absent: Annotated[
        str, OneOf(("waiting", "over")), Field(description="What holds while `after` never was.")
    ]


class DeadlineShape(Shape):
    """True once something that had to follow did not follow in time."""

    cite: Cite
    after: SelectionShape
    which: Annotated[
        str,
        OneOf(("each", "earliest")),
        Field(description="The time runs from each of `after`, or from the earliest alone."),
    ] = "each"
    must_follow: SelectionShape
    within: Span
    unless: list[ExceptionShape] = []


class LimitationShape(Shape):
    """True where the time for suing on the debt is over, by the limitation periods of its law (section 7)."""

    cite: Cite
    asks: Annotated[
        str,
        OneOf(("suit", "debt")),
        Field(description="`debt`: whether the end of the time has ended the debt itself."),
    ] = "suit"


class TextShape(Shape):
    """Words that a law prescribes or offers; any one wording will do."""

    cite: Cite
    language: Annotated[Text, Field(description="A language tag: en, es.")] = "en"
    wordings: Annotated[list[Text], Field(min_length=1)]


class ContentItemShape(Shape):
    id: Id
    cite: Cite
    says: Text
    where: Annotated[str, OneOf(("content",))] = "content"
    any_of: Annotated[list[Text], Field(description="Phrases, or names of `texts`.")] = []
    declared: Annotated[
        Text | None, Field(description="Its name in `discloses` (what must be said) or `asserts` (what must not).")
    ] = None
    only_when: Condition | None = None


class UndecidedShape(Shape):
    """Where the law's words leave the answer open: the verdict is unknown."""

    id: Id
    cite: Cite
    when: Condition
    because: Text


class WhenUnknownShape(Shape):
    missing: Annotated[Consequence | None, Field(description="A fact is missing.")] = None
    locations_disagree: Annotated[
        Consequence | None, Field(description="Violated in one possible location of the consumer, not in another.")
    ] = None
    because: Text | None = None


class ReadingShape(Shape):
    taken: Text
    why: Text


class RuleShape(Shape):
    """A rule file."""

    rule: Annotated[Id, Field(description="Begins with the jurisdiction in small letters; never changes its meaning.")]
    title: Text
    jurisdiction: Jurisdiction
    law: Annotated[list[LawShape], Field(min_length=1, description="The first citation is the one that findings carry.")]
    in_force: InForceShape
    checked_on: Annotated[DayText, Field(description="When someone last compared this file with the law.")]
    confidence: Annotated[
        str, _values(model.Confidence), Field(description="`recalled`: the law's text was not in hand.")
    ]
    notes: Text | None = None
    binds: Annotated[
        list[Annotated[str, _set("collector_kind")]], Field(min_length=1, description="Kinds of collector.")
    ]
    reaches: Annotated[Reach, Field(description="Channels, or `any` of them; or types of actions.")]
    effect: Annotated[str, _values(model.Effect)]
    when_violated: Annotated[
        Consequence | None, Field(description="Left out: block; note, where the effect is advises.")
    ] = None
    parameters: dict[Name, ParameterShape] = {}
    texts: dict[Name, TextShape] = {}
    counts: dict[Name, CountShape] = {}
    latest: dict[Name, MomentShape] = {}
    earliest: dict[Name, MomentShape] = {}
    standing: dict[Name, StandingShape] = {}
    waiting: dict[Name, WaitingShape] = {}
    deadline: dict[Name, DeadlineShape] = {}
    limitation: dict[Name, LimitationShape] = {}
    applies_when: Annotated[Condition | None, Field(description="Where false, the rule is not applicable.")] = None
    violated_when: Condition | None = None
    must_contain: list[ContentItemShape] = []
    must_not_contain: list[ContentItemShape] = []
    undecided_when: list[UndecidedShape] = []
    unless: Annotated[list[ExceptionShape], Field(description="Exceptions; their order never matters.")] = []
    when_unknown: Annotated[
        Consequence | WhenUnknownShape | None, Field(description="Left out: review; note, where the effect is advises.")
    ] = None
    reading: Annotated[list[ReadingShape], Field(description="Where the words can be read two ways.")] = []
    other_reading_of: Annotated[
        Id | None, Field(description="The rule whose other reading this one is; off unless switched on.")
    ] = None
    replaces: Annotated[Id | None, Field(description="The rule whose last day is the day before this one's first.")] = None
    yields_to: Annotated[list[Id], Field(description="Not applicable where one of these binds and reaches.")] = []
    message: Annotated[
        Text | None, Field(description="What a finding says; names of counts and parameters in braces.")
    ] = None


class DefinitionShape(Shape):
    cite: Cite
    says: Text | None = None
    about: Annotated[str, OneOf(("communication", "entry", "event"))] = "communication"
    when: Condition


class DefinitionsShape(Shape):
    """A `definitions.yaml`: what the rules of its folder, and of those below, share."""

    definitions_of: Annotated[Text, Field(description="The law whose words these are.")]
    jurisdiction: Jurisdiction
    parameters: dict[Name, ParameterShape] = {}
    conditions: dict[Name, DefinitionShape] = {}
    counts: dict[Name, CountShape] = {}
    latest: dict[Name, MomentShape] = {}
    earliest: dict[Name, MomentShape] = {}
    standing: dict[Name, StandingShape] = {}
    waiting: dict[Name, WaitingShape] = {}
    limitation: dict[Name, LimitationShape] = {}



VERDICTS: Final = ("violated", "complies", "exempt", "not_applicable", "unknown")


class CaseExpectShape(Shape):
    """What a case states of its rule, and of the decision under all rules; what is stated is checked."""

    verdict: Annotated[Annotated[str, OneOf(VERDICTS)] | None, Field(description="Of this rule alone.")] = None
    counts: Annotated[dict[Name, int | Text] | None, Field(description="A number, or a range: `7..8`.")] = None
    exempt_by: Annotated[Id | None, Field(description="The exception's id.")] = None
    unknown: Annotated[list[Text] | None, Field(description="Facts that must be among those that are missing.")] = None
    clears_at: Annotated[Text | None, Field(description="When waiting alone cures it: an instant with offset.")] = None
    items: Annotated[list[Id] | None, Field(description="Items of required or forbidden content that fail.")] = None
    decision: Annotated[str, OneOf(("allow", "review", "block"))] | None = None
    violates: list[Text] | None = None
    complies: list[Text] | None = None
    permitted_at: Text | None = None


class CaseShape(BaseModel):
    """A scenario with a name; its other keys are those of a scenario."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)

    case: Text
    expect: CaseExpectShape | None = None


class CasesShape(Shape):
    """A `NAME.cases.yaml` beside the rule in `NAME.yaml`."""

    cases_of: Annotated[Id, Field(description="The rule's id.")]
    defaults: Annotated[
        dict[str, object], Field(description="Merged under each case: mappings deeply, lists replaced.")
    ] = {}
    cases: Annotated[list[CaseShape], Field(min_length=1)]


def rule_file_schema() -> dict[str, object]:
    """The JSON Schema of a rule file, for completion and documentation in an editor."""
    return _published(RuleShape, "fdcpa-guard rule file")


def definitions_file_schema() -> dict[str, object]:
    """The JSON Schema of a `definitions.yaml`."""
    return _published(DefinitionsShape, "fdcpa-guard definitions file")


def cases_file_schema() -> dict[str, object]:
    """The JSON Schema of a file of cases."""
    return _published(CasesShape, "fdcpa-guard cases file")


def _published(shape: type[BaseModel], title: str) -> dict[str, object]:
    schema: Mapping[str, object] = shape.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}
