"""Tells whether a debt-collection contact is lawful, before it is made and after.

What is listed here is all that a caller needs; any other name may change. Each is imported when first used, so that
importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fdcpa_guard.api import check as check
    from fdcpa_guard.api import check_many as check_many
    from fdcpa_guard.api import load_rules as load_rules
    from fdcpa_guard.auditing.evidence import verify_audit as verify_audit
    from fdcpa_guard.auditing.run import run_audit
    from fdcpa_guard.engine.deciding import Guard as Guard
    from fdcpa_guard.engine.decision import Decision as Decision
    from fdcpa_guard.engine.decision import Outcome as Outcome
    from fdcpa_guard.engine.findings import Finding as Finding
    from fdcpa_guard.errors import FactsError as FactsError
    from fdcpa_guard.errors import GuardError as GuardError
    from fdcpa_guard.errors import RuleErrors as RuleErrors
    from fdcpa_guard.facts.bind import ConsumerFile as ConsumerFile
    from fdcpa_guard.facts.models import Address as Address
    from fdcpa_guard.facts.models import Collector as Collector
    from fdcpa_guard.facts.models import Communication as Communication
    from fdcpa_guard.facts.models import Consumer as Consumer
    from fdcpa_guard.facts.models import Debt as Debt
    from fdcpa_guard.facts.models import Event as Event
    from fdcpa_guard.facts.models import Person as Person
    from fdcpa_guard.facts.models import Phone as Phone
    from fdcpa_guard.facts.models import Scenario as Scenario
    from fdcpa_guard.ruleset.policy import PolicyText
    from fdcpa_guard.scrubbing.run import scrub as scrub

    # Under another name, an import alone is not exported to strict type checkers.
    audit = run_audit
    Policy = PolicyText

__version__ = "0.1.0"

_PLACES = {
    "Address": "facts.models",
    "Collector": "facts.models",
    "Communication": "facts.models",
    "Consumer": "facts.models",
    "ConsumerFile": "facts.bind",
    "Debt": "facts.models",
    "Decision": "engine.decision",
    "Event": "facts.models",
    "FactsError": "errors",
    "Finding": "engine.findings",
    "Guard": "engine.deciding",
    "GuardError": "errors",
    "Outcome": "engine.decision",
    "Person": "facts.models",
    "Phone": "facts.models",
    "Policy": "ruleset.policy",
    "RuleErrors": "errors",
    "Scenario": "facts.models",
    "audit": "auditing.run",
    "check": "api",
    "check_many": "api",
    "load_rules": "api",
    "scrub": "scrubbing.run",
    "verify_audit": "auditing.evidence",
}
_OTHER_NAMES = {"Policy": "PolicyText", "audit": "run_audit"}

__all__ = ["__version__", *_PLACES]  # the keys are names


def __getattr__(name: str) -> object:
    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module `fdcpa_guard` has no `{name}`")
    found: object = getattr(import_module(f"fdcpa_guard.{place}"), _OTHER_NAMES.get(name, name))
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
