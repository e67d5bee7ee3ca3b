"""The lead's own address and numbers in a row of a call log: facts of the consumer, told again when they change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from fdcpa_guard.facts.importers.context import Context
from fdcpa_guard.facts.importers.numbers import e164
from fdcpa_guard.facts.importers.places import UNKNOWN_STATE, read_state, read_zip
from fdcpa_guard.facts.importers.problems import ProblemKind
from fdcpa_guard.facts.importers.rows import AccountFacts
from fdcpa_guard.facts.models import Address, Consumer, Email, Phone

_LEADS: Final = 200_000
LEAD_COLUMNS: Final = ("address1", "city", "state", "postal_code", "phone_number", "alt_phone", "email")


class LeadFacts:
    """Gives the facts of a lead when they are new or other than in the lead's last row."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._last: dict[str, int] = {}

    def are_in(self, columns: Collection[str]) -> bool:
        """Whether a table has any but a number, which the call itself shows."""
        return "state" in columns or "postal_code" in columns

    def has_told(self, consumer: str, said: tuple[str | None, ...]) -> bool:
        """Whether the lead's last row said the same in `LEAD_COLUMNS`."""
        return self._last.get(consumer) == hash(said)

    def keeps(self, more: int) -> bool:
        """Whether nothing of what was told is forgotten when so many leads more are told."""
        return len(self._last) + more < _LEADS

    def of(self, consumer: str, row: int, fields: Mapping[str, Any], columns: tuple[str, ...]) -> list[AccountFacts]:
        """No facts where the table has none."""
        if not self.are_in(columns):
            return []
        said = tuple(fields.get(name) for name in LEAD_COLUMNS)
        if self.has_told(consumer, said):
            return []
        if len(self._last) >= _LEADS:
            self._last.clear()
        self._last[consumer] = hash(said)
        facts = Consumer(
            id=consumer,
            addresses=self._addresses(consumer, row, fields),
            phones=self._phones(fields),
            emails=_emails(fields),
        )
        if not (facts.addresses or facts.phones or facts.emails):
            return []
        return [AccountFacts(consumer, row, self._context.file, facts)]

    def _addresses(self, consumer: str, row: int, fields: Mapping[str, Any]) -> tuple[Address, ...]:
        said: dict[str, str] = {}
        refused = False
        for name, field, parse in (("state", "state", read_state), ("postal_code", "zip", read_zip)):
            if written := fields.get(name):
                try:
                    said[field] = parse(written)
                except ValueError as error:
                    refused = True
                    self._context.reports.add(
                        ProblemKind.BAD_VALUE, str(error), row, name, written, consumer_id=consumer
                    )
        if refused and not said:
            said["state"] = UNKNOWN_STATE
        if not said:
            return ()
        for name, field in (("address1", "line"), ("city", "city")):
            if written := fields.get(name):
                said[field] = written
        return (Address.model_validate(said),)

    def _phones(self, fields: Mapping[str, Any]) -> tuple[Phone, ...]:
        numbers: dict[str, None] = {}
        for name in ("phone_number", "alt_phone"):
            written = fields.get(name)
            if not written or (name == "phone_number" and fields.get("phone_code") not in (None, "1", "01")):
                continue
            try:
                numbers[e164(written)] = None
            except ValueError:
                # The number called is reported with its row; agencies write anything into the other one.
                continue
        return tuple(Phone(number=number) for number in numbers)


def _emails(fields: Mapping[str, Any]) -> tuple[Email, ...]:
    written = fields.get("email")
    return (Email(address=written),) if written and "@" in written and len(written) <= 320 else ()
