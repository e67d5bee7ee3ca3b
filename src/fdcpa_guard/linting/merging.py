"""What is known of one file, all layers put over one another: defaults < configuration < front matter < options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from typing import Final

from fdcpa_guard.facts.models import Collector
from fdcpa_guard.linting.settings import CITIES, DebtText, SettingsText
from fdcpa_guard.linting.stages import STAGES, Stage

DEFAULT: Final = "default"
DEFAULT_ROLE: Final = "consumer"
CHANNELS_OF_FORMATS: Final[Mapping[str, str]] = {"eml": "email", "docx": "letter", "pdf": "letter"}
"""What a format says of the channel by itself. Text, HTML and templates go by many: nobody has said."""


@dataclass(frozen=True, slots=True)
class FileSettings:
    """What is known of a file when it is judged for one state. What is None nobody has said.

    `said_by` tells of each key which layer said it: `default`, the path and key of a configuration, `front matter`,
    `option`.
    """

    on: date
    """The day whose law is asked."""
    stage: str | None = None
    channel: str | None = None
    state: str | None = None
    """The state of the consumer's home: two letters."""
    city: str | None = None
    role: str = DEFAULT_ROLE
    language: str | None = None
    collector: Collector = field(default_factory=Collector)
    debt: DebtText = field(default_factory=DebtText)
    validation_period: str | None = None
    holes: Mapping[str, str] = field(default_factory=dict)
    """Which hole supplies which item: names of holes to names of items."""
    only: tuple[str, ...] | None = None
    switches: tuple[tuple[str, bool], ...] = ()
    """Patterns of rules with whether they are on, of which the last that fits a rule counts."""
    said_by: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str | None:
        """The state, or the jurisdiction of the city, for people."""
        city = next((code for code, name in CITIES.items() if name == self.city and code.startswith(f"{self.state}-")), None)
        return city or self.state

    @property
    def of_stage(self) -> Stage | None:
        return None if self.stage is None else STAGES[self.stage]

    def wants(self, rule: str) -> bool:
        """Whether a rule is judged."""
        if self.only is not None and not any(fnmatchcase(rule, pattern) for pattern in self.only):
            return False
        return next((on for pattern, on in reversed(self.switches) if fnmatchcase(rule, pattern)), True)

    @property
    def switched_off(self) -> tuple[str, ...]:
        """Patterns of rules that are not judged, for the report."""
        return tuple(dict.fromkeys(pattern for pattern, on in self.switches if not on))


def settings_of(format: str, layers: Sequence[tuple[str, SettingsText]], today: date) -> tuple[FileSettings, ...]:
    """The settings of a file: one for each state that is named, or one of no state.

    `layers` stand in their order, the nearest last, each with the name under which it is told. `today` is the day whose
    law is asked where no layer names one; nothing here reads a clock.
    """
    merged: dict[str, object] = {}
    said_by: dict[str, str] = {}
    only: tuple[str, ...] | None = None
    switches: list[tuple[str, bool]] = []
    for name, layer in layers:
        said = layer.said()
        said.pop("rules", None)
        _put_over(merged, said)
        said_by.update(dict.fromkeys((key for key in said if key in FileSettings.__slots__ or key == "states"), name))
        if layer.rules is not None:
            only = layer.rules.only if layer.rules.only is not None else only
            switches.extend((pattern, True) for pattern in layer.rules.on or ())
            switches.extend((pattern, False) for pattern in layer.rules.off or ())
    final = SettingsText.model_validate(merged)
    stage = None if final.stage is None else STAGES[final.stage]
    channel, role, on = final.channel, final.role, final.on
    if channel is None and (channel := CHANNELS_OF_FORMATS.get(format)) is not None:  # type: ignore[assignment]  # the values are channels
        said_by["channel"] = f"format {format}"
    if role is None:
        role = "consumer" if stage is None else stage.role
        said_by["role"] = DEFAULT if stage is None else "stage"
    if on is None:
        on = today
        said_by["on"] = DEFAULT
    common = {
        "on": on,
        "stage": final.stage,
        "channel": channel,
        "role": role,
        "language": final.language,
        "collector": final.collector or Collector(),
        "debt": final.debt or DebtText(),
        "validation_period": final.validation_period or (None if stage is None else stage.notice),
        "holes": final.holes or {},
        "only": only,
        "switches": tuple(switches),
        "said_by": said_by,
    }
    return tuple(
        FileSettings(state=None if code is None else code[:2], city=CITIES.get(code or "", final.city), **common)  # type: ignore[arg-type]  # by the names of its fields
        for code in (final.states or (None,))
    )


def _put_over(under: dict[str, object], over: Mapping[str, object]) -> None:
    """Tables are merged key by key; of everything else the nearer one stands."""
    for key, value in over.items():
        below = under.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            under[key] = {**below, **value}
        else:
            under[key] = value
