"""Errors of keys, checkpoints and what is proven by them."""

from __future__ import annotations

from schemas.errors import InputUnusable, PromiseBroken, Unavailable, UsageError


class BadKey(InputUnusable):
    """The key {path} cannot be used: {reason}. `ip-ledger audit keygen` makes a key, with --witness that of a witness;
    its public half is in the file with `.pub` at the end."""


class KeyExists(UsageError):
    """The file {path} exists already, and a key never replaces a file. Choose another path. To rotate a key, make a
    second one of the same name, and sign with both: docs/audit-log.md."""


class KeyReadable(UsageError):
    """Other users can read the key {path} (mode {mode}), and could sign in your name. If nobody read it, run `chmod 600
    {path}`; else create another one with `ip-ledger audit keygen`."""


class BadName(UsageError):
    """{name!r} is not the name of a log: write the address where its export will be, without https://, spaces and plus,
    such as ledger.example.org/log."""


class BadNote(InputUnusable):
    """{what} is not a valid checkpoint: {reason}. It may be damaged, or signed by another key. Get it again from its
    log, and the key from a source that you trust."""


class NoCheckpoint(UsageError):
    """{path} has no checkpoint yet. `ip-ledger audit keygen --key KEY --name NAME` makes a key, and
    `ip-ledger audit checkpoint --key KEY` signs the book's position."""


class OtherName(UsageError):
    """The key has the name {found}, but the checkpoints of this book have the name {known}. A log keeps its name for
    life: use a key of that name."""


class BookBehindCheckpoint(PromiseBroken):
    """The book is behind its last checkpoint: {topic}:{partition} is at {found}, but {known} was signed. It may be an
    old copy. Nothing was signed. Let a worker post the rest of the log, then try again."""


class HistoryRewritten(PromiseBroken):
    """The book does not have the history that was signed: the first {size} records of {topic}:{partition} have the root
    {found}, and {known} was signed. Nothing was signed. Log and book may have been rewritten: keep both as evidence,
    and compare the log with an archive or an export."""


class OtherLogSigned(PromiseBroken):
    """This is not the log that was signed before: {what} was {known}, now it is {found}. Nothing was signed. Use a
    file of checkpoints for each log, and a key with another name."""


class OtherVersionSigned(PromiseBroken):
    """The last checkpoint is of a book by fold version and industry map {known}, this book is by {found}: its figures
    and outcomes may differ, and its trees do not continue those that were signed. Nothing was signed. If this is the
    upgrade that you meant, and `ip-ledger verify` says `equal`, add --new-version: the statement names the new one."""


class CheckpointUnfinished(Unavailable):
    """A crash left {path} in the middle of a checkpoint, and this user may not roll it back: {reason}. Nothing that was
    signed is lost. Run `ip-ledger audit checkpoint` again, as the user who makes the checkpoints."""


class AuditFileDamaged(PromiseBroken):
    """The file of checkpoints {path} is damaged: {reason}. Nothing was signed. Restore it from a backup that is not
    older than the last checkpoint that was published: a log must not sign two histories."""


class JournalRewritten(PromiseBroken):
    """The journal of {topic}:{partition} and its tree differ from offset {offset} on: a row was changed, added or
    deleted. Nothing was signed. Keep a copy of the book as evidence. `ip-ledger verify` compares it with the log, and
    `ip-ledger replay` builds a correct one."""


class KeySignedOther(PromiseBroken):
    """The key {path} signed {size} statements with the root {known}; the file of checkpoints has {found}. Nothing was
    signed. It is an older copy, or another signer has the same key. Restore the newest file of checkpoints. If it is
    lost, begin a log of another name, with another key."""


class PublishedOther(PromiseBroken):
    """{origin} has published {size} statements with the root {known}; the file of checkpoints has {found}. Nothing was
    signed. Another machine signs with a copy of the key, or the file is an older copy. Stop both signers, and find
    out which history is right. If a copy of the key is the cause, begin a log of another name, with another key."""


class FigureDiffers(PromiseBroken):
    """The postings of {figure} do not add up to the book's total. Nothing was signed. Run `ip-ledger
    verify`."""


class FigureRewritten(PromiseBroken):
    """The book's postings of {figure} are not those that were signed. No proof was written. Run `ip-ledger verify`: it
    names the posting that differs from the log."""


class StatementTooLong(UsageError):
    """A statement about {partitions} partitions is longer than an entry of a log may be (65,535 bytes). Sign the shares
    of the log as books of their own (`ip-ledger replay --share`)."""


class NotExported(Unavailable):
    """Could not write {path}: {reason}. Files that were written before are complete. Correct the cause, then run the
    command again: it continues."""


class ExportDiffers(PromiseBroken):
    """{path} exists already, with other content. A log never changes what it published. Nothing was replaced. Keep both
    as evidence, find out which is right, and export to an empty directory."""


class ForkSeen(PromiseBroken):
    """Two histories of {origin}: {what}. Seen before: {known}. Offered now: {found}. Nothing was cosigned. Keep both
    checkpoints: they prove that the log signed two histories, or was reset to an older state."""


class NotAsSigned(PromiseBroken):
    """{path} is not what the log signed: {reason}. Nothing was cosigned. If an export was being written at that moment,
    run the command again. Else keep the file as evidence, and look at another replica of the export."""


class LogUnreadable(Unavailable):
    """Could not read {path}: {reason}. An export is a directory or an address that `ip-ledger audit export` filled."""


class NothingToProve(InputUnusable):
    """No event is in {what} at the last checkpoint, so there is nothing to prove. `ip-ledger totals --by industry,year`
    shows which figures there are; if the events are newer than the checkpoint, make another one."""


class ErasureNotSigned(UsageError):
    """The event {event} demands that a record behind this figure is erased, and the last checkpoint does not have that
    event. No proof was written. Make another checkpoint with `ip-ledger audit checkpoint`, then try again."""


class BytesGone(PromiseBroken):
    """The log no longer holds the record {topic}:{partition}={offset}, or holds another one. A proof needs its bytes,
    and no event says that they were erased. If retention took them, give the archive that has them (--archive DIR).
    Else run `ip-ledger verify`."""
