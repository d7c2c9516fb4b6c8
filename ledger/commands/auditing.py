"""Commands for auditors: replay, verify, compare, reconcile."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from ledger.commands.context import (
    INDUSTRY_MAP,
    SHARE,
    TO,
    archived_log,
    connect_cluster,
    load_map,
    open_book,
    parse_share,
    settings,
)
from ledger.commands.exit_codes import Exit
from ledger.commands.formats import Sheet
from ledger.commands.formatted import Printer, in_formats
from ledger.commands.messages import counted, echo_err
from ledger.commands.output import print_heading, progress_bar
from schemas.errors import UsageError

if TYPE_CHECKING:
    from ledger.audit.verify import VerifyReport
    from ledger.book.verified import Verified
    from ledger.proof.note import Verifier

_UNITS = {
    **dict.fromkeys(("a_amount", "b_amount", "difference_amount", "published", "exact", "difference"), "decimal text"),
    "year": "year",
}
"""Units of the columns of `compare` and `reconcile`."""

_PROCESSES = Annotated[
    int | None,
    typer.Option(
        "--processes", min=1, help="Number of processes: by default one for each core, and 1 for a short log."
    ),
]

_LOG_KEYS = Annotated[
    list[Path] | None,
    typer.Option("--log-key", metavar="FILE", help="A public key of the log: check the signatures of checkpoints."),
]
_CONTINUOUS = Annotated[
    bool, typer.Option("--continuous", help="Verify all the time while the worker runs, until SIGTERM.")
]
_INDEPENDENT = Annotated[
    bool,
    typer.Option(
        "--independent", help="Read through kafka-python, and fold with a second, slow program that shares no code."
    ),
]
_ARCHIVE = Annotated[
    Path | None,
    typer.Option("--archive", metavar="DIR", help="Read from this archive what it has, and the rest from the log."),
]
_LOAD = Annotated[
    float, typer.Option("--load", min=0.01, max=1.0, help="The share of one core that --continuous takes.")
]


class OnlyWhole(UsageError):
    """`--continuous` and `--independent` verify the whole book, in one process and without signatures. Use one of them,
    and leave out `--sample`, `--seed`, `--processes`, `--log-key` and `--archive`."""


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("replay")(replay_command)
    app.command("verify")(verify_command)
    app.command("merge")(merge_command)
    app.command("compare")(compare_command)
    app.command("reconcile")(reconcile_command)


def replay_command(
    book: Annotated[Path, typer.Option("--book", help="The new book; an existing file is refused.")],
    to: TO = None,
    from_earliest: Annotated[
        bool, typer.Option("--from-earliest", help="Begin where the log begins, even if that is not offset 0.")
    ] = False,
    industry_map: INDUSTRY_MAP = None,
    share: SHARE = None,
    processes: _PROCESSES = None,
) -> None:
    """Rebuild a book from the log, up to a position or, by default, to the end of the log.

    Examples:
      ip-ledger replay --book second.db
      ip-ledger replay --book early.db --to ip.patent.v1:0=1200,ip.pledge.v1:0=310
    """
    from ledger.audit.replay import replay
    from ledger.book.draft import require_free
    from ledger.book.position import parse_position
    from ledger.book.share import WHOLE

    require_free(book)
    position = None if to is None else parse_position(to)
    by = load_map(industry_map)
    progress, task = progress_bar("replayed", None)
    with progress:
        records = replay(
            connect_cluster(),
            book,
            position,
            from_earliest=from_earliest,
            industry_map=by,
            share=parse_share(share) or WHOLE,
            progress=_show_on(progress, task),
            processes=processes,
        )
    echo_err(f"{records:,} records read; the new book is {book}, by industry map {by.cited}.")
    echo_err(f"To use it: LEDGER_BOOK={book}")


@in_formats(cites=True)
def verify_command(
    sample: Annotated[
        int | None, typer.Option("--sample", metavar="K", min=1, help="Only K partitions, drawn at random.")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Draw the sample of this seed again.")] = None,
    processes: _PROCESSES = None,
    log_key: _LOG_KEYS = None,
    continuous: _CONTINUOUS = False,
    independent: _INDEPENDENT = False,
    archive: _ARCHIVE = None,
    load: _LOAD = 0.1,
    *,
    printer: Printer,
) -> None:
    """Compare the book with a replay of the log to its position, row by row. Exit code 1 if they differ, or if the log
    is incomplete.

    Examples:
      LEDGER_BOOK=copy.db ip-ledger verify --json
      ip-ledger verify --continuous --load 0.2
    """
    from secrets import randbits

    from ledger.audit.verify import Sample, verify

    if continuous or independent:
        if sample is not None or seed is not None or log_key or processes or archive or (continuous and independent):
            raise OnlyWhole
        _continuously(load, printer) if continuous else _independently(printer)
    keys = _public_keys(log_key)
    earlier = archived_log(archive)
    drawn = None if sample is None else Sample(sample, randbits(32) if seed is None else seed)

    progress, task = progress_bar("replayed", None)
    with progress:
        verdict = verify(connect_cluster(), settings().book, _show_on(progress, task), processes, drawn, keys, earlier)
    if verdict.verified:
        _keep(verdict.verified)
    _print_verdict(verdict, printer)
    raise typer.Exit(Exit.FINE if verdict.verdict == "equal" else Exit.DIFFERENT)


def _keep(verified: Verified) -> None:
    """Write next to the book how far it was verified, if this user may write there."""
    from ledger.book.errors import BookFault
    from ledger.book.verified import keep_verified

    try:
        keep_verified(settings().book, verified)
    except BookFault as error:
        echo_err(f"`status` will not show it: {error}")


def _continuously(load: float, printer: Printer) -> NoReturn:
    """Verify until something differs (exit code 1) or SIGTERM comes (exit code 0)."""
    import signal
    import threading
    import time

    import structlog

    from ledger import logs
    from ledger.audit.continuous import verify_continuously
    from ledger.audit.following import Stopped
    from ledger.audit.verify import VerifyReport

    def show(verified: Verified | None) -> None:
        if verified is None:
            log.info("round ended", verified="", reason="the book does not begin at offset 0")
        else:
            log.info("round ended", verified=verified.position, checkpoint=verified.checkpoint)

    logs.configure()
    log = structlog.get_logger()
    began = time.monotonic()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())  # an exception could end in a callback that drops it
    try:
        difference, position = verify_continuously(connect_cluster(), settings().book, load, show, stop)
    except Stopped:
        raise typer.Exit(Exit.FINE) from None
    seconds = round(time.monotonic() - began, 3)
    _print_verdict(VerifyReport("different", position, 0, seconds, "", {}, [difference]), printer)
    raise typer.Exit(Exit.DIFFERENT)


def _independently(printer: Printer) -> NoReturn:
    """Verify by other code."""
    from ledger.book.connection import require_sound
    from ledger.independent.reading import NotReadIndependently
    from ledger.independent.verify import verify_independently
    from streams.rights import not_authorized

    require_sound(settings().book)  # a copy of a file that is not a book may be without end
    cluster = connect_cluster()
    try:
        report = verify_independently(cluster.kafka_python(), cluster.prefix, settings().book)
    except NotReadIndependently as error:
        if type(error.__cause__).__name__ != "TopicAuthorizationFailedError":
            raise
        topic = cluster.topic(str(error.facts["topic"]))
        raise not_authorized(cluster.brokers, cluster.principal, "Read", "topic", topic) from error
    rows = [{"table": name, "rows": rows} for name, rows in report.tables.items()]
    printer.write(Sheet(rows, report.as_json(), "Rows recomputed", ("table", "rows"), key=""))
    printer.cite(report.position)
    if printer.is_table:
        echo_err(f"{report.records:,} records read and folded in {report.seconds} s")
        echo_err(f"Not recomputed: {', '.join(report.not_recomputed)}")
        for found in report.differences:
            echo_err(f"{found.table} {found.key}", f"  book: {found.book}", f"  log:  {found.log}")
        print_heading(f"Verdict: {report.verdict}")
    raise typer.Exit(Exit.FINE if report.verdict == "equal" else Exit.DIFFERENT)


def _print_verdict(verdict: VerifyReport, printer: Printer) -> None:
    from ledger.book.position import brief_position

    rows = [{"table": name, "rows": rows} for name, rows in verdict.tables.items()]
    printer.write(Sheet(rows, verdict.as_json(), "Rows compared", ("table", "rows"), key=""))
    printer.cite(verdict.position)
    if verdict.seed is not None:
        echo_err(f"A sample, drawn by --seed {verdict.seed}: {brief_position(verdict.position)}")
    if printer.is_table:
        echo_err(f"{verdict.records:,} records replayed in {verdict.seconds} s", f"digest {verdict.digest}")
        if verdict.views:
            echo_err(f"The SQL views in it are of version {verdict.views}. Next: `ip-ledger views --install`.")
        for law, count in Counter(one.law for one in verdict.erased).items():
            echo_err(f"{counted(count, 'record is', 'records are')} erased by {law}")
        if verdict.unsigned is not None:
            echo_err(f"Statement {verdict.unsigned} is not signed: its signer was ended before it signed.")
            echo_err("Next: `ip-ledger audit checkpoint` signs it. If anybody has it already, it was deleted here.")
        for found in verdict.differences:
            echo_err(f"{found.error}: {found.table} {found.key}", f"  book: {found.book}", f"  log:  {found.log}")
        print_heading(f"Verdict: {verdict.verdict}{f' ({verdict.reason})' if verdict.reason else ''}")


def _public_keys(files: list[Path] | None) -> list[Verifier]:
    if not files:
        return []
    from ledger.proof.keys import public_key

    return [public_key(file) for file in files]


def merge_command(
    books: Annotated[list[Path], typer.Argument(metavar="BOOK...", help="Books of disjoint shares of one log.")],
    into: Annotated[Path, typer.Option("--into", metavar="NEW", help="The new book; an existing file is refused.")],
) -> None:
    """Merge books that hold shares of one log into a new book. It equals a replay of the same partitions.

    Examples:
      ip-ledger merge a.db b.db c.db --into whole.db
      ip-ledger merge shares/*.db --into whole.db
    """
    from ledger.book.merge import merge
    from ledger.book.position import brief_position, position_text

    position = brief_position(position_text(merge(books, into)))
    echo_err(f"{into} holds what {len(books)} books held, at position {position}")
    echo_err(f"To use it: LEDGER_BOOK={into}")


@in_formats(cites=True, json="Print JSON, with minor units.")
def compare_command(
    first: Annotated[Path, typer.Argument(metavar="BOOK", help="A book.")],
    second: Annotated[Path, typer.Argument(metavar="BOOK", help="Another one, by another map or at another position.")],
    *,
    printer: Printer,
) -> None:
    """Show which totals differ between two books: by kind, industry, year and currency, as corrected, each with its
    difference. Exit code 1 if one differs.

    Examples:
      ip-ledger compare book.db second.db
      ip-ledger compare book.db robots.db --sort=-difference_events --limit 20
    """
    from ledger.audit.compare import FLAT, compare_totals

    found = compare_totals(first, second)
    printer.write(Sheet(found.flat_rows(), found.as_json(), "Moved", FLAT, _UNITS))
    if not printer.is_json:
        for letter, cited in zip("ab", found.books, strict=True):
            by = f"fold version {cited['fold_version']}, industry map {cited['industry_map']}"
            echo_err(f"{letter}: {cited['book']}, {by}")
            printer.cite(cited["position"])
        echo_err(f"{len(found.rows):,} totals moved." if found.rows else "Nothing moved.")
    if not found.same_position:
        echo_err(
            "The two books are NOT at the same position: figures differ for that reason too. A book at the "
            "other's position is made by `ip-ledger replay --book NEW --to POSITION`."
        )
    raise typer.Exit(Exit.DIFFERENT if found.rows else Exit.FINE)


@in_formats(cites=True, asks=True, json="Print JSON, with the inputs of each value.")
def reconcile_command(
    figure: Annotated[str, typer.Option(metavar="TEXT", help="Only figures with this in their text or subject.")] = "",
    recorded: Annotated[
        bool, typer.Option("--recorded", help="As first recorded, without corrections and voids.")
    ] = False,
    *,
    printer: Printer,
) -> None:
    """Compare published figures with the book: the exact value, the same rounded once as it was printed, the
    difference, how much of it the book covers, and a verdict. Exit code 1 if one differs.

    Examples:
      ip-ledger reconcile
      ip-ledger reconcile --figure Shanghai --json
    """
    from ledger.figures.reconcile import CSV_COLUMNS, TABLE_COLUMNS, compared, table_row
    from ledger.figures.verdict import PARTIAL, PRECISION_UNKNOWN, VERDICTS

    basis = "recorded" if recorded else "corrected"
    with open_book() as book:
        found = compared(book, basis, figure)
    whole = found.as_json()
    if printer.is_table and not printer.columns:
        sheet = Sheet([table_row(row) for row in found.rows], whole, columns=TABLE_COLUMNS)
    else:
        sheet = Sheet([{name: row[name] for name in CSV_COLUMNS} for row in found.rows], whole, columns=CSV_COLUMNS)
    printer.write(sheet._replace(title=f"Published figures, {found.basis}", units=_UNITS))
    verdicts = Counter(row["verdict"] for row in found.rows)
    for verdict in (PARTIAL, PRECISION_UNKNOWN):
        if verdicts[verdict]:
            echo_err(f"{verdict}: {VERDICTS[verdict]}.")
    if found.rows:
        echo_err(", ".join(f"{number} {verdict}" for verdict, number in sorted(verdicts.items())))
    else:
        echo_err(_no_figure(figure, found.known))
    printer.cite(whole["position"], whole["age_seconds"])
    raise typer.Exit(Exit.FINE if found.agrees else Exit.DIFFERENT)


def _no_figure(asked: str, known: list[str]) -> str:
    """Return why no figure is compared."""
    if not known:
        return "the book has no published figure; `ip-ledger import published-figures` adds some"
    from ledger.nearest import nearest

    meant = nearest(asked, tuple(sorted({word for text in known for word in text.split()})))
    such = f"did you mean {meant}?" if meant else f"such as {known[0]!r}"
    return f"none of {counted(len(known), 'published figure', 'published figures')} has {asked!r} in its text; {such}"


def _show_on(progress: Any, task: Any) -> Any:
    return lambda done, whole: progress.update(task, completed=done, total=whole)
