"""Importing streams if another package is called `schemas`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("theirs", ["schemas.py", "schemas/__init__.py"])
def test_a_foreign_schemas_package_is_named_with_the_next_step(theirs: str, tmp_path: Path) -> None:
    file = tmp_path / theirs
    file.parent.mkdir(exist_ok=True)
    file.touch()
    (tmp_path / "main.py").write_text("from streams.producer import Producer")
    done = subprocess.run([sys.executable, "main.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "ImportError: `schemas` here is not ip-ledger's module" in done.stderr
    assert 'see "From Python" in docs/producers.md' in done.stderr


def test_a_users_package_can_contain_schemas(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "schemas.py").write_text("MINE = 1")
    (tmp_path / "app" / "main.py").write_text("from streams.producer import Producer\nfrom app.schemas import MINE")
    subprocess.run([sys.executable, "-m", "app.main"], cwd=tmp_path, check=True)
