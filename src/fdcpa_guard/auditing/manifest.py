"""The manifest of a run: what went in, by what it was judged, what came out. Enough to check it and to do it again."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, ClassVar, Final

import orjson
from pydantic import ConfigDict, TypeAdapter, ValidationError

from fdcpa_guard.auditing.inputs import FileMark, SettingRead, mark_of
from fdcpa_guard.auditing.output import MANIFEST, as_json
from fdcpa_guard.auditing.rows import status_of
from fdcpa_guard.auditing.summary import AuditSummary, FileRead
from fdcpa_guard.auditing.versions import versions
from fdcpa_guard.auditing.workers import FINDINGS_JSON
from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.place_data import index_digest

if TYPE_CHECKING:
    from fdcpa_guard.auditing.ending import Judged

FORM: Final = 1
"""Raised with every change of the manifest's keys or of their meaning."""
_CLOSED: Final = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Lookup:
    """Whose numbers or debts are, as a program gave it, and no file: how many, and the hash of all."""

    entries: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Options:
    """How the files were read, and how much the report draws."""

    __pydantic_config__: ClassVar[ConfigDict] = _CLOSED

    format: str | None
    zone: str | None
    consumer_column: str | None
    debt_column: str | None
    conversation_seconds: int | None
    max_field: int
    consumers_by_number: Lookup | None
    consumers_by_debt: Lookup | None
    shown_per_rule: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of all inputs, what was judged, and the findings, by category and by status."""

    __pydantic_config__: ClassVar[ConfigDict] = _CLOSED

    rows_read: int
    rows_given: int
    rows_left_out: int
    communications: int
    actions: int
    consumers: int
    findings: dict[str, int]
    findings_by_status: dict[str, int]
    waived: int
    errors: int
    problems: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A run. All but `outputs` is the same wherever it is done; `made_with` and `notes` tell of the machine.

    `rules_digest` is the SHA-256 over the text of every rule file. `collector` and `policy` are what was stated of them,
    `settings` the files that stated it. `runs` tells of a continued audit which run brought each of the inputs, counted from 1
    (null, where all were read by one). `seal` is the SHA-256 of the manifest as written with an empty seal: it shows a
    manifest that was changed by hand, and is no signature.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _CLOSED

    manifest: int
    rules_version: str
    rules_digest: str
    as_known: str
    as_of: str | None
    known_until: str | None
    collector: dict[str, object]
    policy: dict[str, object]
    options: Options
    inputs: tuple[FileRead, ...]
    runs: tuple[int, ...] | None = None
    settings: tuple[SettingRead, ...]
    counts: Counts
    outputs: dict[str, FileMark]
    made_with: dict[str, str | None]
    notes: tuple[str, ...]
    seal: str

    def files_read(self) -> tuple[FileRead | SettingRead, ...]:
        """The inputs, then the settings."""
        return (*self.inputs, *self.settings)


_READER: Final = TypeAdapter(Manifest)


def manifest_of(judged: Judged, summary: AuditSummary, written: Mapping[str, Path], note: str | None) -> Manifest:
    """The manifest of a run, whose other files are `written` by their names."""
    options = judged.options
    made = Manifest(
        manifest=FORM,
        rules_version=summary.rules_version,
        rules_digest=judged.guard.rulebook.digest,
        as_known=judged.as_known,
        as_of=summary.as_of,
        known_until=summary.known_until,
        collector=judged.collector.model_dump(mode="json", exclude_none=True),
        policy=judged.guard.policy.text.model_dump(mode="json", exclude_defaults=True),
        options=Options(
            format=options.format,
            zone=options.zone,
            consumer_column=options.consumer_column,
            debt_column=options.debt_column,
            conversation_seconds=options.conversation_seconds,
            max_field=options.max_field,
            consumers_by_number=lookup(options.consumers_by_number),
            consumers_by_debt=lookup(options.consumers_by_debt),
            shown_per_rule=judged.shown_per_rule,
        ),
        inputs=judged.files,
        runs=judged.runs or None,
        settings=judged.settings,
        counts=Counts(
            rows_read=sum(file.rows_read for file in judged.files),
            rows_given=sum(file.rows_given for file in judged.files),
            rows_left_out=sum(file.rows_left_out for file in judged.files),
            communications=summary.communications,
            actions=summary.actions,
            consumers=summary.consumers,
            findings=summary.findings_by_category,
            findings_by_status=_by_status(written[FINDINGS_JSON]),
            waived=summary.waived,
            errors=summary.errors,
            problems=summary.problems,
        ),
        outputs={name: mark_of(path) for name, path in written.items()},
        made_with=versions(index_digest()),
        notes=() if note is None else (note,),
        seal="",
    )
    return replace(made, seal=seal_of(made))


def lookup(given: Mapping[str, object]) -> Lookup | None:
    """How much it is, and its hash; None of nothing."""
    if not given:
        return None
    text = orjson.dumps(dict(given), option=orjson.OPT_SORT_KEYS)
    return Lookup(len(given), hashlib.sha256(text).hexdigest())


def _by_status(findings: Path) -> dict[str, int]:
    with findings.open("rb") as lines:
        return dict(sorted(Counter(map(status_of, lines)).items()))


def seal_of(manifest: Manifest) -> str:
    """The seal that a manifest of this content bears."""
    return hashlib.sha256(as_json(replace(manifest, seal=""))).hexdigest()


def to_bytes(manifest: Manifest) -> bytes:
    return as_json(manifest)


def place_of(results: Path) -> Path:
    """The manifest of a folder of results, which may be named itself. Raises FactsError where there is none."""
    if results.is_dir():
        place = results / MANIFEST
        if not place.is_file():
            message = f"there is no {MANIFEST}: no audit was finished here, as the manifest is written last"
            raise FactsError(message, str(results))
        return place
    if not results.is_file():
        raise FactsError("there is no such folder or manifest", str(results))
    return results


def read_manifest(content: bytes, path: Path) -> Manifest:
    """A manifest as it was written. Its seal is not looked at.

    Raises:
        FactsError: it is no manifest, one of another form, or names files outside of its folder.
    """
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise FactsError(f"this is no JSON, so that it is cut or no manifest: {error}", str(path)) from None
    form = document.get("manifest") if isinstance(document, dict) else None
    if form != FORM:
        said = "has no form" if form is None else f"is of form {form}"
        raise FactsError(f"the manifest {said}, expected {FORM}: verify it with the version that wrote it", str(path))
    try:
        found = _READER.validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise FactsError(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}", str(path)) from None
    names = [*found.outputs, *(each.name for each in found.settings)]
    for name in names:
        if name in ("", ".", "..", MANIFEST) or "/" in name or "\\" in name:
            raise FactsError(f"found `{name}`, expected the bare name of a file", str(path))
    for file in found.inputs:
        if file.query is not None:
            continue
        shape = PureWindowsPath(file.name)  # the stricter of the two: it knows both separators, and drives
        if not shape.parts or shape.anchor or ".." in shape.parts:
            raise FactsError(f"found `{file.name}`, expected the name of an input", str(path))
    return found
