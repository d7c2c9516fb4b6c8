"""Plug-ins: a good one answers, an erratic one ends as a failure with a reason, and none reaches what it must not."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from hashlib import sha256
from inspect import isfunction
from pathlib import Path
from typing import Any

import pytest

from ledger.evaluate.model_answer import ModelFailed, ModelQuestion
from ledger.valuations import plugin_child
from ledger.valuations.model_limits import ANSWER_BYTES, ModelLimits
from ledger.valuations.models import asker
from ledger.valuations.plugin import ENTRY_POINTS
from tests.unit.ledger.valuations import erratic_models
from tests.unit.ledger.valuations.erratic_models import GOOD

LIMITS = ModelLimits(seconds=20.0)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install the erratic plug-ins, each by the name of its function, in version 1."""
    source = Path(erratic_models.__file__)
    (tmp_path / "erratic.py").write_bytes(source.read_bytes())
    names = [name for name, each in vars(erratic_models).items() if isfunction(each)]
    about = tmp_path / "erratic-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: erratic\nVersion: 1\n")
    lines = [f"{name} = erratic:{name}" for name in names]
    (about / "entry_points.txt").write_text(f"[{ENTRY_POINTS}]\n" + "\n".join(lines) + "\n")
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def asked(name: str, limits: ModelLimits = LIMITS, version: str = "1", of_hash: str | None = None, **given: Any) -> Any:
    return asker({}, limits)(ModelQuestion(name, version, of_hash, given))


@pytest.mark.usefixtures("installed")
def test_what_a_plugin_returns_is_its_answer_and_what_it_prints_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGER_SASL_PASSWORD", "secret")
    assert asked("fine") == GOOD | {"coverage": "0.80"}
    assert asked("sees") == {"refused": "other", "detail": "0 settings"}


@pytest.mark.usefixtures("installed")
def test_an_erratic_plugin_ends_as_a_failure_with_its_reason() -> None:
    found = {name: asked(name) for name in ("ends", "forges", "raises", "floods", "varies", "starts", "swallows")}
    assert found == {
        "ends": ModelFailed("it ended without an answer"),
        "forges": ModelFailed("it ended without an answer"),
        "raises": ModelFailed("it raised KeyError"),
        "floods": ModelFailed(f"more than {ANSWER_BYTES} bytes of answer"),
        "varies": ModelFailed("it answers differently each time"),
        "starts": ModelFailed("it raised PermissionError"),
        "swallows": ModelFailed("it raised MemoryError"),
    }
    assert asked("hangs", ModelLimits(seconds=1.0)) == ModelFailed("no answer in 1 seconds")


@pytest.mark.slow
def test_a_plugin_that_waits_ends_also_if_its_evaluator_was_killed(installed: Path) -> None:
    call: dict[str, Any] = {"entry": "erratic:hangs", "hash": None, "input": {}, "path": [str(installed), *sys.path]}
    limits = {"cpu_seconds": 1, "memory_bytes": 2**30}
    command = [sys.executable, "-I", plugin_child.__file__]
    done = subprocess.run(command, input=json.dumps(call | limits).encode(), capture_output=True, timeout=60)
    assert (done.returncode, done.stdout) == (-signal.SIGALRM, b"")


def test_a_plugin_reaches_no_network_and_no_file(installed: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert asked("calls", port=port) == ModelFailed("it raised PermissionError")
        if _namespaces():
            assert asked("calls_by_c", port=port) == GOOD | {"high": 99}
    assert asked("writes", file=str(installed / "file")) == ModelFailed("it raised PermissionError")
    assert not (installed / "file").exists()


def test_a_plugin_is_the_registered_one(installed: Path) -> None:
    listed = f"{sha256((installed / 'erratic.py').read_bytes()).hexdigest()}  erratic.py\n"
    registered = sha256(listed.encode()).hexdigest()
    assert asked("fine", of_hash=registered) == GOOD | {"coverage": "0.80"}
    assert asked("fine", of_hash="0" * 64) == ModelFailed(f"the files with hash {registered} are installed")
    assert asked("fine", version="2") == ModelFailed("version 1 is installed")
    assert asked("nobody") == ModelFailed("neither a plug-in nor an address")


def test_the_hash_of_a_plugin_is_that_of_all_files_of_its_package_and_imports_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "namespace_of_models" / "bank"
    (package / "tables" / "__pycache__").mkdir(parents=True)
    for name in ("__init__.py", "model.py", "tables/rates.json", "tables/__pycache__/old.pyc", "a b.txt"):
        (package / name).write_text(f"raise AssertionError({name!r})")
    monkeypatch.syspath_prepend(tmp_path)
    found = plugin_child.files_hash("namespace_of_models.bank.model")
    listed = ["bank/__init__.py", "bank/a b.txt", "bank/model.py", "bank/tables/rates.json"]
    printed = subprocess.run(["sha256sum", *listed], cwd=package.parent, capture_output=True, check=True).stdout
    assert found == sha256(printed).hexdigest()
    (package / "tables" / "rates.json").write_text("other")
    assert plugin_child.files_hash("namespace_of_models.bank.model") != found


def _namespaces() -> bool:
    """Return whether the machine grants namespaces without a further right."""
    make = "import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x10000000 | 0x40000000) != 0)"
    return sys.platform == "linux" and subprocess.run([sys.executable, "-c", make]).returncode == 0
