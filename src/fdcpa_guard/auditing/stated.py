"""Which of the facts that rules read a log states at all: what nobody ever says, no rule can use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from fdcpa_guard.auditing.tally import STATED, Tally
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.debts import DebtOf
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.models import Collector, Consumer
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.rulefile.walk import facts_read
from fdcpa_guard.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from fdcpa_guard.auditing.partitions.clean import CleanLogs

_DERIVED: Final = frozenset({"communication.line", "consumer.at_work_now"})
"""Worked out, but from a field that a file has or has not."""


def stateable_facts(rules: Iterable[Rule]) -> tuple[str, ...]:
    """The facts of communications, debts, consumers and the collector that the rules read and a document may state."""
    facts = load_vocabulary().facts
    names: set[str] = set()
    for rule in rules:
        for name in facts_read(rule):
            # An entry of the log has the fields of a communication.
            name = f"communication.{name.removeprefix('entry.')}" if name.startswith("entry.") else name
            known = facts.get(name)
            if name.startswith("event.") or known is None:
                continue
            if (known.supplier == "document" or name in _DERIVED) and _is_field(name):
                names.add(name)
    return tuple(sorted(names))


def _is_field(name: str) -> bool:
    """Whether the fact is a field of its own, so that its absence can be seen."""
    subject, _, slot = name.partition(".")
    match subject:
        case "communication":
            return hasattr(Entry, slot.replace(".", "_")) or name in _DERIVED
        case "debt":
            return slot in DebtOf.__slots__
        case "consumer":
            return slot in Consumer.model_fields or name in _DERIVED
        case _:
            return slot in Collector.model_fields


class StatedFacts:
    """Notes in `tally` which facts were seen at least once; a fact that was is not looked at again."""

    def __init__(self, rules: Iterable[Rule], tally: Tally) -> None:
        self._begin(stateable_facts(rules), tally)

    def anew(self, tally: Tally) -> StatedFacts:
        """The same facts, none of them seen yet."""
        other = copy(self)
        other._begin(self._names, tally)
        return other

    def _begin(self, names: Sequence[str], tally: Tally) -> None:
        self._names = names
        self._tally = tally
        self._of_entries = _Wanted(name for name in names if name.startswith("communication."))
        self._of_debts = _Wanted(name for name in names if name.startswith("debt."))
        self._of_file = [name for name in names if not name.startswith(("communication.", "debt."))]

    def entry(self, entry: Entry, file: ConsumerFile) -> None:
        """A communication; of its number, what the file says of that."""
        wanted = self._of_entries
        if wanted.states_any(entry):
            self._note(wanted.take(entry))
        for name, read in _OF_NUMBERS.items():
            if wanted.has(name) and read(file, entry) is not None:
                wanted.drop(name)
                self._note((name,))

    def file(self, file: ConsumerFile) -> None:
        """A consumer, the debts and the collector."""
        for debt in file.debts.values():
            if self._of_debts.states_any(debt):
                self._note(self._of_debts.take(debt))
        stated = [name for name in self._of_file if _of_file(name, file) is not None]
        if stated:
            self._note(stated)
            self._of_file = [name for name in self._of_file if name not in stated]

    def many(self, logs: CleanLogs) -> None:
        """Many consumers at once: communications by columns, and the rest one by one."""
        wanted = self._of_entries
        found = [name for name in wanted.names() if logs.states(name)]
        for name in found:
            wanted.drop(name)
        self._note(found)
        for file in logs.files():
            self.file(file)

    def _note(self, names: Iterable[str]) -> None:
        for name in names:
            self._tally.add(STATED, name, STATED)


_OF_NUMBERS: Final[Mapping[str, Callable[[ConsumerFile, Entry], object]]] = {
    "communication.place": ConsumerFile.place_of,
    "communication.line": ConsumerFile.line_of,
}


class _Wanted:
    """Facts that are attributes of one sort of object and were not seen yet; all of them are read at once."""

    def __init__(self, names: Iterable[str]) -> None:
        self._slots = {name: name.partition(".")[2].replace(".", "_") for name in names}
        self._others = {name for name in self._slots if name in _OF_NUMBERS}
        self._aim()

    def has(self, name: str) -> bool:
        return name in self._slots

    def names(self) -> tuple[str, ...]:
        return tuple(self._slots)

    def drop(self, name: str) -> None:
        del self._slots[name]
        self._aim()

    def states_any(self, of: object) -> bool:
        return self._read is not None and any(value is not None for value in self._read(of))

    def take(self, of: object) -> list[str]:
        """The facts that `of` states, no longer wanted."""
        names = [name for name in self._plain if getattr(of, self._slots[name]) is not None]
        for name in names:
            del self._slots[name]
        self._aim()
        return names

    def _aim(self) -> None:
        self._plain = [name for name in self._slots if name not in self._others]
        slots = [self._slots[name] for name in self._plain]
        # Given one name, attrgetter gives a value and no tuple.
        self._read = attrgetter(*slots, *slots[:1]) if slots else None


def _of_file(name: str, file: ConsumerFile) -> object:
    subject, _, slot = name.partition(".")
    if subject == "collector":
        return getattr(file.collector, slot)
    return file.working_hours if slot == "at_work_now" else getattr(file.consumer, slot, None)
