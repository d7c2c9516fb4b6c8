"""Conveyances to events, from whatever formats they come.

A security interest is a registration of an undisclosed amount; its assignor is the debtor, its assignee the lender. A
release, whose assignor is the lender, is a cancellation of each pledge whose reel and frame it cites; one of a part
frees its properties. An amendment changes each pledge that it cites: an assignment of a security interest its lender,
a supplement its pool, a corrective recording both. One that cites none is filed under its own reel and frame, where it
waits. Everything else is a record of an assignment.

A conveyance stands under every application that it touches, in any order and file: tellings are brought together on
disk, those of one format into one. Of several formats the fullest comes first, so that it stands in the ledger.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

import orjson

from streams.sources import texts, uspto
from streams.sources.conveyances import peds
from streams.sources.conveyances.conveyance import Asset, Class, Conveyance, ReelFrame, cited, class_of, transfer_of
from streams.sources.formats import Format
from streams.sources.reading import Found, Kind, Reading
from streams.sources.results import Imported, LeftOut, NotTaken, Result, Rule, event

_SHELF = (
    "CREATE TABLE told (reel, frame, format, conveyance, file, place, PRIMARY KEY (reel, frame, format, conveyance))"
)
_PUT = "INSERT OR IGNORE INTO told VALUES (?, ?, ?, ?, ?, ?)"
_TAKE = "SELECT * FROM told ORDER BY reel, frame, format, conveyance"


class Register(NamedTuple):
    """A series of reels: what the ids of its pledges begin with, and how its conveyances are named in event ids."""

    pledge: str
    conveyance: str


PATENTS = Register("US-RF", "conveyance")
TRADEMARKS = Register("US-TM-RF", "trademark conveyance")


class _Telling(NamedTuple):
    """A conveyance as the documents of one format tell of it, and the first of these."""

    conveyance: Conveyance
    found: Found


def conveyances(formats: Sequence[Format], register: Register) -> Kind:
    """A kind of import: events in the order of reel and frame, whatever that of the files; before them what is
    unreadable."""

    def results(reading: Reading) -> Iterator[Result]:
        with closing(sqlite3.connect("")) as shelf:  # an empty name: a private file on disk, gone when closed
            shelf.execute(_SHELF)
            for found in reading.found(formats):
                if isinstance(found, NotTaken):
                    yield found
                else:
                    shelf.execute(_PUT, _row(found))
            rows = shelf.execute(_TAKE)
            for at, group in groupby(rows, key=lambda row: ReelFrame(row[0], row[1])):
                yield from _results(at, _tellings(group), register, reading)

    return Kind(formats, results)


uspto_assignments = conveyances((peds.FORMAT,), PATENTS)


def _row(found: Found) -> tuple[Any, ...]:
    conveyance: Conveyance = found.record
    said = orjson.dumps(conveyance, default=tuple)
    return conveyance.reel, conveyance.frame, found.format, said, found.file, found.place


def _tellings(rows: Iterator[tuple[Any, ...]]) -> list[_Telling]:
    """One telling for each format, the fullest first."""
    tellings = []
    for form, group in groupby(rows, key=lambda row: str(row[2])):
        told = [(_conveyance(row[3]), row[4], row[5]) for row in group]
        fullest, file, place = max(told, key=lambda each: each[0].fullness)
        # Of one application in two states the granted one comes last: "US..." sorts behind an application's number.
        assets = sorted({asset for conveyance, *_ in told for asset in conveyance.assets})
        if len(told) == 1:
            assets = fullest.assets
        whole = replace(fullest, assets=[*{asset.application: asset for asset in assets}.values()])
        tellings.append(_Telling(whole, Found(None, form, file, f"{place}, reel/frame {whole.reel}/{whole.frame}")))
    return sorted(tellings, key=lambda telling: telling.conveyance.fullness, reverse=True)


def _conveyance(said: bytes) -> Conveyance:
    given = orjson.loads(said)
    return Conveyance(**given | {"assets": [Asset(*asset) for asset in given["assets"]]})


def _results(at: ReelFrame, tellings: list[_Telling], register: Register, reading: Reading) -> Iterator[Result]:
    """What the fullest telling says decides what kind of conveyance it is, and which others it speaks of."""
    text = tellings[0].conveyance.text
    what, others = class_of(text), cited(text) or [at]
    reading.things[what.counted_as] += 1
    for again, (conveyance, found) in enumerate(tellings):
        try:
            for made in _events(what, at, others, conveyance, register):
                yield made._replace(again=bool(again))
        except (LeftOut, ValueError) as error:
            yield found.not_taken(error)


def _events(
    what: Class, at: ReelFrame, others: list[ReelFrame], told: Conveyance, register: Register
) -> Iterator[Imported]:
    if what is Class.BLANK:
        raise LeftOut(Rule.BLANK_CONVEYANCE, "a conveyance without text")
    if told.day is None:
        raise LeftOut(Rule.NO_DAY, f"neither a recorded nor an execution date: {told.text}")
    teller = _Teller(at, told, told.day, register)
    match what:
        case Class.SECURITY:
            yield teller.registered()
        case Class.RELEASE | Class.PARTIAL_RELEASE | Class.AMENDMENT:
            changes = {
                Class.RELEASE: teller.cancelled,
                Class.PARTIAL_RELEASE: teller.released,
                Class.AMENDMENT: teller.amended,
            }
            yield from map(changes[what], others)
        case _:
            yield teller.assigned()


class _Teller:
    """Makes the events of one conveyance."""

    def __init__(self, at: ReelFrame, told: Conveyance, day: str, register: Register) -> None:
        self.at, self.told, self.day, self.register = at, told, day, register

    def registered(self) -> Imported:
        pledgors, pledgees = self._parties()
        data = {
            "occurred_on": self.day,
            "registration_no": str(self.at),
            "pledgors": pledgors,
            "pledgees": pledgees,
            "assets": self._assets(),
            "amount_status": "undisclosed",
        }
        return event(self._envelope("ip.pledge.registered.v1", self.at, ""), data)

    def cancelled(self, pledge: ReelFrame) -> Imported:
        data = {
            "occurred_on": self.day,
            "registration_no": str(pledge),
            "reason": texts.tidy(f"{self.at}: {self.told.text}"),
        }
        return event(self._envelope("ip.pledge.cancelled.v1", pledge, "releases"), data)

    def released(self, pledge: ReelFrame) -> Imported:
        ids = [asset["id"] for asset in self._assets()]
        data = {"occurred_on": self.day, "registration_no": str(pledge), "released": ids}
        return event(self._envelope("ip.pledge.modified.v1", pledge, "releases"), data)

    def amended(self, pledge: ReelFrame) -> Imported:
        supplement = "SUPPLEMENT" in (self.told.text or "").upper()
        corrective = (self.told.text or "").upper().startswith("CORRECTIVE")
        data = {
            "occurred_on": self.day,
            "registration_no": str(pledge),
            "pledgees": None if supplement else self._parties()[1],
            "added": self._assets() if supplement or corrective else None,
        }
        return event(self._envelope("ip.pledge.modified.v1", pledge, "amends"), data)

    def assigned(self) -> Imported:
        assignors, assignees = self._parties()
        data = {
            "occurred_on": self.day,
            "contract_no": str(self.at),
            "conveyance": transfer_of(self.told.text),
            "executed_on": self.told.executed,
            "assignors": assignors,
            "assignees": assignees,
            "assets": self._assets(),
        }
        return event(self._envelope("ip.assignment.recorded.v1", self.at, ""), data)

    def _parties(self) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
        if not self.told.assignors or not self.told.assignees:
            missing = "assignor" if not self.told.assignors else "assignee"
            raise LeftOut(Rule.NO_PARTY, f"a conveyance without {missing}: {self.told.text}")
        return self.told.assignors, self.told.assignees

    def _assets(self) -> list[dict[str, str]]:
        if not self.told.assets:
            raise LeftOut(Rule.NO_ASSET, f"a conveyance without properties: {self.told.text}")
        rights = {asset.id: asset.right for asset in self.told.assets}
        return [{"id": number, "right": right} for number, right in rights.items()]

    def _envelope(self, type_name: str, pledge: ReelFrame, does: str) -> dict[str, str]:
        identity = f"{self.register.conveyance} {self.at}" + (f" {does} {pledge}" if pledge != self.at else "")
        subject = f"{self.register.pledge}-{pledge.reel}-{pledge.frame}"
        return uspto.envelope(type_name, subject, date.fromisoformat(self.day), identity, series=self.at.reel)
