"""Why contacts are stopped: of very many at once, by columns; one by one where a reason tells what was counted or said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from fdcpa_guard.engine.columnar.accounts import Accounts
from fdcpa_guard.engine.decision import Verdict
from fdcpa_guard.engine.findings import message_of, message_of_unknown
from fdcpa_guard.engine.verdicts import OpenAccount
from fdcpa_guard.errors import BackendDisagreement
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.scrubbing.engines import PROVED
from fdcpa_guard.scrubbing.judging import tell_without_account
from fdcpa_guard.scrubbing.partitions.cuts import Places
from fdcpa_guard.scrubbing.partitions.flags import UNKNOWN_KIND, Judging
from fdcpa_guard.scrubbing.partitions.pieces import Flags
from fdcpa_guard.scrubbing.partitions.planned import Ints, PlannedContacts


@dataclass(frozen=True, slots=True)
class Why:
    """The ids and citations of the rules that make a decision what it is, the message of the first, and the facts that would
    settle it."""

    rules: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    reason: str | None = None
    unknown: tuple[str, ...] = ()


@dataclass(slots=True)
class Stopped:
    """Contacts at instants at which they are not allowed: what each comes to, and the flags of each by its place among them."""

    contact: Ints
    at: Ints
    outcome: Ints
    flags: Flags


@dataclass(frozen=True, slots=True)
class Source:
    """Where accounts come from: by columns, of all that are stopped in their order; and one by one from the file of each."""

    accounts: Callable[[], Accounts]
    file_of: Callable[[int], ConsumerFile]


class Reasons:
    """Tells why the contacts of one partition are stopped."""

    def __init__(self, judging: Judging, contacts: PlannedContacts, places: Places) -> None:
        self._judging, self._contacts, self._places = judging, contacts, places
        self._messages: dict[tuple[int, int], str | None] = {}
        self._named: dict[tuple[int, ...], tuple[tuple[str, ...], tuple[str, ...]]] = {}

    def of(self, stopped: Stopped, source: Source) -> list[Why]:
        """Of each in order.

        Raises:
            BackendDisagreement: columns tell one that is asked of the definition too otherwise than that.
        """
        flags = stopped.flags
        flags = flags.take(np.flatnonzero((flags.consequence == stopped.outcome[flags.place]) & flags.stands))
        return _Telling(self, stopped, flags, source).whys()

    def named(self, rules: tuple[int, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The ids and the citations of some rules."""
        known = self._named.get(rules)
        if known is None:
            told = [self._judging.rules[rule] for rule in rules]
            known = self._named[rules] = tuple(rule.id for rule in told), tuple(rule.cite for rule in told)
        return known

    def message(self, rule: int, contact: int, at: int) -> str | None:
        """The message of a violation that names nothing that was counted or found in a text; None of any other, and where the
        day is not known."""
        day = self._places.worlds[contact][0].day(at)
        if day is None:
            return None
        if (rule, day) not in self._messages:
            flag = self._judging.flag(rule, 0)
            tell_without_account(flag, day)
            self._messages[rule, day] = None if flag.first is None else message_of(flag)
        return self._messages[rule, day]

    def rule(self, number: int) -> Rule:
        return self._judging.rules[number]

    def is_of(self, account: OpenAccount, rule: int, kind: int) -> bool:
        """Whether an account is of what was flagged."""
        flag = self._judging.flag(rule, kind)
        said = account.verdict, account.locations_disagree, account.missing
        return said == (flag.verdict, flag.locations_disagree, flag.missing)

    def by_definition(
        self, stopped: Stopped, number: int, telling: Sequence[tuple[int, int]], file: ConsumerFile
    ) -> tuple[str, tuple[str, ...]]:
        """The message of the first of some flags, and the facts that would settle all."""
        contact, at = int(stopped.contact[number]), int(stopped.at[number])
        entry = self._contacts.entry(contact).moved_to(at)
        made = [self._judging.flag_of(rule, kind, entry, file) for rule, kind in telling]
        unknown = {name for flag in made if flag.verdict is Verdict.UNKNOWN for name in flag.account.lacked}
        if (day := self._places.worlds[contact][0].day(at)) is not None:
            tell_without_account(made[0], day)
        return message_of(made[0]), tuple(sorted(unknown))


class _Telling:
    """Why some contacts are stopped. `flags` are those that tell it."""

    def __init__(self, reasons: Reasons, stopped: Stopped, flags: Flags, source: Source) -> None:
        self._reasons, self._stopped, self._flags, self._source = reasons, stopped, flags, source
        self._accounts: list[OpenAccount | None] = [None] * len(flags.rule)
        """Those of flags that are unknown."""
        self._untold = np.zeros(len(stopped.contact), bool)
        """Of which of the stopped the definition is asked."""
        self._lacked_by: dict[tuple[int, ...], tuple[str, ...]] = {}
        self._messages: dict[int, str] = {}

    def whys(self) -> list[Why]:
        self._by_columns()
        flags = self._flags
        bounds = np.searchsorted(flags.place, np.arange(len(self._untold) + 1)).tolist()
        rules, kinds = flags.rule.tolist(), flags.kind.tolist()
        found: list[Why] = []
        proved = len(self._untold) // 2 % PROVED
        for number, untold in enumerate(self._untold.tolist()):
            first, stop = bounds[number : number + 2]
            told = None if untold else self._told(number, first, stop, rules[first], kinds[first])
            if told is None or number % PROVED == proved:
                telling = list(zip(rules[first:stop], kinds[first:stop], strict=True))
                by_definition = self._reasons.by_definition(self._stopped, number, telling, self._source.file_of(number))
                if told is not None and told != by_definition:
                    rule_id = self._reasons.rule(rules[first]).id
                    raise BackendDisagreement(rule_id, "a planned contact", f"columns tell {told}, the definition {by_definition}")
                told = by_definition
            found.append(Why(*self._reasons.named(tuple(rules[first:stop])), *told))
        return found

    def _told(self, number: int, first: int, stop: int, rule: int, kind: int) -> tuple[str, tuple[str, ...]] | None:
        """The message of the first of its flags, and the facts that would settle all; None where columns do not tell it."""
        account = self._accounts[first]
        if account is not None:
            return self._message(account), self._lacked(first, stop)
        stopped = self._stopped
        reason = self._reasons.message(rule, int(stopped.contact[number]), int(stopped.at[number])) if kind == 0 else None
        return None if reason is None else (reason, self._lacked(first, stop))

    def _by_columns(self) -> None:
        flags = self._flags
        open_ = np.flatnonzero(flags.kind & UNKNOWN_KIND)
        if len(open_) == 0:
            return
        accounts = self._source.accounts()
        for number in np.unique(flags.rule[open_]).tolist():
            rows = open_[flags.rule[open_] == number]
            told = accounts.of(self._reasons.rule(number), flags.place[rows])
            if told is None:
                self._untold[flags.place[rows]] = True
                continue
            for row, account in zip(rows.tolist(), told, strict=True):
                if self._reasons.is_of(account, number, int(flags.kind[row])):
                    self._accounts[row] = account
                else:
                    self._untold[flags.place[row]] = True

    def _message(self, account: OpenAccount) -> str:
        known = self._messages.get(id(account))
        if known is None:
            known = self._messages[id(account)] = message_of_unknown(account)
        return known

    def _lacked(self, first: int, stop: int) -> tuple[str, ...]:
        """The facts that would settle the unknowns among some flags, by name."""
        accounts = self._accounts[first:stop]
        key = tuple(map(id, accounts))
        known = self._lacked_by.get(key)
        if known is None:
            names = {name for each in accounts if each is not None for name in each.lacked}
            known = self._lacked_by[key] = tuple(sorted(names))
        return known
