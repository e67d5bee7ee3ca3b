"""A run with one of everything that a report tells, of invented letters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from fdcpa_guard.linting.findings import FileReport, LintFinding, LintRun, Problem
from fdcpa_guard.linting.merging import settings_of
from fdcpa_guard.linting.settings import SettingsText

TODAY = date(2026, 11, 27)
LINE = 'Unless you pay today, we will have you arrested <"now">.'
LAW = {"us-example-arrest": "A collector may not say that not paying leads to arrest."}

ARREST = LintFinding(
    file="letters/demand, first.html",
    rule="us-example-arrest",
    title="A threat of arrest",
    cite="15 USC 1692e(4)",
    jurisdiction="US",
    status="violated",
    effect="prohibited",
    line=3,
    column=LINE.index("we will") + 1,
    end_line=3,
    end_column=LINE.index(" <") + 1,
    excerpt="we will have you arrested",
    message="The letter threatens arrest: 100% sure",
    states=("TX", "NY-NYC"),
)
MISSING = replace(
    ARREST,
    rule="us-example-notice",
    title="The notice of the law is missing",
    cite="12 CFR 1006.18(e)",
    effect="missing_requirement",
    line=1,
    column=1,
    end_line=1,
    end_column=1,
    excerpt="",
    message="The letter does not say that it is from a debt collector",
    fix="This is an attempt to collect a debt.\nAny information obtained will be used for that purpose.",
    states=(),
)
UNKNOWN = replace(
    ARREST,
    rule="tx-example-suit",
    title="A threat of suit on a time-barred debt",
    cite="Tex. Fin. Code § 392.307",
    jurisdiction="TX",
    status="unknown",
    line=4,
    column=1,
    end_line=5,
    end_column=4,
    excerpt="We may\nsue",
    message="cannot be decided without debt.limitations_ends",
    lacks=("debt.limitations_ends",),
    states=("TX",),
)
WAIVED = replace(
    ARREST,
    rule="us-example-urgency",
    title="False urgency",
    cite="15 USC 1692e(10)",
    column=LINE.index("today") + 1,
    end_column=LINE.index("today") + 6,
    excerpt="today",
    message="The letter makes up a deadline",
    waived_by="Dana Example",
    waived_because="counsel, file 12",
    waived_until=date(2027, 1, 31),
)
KNOWN = replace(ARREST, rule="us-example-fee", title="A fee", message="The letter adds a fee", in_baseline=True)
OWN = replace(
    ARREST,
    rule="lint-waiver-unused",
    title="A waiver that waives nothing",
    cite="",
    jurisdiction="",
    effect="advice",
    line=2,
    column=20,
    end_line=2,
    end_column=40,
    excerpt="",
    message="the waiver of `us-example-x` by Dana Example waives nothing: no such finding is here; take it out",
    states=(),
)
ON_A_PAGE = replace(
    ARREST, file="letters/notice.pdf", line=7, column=1, end_line=7, end_column=4, excerpt="pay", page=2, waived_by=None
)


def run(baseline: str | None = "baseline.json") -> LintRun:
    demand = settings_of(
        "html",
        [
            ("fdcpa-guard.toml: lint", SettingsText.model_validate({"channel": "letter", "rules": {"off": ["us-shop-*"]}})),
            ("front matter", SettingsText.model_validate({"stage": "later", "states": ["TX", "NY-NYC"], "on": "2026-10-01"})),
        ],
        TODAY,
    )
    return LintRun(
        (
            FileReport("letters/clean.md", settings=settings_of("markdown", [], TODAY)),
            FileReport(
                ARREST.file,
                (MISSING, OWN, WAIVED, ARREST, KNOWN, UNKNOWN),
                settings=demand,
                lines={(None, 1): "<p>", (None, 2): "<!-- -->", (None, 3): LINE, (None, 4): "We may", (None, 5): "sue."},
            ),
            FileReport("letters/notice.pdf", (ON_A_PAGE,), settings=settings_of("pdf", [], TODAY), lines={(2, 7): "pay now"}),
            FileReport(
                "letters/unread.md",
                problems=(Problem("the key `stge` is unknown here", 2, 1, "did you mean `stage`?"),),
                lines={(None, 2): "stge: later"},
            ),
        ),
        baseline,
    )
