"""Models as plug-ins: pure functions of entry points, each call in a process of its own, with limits and no network."""

from __future__ import annotations

import json
import math
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from ledger.evaluate.model_answer import ModelFailed, ModelQuestion
from ledger.valuations.model_limits import ANSWER_BYTES, ModelLimits

ENTRY_POINTS = "ip_ledger.models"
"""The group of entry points; the name of one is the id of a model, and the version of its distribution that of it."""
_CHILD = Path(__file__).with_name("plugin_child.py")


def plugin_of(model_id: str) -> EntryPoint | None:
    """Return the plug-in of a model; None if none is installed. It is not imported."""
    return next(iter(entry_points(group=ENTRY_POINTS, name=model_id)), None)


def ask_plugin(plugin: EntryPoint, question: ModelQuestion, limits: ModelLimits) -> Any:
    """Return the answer of a plug-in: it is asked twice, in two processes, and both answers must be equal."""
    version = plugin.dist.version if plugin.dist else ""
    if version != question.version:
        return ModelFailed(f"version {version} is installed")
    first = _call(plugin, question, limits)
    if isinstance(first, ModelFailed):
        return first
    second = _call(plugin, question, limits)
    if isinstance(second, ModelFailed):
        return second
    return first if first == second else ModelFailed("it answers differently each time")


def _call(plugin: EntryPoint, question: ModelQuestion, limits: ModelLimits) -> Any:
    call = {
        "entry": plugin.value,
        "hash": question.hash,
        "input": question.document,
        "path": [path for path in sys.path if path],
        "cpu_seconds": math.ceil(limits.seconds),
        "memory_bytes": limits.memory_bytes,
    }
    with tempfile.TemporaryFile() as given, tempfile.TemporaryDirectory() as empty:
        given.write(json.dumps(call).encode())
        given.seek(0)
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", str(_CHILD)],
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},  # no setting, no secret
            cwd=empty,
            start_new_session=True,
        )
        try:
            read = _read(process, limits.seconds)
        finally:
            _end(process)
    return read if isinstance(read, ModelFailed) else _answered(read)


def _read(process: subprocess.Popen[bytes], seconds: float) -> bytes | ModelFailed:
    assert process.stdout is not None
    end, size = time.monotonic() + seconds, 0
    pieces: list[bytes] = []
    while True:
        rest = end - time.monotonic()
        if rest <= 0 or not select.select([process.stdout], [], [], rest)[0]:
            return ModelFailed(f"no answer in {seconds:g} seconds")
        piece = os.read(process.stdout.fileno(), 65_536)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
        size += len(piece)
        if size > ANSWER_BYTES:
            return ModelFailed(f"more than {ANSWER_BYTES} bytes of answer")


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # also what it may have started
    process.wait()
    if process.stdout:
        process.stdout.close()


def _answered(read: bytes) -> Any:
    try:
        found = json.loads(read)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.keys().isdisjoint({"answer", "failed"}):
        return ModelFailed("it ended without an answer")
    return ModelFailed(str(found["failed"])) if "failed" in found else found["answer"]
