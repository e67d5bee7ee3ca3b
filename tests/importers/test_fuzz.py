"""Whatever a file holds, reading it ends, crashes never, and every row is accounted for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.reading import LogOptions, LogReading, LogRow, open_accounts, open_events, open_log

from .conftest import DATA, HEADER, read_all

QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PIECES = [
    b",", b";", b"\t", b"|", b'"', b"\n", b"\r", b"\r\n", b"\x00", b"\xff", b"\xef\xbb\xbf", b"{", b"}", b"[", b"]", b":",
    b"\\", b"at", b"consumer_id", b"c1", b"2022-04-06T10:00:00Z", b"2022-11-06 01:30:00", b"call", b"no_answer", b"5125550100",
    b"1649257200", b"NA", b"PAR1", b'{"at": "2022-04-06T10:00:00Z", "consumer_id": "c1"}\n', "é\u2028".encode(),
]  # fmt: skip
BYTES = st.lists(st.sampled_from(PIECES) | st.binary(max_size=4), max_size=40).map(b"".join)
STARTS = {
    "log": [b"", f"{HEADER}\n".encode(), (DATA / "vicidial_log.csv").read_bytes(), (DATA / "twilio_calls.csv").read_bytes(),
            (DATA / "vicidial_dial_log.csv").read_bytes(), (DATA / "twilio_messages.json").read_bytes(),
            (DATA / "asterisk_master.csv").read_bytes(), (DATA / "freeswitch_master.csv").read_bytes(),
            (DATA / "asterisk_cdr.csv").read_bytes(),
            (DATA / "twilio_calls.json").read_bytes(), (DATA / "amazon_connect.jsonl").read_bytes(),
            (DATA / "genesys_conversations.json").read_bytes(), (DATA / "five9_call_log.csv").read_bytes(),
            (DATA / "amazon_ses.jsonl").read_bytes(), (DATA / "ringcentral.json").read_bytes(),
            b'{"at": "2022-04-06T10:00:00Z", "consumer_id": "c1"}\n'],
    "accounts": [b"consumer_id,debt_id,amount,home_zip,phones,phone1,emails,working_from\n", b"consumer_id;debts\n"],
    "mapped": [b"a,t,r,d\n", b"a|t|r|d\n1|2022-04-06 10:00|X|O\n"],
    "events": [b"consumer_id,at,type,until,to,hours\n", b"consumer_id,at,type,days,from,person\n"],
}  # fmt: skip

MAPPING = """
columns:
  consumer_id: a
  at: {column: t, zone_column: r}
  outcome: {column: r, values: {X: busy, Y: no_contact}}
  address: d
"""


def opened(path: Path, what: str, options: LogOptions) -> LogReading:
    match what:
        case "accounts":
            return open_accounts(path, options)
        case "events":
            return open_events(path, options)
        case "mapped":
            mapping = path.with_name("own.yaml")
            mapping.write_text(MAPPING)
            return open_log([path], replace(options, columns=mapping))
        case _:
            return open_log([path], options)


@pytest.mark.parametrize("what", STARTS)
@QUIET
@given(data=st.data())
def test_any_bytes_are_read_or_refused_and_all_rows_counted(tmp_path, what, data):
    start = data.draw(st.sampled_from(STARTS[what]))
    if start and data.draw(st.booleans()):
        cut = data.draw(st.integers(0, len(start)))
        content = start[:cut] + data.draw(BYTES) + start[cut:]
    else:
        content = start + data.draw(BYTES)
    path = tmp_path / "file"
    path.write_bytes(content)
    options = LogOptions(zone=data.draw(st.sampled_from([None, "America/Chicago"])), max_field=64)
    try:
        got = read_all(opened(path, what, options))
    except FactsError as error:
        refused = str(error)
    else:
        refused = None
    if refused is not None:
        assert str(path) in refused
        return
    assert got.counts.rows_given <= len(got.rows) + len(got.events) + len(got.accounts)
    for problem in got.problems:
        assert str(path) in str(problem)
        assert "\n" not in str(problem)


@QUIET
@given(cells=st.lists(st.text(max_size=8).filter(lambda text: '"' not in text), min_size=5, max_size=5))
def test_any_text_in_a_cell_leaves_the_rows_beside_it_alone(tmp_path, cells):
    good = "h1,2022-04-06T10:00:00-05:00,c1,call,no_answer"
    quoted = ",".join(f'"{cell}"' for cell in cells)
    path = tmp_path / "log.csv"
    path.write_text(f"{HEADER}\n{good}\n{quoted}\n{good}\n", encoding="utf-8", errors="surrogatepass", newline="")
    rows = [item for item in open_log([path], LogOptions(format="canonical")) if isinstance(item, LogRow)]
    assert len([row for row in rows if row.consumer_id == "c1" and row.communication.id == "h1"]) == 2
