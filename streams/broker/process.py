"""A process that outlives its parent, and is never confused with another one that got its pid."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

# The shell hands the process over to init, so that no caller has to reap it, and writes its pid to disk at once.
_LAUNCH = 'cd "$1" && log="$2" && pid="$3" && shift 3 && { "$@" >>"$log" 2>&1 & echo $! >"$pid"; }'


def launch(command: Sequence[str], directory: Path, log: Path, pid_file: Path) -> None:
    """Run a command in `directory`, in its own session, with output appended to `log`."""
    subprocess.run(  # noqa: S603 - our own command
        ["/bin/sh", "-c", _LAUNCH, "sh", directory, log, pid_file, *command],
        check=True,
        start_new_session=True,
        stdin=subprocess.DEVNULL,
    )


def running_pid(pid_file: Path, ending: str) -> int | None:
    """Return the pid in a file, if that process is alive and its command line has this ending."""
    with suppress(FileNotFoundError, ValueError):
        pid = int(pid_file.read_text())
        if _command_line(pid).endswith(ending):
            return pid
    return None


def end(pid_file: Path, ending: str, timeout: float) -> bool:
    """Terminate the process that `find` returns; kill it after `timeout` seconds. Return False if there is none."""
    if running_pid(pid_file, ending) is None:
        return False
    for number, seconds in ((signal.SIGTERM, timeout), (signal.SIGKILL, 10.0)):
        deadline = time.monotonic() + seconds
        with suppress(ProcessLookupError):
            if pid := running_pid(pid_file, ending):
                os.kill(pid, number)
        while running_pid(pid_file, ending) and time.monotonic() < deadline:
            time.sleep(0.02)
    return True


def _command_line(pid: int) -> str:
    """Return the arguments joined by spaces; empty for a process that is gone."""
    if not Path("/proc/self/stat").exists():
        ps = ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)]
        return subprocess.run(ps, capture_output=True, text=True).stdout.strip()  # noqa: S603 - our own command
    deadline = time.monotonic() + 5
    with suppress(OSError):
        # Without arguments a process is in the middle of its `exec` or of its end, when it still holds its ports.
        while not (line := Path(f"/proc/{pid}/cmdline").read_text(errors="replace")):
            if _is_zombie(pid) or time.monotonic() > deadline:
                return ""
            time.sleep(0.002)
        return line.rstrip("\0").replace("\0", " ")
    return ""


def _is_zombie(pid: int) -> bool:
    """Return whether a process has ended with all its threads and only waits for its parent to reap it."""
    state = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(") ")[2][0]
    return state in "ZX" and len(list(Path(f"/proc/{pid}/task").iterdir())) == 1
