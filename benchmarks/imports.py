"""`python -m benchmarks.imports KIND FILE`: speed and memory of an import of an office file.

The file is repeated (unpacked) up to the given megabytes, and imported with `--dry-run` by a separate process: it
creates and validates every event and publishes none, so the figure is that of the importer alone.
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
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="ip-ledger-import-") as directory:
        path = Path(directory) / "repeated"
        size = repeat(options.file, path, options.megabytes * 1_000_000)
        seconds, peak, report = timed(options.kind, path)
    result = {
        "kind": options.kind,
        "file": options.file.name,
        "megabytes": round(size / 1e6),
        "seconds": round(seconds, 1),
        "megabytes_per_second": round(size / 1e6 / seconds, 1),
        "peak_megabytes": round(peak / 1e6),
        "documents": report["read"]["documents"],
        "events": report["made"]["events"],
        "events_per_second": round(report["made"]["events"] / seconds),
    }
    print(orjson.dumps(result, option=orjson.OPT_INDENT_2).decode())
    return 0


def repeat(file: Path, path: Path, least: int) -> int:
    """Write a file's unpacked content repeatedly, up to at least `least` bytes; return the size."""
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    with path.open("wb") as repeated:
        while repeated.tell() < least:
            repeated.write(content)
        return repeated.tell()


def timed(kind: str, path: Path) -> tuple[float, int, dict[str, dict[str, int]]]:
    """Import in a separate process; return seconds, peak memory in bytes, and the report."""
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
