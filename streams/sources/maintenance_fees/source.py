"""The importer `uspto-maintenance-fees`: fees paid, patents that expired for an unpaid fee, and reinstated ones.

The file identifies patents by number alone. Before 2001 the kind follows from the number; since then a patent is B1 or
B2, which files of grants in the same import show. A patent of unknown kind is identified by its number alone, as in
conveyances.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from typing import Any

import orjson

from schemas.identifiers import publication_number
from streams.sources import texts, uspto
from streams.sources.grants import document_kinds
from streams.sources.grants.grant import Grant
from streams.sources.grants.source import FORMATS as GRANTS
from streams.sources.maintenance_fees import codes, events_file
from streams.sources.maintenance_fees.events_file import FeeEvent
from streams.sources.reading import Found, Importer, Reading
from streams.sources.results import Imported, Result, Skip, Skipped, SkipReason, Unreadable, event

FORMATS = (events_file.FORMAT, events_file.CODES, *GRANTS)

WITHOUT_KIND = "event of a patent whose kind no file says"
"""A count in addition to the events."""

_TABLES = """
    CREATE TABLE kind (number PRIMARY KEY, kind) WITHOUT ROWID;
    CREATE TABLE waiting (number, identity, type, data, found_at);
"""
_TAKE = """
    SELECT number, kind, identity, type, data, found_at
    FROM waiting LEFT JOIN kind USING (number) ORDER BY waiting.rowid
"""
_KIND = "INSERT OR REPLACE INTO kind VALUES (?, ?)"
_WAIT = "INSERT INTO waiting VALUES (?, ?, ?, ?, ?)"


def _results(reading: Reading) -> Iterator[Result]:
    with closing(sqlite3.connect("")) as store:  # an empty name: a private file on disk, gone when closed
        store.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES}")
        for found in reading.found(FORMATS):
            if isinstance(found, Skipped):
                yield found
                continue
            try:
                if isinstance(found.record, Grant):
                    store.execute(_KIND, _kind_of(found.record))
                    continue
                reading.counts["maintenance-fee event"] += 1
                type_name, data = _type_and_data(found.record)
                identity = f"maintenance fee {found.record.number} {found.record.code} {found.record.entered_on}"
                if kind := _certain_kind(found.record):
                    yield _event(found.record.number, kind, identity, type_name, data)
                    continue
                found_at = orjson.dumps([found.format, found.file, found.location])
                store.execute(_WAIT, (found.record.number, identity, type_name, orjson.dumps(data), found_at))
            except (Skip, ValueError) as error:
                yield found.skipped(error)
        for number, kind, identity, type_name, data, found_at in store.execute(_TAKE):
            reading.counts[WITHOUT_KIND] += kind is None
            try:
                yield _event(number, kind or "", identity, type_name, orjson.loads(data))
            except ValueError as error:
                yield Found(None, *orjson.loads(found_at)).skipped(error)


uspto_maintenance_fees = Importer(FORMATS, _results)


def _type_and_data(fee: FeeEvent) -> tuple[str, dict[str, Any]]:
    """Return the type of the event and its data. Raise Skip for a code that changes no patent."""
    if year := codes.fee_year(fee.code):
        return "fee_paid", _data(fee, fee.entered_on) | {"fee_year": year}
    if fee.code == codes.EXPIRED:
        return "ceased", _data(fee, _first_day_out_of_force(fee)) | {"reason": "fee"}
    if fee.code in codes.REINSTATED:
        return "restored", _data(fee, fee.entered_on)
    if codes.is_announced(fee.code):
        raise Skip(SkipReason.NO_EVENT, f"US{fee.number}: {fee.code} of {fee.entered_on}")
    raise Skip(SkipReason.UNKNOWN_CODE, f"US{fee.number}: {fee.code} of {fee.entered_on}")


def _data(fee: FeeEvent, day: date) -> dict[str, Any]:
    return {"occurred_on": day.isoformat(), "source_code": fee.code}


def _first_day_out_of_force(fee: FeeEvent) -> date:
    """Return the day after the anniversary of the grant in year 4, 8 or 12, at the end of which it expired (37 CFR
    1.362(g)).

    The office enters it some weeks later. A reissue is due by the dates of the patent that it replaces (37 CFR
    1.362(b)), which the file does not have: it ceases on the day of the entry.
    """
    if fee.number.startswith("RE"):
        return fee.entered_on
    for years in (12, 8, 4):
        anniversary = _years_after(fee.granted_on, years)
        if anniversary < fee.entered_on:
            return anniversary + timedelta(days=1)
    when = f"an entry of {fee.entered_on}, less than 4 years after its grant of {fee.granted_on}"
    raise Unreadable(f"US{fee.number}: expired by {when}")


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February of a year that is not a leap year
        return date(day.year + years, 2, 28)


def _certain_kind(fee: FeeEvent) -> str | None:
    """Return the kind that follows from number and date: since 2001 only that of reissues."""
    kind = document_kinds.derived(fee.number, fee.granted_on.year)
    return None if kind == "B1" else kind


def _kind_of(grant: Grant) -> tuple[str, str]:
    number, day = uspto.patent_number(grant.number), texts.required_day(grant.granted_on, f"{grant.number}: grant date")
    return number, grant.kind or document_kinds.derived(number, day.year)


def _event(number: str, kind: str, identity: str, type_name: str, data: dict[str, Any]) -> Imported:
    subject = publication_number("US", number, kind or "A").removesuffix("" if kind else "A")
    day = date.fromisoformat(data["occurred_on"])
    return event(uspto.uspto_envelope(f"ip.patent.{type_name}.v1", subject, day, identity), data)
