"""The published JSON Schemas: of the files people write and of the JSON that commands and the service answer.

The `.json` files beside this module are generated from the models by `schemas.made` and checked in.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from fdcpa_guard.errors import FactsError

DESCRIPTIONS: Final = {
    "rule": "a rule file",
    "cases": "the cases of a rule",
    "definitions": "a file of shared definitions",
    "coverage": "a coverage.yaml: the paragraphs of a law",
    "limitations": "a limitations.yaml: the time for suing on debts, in one jurisdiction",
    "limitation-cases": "the cases of a limitations.yaml",
    "scenario": "a scenario",
    "policy": "a policy file",
    "decision": "`check --format json`",
    "unusable": "`check --format json`: a scenario of several that cannot be used",
    "test": "`test --format json`",
    "audit": "`audit --format json`, and the summary.json of a report",
    "audit-change": "a line of the changes.jsonl of a report",
    "audit-finding": "a line of the findings.jsonl of a report",
    "audit-manifest": "the manifest.json of a report",
    "audit-verify": "`audit --verify --format json`",
    "scrub": "`scrub --format json`, and the summary.json of its results",
    "scrub-contact": "what a line of scrubbed.jsonl has beside the columns of the list",
    "scrub-manifest": "the manifest.json of a scrub",
    "dispositions": "`dispositions FORMAT --format json`",
    "rules-list": "`rules list --format json`",
    "rules-show": "`rules show --format json`",
    "rules-check": "`rules check --format json`",
    "rules-coverage": "`rules coverage --format json`",
    "rules-format": "`rules format --format json`",
    "lint": "`lint --format json`",
}


def schema_text(name: str) -> str:
    """The JSON Schema of that name, as text. Raises FactsError where there is none."""
    if name not in DESCRIPTIONS:
        raise FactsError(f"no schema is called `{name}`; there are {', '.join(DESCRIPTIONS)}")
    return files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8")
