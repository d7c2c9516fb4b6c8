"""The reading of one import: the formats of its files, its progress, and the records it finds."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from schemas.escapes import shown
from schemas.wording import LONGEST_MESSAGE
from streams.sources.files import head_of, pieces
from streams.sources.formats import Format
from streams.sources.joined import JoinedPart, PartStore
from streams.sources.packed import FAULTS, PACKED, PackedFile, fault_in_words, name_of, packed_files
from streams.sources.results import Imported, Result, Skip, Skipped, SkipReason, Unreadable


class Found(NamedTuple):
    """One record, its format, and its location."""

    record: Any
    format: str
    file: str
    location: str

    def skipped(self, error: Skip | ValueError) -> Skipped:
        """Return the reason why it gave no event."""
        rule = error.rule if isinstance(error, Skip | Unreadable) else SkipReason.BAD_DOCUMENT
        return Skipped(self.file, self.location, rule, shown(str(error), LONGEST_MESSAGE))


@dataclass
class FileRead:
    """The result of reading one file: its bytes on disk, and its number of documents."""

    file: str
    format: str | None
    bytes: int = 0
    documents: int = 0


class PooledAsset(NamedTuple):
    """An asset of a pledge that is known from elsewhere: in its pool on the days `since` <= day < `until`."""

    id: str
    since: str
    until: str


class Reading:
    """The files of one import. Its counts grow while its records are taken; see `Report`."""

    def __init__(
        self,
        paths: Sequence[Path],
        elsewhere: Callable[[bytes], str | None] = lambda head: None,
        *,
        match_releases: bool = False,
        pool_of: Callable[[str], Sequence[PooledAsset]] = lambda subject: (),
    ) -> None:
        """Ask `elsewhere` which importer reads a file with these first bytes, and `pool_of` for the assets of a pledge
        that is not in the files, by its subject. With `match_releases`, importers of conveyances infer the pledge of a
        release or of a change of the lender that cites none."""
        self._paths, self._elsewhere, self.match_releases = paths, elsewhere, match_releases
        self.pool_of = pool_of
        self.read: list[FileRead] = []
        self.counts: Counter[str] = Counter()
        """Counts of documents by the importer's own categories: `security interest`, `grant of kind B2`."""
        self.total = sum(path.stat().st_size for path in paths if path.is_file())
        self.done = 0
        """Bytes read, of `total`."""

    def found(self, formats: Sequence[Format]) -> Iterator[Found | Skipped]:
        """Yield the records of all files in order, then those joined from several tables; an unreadable file or
        document is a Skipped."""
        with closing(PartStore()) as store:
            for found in self._found_in_files(formats):
                if isinstance(found, Found) and isinstance(found.record, JoinedPart):
                    store.put(found.record, found[1:])
                else:
                    yield found
            for found_at, record in store.take():
                at = Found(None, *found_at)
                yield at.skipped(record) if isinstance(record, Skip | ValueError) else at._replace(record=record)

    def _found_in_files(self, formats: Sequence[Format]) -> Iterator[Found | Skipped]:
        for path in self._paths:
            before = self.done
            with ExitStack() as stack:
                try:
                    for member in packed_files(path, stack):
                        if isinstance(member, Skipped):
                            yield member
                        else:
                            yield from self._found_in(member, formats, before)
                except FAULTS as error:
                    yield Skipped(name_of(path), "its beginning", SkipReason.UNREADABLE_FILE, fault_in_words(error))
            self.done = before + (path.stat().st_size if path.is_file() else 0)

    def _found_in(self, member: PackedFile, formats: Sequence[Format], before: int) -> Iterator[Found | Skipped]:
        try:
            head = head_of(member)
        except FAULTS as error:
            yield Skipped(member.name, "its beginning", SkipReason.UNREADABLE_FILE, fault_in_words(error))
            return
        form = next((form for form in formats if form.recognises(head)), None)
        read = FileRead(member.name, form.name if form else None)
        self.read.append(read)
        if form is None:
            yield self._unknown(member, head, formats)
            return
        for piece in pieces(member, form):
            read.bytes = member.raw.tell()
            self.done = before + read.bytes
            if isinstance(piece, Skipped):
                yield piece
                continue
            read.documents += 1
            at = Found(None, form.name, member.name, piece.location)
            try:
                for record in form.read(piece.content):
                    bad = isinstance(record, Skip | ValueError)
                    yield at.skipped(record) if bad else at._replace(record=record)
            except (Skip, ValueError) as error:
                yield at.skipped(error)
        read.bytes = member.raw.tell()

    def _unknown(self, member: PackedFile, head: bytes, formats: Sequence[Format]) -> Skipped:
        rule, kind = SkipReason.UNKNOWN_FORMAT, self._elsewhere(head)
        if not head:
            reason = "the file is empty"
        elif head.startswith(PACKED):
            reason = "it is packed twice: unpack it once, and import what is in it"
        elif kind:
            reason = f"the file belongs to the kind {kind}: import it with that kind"
            if member.archived:  # offices pack files together, whoever asks for them
                rule = SkipReason.ANOTHER_DOCUMENT
        elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            reason = "the file is UTF-16: save it as UTF-8"
        else:
            names = ", ".join(dict.fromkeys(form.name for form in formats))
            begins = head[:40].decode("utf-8", "replace")
            reason = f"the file begins with {begins!a}, which is in none of the formats of this import: {names}"
        return Skipped(member.name, "its beginning", rule, reason)


class Importer(NamedTuple):
    """An importer: the formats that it reads, and the function from their records to results.

    `results` never raises because of the content of files, and holds at most one document in memory.
    """

    formats: Sequence[Format]
    results: Callable[[Reading], Iterator[Result]]


def with_unread(found: Found, events: Iterable[Imported]) -> Iterator[Result]:
    """Yield the events of a record, and behind each the values that it goes without."""
    for made in events:
        yield made
        if made.unread:
            yield found.skipped(Skip(SkipReason.UNREAD_VALUE, f"{made.subject}: {', '.join(made.unread)}"))


def each(formats: Sequence[Format], events: Callable[[Any, Reading], Iterable[Imported]]) -> Importer:
    """Return an importer that turns each record into events by itself, in the order of the files.

    `events` gets a record, and raises Skip or ValueError if it gives none.
    """

    def results(reading: Reading) -> Iterator[Result]:
        for found in reading.found(formats):
            if isinstance(found, Skipped):
                yield found
                continue
            try:
                yield from with_unread(found, events(found.record, reading))
            except (Skip, ValueError) as error:
                yield found.skipped(error)

    return Importer(formats, results)
