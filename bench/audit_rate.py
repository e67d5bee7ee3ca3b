"""Rows a second of an audit from files to report, and the most memory that its processes hold together."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROWS_OF_A_CONSUMER = 22.6
"""What the simulator writes of one consumer in twelve weeks, on average."""


def main(communications: int = 100_000, workers: tuple[int, ...] = (1, 2)) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        consumers = round(communications / ROWS_OF_A_CONSUMER)
        start = time.perf_counter()
        _run("simulate", "--consumers", str(consumers), "--weeks", "12", "--seed", "1", "--violations", "0.2",
             "--out", str(folder))  # fmt: skip
        made = time.perf_counter() - start
        rows = sum(1 for _ in (folder / "log.csv").open("rb")) - 1
        print(f"\n### An audit of {rows:,} communications of {consumers:,} consumers (made in {made:.0f} s)\n")
        print("| workers | seconds | rows a second | most memory, MB | findings |\n|---|---|---|---|---|")
        for number in workers:
            out = folder / f"report-{number}"
            seconds, most = _watched(
                "audit", str(folder / "log.csv"), "--accounts", str(folder / "accounts.csv"),
                "--events", str(folder / "events.csv"), "--collector-kind", "third_party_collector",
                "--workers", str(number), "--out", str(out),
            )  # fmt: skip
            manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
            findings = sum(1 for _ in (out / "findings.jsonl").open("rb"))
            assert manifest["rules_version"]
            print(f"| {number} | {seconds:.1f} | {rows / seconds:,.0f} | {most / 1e6:,.0f} | {findings:,} |")


def _run(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "fdcpa_guard", *words], check=True, stdout=subprocess.DEVNULL)


def _watched(*words: str) -> tuple[float, int]:
    """Seconds, and the most bytes that the process and its workers had resident at one time."""
    start = time.perf_counter()
    process = psutil.Popen([sys.executable, "-m", "fdcpa_guard", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most = 0
    while process.poll() is None:
        try:
            tree = [process, *process.children(recursive=True)]
            most = max(most, sum(each.memory_info().rss for each in tree))
        except psutil.NoSuchProcess:
            pass
        time.sleep(0.05)
    seconds = time.perf_counter() - start
    if process.returncode not in (0, 1, 3):
        raise SystemExit(f"the audit ended with {process.returncode}")
    return seconds, most


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
