"""The shape of a `limitations.yaml`, and of the cases beside it: which keys there are, and what form each value has."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator, Field

from fdcpa_guard.rulefile.model import Confidence
from fdcpa_guard.rulefile.schema import Cite, DayText, Id, Jurisdiction, OneOf, Shape, Text
from fdcpa_guard.values import Kind
from fdcpa_guard.vocabulary import load_vocabulary

ACTS: Final = ("payment", "written_acknowledgment", "oral_acknowledgment")
EFFECTS: Final = ("restarts", "does_not", "open")
TOLLING: Final = ("minority", "crime_victim_claim", "creditors_demand")
DATED_BY: Final = ("suit", "accrual", "contract_at", "judgment_at")
NEVER: Final = "never"
"""The length of a period that does not end."""


def _state(text: str) -> str:
    if "-" in text:
        raise ValueError("`US` or the USPS code of a state")
    return text


def _days_of_debts() -> tuple[str, ...]:
    facts = load_vocabulary().facts.values()
    return tuple(each.name.partition(".")[2] for each in facts if each.subject == "debt" and each.type.kind is Kind.DAY)


def _set(name: str) -> OneOf:
    return OneOf(tuple(load_vocabulary().sets[name]))


State = Annotated[Jurisdiction, AfterValidator(_state)]
Length = Annotated[
    Text | Annotated[list[Text], Field(min_length=2)],
    Field(description="A span such as `6 years`, or `never`; several, where the law leaves open which."),
]
DayFact = Annotated[str, OneOf(_days_of_debts())]
RunsFrom = Annotated[
    list[DayFact], Field(min_length=1, description="Days of the debt, any of which is the first of the period.")
]
Effect = Annotated[str, OneOf(EFFECTS)]


class DatedLengthShape(Shape):
    length: Length
    from_: Annotated[DayText | None, Field(alias="from", description="The first day; left out: always before.")] = None
    until: Annotated[DayText | None, Field(description="The last day; left out: ever since.")] = None


class PeriodShape(Shape):
    """How long suits on some debts may be brought. A debt has the first period of the file that fits it."""

    id: Id
    cite: Cite
    says: Text | None = None
    confidence: Annotated[
        Annotated[str, OneOf(("verified", "recalled"))] | None, Field(description="Left out: the file's.")
    ] = None
    judgment: Annotated[bool, Field(description="`true`: of judgments, and of nothing else.")] = False
    kinds: Annotated[
        list[Annotated[str, _set("debt_kind")]] | None, Field(min_length=1, description="Kinds of debt; left out: all.")
    ] = None
    forms: Annotated[
        list[Annotated[str, _set("contract_form")]] | None,
        Field(min_length=1, description="Forms of the contract; left out: all."),
    ] = None
    signed: Annotated[bool | None, Field(description="Whether the consumer signed the contract.")] = None
    consumer_credit: Annotated[bool | None, Field(description="Whether it is a consumer credit transaction.")] = None
    collectors: Annotated[
        list[Annotated[str, _set("collector_kind")]] | None,
        Field(min_length=1, description="Kinds of collector that it limits; left out: all."),
    ] = None
    length: Length | None = None
    lengths: Annotated[
        list[DatedLengthShape] | None, Field(min_length=2, description="Dated lengths, without gap or overlap.")
    ] = None
    dated_by: Annotated[
        Annotated[str, OneOf(DATED_BY)] | None,
        Field(description="The day that decides among `lengths`: of the suit, of accrual, or a day of the debt."),
    ] = None
    runs_from: Annotated[RunsFrom | None, Field(description="Left out: the file's.")] = None
    runs_from_latest_of: Annotated[
        list[DayFact] | None, Field(min_length=2, description="The period begins on the latest of these days.")
    ] = None
    begins_after: Annotated[Text | None, Field(description="A span of days between that day and the period.")] = None
    renewable: Annotated[
        bool, Field(description="`true`: steps that a file does not show may have given it another term.")
    ] = False
    notes: Text | None = None


class RestartShape(Shape):
    """What a payment or an acknowledgment does to a period. Of an act the first that fits counts."""

    id: Id
    cite: Cite
    says: Text | None = None
    confidence: Annotated[
        Annotated[str, OneOf(("verified", "recalled"))] | None, Field(description="Left out: the file's.")
    ] = None
    by: Annotated[list[Annotated[str, OneOf(ACTS)]], Field(min_length=1)]
    periods: Annotated[
        list[Id] | None, Field(min_length=1, description="Ids of periods; left out: all but those of judgments.")
    ] = None
    bought: Annotated[bool | None, Field(description="`true`: where the debt was bought; `false`: where not.")] = None
    before_expiry: Annotated[Effect, Field(description="Of an act while the period runs.")]
    after_expiry: Annotated[Effect, Field(description="Of an act when it has run.")]
    from_: Annotated[DayText | None, Field(alias="from", description="Acts on this day or later.")] = None
    until: Annotated[DayText | None, Field(description="Acts on this day or earlier.")] = None


class TollingShape(Shape):
    """What stops a period from running, for a time that a file does not show."""

    cite: Cite
    by: Annotated[str, OneOf(TOLLING)]


class ExtinguishesShape(Shape):
    """The end of the period ends the debt itself, and not only the suit."""

    cite: Cite
    says: Text


class LimitationsShape(Shape):
    """A `limitations.yaml`: within which time suits on debts may be brought in one jurisdiction."""

    limitations_of: State
    checked_on: Annotated[DayText, Field(description="When someone last compared this file with the law.")]
    confidence: Annotated[str, OneOf(tuple(each.value for each in Confidence))]
    notes: Text | None = None
    runs_from: RunsFrom
    periods: Annotated[list[PeriodShape], Field(min_length=1)]
    restarts: list[RestartShape] = Field(default=[])
    tolled_by: list[TollingShape] = Field(default=[])
    extinguishes: ExtinguishesShape | None = None


ANSWERS: Final = ("barred", "open", "unknown")


class LimitationCaseShape(Shape):
    """A debt under the law of the file, and whether a suit on it comes too late on a day."""

    case: Text
    on: DayText
    collector: dict[str, object] = Field(default={})
    consumer: dict[str, object] = Field(default={})
    debt: dict[str, object] = Field(default={})
    events: list[dict[str, object]] = Field(default=[])
    expect: Annotated[str, OneOf(ANSWERS)]
    unknown: Annotated[list[Text] | None, Field(description="Facts that must be among those that are missing.")] = None


class LimitationCasesShape(Shape):
    """A `limitations.cases.yaml` beside a `limitations.yaml`."""

    limitation_cases_of: State
    defaults: dict[str, object] = Field(
        default={}, description="Merged under each case: mappings deeply, lists replaced."
    )
    cases: Annotated[list[LimitationCaseShape], Field(min_length=1)]
