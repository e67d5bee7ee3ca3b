"""Whether results of an audit are what it wrote, whether its inputs are at hand unchanged, and whether it comes out again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fdcpa_guard.auditing.again import audited_again
from fdcpa_guard.auditing.checked import Checked, Verdict, compared
from fdcpa_guard.auditing.inputs import FileMark, SettingRead, mark_of
from fdcpa_guard.auditing.manifest import Manifest, place_of, read_manifest, seal_of, to_bytes
from fdcpa_guard.auditing.output import FINDINGS_PARQUET, REPORT, SUMMARY
from fdcpa_guard.auditing.summary import FileRead
from fdcpa_guard.auditing.taking_in import Progress
from fdcpa_guard.auditing.versions import versions
from fdcpa_guard.auditing.workers import PARTS
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.reading import open_accounts, open_actions, open_events, open_log
from fdcpa_guard.facts.place_data import index_digest

_ALWAYS: Final = (*PARTS, SUMMARY, REPORT)
"""What every run writes; findings.parquet it may."""
LOG: Final = "log"


@dataclass(frozen=True, slots=True)
class VersionDiffers:
    """Something that the results were made with, and what is here in its place; null of what is not there."""

    name: str
    then: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class Verification:
    """`verdict` is the worst of all `checks`: different before unchecked before same.

    `manifest_sha256` is for comparing with one that was kept elsewhere: whoever can write the results can write a whole
    manifest that fits them. `again`: whether the audit was done again. `versions` are those that differ; that they do is no
    fault of the results.
    """

    verdict: Verdict
    manifest_sha256: str
    rules_version: str
    checks: tuple[Checked, ...]
    again: bool
    versions: tuple[VersionDiffers, ...]


def verify_audit(
    results: str | Path,
    log: Sequence[str | Path] = (),
    *,
    accounts: str | Path | None = None,
    events: str | Path | None = None,
    actions: str | Path | None = None,
    dispositions: str | Path | None = None,
    columns: str | Path | None = None,
    policy: str | Path | None = None,
    collector: str | Path | None = None,
    again: Guard | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Hold the results of an audit against their manifest, the inputs too, and the findings against a second run.

    Args:
        results: the folder that was written, or its manifest.json.
        log: the log files, or folders of them; those that were judged are found among them by content.
        accounts, events, actions, dispositions, columns, policy, collector: the other files that went into the run.
        again: rules to audit again by, under the policy that the manifest states; left out, nothing is judged.
        workers: processes that judge again.
        progress: told how far the second run is.

    An input that is not named is looked for under its recorded name beside the results, within them and in the current
    folder; one that is not found is unchecked, never passed. The second run is made in a temporary folder. It needs every
    input, and the very rules of the first: by others, findings may differ rightly, so that it is left unchecked.

    Raises:
        FactsError: there is no manifest, it cannot be read, or a file that is named is not there.
        OutputError: there is no room for the second run.
    """
    place = place_of(Path(results))
    content = place.read_bytes()
    manifest = read_manifest(content, place)
    settings = {"dispositions": dispositions, "columns": columns, "policy": policy, "collector": collector}
    given = {kind: [_existing(Path(path))] for kind, path in settings.items() if path is not None}
    for kind, asked, opened in (
        ("accounts", accounts, open_accounts), ("events", events, open_events), ("actions", actions, open_actions),
    ):  # fmt: skip
        if asked is not None:
            given[kind] = list(opened(asked).paths)
    if log:
        given[LOG] = [path for path in open_log(log).paths if not _is_result(path, manifest, place)]
    checks = [_sealed(manifest, content, place), *_outputs(manifest, place)]
    found: list[Path | None] = []
    for check, path in _inputs(manifest, given, place.parent):
        checks.append(check)
        if check.expected:
            found.append(path if check.verdict == "same" else None)
    done = False
    if again is not None:
        second, done = audited_again(manifest, found, again, place, workers, progress)
        checks += second
    return Verification(
        verdict=_worst(check.verdict for check in checks),
        manifest_sha256=hashlib.sha256(content).hexdigest(),
        rules_version=manifest.rules_version,
        checks=tuple(checks),
        again=done,
        versions=tuple(_versions(manifest, again)),
    )


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise FactsError("there is no such file", str(path))
    return path


def _is_result(path: Path, manifest: Manifest, place: Path) -> bool:
    """Where results lie within the folder of the logs, they are no logs."""
    return path.name in (*manifest.outputs, place.name) and path.resolve().parent == place.resolve().parent


def _worst(verdicts: Iterable[Verdict]) -> Verdict:
    found = set(verdicts)
    return "different" if "different" in found else "unchecked" if "unchecked" in found else "same"


def _versions(manifest: Manifest, again: Guard | None) -> Iterator[VersionDiffers]:
    now = versions(index_digest())
    if again is not None and again.rulebook.digest != manifest.rules_digest:
        yield VersionDiffers("rules", manifest.rules_version, again.rulebook.version)
    for name in dict.fromkeys((*manifest.made_with, *now)):
        if manifest.made_with.get(name) != now.get(name):
            yield VersionDiffers(name, manifest.made_with.get(name), now.get(name))


# -- what was written ----------------------------------------------------------------------------------------------------


def _sealed(manifest: Manifest, content: bytes, place: Path) -> Checked:
    whole = content == to_bytes(manifest) and manifest.seal == seal_of(manifest)
    why = "" if whole else "it was changed after it was written: its seal does not fit its content"
    return Checked("manifest", place.name, "same" if whole else "different", why)


def _outputs(manifest: Manifest, place: Path) -> Iterator[Checked]:
    """Every file of the run, and whatever else lies beside them."""
    for name in dict.fromkeys((*manifest.outputs, *_ALWAYS)):
        if name not in manifest.outputs:
            yield Checked("output", name, "different", "the manifest does not state it")
        else:
            yield compared("output", name, manifest.outputs[name], place.parent / name)
    inputs = {FileMark(each.sha256, each.bytes) for each in manifest.files_read()}
    folders = {Path(each.name).parts[0] for each in manifest.inputs if len(Path(each.name).parts) > 1}
    for path in sorted(place.parent.iterdir()):
        if path.name in manifest.outputs or path.name == place.name or path.name in _ALWAYS:
            continue
        if path.is_dir():
            if path.name not in folders:
                why = "a run that broke off left this folder" if path.name.startswith(".unfinished-") else _STRANGE
                yield Checked("output", f"{path.name}/", "different", why)
        elif not path.is_file():
            yield Checked("output", path.name, "different", "a link that leads nowhere, or no file")
        elif mark_of(path) not in inputs:
            why = "of another run: the manifest does not state it" if path.name == FINDINGS_PARQUET else _STRANGE
            yield Checked("output", path.name, "different", why)


_STRANGE: Final = "it lies among the results and is no file of this run"


# -- what went in --------------------------------------------------------------------------------------------------------

_Recorded = FileRead | SettingRead


def _inputs(
    manifest: Manifest, given: Mapping[str, Sequence[Path]], folder: Path
) -> Iterator[tuple[Checked, Path | None]]:
    """Each input of the manifest in its order, with the file that stands for it; then files that were given in vain."""
    marks = {kind: {path: mark_of(path) for path in paths} for kind, paths in given.items()}
    recorded = manifest.files_read()
    chosen: dict[int, Path] = {}
    for number, each in enumerate(recorded):
        same = [path for path, mark in marks.get(each.kind, {}).items() if (mark.sha256, mark.bytes) == (each.sha256, each.bytes)]
        if same:  # one file may have been read twice
            chosen[number] = min(same, key=lambda path: (path in chosen.values(), not _bears(path, each.name)))
    for number, each in enumerate(recorded):
        if number not in chosen:
            left = [path for path in marks.get(each.kind, {}) if path not in chosen.values()]
            only = len(left) == 1 and sum(other.kind == each.kind for other in recorded) == 1
            if named := [path for path in left if only or _bears(path, each.name)]:
                chosen[number] = named[0]
    for number, each in enumerate(recorded):
        yield _input(each, chosen.get(number) or _beside(each, folder))
    for kind, paths in marks.items():
        for path in paths:
            if path not in chosen.values():
                yield Checked(kind, str(path), "different", "no file of this content went into the run", False), path


def _bears(path: Path, name: str) -> bool:
    return f"/{path.as_posix()}".endswith(f"/{name}")


def _input(each: _Recorded, path: Path | None) -> tuple[Checked, Path | None]:
    if isinstance(each, FileRead) and each.query is not None:
        return Checked(each.kind, each.name, "unchecked", "it is no file; what it answers now is not compared"), None
    if path is None:
        how = "LOG" if each.kind == LOG else f"--{each.kind} FILE"
        return Checked(each.kind, each.name, "unchecked", f"not found; {how} says where it is"), None
    check = compared(each.kind, each.name, each, path)
    if check.verdict != "same":
        check = Checked(check.kind, check.name, check.verdict, f"{path}: {check.why}")
    return check, path


def _beside(each: _Recorded, folder: Path) -> Path | None:
    """A file of the recorded name, best one of its content."""
    places = [path for path in (folder / each.name, folder.parent / each.name, Path(each.name)) if path.is_file()]
    return next((path for path in places if compared(each.kind, each.name, each, path).verdict == "same"), next(iter(places), None))
