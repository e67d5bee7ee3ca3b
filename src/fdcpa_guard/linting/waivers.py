"""Waivers: a named person's decision to go on in spite of a rule. A waived finding is still told, with who and why.

    <!-- fdcpa-guard: waive us-fdcpa-later-disclosure by "Dana Example" because "counsel, file 12" until 2027-01-31 -->

They stand in a comment of the template, in its front matter or in the configuration. Comments are looked for in the text of
the file, since a reader of the format takes them off.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from fdcpa_guard.errors import RuleShapeError
from fdcpa_guard.linting.findings import OWN, LintFinding
from fdcpa_guard.linting.settings import WaiverSetting
from fdcpa_guard.rulefile.shape_errors import did_you_mean
from fdcpa_guard.source import SourceFile, Span

UNUSED: Final = f"{OWN}waiver-unused"
EXPIRED: Final = f"{OWN}waiver-expired"
_TITLES: Final = {UNUSED: "A waiver that waives nothing", EXPIRED: "A waiver that has ended"}

@dataclass(frozen=True, slots=True)
class _Comment:
    """How a comment begins and ends. Two patterns, since one that has both takes quadratic time where many are never closed."""

    opening: re.Pattern[str]
    closing: re.Pattern[str]

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the insides stand."""
        place = 0
        while (opened := self.opening.search(text, place)) is not None:
            closed = self.closing.search(text, opened.end())
            if closed is None:
                return
            yield opened.end(), closed.start()
            place = closed.end()


def _comment(opening: str, closing: str) -> _Comment:
    return _Comment(re.compile(opening), re.compile(closing))


_HTML: Final = _comment("<!--", "-->")
_JINJA: Final = _comment(r"(?<!\{)\{#-?", r"-?#\}")
_HANDLEBARS: Final = _comment(r"\{\{~?!--", r"--~?\}\}")
_MUSTACHE: Final = _comment(r"\{\{~?!(?!--)", r"\}\}")
_LIQUID: Final = _comment(r"\{%-?\s{0,9}comment\s{0,9}-?%\}", r"\{%-?\s{0,9}endcomment\s{0,9}-?%\}")
_LIQUID_LINE: Final = _comment(r"\{%-?\s{0,9}#", r"-?%\}")
_BLADE: Final = _comment(r"\{\{--", r"--\}\}")

COMMENTS: Final[Mapping[str, tuple[_Comment, ...]]] = {
    "text": (),
    "markdown": (_HTML,),
    "html": (_HTML,),
    "jinja": (_JINJA,),
    "mustache": (_HANDLEBARS, _MUSTACHE),
    "liquid": (_LIQUID, _LIQUID_LINE),
    "blade": (_BLADE,),
}
"""How each format and dialect of templates writes a comment. Plain text, and merge fields, have none: what stands there is sent."""

_MARK: Final = re.compile(r"fdcpa-guard:")
_QUOTED: Final = r"""(?:"([^"]*)"|'([^']*)'|“([^”]*)”)"""
_RULE: Final = re.compile(r"\s*waive\s+(?!by\s)([\w.-]+)(?=\s|$)")
_NAME: Final = re.compile(rf"\s*by\s+{_QUOTED}")
_REASON: Final = re.compile(rf"\s*because\s+{_QUOTED}")
_UNTIL: Final = re.compile(r"\s*until\s+(\d{4}-\d{2}-\d{2})(?=\s|$)")
_REST: Final = re.compile(r"\s*(\S[^\n]*)")


@dataclass(frozen=True, slots=True)
class Waiver:
    """A waiver and where it stands. `in_file` is false of one in a configuration, which holds for several files."""

    rule: str
    name: str
    reason: str
    until: date | None
    file: str
    line: int
    column: int
    end_column: int
    in_file: bool = True

    def holds(self, day: date) -> bool:
        return self.until is None or day <= self.until


def waiver_of(said: WaiverSetting, span: Span) -> Waiver:
    """One that stands in a front matter."""
    line, column = span.line, span.column
    end = column + span.end - span.start
    return Waiver(said.rule, said.name, said.reason, said.until, span.source.name, line, column, end)


def waiver_of_config(said: WaiverSetting, file: str, line: int) -> Waiver:
    """One that stands in a configuration."""
    return Waiver(said.rule, said.name, said.reason, said.until, file, line, 1, 1, in_file=False)


def waivers_in(source: SourceFile, *formats: str | None) -> tuple[list[Waiver], list[RuleShapeError]]:
    """The waivers in the comments of a text, and what is wrong with those that cannot be used.

    `formats` are the format of the file and the dialect of its template, which say how a comment is written.
    """
    waivers: list[Waiver] = []
    errors: list[RuleShapeError] = []
    if _MARK.search(source.text) is None:
        return waivers, errors
    for start, end in _comments(source.text, formats):
        marks = [found.end() for found in _MARK.finditer(source.text, start, end)]
        for mark, stop in zip(marks, [*(found - len("fdcpa-guard:") for found in marks[1:]), end], strict=True):
            found = _read(source, mark, stop)
            if isinstance(found, Waiver):
                waivers.append(found)
            else:
                errors.append(found)
    return waivers, errors


def _comments(text: str, formats: Iterable[str | None]) -> list[tuple[int, int]]:
    """Where the insides of comments stand, each once, in the order of the text."""
    kinds = dict.fromkeys(kind for each in formats for kind in COMMENTS.get(each or "", ()))
    found = sorted({span for kind in kinds for span in kind.spans(text)})
    # One comment within another (`<!-- {# ... #} -->`) is read once, as the inner one.
    return [(start, end) for place, (start, end) in enumerate(found) if place + 1 == len(found) or found[place + 1][0] >= end]


def _read(source: SourceFile, start: int, stop: int) -> Waiver | RuleShapeError:
    text = source.text
    place = start

    def wrong(expected: str) -> RuleShapeError:
        rest = _REST.match(text, place, stop)
        found = "the end of the comment" if rest is None else f"`{rest[1].strip()[:60]}`"
        where = source.span(start, stop) if rest is None else source.span(rest.start(1), rest.end(1))
        hint = 'a waiver reads `fdcpa-guard: waive RULE by "NAME" because "REASON" until 2027-01-31`'
        return RuleShapeError(f"found {found}; expected {expected}", where, hint)

    rule = _RULE.match(text, place, stop)
    if rule is None:
        return wrong("`waive` and the id of a rule")
    place = rule.end()
    name = _NAME.match(text, place, stop)
    if name is None or not _inside(name):
        return wrong("`by` and, in quotes, the name of who answers for it")
    place = name.end()
    reason = _REASON.match(text, place, stop)
    if reason is None or not _inside(reason):
        return wrong("`because` and, in quotes, the reason")
    place = reason.end()
    until: date | None = None
    if (ends := _UNTIL.match(text, place, stop)) is not None:
        try:
            until = date.fromisoformat(ends[1])
        except ValueError:
            return wrong("`until` and a date such as 2027-01-31")
        place = ends.end()
    if text[place:stop].strip():
        return wrong("`until` and a date such as 2027-01-31, or the end of the comment")
    line, column = source.line_and_column(rule.start() + len(rule[0]) - len(rule[0].lstrip()))
    end_line, end_column = source.line_and_column(place)
    end_column = end_column if end_line == line else len(source.line_text(line)) + 1
    return Waiver(rule[1], _inside(name), _inside(reason), until, source.name, line, column, end_column)


def _inside(found: re.Match[str]) -> str:
    return " ".join(next(filter(None, found.groups()), "").split())


def waived(findings: Iterable[LintFinding], waivers: Sequence[Waiver], on: date) -> tuple[list[LintFinding], set[Waiver]]:
    """The findings, those that a waiver is about marked with it; and the waivers that waived something.

    One that has ended does not waive. One in the file comes before one in a configuration.
    """
    holding: dict[str, Waiver] = {}
    for waiver in sorted(waivers, key=lambda each: not each.in_file):
        if waiver.holds(on):
            holding.setdefault(waiver.rule, waiver)
    marked: list[LintFinding] = []
    used: set[Waiver] = set()
    for finding in findings:
        by = holding.get(finding.rule)
        if by is None:
            marked.append(finding)
            continue
        used.add(by)
        marked.append(
            replace(
                finding,
                waived_by=by.name,
                waived_because=by.reason,
                waived_until=by.until,
                waived_in_file=by.in_file,
            )
        )
    return marked, used


def told_of(
    waivers: Iterable[Waiver], used: set[Waiver], on: date, rules: Collection[str] | None = None
) -> Iterator[LintFinding]:
    """A finding for each waiver that has ended, and for each that waived nothing.

    `rules` are the ids of all rules: of one that is misspelt it is said. None: nobody knows them.
    """
    for waiver in waivers:
        if waiver in used:
            continue
        if waiver.until is not None and not waiver.holds(on):
            message = (
                f"the waiver of `{waiver.rule}` by {waiver.name} ended on {waiver.until.isoformat()} and waives nothing any more; "
                "take it out, or have it decided anew"
            )
            yield _own(EXPIRED, waiver, message)
        elif rules is not None and waiver.rule not in rules:
            near = did_you_mean(waiver.rule, rules)
            message = f"the waiver by {waiver.name} waives nothing: no rule is called `{waiver.rule}`"
            yield _own(UNUSED, waiver, message if near is None else f"{message}; {near}")
        else:
            message = f"the waiver of `{waiver.rule}` by {waiver.name} waives nothing: no such finding is here; take it out"
            yield _own(UNUSED, waiver, message)


def _own(rule: str, waiver: Waiver, message: str) -> LintFinding:
    return LintFinding(
        file=waiver.file,
        rule=rule,
        title=_TITLES[rule],
        cite="",
        jurisdiction="",
        status="violated",
        effect="advice",
        line=waiver.line,
        column=waiver.column,
        end_line=waiver.line,
        end_column=waiver.end_column,
        excerpt="",
        message=message,
    )
