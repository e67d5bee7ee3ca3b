"""Which of the facts that rules read a log states at all: what nobody ever says, no rule can use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from fdcpa_guard.audit.tally import STATED, Tally
from fdcpa_guard.facts.bind import ConsumerFile, DebtOf, Entry
from fdcpa_guard.rulefile.model import Rule
from fdcpa_guard.rulefile.walk import facts_read
from fdcpa_guard.vocabulary import load_vocabulary

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
            if known.supplier == "document" or name in _DERIVED:
                names.add(name)
    return tuple(sorted(names))


class StatedFacts:
    """Looks at communications until every fact was seen once, and at no fact again that was."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._communication: list[tuple[str, str]] = []
        self._debt: list[tuple[str, str]] = []
        self._consumer: list[tuple[str, str]] = []
        for name in stateable_facts(rules):
            subject, _, field = name.partition(".")
            slot = field.replace(".", "_")
            if subject == "communication":
                self._communication.append((name, slot))
            elif subject == "debt":
                self._debt.append((name, slot))
            else:
                self._consumer.append((name, slot))

    def look(self, entry: Entry, file: ConsumerFile, tally: Tally) -> None:
        """Note which facts this communication, its debts and its consumer state."""
        if self._communication:
            self._communication = _unstated(self._communication, _SLOTS_OF_FILE, entry, file, tally)
        for debt in file.debts.values() if self._debt else ():
            self._debt = _unstated(self._debt, {}, debt, file, tally)
        if self._consumer:
            self._consumer = [
                (name, slot) for name, slot in self._consumer if not _stated(_of_file(name, slot, file), name, tally)
            ]


_SLOTS_OF_FILE: Final[Mapping[str, Callable[[ConsumerFile, Entry], object]]] = {
    "place": ConsumerFile.place_of,
    "line": ConsumerFile.line_of,
}
"""What the file may say of a communication's number where the communication itself does not."""


def _unstated(
    wanted: list[tuple[str, str]],
    of_file: Mapping[str, Callable[[ConsumerFile, Entry], object]],
    of: Entry | DebtOf,
    file: ConsumerFile,
    tally: Tally,
) -> list[tuple[str, str]]:
    left: list[tuple[str, str]] = []
    for name, slot in wanted:
        read = of_file.get(slot)
        value = getattr(of, slot) if read is None or not isinstance(of, Entry) else read(file, of)
        if not _stated(value, name, tally):
            left.append((name, slot))
    return left


def _of_file(name: str, slot: str, file: ConsumerFile) -> object:
    if name.startswith("collector."):
        return getattr(file.collector, slot)
    return file.working_hours if slot == "at_work_now" else getattr(file.consumer, slot, None)


def _stated(value: object, name: str, tally: Tally) -> bool:
    if value is None:
        return False
    tally.add(STATED, name, STATED)
    return True
