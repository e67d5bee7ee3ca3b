"""`make bench`: every figure of docs/performance.md, in Markdown. `python -m bench NAME` runs one.

Machines are noisy: contenders take turns within one run, and the ratios between them are what counts.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys

from bench import audit_rate, cold_start, one_call, ten_rules, wording


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="one_call, ten_rules, cold_start, audit, wording; all, if left out")
    parser.add_argument("--communications", type=int, default=100_000, help="of the audited log")
    arguments = parser.parse_args()
    parts = {
        "one_call": one_call.main,
        "ten_rules": ten_rules.main,
        "cold_start": cold_start.main,
        "wording": wording.main,
        "audit": lambda: audit_rate.main(arguments.communications),
    }
    unknown = set(arguments.names) - parts.keys()
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for name in arguments.names or parts:
        parts[name]()
        sys.stdout.flush()


if __name__ == "__main__":
    main()
