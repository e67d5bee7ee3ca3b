"""The published JSON Schemas: generated from the models, and right of the files that people write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import INVENTED, scenario
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from fdcpa_guard import schemas
from fdcpa_guard.rulefile.documents import read_source
from fdcpa_guard.rulefile.nodes import to_python
from fdcpa_guard.rulefile.strict_yaml import read_yaml
from fdcpa_guard.schemas import DESCRIPTIONS, schema_text
from fdcpa_guard.schemas.made import INPUTS, OUTPUTS, made_schema

FOLDER = Path(schemas.__file__).parent


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_the_file_is_what_the_models_give(name: str) -> None:
    """`python -m fdcpa_guard.schemas.made` writes them anew."""
    assert schema_text(name) == made_schema(name)


def test_every_schema_has_a_name_and_every_file_a_schema() -> None:
    assert {*INPUTS, *OUTPUTS} == set(DESCRIPTIONS) == {path.stem for path in FOLDER.glob("*.json")}


def _kind(path: Path) -> str:
    if path.name == "coverage.yaml":
        return "coverage"
    if path.name == "definitions.yaml":
        return "definitions"
    return "cases" if path.name.endswith(".cases.yaml") else "rule"


@pytest.mark.parametrize("path", sorted(INVENTED.rglob("*.yaml")), ids=lambda path: path.name)
def test_files_that_load_are_valid(path: Path) -> None:
    document = to_python(read_yaml(read_source(path)))
    Draft202012Validator(json.loads(schema_text(_kind(path)))).validate(document)


def test_a_scenario_is_valid_and_one_with_an_unknown_key_is_not() -> None:
    validator = Draft202012Validator(json.loads(schema_text("scenario")))
    validator.validate(scenario("one", calls=2))
    with pytest.raises(ValidationError):
        validator.validate({**scenario("one"), "comunication": {}})
