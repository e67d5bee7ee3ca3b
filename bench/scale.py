"""What an audit by columns costs as the log grows and as the rules do.

`python -m bench.scale --folder FOLDER` audits logs of `bench.large_log` (made there where they are missing) with two
processes: `--sizes 1e6 1e7` communications under all rules, and the first of them under `--rules 50 200 800` rules. A round
runs every contender once; what counts are the ratios to the first, median over the rounds.

Of more rules than there are, the others are the same ones with every number in them changed: a rule that is asked once more
word for word would cost nothing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Final

import psutil

from bench import large_log
from fdcpa_guard import load_rules
from fdcpa_guard.auditing.run import run_audit
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.facts.models import Collector
from fdcpa_guard.rulefile.model import Block, Count, MomentOf, ParameterOf, Rule
from fdcpa_guard.simulate.simulation import Parameters
from fdcpa_guard.values import Duration

COLLECTOR: Final = Collector(kind="third_party_collector")
KINDS: Final = ("accounts", "events", "actions")
_LIVES: Final = 40_000
_WEEKS: Final = 26
_PAUSE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds, processor seconds, and the most bytes that all processes, and that one of them, had resident."""

    seconds: float
    processor: float
    together: int
    one: int


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where the logs are kept")
    parser.add_argument("--sizes", type=lambda text: int(float(text)), nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--rules", type=int, nargs="*", default=[50, 200, 800])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        _audit(Path(given.one[0]), int(given.one[1]), given.workers)
        return
    logs = {size: _log(size, given.folder) for size in given.sizes}
    every = len(load_rules(warm=False).rules)
    first = logs[given.sizes[0]]
    by_size = {f"{size:,} communications": (log, every) for size, log in logs.items()}
    by_rules = {f"{number} rules": (first, number) for number in given.rules}
    for title, contenders in ((f"{every} rules", by_size), (f"{given.sizes[0]:,} communications", by_rules)):
        if contenders:
            _compare(title, contenders, given.rounds, given.workers)


def _compare(title: str, contenders: dict[str, tuple[Path, int]], rounds: int, workers: int) -> None:
    runs: dict[str, list[Run]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, (log, rules) in contenders.items():
            runs[name].append(_watched(log, rules, workers))
    rows = {name: _rows(log) for name, (log, _) in contenders.items()}
    base = next(iter(contenders))
    print(f"\n### {title}, {workers} processes, median of {rounds}\n")
    print("| | a second | processor µs each | time each, against the first | most memory, MB | of one process |")
    print("|---|---|---|---|---|---|")
    for name, taken in runs.items():
        each = [run.seconds / rows[name] for run in taken]
        against = median(mine / (run.seconds / rows[base]) for mine, run in zip(each, runs[base], strict=True))
        print(
            f"| {name} | {1 / median(each):,.0f} | {median(run.processor for run in taken) / rows[name] * 1e6:,.1f} "
            f"| {against:.2f}x | {max(run.together for run in taken) / 1e6:,.0f} | {max(run.one for run in taken) / 1e6:,.0f} |"
        )


def _log(size: int, folder: Path) -> Path:
    parameters = Parameters(_LIVES, weeks=_WEEKS, seed=1, violations=0.01)
    made = folder / f"log-{size}-{parameters.violations:g}"
    return made if made.exists() else large_log.make(parameters, size, folder).folder


def _rows(log: Path) -> int:
    from pyarrow import parquet

    return sum(parquet.ParquetFile(file).metadata.num_rows for file in (log / "log").glob("*.parquet"))


def _watched(log: Path, rules: int, workers: int) -> Run:
    """An audit in a process of its own, which tells its seconds without the start of Python."""
    words = [sys.executable, "-m", "bench.scale", "--folder", str(log.parent), "--workers", str(workers)]
    process = psutil.Popen([*words, "--one", str(log), str(rules)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    together = one = 0
    while process.poll() is None:
        try:
            sizes = [each.memory_info().rss for each in (process, *process.children(recursive=True))]
            together, one = max(together, sum(sizes)), max(one, *sizes)
        except psutil.NoSuchProcess:
            pass
        time.sleep(_PAUSE)
    told = process.stdout.read() if process.stdout is not None else b""
    if process.returncode:
        raise SystemExit(f"an audit of {log} ended with {process.returncode}")
    seconds, processor = json.loads(told.splitlines()[-1])
    return Run(seconds, processor, together, one)


def _audit(log: Path, rules: int, workers: int) -> None:
    guard = with_rules(rules)
    accounts, events, actions = (log / f"{name}.parquet" for name in KINDS)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as out:
        run_audit(
            [log / "log"], guard=guard, collector=COLLECTOR, accounts=accounts, events=events, actions=actions,
            out=Path(out), workers=workers, engine="columnar",
        )  # fmt: skip
    seconds = time.perf_counter() - start
    times = psutil.Process().cpu_times()
    print(json.dumps([seconds, times.user + times.system + times.children_user + times.children_system]))


def with_rules(number: int) -> Guard:
    """So many rules: some of those that there are, or all of them and others that differ from them in every number."""
    book = load_rules(warm=False).rulebook
    rules = list(book.rules)
    if number <= len(rules):
        return Guard(replace(book, rules=_evenly(rules, number)))
    turn = 0
    while len(rules) < number:
        turn += 1
        rules.extend(_otherwise(rule, turn) for rule in book.rules)
    return Guard(replace(book, rules=tuple(rules[:number])))


def _evenly(rules: Sequence[Rule], number: int) -> tuple[Rule, ...]:
    return tuple(rules[place * len(rules) // number] for place in range(number))


def _otherwise(rule: Rule, turn: int) -> Rule:
    parameters = {name: _moved(parameter, turn) for name, parameter in rule.parameters.items()}
    blocks = {name: _with_another_window(block, turn) for name, block in rule.blocks.items()}
    return replace(
        rule, id=f"{rule.id}-{turn}", parameters=parameters, blocks=blocks, yields_to=(), replaces=None, other_reading_of=None
    )


def _moved(parameter: ParameterOf, turn: int) -> ParameterOf:
    return replace(parameter, values=tuple(replace(each, value=_more(each.value, turn)) for each in parameter.values))


def _with_another_window(block: Block, turn: int) -> Block:
    if not isinstance(block, Count | MomentOf) or not isinstance(block.window.length, Duration):
        return block
    return replace(block, window=replace(block.window, length=_longer(block.window.length, turn)))


def _longer(length: Duration, turn: int) -> Duration:
    return replace(length, length=length.length + turn)


def _more(value: Duration | int | str, turn: int) -> Duration | int | str:
    match value:
        case Duration():
            return _longer(value, turn)
        case int():
            return value + turn
        case _:
            return value


if __name__ == "__main__":
    main()
