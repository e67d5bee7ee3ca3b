"""How Word lays out a run of text: its own properties, before those of its character style, its paragraph's, the defaults."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TOGGLES: Final = ("b", "i", "caps", "vanish")
_MAX_BASED_ON: Final = 20
_OFF: Final = frozenset(("0", "false", "off"))


@dataclass(frozen=True, slots=True)
class Properties:
    """What one place says of the letters: toggles that it sets, size in points, underline, level of heading."""

    toggles: dict[str, bool] = field(default_factory=dict)
    points: float | None = None
    underlined: bool | None = None
    heading: int | None = None
    based_on: str | None = None


def value_of(element: Element | None) -> str | None:
    return None if element is None else element.get(f"{W}val")


def is_on(element: Element) -> bool:
    """Whether a switch that is there is on: it is, unless it says otherwise."""
    return element.get(f"{W}val", "1") not in _OFF


def properties_of(run: Element | None, paragraph: Element | None = None, based_on: str | None = None) -> Properties:
    """What `w:rPr` and `w:pPr` say."""
    toggles: dict[str, bool] = {}
    points: float | None = None
    underlined: bool | None = None
    heading: int | None = None
    if run is not None:
        for name in _TOGGLES:
            element = run.find(f"{W}{name}")
            if element is not None:
                toggles[name] = is_on(element)
        size = value_of(run.find(f"{W}sz")) or ""
        if size.isascii() and size.isdigit() and len(size) < 5:
            points = int(size) / 2
        underline = value_of(run.find(f"{W}u"))
        underlined = None if underline is None else underline != "none"
    if paragraph is not None:
        level = value_of(paragraph.find(f"{W}outlineLvl")) or ""
        if len(level) == 1 and level in "012345678":
            heading = int(level) + 1
    return Properties(toggles, points, underlined, heading, based_on)


class Styles:
    """The styles of a Word file. Without them sizes are not known."""

    def __init__(self, root: Element | None) -> None:
        self._known = root is not None
        self._styles: dict[str, Properties] = {}
        self._usual: dict[str, str] = {}
        self._defaults = Properties()
        if root is None:
            return
        self._defaults = properties_of(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
        for style in root.iter(f"{W}style"):
            name = style.get(f"{W}styleId", "")
            self._styles[name] = properties_of(
                style.find(f"{W}rPr"), style.find(f"{W}pPr"), value_of(style.find(f"{W}basedOn"))
            )
            if style.get(f"{W}default") in {"1", "true", "on"}:
                self._usual[style.get(f"{W}type", "")] = name

    def _style(self, name: str | None, kind: str) -> Properties:
        """A style with what it takes over from those that it is based on."""
        name = name if name in self._styles else self._usual.get(kind)
        toggles: dict[str, bool] = {}
        points: float | None = None
        underlined: bool | None = None
        heading: int | None = None
        for _ in range(_MAX_BASED_ON):
            if name is None or name not in self._styles:
                break
            style = self._styles[name]
            toggles = {**style.toggles, **toggles}
            points = style.points if points is None else points
            underlined = style.underlined if underlined is None else underlined
            heading = style.heading if heading is None else heading
            name = style.based_on
        return Properties(toggles, points, underlined, heading)

    def paragraph(self, properties: Element | None) -> Properties:
        """What a paragraph's style says, and its level of heading."""
        named = None if properties is None else value_of(properties.find(f"{W}pStyle"))
        style = self._style(named, "paragraph")
        own = properties_of(None, properties)
        heading = style.heading if own.heading is None else own.heading
        return Properties(style.toggles, style.points, style.underlined, heading)

    def run(self, properties: Element | None, paragraph: Properties) -> Properties:
        """What holds for a run of a paragraph."""
        own = properties_of(properties)
        named = None if properties is None else value_of(properties.find(f"{W}rStyle"))
        style = self._style(named, "character") if named is not None else Properties()
        toggles: dict[str, bool] = {}
        for name in _TOGGLES:
            if name in own.toggles:
                toggles[name] = own.toggles[name]
            else:
                # Two styles that both say bold are not bold, as Word has it; the defaults hold if neither says anything.
                says = [each.toggles[name] for each in (style, paragraph) if name in each.toggles]
                toggles[name] = sum(says) % 2 == 1 if says else self._defaults.toggles.get(name, False)
        points = next(
            (each.points for each in (own, style, paragraph, self._defaults) if each.points is not None),
            10.0 if self._known else None,
        )
        underlined = next(
            (each.underlined for each in (own, style, paragraph, self._defaults) if each.underlined is not None), False
        )
        return Properties(toggles, points, underlined, paragraph.heading)
