"""From the untyped tree of a condition to the typed one: names resolved, types compared, every mistake named.

A condition that passes has nothing left to guess. What passes is decided so that no slip of the pen becomes a test that
silently never holds: an outcome is compared only with an outcome of that fact, a clock only with the same clock.
"""

from __future__ import annotations

from typing import Final, assert_never

from fdcpa_guard.errors import (
    ConditionSyntaxError,
    RuleError,
    RuleErrors,
    TypeMismatchError,
    UnknownNameError,
)
from fdcpa_guard.lang import core, syntax
from fdcpa_guard.lang.check_hints import NOUNS, alone_hint, described, kind_hint, noun, other_operator, time_hint
from fdcpa_guard.lang.operators import BY_WORDS, Operator
from fdcpa_guard.lang.parse import Locate, parse_condition
from fdcpa_guard.lang.resolve import Names, Resolver
from fdcpa_guard.source import Span
from fdcpa_guard.values import Duration, Kind, Type, Unit
from fdcpa_guard.vocabulary import closest

__all__ = ["check_condition", "read_condition"]

_FINER_THAN_A_DAY: Final = frozenset({Unit.HOURS.value, Unit.MINUTES.value})
_TRUTHS: Final = (core.Fact, core.MomentField, core.BlockTruth, core.Definition)


def read_condition(text: str, locate: Locate, names: Names) -> core.Condition:
    """The typed tree of a condition.

    Raises:
        RuleErrors: every error of the condition; where its syntax is wrong, that one alone.
    """
    try:
        tree = parse_condition(text, locate)
    except ConditionSyntaxError as error:
        raise RuleErrors([error]) from None
    return check_condition(tree, names)


def check_condition(tree: syntax.Condition, names: Names) -> core.Condition:
    """The typed tree of an untyped one.

    Raises:
        RuleErrors: every error of the condition.
    """
    checker = _Checker(names)
    checked = checker.condition(tree)
    if checked is None or checker.errors:
        raise RuleErrors(checker.errors)
    return checked


class _Checker:
    """Walks one condition. A part with a mistake gives None, and the walk goes on, so that all are found."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.errors: list[RuleError] = []
        self.resolver = Resolver(names, self.errors)

    def mismatch(self, message: str, span: Span, hint: str | None = None) -> None:
        self.errors.append(TypeMismatchError(message, span, hint))

    # -- conditions ------------------------------------------------------------------------------------------------

    def condition(self, tree: syntax.Condition) -> core.Condition | None:
        match tree:
            case syntax.AllOf(parts, span):
                checked = self.conditions(parts)
                return None if checked is None else core.AllOf(checked, span)
            case syntax.AnyOf(parts, span):
                checked = self.conditions(parts)
                return None if checked is None else core.AnyOf(checked, span)
            case syntax.Negation(part, span):
                inner = self.condition(part)
                return None if inner is None else core.Not(inner, span)
            case syntax.Comparison():
                return self.comparison(tree)
            case syntax.Membership():
                return self.membership(tree)
            case syntax.Containment():
                return self.containment(tree)
            case syntax.PresenceTest():
                return self.presence(tree)
            case syntax.Nearness():
                return self.nearness(tree)
            case syntax.Alone():
                return self.alone(tree)
            case _:
                assert_never(tree)

    def conditions(self, parts: tuple[syntax.Condition, ...]) -> tuple[core.Condition, ...] | None:
        checked = [self.condition(part) for part in parts]
        found = tuple(part for part in checked if part is not None)
        return found if len(found) == len(checked) else None

    def alone(self, tree: syntax.Alone) -> core.Condition | None:
        value = self.resolver.resolve(tree.name)
        if value is None:
            return None
        if value.type.kind is Kind.TRUTH and isinstance(value, _TRUTHS):
            return core.Holds(value, tree.span)
        hint = None
        if value.type.kind is Kind.MOMENT:
            hint = f"write `{tree.name.text} is present` or `{tree.name.text} is absent`"
        self.mismatch(f"expected a test, found `{tree.name.text}` alone, which is {noun(value.type)}", tree.span, hint)
        return None

    def comparison(self, tree: syntax.Comparison) -> core.Condition | None:
        operator = BY_WORDS[tree.words]
        left = self.resolver.resolve(tree.left)
        if left is None:
            if isinstance(tree.right, syntax.Constant):
                return None
            if not self.resolver.known(tree.right.text):
                return None  # most likely a name of the closed list of the fact on the left, which is not known
            self.resolver.resolve(tree.right)
            return None
        if not self.comparable(left, operator, tree):
            return None
        if isinstance(tree.right, syntax.Name) and tree.right.text == "unknown":
            if "unknown" in (left.type.names or ()):
                self.two_readings(tree.left.text, tree.span, negated=True)
            else:
                span = tree.right.span
                self.mismatch("`unknown` is no value", span, f"write `{tree.left.text} is known`")
            return None
        right = self.opposite(tree.right, left)
        if right is None:
            return None
        if isinstance(left, core.Parameter) and isinstance(right, core.Parameter | core.Literal):
            self.mismatch("expected a fact on one side, found constants on both", tree.span)
            return None
        if not self.agree(left, right, tree.span):
            return None
        return core.Compare(operator, left, right, tree.span)

    def comparable(self, left: core.Value, operator: Operator, tree: syntax.Comparison) -> bool:
        """Whether the operator takes values of the left side's kind."""
        kind, name, span = left.type.kind, tree.left.text, tree.span
        if kind is Kind.TRUTH:
            self.mismatch(f"`{name}` is true or false by itself and is not compared", span, alone_hint(tree))
        elif kind is Kind.MOMENT:
            prefix = self.names.moments[name].value
            field = f"{prefix}.day" in self.names.vocabulary.facts
            self.mismatch(
                f"`{name}` is an {prefix}, not a value",
                tree.left.span,
                f"name one of its fields, such as `{name}.day`" if field else None,
            )
        elif kind in (Kind.TEXTS, Kind.NAMES):
            hint = f"write `{name} contains ...`" if tree.words == "is" else None
            self.mismatch(f"`{name}` is {noun(left.type)} and is not compared", span, hint)
        elif kind is Kind.DURATION:
            self.mismatch(f"`{name}` is a span of time and is not compared", span, "a span stands after `is within`")
        elif kind not in operator.takes:
            instead = other_operator(kind, tree.words)
            self.mismatch(
                f"`{tree.words}` does not compare {NOUNS[kind]}, and `{name}` is one",
                tree.words_span,
                f"write `{instead}`" if instead else None,
            )
        else:
            return True
        return False

    def membership(self, tree: syntax.Membership) -> core.Condition | None:
        left = self.resolver.resolve(tree.left)
        if left is None:
            return None
        if left.type.kind not in (Kind.NAME, Kind.TEXT) or isinstance(left, core.Parameter):
            hint = f"write `{tree.left.text} contains ...`" if left.type.kind in (Kind.NAMES, Kind.TEXTS) else None
            found = "a parameter" if isinstance(left, core.Parameter) else noun(left.type)
            self.mismatch(f"`in` takes a fact that is a name or a text; `{tree.left.text}` is {found}", tree.span, hint)
            return None
        items: list[core.Literal | core.Parameter] = []
        seen: set[object] = set()
        for written in tree.items:
            item = self.opposite(written, left)
            if item is None:
                continue
            if not isinstance(item, core.Literal | core.Parameter):
                self.mismatch(f"a list holds constants and parameters, found `{written.text}`", written.span)
            elif self.agree(left, item, written.span):
                key = item.value if isinstance(item, core.Literal) else (item.name,)
                if key in seen:
                    self.mismatch(f"`{written.text}` stands twice in the list", written.span)
                seen.add(key)
                items.append(item)
        return core.OneOf(left, tuple(items), tree.span) if len(items) == len(tree.items) else None

    def containment(self, tree: syntax.Containment) -> core.Condition | None:
        left = self.resolver.resolve(tree.left)
        if left is None:
            return None
        if left.type.kind not in (Kind.TEXT, Kind.TEXTS, Kind.NAMES) or isinstance(left, core.Parameter):
            found = "a parameter" if isinstance(left, core.Parameter) else noun(left.type)
            hint = None
            if left.type.kind in (Kind.NAME, Kind.NUMBER, Kind.COUNT, Kind.MONEY):
                hint = f"write `{tree.left.text} is ...`"
            self.mismatch(
                f"`contains` takes a fact that is a text or a list; `{tree.left.text}` is {found}", tree.span, hint
            )
            return None
        item = self.opposite(tree.item, left)
        if item is None or not self.agree(left, item, tree.span):
            return None
        if isinstance(item, core.Literal) and item.type.kind is Kind.TEXT and not str(item.value).strip():
            self.mismatch("expected words to look for, found an empty text", item.span)
            return None
        return core.Contains(left, item, tree.span)

    def presence(self, tree: syntax.PresenceTest) -> core.Condition | None:
        left = self.resolver.resolve(tree.left)
        if left is None:
            return None
        name, state = tree.left.text, tree.state.value
        if not isinstance(left, core.Fact | core.Moment | core.MomentField):
            self.mismatch(f"`is {state}` takes a fact, an entry or an event; `{name}` is {described(left)}", tree.span)
            return None
        if isinstance(left, core.Moment) and tree.state in (syntax.State.KNOWN, syntax.State.UNKNOWN):
            instead = "present" if tree.state is syntax.State.KNOWN else "absent"
            self.mismatch(
                f"`is {state}` takes a fact; `{name}` is an {self.names.moments[name].value}",
                tree.span,
                f"`{name} is {instead}` asks whether there is one",
            )
            return None
        if tree.state is syntax.State.UNKNOWN and "unknown" in (left.type.names or ()):
            self.two_readings(name, tree.span, negated=False)
            return None
        return core.Is(left, core.Presence(state), tree.span)

    def two_readings(self, name: str, span: Span, *, negated: bool) -> None:
        """Of a fact that may be stated to be `unknown`, `is unknown` says two things."""
        stated = f"{'not ' if negated else ''}{name} in [unknown]"
        nobody = f"{'' if negated else 'not '}{name} is known"
        self.mismatch(
            f"`{name}` may be stated as `unknown`, or nobody may have said: this test can mean either",
            span,
            f"write `{stated}` of what is stated, `{nobody}` of what {'somebody' if negated else 'nobody'} said",
        )

    def nearness(self, tree: syntax.Nearness) -> core.Condition | None:
        left = self.resolver.resolve(tree.left)
        duration = self.duration(tree.duration)
        anchor = self.constant_or_name(tree.anchor)
        moments = (Kind.INSTANT, Kind.DAY)
        for value, written in ((left, tree.left), (anchor, tree.anchor)):
            if value is not None and value.type.kind not in moments:
                hint = time_hint(value, Kind.DAY, self.names)
                self.mismatch(
                    f"`is within` takes days and instants; `{written.text}` is {described(value)}", written.span, hint
                )
        if left is None or duration is None or anchor is None:
            return None
        if left.type.kind not in moments or anchor.type.kind not in moments:
            return None
        if isinstance(left, core.Parameter | core.Literal):
            self.mismatch(f"expected a fact, found the parameter `{tree.left.text}`", tree.left.span)
            return None
        if not self.agree(left, anchor, tree.span):
            return None
        too_fine = _units(duration) & _FINER_THAN_A_DAY
        if too_fine and left.type.kind is Kind.DAY:
            self.mismatch(
                f"{' and '.join(sorted(too_fine))} are counted between instants; `{tree.left.text}` is a day",
                duration.span,
                time_hint(left, Kind.INSTANT, self.names),
            )
            return None
        return core.Within(left, duration, tree.after, anchor, tree.span)

    def duration(self, written: syntax.Value) -> core.Literal | core.Parameter | None:
        value = self.constant_or_name(written)
        if value is None:
            return None
        if value.type.kind is Kind.DURATION and isinstance(value, core.Literal | core.Parameter):
            return value
        self.mismatch(
            f"expected a span of time such as `7 calendar days`, or a parameter that is one; "
            f"`{written.text}` is {described(value)}",
            written.span,
        )
        return None

    # -- both sides ------------------------------------------------------------------------------------------------

    def agree(self, left: core.Value, right: core.Value, span: Span) -> bool:
        """Whether both sides are of one kind and on one clock. `contains` puts a list on the left."""
        one, other = left.type, right.type
        if one.kind is Kind.TEXTS:
            one = Type(Kind.TEXT)
        elif one.kind is Kind.NAMES:
            one = Type(Kind.NAME, one.names)
        if one.kind is not other.kind:
            if one.kind is Kind.COUNT and other.kind is Kind.NUMBER:
                return True
            if one.kind is Kind.NAME and other.kind is Kind.TEXT and isinstance(right, core.Parameter):
                return True
            if other.kind is Kind.COUNT:
                self.mismatch("a count stands on the left of a comparison, and a number on the right", right.span)
            else:
                wanted = Type(Kind.NUMBER) if one.kind is Kind.COUNT else one
                self.mismatch(
                    f"expected {noun(wanted)}, found {described(right)}", right.span, kind_hint(left, right, self.names)
                )
            return False
        if one.kind is Kind.COUNT:
            self.mismatch("a count is compared with a number, found another count", right.span)
            return False
        if one.clock is not None and other.clock is not None and one.clock != other.clock:
            self.mismatch(
                f"two clocks are compared: {one.clock.replace('_', ' ')} and {other.clock.replace('_', ' ')}", span
            )
            return False
        if one.kind is Kind.NAME and not isinstance(right, core.Literal) and one.names != other.names:
            self.mismatch("two names of different lists are compared", span)
            return False
        if _same(left, right):
            self.mismatch("both sides are the same", span)
            return False
        return True

    def opposite(self, written: syntax.Value, left: core.Value) -> core.Value | None:
        """The right side, where a bare word may be a name of the closed list of the fact on the left."""
        if isinstance(written, syntax.Constant):
            return self.constant(written)
        names = left.type.names
        if names is not None and "." not in written.text:
            if written.text in names:
                if self.resolver.known(written.text):
                    self.mismatch(
                        f"`{written.text}` is both a name of this rule and one that the fact may bear",
                        written.span,
                        "give the parameter, block or definition another name",
                    )
                    return None
                return core.Literal(written.text, Type(Kind.NAME, names), written.span)
            if not self.resolver.known(written.text):
                self.no_such_name(written, names)
                return None
        if (
            left.type.kind in (Kind.TEXT, Kind.TEXTS)
            and "." not in written.text
            and not self.resolver.known(written.text)
        ):
            self.errors.append(
                UnknownNameError(
                    f"no parameter is called `{written.text}`",
                    written.span,
                    f'a text stands in double quotes: `"{written.text}"`',
                )
            )
            return None
        return self.resolver.resolve(written)

    def no_such_name(self, written: syntax.Name, names: frozenset[str]) -> None:
        near = closest(written.text, sorted(names))
        listed = ", ".join(f"`{name}`" for name in sorted(names))
        hint = f"did you mean `{near}`?" if near else f"it may be {listed}" if len(names) <= 12 else None
        self.errors.append(UnknownNameError(f"this fact is never `{written.text}`", written.span, hint))

    def constant_or_name(self, written: syntax.Value) -> core.Value | None:
        return self.constant(written) if isinstance(written, syntax.Constant) else self.resolver.resolve(written)

    def constant(self, written: syntax.Constant) -> core.Literal:
        return core.Literal(written.value, Type(written.kind), written.span)


def _units(duration: core.Literal | core.Parameter) -> frozenset[str]:
    if isinstance(duration, core.Literal) and isinstance(duration.value, Duration):
        return frozenset({duration.value.unit.value})
    return duration.type.names or frozenset()


def _same(left: core.Value, right: core.Value) -> bool:
    match left, right:
        case (core.Fact(one), core.Fact(other)):
            return one == other
        case (core.MomentField(block, one), core.MomentField(other_block, other)):
            return (block, one) == (other_block, other)
        case _:
            return False
