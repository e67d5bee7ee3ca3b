"""Which names the conditions of a file may use, and where each was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fdcpa_guard.lang.core import Scope
from fdcpa_guard.lang.resolve import Names
from fdcpa_guard.source import Span
from fdcpa_guard.values import Type
from fdcpa_guard.vocabulary import load_vocabulary


@dataclass(slots=True)
class NameTable:
    """Parameters, blocks and definitions by name: those of a file and of the definitions above it.

    A name is entered before its body is read, so that a mistake in the body is reported once and not again by all who
    use the name. `broken` are parameters whose kind could not be told.
    """

    parameters: dict[str, Type] = field(default_factory=dict)
    counts: set[str] = field(default_factory=set)
    moments: dict[str, Scope] = field(default_factory=dict)
    truths: dict[str, bool] = field(default_factory=dict)
    """Standing, waiting, deadline; true where it may be used as of an entry."""
    definitions: dict[str, Scope] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    where: dict[str, Span] = field(default_factory=dict)
    _made: dict[Scope, Names] = field(default_factory=dict)

    def copy(self) -> NameTable:
        return NameTable(
            dict(self.parameters), set(self.counts), dict(self.moments), dict(self.truths), dict(self.definitions),
            set(self.broken), dict(self.where),
        )  # fmt: skip

    def usable_in(self, scope: Scope) -> Names:
        """What a condition of that scope may name. Blocks are of the communication, save standings as of an entry.

        Ask only once every name is entered: the answer is kept.
        """
        made = self._made.get(scope)
        if made is None:
            judged = scope is Scope.COMMUNICATION
            truths = {name for name, of_entry in self.truths.items() if judged or (of_entry and scope is Scope.ENTRY)}
            moments: Mapping[str, Scope] = self.moments if judged else {}
            made = self._made[scope] = Names(
                vocabulary=load_vocabulary(),
                scope=scope,
                parameters=self.parameters,
                counts=frozenset(self.counts if judged else ()),
                moments=moments,
                truths=frozenset(truths),
                definitions=self.definitions,
            )
        return made
