"""The yardstick of audits at scale: 66 checks over a log, by this engine and by hand.

`python -m bench.yardstick --rows 1e6 --folder FOLDER`. Each contender is a process of its own in every round, and tells the
seconds of its work without the start of Python. With `--limit` the programs of a folder of hand-written code that does the
same work on its own log run in turn with them, where what they import is installed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from bench import by_hand, yardstick_log
from bench.timing import table
from bench.yardstick_checks import IDS, WINDOWS, write_rules

ROUNDS: Final = 5
HAND: Final = "by hand"
GUARD: Final = "fdcpa-guard"
GUARD_ROWS: Final[int | None] = None
"""The most rows that `run_guard` is given; None: all that the others are given."""
_LIMIT: Final[Mapping[str, tuple[Sequence[str], str]]] = {
    "limit: NumPy": (("np_stream.py", "{log}", "all", "16"), "numpy"),
    "limit: Polars": (("e_polars2.py", "{log}", "all"), "polars"),
    "limit: DuckDB": (("e_duck_split.py", "{log}", "all"), "duckdb"),
}
"""Program and arguments, and what it cannot do without."""


def run_guard(path: Path) -> dict[str, int]:
    """How many communications of a yardstick log break each of the 66 rules, found by the columnar engine.

    The one place that says what is measured: from the files to the counts; what is found is not explained, as the others
    explain nothing.
    """
    # Not above: nobody else's process is to hold the engine in memory.
    from fdcpa_guard import load_rules
    from fdcpa_guard.auditing.ahead import ColumnarAudit
    from fdcpa_guard.auditing.judging import Judge, Terms
    from fdcpa_guard.auditing.partitions.batches import in_columns
    from fdcpa_guard.auditing.partitions.chunks import PartitionReader
    from fdcpa_guard.auditing.partitions.judging import PartitionJudge
    from fdcpa_guard.auditing.partitions.source import partitions_for
    from fdcpa_guard.auditing.partitions.writing import PartitionWriter
    from fdcpa_guard.engine.decision import Verdict
    from fdcpa_guard.facts.importers.reading import LogOptions, open_accounts, open_log
    from fdcpa_guard.facts.models import Collector
    from fdcpa_guard.garbage import search_after, searched_for_afterwards

    guard = load_rules(write_rules(path / "rules"), warm=False)
    log, accounts = path / "log.parquet", path / "accounts.parquet"
    terms = Terms(guard, Collector(kind="third_party_collector"), None, None, columnar=ColumnarAudit(guard))
    found = dict.fromkeys((*WINDOWS, *IDS), 0)
    with tempfile.TemporaryDirectory() as folder:
        number = partitions_for(log.stat().st_size + accounts.stat().st_size, None)
        writer = PartitionWriter(Path(folder), number)
        for reading in (open_accounts(accounts), open_log([log], LogOptions(format="canonical"))):
            reading.in_columns = in_columns
            for item in reading:
                writer.put(item)
        writer.finish()
        reader = PartitionReader(Path(folder))
        for piece in range(number):
            # As an audit does it.
            partition = reader.partition(piece)
            with searched_for_afterwards():
                counted = PartitionJudge(partition, Judge(terms)).counted()
            search_after(partition.items)
            for (rule, verdict), times in counted.items():
                if verdict is not Verdict.VIOLATED:
                    raise SystemExit(f"{rule} was not decided for {times} communications")
                found[rule] += times
    return found


_RUNS: Final[Mapping[str, Callable[[Path], dict[str, int]]]] = {GUARD: run_guard, HAND: by_hand.run}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.yardstick", description=__doc__)
    parser.add_argument("--rows", type=lambda text: int(float(text)), default=1_000_000, help="1e7 is understood")
    parser.add_argument("--folder", type=Path, required=True, help="where the logs are kept")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--limit", type=Path, help="a folder of hand-written code to be measured against")
    parser.add_argument("--run", choices=sorted(_RUNS), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        _tell(given.run, given.folder)
        return
    compare(given.rows, given.folder, given.rounds, given.limit)


def compare(rows: int, folder: Path, rounds: int, limit: Path | None) -> None:
    """Print seconds, ratios and memory of all contenders."""
    data = yardstick_log.make(rows, folder)
    guard_rows = min(rows, GUARD_ROWS or rows)
    sample = yardstick_log.make(guard_rows, folder)
    contenders = {GUARD: _own(GUARD, sample), HAND: _own(HAND, data)}
    if limit is not None:
        contenders |= _of_limit(limit.resolve(), rows, folder.resolve())
    sizes = {name: guard_rows if name == GUARD else rows for name in contenders}
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    most = dict.fromkeys(contenders, 0.0)
    for _ in range(rounds):
        for name, words in contenders.items():
            told, megabytes = _watched(words)
            seconds = told["s"]
            assert isinstance(seconds, float)
            taken[name].append(seconds)
            most[name] = max(most[name], megabytes)
    _agree(sample)
    print(table(f"66 checks over {rows:,} communications, median of {rounds}", taken, sizes, HAND))
    print("\n| | rows | most memory, MB |\n|---|---|---|")
    for name, megabytes in most.items():
        print(f"| {name} | {sizes[name]:,} | {megabytes:,.0f} |")


def _own(name: str, data: Path) -> list[str]:
    return [sys.executable, "-m", "bench.yardstick", "--run", name, "--folder", str(data)]


def _of_limit(limit: Path, rows: int, folder: Path) -> dict[str, list[str]]:
    """The programs of the folder that can run here, on its own log of as many rows."""
    log = folder / f"limit-{rows}.parquet"
    if not log.exists():
        subprocess.run(
            [sys.executable, "-B", str(limit / "gen.py"), str(rows), str(log)], check=True, stdout=subprocess.DEVNULL
        )
    found = {}
    for name, ((program, *words), needs) in _LIMIT.items():
        if find_spec(needs) is None:
            print(f"left out, as {needs} is not installed: {name}")
            continue
        found[name] = [sys.executable, "-B", str(limit / program), *(word.format(log=log) for word in words)]
    return found


def _tell(name: str, data: Path) -> None:
    start = time.perf_counter()
    found = _RUNS[name](data)
    print(json.dumps({"s": time.perf_counter() - start, "found": found}))


def _watched(words: Sequence[str]) -> tuple[dict[str, object], float]:
    """What a program says in its last line, and the most megabytes that it had resident."""
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {process.returncode}")
    told: dict[str, object] = json.loads(said.strip().splitlines()[-1])
    return told, usage.ru_maxrss / 1024


def _agree(data: Path) -> None:
    """Nothing is worth timing that finds something else."""
    guard, hand = (_watched(_own(name, data))[0]["found"] for name in (GUARD, HAND))
    if guard != hand:
        raise SystemExit(f"they disagree over {data}: {guard} by this engine, {hand} by hand")


if __name__ == "__main__":
    main()
