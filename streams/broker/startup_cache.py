"""Java's startup cache: the classes that an earlier broker loaded. A start takes half the processor time with it.

A broker that starts without one records it, in its own directory, when it ends (JEP 483 and 514). Java checks a cache
against its own version and the jars, and starts without it, with a warning, if they differ.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path


def usable(cache: Path, jars: Sequence[Path]) -> bool:
    """Return whether there is a cache that is newer than all jars."""
    return cache.exists() and all(jar.stat().st_mtime <= cache.stat().st_mtime for jar in jars)


def recorded(directory: Path) -> Path:
    """Return where the broker of a directory records a cache."""
    return directory / "startup.aot"


def keep(directory: Path, cache: Path) -> None:
    """Move what the broker of a directory has recorded to the cache, if that can be written."""
    complete = cache.with_name(f"{cache.name}.{os.getpid()}")
    with suppress(OSError):
        shutil.move(recorded(directory), complete)  # maybe to another file system: not atomic
        complete.replace(cache)
