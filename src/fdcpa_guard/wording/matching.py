"""What texts say: one pass of all patterns at once, and a closer look at what that finds.

The pass is an automaton's, and so is each closer look: the time is linear in the text. Only then the words around a find
are asked whether they take its force away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fdcpa_guard.errors import GuardError
from fdcpa_guard.wording.lexicon import InScope, Lexicon, Pattern, Says
from fdcpa_guard.wording.patterns import trimmed
from fdcpa_guard.wording.plain import PlainText, plain_text
from fdcpa_guard.wording.scope import Scope, scope_of

_MEMORY: Final = 256 << 20
"""For the automaton of all patterns; it takes what it needs and no more."""


@dataclass(frozen=True, slots=True)
class Mention:
    """That a text says something, where and how surely. `start` and `stop` are characters of the text."""

    name: str
    discloses: bool
    sure: bool
    start: int
    stop: int
    pattern: str
    settled_by: str


class Matcher:
    """Lexicons, made ready once, to read texts by.

    Raises:
        GuardError: the library that searches is not there.
    """

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        re2 = _re2()
        self.patterns: tuple[Pattern, ...] = tuple(pattern for lexicon in lexicons for pattern in lexicon.patterns)
        options = re2.Options()
        options.max_mem = _MEMORY
        options.log_errors = False
        options.encoding = re2.Options.Encoding.LATIN1
        self._all: Any = re2.Set.SearchSet(options)
        for pattern in self.patterns:
            self._all.Add(pattern.expression.encode("ascii"))
        self._all.Compile()
        self._options = options
        self._each: list[Any] = [None] * len(self.patterns)

    def bare_pass(self, plain: bytes) -> Sequence[int]:
        """The numbers of the patterns that are found in a plain text, wherever and in whatever scope."""
        found: Sequence[int] | None = self._all.Match(plain) if self.patterns else None
        return found or ()

    def mentions(self, text: str) -> list[Mention]:
        """What a text says, in the order in which it stands there."""
        plain = plain_text(text)
        numbers = self.bare_pass(plain.plain)
        if not numbers:
            return []
        return _without_covered([mention for number in numbers for mention in self._found(number, plain)])

    def _found(self, number: int, plain: PlainText) -> Iterable[_Found]:
        pattern = self.patterns[number]
        search = self._each[number]
        if search is None:
            search = self._each[number] = _re2().compile(pattern.expression.encode("ascii"), options=self._options)
        for found in search.finditer(plain.plain):
            start, stop = trimmed(plain.plain, *found.span())
            if pattern.says is Says.NOTHING:
                yield _Found(pattern, start, stop, None, plain)
                continue
            scope = scope_of(plain.plain, start, stop, pattern.language, holds_denial=pattern.holds_denial)
            force = _force(pattern, scope)
            if force is not InScope.CLEAN:
                yield _Found(pattern, start, stop, force, plain)


@dataclass(frozen=True, slots=True)
class _Found:
    pattern: Pattern
    start: int
    stop: int
    force: InScope | None
    plain: PlainText

    def mention(self) -> Mention:
        pattern = self.pattern
        sure = pattern.says is Says.SURELY and self.force is InScope.ASSERTED
        start, stop = self.plain.span(self.start, self.stop)
        return Mention(pattern.name, pattern.discloses, sure, start, stop, pattern.id, pattern.settled_by)


_ORDER: Final = (InScope.ASSERTED, InScope.MAYBE, InScope.CLEAN)


def _force(pattern: Pattern, scope: Scope) -> InScope:
    """What is left of a find: the least of what its scopes leave."""
    found = InScope.ASSERTED
    for holds, leaves in (
        (scope.denied, InScope.MAYBE if scope.not_yet and pattern.denied is InScope.CLEAN else pattern.denied),
        (scope.supposed, pattern.supposed),
        (scope.quoted, pattern.quoted),
        (scope.reported, pattern.reported),
        (scope.asked, pattern.asked),
    ):
        if holds and _ORDER.index(leaves) > _ORDER.index(found):
            found = leaves
    return found


def _without_covered(found: Sequence[_Found]) -> list[Mention]:
    """The mentions, but for those that lie in words which a pattern knows to say no such thing."""
    covers = [(each.pattern.name, each.start, each.stop) for each in found if each.force is None]
    kept = {
        each.mention(): None
        for each in found
        if each.force is not None
        and not any(name == each.pattern.name and start <= each.start and each.stop <= stop for name, start, stop in covers)
    }
    return sorted(kept, key=lambda mention: (mention.start, mention.stop, mention.name, mention.pattern))


def _re2() -> Any:
    try:
        import re2
    except ImportError:
        raise GuardError(
            "reading words needs the library google-re2, which is not installed; install it with "
            "`pip install 'fdcpa-guard[letters]'`"
        ) from None
    return re2


__all__ = ["Matcher", "Mention"]
