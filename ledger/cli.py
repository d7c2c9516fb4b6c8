"""The command line: `ip-ledger COMMAND`. Commands import what they need when they run, so that the first word comes
fast."""

from __future__ import annotations

import io
import os
import sys


def main() -> None:
    """The entry point."""
    if sys.argv[1:] == ["--version"]:
        from importlib.metadata import version

        sys.stdout.write(f"ip-ledger {version('ip-ledger')}\n")
        return
    from ledger.border import Exit, report
    from ledger.commands import app

    try:
        try:
            code = app(standalone_mode=False)
        except SystemExit:
            raise
        except BaseException as error:
            code = _usage(error) or report(error)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read the output has gone, as `head` does; Typer ends with 1 too
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.DIFFERENT
    sys.exit(int(code or Exit.FINE))


def _usage(error: BaseException) -> int | None:
    """The exit code of a command line that could not be read; what is wrong with it is said."""
    show = getattr(error, "show", None)
    if show is None:
        return 130 if type(error).__name__ == "Abort" else None
    written = io.StringIO()
    show(written)  # a word of the command line may hold anything
    from ledger.output import talk

    talk(*written.getvalue().rstrip("\n").split("\n"))
    return int(getattr(error, "exit_code", 2))
