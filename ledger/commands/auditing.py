"""For the auditor: replay, verify, compare, reconcile."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from ledger.commands.context import settings, the_cluster, the_map
from ledger.commands.exit_codes import Exit
from ledger.commands.formats import Format, Sheet
from ledger.commands.formats.json import print_json
from ledger.commands.formats.table import print_table
from ledger.commands.formatted import AS_JSON, AS_TABLE, in_formats, json_or_table
from ledger.commands.output import progress_bar
from ledger.commands.talk import talk


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(replay)
    app.command()(verify)
    app.command()(compare)
    app.command()(reconcile)


def replay(
    book: Annotated[Path, typer.Option("--book", help="The new book; an existing file is refused.")],
    to: Annotated[str | None, typer.Option("--to", metavar="POSITION", help="topic:partition=offset,...")] = None,
    from_earliest: Annotated[
        bool, typer.Option("--from-earliest", help="Begin where the log begins, even if that is not offset 0.")
    ] = False,
    industry_map: Annotated[
        Path | None,
        typer.Option(
            "--industry-map",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="Another map from IPC symbols to industries. Without it the shipped one.",
        ),
    ] = None,
) -> None:
    """Make a second book of the log, up to its end at the start unless a position is said."""
    from ledger.audit.replay import replay as make_again
    from ledger.book.position import parse_position

    position = None if to is None else parse_position(to)
    by = the_map(industry_map)
    progress, task = progress_bar("replayed", None)
    with progress:
        records = make_again(
            the_cluster(),
            book,
            position,
            from_earliest=from_earliest,
            industry_map=by,
            progress=_show_on(progress, task),
        )
    talk(f"{records} records were read again; the new book is {book}, by industry map {by.cited}.")
    talk(f"To use it: LEDGER_BOOK={book}")


def verify(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Hold the book against a replay of the log to its position. Exit code 1 if they differ, or the log is
    incomplete."""
    from ledger.audit.verify import verify as hold_against_log
    from ledger.book.position import spoken_position

    progress, task = progress_bar("replayed", None)
    with progress:
        verdict = hold_against_log(the_cluster(), settings().book, _show_on(progress, task))
    if json_or_table(as_json) is AS_JSON:
        print_json(verdict.as_json())
    else:
        print_table(
            [{"table": name, "rows": rows} for name, rows in verdict.tables.items()], f"Verdict: {verdict.verdict}"
        )
        position = spoken_position(verdict.position)
        talk(f"{verdict.records} records replayed in {verdict.seconds} s to {position}", f"digest {verdict.digest}")
        if verdict.reason:
            talk(f"{verdict.reason}.")
        if verdict.views:
            talk(f"The SQL views in it are of version {verdict.views}. Next: `ip-ledger views --install`.")
        for found in verdict.differences:
            talk(f"{found.table} {found.key}", f"  book: {found.book}", f"  log:  {found.log}")
    raise typer.Exit(Exit.FINE if verdict.verdict == "equal" else Exit.DIFFERENT)


@in_formats(json="Print JSON, with minor units.")
def compare(
    first: Annotated[Path, typer.Argument(metavar="BOOK", help="A book.")],
    second: Annotated[Path, typer.Argument(metavar="BOOK", help="Another one, by another map or at another position.")],
    *,
    form: Format,
) -> None:
    """What moved from the first book to the second: the totals by kind, industry, year and currency (corrected) that
    are not the same, each with its difference. Exit code 1 if something moved."""
    from ledger.audit.compare import FLAT, moved
    from ledger.book.position import spoken_position

    found = moved(first, second)
    form.write(Sheet(found.flat_rows(), found.as_json(), "Moved", FLAT))
    sys.stdout.flush()
    if not form.cites:
        for letter, cited in zip("ab", found.books, strict=True):
            talk(
                f"{letter}: {cited['book']}, fold version {cited['fold_version']}, "
                f"industry map {cited['industry_map']}, position {spoken_position(cited['position'])}"
            )
        talk(f"{len(found.rows)} totals moved." if found.rows else "Nothing moved.")
    if not found.same_position:
        talk(
            "The two books do NOT stand at the same position: figures differ for that reason, too. A book at the "
            "other's position is made by `ip-ledger replay --book NEW --to POSITION`."
        )
    raise typer.Exit(Exit.DIFFERENT if found.rows else Exit.FINE)


@in_formats(json="Print JSON, with what each value was made of.")
def reconcile(
    figure: Annotated[str, typer.Option(metavar="TEXT", help="Only figures with this in their text or subject.")] = "",
    recorded: Annotated[bool, typer.Option("--recorded", help="As if nothing had been corrected or voided.")] = False,
    *,
    form: Format,
) -> None:
    """Hold the figures that others published against the book: its exact value, that value rounded once as it was
    printed, the difference, how much of it the book covers, and a verdict. Exit code 1 if one differs."""
    from ledger.book.position import spoken_position
    from ledger.figures.reconcile import AT_A_GLANCE, COLUMNS, at_a_glance
    from ledger.figures.reconcile import reconcile as hold_against_book
    from ledger.figures.verdict import PARTIAL

    found = hold_against_book(settings().book, "recorded" if recorded else "corrected", figure)
    whole = found.as_json()
    if form is AS_TABLE:
        print_table([at_a_glance(row) for row in found.rows], f"Published figures, {found.basis}", AT_A_GLANCE)
    else:
        form.write(Sheet(({name: row[name] for name in COLUMNS} for row in found.rows), whole, columns=COLUMNS))
    sys.stdout.flush()
    counted = Counter(row["verdict"] for row in found.rows)
    if counted[PARTIAL]:
        talk("partial: the book holds a part of what the office counts, as many percent as `coverage` says.")
    talk(f"{', '.join(f'{number} {verdict}' for verdict, number in sorted(counted.items())) or 'no published figure'}")
    talk(f"position {spoken_position(whole['position'])}")
    raise typer.Exit(Exit.FINE if found.agrees else Exit.DIFFERENT)


def _show_on(progress: Any, task: Any) -> Any:
    return lambda done, whole: progress.update(task, completed=done, total=whole)
