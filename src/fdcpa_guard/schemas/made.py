"""Makes the published JSON Schemas from the models: `python -m fdcpa_guard.schemas.made` writes them anew."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, TypeAdapter

from fdcpa_guard.auditing.change_rows import ChangeRow
from fdcpa_guard.auditing.evidence import Verification
from fdcpa_guard.auditing.manifest import Manifest
from fdcpa_guard.auditing.rows import FindingRow
from fdcpa_guard.auditing.summary import AuditSummary
from fdcpa_guard.facts.models import Scenario
from fdcpa_guard.review.law_coverage import CoverageShape
from fdcpa_guard.rulefile.limitation_shapes import LimitationCasesShape, LimitationsShape
from fdcpa_guard.rulefile.schema import CasesShape, DefinitionsShape, RuleShape
from fdcpa_guard.ruleset.policy import PolicyText
from fdcpa_guard.schemas import DESCRIPTIONS, outputs
from fdcpa_guard.scrubbing.results import ScrubbedContact
from fdcpa_guard.scrubbing.summary import ScrubSummary
from fdcpa_guard.scrubbing.writing import ScrubManifest

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

INPUTS: Final[Mapping[str, type[BaseModel]]] = {
    "rule": RuleShape,
    "cases": CasesShape,
    "definitions": DefinitionsShape,
    "coverage": CoverageShape,
    "limitations": LimitationsShape,
    "limitation-cases": LimitationCasesShape,
    "scenario": Scenario,
    "policy": PolicyText,
}
OUTPUTS: Final[Mapping[str, type[object]]] = {
    "decision": outputs.DecisionOut,
    "unusable": outputs.UnusableOut,
    "test": outputs.TestOut,
    "audit": AuditSummary,
    "audit-change": ChangeRow,
    "audit-finding": FindingRow,
    "audit-manifest": Manifest,
    "audit-verify": Verification,
    "scrub": ScrubSummary,
    "scrub-contact": ScrubbedContact,
    "scrub-manifest": ScrubManifest,
    "dispositions": outputs.DispositionsOut,
    "rules-list": outputs.RuleListOut,
    "rules-show": outputs.RuleSheetOut,
    "rules-check": outputs.RulesCheckOut,
    "rules-coverage": outputs.RulesCoverageOut,
    "rules-format": outputs.RulesFormatOut,
    "lint": outputs.LintOut,
}


def made_schema(name: str) -> str:
    """The text of one schema, as its file holds it."""
    if name in INPUTS:
        body = INPUTS[name].model_json_schema(by_alias=True, mode="validation")
    else:
        made = OUTPUTS[name]
        body = TypeAdapter(made).json_schema(by_alias=True, mode="serialization")
        if issubclass(made, BaseModel):
            _optional(body)
    head = {"$schema": DIALECT, "$id": f"urn:fdcpa-guard:schema:{name}", **body}
    head["title"] = f"fdcpa-guard: {DESCRIPTIONS[name].replace('`', '')}"
    return json.dumps(head, indent=2, ensure_ascii=False) + "\n"


def _optional(body: dict[str, object]) -> None:
    """Outputs leave out what is nothing: no key that may be null is required, and none is ever null."""
    definitions = body.get("$defs")
    objects = [body, *(definitions.values() if isinstance(definitions, dict) else ())]
    for each in objects:
        properties, required = each.get("properties"), each.get("required")
        if not isinstance(properties, dict) or not isinstance(required, list):
            continue
        for name, shape in properties.items():
            if isinstance(shape, dict) and {"type": "null"} in shape.get("anyOf", ()):
                choices = [choice for choice in shape.pop("anyOf") if choice != {"type": "null"}]
                shape.update(choices[0] if len(choices) == 1 else {"anyOf": choices})
                shape.pop("default", None)
                if name in required:
                    required.remove(name)


def write_schemas(folder: Path) -> None:
    """Writes every schema file."""
    for name in (*INPUTS, *OUTPUTS):
        (folder / f"{name}.json").write_text(made_schema(name), encoding="utf-8")


if __name__ == "__main__":
    write_schemas(Path(__file__).parent)
