"""A row that is left out is missing in the log of each consumer whose number it may have reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from fdcpa_guard.facts.importers.problems import Problem
from fdcpa_guard.facts.importers.reading import LogOptions, open_log

SHARED = {"+15125550100": ("ann", "bob")}


@pytest.mark.parametrize(
    ("format_", "name", "text"),
    [
        ("twilio", "calls.csv", "sid,to,from,direction,status,start_time\nCA1,+15125550100,+15125550199,outbound-api,completed,\n"),
        ("vicidial", "export.csv", "call_date,phone_number,status,user,campaign_id\n,5125550100,NA,6001,C1\n"),
    ],
)
def test_each_of_them_has_lost_it(format_: str, name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    options = LogOptions(format=format_, zone="America/Chicago", consumers_by_number=SHARED)
    reading = open_log([tmp_path / name], options)
    lost = [item for item in reading if isinstance(item, Problem) and item.left_out]
    assert [problem.consumer_id for problem in lost] == ["ann", "bob"]
    assert reading.counts.rows_left_out == 1
