"""Commands that sign, export and prove: audit keygen, checkpoint, export, witness; prove."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.commands.context import archived_log, open_book, require_running_cluster, settings
from ledger.commands.messages import counted, echo_err
from schemas.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.archive.restoring import ArchivedLog
    from ledger.proof.signing import Signed
    from schemas.topics import TopicPartition
    from streams.batch import Record
    from streams.reader import Reader

audit_app = typer.Typer(help="Sign and witness checkpoints of the book, export its trees.", no_args_is_help=True)

_KEY = typer.Option("--key", metavar="FILE", help="A private key of `audit keygen`. Several keys sign together.")
_AUDIT = Annotated[
    Path | None,
    typer.Option("--audit", metavar="FILE", help="The file of checkpoints; by default BOOK.audit, next to the book."),
]


class FileExists(UsageError):
    """The file {path} exists already, and is not replaced. Choose another path."""


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(audit_app, name="audit")
    app.command("prove")(prove_command)


@audit_app.command("keygen")
def keygen_command(
    key: Annotated[
        Path, typer.Option("--key", metavar="FILE", help="The new private key; the public one is FILE.pub.")
    ],
    name: Annotated[str, typer.Option("--name", help="The log's name: where its export will be, without https://.")],
    witness: Annotated[bool, typer.Option("--witness", help="A key of a witness, which cosigns.")] = False,
) -> None:
    """Create an Ed25519 key. Only its owner can read the private file (mode 0600); give the public one to auditors.

    Examples:
      ip-ledger audit keygen --key ledger.key --name ledger.example.org/log
      ip-ledger audit keygen --key auditor.key --name auditor.example.com/witness --witness
    """
    from ledger.proof.keys import generate_key

    verifier = generate_key(key, name, witness=witness)
    sys.stdout.write(f"{verifier.text}\n")
    echo_err(f"{key} is the private key: keep it away from servers and backups. {key}.pub is for auditors.")


@audit_app.command("checkpoint")
def checkpoint_command(
    key: Annotated[list[Path], _KEY],
    audit: _AUDIT = None,
    no_digest: Annotated[
        bool, typer.Option("--no-digest", help="Leave out the digest of all tables, for which the whole book is read.")
    ] = False,
    new_version: Annotated[
        bool, typer.Option("--new-version", help="The book has another fold version or map than the last checkpoint.")
    ] = False,
    published: Annotated[
        str | None,
        typer.Option(
            "--published", metavar="DIR|ADDRESS", help="Where readers get the export: continue it, or refuse."
        ),
    ] = None,
) -> None:
    """State the book's position in the master log, and sign the head of that log. Print the checkpoint.

    It compares the book with everything that was signed before, and refuses an older or rewritten one. With --published
    also with the checkpoint there: a copy of the key on another machine, or old copies of all files here, are refused.

    Examples:
      ip-ledger audit checkpoint --key ledger.key --published https://ledger.example.org/log
      ip-ledger audit checkpoint --key new.key --key old.key --no-digest
    """
    from ledger.proof.audit_file import audit_path
    from ledger.proof.keys import private_key
    from ledger.proof.published import Published
    from ledger.proof.signing import sign

    book = settings().book
    signers = [private_key(file) for file in key]
    seen = Published(published).known([signer.verifier for signer in signers]) if published else None
    if published and not seen:
        echo_err(f"Nothing is published at {published} yet, so it is not compared.")
    signed = sign(
        book, audit or audit_path(book), signers, digest=not no_digest, other_version=new_version, published=seen
    )
    sys.stdout.write(signed.note)
    _talk_of(signed)


def _talk_of(signed: Signed) -> None:
    parts = signed.statement.partitions
    records = sum(part.head.size for part in parts)
    where = counted(len(parts), "partition", "partitions")
    echo_err(f"Statement {signed.number}: {records:,} records in {where}, {signed.statement.view.size:,} figures.")


@audit_app.command("export")
def export_command(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new directory, or one of an earlier export.")],
    audit: _AUDIT = None,
) -> None:
    """Write all trees at the last checkpoint as static files (C2SP tlog-tiles) that any web server can serve.

    An interrupted export is continued by running it again. A file that was published is never changed.

    Examples:
      ip-ledger audit export public/log
      LEDGER_BOOK=replica.db ip-ledger audit export other --audit book.db.audit
    """
    from ledger.proof.audit_file import audit_path
    from ledger.proof.export import export

    book = settings().book
    exported = export(book, audit or audit_path(book), directory)
    sys.stdout.write(exported.note)
    echo_err(f"{directory} has all trees at this checkpoint; {exported.written:,} files were new.")


@audit_app.command("proof")
def proof_command(
    place: Annotated[str, typer.Argument(metavar="PLACE", help="A record: topic:partition=offset.")],
    audit: _AUDIT = None,
) -> None:
    """Print the proof that a record is in the log at the last checkpoint (C2SP tlog-proof), with the entry of its leaf.

    Examples:
      ip-ledger audit proof ip.pledge.v1:0=12 > r.tlog-proof
      ip-ledger audit proof ip.patent.v1:3=0 --audit book.db.audit
    """
    from ledger.book.position import BadPosition, parse_position
    from ledger.proof.audit_file import audit_path
    from ledger.proof.pack import record_proof

    asked = list(parse_position(place).items())
    if len(asked) != 1:
        raise BadPosition(part=place)
    book = settings().book
    sys.stdout.write(record_proof(book, audit or audit_path(book), *asked[0]))


@audit_app.command("witness")
def witness_command(
    source: Annotated[str, typer.Argument(metavar="DIR|ADDRESS", help="An export: a directory, or http(s)://...")],
    log_key: Annotated[
        list[Path], typer.Option("--log-key", metavar="FILE", help="A public key of the log, FILE.pub of its keygen.")
    ],
    state: Annotated[Path, typer.Option("--state", metavar="FILE", help="Where you keep the last checkpoint you saw.")],
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help="Your key of `audit keygen --witness`, to cosign with.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Read all files of the export, also those that were compared before.")
    ] = False,
) -> None:
    """Accept the checkpoint of an export if its log continues what you saw before; keep it, cosign it and print it.

    A fork, a rewritten history or a log that was reset to an older state is refused, with both heads; so is an export
    with a file that is not what the checkpoint commits to. Exit code 70.

    Examples:
      ip-ledger audit witness https://ledger.example.org/log --log-key ledger.key.pub --state seen
      ip-ledger audit witness public/log --log-key ledger.key.pub --state seen --key auditor.key
    """
    from ledger.proof.keys import private_key, public_key
    from ledger.proof.note import COSIGNS
    from ledger.proof.published import Published
    from ledger.proof.witness import witness

    cosigner = private_key(key, COSIGNS) if key else None
    seen = witness(Published(source), [public_key(file) for file in log_key], state, cosigner, every=every)
    sys.stdout.write(seen.note)
    before = f"continues {seen.before}" if seen.before else "is the first one seen"
    echo_err(f"{seen.checkpoint.origin}: {seen.checkpoint}; it {before}.")
    if seen.other_version:
        echo_err("The ledger's version changed: the trees of partitions were not compared with the earlier ones.")


def prove_command(
    kind: Annotated[str, typer.Option(help="What the figure counts, such as pledges.")],
    year: Annotated[int, typer.Option(help="The year of the business dates.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The pack; an existing file is refused.")],
    industry: Annotated[str, typer.Option(help="Code of an industry; ALL is the whole.")] = "ALL",
    checker: Annotated[
        Path | None, typer.Option("--checker", metavar="FILE", help="Write check_proof.py there too.")
    ] = None,
    page: Annotated[
        Path | None, typer.Option("--page", metavar="FILE", help="Write a page with the pack that checks it offline.")
    ] = None,
    audit: _AUDIT = None,
    archive: Annotated[
        Path | None, typer.Option("--archive", metavar="DIR", help="Read from this archive what the log no longer has.")
    ] = None,
) -> None:
    """Write a file that proves a figure to somebody without the ledger.

    It has the figure at the last checkpoint, the bytes of all its events, proofs, and the checkpoint. Of an event that
    was erased by law, it has the hash, and the event that demands the erasure.
    `python check_proof.py FILE --key LEDGER.pub` checks it on any machine, without this program and without a network.

    Examples:
      ip-ledger prove --kind pledges --industry BIOPHARM --year 2023 --out biopharm-2023.proof
      ip-ledger prove --kind grants --year 2022 --out grants.proof --checker check_proof.py --page grants.html
    """
    from functools import partial
    from importlib.resources import files

    from ledger.proof.audit_file import audit_path
    from ledger.proof.figure import figure_key
    from ledger.proof.pack import prove, write_new
    from streams.reader import Reader

    key, path = figure_key(kind, year, industry), settings().book
    require_absent(out, checker, page)
    with open_book() as book, Reader(require_running_cluster(), book.shape.unpacked_bytes) as reader:
        earlier = archived_log(archive)
        pack = prove(book, audit or audit_path(path), key, partial(_records, reader, earlier))
    write_new(out, pack.content)
    if checker:
        write_new(checker, files("ledger.proof").joinpath("check_proof.py").read_bytes())
    if page:
        write_new(page, pack.page)
    echo_err(f"{out} proves {key.text}, with {counted(pack.events, 'event', 'events')}.")
    echo_err(f"To check it: python {checker or 'check_proof.py'} {out} --key LEDGER.pub")


def _records(
    reader: Reader, earlier: ArchivedLog | None, topic_partition: TopicPartition, offsets: Sequence[int]
) -> Iterator[Record]:
    """Yield records of the log, and those that it no longer has of the archive."""
    from ledger.proof.log_bytes import records_at

    left = set(offsets)
    for record in records_at(reader, topic_partition, offsets):
        left.discard(record.offset)
        yield record
    if earlier and left:
        yield from earlier.records(topic_partition, left)


def require_absent(*paths: Path | None) -> None:
    """Raise FileExists if one of these files is there."""
    for path in paths:
        if path and path.exists():
            raise FileExists(path=path)
