"""Commands that run on Apache Spark: spark replay, spark verify, spark live."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.commands.context import INDUSTRY_MAP, SHARE, TO, connect_cluster, load_map, parse_share
from ledger.commands.exit_codes import Exit
from ledger.commands.formats import Sheet
from ledger.commands.formatted import Printer, in_formats
from ledger.commands.messages import echo_err
from ledger.commands.output import print_heading
from schemas.errors import UsageError

if TYPE_CHECKING:
    from ledger.spark.advancing import LakeChoice, LakeStep

spark_app = typer.Typer(
    help="Fold the log on Apache Spark into a lake. It has a book's tables as Parquet files.",
    no_args_is_help=True,
)

_INTO = Annotated[Path, typer.Option("--into", metavar="DIR", help="The lake: a new directory, or one to continue.")]
_LAKE = Annotated[Path, typer.Argument(metavar="DIR", help="The lake.")]
_CONF = Annotated[
    list[str] | None,
    typer.Option("--conf", metavar="NAME=VALUE", help="A setting of Spark, as of spark-submit; may be repeated."),
]
_FROM_EARLIEST = Annotated[
    bool, typer.Option("--from-earliest", help="Begin a new lake where the log begins, even if that is not offset 0.")
]


class BadConf(UsageError):
    """{given!r} is not a setting of Spark. Write NAME=VALUE, for example spark.master=yarn."""


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(spark_app, name="spark")


@spark_app.command("replay")
def spark_replay_command(
    into: _INTO,
    to: TO = None,
    from_earliest: _FROM_EARLIEST = False,
    industry_map: INDUSTRY_MAP = None,
    share: SHARE = None,
    conf: _CONF = None,
) -> None:
    """Fold new records of the log into a lake, up to a position or, by default, to the end of the log. Commit once.

    Examples:
      ip-ledger spark replay --into lake
      ip-ledger spark replay --into /mnt/lake --conf spark.master=yarn
    """
    from ledger.book.position import parse_position
    from ledger.spark.advancing import take_step
    from ledger.spark.session import session

    position = None if to is None else parse_position(to)
    choice = _choice(industry_map, share, from_earliest=from_earliest)
    with session(_settings(conf)) as spark:
        _say(into, take_step(spark, connect_cluster(), into, position, choice))


@spark_app.command("live")
def spark_live_command(
    into: _INTO,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help="Seconds between two looks at the log.")] = 10.0,
    from_earliest: _FROM_EARLIEST = False,
    industry_map: INDUSTRY_MAP = None,
    share: SHARE = None,
    conf: _CONF = None,
) -> None:
    """Keep a lake up to date: one commit for each look at the log that finds new offsets, until SIGTERM.

    Examples:
      ip-ledger spark live --into lake
      ip-ledger spark live --into lake --seconds 60
    """
    import signal
    from threading import Event

    from ledger.spark.advancing import steps
    from ledger.spark.session import session

    stop = Event()
    choice = _choice(industry_map, share, from_earliest=from_earliest)
    with session(_settings(conf)) as spark:
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        for taken in steps(spark, connect_cluster(), into, stop, seconds, choice):
            _say(into, taken)


@spark_app.command("verify")
@in_formats()
def spark_verify_command(lake: _LAKE, conf: _CONF = None, *, printer: Printer) -> None:
    """Compare a lake with its files and with the log, part by part. Exit code 1 if they differ.

    Examples:
      ip-ledger spark verify lake
      ip-ledger spark verify lake --json
    """
    from ledger.spark.session import session
    from ledger.spark.verifying import verify_lake

    with session(_settings(conf)) as spark:
        report = verify_lake(spark, connect_cluster(), lake)
    rows = [one._asdict() for one in report.differences]
    document = report._asdict() | {"differences": rows}
    columns = ("error", "table", "topic", "partition", "commit", "files", "log", "reason")
    printer.write(Sheet(rows, document, "Parts that differ", columns, {"partition": "number"}, key="differences"))
    if printer.is_table:
        echo_err(f"{report.records:,} records read; commit {report.commit}, root {report.root}")
        print_heading(f"Verdict: {report.verdict}")
    raise typer.Exit(Exit.FINE if report.verdict == "equal" else Exit.DIFFERENT)


def _settings(conf: list[str] | None) -> dict[str, str]:
    """Return the settings of Spark in options. Raise BadConf."""
    settings = {}
    for given in conf or ():
        name, equals, value = given.partition("=")
        if not (name and equals):
            raise BadConf(given=given)
        settings[name] = value
    return settings


def _choice(industry_map: Path | None, share: str | None, *, from_earliest: bool) -> LakeChoice:
    from ledger.spark.advancing import LakeChoice

    return LakeChoice(load_map(industry_map) if industry_map else None, parse_share(share), from_earliest)


def _say(lake: Path, taken: LakeStep) -> None:
    commit = taken.commit
    if taken.is_new:
        echo_err(f"{taken.records:,} records read; {lake} has commit {commit.number}, root {commit.root}")
    else:
        echo_err(f"Nothing new in the log; {lake} has commit {commit.number}, root {commit.root}")
