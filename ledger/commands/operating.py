"""The command `status`: where each partition stands."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ledger.commands.context import archived_ends, open_book, running_cluster
from ledger.commands.exit_codes import Exit
from ledger.commands.formats import Sheet
from ledger.commands.formatted import Printer, age_text, in_formats
from ledger.commands.messages import echo_err

OFFSETS = dict.fromkeys(("partition", "first", "next"), "offset")
"""Units of numbers that are not counts."""


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("status")(status_command)


@in_formats(asks=True)
def status_command(
    check: Annotated[
        bool, typer.Option("--check", help="Exit code 1 if records have waited for 5 s behind an open transaction.")
    ] = False,
    *,
    printer: Printer,
) -> None:
    """Show where each partition stands. Works without a broker: the lag is then unknown.

    Examples:
      ip-ledger status
      ip-ledger status --check --json
    """
    from ledger.queries.status import status

    with open_book(of_any_version=True) as book:
        found = status(book, running_cluster(), echo_err, archived_ends())
    whole = found.as_json()
    rows = whole["partitions"]
    if printer.is_table:
        rows = _brief(rows)
    share = "" if whole["share"] == "all" else f", share {whole['share']}"
    title = f"{whole['book']}, fold version {whole['fold_version']}{share}"
    columns = list(rows[0]) if rows else list(_COLUMNS)
    printer.write(Sheet(rows, whole, title, columns, OFFSETS, key="partitions"))
    if printer.is_table:
        _summarise(whole, len(rows))
    if not whole["balanced"]:
        raise typer.Exit(Exit.BROKEN)
    raise typer.Exit(Exit.DIFFERENT if check and found.held_up else Exit.FINE)


_COLUMNS = ("partition", "next", "lag", "accepted", "duplicate", "conflict", "rejected", "gap")


def _brief(partitions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the partitions that hold records, with columns for a narrow terminal: no ends, which follow from next, lag
    and waiting; first and waiting only where one is not 0."""
    shown = [name for name in ("first", "waiting") if any(part[name] for part in partitions)]
    return [
        {"partition": f"{part['topic']}:{part['partition']}"} | {name: part[name] for name in (*_COLUMNS[1:], *shown)}
        for part in partitions
        if part["next"] or part["lag"]
    ]


def _summarise(whole: dict[str, Any], shown: int) -> None:
    empty = len(whole["partitions"]) - shown
    if empty:
        echo_err(f"{empty} of {len(whole['partitions'])} partitions are empty and not shown")
    balanced = "every offset is accounted for" if whole["balanced"] else "OFFSETS ARE NOT ACCOUNTED FOR"
    age = whole["age_seconds"]
    newest = "no record yet" if age is None else f"newest record {age_text(age)} old"
    echo_err(f"{balanced}; {newest}; WAL {whole['wal_bytes'] >> 20:,} MiB")
    if verified := whole["verified"]:
        digest = "" if verified["digest"] is None else f", digest {verified['digest'][:12]}..."
        signed = "" if verified["checkpoint"] is None else f", with statement {verified['checkpoint']}"
        since = f"{verified['offsets_since']:,} offsets since"
        echo_err(f"verified {age_text(verified['age_seconds'])} ago{digest}{signed}; {since}")
    else:
        echo_err("not verified: `ip-ledger verify`")
    for transaction in whole["transactions"]:
        echo_err(f"{transaction['message']}; {transaction['next_step']}")
    for loss in whole["retention"]:
        echo_err(f"{loss['message']}; `ip-ledger topics check` names the step")
