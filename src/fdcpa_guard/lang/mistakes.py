"""What people write in a condition that is not of the language, and what they should write.

Looked up only after the parser has refused a text. A hint is given only where it is right, so each row is written
against one exact mistake and has a sample in `tests/lang/refused`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

RESERVED: Final = frozenset(
    ["above", "absent", "after", "all", "and", "any", "at", "before", "below", "between", "but", "by", "contain", "contains", "either", "empty", "equal", "equals", "exactly", "false", "fewer", "greater", "has", "in", "include", "includes", "is", "known", "later", "least", "less", "more", "most", "no", "none", "not", "null", "on", "or", "over", "present", "than", "then", "true", "under", "unless", "until", "within"]
)
"""Words that no parameter, block or definition may be called: as a name they are a slip of the pen.

`unknown` is not among them, because a role, a place or a line may be stated to be `unknown`.
"""


@dataclass(frozen=True, slots=True)
class Mistake:
    start: int
    end: int
    message: str
    hint: str


_NAME = r"\b(?P<name>(?!(?:is|not|and|or)\b)[A-Za-z_][\w.]*)"
_NO_WORD_OF_TEXT = rf"(?!(?:and|or|{'|'.join(sorted(RESERVED))})\b)"

_ROWS: Final[tuple[tuple[str, str], ...]] = (
    # signs
    (r"==", "write `is`"),
    (r"!=|<>|≠|≄", "write `is not`"),
    (r">=|=>|≥", "write `is at least` of a count, number or amount, `is on or after` of a day or time"),
    (r"<=|=<|≤", "write `is at most` of a count, number or amount, `is on or before` of a day or time"),
    (r">", "write `is more than` of a count, number or amount, `is after` of a day or time"),
    (r"<", "write `is less than` of a count, number or amount, `is before` of a day or time"),
    (r"=", "write `is`"),
    (r"&&?", "write `and`"),
    (r"\|\|?", "write `or`"),
    (r"!", "write `not`"),
    (r"[+*/%]", "a condition has no arithmetic; a number of the law stands under `parameters`"),
    (r"#", "a condition has no comments; they belong on lines of their own, above the key"),
    (r"[‘’'][^‘’']*[‘’']?", "a text stands in double quotes"),
    (r"[“”][^“”]*[“”]?", "a text stands in straight double quotes"),
    # capitals
    (r"\b(?:AND|And)\b", "write `and`, in small letters"),
    (r"\b(?:OR|Or)\b", "write `or`, in small letters"),
    (r"\b(?:NOT|Not)\b", "write `not`, in small letters"),
    (r"\b(?:IS|Is|IN|In|CONTAINS|Contains)\b", "the words of a condition are in small letters"),
    # negations that stand in front of the whole test
    (rf"{_NAME}\s+(?P<bad>(?:is\s+)?not\s+(?:in|one\s+of|any\s+of)\b)", "write `not {name} in [...]`"),
    (
        rf"{_NAME}\s+(?P<bad>(?:(?:is|does)\s+)?not\s+(?:contains?|includes?)\b|doesn't\s+contain\b)",
        "write `not {name} contains ...`",
    ),
    (rf"{_NAME}\s+(?P<bad>(?:is\s+)?not\s+within\b)", "write `not {name} is within ...`"),
    # negations with a word of their own
    (r"is\s+not\s+present\b", "write `is absent`"),
    (r"is\s+not\s+absent\b", "write `is present`"),
    (r"is\s+not\s+known\b", "write `is unknown`"),
    (r"is\s+not\s+before\b", "write `is on or after`"),
    (r"is\s+not\s+after\b", "write `is on or before`"),
    (r"is\s+(?:not|no)\s+(?:more|greater)\s+than\b", "write `is at most`"),
    (r"is\s+(?:not|no)\s+(?:less|fewer)\s+than\b", "write `is at least`"),
    (r"is\s+not\s+at\s+least\b", "write `is less than`"),
    (r"is\s+not\s+at\s+most\b", "write `is more than`"),
    (r"is\s+not\s+on\s+or\s+before\b", "write `is after`"),
    (r"is\s+not\s+on\s+or\s+after\b", "write `is before`"),
    (r"\bisn't\b", "write `is not`"),
    # other words for the operators
    (r"is\s+(?:equal\s+to|equals?|exactly)\b|\bequals\b", "write `is`"),
    (r"is\s+(?:one|any)\s+of\b", "write `in`, and the names in square brackets: `in [a, b]`"),
    (rf"{_NAME}\s+(?P<bad>is\s+in\b)", "leave out `is`: `{name} in [...]`"),
    (r"is\s+at\s+or\s+(?P<word>before|after)\b", "write `is on or {word}`"),
    (r"is\s+(?:by|until)\b", "write `is on or before`, or `is before` where that day is not in it"),
    (r"is\s+later\s+than\b", "write `is after`"),
    (r"is\s+earlier\s+than\b", "write `is before`"),
    (r"is\s+between\b", "write two tests joined by `and`"),
    (r"is\s+(?:(?:greater|bigger|higher|longer)(?:\s+than)?|over|above|more)\b(?!\s+than\b)", "write `is more than`"),
    (r"is\s+(?:(?:fewer|smaller|lower|shorter)(?:\s+than)?|under|below|less)\b(?!\s+than\b)", "write `is less than`"),
    (r"is\s+at\b", "write `is at least` or `is at most`"),
    (r"is\s+on\b", "write `is on or before` or `is on or after`, or `is` of one day"),
    (
        r"is\s+(?:not\s+)?(?:null|none|missing|empty|given|stated)\b",
        "`is absent` and `is present` ask whether there is one, `is unknown` and `is known` whether anybody said",
    ),
    (r"\b(?:includes?|contain|has)\b", "write `contains`"),
    (rf"{_NAME}\s+(?P<bad>within\b)", "write `is within`"),
    (r"\bin\s*\(", "a list stands in square brackets: `in [a, b]`"),
    (rf"{_NAME}\s*(?P<bad>\()", "a condition has no functions"),
    # constants
    (r"(?<![\d:])(?P<hour>\d{1,2})\s*(?P<half>[AaPp])\.?[Mm]\b\.?", "write the minutes too: `{hour}:00 {half}.m.`"),
    (r"\d+\s+weeks?\b", "count weeks in days, and say which: `consecutive days`, `calendar days` or `business days`"),
    (r"\d{1,4}[/-]\d{1,2}[/-]\d{1,4}", "write a day as year, month and day: `2021-11-30`"),
    (r"\d{1,3}(?:,\d{3})+", "write a whole number without commas"),
    (r"\d+\.\d+", "a number is whole; an amount begins with `$`"),
    (r"-\s*\d+", "a number is not negative"),
    (r"\d+\s+(?:dollars?|USD)\b", "write an amount as `$25.00`"),
    (
        r"\d+\s+(?:(?:consecutive|calendar|business)\s+)?(?:day|hour|minute|month|year)s?\b",
        "a span of time stands only after `is within`",
    ),
    (
        (rf"\b(?:contains|is|is\s+not)\s+(?P<bad>(?P<words>{_NO_WORD_OF_TEXT}[A-Za-z]\w*"
        rf"(?:\s+{_NO_WORD_OF_TEXT}\w+\b(?!\s+(?:is|in|contains)\b))+))"),
        'text stands in double quotes: `"{words}"`',
    ),
)
_COMPILED: Final = tuple((re.compile(pattern), hint) for pattern, hint in _ROWS)
_QUOTED: Final = re.compile(r'"(?:[^"\\\n]|\\["\\])*"')


def find_mistake(text: str, offset: int) -> Mistake | None:
    """The usual mistake at a place where the parser stopped; None where it is none of these.

    `offset` is where the parser stopped: in the mistake, or directly behind one that begins with `is`.
    """
    bare = _QUOTED.sub(lambda match: '"' + "~" * (len(match[0]) - 2) + '"', text)
    return next(_touching(bare, text, offset), None)


def _touching(bare: str, text: str, offset: int) -> Iterator[Mistake]:
    for pattern, hint in _COMPILED:
        for match in pattern.finditer(bare):
            start, end = match.span("bad" if "bad" in pattern.groupindex else 0)
            # `is over 7`: the parser takes `over` for a name, and stops at what follows.
            behind = len(bare) - len(bare[end:].lstrip()) if bare.startswith("is", start) else end - 1
            if start <= offset <= behind:
                found = " ".join(text[start:end].split())
                words = {name: value for name, value in match.groupdict().items() if value is not None}
                if "half" in words:
                    words["half"] = words["half"].lower()
                yield Mistake(start, end, f"a condition has no `{found}`", hint.format(**words))
