"""The entry point of the command line: `ip-ledger COMMAND`."""

from __future__ import annotations

import sys

from ledger import standard


def main() -> None:
    """Run the command line and exit."""
    standard.check_streams()
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

    try:
        return int(app(standalone_mode=False) or 0)
    except (SystemExit, standard.OutputUnwritable):
        raise
    except BaseException as error:
        return _report(error)


def _report(error: BaseException) -> int:
    """Print an error in the form of the named errors, and return its exit code."""
    from ledger.commands.exit_codes import report

    kind = type(error).__name__
    if kind == "Abort":
        return 130
    if kind == "NoArgsIsHelpError":  # a group without a command: its message is the help
        sys.stderr.write(f"{error}\n")
        return 2
    if hasattr(error, "format_message"):
        from ledger.commands.usage import named

        error = named(error)
    return report(error)
