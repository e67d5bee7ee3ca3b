"""Spark, begun or found."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fdcpa_guard.errors import FactsError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_HINT = "pip install 'fdcpa-guard[spark]'"


@contextmanager
def session(master: str | None) -> Iterator[SparkSession]:
    """The session that there is already, else one that is begun and stopped here.

    `master`: `local[2]`, `spark://...`, `yarn`; left out, what spark-submit and its settings say, else `local[*, 4]`.

    Raises:
        FactsError: pyspark or Java is missing, or no Spark is found under that name.
    """
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError:
        raise FactsError("the engine `spark` needs pyspark", "engine", _HINT) from None
    active = SparkSession.getActiveSession()
    if active is not None:
        yield active
        return
    # Else Spark takes whatever `python3` is on the path.
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    if (master or "local").startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("fdcpa-guard")
    if master is not None:
        builder = builder.master(master)
    elif "PYSPARK_GATEWAY_PORT" not in os.environ and "MASTER" not in os.environ:
        builder = builder.master("local[*, 4]")
    try:
        made = builder.getOrCreate()
    except PySparkRuntimeError as error:
        raise FactsError(f"Spark did not start: {error}", "engine", "Java 17 or 21 has to be there (JAVA_HOME)") from None
    try:
        yield made
    finally:
        made.stop()
