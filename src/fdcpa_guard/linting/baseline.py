"""A baseline: the findings that are known already, so that only new ones fail.

A finding is known by its rule, its file and its words, and not by its line: an edit above it does not make it new. Of the same
words twice in a file, one that is added is new.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fdcpa_guard.errors import FactsError, OutputError
from fdcpa_guard.linting.config import key_path, relative_to, shown_path
from fdcpa_guard.linting.findings import OWN, LintFinding

STALE: Final = f"{OWN}baseline-stale"
_LONGEST_EXCERPT: Final = 200


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    file: str
    rule: str
    fingerprint: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    count: Annotated[int, Field(ge=1)]
    excerpt: str


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    version: Literal[1]
    findings: tuple[_Entry, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """Findings of one rule with the same words in one file. `file` is its path from the baseline's folder."""

    file: str
    rule: str
    fingerprint: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is known. `path` is where it lies, `folder` where the paths of its files start."""

    path: str
    folder: Path
    counts: Mapping[Known, int] = field(default_factory=dict)

    def of_file(self, file: str) -> Counter[str]:
        """How often each fingerprint is known of a file."""
        return Counter({known.fingerprint: count for known, count in self.counts.items() if known.file == file})


class _Paths(dict[str, str]):
    """The path of each file from the baseline's folder; of one that lies elsewhere, its own. Each is looked up once."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def __missing__(self, file: str) -> str:
        self[file] = relative_to(Path(file), self._folder) or Path(file).as_posix()
        return self[file]


def normalised(excerpt: str) -> str:
    """The words of a finding, without what an editor changes by the way: white space, letter case, forms of quotes."""
    text = unicodedata.normalize("NFKC", excerpt).casefold()
    for quotes, plain in (("‘’‚‛", "'"), ("“”„‟", '"'), ("‐‑‒–—", "-")):
        text = text.translate(dict.fromkeys(map(ord, quotes), plain))
    return " ".join(text.split())


def fingerprint(finding: LintFinding, file: str) -> str:
    """What a finding is known by: its rule, its words and the file's path, in sixteen hexadecimal digits."""
    parts = "\0".join((finding.rule, normalised(finding.excerpt), file))
    return hashlib.sha256(parts.encode()).hexdigest()[:16]


def read_baseline(path: Path) -> Baseline:
    """A baseline that was written before. Raises FactsError where it cannot be used."""
    shown = shown_path(path)
    try:
        document = _Document.model_validate(json.loads(path.read_bytes()))
    except OSError as error:
        raise FactsError(
            f"cannot be read: {(error.strerror or type(error).__name__).lower()}", shown, "--write-baseline writes it"
        ) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        message = first["msg"]
        raise FactsError(f"{message[:1].lower()}{message[1:]}", f"{shown}: {key_path(first['loc'])}") from None
    except ValueError as error:
        raise FactsError(f"is not JSON: {error}", shown) from None
    counts: Counter[Known] = Counter()
    for each in document.findings:
        counts[Known(each.file, each.rule, each.fingerprint, each.excerpt)] += each.count
    return Baseline(shown, path.resolve().parent, counts)


def held_against(findings: Iterable[LintFinding], baseline: Baseline) -> list[LintFinding]:
    """The findings, those that are known already marked; of the same words, as many as are known, the first ones."""
    left: dict[str, Counter[str]] = {}
    marked: list[LintFinding] = []
    files = _Paths(baseline.folder)
    for finding in findings:
        file = files[finding.file]
        known = left.setdefault(file, baseline.of_file(file))
        mark = fingerprint(finding, file)
        if finding.is_own or known[mark] <= 0:
            marked.append(finding)
        else:
            known[mark] -= 1
            marked.append(replace(finding, in_baseline=True))
    return marked


def stale(baseline: Baseline, findings: Sequence[LintFinding], read: Collection[str], folders: Collection[Path]) -> list[LintFinding]:
    """A finding for each that is known and no more there: the baseline would hide it, should it come back.

    `read` are the files that were judged in this run, `folders` those that were walked: of a file below one of them that was
    not read, nothing is there any more. Of other files nothing is said.
    """
    files = _Paths(baseline.folder)
    found = Counter((files[each.file], fingerprint(each, files[each.file])) for each in findings if each.in_baseline)
    judged = {files[file] for file in read}
    told: list[LintFinding] = []
    for known, count in sorted(baseline.counts.items(), key=lambda item: (item[0].file, item[0].rule, item[0].fingerprint)):
        whole = baseline.folder / known.file
        gone = not whole.exists() and any(whole.is_relative_to(folder) for folder in folders)
        left = count - found[(known.file, known.fingerprint)]
        if left > 0 and (known.file in judged or gone):
            told.append(_stale(baseline.path, known, left))
    return told


def _stale(path: str, known: Known, left: int) -> LintFinding:
    words = f" “{known.excerpt}”" if known.excerpt else ""
    often = "" if left == 1 else f", {left} times"
    message = f"`{known.rule}`{words} in {known.file} is not found there any more{often}; write the baseline anew"
    return LintFinding(
        file=path,
        rule=STALE,
        title="A finding of the baseline that is no longer there",
        cite="",
        jurisdiction="",
        status="violated",
        effect="advice",
        line=1,
        column=1,
        end_line=1,
        end_column=1,
        excerpt="",
        message=message,
    )


def written_anew(findings: Iterable[LintFinding], read: Collection[str], folder: Path, before: Baseline | None) -> str:
    """The text of a baseline that knows the findings of this run, those waived left out.

    What an earlier one knows of files that this run did not read is kept. The same findings give the same bytes.
    """
    counts: Counter[Known] = Counter()
    files = _Paths(folder)
    judged = {files[file] for file in read}
    if before is not None:
        counts.update({known: count for known, count in before.counts.items() if known.file not in judged})
    for finding in findings:
        if finding.waived_by is None and not finding.is_own and finding.effect != "advice":
            file = files[finding.file]
            excerpt = " ".join(finding.excerpt.split())[:_LONGEST_EXCERPT]
            counts[Known(file, finding.rule, fingerprint(finding, file), excerpt)] += 1
    entries = [
        {"file": known.file, "rule": known.rule, "fingerprint": known.fingerprint, "count": count, "excerpt": known.excerpt}
        for known, count in sorted(counts.items(), key=lambda item: (item[0].file, item[0].rule, item[0].fingerprint))
    ]
    return json.dumps({"version": 1, "findings": entries}, ensure_ascii=False, indent=2) + "\n"


def write_baseline(path: Path, text: str) -> None:
    """Raises OutputError."""
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(shown_path(path), (error.strerror or type(error).__name__).lower(), "nothing was written") from None
