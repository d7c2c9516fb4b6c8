"""Plug-ins that misbehave, each in its own way. A test's process loads them; no test calls them itself."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

GOOD = {"low": 1, "mid": 2, "high": 3}


def fine(_given: dict[str, Any]) -> Any:
    """Answer, and print, which is no answer."""
    print("noise")  # noqa: T201
    return GOOD | {"coverage": "0.80"}


def ends(_given: dict[str, Any]) -> Any:
    """End the process."""
    os._exit(0)


def forges(_given: dict[str, Any]) -> Any:
    """Write something else where the answer is written, and end."""
    for descriptor in range(3, 8):
        with suppress(OSError):
            os.write(descriptor, b"[]")
    os._exit(0)


def raises(given: dict[str, Any]) -> Any:
    """Raise an error."""
    return given["missing"]


def hangs(_given: dict[str, Any]) -> Any:
    """Never answer."""
    time.sleep(3600)


def floods(_given: dict[str, Any]) -> Any:
    """Answer without end."""
    while True:
        for descriptor in range(3, 8):
            try:
                os.write(descriptor, b"x" * 65_536)
            except OSError:
                continue


def varies(_given: dict[str, Any]) -> Any:
    """Answer differently each time."""
    return GOOD | {"high": 3 + uuid.uuid4().int % 10**9}


def calls(given: dict[str, Any]) -> Any:
    """Connect to the port in the input."""
    socket.create_connection(("127.0.0.1", given["port"])).close()
    return GOOD


def calls_by_c(given: dict[str, Any]) -> Any:
    """Connect to the port in the input, past Python."""
    import ctypes
    import struct

    c = ctypes.CDLL(None)
    address = struct.pack("=H", 2) + struct.pack(">H", given["port"]) + bytes((127, 0, 0, 1)) + bytes(8)
    return GOOD if c.connect(c.socket(2, 1, 0), address, 16) == 0 else GOOD | {"high": 99}


def writes(given: dict[str, Any]) -> Any:
    """Write to the file in the input."""
    Path(given["file"]).write_text("written")
    return GOOD


def starts(_given: dict[str, Any]) -> Any:
    """Start a process."""
    subprocess.run([sys.executable, "-c", ""], check=True)
    return GOOD


def swallows(_given: dict[str, Any]) -> Any:
    """Take all memory."""
    return len(bytes(2**40))


def sees(_given: dict[str, Any]) -> Any:
    """Look for settings."""
    settings = [name for name in os.environ if name.startswith("LEDGER_")]
    return {"refused": "other", "detail": f"{len(settings)} settings"}


def floats(_given: dict[str, Any]) -> Any:
    """Answer a float."""
    return GOOD | {"mid": 2.0}
