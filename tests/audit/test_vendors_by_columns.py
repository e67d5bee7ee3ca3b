"""Vendors' exports that are read by columns give what their rows give, one by one."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_text_by_columns import DAMAGE, read

from fdcpa_guard.auditing.partitions import vendor_batches
from fdcpa_guard.auditing.partitions.clocks import Clocks
from fdcpa_guard.auditing.partitions.written_times import WrittenTime
from fdcpa_guard.facts.importers import gathering
from fdcpa_guard.facts.importers.reading import LogOptions, LogReading, open_log
from fdcpa_guard.facts.importers.times import LocalClock, read_instant, read_rfc2822
from fdcpa_guard.values import instant_of

DATA = Path(__file__).parents[1] / "importers" / "data"
ZONE = "America/Chicago"
ON_FILE = {"+15125550100": ["A-1"], "+15125550101": ["ann", "bob"], "+15125550102": ["bob"], "pat@example.com": ["A-1"],
           "sam@example.com": ["ann", "bob"]}  # fmt: skip
DEBTS_ON_FILE = {"501": ["ann"], "502": ["ann", "bob"], "A-2": ["bob"]}
NUMBERS = ["5125550100", "15125550102", "+15125550103", "(512) 555-0104", "5125550101", "5125550199"]
ODD_NUMBERS = ["", "555", "x", " 5125550100", "anonymous", "+445125550100", "5.1255E+09", "101"]
DAYS = ["2024-03-04", "2024-03-05", "2024-07-09"]
TIMES = [f"{day} {hour:02d}:10:{hour:02d}" for day in DAYS for hour in (9, 12, 17)]
ODD_TIMES = ["", "2024-03-10 02:30:00", "2024-11-03 01:30:00", "2024-02-30 10:00:00", "2024-03-04", "03/04/2024 10:00", "2024-03-04 10:00",
             "2024-03-04T10:00:00Z", "1969-03-04 10:00:00", " 2024-03-04 10:00:00", "soon", "2024-03-04 25:00:00"]  # fmt: skip
EPOCHS = [str(int(datetime.fromisoformat(f"{each}-06:00").timestamp())) for each in TIMES[:6]]
EMAILS = ["pat@example.com", "Pat@Example.com", "sam@example.com", "kim@example.com"]
POSTED = ["2024-03-04T10:00:00Z", "2024-03-04T10:00:01.1234567Z", "2024-03-04T10:00:02.5-06:00", "2024-03-04T10:00:03.250+05:30"]
REPORTED = ["Mon, 04 Mar 2024 15:00:00", "Tue, 05 Mar 2024 15:00:01", "Tue, 09 Jul 2024 23:59:59"]
LETTERS = ["Mon, 04 Mar 2024 15:00:00 +0000", "Tue, 05 Mar 2024 15:00:01 -0600", "Tue, 09 Jul 2024 23:59:59 +0530", "2024-03-04T15:00:00Z"]
ODD_LETTERS = ["", "04 Mar 2024 15:00:00 +0000", "Mon, 04 Mar 2024 15:00:00", "Mon, 04 Mar 2024 15:00:00 -0000", "15:10:00 CDT 2022-04-06",
               "Mon, 31 Feb 2024 15:00:00 +0000", "Mon, 04 Mar 2024 15:00:00 GMT", "2024-03-04 15:00:00", "Mon, 04 Mar 24 15:00:00 +0000"]  # fmt: skip


class Vendor:
    """Tables of a format, with cells as they should be and others."""

    def __init__(self, first: Sequence[str], plain: Mapping[str, Sequence[Any]], odd: Mapping[str, Sequence[Any]], **options: Any) -> None:
        self.first, self.plain, self.odd, self.options = tuple(first), plain, odd, options


VENDORS: Mapping[str, Vendor] = {
    "vicidial": Vendor(
        ("call_date", "status", "phone_number", "lead_id"),
        {
            "call_date": TIMES, "start_epoch": ["", *EPOCHS], "vendor_lead_code": ["", "A-1", "A-2", "A-3"], "lead_id": ["501", "503", "504"],
            "phone_number_dialed": ["", *NUMBERS], "phone_number": NUMBERS, "extension": ["", "915125550102", "5125550103"], "phone_code": ["1", ""],
            "status": ["NA", "A", "SALE", "DNC", "B"], "user": ["VDAD", "6666", ""], "uniqueid": ["1.1", "1.2", "1.3", ""],
            "caller_code": ["V1", "M2", ""], "comments": ["AUTO", "MANUAL", ""], "outbound_cid": ["", "5125550199"],
            "hangup_cause": ["", "16", "17"], "sip_hangup_cause": ["", "404"], "dialstatus": ["", "ANSWER", "BUSY"],
            "campaign_id": ["C1", "C2"], "full_name": ["Ada", ""],
        },
        {
            "call_date": ODD_TIMES, "start_epoch": ["0", "x", "1709568000", "99", " 1709568000"], "vendor_lead_code": [" A-1", "502", "A|B", 'A"1'],
            "lead_id": ["", "502", " 503", "0"], "phone_number_dialed": ODD_NUMBERS, "phone_number": ODD_NUMBERS, "extension": ["x", "12"],
            "phone_code": ["44", "01", " 1"], "status": ["", "NEW", "ZZZ", "na", " NA"], "user": [" 6666"], "uniqueid": ["", " 1", "é"],
            "caller_code": ["X", "V", " V1"], "comments": ["called before", " AUTO"], "outbound_cid": ["x"], "hangup_cause": ["x"],
            "closecallid": ["", "9001"], "moood": ["x"], "statuss": ["x"],
        },
        zone=ZONE,
    ),
    "lead": Vendor(
        ("call_date", "phone_number_dialed", "status", "vendor_lead_code", "state", "postal_code"),
        {
            "call_date": TIMES, "phone_number_dialed": NUMBERS, "status": ["NA", "A", "DNC"], "vendor_lead_code": ["A-1", "A-2", "A-3", "A-4"],
            "state": ["TX", "TX", "LA"], "postal_code": ["78701"], "lead_id": ["501", "503"], "phone_number": NUMBERS[:2], "alt_phone": ["", NUMBERS[1]],
            "email": ["", "pat@example.com"], "city": ["Austin"], "user": ["VDAD", "6666"], "address1": ["1 Elm St", "2 Elm St"],
        },
        {
            "call_date": ODD_TIMES, "phone_number_dialed": ODD_NUMBERS, "status": ["NEW", "ZZZ", ""], "vendor_lead_code": ["", " A-1", "502"],
            "state": ["", "Texas", "zz", " TX"], "postal_code": ["", "7", "78701-1234"], "lead_id": ["", "502"], "phone_number": ODD_NUMBERS,
            "alt_phone": ["x"], "email": ["x", " pat@example.com"], "city": [""], "user": [""], "phone_code": ["44", "1"],
        },
        zone=ZONE,
    ),
    "five9": Vendor(
        ("call_id", "timestamp", "call_type", "disposition", "ani", "dnis"),
        {
            "call_id": ["", *map(str, range(300, 330))], "timestamp": REPORTED, "call_type": ["Outbound", "Manual", "Inbound", "Autodial", "3rd party transfer"],
            "disposition": ["No Answer", "Busy", "Abandon", "Answering Machine", "Do Not Call", "No Disposition"], "ani": ["5125550199", *NUMBERS], "dnis": NUMBERS,
            "agent": ["", "Ada"], "talk_time": ["00:00:00", "00:01:30", "00:00:05"], "abandoned": ["0", "1", ""], "account": ["A-1", "ann", "bob", ""],
            "campaign": ["x", "y"],
        },
        {
            "call_id": [" 300", "300 ", "301", "301"], "timestamp": [*ODD_TIMES, *ODD_LETTERS, TIMES[0]], "call_type": ["", "Internal", "Test", "zz", "outbound_preview"],
            "disposition": ["", "zz", " Busy"], "ani": ODD_NUMBERS, "dnis": ODD_NUMBERS, "talk_time": ["x", "90", "00:99:00"], "abandoned": ["maybe"],
            "account": [" A-1"], "date": ["2024/03/04", ""], "time": ["10:00:00", ""],
        },
        zone=ZONE, consumer_column="account",
    ),
    "sendgrid": Vendor(
        ("email", "timestamp", "event", "sg_message_id"),
        {
            "email": EMAILS, "timestamp": EPOCHS, "event": ["processed", "delivered", "open", "bounce", "dropped", "unsubscribe"],
            "sg_message_id": ["m1", "m2", "m3"], "smtp_id": ["", "<m1>"], "type": ["", "bounce", "blocked"], "account": ["", "A-1", "ann"],
            "reason": ["", "550 no such user", "Unsubscribed Address", "551"], "ip": ["192.0.2.1"],
        },
        {
            "email": ["", "x", "example@test.com", " pat@example.com", "Zoë@example.com"], "timestamp": ["", "1709568000000", "2024-03-04T10:00:00Z", "x", "170.5"],
            "event": ["", "Delivered", "zz", "group_resubscribe"], "sg_message_id": ["", " m1"], "category": ["cat facts", "x"], "account": [" ann"],
            "metadata": ["x"],
        },
        consumer_column="account",
    ),
    "postmark": Vendor(
        ("recordtype", "messageid", "recipient", "deliveredat"),
        {
            "recordtype": ["Delivery", "Open", "Bounce", "SpamComplaint", "SubscriptionChange"], "messageid": ["m1", "m2", "m3"], "recipient": EMAILS,
            "email": ["", *EMAILS], "deliveredat": POSTED, "bouncedat": ["", *POSTED], "receivedat": ["", *POSTED], "changedat": ["", *POSTED],
            "type": ["", "HardBounce", "Transient"], "suppresssending": ["", "true", "false"], "suppressionreason": ["", "ManualSuppression"],
            "account": ["", "A-1", "ann"], "tag": ["x", "y"], "metadata": ["", {}],
        },
        {
            "recordtype": ["", "delivery", "zz"], "messageid": ["", "00000000-0000-0000-0000-000000000000", " m1"], "recipient": ["", "x", " pat@example.com"],
            "email": ["x"], "deliveredat": ODD_TIMES, "bouncedat": ["soon"], "receivedat": ["2024-03-04T10:00:00"], "suppresssending": ["x"],
            "metadata": ["x", {"account": "bob", "n": 1}, [], {"account": None}], "account": [" ann"],
        },
        consumer_column="account",
    ),
    "twilio": Vendor(
        ("sid", "to", "from", "status", "direction", "start_time"),
        {
            "sid": ["CA01", "CA02", "SM03", "SM04"], "to": NUMBERS, "from": ["+15125550199", *NUMBERS], "status": ["completed", "no-answer", "delivered"],
            "direction": ["outbound-api", "inbound"], "start_time": LETTERS, "date_created": ["", *LETTERS], "date_sent": ["", *LETTERS],
            "date_updated": ["", *LETTERS], "duration": ["", "0", "5", "61", "120"], "answered_by": ["", "human", "fax"],
            "sip_response_code": ["", "404", "487"], "body": ["", "STOP", "Hello"], "error_code": ["", "21610"], "account": ["ann", "A-1", ""],
            "debt": ["d1", "d2", ""], "price": ["-0.01"],
        },
        {
            "sid": ["", "C", "CA", " CA01"], "to": ["client:agent6", "whatsapp:+15125550100", "sip:x", *ODD_NUMBERS], "from": ["client:x", *ODD_NUMBERS],
            "status": ["", "zz", "Completed", "queued"], "direction": ["", "sideways", "Outgoing API"], "start_time": ODD_LETTERS,
            "date_created": ODD_LETTERS, "date_sent": ODD_LETTERS, "date_updated": ODD_LETTERS, "duration": ["x", "-1", "1.5", " 5", "null"],
            "account": [" ann", "d|e"], "debt": ["d1|d2", "|", 'd"1', "d 1"], "bodyy": ["x"], "call_sid": ["CA09"],
        },
        consumer_column="account", debt_column="debt",
    ),
}  # fmt: skip


FILES_OF_COLUMNS = [
    """columns:
  consumer_id: Acct No
  debt_ids: Acct No
  at: {column: [Date, Time], format: "%m/%d/%Y %H:%M:%S", zone: America/Chicago}
  address: Phone
  channel: {always: call}
  direction: {column: Dir, values: {O: outbound, I: inbound}}
  outcome: {column: Result, values: {RPC: conversation, NA: no_answer, X: unknown, DNQ: no_contact}}
""",
    """columns:
  consumer_id: Acct No
  at: {column: When, zone_column: Zone}
  id: [Acct No, Dir]
  known_at: {column: Half, format: "%m/%d/%Y %I:%M %p"}
  raw_outcome: Dir
  outcome: {column: [Dir, Result], values: {O RPC: conversation, I NA: no_answer}}
  person_role: {column: Dir, values: {O: unknown, I: spouse}}
ignore: [Phone]
""",
    """columns:
  consumer_id: {always: ann}
  at: When
  updated_at: {column: When, zone: Australia/Lord_Howe}
  agent: Dir
  recorded: {column: Dir, values: {O: "yes", I: "false"}}
""",
]
MAPPED = Vendor(
    ("acct_no", "date", "time", "when", "zone", "half", "phone", "dir", "result"),
    {
        "acct_no": ["ann", "bob", "A-1"], "date": ["03/04/2024", "07/09/2024", "3/4/2024"], "time": ["10:00:00", "9:05:07", "23:59:59"], "when": TIMES,
        "zone": [ZONE, "America/New_York"], "half": ["03/04/2024 10:00 AM", "3/5/2024 9:30 pm", "12/01/2023 12:00 AM"], "phone": NUMBERS,
        "dir": ["O", "I"], "result": ["RPC", "NA"],
    },
    {
        "acct_no": ["", " ann", "a|b"], "date": ["", "02/30/2024", "3/10/2024", "11/03/2024", "2024-03-04", "03/04/24", "003/4/2024", " 3/4/2024"],
        "time": ["", "02:30:00", "1:30:00", "24:00:00", "10:00", "1 0:00:00"], "when": ODD_TIMES, "zone": ["", "Mars", " America/Chicago", "EST"],
        "half": ["", "13/01/2024 10:00 AM", "03/04/2024 13:00 PM", "03/04/2024 00:10 AM", "03/04/2024 10:00", "3/4/2024 9:5 aM"], "phone": ODD_NUMBERS,
        "dir": ["", "Q", " O"], "result": ["", "X", "DNQ", "zz", "RPC ", "yes"],
    },
)  # fmt: skip


@st.composite
def tables(draw: st.DrawFn, vendor: Vendor) -> tuple[list[str], list[list[Any]]]:
    others = [name for name in {**vendor.plain, **vendor.odd} if name not in vendor.first]
    names = [*vendor.first, *draw(st.permutations(others))[: draw(st.integers(0, 9))]]
    dirt = draw(st.sampled_from([0, 0, 1, 4]))

    def cell(name: str) -> Any:
        plain = draw(st.integers(0, 9)) >= dirt and name in vendor.plain
        return draw(st.sampled_from(vendor.plain[name] if plain or name not in vendor.odd else vendor.odd[name]))

    # Some of few kinds, that there be several rows of one.
    few = {name: cell(name) for name in names}
    loose = draw(st.sets(st.sampled_from(names), max_size=5))
    return names, [[cell(name) if name in loose else few[name] for name in names] for _ in range(draw(st.integers(1, 40)))]


@st.composite
def csv_of(draw: st.DrawFn, vendor: Vendor) -> bytes:
    names, lines = draw(tables(vendor))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=draw(st.sampled_from(",,\t;")))
    writer.writerows([names, *lines])
    said = text.getvalue()
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        place = draw(st.integers(0, len(said)))
        said = said[:place] + draw(st.sampled_from(DAMAGE)) + said[place:]
    return said.encode("utf-8", "surrogateescape")


@st.composite
def json_of(draw: st.DrawFn, vendor: Vendor) -> bytes:
    names, lines = draw(tables(vendor))
    kinds = [draw(st.sets(st.sampled_from(names), max_size=2)) for _ in range(2)]

    def value(cell: object) -> object:
        other = draw(st.integers(0, 60))
        others: list[object] = [True, 7, 1.5, [cell], {"a": cell}]
        return others[other] if other < len(others) else (cell or None)

    records = [
        {name: value(cell) for name, cell in zip(names, cells, strict=True) if name not in kinds[draw(st.integers(0, 1))]}
        for cells in lines
    ]
    return "\n".join(map(json.dumps, records)).encode()


OPTIONS = st.fixed_dictionaries({
    "consumers_by_number": st.sampled_from([{}, ON_FILE]), "consumers_by_debt": st.sampled_from([{}, DEBTS_ON_FILE]),
    "conversation_seconds": st.sampled_from([None, 60]), "max_field": st.sampled_from([1 << 20, 60]),
})  # fmt: skip


def _log(path: Path, options: LogOptions) -> LogReading:
    return open_log([path], options)


def same(folder: Path, path: Path, fewest: int = 1, **options: Any) -> int:
    """How many rows were read by columns."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathering, "ROWS_AT_ONCE", 13)
        patch.setattr(gathering, "_FEWEST", 1)
        patch.setattr(vendor_batches, "_FEWEST_ALIKE", fewest)
        try:
            none, one_by_one = read(folder / "rows", _log(path, LogOptions(**options)), columns=False)
        except Exception as error:
            with pytest.raises(type(error)):
                read(folder / "columns", _log(path, LogOptions(**options)), columns=True)
            return 0
        batched, by_columns = read(folder / "columns", _log(path, LogOptions(**options)), columns=True)
    assert none == 0
    for found, expected in zip(by_columns, one_by_one, strict=True):
        assert found == expected
    return int(batched)


@pytest.mark.parametrize("vendor", VENDORS)
def test_tables(vendor: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    of = VENDORS[vendor]

    @settings(max_examples=settings().max_examples // 2)
    @given(content=csv_of(of), chosen=OPTIONS, fewest=st.sampled_from([1, 1, 3]))
    def holds(content: bytes, chosen: dict[str, Any], fewest: int) -> None:
        folder = tmp_path_factory.mktemp("csv")
        (folder / "log.csv").write_bytes(content)
        same(folder, folder / "log.csv", fewest, **{"format": "vicidial" if vendor == "lead" else vendor, **of.options, **chosen})

    holds()


@settings(max_examples=settings().max_examples)
@given(
    content=csv_of(MAPPED) | json_of(MAPPED), columns=st.sampled_from(FILES_OF_COLUMNS), zone=st.sampled_from([None, ZONE]),
    max_field=st.sampled_from([1 << 20, 60]),
)  # fmt: skip
def test_tables_of_the_shops_own(
    content: bytes, columns: str, zone: str | None, max_field: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("mapped")
    (folder / "log.csv").write_bytes(content)
    (folder / "columns.yaml").write_text(columns)
    same(folder, folder / "log.csv", columns=folder / "columns.yaml", zone=zone, max_field=max_field)


def test_most_rows_of_a_plain_table_are_read_by_columns(tmp_path: Path) -> None:
    header = "Acct No,Date,Time,Phone,Dir,Result"
    lines = [f"A-{number % 7},3/4/2024,9:{number:02d}:00,51255501{number:02d},O,NA" for number in range(60)]
    (tmp_path / "log.csv").write_text("\n".join([header, *lines]))
    (tmp_path / "columns.yaml").write_text(FILES_OF_COLUMNS[0])
    assert same(tmp_path, tmp_path / "log.csv", columns=tmp_path / "columns.yaml") == 59


@pytest.mark.parametrize(
    "form", ["%m/%d/%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%Y-%m-%dT%H:%M:%S", "%m/%d/%Y %I:%M %p", "%Y%m%d %H%M%S", "%m/%d/%Y"]
)
def test_times_of_a_form_are_those_that_they_say(form: str) -> None:
    written = WrittenTime.of(form)
    assert (written is None) == (form == "%Y%m%d %H%M%S")
    if written is None:
        return

    @given(st.lists(
        st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda each: each.strftime(form))
        | st.from_regex(r"\A[0-3]?[0-9][/.][0-3]?[0-9][/.]2024( [0-2]?[0-9]:[0-6]?[0-9](:[0-9][0-9]?)?( [aApP][mM])?)?\Z"), min_size=1, max_size=8,
    ))  # fmt: skip
    def holds(values: list[str]) -> None:
        rows, seconds, right = written.read(pa.array(values, pa.string()))
        for row, number, fine in zip(rows.tolist(), seconds.tolist(), right.tolist(), strict=True):
            if fine:
                assert instant_of(datetime.strptime(values[row], form).replace(tzinfo=UTC)) == number * 1_000_000

    holds()


@pytest.mark.parametrize("vendor", ["twilio", "sendgrid", "postmark"])
def test_json_lines(vendor: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    of = VENDORS[vendor]

    @settings(max_examples=settings().max_examples // 2)
    @given(content=json_of(of), chosen=OPTIONS)
    def holds(content: bytes, chosen: dict[str, Any]) -> None:
        folder = tmp_path_factory.mktemp("json")
        (folder / "log.jsonl").write_bytes(content)
        same(folder, folder / "log.jsonl", **{"format": vendor, **of.options, **chosen})

    holds()


def test_records_without_any_column_of_the_format_are_not_lost(tmp_path: Path) -> None:
    call = '{"sid":"CA1","to":"+15125550100","from":"+15125550199","status":"busy","direction":"outbound-api","start_time":"2024-03-04T10:00:00Z"}'
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join([call, *['{"nothing":"x"}'] * 30, *[call] * 30]))
    assert same(tmp_path, path, format="twilio") > 20


def test_a_lead_is_told_again_when_it_changes(tmp_path: Path) -> None:
    header = "call_date,phone_number_dialed,status,vendor_lead_code,state,postal_code"
    states = ["TX"] * 30 + ["LA"] * 30 + ["TX"] * 30
    lines = [f"2024-03-04 10:{number % 60:02d}:00,5125550100,NA,A-{number % 3},{state},78701" for number, state in enumerate(states)]
    path = tmp_path / "log.csv"
    path.write_text("\n".join([header, *lines]))
    assert 40 < same(tmp_path, path, zone=ZONE) < 90


FILES = sorted(path.name for path in DATA.iterdir())


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("on_file", [False, True], ids=["nobody on file", "on file"])
def test_the_exports_that_stand_as_examples(name: str, on_file: bool, tmp_path: Path) -> None:
    told = {"consumers_by_number": ON_FILE, "consumers_by_debt": DEBTS_ON_FILE} if on_file else {}
    same(tmp_path, DATA / name, zone=ZONE, **told)
    own = {"consumer_column": "account", "debt_column": "account"}
    (tmp_path / "own").mkdir()
    same(tmp_path / "own", DATA / name, zone=ZONE, **told, **own)


def test_most_rows_of_a_plain_log_are_read_by_columns(tmp_path: Path) -> None:
    lines = [f"{number}.1,{500 + number % 7},2024-03-04 10:{number:02d}:00,NA,51255501{number:02d},VDAD" for number in range(60)]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(["uniqueid,lead_id,call_date,status,phone_number,user", *lines]))
    # Of the first row the columns are told, of the second what its kind is.
    assert same(tmp_path, path, zone=ZONE) == 58


def test_numbers_of_the_shop_are_shared_where_the_call_comes_from_it(tmp_path: Path) -> None:
    lines = [
        f"CA{number:02d},+15125550199,+151255501{number:02d},completed,outbound-api,2024-03-04T10:{number:02d}:00Z" if number % 2
        else f"CA{number:02d},+151255501{number:02d},+15125550199,completed,inbound,2024-03-04T10:{number:02d}:00Z"
        for number in range(60)
    ]  # fmt: skip
    path = tmp_path / "log.csv"
    path.write_text("\n".join(["sid,from,to,status,direction,start_time", *lines]))
    assert same(tmp_path, path) == 57


@settings(max_examples=settings().max_examples)
@given(st.lists(st.sampled_from([*TIMES, *ODD_TIMES, *EPOCHS, *REPORTED, *LETTERS, *ODD_LETTERS]) | st.datetimes(
    datetime(1970, 1, 1), datetime(2200, 1, 1)).map(lambda each: each.isoformat(" ", "seconds")), min_size=1, max_size=9),
    st.sampled_from([ZONE, "Australia/Lord_Howe", "America/St_Johns", "Asia/Kolkata"]))  # fmt: skip
def test_times_are_those_that_they_say(values: list[str], zone: str) -> None:
    clock = LocalClock(zone)
    clocks, column = Clocks(clock), pa.array(values, pa.string())
    for numbers, told in (clocks.local(column),):
        for value, number, fine in zip(values, numbers.tolist(), told.tolist(), strict=True):
            if fine:
                reading = read_instant(value, clock)
                assert (reading.kind, instant_of(reading.at)) == (None, number)
    numbers, told = clocks.letter(column)
    for value, number, fine in zip(values, numbers.tolist(), told.tolist(), strict=True):
        if fine:
            at = datetime.fromisoformat(value) if value[0].isdigit() else read_rfc2822(value)
            assert at.tzinfo is not None
            assert instant_of(at) == number
    numbers, told = clocks.report(column)
    for value, number, fine in zip(values, numbers.tolist(), told.tolist(), strict=True):
        if fine:
            reading = read_instant(value if value[0].isdigit() else read_rfc2822(value), clock)
            assert (reading.kind, instant_of(reading.at)) == (None, number)
    numbers, told = clocks.epoch(column)
    for value, number, fine in zip(values, numbers.tolist(), told.tolist(), strict=True):
        if fine:
            assert instant_of(datetime.fromtimestamp(int(value), UTC)) == number
