"""An audit done a second time, by its manifest alone, and compared with the first."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final, Literal, cast

import orjson
from pydantic import ValidationError

from fdcpa_guard.auditing.checked import Checked
from fdcpa_guard.auditing.inputs import mark_of
from fdcpa_guard.auditing.manifest import Manifest, read_manifest
from fdcpa_guard.auditing.output import FINDINGS_PARQUET, MANIFEST, REPORT, SUMMARY
from fdcpa_guard.auditing.run import run_audit
from fdcpa_guard.auditing.taking_in import Progress
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.reading import LogOptions
from fdcpa_guard.facts.models import Collector
from fdcpa_guard.ruleset.policy import PolicyText

_AGAIN: Final = "again"
_OF_THE_RUN: Final = ("rules_digest", "as_known", "as_of", "known_until", "collector", "policy", "options", "inputs", "counts")
"""Of the manifest, what must come out again on any machine."""
_NAMED_IN_REPORT: Final = ("fdcpa-guard", "tzdata", "jinja2")


def audited_again(
    manifest: Manifest,
    found: Sequence[Path | None],
    guard: Guard,
    place: Path,
    workers: int | None,
    progress: Progress | None,
) -> tuple[list[Checked], bool]:
    """What a second run says of the first, and whether it was made. `found` are the inputs and then the settings of the
    manifest, each unchanged or None.

    Raises OutputError where there is no room for it.
    """
    if lacked := _lacked(manifest, found, guard):
        return [Checked(_AGAIN, "", "unchecked", f"the audit was not done again: {lacked}")], False
    with tempfile.TemporaryDirectory(prefix="fdcpa-guard-again-") as made:
        folder = Path(made)
        try:
            _run(manifest, found, guard, folder, workers, progress)
        except FactsError as error:
            return [Checked(_AGAIN, "", "different", f"the audit cannot be done again: {error}")], True
        place_of_second = folder / "out" / MANIFEST
        second = read_manifest(place_of_second.read_bytes(), place_of_second)
        return list(_compared(manifest, second, place.parent, folder / "out", place.name)), True


def _lacked(manifest: Manifest, found: Sequence[Path | None], guard: Guard) -> str:
    """Why there can be no second run; empty where there can."""
    if guard.rulebook.digest != manifest.rules_digest:
        return f"these rules are {guard.rulebook.version}, those of the run {manifest.rules_version}"
    if manifest.runs is not None and max(manifest.runs, default=1) > 1:
        return "its files were brought by several runs; an audit of all of them together tells the same"
    if manifest.options.consumers_by_number or manifest.options.consumers_by_debt:
        return "a program gave it whose numbers or debts are, and no file has that"
    stated = [(each.kind, each.name) for each in manifest.files_read()]
    for (kind, name), path in zip(stated, found, strict=True):
        if path is None and kind not in ("policy", "collector"):  # what these say, the manifest has
            return f"{name} is not at hand as it was"
    return ""


def _run(
    manifest: Manifest, found: Sequence[Path | None], guard: Guard, folder: Path, workers: int | None, progress: Progress | None
) -> None:
    staged: dict[str, list[Path]] = {}
    for each, path in zip(manifest.files_read(), found, strict=True):
        if path is not None:
            staged.setdefault(each.kind, []).append(_staged(path, folder / "inputs" / each.name))
    one = {kind: paths[0] for kind, paths in staged.items()}
    try:
        collector = Collector.model_validate_json(orjson.dumps(manifest.collector))
        policy = PolicyText.model_validate_json(orjson.dumps(manifest.policy))
        as_of = None if manifest.as_of is None else datetime.fromisoformat(manifest.as_of)
    except ValidationError as error:
        raise FactsError(str(error.errors(include_url=False)[0]["msg"]), MANIFEST) from None
    except ValueError as error:
        raise FactsError(str(error), f"{MANIFEST}: as_of") from None
    if manifest.as_known not in ("then", "now"):
        raise FactsError(f"found `{manifest.as_known}`, expected then or now", f"{MANIFEST}: as_known")
    stated = manifest.options
    run_audit(
        staged.get("log", []),
        guard=Guard(guard.rulebook, policy),
        collector=collector,
        options=LogOptions(
            format=stated.format,
            zone=stated.zone,
            dispositions=one.get("dispositions"),
            max_field=stated.max_field,
            consumer_column=stated.consumer_column,
            debt_column=stated.debt_column,
            conversation_seconds=stated.conversation_seconds,
            columns=one.get("columns"),
        ),
        accounts=one.get("accounts"),
        events=one.get("events"),
        actions=one.get("actions"),
        out=folder / "out",
        as_known=cast(Literal["then", "now"], manifest.as_known),
        as_of=as_of,
        workers=workers,
        shown_per_rule=stated.shown_per_rule,
        progress=progress,
    )


def _staged(path: Path, name: Path) -> Path:
    """The file under its recorded name: findings name files, and a file's ending says what it is."""
    if not name.exists():
        name.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.symlink(path.resolve(), name)
        except OSError:  # Windows lets few users make links
            shutil.copyfile(path, name)
    return name


# -- comparing -----------------------------------------------------------------------------------------------------------


def _compared(first: Manifest, second: Manifest, was: Path, now: Path, name: str) -> Iterator[Checked]:
    before, after = asdict(first), asdict(second)
    other = [key for key in _OF_THE_RUN if before[key] != after[key]]
    why = f"the second run states another {', '.join(other)}" if other else ""
    yield Checked(_AGAIN, name, "different" if other else "same", why)
    for output, mark in second.outputs.items():
        if output == REPORT and any(first.made_with.get(of) != second.made_with.get(of) for of in _NAMED_IN_REPORT):
            continue  # it tells the versions, and is drawn by one of them
        if output not in first.outputs:
            if output != FINDINGS_PARQUET:
                yield Checked(_AGAIN, output, "different", "the first run does not state it")
            continue
        path = was / output
        if first.outputs[output] == mark and path.is_file() and mark_of(path) == mark:
            yield Checked(_AGAIN, output, "same")
        elif not path.is_file():
            yield Checked(_AGAIN, output, "different", "it is missing, and the second run wrote one")
        elif output == SUMMARY and _without_versions(path) == _without_versions(now / output):
            yield Checked(_AGAIN, output, "same")
        elif output == FINDINGS_PARQUET:
            yield _tables(first, second, path, now / output)
        else:
            yield Checked(_AGAIN, output, "different", _first_difference(path, now / output))
    if FINDINGS_PARQUET in first.outputs and FINDINGS_PARQUET not in second.outputs:
        yield Checked(_AGAIN, FINDINGS_PARQUET, "unchecked", "pyarrow is not installed, so that the second run wrote none")


def _without_versions(summary: Path) -> object:
    try:
        found = orjson.loads(summary.read_bytes())
    except orjson.JSONDecodeError:
        return summary
    if isinstance(found, dict):
        for name in ("package_version", "time_zone_data"):
            found.pop(name, None)
    return found


def _tables(first: Manifest, second: Manifest, was: Path, now: Path) -> Checked:
    """Another pyarrow may write the same rows as other bytes."""
    if first.made_with.get("pyarrow") == second.made_with.get("pyarrow"):
        return Checked(_AGAIN, FINDINGS_PARQUET, "different", "its bytes are others")
    from pyarrow import ArrowException, parquet

    read: Any = parquet.read_table
    try:
        same = read(was).equals(read(now))
    except (ArrowException, OSError) as error:
        return Checked(_AGAIN, FINDINGS_PARQUET, "different", f"it cannot be read: {error}")
    return Checked(_AGAIN, FINDINGS_PARQUET, "same" if same else "different", "" if same else "its rows are others")


def _first_difference(was: Path, now: Path) -> str:
    with was.open("rb") as before, now.open("rb") as after:
        for number, (one, other) in enumerate(zip_longest(before, after), start=1):
            if one is None or other is None:
                return f"it has {'fewer' if one is None else 'more'} lines than the second run: from line {number} on"
            if one != other:
                return f"line {number} is not that of the second run"
    return "the manifest states another hash than the second run gives"
