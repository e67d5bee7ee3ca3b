"""The large log of the benchmarks: whoever lives a simulated life again is found to have done the same wrongs."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import orjson
import pytest
from bench.large_log import Made, make
from pyarrow import parquet

from fdcpa_guard import load_rules
from fdcpa_guard.auditing.run import run_audit
from fdcpa_guard.facts.importers.reading import LogOptions
from fdcpa_guard.facts.models import Collector
from fdcpa_guard.simulate.canonical import COLUMNS
from fdcpa_guard.simulate.simulation import COLLECTOR_KIND, Parameters, simulate
from fdcpa_guard.simulate.tables import ACTION_COLUMNS, EVENT_COLUMNS

LIVES = 12
PARAMETERS = Parameters(LIVES, weeks=6, seed=3, violations=0.7)
Found = Counter[tuple[int, str, str, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(PARAMETERS, 420, tmp_path_factory.mktemp("large"))


def _findings(log: Path, folder: Path, ending: str, out: Path) -> dict[int, Found]:
    """Of each tile: the consumer within it, the communication's serial number, rule and status."""
    files = {name: folder / f"{name}{ending}" for name in ("accounts", "events", "actions")}
    guard = load_rules(warm=False)
    collector, options = Collector(kind=COLLECTOR_KIND), LogOptions(format="canonical")
    result = run_audit([log], guard=guard, collector=collector, options=options, out=out, workers=1, **files)
    assert not result.first_problems
    found: dict[int, Found] = defaultdict(Counter)
    for line in (out / "findings.jsonl").read_bytes().splitlines():
        row = orjson.loads(line)
        tile, consumer = divmod(int(row["consumer_id"][4:]) - 1, LIVES)
        serial = (row["communication"] or "").rpartition("-")[2]
        found[tile][consumer, serial, row["rule"], row["status"]] += 1
    return found


def test_every_tile_has_the_findings_of_the_lives(made: Made, tmp_path: Path) -> None:
    simulate(PARAMETERS, tmp_path / "lives")
    lived = _findings(tmp_path / "lives" / "log.csv", tmp_path / "lives", ".csv", tmp_path / "once")[0]
    again = _findings(made.folder / "log", made.folder, ".parquet", tmp_path / "again")
    whole, rest = divmod(made.consumers, LIVES)
    assert lived
    assert whole >= 2
    for tile in range(whole):
        assert again[tile] == lived
    assert again[whole] == Counter({key: number for key, number in lived.items() if key[0] < rest})


def test_the_columns_are_the_simulators(made: Made) -> None:
    logs = sorted((made.folder / "log").iterdir())
    assert all(tuple(parquet.ParquetFile(file).schema_arrow.names) == COLUMNS for file in logs)
    assert tuple(parquet.read_schema(made.folder / "events.parquet").names) == EVENT_COLUMNS
    assert tuple(parquet.read_schema(made.folder / "actions.parquet").names) == ACTION_COLUMNS


def test_a_month_is_in_the_order_of_time_and_ids_are_told_apart(made: Made) -> None:
    ids: list[str] = []
    for file in sorted((made.folder / "log").iterdir()):
        table = parquet.read_table(file)
        at = table.column("at").to_pylist()
        assert at == sorted(at)
        assert {f"{each:%Y-%m}" for each in at} == {file.stem}
        ids += table.column("id").to_pylist()
    assert len(ids) == len(set(ids)) == made.communications


def test_what_is_planted_is_told_of_every_consumer(made: Made) -> None:
    consumers = parquet.read_table(made.folder / "accounts.parquet").column("consumer_id").to_pylist()
    planted = [orjson.loads(line) for line in (made.folder / "truth.jsonl").read_bytes().splitlines()]
    assert planted
    assert {each["consumer_id"] for each in planted} <= set(consumers)
    assert all(each["communication"] is None or each["communication"].startswith(each["consumer_id"]) for each in planted)


def test_the_same_parameters_give_the_same_bytes(made: Made, tmp_path: Path) -> None:
    again = make(PARAMETERS, 420, tmp_path)
    files = sorted(file.relative_to(made.folder) for file in made.folder.rglob("*.*"))
    assert len(files) >= 5
    assert all((made.folder / file).read_bytes() == (again.folder / file).read_bytes() for file in files)
