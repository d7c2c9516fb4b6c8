"""`python -m benchmarks.imports KIND FILE`: how fast an office file is imported, and in how much memory.

The file is repeated (unpacked) until it has the megabytes asked for, and imported with `--dry-run` by a process of its
own: every event is made and judged, none goes out. So the figure is the importer's alone.
"""

from __future__ import annotations

import argparse
import gzip
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import orjson

COMMAND = "from ledger.cli import main; main()"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure one import, and print it as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.imports", description=__doc__)
    parser.add_argument("kind")
    parser.add_argument("file", type=Path)
    parser.add_argument("--megabytes", type=int, default=1000)
    said = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="ip-ledger-import-") as directory:
        path = Path(directory) / "repeated"
        size = repeat(said.file, path, said.megabytes * 1_000_000)
        seconds, peak, report = timed(said.kind, path)
    told = {
        "kind": said.kind,
        "file": said.file.name,
        "megabytes": round(size / 1e6),
        "seconds": round(seconds, 1),
        "megabytes_per_second": round(size / 1e6 / seconds, 1),
        "peak_megabytes": round(peak / 1e6),
        "documents": report["read"]["documents"],
        "events": report["made"]["events"],
        "events_per_second": round(report["made"]["events"] / seconds),
    }
    print(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
    return 0


def repeat(file: Path, path: Path, least: int) -> int:
    """Write a file's content, unpacked, again and again until there are so many bytes; returns how many there are."""
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    with path.open("wb") as repeated:
        while repeated.tell() < least:
            repeated.write(content)
        return repeated.tell()


def timed(kind: str, path: Path) -> tuple[float, int, dict[str, dict[str, int]]]:
    """Seconds, the most bytes that it held in memory, and the report of an import in a process of its own."""
    with tempfile.TemporaryFile() as out:
        begin = time.perf_counter()
        command = [sys.executable, "-c", COMMAND, "import", kind, str(path), "--dry-run", "--json"]
        process = os.posix_spawn(
            sys.executable, command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1)]
        )
        _, status, used = os.wait4(process, 0)
        seconds = time.perf_counter() - begin
        out.seek(0)
        report = out.read()
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"the import ended with {os.waitstatus_to_exitcode(status)}")
    return seconds, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024), orjson.loads(report)


if __name__ == "__main__":
    sys.exit(main())
