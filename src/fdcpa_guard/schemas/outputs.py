"""What the commands and the service answer in JSON: one model for each document, from which its JSON Schema is made.

Instants are ISO 8601 with an offset, in the local time of where the consumer may be where that is known. A key whose
value would be nothing (`clears_at` of what waiting never cures) is left out.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, RootModel

Outcome = Literal["allow", "review", "block"]
Truth = Literal["true", "false", "unknown"]
Verdict = Literal["violated", "complies", "exempt", "not_applicable", "unknown"]
Effect = Literal["prohibited", "presumed_violation", "missing_requirement", "advice"]
Confidence = Literal["verified", "recalled"]
LocalDay = date
"""Under a name of its own: a field may be called `date`."""


class Output(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


# -- decisions ---------------------------------------------------------------------------------------------------------


class WaiverOut(Output):
    rule: str
    name: Annotated[str, Field(description="who answers for it")]
    reason: str
    until: Annotated[LocalDay, Field(description="the last local day on which it holds")]


class CountedOut(Output):
    id: Annotated[str, Field(description="of the entry, or the type of the event")]
    at: AwareDatetime
    block: Annotated[str, Field(description="the count, standing or other block of the rule that it belongs to")]
    sure: Annotated[bool, Field(description="false: it may count, and a missing fact would tell")]


class FindingOut(Output):
    rule: str
    title: str
    cite: str
    cites: tuple[str, ...]
    jurisdiction: str
    status: Literal["violated", "unknown"]
    effect: Effect
    consequence: Annotated[Outcome, Field(description="what this finding alone makes of the decision")]
    message: str
    facts: Annotated[dict[str, str], Field(description="the facts it used, with their values as people read them")]
    counted: Annotated[tuple[CountedOut, ...], Field(description="earlier communications and events it rests on")]
    clears_at: Annotated[
        AwareDatetime | None, Field(description="when waiting alone would cure it; left out if never")
    ] = None
    unknown: Annotated[tuple[str, ...], Field(description="the facts for want of which it is undecided")]
    debts: tuple[str, ...]
    confidence: Annotated[Confidence, Field(description="recalled: the law's text was not in hand")]
    waiver: WaiverOut | None = None


class StepOut(Output):
    """A part of a condition as it was judged."""

    text: str
    answer: Truth
    values: dict[str, str] = {}
    parts: tuple[StepOut, ...] = ()


class LookedOut(Output):
    id: str
    at: AwareDatetime
    counted: Truth
    why: Annotated[str, Field(description="why it was left out")] = ""


class BlockOut(Output):
    name: str
    gives: str
    looked_at: tuple[LookedOut, ...]


class JudgementOut(Output):
    """A rule in one possible location and for one debt."""

    verdict: Verdict
    location: Annotated[str, Field(description="what says that the consumer may be there")]
    debt: str | None = None
    exempt_by: str | None = None
    lacked: tuple[str, ...]
    because: tuple[str, ...]
    counts: Annotated[dict[str, str], Field(description="`7`, or a range such as `7..8` or `7..`")]
    items: tuple[str, ...]
    facts: dict[str, str]
    steps: tuple[StepOut, ...]
    blocks: tuple[BlockOut, ...]


class RuleTraceOut(Output):
    rule: str
    verdict: Verdict
    not_for: Annotated[
        tuple[str, ...], Field(description="of a rule that is not applicable: what it does not speak of")
    ] = ()
    judgements: tuple[JudgementOut, ...] = ()


class DueOut(Output):
    """What must still be done by a day, or should have been."""

    rule: str
    title: str
    cite: str
    what: str
    debt: str | None = None
    after: Annotated[str, Field(description="the entry or event that it has to follow")]
    since: AwareDatetime
    due_at: Annotated[AwareDatetime | None, Field(description="it has to be done before; left out where no clock is known")] = None
    overdue: bool | None = None
    sure: Annotated[bool, Field(description="false where a missing fact leaves open whether it is owed")]


class DecisionOut(Output):
    """The answer to: may this communication be made?"""

    path: str | None = None
    scenario: str | None = None
    decision: Outcome
    findings: tuple[FindingOut, ...]
    permitted_at: Annotated[
        AwareDatetime | None, Field(description="the next instant at which it would be allowed; left out if none")
    ] = None
    unknown: Annotated[tuple[str, ...], Field(description="facts that were missing")]
    rules_version: str
    as_of: Annotated[AwareDatetime, Field(description="the instant whose knowledge counted")]
    waivers: tuple[WaiverOut, ...]
    due: Annotated[tuple[DueOut, ...], Field(description="what must still be done by a day, or should have been")] = ()
    trace: Annotated[tuple[RuleTraceOut, ...] | None, Field(description="with --trace: every rule")] = None


class UnusableOut(Output):
    """In place of a decision, where several scenarios are checked and one of them cannot be used."""

    path: str
    scenario: str | None = None
    error: str


# -- scenarios and cases run -------------------------------------------------------------------------------------------


class ScenarioResultOut(Output):
    path: str
    scenario: str
    ok: bool
    why: Annotated[list[str], Field(description="what was expected and is not so")]


class ClauseOut(Output):
    """A clause that the cases do not make both true and false."""

    path: str
    line: int
    column: int
    clause: str
    part: Annotated[str, Field(description="the part of the rule: `violated_when`, `unless did-not-connect`")]
    never: Annotated[list[Literal["true", "false"]], Field(description="the answers that no case gives it")]


class RuleClausesOut(Output):
    name: Annotated[str, Field(description="a rule's id, or the file of shared definitions")]
    clauses: int
    covered: int
    missing: list[ClauseOut]


class TestOut(Output):
    __test__ = False
    passed: int
    failed: int
    scenarios: list[ScenarioResultOut]
    coverage: Annotated[list[RuleClausesOut] | None, Field(description="with --coverage")] = None


# -- rules -------------------------------------------------------------------------------------------------------------


class RuleSummaryOut(Output):
    id: str
    title: str
    jurisdiction: str
    cite: str
    effect: Literal["prohibits", "presumes_violation", "requires", "advises"]
    binds: list[str]
    reaches: list[str]
    from_: Annotated[LocalDay | None, Field(alias="from")] = None
    until: LocalDay | None = None
    checked_on: LocalDay
    confidence: Confidence
    other_reading_of: str | None = None


class RuleListOut(Output):
    rules_version: str
    rules: list[RuleSummaryOut]


class RuleSheetOut(RuleSummaryOut):
    """A rule with its review sheet."""

    cites: list[str]
    path: str
    sheet: Annotated[str, Field(description="the review sheet, in Markdown")]


class ProblemOut(Output):
    level: Literal["error", "warning"]
    message: str
    path: str | None = None
    line: int | None = None
    column: int | None = None
    hint: str | None = None


class RulesCheckOut(Output):
    rules: int
    errors: int
    warnings: int
    problems: list[ProblemOut]


class ParagraphOut(Output):
    cite: str
    title: str
    status: Literal["encoded", "later", "not_checkable", "no_duty", "open"]
    rules: Annotated[list[str], Field(description="the rules that cite it or a paragraph below it")]
    why: str = ""


class LawCoverageOut(Output):
    law: str
    paragraphs: list[ParagraphOut]
    unlisted: Annotated[list[str], Field(description="citations of rules that no listed paragraph matches")]


class RulesCoverageOut(Output):
    laws: list[LawCoverageOut]


class FormattedOut(Output):
    path: str
    changed: bool


class RulesFormatOut(Output):
    files: list[FormattedOut]


# -- logs --------------------------------------------------------------------------------------------------------------


class DispositionOut(Output):
    """What a vendor's code says of a call or message. A code that ends in * stands for all that begin so."""

    code: str
    outcome: Annotated[str, Field(description="an outcome; unknown; or no_contact: nothing was placed or sent")]
    dialing: str | None = None
    event: Annotated[str | None, Field(description="what became known with it")] = None
    note: str | None = None
    own: Annotated[bool, Field(description="from the shop's own file")]


class DispositionsOut(Output):
    format: str
    codes: list[DispositionOut]


# -- letters -----------------------------------------------------------------------------------------------------------


class LintWaiverOut(Output):
    name: Annotated[str, Field(description="who answers for it")]
    reason: str
    until: Annotated[LocalDay | None, Field(description="the last day on which it holds")] = None


class LintFindingOut(Output):
    """Lines and columns count from 1, columns in characters; the end is the place after the last character. Of a docx the
    line is the number of the paragraph, of a PDF that on its page."""

    rule: Annotated[str, Field(description="`lint-...` is about a waiver or the baseline, not about the law")]
    title: str
    cite: str
    jurisdiction: str
    status: Literal["violated", "unknown"]
    effect: Effect
    line: int
    column: int
    end_line: int
    end_column: int
    page: int | None = None
    excerpt: Annotated[str, Field(description="the words that say it; empty of what is missing")]
    message: str
    fix: Annotated[str | None, Field(description="words of the law that could be put in")] = None
    unknown: Annotated[tuple[str, ...], Field(description="the facts that would settle what is undecided")] = ()
    states: Annotated[tuple[str, ...], Field(description="those for which it was found; empty where none was named")] = ()
    waiver: LintWaiverOut | None = None
    in_baseline: Annotated[bool, Field(description="known already: it does not fail")] = False


class LintProblemOut(Output):
    """What stopped a file from being judged."""

    message: str
    line: int | None = None
    column: int | None = None
    hint: str | None = None


class LintSettingsOut(Output):
    """What a file was judged by. What is left out nobody has said."""

    on: Annotated[LocalDay, Field(description="the day whose law was asked")]
    on_by: Annotated[str, Field(description="who named the day: option, front matter, a key of a configuration, or default")]
    stage: str | None = None
    channel: str | None = None
    states: tuple[str, ...]
    role: str
    rules_off: Annotated[tuple[str, ...], Field(description="patterns of rules that were not judged")] = ()


class LintFileOut(Output):
    file: str
    findings: list[LintFindingOut]
    problems: list[LintProblemOut]
    settings: LintSettingsOut | None = None


class LintOut(RootModel[list[LintFileOut]]):
    """The files that were checked, in the order of their paths."""
