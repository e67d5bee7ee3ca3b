"""The file of accounts: one row a debt, with the fields of its consumer; a consumer of several debts has several rows.

What rows of one consumer say about the consumer adds up. A cell left empty says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, get_args

from fdcpa_guard.facts import models
from fdcpa_guard.facts import names as names_of
from fdcpa_guard.facts.importers import columns as c
from fdcpa_guard.facts.importers.columns import Column, ColumnReader
from fdcpa_guard.facts.importers.consumer_column import ConsumerColumn
from fdcpa_guard.facts.importers.context import Context
from fdcpa_guard.facts.importers.from_models import remaining
from fdcpa_guard.facts.importers.places import UNKNOWN_STATE, read_state, read_zip
from fdcpa_guard.facts.importers.rows import AccountFacts, Item
from fdcpa_guard.facts.importers.times import is_zone
from fdcpa_guard.facts.models import Address, Consumer, Debt, Email, Hours, Itemization, Phone

NUMBERED: Final = 9
"""Phones and e-mail addresses that a row may have in columns of their own."""
_LINES: Final = get_args(names_of.Line)
_PLACES: Final = get_args(names_of.Place)
_BASES: Final = get_args(names_of.Basis)
_DISCLOSURES: Final = get_args(names_of.Disclosure)
ADDRESS_KINDS: Final = ("home", "mailing", "work", "former")
_DAYS: Final = get_args(names_of.Weekday)
_one_line = c.one_of(_LINES)
_one_place = c.one_of(_PLACES)
_one_basis = c.one_of(_BASES)


def _zones(value: object) -> tuple[str, ...]:
    found = c.listing(value)
    for zone in found:
        if not is_zone(zone):
            raise ValueError(f"no time zone is called `{zone}`, expected an IANA name such as America/Chicago")
    return found


def _phones(value: object) -> tuple[Phone, ...]:
    """`+15125550100|mobile|personal;...`, or a list of phones as in a scenario."""
    if not isinstance(value, str):
        return _phone_models(value)
    phones = []
    for piece in filter(None, (part.strip() for part in value.split(";"))):
        number, *more = (part.strip() for part in piece.split("|"))
        if len(more) > 2:
            raise ValueError("expected number|line|place;number|line|place")
        said: dict[str, object] = {"number": c.telephone(number)}
        if more and more[0]:
            said["line"] = _one_line(more[0])
        if len(more) == 2 and more[1]:
            said["place"] = _one_place(more[1])
        phones.append(Phone.model_validate(said))
    return tuple(phones)


def _phone_models(value: object) -> tuple[Phone, ...]:
    phones: Any = _nested_phones(value)
    return tuple(phone.model_copy(update={"number": c.telephone(phone.number)}) for phone in phones)


_nested_phones = c.nested(tuple[Phone, ...], "a list of phones")
_nested_emails = c.nested(tuple[Email, ...], "a list of e-mail addresses")


def _emails(value: object) -> object:
    """`pat@example.com|personal;...`, or a list of e-mail addresses as in a scenario."""
    if not isinstance(value, str) or value.lstrip().startswith("["):
        return _nested_emails(value)
    emails = []
    for piece in filter(None, (part.strip() for part in value.split(";"))):
        address, _, place = (part.strip() for part in piece.partition("|"))
        said: dict[str, object] = {"address": email_address(address)}
        if place:
            said["place"] = _one_place(place)
        emails.append(Email.model_validate(said))
    return tuple(emails)


def email_address(value: object) -> str:
    written = c.text(value)
    if "@" not in written or len(written) > 320:
        raise ValueError("expected an e-mail address such as pat@example.com")
    return written


def _text(name: str, meaning: str, field: str = "") -> Column:
    return Column(name, "text", meaning, c.text, field, repeats=True)


def _date(name: str, meaning: str, field: str = "") -> Column:
    return Column(name, "date", meaning, c.day, field, repeats=True)


def _money(name: str, meaning: str, field: str = "") -> Column:
    return Column(name, "money", meaning, c.money, field)


def _truth(name: str, meaning: str) -> Column:
    return Column(name, "true or false", meaning, c.truth, repeats=True)


def _name(name: str, names: tuple[str, ...], meaning: str, field: str = "") -> Column:
    return Column(name, "name", meaning, c.one_of(names), field, repeats=True, names=names)


def _literal(model: type[models.Model], field: str) -> tuple[str, ...]:
    """The names that a field of a model may have."""
    annotation = model.model_fields[field].annotation
    return tuple(name for part in get_args(annotation) for name in get_args(part))


_DEBT_DECLARED: Final[tuple[Column, ...]] = (
    _text("debt_id", "the debt's id, as the log names it", "id"),
    _name("debt_kind", get_args(names_of.DebtKind), "the kind of debt", "kind"),
    _text("creditor", "the present creditor"),
    _text("original_creditor", "the creditor with whom the debt began"),
    _text("account_suffix", "the end of the account number"),
    _text("debt_group", "debts of one group count as one particular debt", "group"),
    _money("amount", "what is owed, in dollars"),
    _name("last_statement_by", _literal(Debt, "last_statement_by"), "who sent the last statement"),
    _date("defaulted_at", "the day of default"),
    _date("last_payment_at", "the day of the last payment"),
    _date("charged_off_at", "the day of charge-off"),
    _date("delinquent_since", "the day on which delinquency began"),
    _date("placed_at", "the day of placement with the collector"),
    _date("limitations_ends", "the day on which the limitations period ends, where it is known"),
    _name("status", get_args(names_of.DebtStatus), "how the debt stands"),
    _date("judgment_at", "the day of a judgment"),
    _date("sued_at", "the day of suit"),
    _date("contract_at", "the day of the contract"),
    _name("contract_form", _literal(Debt, "contract_form"), "the form of the contract"),
    _date("incurred_at", "the day on which the debt was incurred"),
    _date("assigned_at", "the day of assignment"),
    _name("obligor", _literal(Debt, "obligor"), "who owes it"),
    _text("licence_type", "the licence of the lender"),
    _money("total_with_lender", "all that is owed to the lender, in dollars"),
    _text("creditor_type", "the kind of creditor"),
    _truth("payment_plan_offered", "a payment plan was offered"),
    _date("plan_payment_at", "the day of the last payment under a plan"),
    _truth("secured_by_real_estate", "it is secured on real estate"),
    _truth("consumer_credit_transaction", "it is from a consumer credit transaction"),
)  # fmt: skip

DEBT_COLUMNS: Final[tuple[Column, ...]] = (
    *_DEBT_DECLARED,
    *remaining(Debt, "debt", _DEBT_DECLARED, ("consumer", "itemization")),
)

ITEMIZATION_COLUMNS: Final[tuple[Column, ...]] = (
    _date("itemization_date", "the itemization date", "date"),
    _name("itemization_kind", _literal(Itemization, "kind"), "which date that is", "kind"),
    _money("itemization_amount", "the amount on that date", "amount"),
    _money("itemization_interest", "interest since", "interest"),
    _money("itemization_fees", "fees since", "fees"),
    _money("itemization_payments", "payments since", "payments"),
    _money("itemization_credits", "credits since", "credits"),
    _date(
        "itemization_prior_collector_date", "the itemization date that a collector before used", "prior_collector_date"
    ),
)

_CONSUMER_ONLY: Final[tuple[Column, ...]] = (
    Column("consumer_id", "text", "the consumer's id, as the log names it", c.text, required=True, repeats=True),
    Column("time_zone", "list", "IANA names of the consumer's time zones, where they are known", _zones, "time_zones",
           repeats=True),
    _text("language", "the consumer's language, as a BCP 47 tag"),
    Column("deceased_at", "instant or date", "when the consumer died", c.instant_or_day),
    _truth("minor", "the consumer is a minor"),
    _truth("servicemember", "the consumer is a servicemember"),
    Column("phones", "list", "all numbers: +15125550100|mobile|personal;+15125550101|landline|work", _phones),
    Column("emails", "list", "all e-mail addresses: pat@example.com|personal;pat@example.org|work", _emails),
    Column("working_days", "list", "the days on which the consumer works", c.several_of(_DAYS), repeats=True, names=_DAYS),
    _text("working_from", "when the consumer's work begins, by the consumer's clock"),
    _text("working_to", "when it ends"),
)  # fmt: skip


_CONSUMER_MORE: Final = remaining(
    Consumer, "consumer", _CONSUMER_ONLY, ("id", "addresses", "phones", "emails", "time_zones", "working_hours")
)


def _address_columns(kind: str) -> tuple[Column, ...]:
    return (
        _text(f"{kind}_line", f"the street line of the {kind} address"),
        _text(f"{kind}_city", f"the city of the {kind} address"),
        _text(f"{kind}_county", f"the county of the {kind} address"),
        Column(
            f"{kind}_state", "state", f"the two letters of the state of the {kind} address", read_state, repeats=True
        ),
        Column(f"{kind}_zip", "ZIP code", f"the ZIP code of the {kind} address", read_zip, repeats=True),
        Column(f"{kind}_known_at", "instant", f"since when the {kind} address is known", c.instant),
    )


def _phone_columns(number: int) -> tuple[Column, ...]:
    stem = f"phone{number}"
    return (
        Column(stem, "number", f"number {number} on file, in E.164", c.telephone),
        _name(f"{stem}_line", _LINES, "its line"),
        _name(f"{stem}_place", _PLACES, "whose or what place it is"),
        _name(f"{stem}_basis", _BASES, "how it was obtained"),
        Column(f"{stem}_basis_at", "instant or date", "when it was obtained so", c.instant_or_day),
        Column(f"{stem}_checked_at", "instant or date", "when it was last checked for reassignment", c.instant_or_day),
        Column(f"{stem}_given_for", "list", "the debts for which the consumer gave it to the creditor", c.listing),
    )


def _email_columns(number: int) -> tuple[Column, ...]:
    stem = f"email{number}"
    return (
        Column(stem, "e-mail address", f"e-mail address {number} on file", email_address),
        _name(f"{stem}_place", _PLACES, "whose or what place it is"),
        _name(f"{stem}_basis", _BASES, "how it was obtained"),
        Column(f"{stem}_basis_at", "instant or date", "when it was obtained so", c.instant_or_day),
        Column(f"{stem}_opt_out_ends", "instant or date", "when the time to opt out ends", c.instant_or_day),
        _truth(f"{stem}_domain_public", "its domain is open to the public"),
        _name(f"{stem}_creditor_use", _literal(Email, "creditor_use"), "for what the creditor used it"),
        _truth(f"{stem}_creditor_told_to_stop", "the consumer asked the creditor to stop using it"),
        Column(
            f"{stem}_notice_discloses",
            "list",
            "what the creditor's notice about it disclosed; `none` where there is none",
            c.or_none(c.several_of(_DISCLOSURES)),
            repeats=True,
            names=_DISCLOSURES,
            or_none=True,
        ),
        _name(f"{stem}_opt_out_to", _literal(Email, "opt_out_to"), "who was named there to receive an opt-out"),
    )


_PHONE_FIELDS: Final = ("line", "place", "basis", "basis_at", "checked_at", "given_for")
_EMAIL_FIELDS: Final = (
    "place", "basis", "basis_at", "opt_out_ends", "domain_public", "creditor_use", "creditor_told_to_stop",
    "notice_discloses", "opt_out_to",
)  # fmt: skip
_ADDRESS_FIELDS: Final = ("line", "city", "county", "state", "zip", "known_at")

ACCOUNT_COLUMNS: Final[tuple[Column, ...]] = (
    _CONSUMER_ONLY[0],
    *DEBT_COLUMNS,
    *ITEMIZATION_COLUMNS,
    *_CONSUMER_ONLY[1:],
    *_CONSUMER_MORE,
    *(column for kind in ADDRESS_KINDS for column in _address_columns(kind)),
    *(column for number in range(1, NUMBERED + 1) for column in _phone_columns(number)),
    *(column for number in range(1, NUMBERED + 1) for column in _email_columns(number)),
)

NESTED_COLUMNS: Final[tuple[Column, ...]] = (
    Column("addresses", "JSON", "a list of {kind, line, city, county, state, zip}",
           c.nested(tuple[Address, ...], "a list of addresses")),
    Column("time_zones", "list", "another name of time_zone", _zones),
    Column("working_hours", "JSON", "{days, from, to} or a list of them",
           c.nested(Hours | tuple[Hours, ...], "hours {days, from, to}")),
    Column("itemization", "JSON", "{date, kind, amount, interest, fees, payments, credits, prior_collector_date}",
           c.nested(Itemization, "an itemization")),
    Column("debts", "JSON", "a list of debts as in a scenario", c.nested(tuple[Debt, ...], "a list of debts")),
)  # fmt: skip


class CanonicalAccounts:
    """Reads rows of the accounts file."""

    def __init__(self, context: Context) -> None:
        self._context = context
        # Debt columns bear their own names until the row is taken apart: `kind` and `amount` are fields of several models.
        plain = tuple(replace(column, field="") for column in (*ACCOUNT_COLUMNS, *NESTED_COLUMNS))
        self._reader = ColumnReader(plain, context.reports, context.clock)
        self._consumer = ConsumerColumn()

    @property
    def unknown_columns(self) -> Sequence[str]:
        return tuple(self._reader.unknown)

    def consumers_of(self, columns: tuple[str, ...], cells: Sequence[object]) -> tuple[str, ...]:
        return self._consumer.all_of(columns, cells)

    def read(self, row: int, columns: tuple[str, ...], cells: Sequence[object]) -> Sequence[Item]:
        fields = self._reader.fields(row, columns, cells, lambda found: self._consumer.all_of(columns, found))
        if fields is None:
            return ()
        consumer_id: Any = fields["consumer_id"]
        said = self._context.made(
            lambda: (_consumer(consumer_id, fields, self._reader.refused), _debts(consumer_id, fields)), row, consumer_id
        )
        if said is None:
            return ()
        return (AccountFacts(consumer_id, row, self._context.file, *said),)

    def finish(self) -> None:
        """Nothing waits for the end of the file."""


def _consumer(consumer_id: str, fields: Mapping[str, object], refused: Sequence[str]) -> Consumer:
    said: dict[str, object] = {
        name: fields[name]
        for name in ("language", "deceased_at", "minor", "servicemember", *(column.name for column in _CONSUMER_MORE))
        if name in fields
    }
    said["id"] = consumer_id
    addresses: list[object] = list(_all(fields.get("addresses")))
    for kind in ADDRESS_KINDS:
        parts = _parts(fields, kind, _ADDRESS_FIELDS)
        unread = f"{kind}_state" in refused or f"{kind}_zip" in refused
        if unread and "state" not in parts and "zip" not in parts:
            parts["state"] = UNKNOWN_STATE
        if "addresses" in refused and kind == "home":
            parts["state"] = UNKNOWN_STATE
        if parts:
            addresses.append(Address.model_validate({"kind": kind, **parts}))
    phones: list[object] = list(_all(fields.get("phones")))
    emails: list[object] = list(_all(fields.get("emails")))
    for number in range(1, NUMBERED + 1):
        if (stem := f"phone{number}") in fields:
            phones.append(Phone.model_validate({"number": fields[stem], **_parts(fields, stem, _PHONE_FIELDS)}))
        if (stem := f"email{number}") in fields:
            emails.append(Email.model_validate({"address": fields[stem], **_parts(fields, stem, _EMAIL_FIELDS)}))
    hours = _parts(fields, "working", ("days", "from", "to"))
    zones = (*_all(fields.get("time_zones")), *_all(fields.get("time_zone")))
    said |= {"addresses": tuple(addresses), "phones": tuple(phones), "emails": tuple(emails), "time_zones": zones}
    if hours:
        said["working_hours"] = Hours.model_validate(hours)
    elif "working_hours" in fields:
        said["working_hours"] = fields["working_hours"]
    return Consumer.model_validate(said)


def _debts(consumer_id: str, fields: Mapping[str, object]) -> tuple[Debt, ...]:
    debts: list[Any] = list(_all(fields.get("debts")))
    if "debt_id" in fields:
        said = {column.fills: fields[column.name] for column in DEBT_COLUMNS if column.name in fields}
        items = {column.fills: fields[column.name] for column in ITEMIZATION_COLUMNS if column.name in fields}
        if items:
            said["itemization"] = Itemization.model_validate(items)
        elif "itemization" in fields:
            said["itemization"] = fields["itemization"]
        debts.append(Debt.model_validate({"consumer": consumer_id, **said}))
    return tuple(debts)


def _parts(fields: Mapping[str, object], stem: str, names: Sequence[str]) -> dict[str, object]:
    return {name: fields[column] for name in names if (column := f"{stem}_{name}") in fields}


def _all(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()
