"""The importer `epo-legal-events`: announcements to events, by the table of office codes (docs/office-codes.md).

An event of a patent needs its day and the values that its code requires. If one is missing, the event is skipped. A
pledge is announced under each of its patents; the registration number joins these announcements.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

import orjson

from schemas.events import EVENT_TYPES
from schemas.identifiers import publication_number
from schemas.models import DATA
from schemas.office_codes import OfficeCode, office_code
from streams.sources import envelopes, texts
from streams.sources.conveyances.conveyance import Conveyance
from streams.sources.conveyances.events import PATENT_REGISTER
from streams.sources.conveyances.merge import ConveyanceStore
from streams.sources.conveyances.source import results_in
from streams.sources.legal_events import ops
from streams.sources.legal_events.ops import DocdbPublication, LegalEvent
from streams.sources.legal_events.us_assignments import conveyance_of
from streams.sources.omissions import Omissions
from streams.sources.reading import Found, Importer, Reading, with_unread
from streams.sources.results import Imported, Result, Skip, Skipped, SkipReason, Unreadable, event

FORMATS = (ops.FORMAT,)
_SOURCE = "urn:office:ep:epo"

_GRANTED = re.compile(r"[A-Z]{2}[BC][0-9]?|CN[SUY]|US(?:E1?|P[23]?|S1?)").fullmatch
_RIGHTS = {"S": "design", "U": "utility_model", "Y": "utility_model", "P": "plant"}
_US_APPLICATIONS_FROM = "20010102"  # before, a US document of kind A is a patent
_DAYS = (
    "EFFECTIVE DATE OF REGISTRATION",
    "DATE OF CANCELLATION",
    "TERMINATION DATE",
    "DECISION DATE OF DECLARING INVALIDATION",
    "EFFECTIVE DATE OF ABANDONING",
)
_US_ASSIGNMENT = ("US", "AS")
_DATED_BY_EFFECT = {("US", "FP")}
_TABLE = "CREATE TABLE part (id, type, patent, pledge, found_at, PRIMARY KEY (id, type, patent))"


class _Pledge(NamedTuple):
    """The announcement of a pledge under one of its patents. `id` is the office and the registration number."""

    type: str
    id: str
    patent: str
    right: str
    data: dict[str, Any]


def _results(reading: Reading) -> Iterator[Result]:
    # an empty name: a private file on disk, deleted when closed
    with closing(sqlite3.connect("")) as parts, closing(ConveyanceStore()) as conveyances:
        parts.execute(_TABLE)
        for found in reading.found(FORMATS):
            if isinstance(found, Skipped):
                yield found
                continue
            reading.counts["legal event"] += 1
            try:
                if (found.record.office, found.record.code) == _US_ASSIGNMENT:
                    for record in _conveyance(found.record):
                        if isinstance(record, Unreadable):
                            yield found.skipped(record)
                        else:
                            conveyances.put(found._replace(record=record))
                    continue
                made = _result(found.record)
            except (Skip, ValueError) as error:
                yield found.skipped(error)
                continue
            if isinstance(made, Imported):
                yield from with_unread(found, [made])
            else:
                found_at = orjson.dumps([found.format, found.file, found.location])
                row = (made.id, made.type, made.patent, orjson.dumps(list(made)), found_at)
                parts.execute("INSERT OR IGNORE INTO part VALUES (?, ?, ?, ?, ?)", row)
        # A registration must precede its cancellation; "registered" is after "cancelled" in the alphabet.
        rows = parts.execute("SELECT id, type, pledge, found_at FROM part ORDER BY id, type DESC, patent")
        for _, group in groupby(rows, key=lambda row: row[:2]):
            rows_of_one = list(group)
            try:
                yield _pledge([_Pledge(*orjson.loads(row[2])) for row in rows_of_one])
            except ValueError as error:
                yield Found(None, *orjson.loads(rows_of_one[0][3])).skipped(error)
        yield from results_in(conveyances, PATENT_REGISTER, reading)


epo_legal_events = Importer(FORMATS, _results)


def _result(legal: LegalEvent) -> Imported | _Pledge:
    row = office_code(legal.office, legal.code)
    name = f"{legal.office} {legal.code}"
    if row is None:
        raise Skip(SkipReason.UNKNOWN_CODE, f"{name}: {legal.meaning}")
    if row.event is None:
        raise Skip(SkipReason.NO_EVENT, f"{name}: {row.note or row.meaning}")
    patent = _patent(legal)
    if patent is None:
        raise Skip(SkipReason.NO_PATENT, f"{name} of application {legal.application}: {row.meaning}")
    subject = publication_number(*patent[:3])
    omissions = Omissions()
    day, data = _day(legal, row), _data(legal, row, omissions)
    if row.event.startswith("ip.pledge."):
        right = _RIGHTS.get(patent.kind[0], "invention")
        pledge = f"{legal.office}-{data['registration_no']}"
        return _Pledge(f"{row.event}.v1", pledge, subject, right, {"occurred_on": f"{day}"} | data)
    # One day may have several requests, each with a number or an opponent, and fees of several years.
    which = legal.labels.get("TRIAL NO") or legal.fields.get("L519EP") or legal.fields.get("L520EP") or ""
    identity = f"legal event {name} {legal.application} {legal.gazetted_on} {which}"
    envelope = envelopes.envelope(_SOURCE, f"{row.event}.v1", subject, day, identity)
    return event(envelope, {"occurred_on": day.isoformat()} | data, omissions.named)


def _conveyance(legal: LegalEvent) -> Iterator[Conveyance | Unreadable]:
    """Yield the errors of the days of an entry in the US assignment database, and its conveyance. Its events have the
    same ids as in the US office's files, so they count once."""
    patent = _patent(legal)
    return conveyance_of(legal, patent.number if patent and patent.country == "US" else None)


def _patent(legal: LegalEvent) -> DocdbPublication | None:
    """Return the first granted document of the event's family member, else the European application as a patent.

    Responses contain the requested document, granted or not. A European patent has its application's number.
    """
    granted = [each for each in legal.publications if _is_granted(each)]
    european = (each._replace(kind="B1") for each in legal.publications if each.country == "EP")
    return min(granted, key=lambda each: each.day, default=None) or next(european, None)


def _is_granted(document: DocdbPublication) -> bool:
    kind = document.country + document.kind
    old_us_patent = kind == "USA" and document.day != "" and document.day < _US_APPLICATIONS_FROM
    return old_us_patent or _GRANTED(kind) is not None


def _day(legal: LegalEvent, row: OfficeCode) -> date:
    """Return the announced effective date, else the day of the gazette."""
    labels = legal.labels
    printed = legal.fields.get("L525EP") or next((labels[label] for label in _DAYS if label in labels), None)
    if printed is None and (row.office, row.code) in _DATED_BY_EFFECT:
        raise Skip(SkipReason.NOT_ENOUGH, f"{row.office} {row.code} of {legal.application}: its effective date")
    day = texts.day_of(printed or legal.gazetted_on)
    if day is None:
        raise Unreadable(
            f"{row.office} {row.code} of {legal.application}: {printed or legal.gazetted_on!r} is not a day"
        )
    return day


def _data(legal: LegalEvent, row: OfficeCode, omissions: Omissions) -> dict[str, Any]:
    """Return the data from the code and the announcement. Raise Skip if a required value is missing."""
    labels, fields_of = legal.labels, legal.fields.get
    values: dict[str, Any] = {
        "fee_year": omissions.read("fee year", fields_of("L520EP"), int),
        "expires_on": omissions.iso_day("expiry date", fields_of("L513EP")),
        "registration_no": labels.get("REGISTRATION NUMBER"),
        "pledgors": _parties(labels.get("PLEDGOR")),
        "pledgees": _parties(labels.get("PLEDGEE")),
        "challenger": {"name": legal.fields["L519EP"]} if "L519EP" in legal.fields else None,
    }
    fields = DATA[EVENT_TYPES[f"{row.event}.v1"].number].model_fields
    data = {name: value for name, value in values.items() if value and name in fields} | dict(row.fields)
    if row.event == "ip.pledge.cancelled":
        data.pop("pledgees", None)  # they identify a release without registration number, and this one has it
    if "amount_status" in fields:
        data["amount_status"] = "undisclosed"  # no office announces the amount of a pledge
    known = {"occurred_on", "assets", *data}
    missing = [name for name, field in fields.items() if field.is_required() and name not in known]
    if missing or not str(row.event).startswith(("ip.patent.", "ip.pledge.")):
        lacks = ", ".join(missing) or "the number of its contract"
        raise Skip(SkipReason.NOT_ENOUGH, f"{row.office} {row.code} of {legal.application}: {lacks}")
    return data | {"source_code": row.code}


def _parties(names: str | None) -> list[dict[str, str]]:
    return [{"name": name.strip()} for name in (names or "").split(";") if name.strip()]


def _pledge(pledges: list[_Pledge]) -> Imported:
    """Return the event of all announcements of one type for one pledge; its pool is the patents in this import."""
    first = pledges[0]
    data = dict(first.data)
    if first.type == "ip.pledge.registered.v1":
        data["assets"] = [{"id": each.patent, "right": each.right} for each in pledges]
    day = date.fromisoformat(data["occurred_on"])
    envelope = envelopes.envelope(_SOURCE, first.type, first.id, day, f"pledge {first.id} {first.type}")
    return event(envelope, data)
