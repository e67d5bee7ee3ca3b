"""Which paragraphs of a law are encoded by which rules, and why the others are not.

A `coverage.yaml` beside the rules of a law lists its paragraphs. Which of them are encoded is never written there: a
paragraph is encoded where a rule cites it, or a paragraph below it. What the file says of the others is why not:

    coverage_of: 12 CFR part 1006
    jurisdiction: US
    cites_begin: [12 CFR 1006.]
    comments_on: 12 CFR 1006.
    paragraphs:
      - {cite: 12 CFR 1006.6(b)(1)(i), title: unusual or inconvenient times}
      - {cite: 12 CFR 1006.14(c), title: violence, status: not_checkable, why: what is threatened is a judgement}

`status` is `later` (it can be checked, and no rule does so yet), `not_checkable` (no record shows it) or `no_duty`
(it obliges nobody: an authority, a definition, a rule of construction); each with a `why`. `cites_begin` says with what
the citations of this law begin, so that a rule's citation that no paragraph matches is told. With `comments_on`, a
citation of an official comment, `comment 14(b)(2)(i)-1`, is one of the paragraph that it explains: `12 CFR
1006.14(b)(2)(i) comment -1`.

A rule cites what its own file does, and what the shared definitions do that it uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from fdcpa_guard.errors import RuleErrors, RuleShapeError
from fdcpa_guard.rulefile.documents import read_source
from fdcpa_guard.rulefile.model import Block, Count, Deadline, MomentOf, Rule
from fdcpa_guard.rulefile.nodes import MappingNode, ScalarNode, SequenceNode, to_python
from fdcpa_guard.rulefile.schema import Cite, Jurisdiction, Shape, Text
from fdcpa_guard.rulefile.shape_errors import shape_errors
from fdcpa_guard.rulefile.strict_yaml import read_yaml
from fdcpa_guard.ruleset.rulebook import COVERAGE_FILE, Rulebook
from fdcpa_guard.source import SourceFile

WHY_NOT: Final = ("later", "not_checkable", "no_duty")
_SEPARATORS: Final = re.compile(r"\s*;\s*|\s+and\s+|,\s*(?=[(-])")


class ParagraphShape(Shape):
    cite: Cite
    title: Text
    status: Annotated[
        Literal["later", "not_checkable", "no_duty"] | None,
        Field(description="Why no rule encodes it. Left out of a paragraph that rules cite: that it is encoded is found."),
    ] = None
    why: Annotated[Text | None, Field(description="One sentence, of what is not encoded.")] = None


class CoverageShape(Shape):
    coverage_of: Annotated[Text, Field(description="The law: `12 CFR part 1006`.")]
    jurisdiction: Jurisdiction = "US"
    cites_begin: Annotated[
        list[Text], Field(min_length=1, description="With what a citation of this law begins: `12 CFR 1006.`.")
    ]
    comments_on: Annotated[
        Text | None, Field(description="What stands before the paragraph in a citation of an official comment.")
    ] = None
    paragraphs: Annotated[list[ParagraphShape], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`status` is `encoded` where `rules` is not empty; `open` where nobody has said why it is not."""

    cite: str
    title: str
    status: str
    rules: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class LawCoverage:
    law: str
    path: str
    paragraphs: tuple[Paragraph, ...]
    unlisted: tuple[str, ...]
    """Citations of rules under this law that are of no listed paragraph."""


def law_coverage(rulebook: Rulebook, roots: Iterable[Path]) -> list[LawCoverage]:
    """The coverage of each law that has a `coverage.yaml` below the folders, in the order of their paths.

    Raises:
        RuleErrors: what is wrong in such a file.
    """
    found: list[LawCoverage] = []
    for root in roots:
        for path in sorted(root.rglob(COVERAGE_FILE)):
            found.append(coverage_of(rulebook.rules, read_source(path, path.relative_to(root.parent).as_posix())))
    return found


def coverage_of(rules: Sequence[Rule], source: SourceFile) -> LawCoverage:
    """One file's paragraphs, each with the rules that cite it. Raises RuleErrors."""
    stated = _read(source)
    begins = tuple(stated.cites_begin)
    of_law = [
        (rule.id, cite)
        for rule in rules
        if _within(rule.jurisdiction, stated.jurisdiction)
        for cite in (_of_paragraph(each, stated.comments_on) for each in cites_of(rule))
        if cite.startswith(begins)
    ]
    paragraphs = tuple(_paragraph(each, of_law) for each in stated.paragraphs)
    listed = [each.cite for each in stated.paragraphs]
    unlisted = sorted({cite for _, cite in of_law if not any(is_under(cite, each) for each in listed)})
    return LawCoverage(stated.coverage_of, source.name, paragraphs, tuple(unlisted))


_COMMENT: Final = re.compile(r"comment (\d+[^-]*)(-.+)?")


def _of_paragraph(cite: str, comments_on: str | None) -> str:
    comment = None if comments_on is None else _COMMENT.fullmatch(cite)
    return cite if comment is None else f"{comments_on}{comment[1]} comment {comment[2] or ''}".rstrip()


def _within(jurisdiction: str, law: str) -> bool:
    return jurisdiction == law or jurisdiction.startswith(law + "-")


def _paragraph(stated: ParagraphShape, of_law: Iterable[tuple[str, str]]) -> Paragraph:
    rules = tuple(dict.fromkeys(rule for rule, cite in of_law if is_under(cite, stated.cite)))
    status = "encoded" if rules else stated.status or "open"
    return Paragraph(stated.cite, stated.title, status, rules, stated.why or "")


def is_under(cite: str, paragraph: str) -> bool:
    """Whether a citation is of a paragraph or of one below it: 1006.14(b)(2) is under 1006.14(b), 1006.140 is not.

    A paragraph that is a span, such as `12 CFR 1006.10(b)(1)-(2)`, takes in each of its ends and what lies between.
    """
    span = re.fullmatch(r"(.*)\((\w+)\)-\((\w+)\)", paragraph)
    if span is not None:
        return any(is_under(cite, f"{span[1]}({name})") for name in _between(span[2], span[3]))
    return cite.startswith(paragraph) and not cite[len(paragraph) : len(paragraph) + 1].isalnum()


_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


def _between(first: str, last: str) -> Iterator[str]:
    if first.isdigit() and last.isdigit():
        yield from (str(number) for number in range(int(first), int(last) + 1))
    elif first in _ROMAN and last in _ROMAN and not (first == "i" and len(last) == 1 and last not in "vx"):
        yield from _ROMAN[_ROMAN.index(first) : _ROMAN.index(last) + 1]
    elif len(first) == len(last) == 1:
        yield from (chr(code) for code in range(ord(first), ord(last) + 1))
    else:
        yield from (first, last)


def cites_of(rule: Rule) -> list[str]:
    """Every citation behind a rule, each once: its law, parameters, blocks, exceptions and items, and what it shares."""
    cites = [law.cite for law in rule.law]
    cites.extend(parameter.cite for parameter in rule.parameters.values())
    for block in rule.blocks.values():
        cites.extend(_cites_of_block(block))
    cites.extend(definition.cite for definition in rule.definitions.values())
    cites.extend(exception.cite for exception in rule.unless)
    cites.extend(undecided.cite for undecided in rule.undecided)
    cites.extend(item.cite for item in (*rule.must_contain, *rule.must_not_contain))
    cites.extend(text.cite for text in rule.texts.values())
    return list(dict.fromkeys(part for cite in cites for part in parts_of_cite(cite)))


def parts_of_cite(cite: str) -> list[str]:
    """The citations that one text gives: `12 CFR 1006.2(b), (d)` is two of one section, and so is `comment 6(a)-1 and -2`."""
    parts: list[str] = []
    for part in _SEPARATORS.split(cite):
        if parts and part.startswith("("):
            part = parts[-1].partition("(")[0] + part
        elif parts and part.startswith("-"):
            part = parts[-1].partition("-")[0] + part
        parts.append(part)
    return parts


def _cites_of_block(block: Block) -> Iterator[str]:
    yield block.cite
    if isinstance(block, Count | MomentOf | Deadline):
        yield from (each.cite for each in block.exceptions)


def _read(source: SourceFile) -> CoverageShape:
    root = read_yaml(source)
    try:
        stated = CoverageShape.model_validate(to_python(root))
    except ValidationError as error:
        raise RuleErrors(shape_errors(error, root, CoverageShape)) from None
    errors = list(_mistakes(stated, root))
    if errors:
        raise RuleErrors(errors)
    return stated


def _mistakes(stated: CoverageShape, root: object) -> Iterator[RuleShapeError]:
    items = root.get("paragraphs") if isinstance(root, MappingNode) else None
    nodes = items.items if isinstance(items, SequenceNode) else ()
    seen: set[str] = set()
    for paragraph, node in zip(stated.paragraphs, nodes, strict=True):
        cite = node.get("cite") if isinstance(node, MappingNode) else None
        span = cite.span if isinstance(cite, ScalarNode) else node.span
        if paragraph.cite in seen:
            yield RuleShapeError(f"the paragraph `{paragraph.cite}` is listed twice", span)
        seen.add(paragraph.cite)
        if paragraph.status is not None and paragraph.why is None:
            yield RuleShapeError(f"`{paragraph.status}` without a `why`; expected one sentence", span)
