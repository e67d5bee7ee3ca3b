"""What styles say of the layout that laws care for: size, weight, slant, underline, capitals, and whether a reader sees it.

Read are `style` attributes and, of style sheets within the file, rules whose selectors are a tag, a class, an id or such
together. Rules with other selectors, those for some media, and sheets elsewhere leave what they set unknown, not false.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

PROPERTIES: Final = frozenset(
    ("display", "visibility", "opacity", "font-size", "font-weight", "font-style", "font", "text-decoration",
     "text-decoration-line", "text-transform", "white-space", "mso-hide")
)  # fmt: skip
UNCERTAIN: Final = ""
"""The value of a property that a rule may set that is not read."""

_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_RULE: Final = re.compile(r"([^{}]*)([{}])")
_COMPOUND: Final = re.compile(r"([a-z][a-z0-9]*|\*)?((?:[.#][\w\-]+)*)", re.IGNORECASE)
_MAX_SELECTORS: Final = 5_000


def declarations(text: str) -> dict[str, str]:
    """The properties of a `style` attribute that are read, in lower letters; of one given twice the last counts."""
    found: dict[str, str] = {}
    for declaration in _COMMENT.sub("", text).split(";"):
        name, colon, value = declaration.partition(":")
        name = name.strip().lower()
        if colon and name in PROPERTIES:
            found[name] = value.replace("!important", "").strip().lower()
    return found


@dataclass(slots=True)
class StyleSheet:
    """The rules of a file's style sheets, by what they apply to. `elsewhere`: there are sheets that are not in the file."""

    rules: dict[tuple[str, frozenset[str]], dict[str, str]] = field(default_factory=dict)
    by_word: dict[str, list[tuple[str, frozenset[str]]]] = field(default_factory=dict)
    elsewhere: bool = False

    def add(self, text: str) -> None:
        """Takes in a style sheet."""
        depth, selector, inner = 0, "", False
        for found in _RULE.finditer(_COMMENT.sub("", text)):
            if found[2] == "{":
                depth += 1
                if depth == 1:
                    selector = found[1].split(";")[-1].strip()
                    inner = selector.startswith("@")
                elif inner and depth == 2:
                    selector = found[1].strip()
                continue
            # Those for printing or small screens hold for some readers only.
            if depth == 2 and inner:
                self._rule(selector, dict.fromkeys(declarations(found[1]), UNCERTAIN))
            elif depth == 1 and not inner:
                self._rule(selector, declarations(found[1]))
            depth = max(0, depth - 1)

    def _rule(self, selectors: str, found: Mapping[str, str]) -> None:
        if not found:
            return
        for selector in selectors.split(","):
            compounds = re.split(r"[\s>+~]+", selector.strip())
            compound = _COMPOUND.match(compounds[-1])
            if compound is None or len(self.rules) >= _MAX_SELECTORS:
                self.elsewhere = True
                continue
            simple = len(compounds) == 1 and compound.end() == len(compounds[-1])
            tag = (compound[1] or "*").lower()
            words = frozenset(re.findall(r"[.#][\w\-]+", compound[2].lower()))
            key = (tag, words)
            if key not in self.rules:
                # Each rule is kept under one word that an element must have: few are looked at for each.
                self.by_word.setdefault(min(words) if words else tag, []).append(key)
            known = self.rules.setdefault(key, {})
            known.update(found if simple else dict.fromkeys(found, UNCERTAIN))

    def of(self, tag: str, attributes: Mapping[str, str]) -> dict[str, str]:
        """The properties of an element: of its tag, its classes, its id, its `style`, the later before the earlier."""
        found: dict[str, str] = {}
        if self.rules:
            words = {f".{word}" for word in attributes.get("class", "").lower().split()[:50]}
            if "id" in attributes:
                words.add(f"#{attributes['id'].lower()}")
            fitting = [
                key
                for word in (tag, "*", *words)
                for key in self.by_word.get(word, ())
                if key[0] in {"*", tag} and key[1] <= words
            ]
            fitting.sort(key=lambda key: (sum(word[0] == "#" for word in key[1]), len(key[1]), key[0] != "*"))
            for key in fitting:
                found.update(self.rules[key])
        if "style" in attributes:
            found.update(declarations(attributes["style"]))
        return found


_LENGTH: Final = re.compile(r"([0-9]*\.?[0-9]+)(pt|px|in|cm|mm|pc|em|rem|%)?")
_POINTS: Final = {"pt": 1.0, "px": 0.75, "in": 72.0, "cm": 72 / 2.54, "mm": 7.2 / 2.54, "pc": 12.0}
_KEYWORDS: Final = {
    "xx-small": 6.75, "x-small": 7.5, "small": 9.75, "medium": 12.0, "large": 13.5, "x-large": 18.0, "xx-large": 24.0,
    "xxx-large": 36.0,
}  # fmt: skip
FONT_SIZES: Final = {"1": 7.5, "2": 9.75, "3": 12.0, "4": 13.5, "5": 18.0, "6": 24.0, "7": 36.0}
"""Points of `<font size>`, as browsers show them."""
_FONT_SHORT: Final = re.compile(r"(?<![\w.])([0-9]*\.?[0-9]+(?:pt|px|in|cm|mm|pc|em|rem|%))(?![\w])")


def points_of(value: str, around: float | None) -> float | None:
    """A font size in points; `around` is that of the element around it, of which `em`, `%` and the like are parts."""
    if value in _KEYWORDS:
        return _KEYWORDS[value]
    if value in {"larger", "smaller"}:
        return None if around is None else around * (1.2 if value == "larger" else 1 / 1.2)
    if value in {"inherit", "unset"}:
        return around
    length = _LENGTH.fullmatch(value)
    if length is None:
        return None
    number, unit = float(length[1]), length[2]
    if number == 0:
        return 0.0
    if unit in _POINTS:
        return round(number * _POINTS[unit], 2)
    if unit is None or around is None or unit == "rem":
        return None
    return round(around * (number / 100 if unit == "%" else number), 2)


def size_in_font(value: str) -> str | None:
    """The size within a `font` that sets several things at once."""
    found = _FONT_SHORT.search(value)
    return None if found is None else found[1]


def is_bold(value: str) -> bool | None:
    """Whether a `font-weight` is bold; None where that depends on what is around it, or is not known."""
    if value in {"bold", "bolder"}:
        return True
    if value in {"normal", "lighter"}:
        return False
    return int(value) >= 600 if value.isascii() and value.isdigit() and len(value) < 5 else None


def first_known(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value is not None), None)


def is_hidden(properties: Mapping[str, str], keys: Sequence[str] = ("display", "visibility", "opacity", "mso-hide")) -> bool | None:
    """Whether an element says of itself that nobody sees it; None where a rule that is not read may say so."""
    if (
        properties.get("display") == "none"
        or properties.get("visibility") in {"hidden", "collapse"}
        or properties.get("mso-hide") == "all"
        or re.fullmatch(r"0*\.?0+%?", properties.get("opacity", "1")) is not None
        or re.fullmatch(r"0*\.?0+(?:px|pt|em|%)?", properties.get("font-size", "1")) is not None
    ):
        return True
    return None if any(properties.get(key) == UNCERTAIN for key in keys) else False
