"""Runs the cases that stand beside limitation periods: is a debt barred, open, or is it unknown, under that one law?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from datetime import date as calendar_date

from fdcpa_guard.engine.limitations import TimeBar, limitation_of
from fdcpa_guard.facts.bind import ConsumerFile, World, file_of
from fdcpa_guard.facts.debts import DebtOf
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.locations import Location
from fdcpa_guard.facts.models import Communication
from fdcpa_guard.facts.reading import scenario_of
from fdcpa_guard.rulefile.limitation_cases_file import DEBT, LimitationCase
from fdcpa_guard.rulefile.limitations import LimitationTables

_ANSWERS = {True: "barred", False: "open", None: "unknown"}
_NOON = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class ReadyLimitationCase:
    """A case with its facts bound: the same for the law and for every mutant of it."""

    case: LimitationCase
    judged: Entry
    debt: DebtOf
    file: ConsumerFile

    def answer(self, tables: LimitationTables) -> TimeBar:
        """What the periods say of the debt, whose governing law is that of the file."""
        return limitation_of(tables, self.judged, self.debt, self.file, _IN_NO_STATE)

    def differences(self, tables: LimitationTables) -> Iterator[str]:
        """What the case states and the periods do not bear out."""
        found = self.answer(tables)
        answer = _ANSWERS[found.barred]
        if answer != self.case.expect:
            periods = "; ".join(f"{each.period.id}: {each.said()}" for each in found.looked)
            lacked = f", lacking {', '.join(found.lacked)}" if found.lacked else ""
            yield f"expected {self.case.expect}, found {answer}{lacked} ({periods or 'no period'})"
        for name in self.case.unknown or ():
            if name not in found.lacked:
                yield f"unknown: expected {name} among {', '.join(found.lacked) or 'none'}"


_IN_NO_STATE = World(Location(state=None, city=None, zone="UTC", because="the law is given, and days are those of UTC"))


def ready(case: LimitationCase) -> ReadyLimitationCase:
    """A case with its facts bound. Raises GuardError where a fact is wrong."""
    file = file_of(scenario_of(case.scenario))
    noon = datetime.combine(calendar_date.fromordinal(case.on), time(), UTC) + _NOON
    return ReadyLimitationCase(case, Entry(Communication(at=noon), of_log=False), file.debt(DEBT), file)
