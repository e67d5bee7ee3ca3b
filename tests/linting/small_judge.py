"""A judge of two invented rules and an undecided one, so that the check can be tried without recognition of words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fdcpa_guard.documents.model import Document
from fdcpa_guard.linting.findings import LintFinding
from fdcpa_guard.linting.judging import Judging
from fdcpa_guard.linting.merging import FileSettings

LAW = {
    "us-example-arrest": "A collector may not say that not paying leads to arrest.",
    "us-example-notice": "A letter says that it is from a debt collector.",
    "tx-example-suit": "In Texas, no suit is threatened on a debt that is time-barred.",
}
NOTICE = "This is from a debt collector."


def judge(document: Document, settings: FileSettings) -> Sequence[LintFinding]:
    """Violated: a threat of arrest, a notice that is missing; undecided: in Texas a suit, unless the time bar is known."""
    found: list[LintFinding] = []
    for part in document.parts:
        for hit in re.finditer(r"have you arrested", part.text):
            place, end = part.place(hit.start()), part.end(hit.end())
            found.append(_finding(document, "us-example-arrest", "15 USC 1692e(4)", "US", (place.line, place.column, end.line, end.column), hit[0], page=place.page))
        if settings.state == "TX" and settings.debt.time_barred is None:
            for hit in re.finditer(r"\bsue\b", part.text):
                place, end = part.place(hit.start()), part.end(hit.end())
                found.append(_finding(document, "tx-example-suit", "Tex. Fin. Code § 392.307", "TX", (place.line, place.column, end.line, end.column), hit[0], status="unknown", page=place.page))
    if settings.stage == "later" and not any(NOTICE in part.text for part in document.parts):
        found.append(_finding(document, "us-example-notice", "12 CFR 1006.18(e)", "US", (1, 1, 1, 1), "", effect="missing_requirement"))
    return found


def _finding(
    document: Document,
    rule: str,
    cite: str,
    jurisdiction: str,
    place: tuple[int, int, int, int],
    excerpt: str,
    *,
    status: str = "violated",
    effect: str = "prohibited",
    page: int | None = None,
) -> LintFinding:
    line, column, end_line, end_column = place
    return LintFinding(
        document.path, rule, LAW[rule], cite, jurisdiction, status, effect, line, column, end_line, end_column,
        excerpt, f"{LAW[rule]} Found: {excerpt or 'nothing'}", page=page,
        fix=NOTICE if effect == "missing_requirement" else None,
    )  # fmt: skip


def small_judging() -> Judging:
    return Judging(judge, LAW)
