"""Audits on Apache Spark: the files of a log, or DataFrames, judged by the columnar engine on executors.

Needs the extra `spark` (pyspark, pandas, NumPy and pyarrow) and Java.
"""

from __future__ import annotations

from fdcpa_guard.spark.executors import on_spark
from fdcpa_guard.spark.frames import Audited, audit_dataframe

__all__ = ["Audited", "audit_dataframe", "on_spark"]
