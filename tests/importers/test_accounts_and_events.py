"""The files of accounts and of events."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.accounts import ACCOUNT_COLUMNS, DEBT_COLUMNS, ITEMIZATION_COLUMNS
from fdcpa_guard.facts.importers.events import EVENT_COLUMNS, EVENT_TYPES, PERMITTING
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.reading import debts_on_file, numbers_on_file
from fdcpa_guard.facts.locations import possible_locations
from fdcpa_guard.facts.models import Address, Debt, Email, Event, Hours, Itemization, Phone


class TestAccounts:
    def test_a_row_gives_a_debt_and_its_consumer(self, read):
        row = {
            "consumer_id": "c1", "debt_id": "d1", "debt_kind": "medical", "amount": "1,200.50", "debt_group": "g",
            "charged_off_at": "2021-05-01", "itemization_date": "2021-05-01", "itemization_kind": "charge_off",
            "itemization_amount": "1000.00", "home_line": "1 Example Way", "home_city": "Austin", "home_state": "tx",
            "home_zip": "78701", "mailing_state": "OK", "phones": "512-555-0101|landline|work;+15125550102",
            "phone1": "5125550100", "phone1_line": "mobile", "phone1_place": "personal", "phone1_checked_at": "2022-01-01",
            "phone1_given_for": "d1|d2",
            "emails": "pat@example.com|personal", "email1": "pat@example.org", "email1_place": "work",
            "time_zone": "America/Chicago", "language": "es", "minor": "no", "servicemember": "yes",
            "working_days": "monday|friday", "working_from": "9:00", "working_to": "17:00",
        }  # fmt: skip
        got = read(";".join(f'"{name}"' for name in row) + "\n" + ";".join(f'"{value}"' for value in row.values()),
                   what="accounts")  # fmt: skip
        assert got.messages == ["log.csv: read as found: its fields are separated by semicolons"]
        facts = got.accounts[0]
        assert facts.debts == (
            Debt(id="d1", consumer="c1", kind="medical", amount=Decimal("1200.50"), group="g",
                 charged_off_at=date(2021, 5, 1),
                 itemization=Itemization(date=date(2021, 5, 1), kind="charge_off", amount=Decimal("1000.00"))),
        )  # fmt: skip
        consumer = facts.consumer
        assert consumer.id == "c1"
        assert consumer.addresses == (
            Address(kind="home", line="1 Example Way", city="Austin", state="TX", zip="78701"),
            Address(kind="mailing", state="OK"),
        )
        assert consumer.phones == (
            Phone(number="+15125550101", line="landline", place="work"),
            Phone(number="+15125550102"),
            Phone(
                number="+15125550100", line="mobile", place="personal", checked_at=date(2022, 1, 1), given_for=("d1", "d2")
            ),
        )
        assert consumer.emails == (
            Email(address="pat@example.com", place="personal"), Email(address="pat@example.org", place="work"),
        )  # fmt: skip
        assert (consumer.time_zones, consumer.language) == (("America/Chicago",), "es")
        assert (consumer.minor, consumer.servicemember) == (False, True)
        assert consumer.working_hours == Hours.model_validate(
            {"days": ("monday", "friday"), "from": "9:00", "to": "17:00"}
        )

    def test_json_rows_may_carry_the_models_of_a_scenario(self, read):
        record = {
            "consumer_id": "c1",
            "addresses": [{"kind": "home", "state": "TX"}],
            "phones": [{"number": "(512) 555-0100", "line": "mobile"}],
            "emails": [{"address": "pat@example.com", "domain_public": True}],
            "time_zones": ["America/Chicago"],
            "debts": [{"id": "d1", "amount": "10.00"}, {"id": "d2"}],
        }
        facts = read(json.dumps(record), "a.jsonl", "accounts").accounts[0]
        assert [debt.id for debt in facts.debts] == ["d1", "d2"]
        assert facts.consumer.phones == (Phone(number="+15125550100", line="mobile"),)
        assert facts.consumer.emails[0].domain_public is True
        assert facts.consumer.addresses == (Address(state="TX"),)

    @pytest.mark.parametrize(
        ("column", "value", "said"),
        [
            ("home_zip", "7870", "expected a ZIP code of five digits; a spreadsheet has dropped its leading zeros"),
            ("home_state", "Texas", "expected a state's two letters, such as TX"),
            ("amount", "1.200,00", "expected an amount such as 1200.00"),
            ("placed_at", "4/6/22", "expected a date such as 2026-03-02"),
            ("time_zone", "CST", "no time zone is called `CST`, expected an IANA name such as America/Chicago"),
            ("phone1", "n/a", "expected a telephone number such as +15125550100"),
            ("phones", "+15125550100|a|b|c", "expected number|line|place;number|line|place"),
            ("email1", "nobody", "expected an e-mail address such as pat@example.com"),
        ],
    )
    def test_a_bad_value_costs_its_field_and_is_told(self, read, column, value, said):
        got = read(f"consumer_id\tdebt_id\t{column}\nc1\td1\t{value}\n", what="accounts")
        assert got.accounts[0].debts[0].id == "d1"
        assert got.messages[1] == f"log.csv: row 1, column `{column}`: {said} (found `{value}`)"

    def test_a_state_that_cannot_be_read_leaves_the_consumer_anywhere_and_not_nowhere(self, read):
        got = read("consumer_id,home_state,phone1\nc1,N.Y.,+15125550100\n", what="accounts")
        locations = possible_locations(got.accounts[0].consumer, None)
        assert {location.state for location in locations} == {None, "TX"}

    def test_accounts_tell_whose_numbers_and_debts_are(self, read):
        got = read("consumer_id,debt_id,phone1\nc1,d1,+15125550100\nc2,d2,+15125550100\n", what="accounts")
        assert numbers_on_file(got.accounts) == {"+15125550100": ("c1", "c2")}
        assert debts_on_file(got.accounts) == {"d1": ("c1",), "d2": ("c2",)}

    def test_no_two_columns_bear_one_name(self):
        names = [column.name for column in ACCOUNT_COLUMNS]
        assert len(names) == len(set(names))

    def test_each_field_of_a_debt_has_a_column(self):
        assert {column.fills for column in DEBT_COLUMNS} >= set(Debt.model_fields) - {"consumer", "itemization"}
        assert {column.fills for column in ITEMIZATION_COLUMNS} == set(Itemization.model_fields)


class TestEvents:
    def test_a_row_gives_an_event(self, read):
        got = read(
            "consumer_id,at,type,debt_ids,written,days,from,to\n"
            "c1,2022-04-06T10:00:00-05:00,time_inconvenient,d1|d2,yes,monday|sunday,9:00,8:00 p.m.\n",
            what="events",
        )
        assert got.messages == []
        assert got.events[0].event == Event.model_validate({
            "at": datetime(2022, 4, 6, 15, tzinfo=UTC), "type": "time_inconvenient", "debts": ("d1", "d2"), "written": True,
            "days": ("monday", "sunday"), "from": "9:00", "to": "8:00 p.m.",
        })  # fmt: skip

    def test_what_is_consented_to_may_be_several(self, read):
        got = read("consumer_id,at,type,to\nc1,2022-04-06T10:00:00Z,consent_given,text|email\n", what="events")
        assert got.events[0].event.to == ("text", "email")

    def test_a_type_that_is_none_costs_the_row(self, read):
        got = read("consumer_id,at,type\nc1,2022-04-06T10:00:00Z,cease_request\n", what="events")
        assert got.events == []
        assert "did you mean `cease_requested`?" in got.messages[0]
        assert got.problems[0].consumer_id == "c1"

    def test_a_prohibition_is_kept_without_the_value_that_was_not_read(self, read):
        got = read("consumer_id,at,type,ends\nc1,2022-04-06T10:00:00Z,cease_requested,soon\n", what="events")
        assert got.events[0].event.ends is None
        assert got.problems[0].kind is ProblemKind.BAD_VALUE

    def test_a_permission_is_not_taken_in_part(self, read):
        got = read("consumer_id,at,type,until\nc1,2022-04-06T10:00:00Z,consent_given,soon\n", what="events")
        assert got.events == []
        assert got.messages == [
            "log.csv: row 1, column `until`: expected an instant such as 2026-03-02T09:30:00-05:00 (found `soon`)",
            "log.csv: row 1, column `until`: `consent_given` permits something, and may permit less than it seems without the "
            "value that was not read; the row is left out",
        ]

    def test_what_permits_is_an_event(self):
        assert set(EVENT_TYPES) >= PERMITTING

    def test_a_permission_with_a_value_under_a_misspelt_name_is_not_taken(self, read):
        got = read(
            "consumer_id,at,type,untill,remark\n"
            "c1,2022-04-06T10:00:00Z,consent_given,2022-05-01T00:00:00Z,\n"
            "c2,2022-04-06T10:00:00Z,consent_given,,by letter\n",
            what="events",
        )
        assert [event.consumer_id for event in got.events] == ["c2"]
        assert "did you mean `until`?" in got.messages[0]
        assert got.problems[-1].consumer_id == "c1"

    def test_a_file_without_types_is_refused(self, read):
        with pytest.raises(FactsError, match="the events format needs the column `type`"):
            read("consumer_id,at\nc1,2022-04-06T10:00:00Z\n", what="events")

    def test_each_field_of_an_event_has_a_column(self):
        assert {column.fills for column in EVENT_COLUMNS} >= {
            info.alias or name for name, info in Event.model_fields.items()
        }
