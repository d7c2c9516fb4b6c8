"""The entry point of the command line: `ip-ledger COMMAND`."""

from __future__ import annotations

import io
import sys

from ledger import standard


def main() -> None:
    """Run the command line and exit."""
    standard.check()
    try:
        code = _version() if sys.argv[1:] == ["--version"] else _command()
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of the output has ended, as `head` does; Typer exits with 1 too
        standard.drop()
        code = 1
    except standard.OutputUnwritable as error:
        from ledger.commands.exit_codes import report

        standard.drop()
        code = report(error)
    sys.exit(code)


def _version() -> int:
    from importlib.metadata import version

    sys.stdout.write(f"ip-ledger {version('ip-ledger')}\n")
    return 0


def _command() -> int:
    """Run the command and return its exit code. Raise SystemExit, OutputUnwritable, BrokenPipeError."""
    from ledger.commands import app
    from ledger.commands.exit_codes import report

    try:
        return int(app(standalone_mode=False) or 0)
    except (SystemExit, standard.OutputUnwritable):
        raise
    except BaseException as error:
        return _usage(error) or report(error)


def _usage(error: BaseException) -> int | None:
    """Print a usage error, and return its exit code; return None for any other error."""
    show = getattr(error, "show", None)
    if show is None:
        return 130 if type(error).__name__ == "Abort" else None
    written = io.StringIO()
    show(written)  # not to the terminal: an argument may hold control characters
    from ledger.commands.talk import talk

    talk(*written.getvalue().rstrip("\n").split("\n"))
    return int(getattr(error, "exit_code", 2))
