"""How long a command takes from nothing: `--version`, and a check of one scenario.

The check is made as installed (the rules came prepared, and the user's cache folder is empty), by the same rules as a
folder of the user's own that was read before, and by them read from nothing.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from fdcpa_guard.ruleset.kept import IN_THE_PACKAGE, key_of, opened
from fdcpa_guard.ruleset.rulebook import Rulebook, prepare_shipped_rules, shipped_rules

SCENARIO = """\
scenario: an ordinary call
collector: {kind: third_party_collector}
consumer:
  id: c1
  addresses: [{kind: home, state: TX, zip: "78701"}]
  phones: [{number: "+15125550100", line: mobile, place: personal}]
debts: [{id: d1, kind: credit_card}]
communication: {at: "2026-03-03T10:00:00-06:00", channel: call, person: {role: consumer}, address: "+15125550100", debts: [d1]}
"""


def main(rounds: int = 7) -> None:
    with tempfile.TemporaryDirectory() as folder:
        scenario = Path(folder, "scenario.yaml")
        scenario.write_text(SCENARIO, encoding="utf-8")
        prepare_shipped_rules()
        check = [sys.executable, "-m", "fdcpa_guard", "check", str(scenario)]
        own = [*check, "--rules", str(shipped_rules())]
        nothing_kept = {**os.environ, "FDCPA_GUARD_CACHE": "off"}
        kept = {**os.environ, "XDG_CACHE_HOME": folder}
        commands = {
            "python -c pass": ([sys.executable, "-c", "pass"], nothing_kept),
            "fdcpa-guard --version": ([sys.executable, "-m", "fdcpa_guard", "--version"], nothing_kept),
            "fdcpa-guard check, as installed": (check, nothing_kept),
            "fdcpa-guard check, own rules that were read before": (own, kept),
            "fdcpa-guard check, own rules read from nothing": (own, nothing_kept),
        }
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(rounds + 1):
            for name, (command, environment) in commands.items():
                start = time.perf_counter()
                subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
                taken[name].append(time.perf_counter() - start)
        print("\n### From nothing\n\n| | seconds (median, range) |\n|---|---|")
        for name, seconds in taken.items():
            later = seconds[1:]  # the first round fills what is kept
            print(f"| {name} | {median(later):.2f} ({min(later):.2f}-{max(later):.2f}) |")
        imports = subprocess.run(
            [sys.executable, "-X", "importtime", *check[1:]], env=nothing_kept, check=True, capture_output=True, text=True
        )
        _opening()
        print("\nWhat the imports of `check` cost, in milliseconds of their own:\n")
        for name, cost in _packages(imports.stderr).items():
            print(f"- {name}: {cost:.0f}")


def _opening(rounds: int = 9) -> None:
    """Of the rules as they come with the package: what finding out that they fit takes, and what opening them."""
    taken: dict[str, list[float]] = {"hashing the rule files": [], "opening what is prepared": []}
    for _ in range(rounds):
        start = time.perf_counter()
        key = key_of([shipped_rules()], shipped=True)
        hashed = time.perf_counter()
        rules = opened(IN_THE_PACKAGE, key)
        taken["opening what is prepared"].append(time.perf_counter() - hashed)
        taken["hashing the rule files"].append(hashed - start)
    assert isinstance(rules, Rulebook), "what is prepared does not fit the rules"
    size = IN_THE_PACKAGE.stat().st_size / 1000
    print(f"\nOf {len(rules.rules)} rules, {size:,.0f} kB as prepared, in milliseconds:\n")
    for name, seconds in taken.items():
        print(f"- {name}: {median(seconds) * 1000:.1f} ({min(seconds) * 1000:.1f}-{max(seconds) * 1000:.1f})")


def _packages(report: str, shown: int = 12) -> dict[str, float]:
    """Own time of modules, summed by package (of this one, by subpackage)."""
    costs: dict[str, float] = {}
    for own, module in re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)", report):
        parts = module.split(".")
        name = ".".join(parts[:2]) if parts[0] == "fdcpa_guard" else parts[0]
        costs[name] = costs.get(name, 0.0) + int(own) / 1000
    return dict(sorted(costs.items(), key=lambda item: -item[1])[:shown])


if __name__ == "__main__":
    main()
