"""The process of a plug-in: limits itself, loads the plug-in, calls it once, and writes what it returns.

It is run as a file, in isolated mode, and imports nothing of ours, so that a plug-in starts quickly and sees nothing.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import json
import os
import resource
import signal
import sys
from hashlib import sha256
from typing import Any

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.kill",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.truncate",
    "shutil.",
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def answer_call() -> None:
    """Read a call from stdin, and write {"answer": ...} or {"failed": ...} to stdout."""
    call = json.load(sys.stdin)
    out = os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)  # what a plug-in prints is not an answer
    try:
        _confine(call["cpu_seconds"], call["memory_bytes"])
        answer = json.dumps({"answer": _answer(call)})
    except OtherModelHash as other:
        answer = json.dumps({"failed": f"the files with hash {other} are installed"})
    except BaseException as error:
        answer = json.dumps({"failed": f"it raised {type(error).__name__}"})
    _write(out, answer.encode())
    os._exit(0)  # threads of the plug-in do not hold the answer


def _answer(call: dict[str, Any]) -> Any:
    sys.path[:] = call["path"]  # where the evaluator finds plug-ins
    module, _, name = call["entry"].partition(":")
    if call["hash"] and (found := files_hash(module)) != call["hash"]:
        raise OtherModelHash(found)
    plugin: Any = importlib.import_module(module)
    for part in name.split("."):
        plugin = getattr(plugin, part)
    return plugin(call["input"])


def _confine(cpu_seconds: int, memory_bytes: int) -> None:
    sys.dont_write_bytecode = True
    signal.alarm(2 * cpu_seconds)  # ends a plug-in that waits, if the evaluator was killed and cannot
    for limit, most in (
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    if sys.platform == "linux":  # without the right to make namespaces, the hook below still forbids sockets
        ctypes.CDLL(None).unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITES:
        raise PermissionError(event)


def files_hash(module: str) -> str:
    """Return the SHA-256 of the list that `sha256sum` prints of all files of a module or of its whole package, in the
    order of their names' bytes, without cached byte code. Nothing of them is imported."""
    names, origin, whole = module.split("."), None, False
    for depth in range(1, len(names) + 1):  # a namespace is a package of several distributions, without files
        spec = importlib.util.find_spec(".".join(names[:depth]))
        if spec is not None and spec.origin is not None:
            origin, whole = spec.origin, spec.submodule_search_locations is not None
            break
    if origin is None:
        raise ModuleNotFoundError(module)
    root = os.path.dirname(origin)
    base = os.path.dirname(root) if whole else root
    files = [origin]
    if whole:
        walked = [(directory, name) for directory, _, found in os.walk(root) for name in found]
        files = [
            os.path.join(directory, name) for directory, name in walked if os.path.basename(directory) != "__pycache__"
        ]
    lines = sorted((os.fsencode(os.path.relpath(file, base)), _file_hash(file)) for file in files)
    return sha256(b"".join(digest.encode() + b"  " + name + b"\n" for name, digest in lines)).hexdigest()


def _file_hash(path: str) -> str:
    with open(path, "rb") as file:
        return sha256(file.read()).hexdigest()


def _write(out: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(out, view) :]


class OtherModelHash(Exception):
    """The files of the plug-in have another hash than the registered one: this."""


if __name__ == "__main__":
    answer_call()
