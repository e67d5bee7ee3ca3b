"""A run that was stopped goes on where it was, and gives what it would have given; no other run goes on with it."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from audit_world import COLLECTOR, guard

from fdcpa_guard.auditing.partitions import source
from fdcpa_guard.auditing.partitions.source import PartitionSource, partitions_for
from fdcpa_guard.auditing.run import run_audit
from fdcpa_guard.auditing.unfinished import PREFIX
from fdcpa_guard.auditing.workers import RangeResult
from fdcpa_guard.errors import FactsError, OutputError
from fdcpa_guard.simulate import Parameters, simulate

PIECES = 8


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("log")
    simulate(Parameters(40, 4, seed=3, violations=0.5), folder)
    return folder


@pytest.fixture
def audit(log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    monkeypatch.setattr(source, "partitions_for", lambda size, memory: PIECES)

    def run(name: str, **more: object) -> Path:
        out = tmp_path / name
        run_audit(
            [log / "log.csv"], guard=guard(), collector=COLLECTOR, accounts=log / "accounts.csv",
            events=log / "events.csv", actions=log / "actions.csv", out=out, workers=1, engine="columnar",
            **more,  # type: ignore[arg-type]
        )  # fmt: skip
        return out

    return run


def stopped_after(pieces: int, error: BaseException, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Judging ends with an error after so many pieces; the list has the pieces that were judged."""
    judged: list[int] = []
    whole = PartitionSource._judged

    def some(self: PartitionSource, piece: int, terms: object) -> RangeResult:
        if len(judged) == pieces:
            raise error
        judged.append(piece)
        return whole(self, piece, terms)  # type: ignore[arg-type]

    monkeypatch.setattr(PartitionSource, "_judged", some)
    return judged


def contents(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}


def unfinished(out: Path) -> list[Path]:
    return [path for path in out.iterdir() if path.name.startswith(PREFIX)]


@pytest.mark.parametrize(
    ("error", "raised"),
    [(KeyboardInterrupt(), KeyboardInterrupt), (OSError(errno.ENOSPC, "No space left on device"), OutputError)],
)
def test_it_goes_on_with_the_pieces_that_are_left(
    audit: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, error: BaseException, raised: type[BaseException],
    tmp_path: Path,
) -> None:  # fmt: skip
    whole = contents(audit("whole"))
    with monkeypatch.context() as patched:
        first = stopped_after(3, error, patched)
        with pytest.raises(raised):
            audit("stopped")
    assert [len(unfinished(tmp_path / "stopped")), contents(tmp_path / "stopped")] == [1, {}]
    second = stopped_after(PIECES, AssertionError(), monkeypatch)
    assert contents(audit("stopped")) == whole
    assert sorted([*first, *second]) == list(range(1, PIECES + 1))
    assert not unfinished(tmp_path / "stopped")


def test_other_rules_or_options_go_on_with_nothing(audit: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        stopped_after(3, KeyboardInterrupt(), patched)
        with pytest.raises(KeyboardInterrupt):
            audit("out")
    second = stopped_after(PIECES, AssertionError(), monkeypatch)
    out = audit("out", as_known="now")
    assert len(second) == PIECES
    assert len(unfinished(out)) == 1, "what the other run left is its own"


def test_two_of_the_same_do_not_work_at_once(audit: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = PartitionSource._judged

    def again(self: PartitionSource, piece: int, terms: object) -> RangeResult:
        with pytest.raises(FactsError, match="at work in this folder"):
            audit("out")
        return whole(self, piece, terms)  # type: ignore[arg-type]

    monkeypatch.setattr(PartitionSource, "_judged", again)
    assert (audit("out") / "manifest.json").exists()


def test_what_was_half_read_is_read_anew(
    audit: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = contents(audit("whole"))
    with monkeypatch.context() as patched:
        stopped_after(1, KeyboardInterrupt(), patched)
        with pytest.raises(KeyboardInterrupt):
            audit("out")
    (left,) = unfinished(tmp_path / "out")
    # As after a power cut: chunks of a reading whose end nobody wrote down, and pieces of who knows what.
    (left / "read.json").unlink()
    chunk = next((left / "partitions").glob("*.rows*"))
    (left / "partitions" / f"9{chunk.name}").write_bytes(chunk.read_bytes())
    assert contents(audit("out")) == whole


def test_less_memory_is_more_pieces() -> None:
    size = 10_000_000_000
    assert partitions_for(1000, None) == 1
    assert partitions_for(size, 300) > partitions_for(size, 1500) > 1
