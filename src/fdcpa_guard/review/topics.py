"""Which words a rule uses, from which its topics in the catalogue follow."""

from __future__ import annotations

from fdcpa_guard.lang import core
from fdcpa_guard.rulefile.model import Count, Deadline, Limitation, Rule, Waiting
from fdcpa_guard.rulefile.walk import conditions_of, facts_read, selections_of, tests_of, values_of


def words_used(rule: Rule) -> frozenset[str]:
    """Fields of the facts it reads, names it compares them with, events it looks at, and the sorts of its blocks."""
    words = {fact.partition(".")[2] for fact in facts_read(rule)}
    for condition in conditions_of(rule):
        for test in tests_of(condition):
            words.update(
                value.value
                for value in values_of(test)
                if isinstance(value, core.Literal) and isinstance(value.value, str)
            )
    for select in selections_of(rule):
        words.update(select.events or ())
        words.update(select.entries or ())
    words.update(rule.reaches)
    for block in rule.blocks.values():
        match block:
            case Count():
                words.add("counts")
            case Waiting():
                words.add("waiting")
            case Deadline():
                words.add("deadline")
            case Limitation():
                words.add("limitations_ends")
            case _:
                pass
    if rule.must_contain or rule.must_not_contain:
        words.add("content")
    if any("employer" in word for word in words):
        words.add("employer")
    return frozenset(words)
