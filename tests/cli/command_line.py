"""Runs the command line within the test, by the small rulebook of invented rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from fdcpa_guard.cli.run import run
from fdcpa_guard.schemas import schema_text

INVENTED = Path(__file__).parent.parent / "review" / "rules"

CONSUMER = {
    "id": "c1",
    "addresses": [{"kind": "home", "state": "TX", "zip": "78701"}],
    "phones": [{"number": "+15125550100", "line": "mobile", "place": "personal"}],
}


@dataclass(frozen=True)
class Ran:
    """What a command gave."""

    code: int
    out: str
    err: str

    def json(self, schema: str) -> dict[str, object]:
        """The document it wrote, held against its published schema."""
        return valid(json.loads(self.out), schema)

    def lines(self, schema: str) -> list[dict[str, object]]:
        return [valid(json.loads(line), schema) for line in self.out.splitlines()]


def valid(document: dict[str, object], schema: str) -> dict[str, object]:
    from jsonschema import Draft202012Validator

    published = json.loads(schema_text(schema))
    Draft202012Validator.check_schema(published)
    Draft202012Validator(published, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(document)
    return document


Guarded = Callable[..., Ran]


@pytest.fixture
def guarded(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Guarded:
    """Runs `fdcpa-guard` with these arguments; `rules=False` leaves out the invented rules."""
    monkeypatch.delenv("NO_COLOR", raising=False)

    def ran(*arguments: object, rules: bool = True) -> Ran:
        given = [str(each) for each in arguments]
        code = run([*given, "--rules", str(INVENTED)] if rules else given)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return ran


def scenario(name: str, calls: int = 0, at: str = "2026-11-04T10:00:00-06:00", **more: object) -> dict[str, object]:
    """A call after so many on the day before; three in seven days are allowed."""
    communication = {
        "at": at,
        "channel": "call",
        "person": {"role": "consumer"},
        "address": "+15125550100",
        "debts": ["d1"],
    }
    history = [
        {"id": f"h{hour}", "at": f"2026-11-03T{hour:02}:00:00-06:00", "channel": "call", "debts": ["d1"], "outcome": "no_answer"}
        for hour in range(9, 9 + calls)
    ]
    return {
        "scenario": name,
        "collector": {"kind": "debt_buyer"},
        "consumer": CONSUMER,
        "debts": [{"id": "d1", "kind": "credit_card"}],
        "history": history,
        "communication": communication,
        **more,
    }


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """`allowed.json`, `blocked.json`, `undecided.json`, `unusable.yaml` and `list.jsonl`, which has the first three."""
    unsaid = scenario("one of unknown outcome", calls=3)
    unsaid["history"] = [*unsaid["history"][:2], {k: v for k, v in unsaid["history"][2].items() if k != "outcome"}]  # type: ignore[index]
    documents = {
        "allowed": scenario("the first call"),
        "blocked": scenario("the fourth call", calls=3),
        "undecided": unsaid,
    }
    for name, document in documents.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    (tmp_path / "unusable.yaml").write_text("scenario: no offset\ncommunication: {at: 2026-11-04T10:00:00}\n", encoding="utf-8")
    (tmp_path / "list.jsonl").write_text("".join(json.dumps(each) + "\n" for each in documents.values()), encoding="utf-8")
    return tmp_path
