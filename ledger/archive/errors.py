"""Errors of archives."""

from __future__ import annotations

from schemas.errors import PromiseBroken, Unavailable, UsageError


class NoArchive(UsageError):
    """There is no archive in {path}. `ip-ledger archive DIR` makes one; correct the path, or set LEDGER_ARCHIVE."""


class NotAnArchive(UsageError):
    """{path} is not the archive of a log: {reason}. Nothing was written. Choose a directory that `ip-ledger archive`
    made, or an empty one for a new archive."""


class ArchiveOfOtherLog(PromiseBroken):
    """The archive {path} is not of this log: {what} was {known}, now it is {found}. Nothing was written. Set
    LEDGER_BROKERS to its cluster, or choose another directory for this log."""


class ArchiveGap(PromiseBroken):
    """The log no longer holds {ranges}, which the archive {path} lacks. Nothing was written, as an archive never jumps
    over a gap. Find another copy of these records, or begin another archive with `ip-ledger archive NEW
    --from-earliest`."""


class ArchiveAhead(PromiseBroken):
    """The log of {topic}:{partition} ends at offset {end}, but the archive {path} has its records up to {archived}: the
    log lost them. Nothing was written. `ip-ledger restore` makes a log or a book of the archive."""


class OtherRoot(PromiseBroken):
    """The archive {path} has the root {found}, not {known}: a segment, an erasure or a fact in its manifest was
    changed, or the archive was continued since. Compare it with another copy that has the known root."""


class SegmentDamaged(PromiseBroken):
    """The segment {path} of the archive is damaged: {reason}. Nothing was restored from it. Take this file from
    another copy of the archive: its name contains its hash."""


class ArchiveUnwritable(Unavailable):
    """The archive {path} cannot be written: {reason}. Complete segments stay. Correct the cause, then run the command
    again: it continues where it stopped."""


class NotErasable(PromiseBroken):
    """The record {place} cannot be erased as the event at {event} demands: {reason}. The archive was not changed. Void
    that event, and publish one that names the record as `ip-ledger show --value` shows it."""


class LogNotEmpty(UsageError):
    """The cluster {brokers} already holds records under the prefix {prefix!r}. Nothing was written. Restore into an
    empty cluster, or choose an unused LEDGER_TOPIC_PREFIX."""
