"""The settings, the cluster and the book of a command."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.book_path import ENV_FILE, default_broker_dir, only_book_is_set, quick_book_path
from ledger.commands.messages import echo_err
from ledger.files import limited_text
from schemas.errors import InputUnusable, Unavailable
from streams.files import regular

if TYPE_CHECKING:
    from ledger.archive.restoring import ArchivedLog
    from ledger.book.book import Book
    from ledger.book.share import Share
    from ledger.settings import Settings
    from schemas.industry import IndustryMap
    from schemas.topics import TopicPartition
    from streams.broker import BrokerStatus
    from streams.cluster import Cluster


SHARE = Annotated[
    str | None,
    typer.Option("--share", metavar="SHARE", help="Partitions of a new book: 2/4, or a list topic:partition,..."),
]
TO = Annotated[
    str | None,
    typer.Option("--to", metavar="POSITION", help="Up to this position: topic:partition=offset,..."),
]
INDUSTRY_MAP = Annotated[
    Path | None,
    typer.Option(
        "--industry-map",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="Another map from IPC symbols to industries, for a new book or lake. Without it the shipped one.",
    ),
]
LARGEST_ENV = 2**16
"""Bytes of a file .env."""
LARGEST_MAP = 4 * 2**20
"""Bytes of an industry map; the shipped one has 32,993."""


class BadMap(InputUnusable):
    """The map {path} cannot be used: {reason}. Nothing was done. Correct the map: docs/classifications.md describes its
    format, docs/auditors.md that of an industry map."""


class NoBroker(Unavailable):
    """The bytes of records are in the log, and no broker is running. Set LEDGER_BROKERS, or run `ip-ledger broker
    start`. Everything else comes from the book."""


@cache
def settings() -> Settings:
    """Return the settings of this process, which are read once. Raise BadSetting."""
    from pydantic import ValidationError

    from ledger.settings import BadSetting, Settings

    try:
        if ENV_FILE.is_file() or ENV_FILE.is_fifo():  # as others, a directory too, it is not read
            regular(ENV_FILE, LARGEST_ENV).decode()
    except (OSError, ValueError) as error:
        raise BadSetting(name=str(ENV_FILE), rule=error) from error
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        raise BadSetting(name=f"LEDGER_{first['loc'][0]}".upper(), rule=first["msg"]) from error


def connect_cluster() -> Cluster:
    """Return the cluster that LEDGER_BROKERS names, or else that of the embedded broker, which is started, with its
    topics, if it is not running."""
    brokers = settings().brokers
    return settings().cluster(brokers) if brokers else _embedded_cluster()


def running_cluster() -> Cluster | None:
    """Return the same without starting a broker; None if no broker is named and the embedded one is not running."""
    if only_book_is_set():
        brokers, directory = None, default_broker_dir()
    else:
        brokers, directory = settings().brokers, settings().broker_dir
    if not brokers and directory.exists():
        from streams import broker

        brokers = broker.status(directory).address
    return settings().cluster(brokers) if brokers else None


def require_running_cluster() -> Cluster:
    """Return the same. Raise NoBroker if there is none."""
    cluster = running_cluster()
    if cluster is None:
        raise NoBroker
    return cluster


def archived_ends() -> Mapping[TopicPartition, int] | None:
    """Return where the archive of LEDGER_ARCHIVE ends in each partition, None if none is set. Raise NoArchive,
    NotAnArchive."""
    if only_book_is_set() or settings().archive is None:
        return None
    from ledger.archive.manifest import read_manifest

    return read_manifest(settings().archive or Path()).ends


def archived_log(directory: Path | None) -> ArchivedLog | None:
    """Return the archive in a directory as a part of the book's log. Raise NoArchive, NotAnArchive,
    ArchiveOfOtherLog."""
    if directory is None:
        return None
    from ledger.archive.restoring import ArchivedLog
    from ledger.book.book import Book

    with Book(settings().book) as book:
        return ArchivedLog(directory, book.log, book.shape.unpacked_bytes)


def start_broker(directory: Path | None = None, port: int = 0) -> BrokerStatus:
    """Start the embedded broker of a directory (by default LEDGER_BROKER_DIR), or keep the one that runs there."""
    from streams import broker

    chosen = settings()
    homes = {"java_home": chosen.java_home, "kafka_home": chosen.kafka_home}
    return broker.start(directory or chosen.broker_dir, port, **homes, on_progress=echo_err)


def choose_books(given: str) -> None:
    """Let `open_book` open these books instead of LEDGER_BOOK. Raise UnusableFile."""
    _chosen[:] = listed_books(given)


def listed_books(given: str) -> list[Path]:
    """Return the paths in a text: `A,B,C`, or `@FILE` with one path per line. Raise UnusableFile."""
    listed = limited_text(Path(given[1:]), LARGEST_ENV).splitlines() if given.startswith("@") else given.split(",")
    return [Path(path.strip()) for path in listed if path.strip()]


def several_books() -> bool:
    """Return whether `--books` was given."""
    return bool(_chosen)


_chosen: list[Path] = []


def open_book(*, of_any_version: bool = False) -> Book:
    """Open the book that LEDGER_BOOK names, or those of `--books` as one, for reading. Raise the errors of
    `open_books`; OtherVersion not for one book `of_any_version`."""
    from ledger.book.book import Book
    from ledger.book.union import open_books

    paths = _chosen or [quick_book_path() or settings().book]
    return Book(paths[0]) if of_any_version and len(paths) == 1 else open_books(paths)


def load_map(file: Path | None) -> IndustryMap:
    """Return the industry map of a file, or the shipped one. Raise BadMap, UnusableFile."""
    from schemas.industry import SHIPPED, read_map

    try:
        return read_map(limited_text(file, LARGEST_MAP)) if file else SHIPPED
    except ValueError as error:
        raise BadMap(path=file, reason=error) from error


def parse_share(given: str | None) -> Share | None:
    """Return the share of an option. Raise BadShare."""
    from ledger.book.share import Share

    return None if given is None else Share.parse(given)


def _embedded_cluster() -> Cluster:
    from streams import broker, topics

    status = broker.status(settings().broker_dir)
    if status.address:
        return settings().cluster(status.address)
    status = start_broker()
    echo_err(f"LEDGER_BROKERS is not set: started the embedded Apache Kafka {status.version} at {status.address}.")
    assert status.address is not None, "a broker that was started has an address"
    cluster = settings().cluster(status.address)
    topics.create(cluster, unpacked_bytes=settings().unpacked_bytes)
    return cluster
