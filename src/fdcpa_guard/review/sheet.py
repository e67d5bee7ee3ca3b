"""The review sheet of a rule: what a compliance officer goes through with a lawyer, as Markdown.

Everything in it is made from the rule and its cases; nothing is written by hand. The sheet of every rule is a golden
file, so that a change to a rule shows the sentence that changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from fdcpa_guard.errors import GuardError
from fdcpa_guard.review.speaking import Speech, days, parameter_values
from fdcpa_guard.review.wording import in_order_of, jurisdiction_name, listed, plural, words_of
from fdcpa_guard.rulefile.cases_file import CaseFile, RuleCase, cases_path, load_cases
from fdcpa_guard.rulefile.model import Block, Confidence, Consequence, ContentItem, Deadline, DefinitionOf, Effect, Rule
from fdcpa_guard.ruleset.rulebook import Rulebook
from fdcpa_guard.values import Kind, format_day
from fdcpa_guard.vocabulary import load_vocabulary

EFFECTS = {
    Effect.PROHIBITS: "what violates it is prohibited",
    Effect.PRESUMES_VIOLATION: "what violates it is presumed to violate the law; the presumption can be rebutted",
    Effect.REQUIRES: "what it asks for must be there",
    Effect.ADVISES: "advice: not a violation by itself",
}
_CONSEQUENCES = {
    Consequence.BLOCK: "the {what} is blocked",
    Consequence.REVIEW: "the {what} goes to a person for review",
    Consequence.NOTE: "it is noted, and the decision stays as it is",
}
_CONFIDENCE = {
    Confidence.VERIFIED: "verified against the text of the law",
    Confidence.RECALLED: "recalled: the text of the law was not in hand",
}
_VERDICTS = {
    "violated": "violated",
    "complies": "complies",
    "exempt": "exempt",
    "not_applicable": "does not apply",
    "unknown": "cannot be decided",
}


def sheet_of(rule: Rule, rulebook: Rulebook | None = None) -> str:
    """The sheet as Markdown. `rulebook` adds the cases, and the rules that stand in a relation to this one."""
    speech = Speech(rule)
    sections = [
        [f"# {rule.title}"],
        list(_head(rule)),
        list(_law(rule)),
        list(_rule(rule, speech)),
        list(_content(rule, speech)),
        list(_exceptions(rule, speech)),
        list(_undecided(rule, speech)),
        list(_notions(rule, speech)),
        list(_numbers(rule)),
        list(_readings(rule)),
        list(_unknown(rule)),
        list(_relations(rule, rulebook)),
        list(_cases(rule, rulebook)),
    ]
    return _coded("\n\n".join("\n".join(lines) for lines in sections if lines)) + "\n"


_CODE_OR_NAME: Final = re.compile(r"`[^`\n]*`|^> .*$|\b[a-z]+(?:_[a-z]+)+\b", re.MULTILINE)


def _coded(text: str) -> str:
    """Names of events and facts that notes and cases mention are set as code: Markdown would take `_` for emphasis."""
    return _CODE_OR_NAME.sub(lambda found: found[0] if found[0][0] in "`>" else f"`{found[0]}`", text)


def _head(rule: Rule) -> Iterator[str]:
    vocabulary = load_vocabulary()
    binds = listed(map(plural, in_order_of(rule.binds, vocabulary.sets["collector_kind"])))
    channels = in_order_of(rule.reaches, (*vocabulary.sets["channel"], *vocabulary.sets["action_type"]))
    reaches = "every channel" if "any" in rule.reaches else listed(map(plural, channels))
    yield from _table(
        ("", ""),
        [
            ("Rule", f"`{rule.id}`"),
            ("Jurisdiction", f"{jurisdiction_name(rule.jurisdiction)} ({rule.jurisdiction})"),
            ("In force", days(rule.in_force.start, rule.in_force.end)),
            ("Compared with the law", f"{format_day(rule.checked_on)}; {_CONFIDENCE[rule.confidence]}"),
            ("Binds", binds),
            ("Reaches", reaches),
            ("Effect", EFFECTS[rule.effect]),
            ("Where it is violated", _consequence(rule, rule.when_violated)),
        ],
    )


def _consequence(rule: Rule, consequence: Consequence) -> str:
    """What follows, of a contact or of another act, such as a suit or a furnishing."""
    acts = load_vocabulary().sets["action_type"]
    return _CONSEQUENCES[consequence].format(what="act" if rule.reaches <= frozenset(acts) else "contact")


def _law(rule: Rule) -> Iterator[str]:
    yield "## The law"
    yield ""
    for law in rule.law:
        yield f"- **{law.cite}**: {law.says}"
    if rule.notes:
        yield ""
        yield rule.notes


def _rule(rule: Rule, speech: Speech) -> Iterator[str]:
    yield "## The rule"
    if rule.applies_when is not None:
        yield ""
        yield from speech.clause("It applies where", rule.applies_when)
    of_content = bool(rule.must_contain or rule.must_not_contain)
    yield ""
    if rule.violated_when is not None:
        yield from speech.clause("It is violated where" + (" what is said fails, and" * of_content), rule.violated_when)
    elif any(isinstance(block, Deadline) for block in rule.blocks.values()):
        yield f"It is violated where{' what is said fails, and' * of_content} a deadline below is missed."
    else:
        yield "It is violated where what is said fails."
    if of_content:
        yield ""
        yield "What is said fails where something that must be said is missing, or something is said that must not be."
    if rule.message is not None:
        yield ""
        yield f"A finding says: “{_message(rule.message, speech)}”"


def _message(message: str, speech: Speech) -> str:
    """The message with the law's numbers in it, and the name of a count where a finding shows the count."""
    for name, value in speech.parameters.items():
        message = message.replace("{" + name + "}", value)
    return message.replace("{", "[").replace("}", "]").replace("_", " ")


def _content(rule: Rule, speech: Speech) -> Iterator[str]:
    if not (rule.must_contain or rule.must_not_contain):
        return
    yield "## What is said"
    for heading, items in (("It must say:", rule.must_contain), ("It must not say:", rule.must_not_contain)):
        if items:
            yield ""
            yield heading
            yield ""
            for item in items:
                yield from _item(item, speech)
    for text in rule.texts.values():
        yield ""
        yield f"The text *{text.name.replace('_', ' ')}* ({text.cite}; {text.language}), in any of these wordings:"
        yield ""
        words = "\n\n".join(text.wordings)
        yield from (f"> {line}".rstrip() for line in words.splitlines())


def _item(item: ContentItem, speech: Speech) -> Iterator[str]:
    ways = [f"Declared as *{item.declared.replace('_', ' ')}*."] if item.declared is not None else []
    if item.looks_for:
        ways.append(f"Looked for: {listed((f'“{phrase}”' for phrase in item.looks_for), 'or')}.")
    yield f"- **{item.id.replace('-', ' ')}** ({item.cite}): {item.says} {' '.join(ways)}"
    if item.only_when is not None:
        first, *rest = speech.clause("Only where", item.only_when)
        yield f"  {first}"
        yield from (f"  {line}" for line in rest)


def _exceptions(rule: Rule, speech: Speech) -> Iterator[str]:
    if rule.unless:
        yield "## Exceptions"
        yield ""
        for exception in rule.unless:
            yield from speech.exception(exception)


def _undecided(rule: Rule, speech: Speech) -> Iterator[str]:
    if not rule.undecided:
        return
    yield "## What the law leaves open"
    for undecided in rule.undecided:
        yield ""
        yield f"**{undecided.id.replace('-', ' ')}** ({undecided.cite}): {undecided.because}"
        yield ""
        yield from speech.clause("It cannot be decided where", undecided.when)


def _notions(rule: Rule, speech: Speech) -> Iterator[str]:
    if not (rule.blocks or rule.definitions):
        return
    yield "## Notions"
    for name in (*rule.blocks, *rule.definitions):
        yield ""
        block, definition = rule.blocks.get(name), rule.definitions.get(name)
        if block is not None:
            yield from _notion(block, speech)
        elif definition is not None:
            yield from _definition(definition, speech)


def _notion(block: Block, speech: Speech) -> Iterator[str]:
    yield f"### {words_of(block.name).capitalize()}"
    yield ""
    first, *rest = speech.block(block)
    yield f"{first} ({block.cite})"
    yield from rest


def _definition(definition: DefinitionOf, speech: Speech) -> Iterator[str]:
    yield f"### {words_of(definition.name).capitalize()}"
    yield ""
    yield f"{definition.says} ({definition.cite})".strip()
    yield ""
    of = {"communication": "", "entry": " of an entry of the log", "event": " of an event"}[definition.scope]
    yield from speech.clause(f"It holds{of} where", definition.when)


def _numbers(rule: Rule) -> Iterator[str]:
    if not rule.parameters:
        return
    yield "## Numbers of the law"
    yield ""
    ways = {"lower": "lower it", "higher": "raise it", None: "not move it"}
    rows = [
        (name.replace("_", " "), parameter_values(each), each.cite, _policy(each.type.kind, ways[each.stricter]))
        for name, each in rule.parameters.items()
    ]
    yield from _table(("Name", "Value", "Citation", "A policy may"), rows)


def _policy(kind: Kind, way: str) -> str:
    if kind is Kind.CLOCK_TIME:
        return {"lower it": "make it earlier", "raise it": "make it later"}.get(way, way)
    return way


def _readings(rule: Rule) -> Iterator[str]:
    if rule.readings:
        yield "## Readings"
        yield ""
        for reading in rule.readings:
            yield f"- {_ended(reading.taken)} Why: {_ended(reading.why)}"


def _unknown(rule: Rule) -> Iterator[str]:
    policy = rule.when_unknown
    yield "## What an unknown means"
    yield ""
    yield f"Where a fact is missing, {_consequence(rule, policy.missing)}."
    if policy.locations_disagree is not policy.missing:
        yield (
            "Where the rule is violated in one place in which the consumer may be and not in another, "
            f"{_consequence(rule, policy.locations_disagree)}."
        )
    if policy.because:
        yield f"Why: {_ended(policy.because)}"


def _relations(rule: Rule, rulebook: Rulebook | None) -> Iterator[str]:
    lines: list[str] = []
    if rule.other_reading_of is not None:
        lines.append(
            f"- This is another reading of `{rule.other_reading_of}`: it is judged only where a policy asks for other "
            "readings."
        )
    if rule.replaces is not None:
        lines.append(f"- It replaces `{rule.replaces}`.")
    if rule.yields_to:
        lines.append(f"- It gives way to {listed(f'`{name}`' for name in rule.yields_to)} where that applies.")
    for other in () if rulebook is None else rulebook.rules:
        if other.replaces == rule.id:
            lines.append(f"- It is replaced by `{other.id}`.")
        if other.other_reading_of == rule.id:
            lines.append(f"- Another reading of it is `{other.id}`.")
        if rule.id in other.yields_to:
            lines.append(f"- `{other.id}` gives way to it.")
    if lines:
        yield "## Other rules"
        yield ""
        yield from lines


def _cases(rule: Rule, rulebook: Rulebook | None) -> Iterator[str]:
    file = cases_of(rule, rulebook)
    if file is None:
        return
    yield "## Cases"
    yield ""
    yield from _table(("Case", "Answer"), [(case.name, _answer(case)) for case in file.cases])


def cases_of(rule: Rule, rulebook: Rulebook | None) -> CaseFile | None:
    """The cases beside a rule; None where there are none, or where they cannot be read."""
    path = None if rulebook is None else rulebook.paths.get(rule.id)
    beside = None if path is None else cases_path(path)
    if beside is None or not beside.is_file():
        return None
    try:
        return load_cases(beside)
    except GuardError:
        return None


def _answer(case: RuleCase) -> str:
    said = [] if case.verdict is None else [_VERDICTS[case.verdict]]
    if case.exempt_by is not None:
        said.append(f"by *{case.exempt_by.replace('-', ' ')}*")
    said.extend(f"{name.replace('_', ' ')}: {counted}" for name, counted in (case.counts or {}).items())
    if case.items:
        said.append(f"fails: {', '.join(case.items)}")
    if case.unknown:
        said.append(f"for want of {listed(f'`{name}`' for name in case.unknown)}")
    if case.clears_at is not None:
        said.append(f"clears at {case.clears_at.isoformat(sep=' ')}")
    return "; ".join(said)


def _ended(sentence: str) -> str:
    text = sentence.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else text + "."


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield _row(head)
    yield _row(tuple("---" for _ in head))
    yield from map(_row, rows)


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ").strip() for cell in cells) + " |"
