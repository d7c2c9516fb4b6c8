"""Conveyances to events, from whatever formats they come.

A security interest is a registration of an undisclosed amount; its assignor is the debtor, its assignee the lender. A
release, whose assignor is the lender, is a cancellation of each pledge whose reel and frame it cites; one of a part
frees its properties. An amendment changes each pledge that it cites: an assignment of a security interest its lender,
a supplement its pool, a corrective recording both. One that cites none is filed under its own reel and frame, where it
waits. Everything else is a record of an assignment.

A conveyance stands under every application that it touches, in any order and file: its tellings are brought together
(`Shelf`), those of one format into one. Of several formats the fullest comes first, so that it stands in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

from streams.sources.conveyances import assignment_center, assignment_search, odp, padx, peds, trademark_center
from streams.sources.conveyances.conveyance import Class, Conveyance, ReelFrame, cited, class_of
from streams.sources.conveyances.events import PATENTS, TRADEMARKS, Register, Said, Teller
from streams.sources.conveyances.merge import Shelf, Telling
from streams.sources.formats import Format
from streams.sources.reading import Kind, Reading
from streams.sources.results import LeftOut, NotTaken, Result, Rule, event

INCOMPLETE = "conveyance whose file names only some of its properties"
WITHDRAWN = "recording that the office took back"
"""What is counted beside the classes."""


def conveyances(formats: Sequence[Format], register: Register) -> Kind:
    """A kind of import: events in the order of reel and frame, whatever that of the files; before them what is
    unreadable."""

    def results(reading: Reading) -> Iterator[Result]:
        with closing(Shelf()) as shelf:
            for found in reading.found(formats):
                if isinstance(found, NotTaken):
                    yield found
                else:
                    shelf.put(found)
            for at, tellings in shelf.take():
                yield from _results(at, tellings, register, reading)

    return Kind(formats, results)


uspto_assignments = conveyances(
    (
        peds.ANSWER,
        peds.ARRAY,
        peds.FORMAT,
        assignment_search.FORMAT,
        assignment_center.FORMAT,
        odp.FORMAT,
        odp.DOWNLOAD,
        padx.FORMAT,
    ),
    PATENTS,
)
uspto_trademark_assignments = conveyances((trademark_center.FORMAT,), TRADEMARKS)


def _results(at: ReelFrame, tellings: list[Telling], register: Register, reading: Reading) -> Iterator[Result]:
    """What the fullest telling says decides what kind of conveyance it is, and which others it speaks of."""
    text = tellings[0].conveyance.text
    what = class_of(text) if text else register.without_text
    others = cited(text) or [at]
    standing = [conveyance for conveyance, _ in tellings if not conveyance.withdrawn]
    reading.things[what.counted_as if standing else WITHDRAWN] += 1
    if standing and standing[0].incomplete:
        reading.things[INCOMPLETE] += 1
    before: set[bool] = set()
    for told, found in sorted(tellings, key=lambda telling: telling.conveyance.withdrawn):
        try:
            for said in _events(what, at, others, told, register):
                yield event(*said)._replace(again=told.withdrawn in before)
        except (LeftOut, ValueError) as error:
            yield found.not_taken(error)
        before.add(told.withdrawn)


def _events(
    what: Class, at: ReelFrame, others: list[ReelFrame], told: Conveyance, register: Register
) -> Iterator[Said]:
    """Of a recording that the office took back, that they are void."""
    if what is Class.BLANK:
        raise LeftOut(Rule.BLANK_CONVEYANCE, "a conveyance without text")
    if told.day is None:
        raise LeftOut(Rule.NO_DAY, f"neither a recorded nor an execution date: {told.text}")
    teller = Teller(at, told, told.day, register)
    events = teller.events(what, others)
    yield from map(teller.withdrawn, events) if told.withdrawn else events
