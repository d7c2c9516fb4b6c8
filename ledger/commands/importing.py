"""Commands for office files: import, formats."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import orjson
import typer

from ledger.commands.context import open_book
from ledger.commands.exit_codes import Exit
from ledger.commands.formats import Sheet
from ledger.commands.formatted import Printer, in_formats
from ledger.commands.messages import counted, echo_err
from ledger.commands.output import progress_bar, shown_bytes
from ledger.commands.producing import DRY_RUN
from ledger.commands.sending import sent_events
from ledger.files import open_output, require_paths
from schemas.errors import Unavailable

if TYPE_CHECKING:
    from streams.sources.reading import Importer, Reading
    from streams.sources.report import Report
    from streams.sources.results import Skipped

_MATCH_RELEASES = Annotated[
    bool,
    typer.Option(
        "--match-releases",
        help="Infer the pledge of a release or of a change of the lender that cites none, if only one fits.",
    ),
]
_WITH_BOOK = Annotated[
    bool, typer.Option("--with-book", help="Compare releases also with pledges that are in the book, but in no file.")
]
LOUD = 20
"""The number of bad documents that are named on stderr as they come; `--skipped` writes all."""


class ImportStopped(Unavailable):
    """The import stopped because a file cannot be written: {reason}. Free some space (also in the directory of
    temporary files) or name another file, and import again: events that were published before count once."""


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("import")(import_files)
    app.command("formats")(formats_command)


@in_formats()
def import_files(
    kind: Annotated[
        str, typer.Argument(metavar="IMPORTER", help="An importer of `ip-ledger formats`, such as uspto-grants.")
    ],
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Office files, or directories of them; .gz, .zip are read directly."),
    ],
    dry_run: DRY_RUN = False,
    to: Annotated[str | None, typer.Option("--to", metavar="FILE|-", help="Write JSON lines instead.")] = None,
    skipped: Annotated[
        str | None, typer.Option("--skipped", metavar="FILE", help="Write there what was skipped, as JSON lines.")
    ] = None,
    match_releases: _MATCH_RELEASES = False,
    with_book: _WITH_BOOK = False,
    *,
    printer: Printer,
) -> None:
    """Make events from office files and publish them; report what was read, made and skipped.

    Examples:
      ip-ledger import uspto-grants ipg240102.xml.gz
      ip-ledger import uspto-assignments ad20240102.zip --to events.ndjson --skipped skipped.ndjson
    """
    from streams.sources.importers import importer_of
    from streams.sources.packed import files_of
    from streams.sources.reading import Reading
    from streams.sources.report import Report

    chosen_kind = _kind(kind)
    require_paths(files)
    files = [file for path in files for file in files_of(path)]
    with faults_of_writing(), ExitStack() as stack:
        reading = Reading(files, importer_of, match_releases=match_releases, **_pools(stack, with_book=with_book))
        report, refused = Report(reading), 0
        aside = stack.enter_context(open_output(skipped, files)) if skipped else None
        values = _values(chosen_kind, reading, report, aside)
        if to is not None:
            inputs = [*files, Path(skipped)] if skipped else files
            out = sys.stdout.buffer if to == "-" else stack.enter_context(open_output(to, inputs))
            out.writelines(shown_bytes(value, out) + b"\n" for value in values)
        elif dry_run:
            deque(values, maxlen=0)
        else:
            refused = _send(values, stack)
    _print(report, refused, printer, done=_done(to, dry_run), on_stdout=to != "-")
    _end(report, refused)


def _end(report: Report, refused: int) -> None:
    """Exit with the code of a part or of nothing usable; say so if the files hold no event."""
    went = report.made.total() - refused
    if report.faults or refused:
        raise typer.Exit(Exit.DIFFERENT if went else Exit.UNUSABLE)
    if not went:
        echo_err("Quiet: the files were read to their ends, and hold no event.")


def _pools(stack: ExitStack, *, with_book: bool) -> dict[str, Any]:
    """Return the option of `Reading` that asks the book for pools, if any."""
    if not with_book:
        return {}
    from ledger.queries.pools import pool_in_book

    book = stack.enter_context(open_book())
    return {"pool_of": lambda subject: pool_in_book(book, subject)}


def _done(to: str | None, dry_run: bool) -> str:
    return "Wrote" if to is not None else "Would publish" if dry_run else "Published"


@contextmanager
def faults_of_writing() -> Iterator[None]:
    """Raise ImportStopped where a disk is full or gone. A closed pipe on stdout is not a fault."""
    import sqlite3

    try:
        yield
    except BrokenPipeError:
        raise
    except (OSError, sqlite3.Error) as error:  # conveyances are brought together in a temporary file of SQLite
        raise ImportStopped(reason=error) from error


@in_formats()
def formats_command(*, printer: Printer) -> None:
    """List the importers of office files, and the formats that each reads.

    Examples:
      ip-ledger formats
      ip-ledger formats --csv
    """
    from streams.sources.importers import IMPORTERS

    named = dict.fromkeys((name, form.name) for name, kind in IMPORTERS.items() for form in kind.formats)
    rows = [{"importer": importer, "format": form} for importer, form in named]
    printer.write(Sheet(rows, {"formats": rows}, "Office files", key="formats"))


def _kind(kind: str) -> Importer:
    from ledger.nearest import UnknownName
    from streams.sources.importers import IMPORTERS

    if kind not in IMPORTERS:
        raise UnknownName(what="the importer", given=kind, known=IMPORTERS)
    return IMPORTERS[kind]


def _values(kind: Importer, reading: Reading, report: Report, aside: IO[Any] | None) -> Iterator[bytes]:
    """Yield the events; fill the report and show progress meanwhile."""
    from streams.sources.report import as_json
    from streams.sources.results import Imported

    progress, task = progress_bar("read", reading.total, of_bytes=True)
    with progress:
        for result in kind.results(reading):
            report.take(result)
            progress.update(task, completed=reading.done)
            if isinstance(result, Imported):
                yield result.value
                continue
            if aside is not None:
                aside.write(orjson.dumps(as_json(result)) + b"\n")
            _name(result, report)


def _name(skipped: Skipped, report: Report) -> None:
    if skipped.fault and report.faults <= LOUD:
        echo_err(f"bad: {skipped.file}: {skipped.location}: {skipped.rule.label}: {skipped.reason}")
    elif skipped.fault and report.faults == LOUD + 1:
        echo_err("bad: more of them; --skipped FILE writes them all.")


def _send(values: Iterator[bytes], stack: ExitStack) -> int:
    """Publish the events; name each rejected one, and return how many there are. No events need no broker."""
    from schemas.codec import Refusal

    refused = 0
    first = list(islice(values, 1))
    for number, answer in sent_events(chain(first, values), stack) if first else ():
        if isinstance(answer, Refusal):
            refused += 1
            echo_err(f"event {number}: {answer.rule.label}: {answer.path or 'the event'}: {answer.message}")
    return refused


def _print(report: Report, refused: int, printer: Printer, *, done: str, on_stdout: bool) -> None:
    document = report.as_json() | {"refused": refused}
    if on_stdout:
        printer.write(Sheet(report.rows(), document, "Import", ("what", "of", "count"), key=""))
    made, skipped = report.made.total(), report.skipped.total()
    again = f" ({report.again} of them again, in another format)" if report.again else ""
    documents = counted(document["read"]["documents"], "document", "documents")
    echo_err(f"Read {documents}. {done} {counted(made - refused, 'event', 'events')}{again}; refused {refused:,}.")
    parts = counted(skipped - report.faults, "document or part of one", "documents or parts of them")
    echo_err(f"Skipped {parts}; found {report.faults:,} bad.")
