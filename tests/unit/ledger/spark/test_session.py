"""Without what Spark needs, a command says what to install."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.spark import session as sessions
from ledger.spark.errors import JavaUnsuitable, SparkMissing
from ledger.spark.session import require_java, session


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "NEEDED", ("pyarrow", "no_such_package"))
    with (
        pytest.raises(SparkMissing, match=r"no no_such_package\. Install .* `pip install 'ip-ledger\[spark\]'`"),
        session({}),
    ):
        pass


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ('openjdk version "11.0.2" 2019-01-15', "openjdk version"),
        ('java version "1.8.0_292"', "1.8"),
        ("", "no version"),
    ],
)
def test_an_old_java_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, reason: str) -> None:
    _write_java(tmp_path, version)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(JavaUnsuitable, match=reason):
        require_java()


def test_java_17_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write_java(tmp_path, 'openjdk version "17.0.15" 2025-04-15')
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    require_java()


def test_no_java_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(JavaUnsuitable, match="there is none"):
        require_java()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(JavaUnsuitable, match="does not run"):
        require_java()


def _write_java(home: Path, version: str) -> None:
    java = home / "bin" / "java"
    java.parent.mkdir()
    java.write_text(f"#!/bin/sh\necho '{version}' >&2\n")
    java.chmod(0o755)
