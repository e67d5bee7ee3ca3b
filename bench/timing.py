"""Contenders take turns, round after round: on a noisy machine only ratios within a round mean anything."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from statistics import median


def interleaved(contenders: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each contender in each round."""
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for run in contenders.values():
        run()  # what is made on first use is no part of it
    for _ in range(rounds):
        for name, run in contenders.items():
            gc.collect()
            start = time.perf_counter()
            run()
            taken[name].append(time.perf_counter() - start)
    return taken


def ratio(taken: Mapping[str, list[float]], sizes: Mapping[str, int], name: str, base: str) -> float:
    """How many times slower for each piece than the base: the median over the rounds."""
    return median(
        (mine / sizes[name]) / (theirs / sizes[base]) for mine, theirs in zip(taken[name], taken[base], strict=True)
    )


def table(title: str, taken: Mapping[str, list[float]], sizes: Mapping[str, int], base: str) -> str:
    """A Markdown table: medians with their range, and the ratio to the base."""
    lines = [f"\n### {title}", "", f"| | a second (median, range) | µs each | time against {base} |", "|---|---|---|---|"]
    for name, seconds in taken.items():
        rates = sorted(sizes[name] / each for each in seconds)
        each = median(seconds) / sizes[name] * 1e6
        lines.append(
            f"| {name} | {median(rates):,.0f} ({rates[0]:,.0f}-{rates[-1]:,.0f}) | {each:,.2f} "
            f"| {ratio(taken, sizes, name, base):.2f}x |"
        )
    return "\n".join(lines)


def percentiles(run: Callable[[int], object], number: int) -> tuple[float, float]:
    """p50 and p99 in microseconds of single calls."""
    taken: list[float] = []
    for index in range(number):
        start = time.perf_counter_ns()
        run(index)
        taken.append((time.perf_counter_ns() - start) / 1000)
    taken.sort()
    return taken[number // 2], taken[int(number * 0.99)]
