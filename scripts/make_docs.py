"""Writes what the manual tells from the code: marked sections of pages in docs/, and the rulebook.

    python scripts/make_docs.py            writes both
    python scripts/make_docs.py --check    writes nothing; exit code 1 where a section is not what the code gives

A section stands between `<!-- generated: NAME -->` and `<!-- /generated -->`; what is outside is written by hand.
docs/rulebook/ is not checked in: it has a page for each rule, and follows the rules.
tests/test_docs.py compares the sections.
"""

from __future__ import annotations

import ast
import difflib
import inspect
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Final

import yaml

import fdcpa_guard
from fdcpa_guard.facts.importers.formats import ACCOUNTS, ACTIONS, EVENTS, FORMATS
from fdcpa_guard.facts.importers.manual import column_table
from fdcpa_guard.facts.importers.tables import table_of
from fdcpa_guard.facts.models import Scenario
from fdcpa_guard.lang.operators import OPERATORS
from fdcpa_guard.review.catalogue import write_catalogue
from fdcpa_guard.review.law_coverage import WHY_NOT, LawCoverage, law_coverage
from fdcpa_guard.review.wording import count
from fdcpa_guard.rulefile.limitation_shapes import LimitationCasesShape, LimitationsShape
from fdcpa_guard.rulefile.schema import definitions_file_schema, rule_file_schema
from fdcpa_guard.ruleset.policy import PolicyText
from fdcpa_guard.ruleset.rulebook import Rulebook, load_rulebook, shipped_rules
from fdcpa_guard.schemas import schema_text
from fdcpa_guard.values import Kind
from fdcpa_guard.vocabulary import FactEntry, load_vocabulary

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
_SECTION = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- /generated -->)", re.DOTALL)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; a bar within a cell is escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def _code(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


# -- the language ----------------------------------------------------------------------------------------------------------

_SUBJECTS = {
    "communication": "The communication that is judged. Each of these is also `entry.`, of an entry of the log.",
    "consumer": "The consumer.",
    "debt": "One debt of the communication at a time.",
    "collector": "The collector.",
    "event": "What became known.",
    "location": "One place in which the consumer may be.",
}


def facts() -> str:
    """Every fact that a condition may name."""
    parts: list[str] = []
    by_subject: dict[str, list[FactEntry]] = {}
    for fact in load_vocabulary().facts.values():
        by_subject.setdefault(fact.subject, []).append(fact)
    for subject, about in _SUBJECTS.items():
        rows = [(f"`{each.name}`", _type_of(each), each.phrase, each.supplier) for each in by_subject[subject]]
        parts.append(f"\n**{about}**\n\n" + table(("fact", "type", "meaning", "from"), rows))
    return "".join(parts)


def _type_of(fact: FactEntry) -> str:
    kind = fact.type.kind.value.replace("_", " ")
    clock = fact.type.clock
    whose = {"consumer_local": "consumer's", "eastern": "Eastern", "called_number": "called number's"}
    if clock is not None:
        return f"{kind} ({whose[clock]})"
    return f"{kind}: {_set_of(fact)}" if fact.names else kind


def _set_of(fact: FactEntry) -> str:
    sets = load_vocabulary().sets
    return f"[{(found := next(name for name, names in sets.items() if names == fact.names))}](#set-{found})"


def sets() -> str:
    """The closed lists of names that some facts take."""
    vocabulary = load_vocabulary()
    rows = [(f'<span id="set-{name}">{name}</span>', _code(names)) for name, names in vocabulary.sets.items()]
    text = table(("list", "names"), rows)
    for name, meanings in vocabulary.meanings.items():
        told = [(f"`{each}`", meanings[each]) for each in vocabulary.sets[name] if each in meanings]
        text += "\n" + table((f"{name}", "says"), told)
    return text


def operators() -> str:
    """The operators, what each takes, and the one that says the opposite."""
    order = list(Kind)
    rows = [
        (
            f"`{each.words}`",
            ", ".join(kind.value.replace("_", " ") for kind in sorted(each.takes, key=order.index)),
            f"`{each.negated}`",
        )
        for each in OPERATORS
    ]
    return table(("operator", "both sides are of one of", "its opposite"), rows)


# -- shapes ----------------------------------------------------------------------------------------------------------------

Schema = Mapping[str, object]


def _schema_type(schema: Schema) -> str:
    """The form of a value in a few words."""
    if "$ref" in schema:
        return _shape_name(str(schema["$ref"]).rpartition("/")[2])
    if "enum" in schema:
        return _names(tuple(map(str, _list(schema["enum"]))))
    if "const" in schema:
        return f"`{schema['const']}`"
    for key in ("anyOf", "oneOf"):
        if key in schema:
            parts = [_schema_type(each) for each in map(_mapping, _list(schema[key])) if each.get("type") != "null"]
            return " or ".join(dict.fromkeys(parts))
    match schema.get("type"):
        case "array":
            return f"list of {_schema_type(_mapping(schema.get('items', {})))}"
        case "object":
            more = schema.get("additionalProperties")
            if isinstance(patterns := schema.get("patternProperties"), dict):
                more = next(iter(patterns.values()))
            return f"names to {_schema_type(_mapping(more))}" if isinstance(more, dict) else "mapping"
        case "boolean":
            return "true, false"
        case "integer":
            return "whole number"
        case "number":
            return "number"
        case "string":
            return {"date-time": "instant", "date": "date"}.get(str(schema.get("format")), "text")
    return "any"


_MOST_WRITTEN_OUT: Final = 16


def _names(names: tuple[str, ...]) -> str:
    """Names written out; of many, the list of names in the manual that has them."""
    sets = load_vocabulary().sets
    of = next((key for key, each in sets.items() if set(each) == set(names)), None)
    if of is None or len(names) <= _MOST_WRITTEN_OUT:
        return _code(names)
    return f"[{of}](rule-language.md#set-{of})"


def _shape_name(name: str) -> str:
    plain = re.sub(r"(Shape|Out|Text)$", "", name)
    return re.sub(r"(?<!^)(?=[A-Z])", " ", plain).lower()


def _mapping(value: object) -> Schema:
    assert isinstance(value, Mapping)
    return value


def _list(value: object) -> Sequence[object]:
    assert isinstance(value, list)
    return value


def _keys(schema: Schema, meaning: Callable[[str], str] | None = None) -> str:
    required = set(map(str, _list(schema.get("required", []))))
    rows = []
    for name, each in _mapping(schema["properties"]).items():
        of = _mapping(each)
        said = str(of.get("description") or (meaning(name) if meaning else ""))
        rows.append((f"`{name}`" + (" *" if name in required else ""), _schema_type(of), said))
    return table(("key", "value", "meaning"), rows)


def _shapes(schema: Schema, title: str, only: Sequence[str] = (), without: frozenset[str] = frozenset()) -> str:
    parts = [f"\n**{title}**\n\n", _keys(schema)]
    definitions = _mapping(schema.get("$defs", {}))
    for name in only or [each for each in definitions if each not in without]:
        shape = _mapping(definitions[name])
        if "properties" not in shape:
            continue
        heading = _shape_name(name)
        about = str(shape.get("description", "")).split("\n")[0]
        parts.append(f"\n**{heading[:1].upper()}{heading[1:]}**{': ' + about if about else ''}\n\n{_keys(shape)}")
    return "".join(parts)


def rule_keys() -> str:
    """Every key of a rule file and of a definitions file."""
    definitions = definitions_file_schema()
    text = _shapes(rule_file_schema(), "A rule file")
    text += f"\n**A definitions file**\n\n{_keys(definitions)}"
    text += f"\n**Definition**\n\n{_keys(_mapping(_mapping(definitions['$defs'])['DefinitionShape']))}"
    text += _shapes(LimitationsShape.model_json_schema(by_alias=True), "Limitation periods")
    return text + _shapes(LimitationCasesShape.model_json_schema(by_alias=True), "Cases of limitation periods")


def policy_keys() -> str:
    return _shapes(PolicyText.model_json_schema(by_alias=True), "A policy file")


def decision_keys() -> str:
    schema: Schema = json.loads(schema_text("decision"))
    return _shapes(schema, "The answer of `check --format json`")


# -- the model ---------------------------------------------------------------------------------------------------------------

_ORDER = (
    "Collector", "Consumer", "Address", "Phone", "Email", "PriorCollector", "Hours", "Debt", "Itemization",
    "Communication", "Person", "CallerId", "Turn", "HistoryEntry", "Event", "Action", "Expect",
)  # fmt: skip


def scenario() -> str:
    """Every part of a scenario, by its model; the meanings are those of the tables and of the vocabulary."""
    schema: Schema = Scenario.model_json_schema(by_alias=True)
    definitions = _mapping(schema["$defs"])
    common = set(_mapping(_mapping(definitions["Communication"])["properties"]))
    parts = [f"\n### Scenario\n\n{_keys(schema, _meanings('Scenario'))}"]
    for name in (*_ORDER, *(each for each in definitions if each not in _ORDER)):
        shape = dict(_mapping(definitions[name]))
        properties = dict(_mapping(shape["properties"]))
        heading = _shape_name(name)
        parts.append(f"\n### {heading[:1].upper()}{heading[1:]}\n\n")
        if about := str(shape.get("description", "")).split("\n")[0]:
            parts.append(about + "\n\n")
        if name == "HistoryEntry":
            parts.append("Every key of a communication, and:\n\n")
            properties = {key: value for key, value in properties.items() if key not in common}
        parts.append(_keys({**shape, "properties": properties}, _meanings(name)))
    return "".join(parts)


_FORMAT_OF = {"Communication": FORMATS["canonical"], "Event": EVENTS, "Debt": ACCOUNTS}


def _meanings(model: str) -> Callable[[str], str]:
    stated: dict[str, str] = yaml.safe_load((ROOT / "scripts" / "model_meanings.yaml").read_text("utf-8"))
    columns: dict[str, str] = {}
    if model in _FORMAT_OF:
        columns = {column.fills: column.meaning for column in _FORMAT_OF[model].columns}
    vocabulary = load_vocabulary().facts

    def meaning(field: str) -> str:
        fact = vocabulary.get(f"{model.lower()}.{field}")
        told = fact.phrase if fact is not None else field.replace("_", " ")
        return stated.get(f"{model}.{field}") or columns.get(field) or told

    return meaning


# -- logs --------------------------------------------------------------------------------------------------------------------


def account_columns() -> str:
    """Of the columns that are numbered, the first alone."""
    return column_table(each for each in ACCOUNTS.columns if not re.match(r"(phone|email)[2-9]", each.name))


def _vendor(name: str) -> str:
    format_ = FORMATS[name]
    lines = table_of(name)
    codes = [
        (
            f"`{line.code}`",
            line.outcome.replace("_", " "),
            "; ".join(filter(None, (line.dialing, (line.event or "").replace("_", " "), line.note))),
        )
        for line in lines
    ]
    return (
        f"\n{column_table(format_.columns)}\nKnown, and not read: {_code(sorted(format_.vendor_columns))}.\n"
        f"\n{count(len(lines), 'code')} of dispositions:\n\n{table(('code', 'is taken as', 'more'), codes)}"
    )


# -- Python ------------------------------------------------------------------------------------------------------------------


def api() -> str:
    """Every public name with its signature and docstring."""
    parts = []
    for name in fdcpa_guard.__all__:
        if name == "__version__":
            continue
        thing = getattr(fdcpa_guard, name)
        doc = inspect.cleandoc(thing.__doc__ or "") if "__doc__" in vars(thing) or callable(thing) else ""
        parts.append(f"\n### `{name}`\n\n")
        if inspect.isfunction(thing) or name == "ConsumerFile":
            parts.append(f"```text\n{_signature(name, thing)}\n```\n\n")
        if doc and not doc.startswith("!!!"):
            parts.append(_as_markdown(doc) + "\n")
        if inspect.isclass(thing) and not hasattr(thing, "model_fields") and not issubclass(thing, Exception):
            parts.append(_members(thing))
        elif hasattr(thing, "model_fields"):
            page = "policy.md" if name == "Policy" else "model.md"
            parts.append(f"\nIts fields: [{'policies' if name == 'Policy' else 'the model'}]({page}).\n")
    return "".join(parts)


def _signature(name: str, function: Callable[..., object]) -> str:
    signature = inspect.signature(function)
    lines, starred = [], False
    for each in signature.parameters.values():
        stars = "*" if each.kind is each.VAR_POSITIONAL else ""
        if each.kind is each.KEYWORD_ONLY and not starred:
            lines.append("    *,")
        starred = starred or each.kind in (each.KEYWORD_ONLY, each.VAR_POSITIONAL)
        default = "" if each.default is each.empty else f" = {each.default!r}"
        lines.append(f"    {stars}{each.name}: {each.annotation}{default},")
    gives = "" if inspect.isclass(function) else f" -> {signature.return_annotation}"
    return f"{name}(\n" + "\n".join(lines) + f"\n){gives}"


_OFFERED: Mapping[str, tuple[str, ...]] = {
    "ConsumerFile": (),
    "Guard": ("check", "check_many", "warm", "under_other_readings"),
}
"""Of classes that the engine works with too, what a caller needs."""


def _members(thing: type) -> str:
    """Its attributes, properties and methods; of an enumeration, its members."""
    if issubclass(thing, Enum):
        return "\n" + table(
            ("name", "value"), [(f"`{thing.__name__}.{each.name}`", f"`{each.value}`") for each in thing]
        )
    if thing.__name__ in _OFFERED:
        members = {name: vars(thing)[name] for name in _OFFERED[thing.__name__]}
    else:
        members = {name: each for name, each in vars(thing).items() if not name.startswith("_")}
    rows = list(_attributes(thing)) if thing.__name__ not in _OFFERED else []
    for name, member in members.items():
        found = getattr(member, "func", None) or getattr(member, "fget", None) or member
        if inspect.isfunction(found):
            gives = str(inspect.signature(found).return_annotation)
            rows.append((f"`{name}`", f"`{gives}`", " ".join((found.__doc__ or "").split())))
    return "\n" + table(("name", "gives", "what it is"), rows) if rows else ""


def _attributes(thing: type) -> Iterator[tuple[str, str, str]]:
    """The annotated attributes, with the docstrings that stand below them in the source."""
    body = ast.parse(inspect.getsource(thing)).body[0]
    assert isinstance(body, ast.ClassDef)
    for each, after in zip(body.body, [*body.body[1:], None], strict=True):
        if (
            not isinstance(each, ast.AnnAssign)
            or not isinstance(each.target, ast.Name)
            or each.target.id.startswith("_")
        ):
            continue
        doc = ""
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            doc = " ".join(str(after.value.value).split())
        yield f"`{each.target.id}`", f"`{ast.unparse(each.annotation)}`", doc


def _as_markdown(doc: str) -> str:
    """A docstring's `Args:` and `Raises:` as lists."""
    lines: list[str] = []
    for line in doc.splitlines():
        if re.fullmatch(r"(Args|Raises)[^:]*:", line):
            lines += [f"**{line}**", ""]
        elif match := re.fullmatch(r"    (\S.*)", line):
            key, colon, rest = match[1].partition(": ")
            lines.append(f"- `{key}`: {rest}" if colon and re.fullmatch(r"[\w, ]+", key) else f"- {match[1]}")
        elif line.startswith("     "):
            lines.append("  " + line.strip())
        else:
            lines.append(line)
    return "\n".join(lines)


SECTIONS: Mapping[str, Callable[[], str]] = {
    "facts": facts,
    "sets": sets,
    "operators": operators,
    "rule-keys": rule_keys,
    "policy-keys": policy_keys,
    "decision-keys": decision_keys,
    "scenario": scenario,
    "log-columns": lambda: column_table(FORMATS["canonical"].columns),
    "account-columns": account_columns,
    "event-columns": lambda: column_table(EVENTS.columns),
    "action-columns": lambda: column_table(ACTIONS.columns),
    "vicidial": lambda: _vendor("vicidial"),
    "twilio": lambda: _vendor("twilio"),
    "asterisk": lambda: _vendor("asterisk"),
    "sendgrid": lambda: _vendor("sendgrid"),
    "postmark": lambda: _vendor("postmark"),
    "amazon-connect": lambda: _vendor("amazon_connect"),
    "amazon-ses": lambda: _vendor("amazon_ses"),
    "ringcentral": lambda: _vendor("ringcentral"),
    "freeswitch": lambda: _vendor("freeswitch"),
    "genesys": lambda: _vendor("genesys"),
    "five-nine": lambda: _vendor("five9"),
    "api": api,
}


def with_sections(text: str) -> str:
    """A page's text with its generated sections as the code gives them now. Raises KeyError of an unknown section."""
    return _SECTION.sub(lambda found: f"{found[1]}\n{SECTIONS[found[2]]().strip()}\n\n{found[3]}", text)


# -- the rulebook ------------------------------------------------------------------------------------------------------------


STATUSES = ("encoded", *WHY_NOT, "open")
_SHOWN_RULES = 5


def _rules_of(rules: Sequence[str]) -> str:
    more = len(rules) - _SHOWN_RULES
    return ", ".join(f"[{rule}]({rule}.md)" for rule in rules[:_SHOWN_RULES]) + (
        f" and {more} more" if more > 0 else ""
    )


def coverage_page(laws: Sequence[LawCoverage], rulebook: Rulebook) -> str:
    """The coverage of each law, paragraph by paragraph, with links to the rules."""
    lines = [
        "# What the rules cover",
        "",
        "A paragraph is encoded where a rule cites it, or a paragraph below it. Of the others the reason is given: it can",
        "be checked and no rule does so yet (later), no record shows it (not checkable), or it obliges nobody (no duty).",
        "The same on the command line: `fdcpa-guard rules coverage`.",
        "",
    ]
    if not laws:
        lines.append("No law has a list of its paragraphs yet. [The rules](index.md) name their citations.")
    for law in laws:
        by_status = {s: sum(each.status == s for each in law.paragraphs) for s in STATUSES}
        said = ", ".join(f"{number} {status.replace('_', ' ')}" for status, number in by_status.items())
        lines += [f"## {law.law}", "", f"{count(len(law.paragraphs), 'paragraph')}: {said}.", ""]
        rows = [
            (
                each.cite,
                each.title,
                each.status.replace("_", " "),
                _rules_of(each.rules) or each.why,
            )
            for each in law.paragraphs
        ]
        lines.append(table(("paragraph", "what", "status", "rules, or why not"), rows))
    states = sorted({rule.jurisdiction for rule in rulebook.rules} - {"US"})
    lines += [
        "",
        "## States and cities",
        "",
        f"Rules of their own have: {', '.join(states)}. Elsewhere the federal rules alone",
    ]
    lines += ["are looked at; the law of the place itself is then not checked.", ""]
    return "\n".join(lines)


def write_rulebook(folder: Path) -> None:
    rulebook = load_rulebook()
    write_catalogue(rulebook, folder)
    (folder / "coverage.md").write_text(coverage_page(law_coverage(rulebook, [shipped_rules()]), rulebook), "utf-8")


def pages() -> Iterator[Path]:
    """The pages that may hold generated sections."""
    yield from sorted(DOCS.glob("*.md"))


def main(arguments: Sequence[str]) -> int:
    stale = 0
    for page in pages():
        text = page.read_text("utf-8")
        made = with_sections(text)
        if made == text:
            continue
        stale += 1
        if "--check" in arguments:
            sys.stdout.writelines(
                difflib.unified_diff(text.splitlines(True), made.splitlines(True), page.name, "as the code gives it")
            )
        else:
            page.write_text(made, "utf-8")
            print(f"written: docs/{page.name}")
    if "--check" in arguments:
        return 1 if stale else 0
    write_rulebook(DOCS / "rulebook")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
