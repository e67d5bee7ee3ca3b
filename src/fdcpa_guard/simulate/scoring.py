"""How much of what was planted an audit found, and how much else it found, by rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class RuleScore:
    """Of one rule: `planted` violations, those `found` of them, and findings on communications that it was not planted on.

    `companions` are findings of the rule on communications planted for other rules, where the truth does not say that
    this rule may find them too; `wrong` are those on communications on which nothing was planted.
    """

    planted: int
    found: int
    wrong: int
    companions: int

    @property
    def recall(self) -> float | None:
        """None where nothing was planted."""
        return self.found / self.planted if self.planted else None

    @property
    def precision(self) -> float | None:
        """None where nothing was found. Companions are neither right nor wrong."""
        return self.found / (self.found + self.wrong) if self.found + self.wrong else None


@dataclass(frozen=True, slots=True)
class Score:
    """The whole, and each rule by its id. `missed` are (rule, communication); `wrong` (rule, communication, consumer).

    Of a deadline that passed, which no communication breaks, the consumer stands for the communication in `missed`.
    """

    rules: dict[str, RuleScore]
    missed: tuple[tuple[str, str], ...]
    wrong: tuple[tuple[str, str, str], ...]
    undecided: int

    @property
    def recall(self) -> float | None:
        planted = sum(each.planted for each in self.rules.values())
        return sum(each.found for each in self.rules.values()) / planted if planted else None

    @property
    def precision(self) -> float | None:
        found = sum(each.found for each in self.rules.values())
        wrong = sum(each.wrong for each in self.rules.values())
        return found / (found + wrong) if found + wrong else None


def score(truth: Path, findings: Path) -> Score:
    """Hold an audit's findings.jsonl against a simulation's truth.jsonl.

    A rule has found a planted violation where it has a finding `violated` on that communication, or one that stops it
    because the places in which the consumer may be disagree; where the truth names no communication, on any of the
    consumer's. A communication stands for an action, too. Other unknown findings are counted as undecided and decide
    nothing here. Memory grows with what was planted and with what was found wrongly.
    """
    wanted: dict[str, frozenset[str]] = {}
    may_be: dict[str, frozenset[str]] = {}
    planted: Counter[str] = Counter()
    overdue: dict[str, frozenset[str]] = {}
    for line in _lines(truth):
        if line["communication"] is None:
            overdue[line["consumer_id"]] = frozenset(line["rules"])
        else:
            wanted[line["communication"]] = frozenset(line["rules"])
            may_be[line["communication"]] = frozenset(line["also"])
        planted.update(line["rules"])
    found: defaultdict[str, set[str]] = defaultdict(set)
    wrong: list[tuple[str, str, str]] = []
    companions: Counter[str] = Counter()
    undecided = 0
    for line in _lines(findings):
        rule, communication = line["rule"], line["communication"]
        if line["status"] != "violated" and line["consequence"] != "block":
            undecided += 1
        elif rule in overdue.get(line["consumer_id"], ()):
            found[rule].add(line["consumer_id"])
        elif communication not in wanted:
            wrong.append((rule, communication or "", line["consumer_id"]))
        elif rule in wanted[communication]:
            found[rule].add(communication)
        elif rule not in may_be[communication]:
            companions[rule] += 1
    of_wrong = Counter(rule for rule, _, _ in wrong)
    names = sorted({*planted, *found, *of_wrong, *companions})
    return Score(
        rules={name: RuleScore(planted[name], len(found[name]), of_wrong[name], companions[name]) for name in names},
        missed=tuple(
            (rule, communication)
            for communication, rules in (*wanted.items(), *overdue.items())
            for rule in sorted(rules)
            if communication not in found[rule]
        ),
        wrong=tuple(wrong),
        undecided=undecided,
    )


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for line in file:
            yield orjson.loads(line)
