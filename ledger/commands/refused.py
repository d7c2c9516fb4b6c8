"""For whoever looks after what was refused: rejections list, show, export, publish."""

from __future__ import annotations

import base64
import json
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Annotated, Any

import typer

from ledger.commands.context import settings, the_book, the_cluster
from ledger.commands.formats import Format, Sheet
from ledger.commands.formats.json import print_json
from ledger.commands.formats.table import print_table
from ledger.commands.formatted import AS_JSON, AS_TABLE, in_formats, json_or_table
from ledger.commands.output import print_line, shown_bytes
from ledger.commands.talk import talk

NEWEST = 50
MOST_ROWS = 2**63 - 1
"""SQLite counts no further."""
BRIEF = ("place", "offsets", "rule", "path", "message", "id")
RULE = Annotated[str | None, typer.Option(help="Only those of one rule, such as bad_data or conflict.")]

rejections_app = typer.Typer(help="Refused records: list, show, export, publish.", invoke_without_command=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(rejections_app, name="rejections")


@rejections_app.callback()
def rejections(context: typer.Context) -> None:
    """Refused records: list, show, export, publish. Without a word more: list."""
    if context.invoked_subcommand is None:
        list_rejections()


@rejections_app.command("list")
@in_formats(
    json="Print JSON: all of them, in the order of the log.", csv="Print CSV: all of them, in the order of the log."
)
def list_rejections(
    rule: RULE = None,
    newest: Annotated[
        int | None,
        typer.Option(min=0, max=MOST_ROWS, help=f"So many, the last first; a table without this has {NEWEST}."),
    ] = None,
    *,
    form: Format,
) -> None:
    """Records with outcome rejected or conflict. A table shows the newest, and how many there are by rule.

    A batch that cannot be read is one row: the column offsets says for how many offsets it stands.
    """
    from ledger.book.position import position_text, spoken_position
    from ledger.queries import rejections
    from ledger.queries.snapshot import read_snapshot
    from schemas.wording import arguments_text

    if form is AS_TABLE and newest is None:
        newest = NEWEST
    with the_book() as book, ExitStack() as stack:
        if newest is None:
            positions = book.positions()
            rows = rejections.said(book, rule, positions)
        else:
            positions, _ = stack.enter_context(read_snapshot(book))
            rows = rejections.newest(book, newest, rule)
        position = position_text(positions)
        if form is AS_TABLE:
            _print_brief(list(rows), rejections.counts(book, rule))
        else:
            in_cells = (row | {"arguments": arguments_text(row["arguments"])} for row in rows)
            form.write(Sheet(in_cells, {"position": position, "rows": rows}, columns=rejections.SHOWN))
    sys.stdout.flush()
    if not form.cites:
        talk(f"position {spoken_position(position)}")


@rejections_app.command("show")
def show_rejection(
    place: Annotated[str, typer.Argument(metavar="TOPIC:PARTITION=OFFSET", help="As `rejections list` prints it.")],
    value: Annotated[bool, typer.Option("--value", help="Only the value, byte for byte as it came.")] = False,
) -> None:
    """One refused record in full, with its bytes."""
    from ledger.book.position import parse_position
    from ledger.queries.rejections import kept_at

    out = sys.stdout.buffer
    with the_book() as book:
        for (topic, partition), offset in parse_position(place).items():
            row = kept_at(book, topic, partition, offset)
            if row is None:
                raise typer.BadParameter(
                    f"the record at {topic}:{partition}={offset} was not refused, or is not posted yet"
                )
            if value:
                out.write(shown_bytes(row["value"] or b"", out))
            else:
                print_json(_exported(row))


@rejections_app.command("export")
def export_rejections(
    rule: RULE = None,
    values: Annotated[
        bool, typer.Option("--values", help="Only the events, one a line, as `publish` takes them once repaired.")
    ] = False,
) -> None:
    """JSON lines: place, rule, and the value as it came (value_base64 where it is not UTF-8), to repair and publish
    again. In binary mode also the event in structured mode, which `publish` takes."""
    from ledger.queries.rejections import event, kept

    left_out, out = 0, sys.stdout.buffer
    with the_book() as book:
        for row in kept(book, rule):
            if not values:
                print_line(_exported(row))
            elif (line := event(row)) and not re.search(rb"[\r\n]", line):
                out.write(shown_bytes(line, out) + b"\n")
            else:
                left_out += 1
    if left_out:
        talk(f"{left_out} values are left out: they are empty, several lines, or no event. `rejections show` has each.")


@rejections_app.command("publish")
def publish_rejections(
    again: Annotated[
        bool, typer.Option("--all", help="All of them once more, not only what was not sent yet.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Name them to their producers: one record each in the topic ip.rejection.v1, at least once."""
    from ledger.book.position import position_text, spoken_position
    from ledger.book.recognition import same_log
    from ledger.publishing import publish
    from streams.cluster import identity
    from streams.rejections import RejectionTopic

    cluster = the_cluster()
    with the_book() as book:
        same_log(book, identity(cluster))
        with RejectionTopic(cluster, settings().group or book.group) as topic:
            sent = publish(book, topic, again=again)
    position = position_text(sent.positions)
    if json_or_table(as_json) is AS_JSON:
        print_json({"published": sent.published, "position": position})
    else:
        talk(f"{sent.published} rejections went out.", f"position {spoken_position(position)}")


def _print_brief(rows: list[dict[str, Any]], by_rule: dict[str, int]) -> None:
    print_table([_in_brief(row) for row in rows], "Rejections", BRIEF)
    sys.stdout.flush()
    talk(*_summary(by_rule, sum(row["offsets"] for row in rows)))


def _in_brief(row: dict[str, Any]) -> dict[str, Any]:
    place = f"{row['topic']}:{row['partition']}={row['offset']}"
    return {"place": place, **{name: row[name] for name in BRIEF[1:]}}


def _summary(by_rule: dict[str, int], shown: int) -> Iterator[str]:
    whole = sum(by_rule.values())
    rules = ", ".join(f"{count} {rule}" for rule, count in by_rule.items())
    yield f"{whole} in all: {rules}" if whole else "nothing was refused"
    if whole > shown:
        yield f"{whole - shown} more: --newest {whole} shows all, --rule those of one rule; --json is all of them"


def _exported(row: dict[str, Any]) -> dict[str, Any]:
    from ledger.queries.rejections import attributes, event

    exported = {name: value for name, value in row.items() if name not in ("key", "value", "headers")}
    exported["headers"] = json.loads(row["headers"] or b"[]")
    for name in ("key", "value"):
        content = row[name]
        try:
            exported[name] = None if content is None else content.decode()
        except UnicodeDecodeError:
            exported[f"{name}_base64"] = base64.b64encode(content).decode()
    if attributes(row) is not None:
        exported["event"] = _text(event(row))
    return exported


def _text(content: bytes | None) -> str | None:
    try:
        return None if content is None else content.decode()
    except UnicodeDecodeError:
        return None
