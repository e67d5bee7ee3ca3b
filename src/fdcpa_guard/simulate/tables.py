"""The files of accounts, of events and of actions beside a simulated log."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from fdcpa_guard.simulate.clocks import at_text
from fdcpa_guard.simulate.notices import ITEMIZATION_COLUMNS, itemization, money
from fdcpa_guard.simulate.people import is_consumer_credit
from fdcpa_guard.simulate.planting import LETTER
from fdcpa_guard.simulate.records import Act, Debtor, LifeStory
from fdcpa_guard.simulate.writing import OutputFile

_PHONES: Final = 3
ACCOUNT_COLUMNS: Final = (
    "consumer_id", "debt_id", "debt_kind", "debt_group", "creditor", "account_suffix", "amount", "placed_at", "defaulted_at",
    "delinquent_since", "incurred_at", "limitations_ends", "status", "licence_type", "consumer_credit_transaction",
    "direct_motor_vehicle_loan", "annual_rate_basis_points", "language", "servicemember", "service_began_at",
    "home_line", "home_city", "home_state", "home_zip", "mailing_line", "mailing_city", "mailing_state", "mailing_zip",
    *(f"phone{number}{part}" for number in range(1, _PHONES + 1) for part in ("", "_line", "_place")),
    "phone1_checked_at", "phone1_given_for", "email1", "email1_place",
)  # fmt: skip
EVENT_COLUMNS: Final = (
    "consumer_id", "at", "type", "debt_ids", "attorney", "contact_known", "written", "channel", "address", "place", "from", "to",
    "given_in", "given_to", "medium", "amount", "mail_class", "language", "period_ends", "duplicative", "notice", "esign",
    "complete", "chapter", "negative", "agency_kind", "instalments", "oral", "by_designated_means", "scope_stated",
)  # fmt: skip
ACTION_COLUMNS: Final = (
    "consumer_id", "id", "at", "type", "debt_ids", "amount", "directed_to", "for_several_debts", "medium", "instrument", "accepted_on",
    "instrument_date", "notice_sent_on", "recurring", "differs_from_authorized", "written_notice", "venue", "venue_of_residence", "venue_of_contract", "seeks_default_judgment",
    "military_affidavit", "agency_kind", "negative", "marked_disputed", "delinquency_date", "content",
    "because_of_military_relief", "permitted_by_law", "transferee", "record", "record_of", "disposition",
)  # fmt: skip
_MILITARY_RATE: Final = 600
"""Hundredths of a percent: the limit for debts from before the service, to which the file keeps from the beginning."""


class AccountsFile:
    """A row a debt, with its consumer's fields, and its itemization where the log has the letters that state it."""

    def __init__(self, folder: Path, compress: bool, says: frozenset[str]) -> None:
        self._file = OutputFile(folder, "accounts.csv", compress)
        self.name = self._file.name
        self._itemized = LETTER in says
        columns = (*ACCOUNT_COLUMNS, *ITEMIZATION_COLUMNS) if self._itemized else ACCOUNT_COLUMNS
        self._file.write(",".join(columns) + "\n")

    def write(self, story: LifeStory) -> None:
        debtor = story.debtor
        consumer = _consumer_cells(debtor)
        rate = str(_MILITARY_RATE) if debtor.serves else ""
        for debt in debtor.debts:
            defaulted = date.fromordinal(debt.defaulted).isoformat()
            itemized = "".join(f",{cell}" for cell in itemization(debt)) if self._itemized else ""
            self._file.write(
                f"{debtor.id},{debt.id},{debt.kind},{debt.group},{debt.creditor},{debt.suffix},"
                f"{money(debt.cents)},{date.fromordinal(debt.placed).isoformat()},{defaulted},{defaulted},"
                f"{date.fromordinal(debt.incurred).isoformat()},{date.fromordinal(debt.last_day_to_sue).isoformat()},"
                f"open,{debt.licence},{'true' if is_consumer_credit(debt.kind) else 'false'},"
                f"{'false' if debt.kind == 'auto' else ''},{rate},{consumer}{itemized}\n"
            )

    def close(self) -> None:
        self._file.close()


def _consumer_cells(debtor: Debtor) -> str:
    home = debtor.home
    numbers = [f"{each.number},{each.line},{each.place}" for each in debtor.numbers]
    numbers += [",,"] * (_PHONES - len(numbers))
    at = f"{home.city},{home.state},{home.zip}"
    serves = f"true,{date.fromordinal(debtor.serves).isoformat()}" if debtor.serves else "false,"
    given = "|".join([debt.id for debt in debtor.debts]) if debtor.number_given else ""
    return (
        f"{debtor.language},{serves},{debtor.street},{at},{debtor.post_box},{at if debtor.post_box else ',,'},"
        f"{','.join(numbers)},{debtor.checked_at},{given},{debtor.email},{'personal' if debtor.email else ''}"
    )


class EventsFile:
    """A row an event. `id_of` names the communication in which a consent was given, as the log's importer does."""

    def __init__(self, folder: Path, compress: bool) -> None:
        self._file = OutputFile(folder, "events.csv", compress)
        self.name = self._file.name
        self._file.write(",".join(EVENT_COLUMNS) + "\n")
        self.rows = 0

    def write(self, story: LifeStory, given_in: dict[int, str]) -> None:
        """`given_in` has the id of each contact in which something was given, by its serial number."""
        zone = story.debtor.zone
        for learnt in story.learnt:
            said = learnt.said
            if learnt.given_in is not None:
                said = {**said, "given_in": given_in.get(learnt.given_in.serial, "")}
            cells = [said.get(name, "") for name in EVENT_COLUMNS[3:]]
            at = at_text(zone, learnt.day, learnt.second)
            self._file.write(f"{story.debtor.id},{at},{learnt.type},{','.join(cells)}\n")
        self.rows += len(story.learnt)

    def close(self) -> None:
        self._file.close()


class ActionsFile:
    """A row an act of the collector that is no communication."""

    def __init__(self, folder: Path, compress: bool) -> None:
        self._file = OutputFile(folder, "actions.csv", compress)
        self.name = self._file.name
        self._file.write(",".join(ACTION_COLUMNS) + "\n")
        self.rows = 0

    @staticmethod
    def id_of(story: LifeStory, act: Act) -> str:
        return f"{story.debtor.id}-a{act.serial}"

    def write(self, story: LifeStory) -> None:
        zone = story.debtor.zone
        for act in story.acts:
            cells = [act.said.get(name, "") for name in ACTION_COLUMNS[5:]]
            cells = [f'"{cell}"' if "," in cell else cell for cell in cells]
            self._file.write(
                f"{story.debtor.id},{self.id_of(story, act)},{at_text(zone, act.day, act.second)},{act.type},"
                f"{'|'.join(act.debts)},{','.join(cells)}\n"
            )
        self.rows += len(story.acts)

    def close(self) -> None:
        self._file.close()
