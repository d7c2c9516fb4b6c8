"""For whoever reads figures: totals, views, status. Each figure cites its position."""

from __future__ import annotations

import sys
from datetime import date
from typing import Annotated, Any

import typer

from ledger.commands.context import running_cluster, settings, the_book
from ledger.commands.exit_codes import Exit
from ledger.commands.output import Format, chosen, print_json, print_rows, print_table, talk

JSON = Annotated[bool, typer.Option("--json", help="Print JSON.")]
CSV = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
EXCEL = Annotated[bool, typer.Option("--excel", help="Print CSV for spreadsheets, which run nothing of it.")]
INDUSTRY = Annotated[str | None, typer.Option(help="Industry code, such as AI; ALL for the whole.")]
YEAR = Annotated[int | None, typer.Option(min=1, max=9999, help="Year of the business date.")]
REGION = Annotated[str | None, typer.Option(help="ISO 3166 code, such as CN-SH.")]
RIGHT = Annotated[str | None, typer.Option(help="invention, utility_model, design, plant or mixed.")]

RECORDED = Annotated[bool, typer.Option("--recorded", help="As if nothing had been corrected or voided.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(totals)
    app.command()(views)
    app.command()(view)
    app.command()(status)


def totals(
    kind: Annotated[str | None, typer.Option(help="grants, pledges, valuations, ...: see the glossary.")] = None,
    by: Annotated[str, typer.Option(help="Any of industry, year, region, right, with commas.")] = "",
    industry: INDUSTRY = None,
    year: YEAR = None,
    region: REGION = None,
    right: RIGHT = None,
    recorded: RECORDED = False,
    as_json: JSON = False,
    as_csv: CSV = False,
    as_excel: EXCEL = False,
) -> None:
    """Totals by kind and currency: with --by industry the shares, without it the whole amounts."""
    from ledger.book.position import as_of_offsets, position_text
    from ledger.queries.totals import TotalsQuestion, ask_totals

    columns = tuple(filter(None, (part.strip() for part in by.split(","))))
    with the_book() as book:
        answer = ask_totals(book, TotalsQuestion(kind, columns, industry, year, region, right, recorded))
        whole = {
            "position": position_text(answer.positions),
            "as_of_offsets": as_of_offsets(answer.positions),
            "age_seconds": answer.age_seconds,
            "industry_map": book.meta["industry_map"],
            "basis": "recorded" if recorded else "corrected",
            "rows": answer.rows,
        }
    _show(chosen(as_json, as_csv, as_excel), whole, answer.columns, f"Totals, {whole['basis']}")


def views(
    as_json: JSON = False,
    install: Annotated[bool, typer.Option("--install", help="Put this program's SQL views into the book.")] = False,
) -> None:
    """The views that exist, each with its formula."""
    from ledger.views import VIEWS

    if install:
        _install_views()
        return
    if chosen(as_json) is Format.JSON:
        print_json(
            {
                "views": [
                    {"name": v.name, "formula": v.formula, "columns": [column._asdict() for column in v.columns]}
                    for v in VIEWS.values()
                ]
            }
        )
    else:
        print_table([{"view": v.name, "formula": v.formula} for v in VIEWS.values()], "Views")


def _install_views() -> None:
    from ledger.book.book import Book
    from ledger.book.connection import faults_named
    from ledger.book.installed_views import bring_views_up_to_date, views_version

    path = settings().book
    with Book(path, writable=True) as book, faults_named(path):
        changed = bring_views_up_to_date(book.connection)
    talk(f"{path}: SQL views of version {views_version()} {'installed' if changed else 'were there already'}.")


def view(
    name: Annotated[str, typer.Argument(help="A name that `ip-ledger views` lists.")],
    where: Annotated[list[str] | None, typer.Option(metavar="COLUMN=VALUE", help="May be said several times.")] = None,
    industry: INDUSTRY = None,
    year: YEAR = None,
    region: REGION = None,
    right: RIGHT = None,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="For stocks: on this day.")] = None,
    recorded: RECORDED = False,
    as_json: JSON = False,
    as_csv: CSV = False,
    as_excel: EXCEL = False,
) -> None:
    """Any view, filtered by its columns."""
    from ledger.book.position import as_of_offsets, position_text
    from ledger.queries.view import ask_view

    filters = {"industry": industry, "year": year, "region": region, "right": right}
    said = {column: str(value) for column, value in filters.items() if value is not None} | _pairs(where or [])
    with the_book() as book:
        answer = ask_view(book, name, said, _day(as_of), recorded=recorded)
        day = _written(answer.as_of)
        whole = {
            "view": name,
            "position": position_text(answer.positions),
            "as_of_offsets": as_of_offsets(answer.positions),
            "age_seconds": answer.age_seconds,
            "as_of": day,
            "basis": answer.basis,
            "rows": answer.rows,
        }
    _show(chosen(as_json, as_csv, as_excel), whole, answer.columns, f"{name}{f', as of {day}' if day else ''}")


def status(
    as_json: JSON = False,
    check: Annotated[
        bool, typer.Option("--check", help="Exit code 1 if records have waited for 5 s behind an open transaction.")
    ] = False,
) -> None:
    """Where every partition stands. Works without a broker: the lag is then not known."""
    from ledger.queries.status import held_up
    from ledger.queries.status import status as status_of

    with the_book(of_any_version=True) as book:
        whole = status_of(book, running_cluster(), on_unknown=talk)
    if chosen(as_json) is Format.JSON:
        print_json(whole)
    else:
        rows = _narrow(whole["partitions"])
        used = [row for row, part in zip(rows, whole["partitions"], strict=True) if part["next"] or part["lag"]]
        print_table(used, f"{whole['book']}, fold version {whole['fold_version']}", list(rows[0]))
        sys.stdout.flush()
        empty = len(whole["partitions"]) - len(used)
        if empty:
            talk(f"{empty} of {len(whole['partitions'])} partitions hold nothing, and are not shown")
        balanced = "every offset is accounted for" if whole["balanced"] else "OFFSETS ARE NOT ACCOUNTED FOR"
        talk(f"{balanced}; newest record {_age(whole['age_seconds'])}; WAL {whole['wal_bytes'] >> 20:,} MiB")
        for transaction in whole["transactions"]:
            talk(f"{transaction['message']}; {transaction['next_step']}")
        for loss in whole["retention"]:
            talk(f"{loss['message']}; `ip-ledger topics check` names the step")
    if not whole["balanced"]:
        raise typer.Exit(Exit.BROKEN)
    raise typer.Exit(Exit.DIFFERENT if check and held_up(whole) else Exit.FINE)


def _show(form: Format, whole: dict[str, Any], columns: list[str], title: str) -> None:
    from ledger.book.position import spoken_position

    print_rows(form, whole["rows"], whole, title, columns)
    sys.stdout.flush()
    if form is not Format.JSON:
        talk(f"position {spoken_position(whole['position'])}")
    if form is Format.TABLE:
        talk(f"newest record {_age(whole['age_seconds'])}")


def _narrow(partitions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What fits on a narrow terminal: no ends, which follow from next, lag and waiting; no first and no waiting where
    every one is 0."""
    zeros = {name for name in ("first", "waiting") if not any(part[name] for part in partitions)}
    left_out = {"topic", "partition", "end", "high"} | zeros
    return [
        {"partition": f"{part['topic']}:{part['partition']}"}
        | {name: value for name, value in part.items() if name not in left_out}
        for part in partitions
    ]


def _age(seconds: float | None) -> str:
    return "none yet" if seconds is None else f"{seconds:.1f} s old"


def _pairs(where: list[str]) -> dict[str, str]:
    pairs = {}
    for said in where:
        column, equals, value = said.partition("=")
        if not equals:
            raise typer.BadParameter(f"{said!r} is not COLUMN=VALUE")
        pairs[column] = value
    return pairs


def _written(day: int | None) -> str | None:
    return f"{day // 10_000:04}-{day // 100 % 100:02}-{day % 100:02}" if day else None


def _day(text: str | None) -> int | None:
    if text is None:
        return None
    from ledger.posting.facts import day_number

    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a date: write YYYY-MM-DD") from error
    return day_number(day)
