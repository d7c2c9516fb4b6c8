"""Turn conveyances of any format into events.

`wording` determines the class of a text, `events` the events of a class. A release, an amendment and the end of a
licence apply to each recording that they cite; without citation they are filed under their own reel and frame, and the
ledger shows them as unmatched. The assignor of a security interest is the debtor, that of its release the lender.

A conveyance appears under every application that it concerns, in any order and any file. `ConveyanceStore` collects its
versions and merges those of one format. Across formats the most complete version comes first, so the ledger keeps that
one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial

from streams.sources.conveyances import (
    assignment_center,
    assignment_dataset,
    assignment_search,
    odp,
    padx,
    peds,
    trademark_center,
)
from streams.sources.conveyances.citations import ReelFrame
from streams.sources.conveyances.conveyance import Conveyance
from streams.sources.conveyances.events import PATENT_REGISTER, TRADEMARK_REGISTER, EventBuilder, EventParts, Register
from streams.sources.conveyances.matching import Released, releases_of, succeeded_in
from streams.sources.conveyances.merge import ConveyanceStore, Version
from streams.sources.conveyances.pools import PledgePools, Recordings
from streams.sources.conveyances.rules import ConveyanceClass
from streams.sources.conveyances.wording import Wording, read_wording
from streams.sources.formats import Format
from streams.sources.reading import Importer, PooledAsset, Reading
from streams.sources.results import Result, Skip, Skipped, SkipReason, event

INCOMPLETE = "conveyance whose file names only some of its properties"
BY_EXECUTION = "conveyance dated by its execution: its file has no recorded date"
WITHDRAWN = "recording that the office took back"
INFERRED = "release whose pledge is inferred"
SUCCEEDED = "change of the lender whose pledge is inferred"
"""Counts in addition to the classes."""


def conveyances(formats: Sequence[Format], register: Register) -> Importer:
    """Return an importer that yields unreadable documents first, then events in the order of reel and frame, whatever
    the order of the files."""

    def results(reading: Reading) -> Iterator[Result]:
        with closing(ConveyanceStore()) as store:
            for found in reading.found(formats):
                if isinstance(found, Skipped):
                    yield found
                else:
                    store.put(found)
            yield from results_in(store, register, reading)

    return Importer(formats, results)


uspto_assignments = conveyances(
    (
        peds.RESPONSE,
        peds.ARRAY,
        peds.FORMAT,
        assignment_search.FORMAT,
        assignment_center.FORMAT,
        odp.FORMAT,
        odp.DOWNLOAD,
        padx.FORMAT,
        *assignment_dataset.FORMATS,
    ),
    PATENT_REGISTER,
)
uspto_trademark_assignments = conveyances((trademark_center.FORMAT,), TRADEMARK_REGISTER)


def results_in(store: ConveyanceStore, register: Register, reading: Reading) -> Iterator[Result]:
    """Yield the results of all conveyances of a store."""

    def pool_of(pledge: ReelFrame) -> Sequence[PooledAsset]:
        return reading.pool_of(f"{register.pledge}-{pledge.reel}-{pledge.frame}")

    with closing(PledgePools(_recordings(store), pool_of)) as pools:
        class_of = partial(_class_in, store)
        for at, versions in store.take():
            yield from _results_of(at, versions, register, reading, class_of, pools)


def _class_in(store: ConveyanceStore, at: ReelFrame) -> ConveyanceClass | None:
    """Return the class of a recording in a store; None if it is not there or has no text."""
    text = store.text_of(at)
    return read_wording(text).what if text else None


def _recordings(store: ConveyanceStore) -> Recordings:
    for at, versions in store.take():
        yield at, versions, read_wording(versions[0].conveyance.text)


def _results_of(
    at: ReelFrame,
    versions: list[Version],
    register: Register,
    reading: Reading,
    class_of: Callable[[ReelFrame], ConveyanceClass | None],
    pools: PledgePools,
) -> Iterator[Result]:
    """Yield the results of one conveyance. The most complete version determines its class and the conveyances that it
    cites."""
    text = versions[0].conveyance.text
    wording = read_wording(text) if text else Wording(register.without_text, "", [])
    valid = [version for version in versions if not version.conveyance.withdrawn]
    reading.counts[wording.what.value if valid else WITHDRAWN] += 1
    if valid and valid[0].conveyance.incomplete:
        reading.counts[INCOMPLETE] += 1
    if valid and valid[0].conveyance.dated_by_execution and wording.what is not ConveyanceClass.BLANK:
        reading.counts[BY_EXECUTION] += 1
    released = releases_of(at, versions, wording, pools, infer=reading.match_releases)
    if any(each.inferred for each in released):
        reading.counts[INFERRED] += 1
    succeeded = succeeded_in(versions, wording, pools, infer=reading.match_releases)
    if succeeded:
        reading.counts[SUCCEEDED] += 1
    before: set[bool] = set()
    for conveyance, found in sorted(versions, key=lambda version: version.conveyance.withdrawn):
        try:
            for parts in _events(wording, at, conveyance, register, released, succeeded, class_of):
                yield event(*parts)._replace(again=conveyance.withdrawn in before)
        except (Skip, ValueError) as error:
            yield found.skipped(error)
        before.add(conveyance.withdrawn)
    if text and valid and wording.what is ConveyanceClass.OTHER:
        yield valid[0].found.skipped(Skip(SkipReason.NOT_UNDERSTOOD, f"{wording.rule}: {text}"))


def _events(
    wording: Wording,
    at: ReelFrame,
    conveyance: Conveyance,
    register: Register,
    released: Sequence[Released],
    succeeded: ReelFrame | None,
    class_of: Callable[[ReelFrame], ConveyanceClass | None],
) -> Iterator[EventParts]:
    """Yield the events of a version, and the voids of those that it corrects; or the voids of its events if the office
    withdrew the recording."""
    if wording.what is ConveyanceClass.BLANK:
        raise Skip(SkipReason.BLANK_CONVEYANCE, "a conveyance without text")
    if conveyance.day is None:
        raise Skip(SkipReason.NO_DAY, f"neither a recorded nor an execution date that can be read: {conveyance.text}")
    builder = EventBuilder(at, conveyance, conveyance.day, register)
    events = builder.events(wording, released, succeeded)
    if conveyance.withdrawn:
        yield from map(builder.withdrawn, events)
    else:
        yield from events
        yield from builder.corrected(wording, class_of)
