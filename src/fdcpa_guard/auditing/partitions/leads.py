"""Rows that tell of a lead besides their call, of which only what is new is told.

What is new, the importer of the rows knows, which reads those that are left to it after a batch. So of a lead in the batch either all
rows are left to it; or they agree on the lead, and then at most the first, where that is news.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fdcpa_guard.facts.importers.lead import LeadFacts


def left_to_tell(
    lead: LeadFacts, consumers: Sequence[str], said: Iterable[tuple[str | None, ...]], apart: frozenset[str]
) -> list[int]:
    """The places of the rows that the importer has to read, by whose they are and what they say of the lead. `apart` are those of
    whom it reads other rows of the batch."""
    places: dict[str, list[int]] = {}
    first: dict[str, tuple[str | None, ...]] = {}
    left: set[str] = set(apart)
    news: list[int] = []
    for place, (consumer, each) in enumerate(zip(consumers, said, strict=True)):
        places.setdefault(consumer, []).append(place)
        before = first.setdefault(consumer, each)
        if before is not each:
            if before != each:
                left.add(consumer)
        elif not lead.has_told(consumer, each):
            news.append(place)
    found = {place for consumer in left for place in places.get(consumer, ())}
    return sorted(found.union(news))
