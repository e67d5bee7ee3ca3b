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
_FEW: Final = 1000
"""So many texts are read by the words that patterns need, and each such pattern. An automaton of all patterns is ten times
as fast, once it has met most of what texts say; until then it takes milliseconds a text."""


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
        self._options = re2.Options()
        self._options.max_mem = _MEMORY
        self._options.log_errors = False
        self._options.encoding = re2.Options.Encoding.LATIN1
        self._few: Any = re2.Filter()
        for pattern in self.patterns:
            self._few.Add(pattern.expression.encode("ascii"), self._options)
        if self.patterns:
            self._few.Compile()
        self._many: Any = None
        self._read = 0

    def _numbers(self, plain: bytes) -> Sequence[int]:
        """The patterns that are found in a plain text, wherever and in whatever scope: by either way the same."""
        if not self.patterns:
            return ()
        self._read += 1
        if self._read > _FEW:
            if self._many is None:
                self._many = self._automaton()
            return self._many.Match(plain) or ()
        return self._few.Match(plain) or ()

    def _automaton(self) -> Any:
        found = _re2().Set.SearchSet(self._options)
        for pattern in self.patterns:
            found.Add(pattern.expression.encode("ascii"))
        found.Compile()
        return found

    def mentions(self, text: str) -> list[Mention]:
        """What a text says, in the order in which it stands there."""
        plain = plain_text(text)
        found = [each for number in self._numbers(plain.plain) for each in self._found(number, plain)]
        return _without_covered(found) if found else []

    def _found(self, number: int, plain: PlainText) -> Iterable[_Found]:
        pattern = self.patterns[number]
        for found in self._few.re(number).finditer(plain.plain):
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
