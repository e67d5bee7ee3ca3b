"""Whose a vendor's row is: by a column of its own, by the account that it names, or by the number alone."""

from __future__ import annotations

from fdcpa_guard.facts.importers.context import Context
from fdcpa_guard.facts.importers.problems import ProblemKind


class Whose:
    """Finds the consumers of a row, and tells once for each way in which that was not certain.

    A number or account of several consumers gives the row to each of them: a call to a number that two people share
    may have been to either.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._told: set[str] = set()

    def by_account(self, account: str) -> tuple[str, ...]:
        """The account's consumers by the accounts file; where it has none, the account stands for its consumer."""
        found = self._context.options.consumers_by_debt.get(account)
        return tuple(found) if found else (account,)

    def by_number(self, number: str) -> tuple[str, ...]:
        """The number's consumers by the accounts file; where it has none, the number stands for its consumer."""
        found = self._context.options.consumers_by_number.get(number)
        if found:
            if len(found) > 1:
                self._tell(
                    "shared", "some numbers are on file for several consumers: a call to one stands in the log of each"
                )
            return tuple(found)
        self._tell(
            "number",
            "some rows tell only a number that is on file for nobody: such a number stands for a consumer of its own",
        )
        return (number,)

    def by_email(self, address: str) -> tuple[str, ...]:
        """The consumers of an email address, written as `one_address` does; where it has none, it stands for its consumer."""
        found = self._context.options.consumers_by_number.get(address)
        if found:
            if len(found) > 1:
                self._tell(
                    "shared email",
                    "some email addresses are on file for several consumers: an email to one stands in the log of each",
                )
            return tuple(found)
        self._tell(
            "email",
            "some rows tell only an email address that is on file for nobody: such an address stands for a consumer of its own",
        )
        return (address,)

    def _tell(self, what: str, message: str) -> None:
        if what not in self._told:
            self._told.add(what)
            self._context.reports.add(ProblemKind.ASSUMPTION, message)
