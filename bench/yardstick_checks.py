"""The sixty plain checks of the yardstick: drawn once by a seed, said as rules of the language, and known to hand-written code.

The six that count what came before stand as rules in `yardstick_rules/`; none of all these is law.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CHANNELS: Final = ("call", "text", "email", "letter", "fax")
ROLES: Final = ("consumer", "spouse", "attorney", "third_party")
FLAGS: Final = (
    "recorded", "charges_recipient", "consent_request", "message_possible", "limited_content", "recording_consent",
    "legally_required", "public",
)  # fmt: skip
"""Truths that a communication states."""
STATES: Final = (
    "CA", "TX", "FL", "NY", "PA", "IL", "OH", "GA", "NC", "MI", "NJ", "VA", "WA", "AZ", "MA", "TN", "IN", "MO", "MD", "WI",
    "CO", "MN", "SC", "AL",
)  # fmt: skip
"""Those that checks name; consumers live in others, too."""
TEMPLATES: Final = 300
QUIET, SEVEN, CONVERSATION, MA, WA, SIXTY = (
    "us-yard-quiet-hours", "us-yard-seven-in-seven", "us-yard-after-conversation", "ma-yard-two-in-168-hours",
    "wa-yard-three-a-week", "us-yard-thirty-in-sixty-days",
)  # fmt: skip
WINDOWS: Final = (QUIET, SEVEN, CONVERSATION, MA, WA, SIXTY)
_RULES: Final = Path(__file__).parent / "yardstick_rules"


@dataclass(frozen=True, slots=True)
class Check:
    """What must all hold at once; empty is anything. `flag` names a truth and what it is. Times are minutes of the local day after noon,
    amounts dollars, `older` days since the default."""

    channels: tuple[str, ...] = ()
    outbound: bool = False
    flag: tuple[str, bool] | None = None
    states: tuple[str, ...] = ()
    after: int | None = None
    templates: tuple[int, ...] = ()
    role: str = ""
    over: int | None = None
    older: int | None = None

    def condition(self) -> str:
        """The same in the language."""
        found = []
        if self.outbound:
            found.append("communication.direction is outbound")
        if self.flag:
            name, wanted = self.flag
            found.append(f"{'' if wanted else 'not '}communication.{name}")
        if len(self.states) > 1:
            found.append(f"location.state in [{_quoted(self.states)}]")
        if self.after is not None:
            found.append(f"communication.local_time is after {self.after // 60 - 12}:{self.after % 60:02d} p.m.")
        if self.templates:
            found.append(f"communication.template in [{_quoted(map(template_name, self.templates))}]")
        if self.role:
            found.append(f"communication.person.role is {self.role}")
        if self.over is not None:
            found.append(f"debt.amount is more than ${self.over}.00")
        if self.older is not None:
            found.append(f"not communication.day is within {self.older} calendar days after debt.defaulted_at")
        return " and ".join(found)


def _quoted(texts: Iterable[str]) -> str:
    return ", ".join(f'"{text}"' for text in texts)


def template_name(number: int) -> str:
    return f"t{number:03d}"


def _checks() -> tuple[Check, ...]:
    source = random.Random(66)

    def flag(wanted: bool) -> tuple[str, bool]:
        return source.choice(FLAGS), wanted

    found = [Check((source.choice(CHANNELS),), True, flag(True)) for _ in range(20)]
    for _ in range(15):
        state, channels = source.choice(STATES), tuple(source.sample(CHANNELS, 2))
        found.append(Check(channels, states=(state,), after=source.choice((1080, 1140, 1200, 1230))))
    for _ in range(10):
        templates = tuple(sorted(source.sample(range(60), 8)))
        found.append(Check(("text", "email"), flag=flag(False), templates=templates))
    found += [
        Check(flag=flag(False), role="third_party", over=source.choice((500, 1000, 2000, 5000))) for _ in range(10)
    ]
    for _ in range(5):
        older, states = source.choice((1095, 1460, 2190, 2555)), tuple(source.sample(STATES, 6))
        found.append(Check(("call", "text", "letter"), states=states, older=older))
    return tuple(found)


CHECKS: Final = _checks()
IDS: Final = tuple(
    f"{check.states[0].lower() if len(check.states) == 1 else 'us'}-yard-plain-{number:02d}"
    for number, check in enumerate(CHECKS)
)
"""The rules of `CHECKS`, in their order."""


def write_rules(folder: Path) -> Path:
    """All 66 rules into a folder that the ordinary loader reads."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in _RULES.glob("*.yaml"):
        shutil.copy(file, folder)
    for rule, check in zip(IDS, CHECKS, strict=True):
        (folder / f"{rule.replace('-', '_')}.yaml").write_text(_rule(rule, check), encoding="utf-8")
    return folder


def _rule(rule: str, check: Check) -> str:
    reaches = f"[{', '.join(check.channels)}]" if check.channels else "any"
    return f"""\
rule: {rule}
title: Plain check {rule[-2:]} of the yardstick
jurisdiction: {rule[:2].upper()}
law:
  - cite: yardstick
    says: No law. A benchmark's measure of work.
in_force: {{from: 2024-01-01}}
checked_on: 2026-11-26
confidence: recalled
binds: [third_party_collector]
reaches: {reaches}
effect: prohibits
violated_when: {check.condition()}
"""
