"""Spark, begun or found."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from fdcpa_guard.errors import FactsError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_HINT: Final = "pip install 'fdcpa-guard[spark]'"
_ASKED: Final = "Java 17 or later has to be there (JAVA_HOME), and what --spark-master names"


@contextmanager
def session(master: str | None) -> Iterator[SparkSession]:
    """The session that there is already, else one that is begun and stopped here.

    `master`: `local[2]`, `spark://...`, `yarn`; left out, what spark-submit and its settings say, else `local[*, 4]`.

    Raises:
        FactsError: pyspark or Java is missing, or no Spark is found under that name.
    """
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
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
    except (PySparkException, Py4JError) as error:
        raise FactsError(f"Spark did not start: {_reason(error)}", "engine", _ASKED) from None
    try:
        yield made
    finally:
        made.stop()


def _reason(error: Exception) -> str:
    """What Spark says, without the places in it."""
    of_java = getattr(error, "java_exception", None)
    return str(error if of_java is None else of_java.toString())
