"""A session of Spark, and what it runs: tasks of partitions, and sums over the sums of partitions.

Spark's own settings (spark-submit, spark-defaults.conf, its environment variables) choose the cluster. Without any, it
runs in this machine's cores.
"""

from __future__ import annotations

import os
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson

from ledger.posting.cells import LOW
from ledger.spark.errors import JavaUnsuitable, SparkMissing, TaskFailed
from ledger.spark.fragment import LakeSource
from ledger.spark.task import RESULT, Assignment, Work, in_executor

NEEDED = ("pyspark", "pandas", "pyarrow")
_OLDEST_JAVA = 17
_LOOPBACK = "127.0.0.1"
_CORES = "local[*]"
"""The master that Spark takes without a setting: it would try each task once."""
_TRIES = 4
"""Attempts of Spark at a task on a cluster."""
_MEASURES = ("events", "with_amount", "high", "low")


@contextmanager
def session(settings: Mapping[str, str]) -> Iterator[Any]:
    """Yield a session of Spark with these settings besides its own, and end it. Raise SparkMissing, JavaUnsuitable."""
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise SparkMissing(reason=f"no {', '.join(missing)}")
    require_java()
    from pyspark import SparkConf, SparkContext
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if settings.get("spark.master", "").startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", _LOOPBACK)  # of the master and workers of local-cluster
    SparkContext._ensure_initialized()  # so that the settings of Spark's own files and of spark-submit are known
    conf = SparkConf()
    for name, value in settings.items():
        conf.set(name, value)
    master = conf.get("spark.master", _CORES)
    if master == _CORES:
        conf.set("spark.master", f"local[*,{_TRIES}]")
    if str(master).startswith("local"):
        for name in ("spark.driver.bindAddress", "spark.driver.host"):
            conf.setIfMissing(name, _LOOPBACK)
        conf.setIfMissing("spark.ui.enabled", "false")
    conf.setIfMissing("spark.ui.showConsoleProgress", "false")
    conf.set("spark.app.name", "ip-ledger")
    spark = SparkSession.builder.config(conf=conf).getOrCreate()
    try:
        yield spark
    finally:
        spark.stop()


def require_java() -> None:
    """Raise JavaUnsuitable if there is no Java, or too old a one."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if java is None:
        raise JavaUnsuitable(reason="there is none")
    try:
        command = [java, "-version"]
        answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stderr  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        raise JavaUnsuitable(reason=f"{java} does not run ({error})") from error
    version = re.search(r'version "(?:1\.)?(\d+)', answer)
    if version is None or int(version[1]) < _OLDEST_JAVA:
        first, _, _ = answer.strip().partition("\n")
        raise JavaUnsuitable(reason=f"{java} is {first or 'of no version'}")


def run_tasks(
    spark: Any, source: LakeSource, assignments: Sequence[Assignment], work: Work
) -> Iterator[tuple[Assignment, dict[str, Any]]]:
    """Do this work for each assignment, each in a task, the largest first, and yield the documents as they come.

    Raise the first error that a task returns, or TaskFailed.
    """
    from pyspark.errors import PySparkException

    if not assignments:
        return
    ordered = sorted(assignments, key=lambda one: (one.start - one.end, one.topic_partition))
    numbers = spark.range(0, len(ordered), 1, len(ordered))
    try:
        rows = numbers.mapInArrow(partial(in_executor, source, ordered, work), RESULT).collect()
    except PySparkException as error:
        raise TaskFailed(reason=str(error).strip().partition("\n")[0][:500]) from error
    for row in rows:
        if row.error is not None:
            raise pickle.loads(row.error)  # noqa: S301 - our own task made it, in our own session
        yield ordered[row.number], orjson.loads(bytes(row.found))


def summed(spark: Any, paths: Sequence[Path], columns: Sequence[str], key: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yield the sums of the rows with the same key in these files, in order of their keys, without rows of zeros. Of an
    amount, high * 10^12 + low, the lows are carried over."""
    from pyspark.sql import functions

    if not paths:
        return
    measures = []
    for side in ("recorded", "corrected"):
        events, known, high, low = (f"{side}_{measure}" for measure in _MEASURES)
        carried = functions.expr(f"sum({high}) + sum({low}) div {LOW}").alias(high)
        rest = functions.expr(f"sum({low}) % {LOW}").alias(low)
        measures += [functions.sum(events).alias(events), functions.sum(known).alias(known), carried, rest]
    rows = spark.read.parquet(*(path.absolute().as_uri() for path in paths))
    sums = rows.groupBy(*key).agg(*measures)
    some = sums.where(" OR ".join(f"{name} <> 0" for name in columns if name not in key))
    for row in some.select(*columns).orderBy(*key).collect():
        yield tuple(row)
