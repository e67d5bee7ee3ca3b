"""What Spark costs on one machine: `python -m bench.spark FOLDER`, with `log/*.parquet`, `accounts.parquet`, `events.parquet`
and `actions.parquet` in the folder (`bench.large_log` makes such).

Two comparisons, each within one run: the same files audited with two processes of our own and on `local[2]`; the same columns
as DataFrames, audited, and handed through Python unchanged (`mapInArrow`), which is what Spark takes for the way there and
back. Spark is up before the clock starts.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.timing import interleaved, table
from fdcpa_guard import load_rules
from fdcpa_guard.auditing.run import run_audit
from fdcpa_guard.facts.models import Collector

COLLECTOR = Collector(kind="third_party_collector")
KINDS = ("accounts", "events", "actions")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.spark", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=1)
    arguments = parser.parse_args()
    from pyspark.sql import SparkSession

    from fdcpa_guard.spark import audit_dataframe, on_spark

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master("local[2]").appName("bench").config("spark.ui.enabled", "false")
    spark = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    folder: Path = arguments.folder
    paths = {name: folder / f"{name}.parquet" for name in KINDS}
    guard = load_rules(warm=False)
    log = spark.read.parquet(str(folder / "log"))
    frames = {name: spark.read.parquet(str(path)) for name, path in paths.items()}
    rows = log.count()

    def files(**more: Any) -> None:
        with tempfile.TemporaryDirectory() as out:
            run_audit([folder / "log"], guard=guard, collector=COLLECTOR, out=Path(out), workers=2, **paths, **more)

    def handed_through(batches: Iterator[Any]) -> Iterator[Any]:
        return batches

    def through_python() -> None:
        log.mapInArrow(handed_through, log.schema).write.format("noop").mode("overwrite").save()

    def audited() -> None:
        found = audit_dataframe(log, guard=guard, collector=COLLECTOR, **frames)
        found.findings.write.format("noop").mode("overwrite").save()

    for title, contenders in (
        ("Files", {"two processes": files, "Spark, local[2]": lambda: files(elsewhere=on_spark())}),
        ("DataFrames", {"handed through Python": through_python, "audited": audited}),
    ):
        taken = interleaved(contenders, arguments.rounds)
        print(table(f"{title}, {rows:,} communications", taken, dict.fromkeys(contenders, rows), next(iter(contenders))))
    spark.stop()


if __name__ == "__main__":
    main()
