"""The judge of documents: what their words say, under the rules that speak of words.

What words may say and do not surely say is taken as said and as not said, claims and notices each. What a rule finds every
time is violated; what it finds at some time is for a person. What is found stands where the words stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fdcpa_guard.documents.model import Document, Part
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.engine.decision import Status
from fdcpa_guard.engine.findings import Finding
from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.bind import file_of
from fdcpa_guard.facts.models import Communication
from fdcpa_guard.linting.findings import LintFinding
from fdcpa_guard.linting.judging import Judging
from fdcpa_guard.linting.merging import FileSettings
from fdcpa_guard.linting.reach import Words, rules_of_words
from fdcpa_guard.linting.reading import Found, Said, by_place, said_in
from fdcpa_guard.linting.scene import scenario_of
from fdcpa_guard.vocabulary import load_vocabulary
from fdcpa_guard.wording.lexicon import LANGUAGES
from fdcpa_guard.wording.matching import Matcher

NEVER_LAWFUL: Final = frozenset({"threatens_arrest", "threatens_violence", "threatens_crime"})
"""What no collector of a consumer debt can lawfully do or have done, whatever a file may say."""
NEVER_TRUE: Final = frozenset({"claims_government_affiliation", "claims_reporting_agency", "claims_court"})
"""What is true of no debt collector, as long as nobody has said so of this one."""
_FORBIDDEN: Final = frozenset({"prohibited", "presumed_violation"})
_NOBODY_LIES: Final = frozenset({"creditor", None})


@dataclass(frozen=True, slots=True)
class _Raised:
    """A rule that is violated or open in one pass."""

    finding: Finding
    violated: bool


class WordJudge:
    """Judges documents by the words that they say. Nothing in it changes, so that one serves all files."""

    def __init__(self, guard: Guard, matcher: Matcher) -> None:
        self._guard = guard
        self._matcher = matcher
        self._words = rules_of_words(guard.rules)
        read = {pattern.name for pattern in matcher.patterns if pattern.discloses}
        self._unread = frozenset(load_vocabulary().sets["disclosure"]) - read
        """Notices that no lexicon looks for: whether they are given nobody knows."""

    def judging(self) -> Judging:
        """What the check of files takes."""
        return Judging(self.judge, {rule.id: "; ".join(law.says for law in rule.law) for rule in self._guard.rules if rule.id in self._words})

    def judge(self, document: Document, settings: FileSettings) -> Sequence[LintFinding]:
        """What is wrong with a document that is sent as the settings say."""
        if settings.language is not None and settings.language.partition("-")[0].lower() not in LANGUAGES:
            raise FactsError(f"words in `{settings.language}` are not read; expected {' or '.join(LANGUAGES)}", document.path)
        said = said_in(document, self._matcher)
        may = said.discloses | said.may_disclose
        asserted = tuple(dict.fromkeys((said.asserts, said.asserts | said.may_assert)))
        passes = [self._pass(settings, said, asserts, said.discloses, said.sure_text) for asserts in asserted]
        if may != said.discloses or said.text != said.sure_text:
            passes += [self._pass(settings, said, asserts, may, said.text) for asserts in asserted]
        # Notices that nobody looks for may be there: a rule that requires one is then open, and one that they bring up told.
        unread = self._pass(settings, said, asserted[-1], may | self._unread, said.text)
        unread = {rule: each for rule, each in unread.items() if self._words[rule].discloses & self._unread}
        open_ = {rule for rule, words in self._words.items() if words.requires & self._unread and rule not in unread}
        settled = self._settled(settings, said)
        findings: list[LintFinding] = []
        for rule in sorted({*settled, *unread, *(rule for each in passes for rule in each)}):
            raised = settled.get(rule) or next(each[rule] for each in (*passes, unread) if rule in each)
            violated = rule in settled or (
                rule not in open_
                and all(rule in each and each[rule].violated for each in passes)
            )
            findings.extend(self._told(document, said, raised.finding, self._words[rule], violated, rule in settled))
        return findings

    def _settled(self, settings: FileSettings, said: Said) -> dict[str, _Raised]:
        """What is violated by words that no fact about the file could make right."""
        names = said.asserts & NEVER_LAWFUL
        if settings.collector.kind not in _NOBODY_LIES:
            names |= said.asserts & NEVER_TRUE
        if not names:
            return {}
        nothing: Mapping[str, Any] = {"lawful_threats": (), "intended_threats": (), "true_claims": ()}
        raised = self._pass(settings, said, names, said.discloses | said.may_disclose, said.text, nothing)
        return {rule: each for rule, each in raised.items() if each.violated and self._words[rule].asserts & names}

    def _pass(
        self,
        settings: FileSettings,
        said: Said,
        asserts: Iterable[str],
        discloses: Iterable[str],
        text: str,
        more: Mapping[str, Any] | None = None,
    ) -> dict[str, _Raised]:
        scene = scenario_of(settings)
        assert scene.communication is not None
        fields = {
            **scene.communication.model_dump(exclude_unset=True),
            "asserts": tuple(sorted(asserts)),
            "discloses": tuple(sorted(discloses)),
            "content": text,
            **({} if said.subject is None else {"subject": said.subject}),
            **(more or {}),
        }
        letter = Communication.model_validate(fields)
        decision = self._guard.check(letter, file_of(scene))
        return {
            finding.rule: _Raised(finding, finding.status is Status.VIOLATED)
            for finding in decision.findings
            if finding.rule in self._words and settings.wants(finding.rule)
        }

    def _told(
        self, document: Document, said: Said, finding: Finding, words: Words, violated: bool, settled: bool
    ) -> Iterable[LintFinding]:
        names = words.asserts
        if settled:
            names &= NEVER_LAWFUL | NEVER_TRUE
        # What is forbidden stands where its words do; what is missing has no place but where it may be half said.
        forbids = finding.effect in _FORBIDDEN
        places = by_place(
            [
                each
                for each in said.found
                if (forbids and not each.mention.discloses and each.mention.name in names)
                or (not forbids and each.mention.discloses and not each.mention.sure and each.mention.name in words.discloses)
            ]
        )
        if not places or (violated and not any(each.mention.sure for each in places)):
            # It is violated whatever the words may say besides.
            yield _finding(document, finding, violated, None)
        for each in places:
            yield _finding(document, finding, violated and each.mention.sure, each)


def _finding(document: Document, finding: Finding, violated: bool, found: Found | None) -> LintFinding:
    part, start, stop = (None, 0, 0) if found is None else (found.part, found.mention.start, found.mention.stop)
    begin, end = (1, 1), (1, 1)
    page: int | None = None
    if part is not None:
        first, last = part.place(start), part.end(stop)
        begin, end, page = (first.line, first.column), (last.line, last.column), first.page
    settled_by = "" if found is None else found.mention.settled_by
    # What the words leave open no fact of the file would settle.
    lacks = () if violated or settled_by else tuple(finding.unknown)
    return LintFinding(
        file=document.path,
        rule=finding.rule,
        title=finding.title,
        cite=finding.cite,
        jurisdiction=finding.jurisdiction,
        status="violated" if violated else "unknown",
        effect=finding.effect,
        line=begin[0],
        column=begin[1],
        end_line=end[0],
        end_column=end[1],
        excerpt=_excerpt(part, start, stop),
        message=_message(finding, violated, settled_by, lacks),
        lacks=lacks,
        page=page,
    )


def _excerpt(part: Part | None, start: int, stop: int) -> str:
    return "" if part is None else " ".join(part.text[start:stop].split())


def _message(finding: Finding, violated: bool, settled_by: str, lacks: Sequence[str]) -> str:
    if violated:
        return finding.message
    if settled_by:
        return f"{finding.title}: the words alone do not decide; what would: {settled_by}"
    if lacks:
        return f"{finding.title}: cannot be decided; what is missing: {', '.join(lacks)}"
    return f"{finding.title}: the words may settle it, and not all that it asks for is looked for in them; a person has to read the letter"
