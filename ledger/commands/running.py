"""For the operator: demo, broker, topics, worker, backup, doctor."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from ledger.commands.context import settings, start_broker, the_cluster
from ledger.commands.exit_codes import Exit
from ledger.commands.formats import Sheet
from ledger.commands.formats.json import print_json
from ledger.commands.formats.table import print_table
from ledger.commands.formatted import AS_JSON, AS_TABLE, json_or_table
from ledger.commands.output import print_finding, progress_bar
from ledger.commands.talk import talk

JSON = Annotated[bool, typer.Option("--json", help="Print JSON.")]
FROM_EARLIEST = Annotated[
    bool, typer.Option("--from-earliest", help="Begin a new book where the log begins, even if that is not offset 0.")
]
PARTITIONS = Annotated[
    int | None,
    typer.Option(
        min=1, max=1000, help="Of each topic but the reference topic, for life. Unless said: 4, or as before."
    ),
]

broker_app = typer.Typer(help="The embedded Apache Kafka, for development and demonstrations.", no_args_is_help=True)
topics_app = typer.Typer(help="The topics and their settings.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(demo)
    app.command()(worker)
    app.command()(backup)
    app.command()(doctor)
    app.add_typer(broker_app, name="broker")
    app.add_typer(topics_app, name="topics")


def demo(
    events: Annotated[int, typer.Option(min=100, help="How many synthetic events.")] = 100_000,
    directory: Annotated[Path, typer.Option("--dir", help="Where book and broker of the demo live.")] = Path("demo"),
) -> None:
    """Everything once, from broker to verified totals, with a worker killed half way."""
    from ledger.commands.demo import run

    raise typer.Exit(run(directory, events))


def worker(
    from_earliest: FROM_EARLIEST = False,
    publish_rejections: Annotated[
        bool,
        typer.Option(
            "--publish-rejections", help="Name what is refused in ip.rejection.v1; as LEDGER_PUBLISH_REJECTIONS=true."
        ),
    ] = False,
) -> None:
    """The stream processor, until SIGTERM. Makes the book if there is none."""
    import structlog

    from ledger import logs
    from ledger.commands.exit_codes import report
    from ledger.worker import work

    logs.configure()
    log = structlog.get_logger()
    try:
        work(
            the_cluster(),
            settings().book,
            from_earliest=from_earliest,
            session_seconds=settings().session_seconds,
            group_id=settings().group,
            publish_rejections=publish_rejections or settings().publish_rejections,
        )
        code = Exit.FINE
        log.info("worker stopped", exit_code=int(code))
    except BaseException as error:
        code = report(error)
        log.error("worker stopped", exit_code=int(code), error=type(error).__name__, message=str(error))
    sys.stdout.flush()
    sys.stderr.flush()
    # Faust's threads may wait for a broker that is gone; nothing of theirs is worth waiting for
    os._exit(code)


def backup(file: Annotated[Path, typer.Argument(help="The copy; an existing file is refused.")]) -> None:
    """A consistent copy of the book, while the worker goes on. To restore, put the copy in the book's place."""
    from ledger.backup import backup as copy
    from ledger.book.position import position_text, spoken_position

    position = spoken_position(position_text(copy(settings().book, file)))
    talk(f"{file} is a copy of {settings().book} at position {position}")


def doctor(as_json: JSON = False) -> None:
    """Look at everything that worker and readers stand on. Exit code 1 if something needs doing."""
    from ledger.commands.context import running_cluster
    from ledger.doctor import examine

    form, rows = json_or_table(as_json), []
    for finding in examine(settings().book, running_cluster(), settings().group):
        rows.append({**finding._asdict(), "next_step": "" if finding.well else finding.next_step})
        if form is AS_TABLE:  # as it is found: brokers that are away take their time
            print_finding(**rows[-1])
    unwell = [row["check"] for row in rows if not row["well"]]
    if form is AS_JSON:
        print_json({"well": not unwell, "findings": rows})
    else:
        talk(f"Something needs doing: {', '.join(unwell)}." if unwell else "All is well.")
    raise typer.Exit(Exit.DIFFERENT if unwell else Exit.FINE)


@broker_app.command("start")
def start(
    directory: Annotated[Path | None, typer.Option("--dir", help="Where its log lives.")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free port.")] = 0,
) -> None:
    """Start it in the background; returns when it is ready and prints LEDGER_BROKERS=127.0.0.1:PORT."""
    status = start_broker(directory, port)
    sys.stdout.write(f"LEDGER_BROKERS={status.address}\n")
    talk(f"Apache Kafka {status.version} runs as process {status.pid}; its log lies in {status.directory}.")


@broker_app.command("stop")
def stop(directory: Annotated[Path | None, typer.Option("--dir", help="Where its log lives.")] = None) -> None:
    """Stop it; its log stays."""
    from streams import broker

    chosen_directory = directory or settings().broker_dir
    stopped = broker.stop(chosen_directory)
    talk("Stopped." if stopped else f"No broker of {chosen_directory} was running.")


@broker_app.command("status")
def show_status(
    directory: Annotated[Path | None, typer.Option("--dir", help="Where its log lives.")] = None, as_json: JSON = False
) -> None:
    """Whether it runs, and where. Exit code 69 if it does not."""
    from streams import broker

    status = broker.status(directory or settings().broker_dir)
    facts = {
        "running": status.running,
        "address": status.address,
        "pid": status.pid,
        "version": status.version,
        "directory": str(status.directory),
    }
    json_or_table(as_json).write(Sheet([facts], facts, "Embedded broker"))
    raise typer.Exit(Exit.FINE if status.running else Exit.UNAVAILABLE)


@topics_app.command("create")
def create_topics(
    partitions: PARTITIONS = None,
    as_json: JSON = False,
) -> None:
    """Create the topics that are missing, in the shape that the log has or gets."""
    from streams import topics

    created = topics.create(the_cluster(), partitions, settings().unpacked_bytes)
    rows = [
        {"topic": name, "state": state, "partitions": created.shape.partitions.get(name, 1)}
        for state, names in (("created", created.created), ("was there", created.existing))
        for name in names
    ]
    facts = {"topics": rows, "unpacked_bytes": created.shape.unpacked_bytes}
    json_or_table(as_json).write(Sheet(rows, facts, "Topics"))


@topics_app.command("copy")
def copy_topics(
    to_prefix: Annotated[str, typer.Option("--to-prefix", metavar="NEW", help="The prefix of the new log's topics.")],
    partitions: PARTITIONS = None,
    as_json: JSON = False,
) -> None:
    """Copy the log into a new one, each record on the partition of its key: for topics that were made or widened to
    another count of partitions, and to choose another. Stop whoever publishes first. Exit code 1 if something is
    left."""
    from dataclasses import replace

    from ledger.settings import PREFIX
    from streams.copy import copy
    from streams.shape import read_shape

    source = the_cluster()
    if to_prefix == source.prefix or not re.fullmatch(PREFIX, to_prefix):
        raise typer.BadParameter("a prefix is of letters, digits, dots, dashes and underscores, and a new one")
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
    json_or_table(as_json).write(Sheet(rows, {"topics": rows}, "Copied"))
    left = sum(topic.unreadable + topic.left for topic in copied)
    talk(f"{sum(topic.records for topic in copied):,} records were copied, {left:,} are left behind.")
    talk(f"To use it: LEDGER_TOPIC_PREFIX={to_prefix}, and make a book of it: ip-ledger replay --book NEW")
    raise typer.Exit(Exit.DIFFERENT if left else Exit.FINE)


@topics_app.command("check")
def check_topics(as_json: JSON = False) -> None:
    """Name every setting that is not as the ledger needs it. Exit code 1 if there is one."""
    from streams import topics

    findings = [finding._asdict() for finding in topics.check(the_cluster())]
    if json_or_table(as_json) is AS_JSON:
        print_json({"findings": findings})
    elif findings:
        print_table(findings, "Topics that are not as they should be")
    else:
        talk("All topics are as they should be.")
    raise typer.Exit(Exit.DIFFERENT if findings else Exit.FINE)
