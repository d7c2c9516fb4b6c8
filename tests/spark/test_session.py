"""Spark's own settings choose where it runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import without_settings

PROGRAM = """from ledger.spark.session import session
with session({"spark.ip-ledger.given": "2"}) as spark:
    conf = spark.sparkContext.getConf()
    print(*(conf.get(f"spark.{name}") for name in ("master", "ip-ledger.own", "ip-ledger.given", "driver.host")))
"""


@pytest.mark.parametrize(("own", "master"), [("spark.master local[1]\n", "local[1]"), ("", "local[*,4]")])
def test_settings_of_a_file_hold(tmp_path: Path, own: str, master: str) -> None:
    (tmp_path / "spark-defaults.conf").write_text(f"{own}spark.ip-ledger.own 1\nspark.ip-ledger.given 1\n")
    environment = without_settings() | {"SPARK_CONF_DIR": str(tmp_path)}
    run = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (0, f"{master} 1 2 127.0.0.1\n"), run.stderr
