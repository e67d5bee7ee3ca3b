"""How an HTML element lays out its text: by its tag, its attributes and the styles that apply to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from fdcpa_guard.documents.building import Layout
from fdcpa_guard.documents.css import FONT_SIZES, UNCERTAIN, StyleSheet, is_bold, is_hidden, points_of, size_in_font

BOLD: Final = frozenset(("b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"))
ITALIC: Final = frozenset(("i", "em", "cite", "dfn", "var", "address"))
UNDERLINED: Final = frozenset(("u", "ins"))
HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_SCALES: Final = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h5": 0.83, "h6": 0.67, "small": 1 / 1.2, "big": 1.2, "sub": 0.83, "sup": 0.83}


@dataclass(frozen=True, slots=True)
class Look:
    """What an element hands on to what is in it. `capitals`: shown in capitals; `kept`: white space is shown as it stands."""

    layout: Layout
    capitals: bool = False
    kept: bool = False
    gone: bool = False
    """`display: none`, which nothing within can undo, as it can `visibility`."""


def plain_look(sheet: StyleSheet) -> Look:
    """The look outside of all elements. With sheets elsewhere, nothing is known but what elements say themselves."""
    known = None if sheet.elsewhere else False
    return Look(Layout(bold=known, italic=known, underlined=known, hidden=known))


def look_of(tag: str, attributes: Mapping[str, str], around: Look, sheet: StyleSheet) -> Look:
    """The look of an element within another."""
    styles = sheet.of(tag, attributes)
    layout = around.layout
    points, bold, italic, underlined, heading = (
        layout.points, layout.bold, layout.italic, layout.underlined, layout.heading,
    )  # fmt: skip
    if tag in _SCALES and points is not None:
        points = round(points * _SCALES[tag], 2)
    if tag in BOLD:
        bold = True
    if tag in ITALIC:
        italic = True
    if tag in UNDERLINED:
        underlined = True
    if tag in HEADINGS:
        heading = HEADINGS[tag]
        if layout.points is None:
            points = None
    if tag == "font" and "size" in attributes:
        points = FONT_SIZES.get(attributes["size"].strip())
    if (font := styles.get("font")) is not None:
        size = size_in_font(font)
        points = None if size is None else points_of(size, layout.points)
        bold = None if font == UNCERTAIN else any(is_bold(word) for word in font.split()[:4])
        italic = None if font == UNCERTAIN else "italic" in font or "oblique" in font
    if (value := styles.get("font-size")) is not None:
        points = points_of(value, layout.points)
    if (value := styles.get("font-weight")) is not None:
        bold = layout.bold if value == "inherit" else is_bold(value)
    if (value := styles.get("font-style")) is not None:
        italic = None if value == UNCERTAIN else value in {"italic", "oblique"}
    for key in ("text-decoration", "text-decoration-line"):
        if (value := styles.get(key)) is not None:
            underlined = None if value == UNCERTAIN else "underline" in value or bool(layout.underlined)
    capitals = around.capitals
    if (value := styles.get("text-transform")) is not None and value != UNCERTAIN:
        capitals = value == "uppercase"
    kept = around.kept or tag in {"pre", "textarea", "xmp"}
    if (value := styles.get("white-space")) is not None and value != UNCERTAIN:
        kept = value.startswith("pre") and value != "pre-line"
    hidden = is_hidden(styles)
    if "hidden" in attributes or tag in {"template", "datalist"}:
        hidden = True
    gone = around.gone or (hidden is True and styles.get("visibility") not in {"hidden", "collapse"})
    if gone:
        hidden = True
    elif layout.hidden is True:
        # Within what is merely invisible, something may be made visible again.
        hidden = styles.get("visibility") != "visible"
    elif hidden is False:
        hidden = layout.hidden
    return Look(replace(layout, points=points, bold=bold, italic=italic, underlined=underlined, heading=heading, hidden=hidden),
                capitals, kept, gone)  # fmt: skip
