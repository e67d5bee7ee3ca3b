"""The formats that can be read, each by one entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fdcpa_guard.facts.importers import (
    accounts,
    actions,
    amazon_connect,
    amazon_ses,
    asterisk,
    events,
    five9,
    freeswitch,
    genesys,
    mapped,
    postmark,
    ringcentral,
    sendgrid,
    twilio,
    vicidial,
)
from fdcpa_guard.facts.importers.canonical import LOG_COLUMNS, NESTED_COLUMNS, CanonicalLog
from fdcpa_guard.facts.importers.context import Format

CANONICAL: Final = Format(
    "canonical",
    "the project's own table: one row a communication, as CSV, JSON lines or Parquet",
    LOG_COLUMNS,
    CanonicalLog,
    lambda names: "at" in names and "consumer_id" in names,
    frozenset(column.name for column in NESTED_COLUMNS),
)

VICIDIAL: Final = Format(
    "vicidial",
    "VICIdial's export calls report, phone number log, vicidial_log, vicidial_closer_log and vicidial_dial_log, with a header",
    vicidial.COLUMNS,
    vicidial.VicidialLog,
    vicidial.recognises,
    vicidial.IGNORED,
    needs_zone=True,
)

TWILIO: Final = Format(
    "twilio",
    "Twilio's calls and messages: pages of the API, JSON lines, or CSV",
    twilio.COLUMNS,
    twilio.TwilioLog,
    twilio.recognises,
    twilio.IGNORED,
)

SENDGRID: Final = Format(
    "sendgrid",
    "SendGrid's events as its webhook posts them: lists, one list a line, or JSON lines",
    sendgrid.COLUMNS,
    sendgrid.sendgrid_log,
    sendgrid.recognises,
    sendgrid.IGNORED,
)

POSTMARK: Final = Format(
    "postmark",
    "Postmark's events as its webhooks post them: JSON lines or lists",
    postmark.COLUMNS,
    postmark.postmark_log,
    postmark.recognises,
    postmark.IGNORED,
)

FREESWITCH: Final = Format(
    "freeswitch",
    "FreeSWITCH's call detail records: CSV without a header, a table with one, or JSON",
    freeswitch.COLUMNS,
    freeswitch.FreeSwitchLog,
    freeswitch.recognises,
    freeswitch.IGNORED,
    needs_zone=True,
    positions=freeswitch.positions,
    zoned_by=freeswitch.ZONED_BY,
)

ASTERISK: Final = Format(
    "asterisk",
    "Asterisk's call detail records: Master.csv, which has no header, or a table of its database with one",
    asterisk.COLUMNS,
    asterisk.AsteriskLog,
    asterisk.recognises,
    asterisk.IGNORED,
    needs_zone=True,
    positions=asterisk.positions,
)

AMAZON_CONNECT: Final = Format(
    "amazon_connect",
    "Amazon Connect's contact records, as they are streamed to S3: JSON objects, one a line or one after the other",
    amazon_connect.COLUMNS,
    amazon_connect.AmazonConnectLog,
    amazon_connect.recognises,
    amazon_connect.IGNORED,
)

AMAZON_SES: Final = Format(
    "amazon_ses",
    "Amazon SES's events, as event publishing and notifications give them: JSON objects, one a line or one after the other",
    amazon_ses.COLUMNS,
    amazon_ses.amazon_ses_log,
    amazon_ses.recognises,
    amazon_ses.IGNORED,
)

GENESYS: Final = Format(
    "genesys",
    "Genesys Cloud's conversation details: pages of the analytics API, or JSON lines",
    genesys.COLUMNS,
    genesys.GenesysLog,
    genesys.recognises,
    genesys.IGNORED,
)

RINGCENTRAL: Final = Format(
    "ringcentral",
    "RingCentral's call log and message store: pages of the API, or JSON lines",
    ringcentral.COLUMNS,
    ringcentral.RingCentralLog,
    ringcentral.recognises,
    ringcentral.IGNORED,
)

FIVE9: Final = Format(
    "five9",
    "Five9's Call Log report as CSV, with the columns that the shop has saved it with",
    five9.COLUMNS,
    five9.Five9Log,
    five9.recognises,
    five9.IGNORED,
    needs_zone=True,
)

MAPPED: Final = Format(
    "mapped",
    "a table of the shop's own, whose columns a file explains (--columns)",
    (),
    mapped.MappedLog,
    lambda names: False,
)

FORMATS: Final[Mapping[str, Format]] = {
    format_.name: format_
    for format_ in (
        CANONICAL, VICIDIAL, TWILIO, SENDGRID, POSTMARK, FREESWITCH, ASTERISK,
        AMAZON_CONNECT, AMAZON_SES, RINGCENTRAL, GENESYS, FIVE9, MAPPED,
    )
}
"""Log formats by name. The first that recognises a file's columns reads it."""

ACCOUNTS: Final = Format(
    "accounts",
    "one row a debt, with the fields of its consumer, as CSV, JSON lines or Parquet",
    accounts.ACCOUNT_COLUMNS,
    accounts.CanonicalAccounts,
    lambda names: "consumer_id" in names,
    frozenset(column.name for column in accounts.NESTED_COLUMNS),
)

ACTIONS: Final = Format(
    "actions",
    "one row for each act that is no communication: furnishing, suit, deposit, sale, as CSV, JSON lines or Parquet",
    actions.ACTION_COLUMNS,
    actions.CanonicalActions,
    lambda names: "type" in names and "consumer_id" in names,
    frozenset(column.name for column in actions.NESTED_COLUMNS),
)

EVENTS: Final = Format(
    "events",
    "one row for each thing that became known about a consumer, as CSV, JSON lines or Parquet",
    events.EVENT_COLUMNS,
    events.CanonicalEvents,
    lambda names: "type" in names and "consumer_id" in names,
    frozenset(column.name for column in events.NESTED_COLUMNS),
)
