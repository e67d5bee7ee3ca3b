"""What a name in a condition stands for: a fact, a parameter, a block, a field of one, or a shared condition.

A name that stands for nothing, or for something that is not in scope here, is an error, with the nearest name that is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from fdcpa_guard.errors import RuleError, UnknownNameError
from fdcpa_guard.lang import core, syntax
from fdcpa_guard.lang.core import Scope
from fdcpa_guard.values import Kind, Type
from fdcpa_guard.vocabulary import Vocabulary, closest

TRUTH: Final = Type(Kind.TRUTH)


@dataclass(frozen=True)
class Names:
    """What a condition may name, beside the facts of the vocabulary, and what it is about.

    The caller puts in `counts`, `moments` and `truths` only what may be used in this place: in a condition on entries,
    a `standing` that is judged as of the entry.
    """

    vocabulary: Vocabulary
    scope: Scope
    parameters: Mapping[str, Type]
    """Of a duration, `names` holds its units (`hours`), one for each dated value; None where they are not known."""
    counts: Collection[str]
    moments: Mapping[str, Scope]
    """Each `latest` and `earliest` block, and whether it gives an entry or an event."""
    truths: Collection[str]
    """`standing`, `waiting` and `deadline` blocks."""
    definitions: Mapping[str, Scope]
    """Shared conditions, and what each is about."""


class Resolver:
    """Resolves the names of one condition. One that cannot be gives None, and its error is added to `errors`."""

    def __init__(self, names: Names, errors: list[RuleError]) -> None:
        self.names = names
        self.facts = names.vocabulary.facts
        self.errors = errors

    def known(self, text: str) -> bool:
        names = self.names
        return (
            text in names.parameters or text in names.counts or text in names.moments
            or text in names.truths or text in names.definitions
        )  # fmt: skip

    def resolve(self, name: syntax.Name) -> core.Value | None:
        text, span, names = name.text, name.span, self.names
        fact = self.facts.get(text)
        if fact is not None:
            return core.Fact(text, fact.type, span) if self.in_scope(fact.subject, name) else None
        if text in names.parameters:
            return core.Parameter(text, names.parameters[text], span)
        if text in names.counts:
            return core.CountOf(text, Type(Kind.COUNT), span)
        if text in names.moments:
            return core.Moment(text, Type(Kind.MOMENT), span)
        if text in names.truths:
            return core.BlockTruth(text, TRUTH, span)
        if text in names.definitions:
            return core.Definition(text, TRUTH, span) if self.definition_in_scope(name) else None
        block, dot, field = text.partition(".")
        if dot and block in names.moments:
            return self.moment_field(name, block, field)
        self.errors.append(UnknownNameError(*self.unknown(name), span, self.suggestion(text)))
        return None

    def moment_field(self, name: syntax.Name, block: str, field: str) -> core.Value | None:
        prefix = self.names.moments[block].value
        fact = self.facts.get(f"{prefix}.{field}")
        if fact is not None:
            return core.MomentField(block, fact.name, fact.type, name.span)
        near = closest(f"{prefix}.{field}", (known for known in self.facts if known.startswith(prefix + ".")))
        hint = f"did you mean `{block}.{near.partition('.')[2]}`?" if near else None
        self.errors.append(UnknownNameError(f"`{block}` is an {prefix}, and has no `{field}`", name.span, hint))
        return None

    def in_scope(self, subject: str, name: syntax.Name) -> bool:
        """Whether a fact about an entry or event stands in a condition on one."""
        if subject not in (Scope.ENTRY.value, Scope.EVENT.value) or subject == self.names.scope.value:
            return True
        here = self.names.scope
        about = "the communication judged" if here is Scope.COMMUNICATION else f"an {here.value}"
        hint = None
        if here is Scope.COMMUNICATION:
            hint = f"a `latest` or `earliest` block gives an {subject} whose fields may be named here"
        self.errors.append(
            UnknownNameError(f"`{name.text}` is of an {subject}, and this condition is about {about}", name.span, hint)
        )
        return False

    def definition_in_scope(self, name: syntax.Name) -> bool:
        about, here = self.names.definitions[name.text], self.names.scope
        if about is Scope.COMMUNICATION or about is here:
            return True
        of_here = "the communication judged" if here is Scope.COMMUNICATION else f"an {here.value}"
        self.errors.append(
            UnknownNameError(
                f"`{name.text}` is about an {about.value}, and this condition is about {of_here}", name.span
            )
        )
        return False

    def unknown(self, name: syntax.Name) -> tuple[str]:
        what = "no fact" if "." in name.text else "no parameter, block or definition"
        return (f"{what} is called `{name.text}`",)

    def suggestion(self, text: str) -> str | None:
        names, here = self.names, self.names.scope.value
        facts = [
            fact.name for fact in self.facts.values() if fact.subject not in ("entry", "event") or fact.subject == here
        ]
        if "." not in text:
            own = [*names.parameters, *names.counts, *names.moments, *names.truths, *names.definitions]
            near = closest(text, own)
            if near is None and f"{here}.{text}" in self.facts:
                near = f"{here}.{text}"
        else:
            near = closest(text, facts)
        return f"did you mean `{near}`?" if near else None
