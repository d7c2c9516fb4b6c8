"""The commands of archives: archive, restore."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.commands.context import INDUSTRY_MAP, TO, connect_cluster, load_map, settings
from ledger.commands.exit_codes import Exit
from ledger.commands.formats import Sheet
from ledger.commands.formatted import Printer, in_formats
from ledger.commands.messages import echo_err
from ledger.commands.output import progress_bar
from schemas.errors import UsageError

if TYPE_CHECKING:
    from ledger.archive.manifest import Manifest

_DIR = typer.Argument(metavar="DIR", help="The archive; by default that of LEDGER_ARCHIVE.")
_FROM_EARLIEST = typer.Option("--from-earliest", help="Begin where the log begins, even if that is not offset 0.")


class WhichArchive(UsageError):
    """No archive is named. Write its directory, or set LEDGER_ARCHIVE."""


class CheckOrErase(UsageError):
    """`--check` reads an archive and `--erase` changes it: choose one. `--root` belongs to `--check`."""


class WhichTarget(UsageError):
    """`--book NEW` restores a book, `--log` a log in the cluster of LEDGER_BROKERS. Choose one."""


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("archive")(archive_command)
    app.command("restore")(restore_command)


@in_formats()
def archive_command(
    directory: Annotated[Path | None, _DIR] = None,
    to: TO = None,
    from_earliest: Annotated[bool, _FROM_EARLIEST] = False,
    check: Annotated[bool, typer.Option("--check", help="Only compare each file with its hash.")] = False,
    root: Annotated[
        str | None, typer.Option("--root", metavar="HASH", help="With --check: the root that you wrote down.")
    ] = None,
    erase: Annotated[
        bool, typer.Option("--erase", help="Only erase names of persons, as events in the archive demand.")
    ] = False,
    *,
    printer: Printer,
) -> None:
    """Append new records of the log to an archive, up to a position or, by default, to the end of the log.

    The same log gives the same files. If the log has a gap, the command names it and writes nothing.

    Examples:
      ip-ledger archive /backup/log
      ip-ledger archive /backup/log --check --root 5f2b...
    """
    from ledger.archive import erasing, writing
    from ledger.book.position import parse_position

    if (check and erase) or (root and not check):
        raise CheckOrErase
    path = _archive(directory)
    position = None if to is None else parse_position(to)
    progress, task = progress_bar("checked" if check else "archived", None)
    with progress:
        show = _show_on(progress, task)
        if check:
            found = writing.check_archive(path, show, root)
        elif erase:
            found = erasing.erase(path)
        else:
            found = writing.archive(connect_cluster(), path, position, from_earliest=from_earliest, progress=show)
    rows = [one._asdict() for one in found.segments]
    erased = [one._asdict() for one in found.erased]
    whole = {"root": found.root, "position": _position(found), "segments": rows, "erased": erased}
    shown = ("topic", "partition", "start", "end", "records") if printer.is_table else ()
    units = dict.fromkeys(("partition", "start", "end"), "offset")
    printer.write(Sheet(rows, whole, f"Segments of {path}", shown, units, key="segments"))
    echo_err(f"{sum(one.records for one in found.segments):,} records up to {_position(found) or 'the beginning'}")
    if erased:
        echo_err(f"{sum(len(one.offsets) for one in found.erased):,} records are erased, in {len(erased):,} segments")
    echo_err(f"root {found.root}")


@in_formats()
def restore_command(
    directory: Annotated[Path | None, _DIR] = None,
    book: Annotated[Path | None, typer.Option("--book", metavar="NEW", help="Create this book.")] = None,
    log: Annotated[bool, typer.Option("--log", help="Create a log, in the empty cluster of LEDGER_BROKERS.")] = False,
    partitions: Annotated[
        int | None,
        typer.Option("--partitions", min=1, max=1000, help="Partitions per topic; by default as before."),
    ] = None,
    from_earliest: Annotated[bool, _FROM_EARLIEST] = False,
    industry_map: INDUSTRY_MAP = None,
    *,
    printer: Printer,
) -> None:
    """Rebuild a book or a log from an archive. The book equals a replay of the archived log; the new log keeps the
    order of each subject's records. Exit code 1 if it lacks records.

    Examples:
      ip-ledger restore /backup/log --book second.db
      LEDGER_TOPIC_PREFIX=new- ip-ledger restore /backup/log --log --partitions 8
    """
    from ledger.archive.restoring import restore_book, restore_log

    if (book is None) == (not log):
        raise WhichTarget
    path = _archive(directory)
    progress, task = progress_bar("restored", None)
    if book is not None:
        by = load_map(industry_map)
        with progress:
            show = _show_on(progress, task)
            made = restore_book(path, book, from_earliest=from_earliest, industry_map=by, progress=show)
        facts = {"book": str(book), "position": _position(made), "root": made.root}
        printer.write(Sheet([facts], facts, key=""))
        echo_err(f"To use it: LEDGER_BOOK={book}")
        return
    with progress:
        found = restore_log(path, connect_cluster(), partitions, _show_on(progress, task))
    rows = [topic._asdict() for topic in found]
    printer.write(Sheet(rows, {"topics": rows}, "Restored", key="topics"))
    unreadable, misrouted = (sum(topic.unreadable for topic in found), sum(topic.misrouted for topic in found))
    echo_err(f"{sum(topic.records for topic in found):,} records were sent.")
    if unreadable or misrouted:
        echo_err(f"Left out: unreadable batches: {unreadable:,}; misrouted records: {misrouted:,}. No figure had them.")
        echo_err("`ip-ledger rejections list` of a book of the archive (--book NEW) names each.")
    echo_err("It is another log, so it needs a book of its own: ip-ledger replay --book NEW")
    raise typer.Exit(Exit.DIFFERENT if unreadable or misrouted else Exit.FINE)


def _archive(given: Path | None) -> Path:
    path = given or settings().archive
    if path is None:
        raise WhichArchive
    return path


def _position(manifest: Manifest) -> str:
    return ",".join(f"{topic}:{partition}={end}" for (topic, partition), end in sorted(manifest.ends.items()))


def _show_on(progress: Any, task: Any) -> Any:
    return lambda done, whole: progress.update(task, completed=done, total=whole)
