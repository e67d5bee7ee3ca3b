"""What every task of a run works by: the rules, whose log it is, and the versions that they were read with."""

from __future__ import annotations

import pickle
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import fdcpa_guard
from fdcpa_guard.auditing.ahead import ColumnarAudit
from fdcpa_guard.auditing.judging import Terms
from fdcpa_guard.auditing.versions import versions
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.models import Collector
from fdcpa_guard.facts.place_data import index_digest
from fdcpa_guard.values import datetime_of

_ANY_RELEASE: Final = "python"
"""Spark itself refuses an executor with another Python, and of the same one any release will do."""
_MODULES: Final = "modules"


class Charge:
    """Sent to the executors once; what it takes to judge is made once in each of their processes."""

    def __init__(self, guard: Guard, collector: Collector) -> None:
        # Apart from the rest, so that the versions are compared before anything of another version is opened.
        self._sent = pickle.dumps((guard.rulebook.without_paths(), guard.policy.text, collector), protocol=5)
        self._versions = _versions()

    def __getstate__(self) -> dict[str, Any]:
        return {"_sent": self._sent, "_versions": self._versions}

    @cached_property
    def _opened(self) -> tuple[Guard, Collector]:
        self.check()
        rulebook, policy, collector = pickle.loads(self._sent)
        return Guard(rulebook, policy), collector

    @cached_property
    def _columnar(self) -> ColumnarAudit:
        return ColumnarAudit(self._opened[0])

    def check(self) -> None:
        """Raises FactsError where this process would not judge as the one that sent the rules."""
        here = _versions()
        for name, version in self._versions.items():
            if here.get(name) != version:
                raise FactsError(
                    f"an executor has {name} {here.get(name)}, and the program that began the run {version}",
                    "spark",
                    "install the same package with the same libraries on every executor",
                )

    def terms(self, as_of: int | None, ends_at: int | None) -> Terms:
        """As of `Terms`, with instants in microseconds. Raises FactsError as `check` does."""
        guard, collector = self._opened
        return Terms(guard, collector, None if as_of is None else datetime_of(as_of), ends_at, columnar=self._columnar)


@cache
def _versions() -> dict[str, str | None]:
    found = versions(index_digest())
    del found[_ANY_RELEASE]
    return {**found, _MODULES: _modules()}


def _modules() -> str:
    """A mark of the package's modules: two source trees have one version and not one content."""
    folder = Path(fdcpa_guard.__file__).parent
    digest = sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(f"{path.relative_to(folder).as_posix()} ".encode())
        digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
