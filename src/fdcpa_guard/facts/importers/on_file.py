"""Whose the numbers, the email addresses and the debts are that an accounts file has."""

from __future__ import annotations

from collections.abc import Iterable

from fdcpa_guard.facts.addresses import one_address
from fdcpa_guard.facts.importers.rows import AccountFacts, Item


def numbers_on_file(accounts: Iterable[Item]) -> dict[str, tuple[str, ...]]:
    """Whose each number (E.164) and email address (in small letters) on file is: consumer ids in the order of the file, for
    `LogOptions`."""
    found: dict[str, dict[str, None]] = {}
    for item in accounts:
        if isinstance(item, AccountFacts):
            addresses = [phone.number for phone in item.consumer.phones]
            addresses += [one_address(email.address) for email in item.consumer.emails]
            for address in addresses:
                found.setdefault(address, {})[item.consumer_id] = None
    return {address: tuple(consumers) for address, consumers in found.items()}


def debts_on_file(accounts: Iterable[Item]) -> dict[str, tuple[str, ...]]:
    """Whose each debt on file is: consumer ids in the order of the file, for `LogOptions`."""
    found: dict[str, dict[str, None]] = {}
    for item in accounts:
        if isinstance(item, AccountFacts):
            for debt in item.debts:
                found.setdefault(debt.id, {})[item.consumer_id] = None
    return {debt: tuple(consumers) for debt, consumers in found.items()}
