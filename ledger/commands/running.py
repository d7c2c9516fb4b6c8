"""Commands for operators: demo, broker, topics, worker, backup, doctor."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.commands.context import SHARE, connect_cluster, parse_share, settings, start_broker
from ledger.commands.exit_codes import Exit
from ledger.commands.formats import Sheet
from ledger.commands.formatted import Printer, in_formats
from ledger.commands.messages import echo_err
from ledger.commands.output import print_finding, progress_bar
from schemas.errors import UsageError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

    from ledger.worker_metrics import WorkerMetrics
    from ledger.worker_traces import WorkerTraces

FROM_EARLIEST = Annotated[
    bool, typer.Option("--from-earliest", help="Begin a new book where the log begins, even if that is not offset 0.")
]
_PROCESSES = Annotated[
    int | None,
    typer.Option(
        "--processes", min=1, help="Number of processes: by default one for each core, at most one for each partition."
    ),
]
PARTITIONS = Annotated[
    int | None,
    typer.Option(
        min=1, max=1000, help="Partitions of each topic but the reference topic, for life. By default 4, or as before."
    ),
]

broker_app = typer.Typer(
    help="Start, stop or show the embedded Apache Kafka, for development and demonstrations.", no_args_is_help=True
)
topics_app = typer.Typer(help="Create, copy or check the topics.", no_args_is_help=True)


class BadPrefix(UsageError):
    """The prefix {prefix!r} cannot be used. Choose one of letters, digits, dots, dashes and underscores, other than
    that of the log to copy."""


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("demo")(demo_command)
    app.command("worker")(worker_command)
    app.command("backup")(backup_command)
    app.command("doctor")(doctor_command)
    app.add_typer(broker_app, name="broker")
    app.add_typer(topics_app, name="topics")


def demo_command(
    events: Annotated[int, typer.Option(min=100, help="Number of synthetic events.")] = 100_000,
    directory: Annotated[Path, typer.Option("--dir", help="The directory of its book and broker.")] = Path("demo"),
) -> None:
    """Run everything once, from broker to verified totals, with a worker killed half way.

    Examples:
      ip-ledger demo
      ip-ledger demo --events 5000 --dir /var/tmp/demo
    """
    from ledger.commands.demo import run_demo

    raise typer.Exit(run_demo(directory, events))


def worker_command(
    from_earliest: FROM_EARLIEST = False,
    publish_rejections: Annotated[
        bool,
        typer.Option(
            "--publish-rejections",
            help="Publish rejections in ip.rejection.v1, as LEDGER_PUBLISH_REJECTIONS=true does.",
        ),
    ] = False,
    processes: _PROCESSES = None,
    share: SHARE = None,
) -> None:
    """Run the worker that posts the log to the book, until SIGTERM. It creates a missing book.

    Examples:
      ip-ledger worker
      LEDGER_BOOK=/srv/book.db ip-ledger worker --processes 4 --publish-rejections
    """
    from ledger import logs
    from ledger.processes import Member, run_together
    from ledger.tracing import spans
    from ledger.worker import prepare, work

    def post(member: Member | None = None) -> None:
        with _metrics(member.number if member else 0) as metrics, spans("worker", _traces) as traces:
            work(
                connect_cluster(),
                settings().book,
                from_earliest=from_earliest,
                share=parse_share(share),
                session_seconds=settings().session_seconds,
                group_id=settings().group,
                publish_rejections=publish_rejections or settings().publish_rejections,
                member=member,
                metrics=metrics,
                traces=traces,
            )

    def check() -> None:
        prepare(connect_cluster(), settings().book, from_earliest=from_earliest, share=parse_share(share))

    def post_as(member: Member) -> int:
        logs.configure(process=os.getpid())
        return outcome(lambda: post(member))

    logs.configure()
    count = 1 if processes == 1 else _prepared(check, processes)
    code = outcome(post) if count == 1 else run_together(count, post_as)
    # Faust's threads may wait for a broker that is gone; nobody needs their results
    os._exit(code)


def _metrics(number: int) -> AbstractContextManager[WorkerMetrics | None]:
    """Return the metrics of a process, served at LEDGER_WORKER_METRICS; none if it is not set."""
    if not (address := settings().worker_metrics):
        return nullcontext()
    from ledger.worker_metrics import served_metrics

    return served_metrics(address, number)


def _traces(provider: TracerProvider) -> WorkerTraces:
    from ledger.worker_traces import WorkerTraces

    return WorkerTraces(provider)


def _prepared(prepare: Callable[[], None], wanted: int | None) -> int:
    """Check book and log once for all processes, and return how many to start. End this process if the check fails."""
    from ledger.book.book import Book
    from ledger.processes import cores, run_aside

    if code := run_aside(lambda: outcome(prepare, says_end=False)):
        os._exit(code)
    with Book(settings().book) as book:
        return min(wanted or cores(), len(book.positions()))


def outcome(run: Callable[[], None], what: str = "worker", *, says_end: bool = True) -> int:
    """Run something, log its end, and return its exit code."""
    import structlog

    from ledger.commands.exit_codes import report

    log = structlog.get_logger()
    try:
        run()
        code = Exit.FINE
        if says_end:
            log.info(f"{what} stopped", exit_code=int(code))
    except BaseException as error:
        code = report(error)
        log.error(f"{what} stopped", exit_code=int(code), error=type(error).__name__, message=str(error))
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def backup_command(file: Annotated[Path, typer.Argument(help="The copy; an existing file is refused.")]) -> None:
    """Copy the book while the worker runs. To restore, replace the book with the copy.

    Examples:
      ip-ledger backup copy.db
      LEDGER_BOOK=/srv/book.db ip-ledger backup monday.db
    """
    from ledger.backup import backup
    from ledger.book.position import brief_position, position_text

    position = brief_position(position_text(backup(settings().book, file)))
    echo_err(f"{file} is a copy of {settings().book} at position {position}")


@in_formats()
def doctor_command(*, printer: Printer) -> None:
    """Check everything that the worker and readers need. Exit code 1 if something needs doing.

    Examples:
      ip-ledger doctor
      ip-ledger doctor --json
    """
    from ledger.commands.context import running_cluster
    from ledger.doctor import examine

    rows = []
    for finding in examine(settings().book, running_cluster(), settings().group, settings().archive):
        rows.append({**finding._asdict(), "next_step": "" if finding.well else finding.next_step})
        if printer.is_table:  # as it is found: brokers that are away take their time
            print_finding(**rows[-1])
    unwell = list(dict.fromkeys(row["check"] for row in rows if not row["well"]))
    if not printer.is_table:
        printer.write(Sheet(rows, {"well": not unwell, "findings": rows}, key="findings"))
    else:
        echo_err(f"Something needs doing: {', '.join(unwell)}." if unwell else "All is well.")
    raise typer.Exit(Exit.DIFFERENT if unwell else Exit.FINE)


@broker_app.command("start")
def start_command(
    directory: Annotated[Path | None, typer.Option("--dir", help="The directory of its log.")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 for any free one.")] = 0,
) -> None:
    """Start the embedded broker. It runs in the background; it prints LEDGER_BROKERS=127.0.0.1:PORT when it is ready.

    Examples:
      ip-ledger broker start
      ip-ledger broker start --dir /var/tmp/broker --port 9092
    """
    status = start_broker(directory, port)
    sys.stdout.write(f"LEDGER_BROKERS={status.address}\n")
    echo_err(f"Apache Kafka {status.version} runs as process {status.pid}; its log is in {status.directory}.")


@broker_app.command("stop")
def stop_command(
    directory: Annotated[Path | None, typer.Option("--dir", help="The directory of its log.")] = None,
) -> None:
    """Stop the embedded broker. Its log stays.

    Examples:
      ip-ledger broker stop
      ip-ledger broker stop --dir /var/tmp/broker
    """
    from streams import broker

    chosen_directory = directory or settings().broker_dir
    stopped = broker.stop(chosen_directory)
    echo_err("Stopped." if stopped else f"No broker of {chosen_directory} was running.")


@broker_app.command("status")
@in_formats()
def show_status(
    directory: Annotated[Path | None, typer.Option("--dir", help="The directory of its log.")] = None,
    *,
    printer: Printer,
) -> None:
    """Show whether the broker runs, and where. Exit code 69 if it does not.

    Examples:
      ip-ledger broker status
      ip-ledger broker status --json
    """
    from streams import broker

    status = broker.status(directory or settings().broker_dir)
    facts = {
        "running": status.running,
        "address": status.address,
        "pid": status.pid,
        "version": status.version,
        "directory": str(status.directory),
    }
    printer.write(Sheet([facts], facts, "Embedded broker", units={"pid": "number"}, key=""))
    raise typer.Exit(Exit.FINE if status.running else Exit.UNAVAILABLE)


@topics_app.command("create")
@in_formats()
def create_topics(partitions: PARTITIONS = None, *, printer: Printer) -> None:
    """Create the topics that are missing, in the shape of the log.

    Examples:
      ip-ledger topics create
      LEDGER_TOPIC_PREFIX=test- ip-ledger topics create --partitions 2
    """
    from streams import topics

    created = topics.create(connect_cluster(), partitions, settings().unpacked_bytes)
    rows = [
        {"topic": name, "state": state, "partitions": created.shape.partitions.get(name, 1)}
        for state, names in (("created", created.created), ("was there", created.existing))
        for name in names
    ]
    facts = {"topics": rows, "unpacked_bytes": created.shape.unpacked_bytes}
    printer.write(Sheet(rows, facts, "Topics", key="topics"))


@topics_app.command("copy")
@in_formats()
def copy_topics(
    to_prefix: Annotated[str, typer.Option("--to-prefix", metavar="NEW", help="The prefix of the new log's topics.")],
    partitions: PARTITIONS = None,
    *,
    printer: Printer,
) -> None:
    """Copy the log under another prefix. Each record goes to the partition of its key. Use it to change the number of
    partitions, or after a topic was widened. Stop all producers first. Exit code 1 if a record is left behind.

    Examples:
      ip-ledger topics copy --to-prefix new-
      ip-ledger topics copy --to-prefix wide- --partitions 16
    """
    from dataclasses import replace

    from ledger.settings import PREFIX
    from streams.copy import copy
    from streams.shape import read_shape

    source = connect_cluster()
    if to_prefix == source.prefix or not re.fullmatch(PREFIX, to_prefix):
        raise BadPrefix(prefix=to_prefix)
    unpacked_bytes = settings().unpacked_bytes
    if partitions is None:
        shape = read_shape(source)
        partitions, unpacked_bytes = max(shape.partitions.values()), shape.unpacked_bytes
    progress, task = progress_bar("copied", None)
    with progress:
        copied = copy(
            source,
            replace(source, prefix=to_prefix),
            partitions,
            unpacked_bytes,
            lambda done, whole: progress.update(task, completed=done, total=whole),
        )
    rows = [topic._asdict() for topic in copied]
    printer.write(Sheet(rows, {"topics": rows}, "Copied", key="topics"))
    left = sum(topic.unreadable + topic.left for topic in copied)
    echo_err(f"{sum(topic.records for topic in copied):,} records were copied, {left:,} are left behind.")
    echo_err(f"To use it: LEDGER_TOPIC_PREFIX={to_prefix}, and make a book of it: ip-ledger replay --book NEW")
    raise typer.Exit(Exit.DIFFERENT if left else Exit.FINE)


@topics_app.command("check")
@in_formats()
def check_topics(*, printer: Printer) -> None:
    """Name each setting of a topic that the ledger cannot work with. Exit code 1 if there is one.

    Examples:
      ip-ledger topics check
      ip-ledger topics check --json
    """
    from streams import topics

    findings = [finding._asdict() for finding in topics.check(connect_cluster())]
    if findings or not printer.is_table:
        printer.write(Sheet(findings, {"findings": findings}, "Topics that are not as they should be", key="findings"))
    else:
        echo_err("All topics are as they should be.")
    raise typer.Exit(Exit.DIFFERENT if findings else Exit.FINE)
