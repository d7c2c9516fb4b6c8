"""Offices' own codes of events: one table from the code to the type of event.

The table is `office_codes.csv`, one code per row, with the codes and categories of the EPO's list of legal events
(INPADOC, week 17 of 2024). A letter is a category of WIPO ST.27, as the EPO uses it. `event` is empty if the ledger has
no such event, or if the code alone does not determine the type; the note gives the reason.
"""

import csv
from collections.abc import Mapping
from importlib.resources import files
from typing import Final, NamedTuple


class OfficeCode(NamedTuple):
    """One row. `event` is a type without its version; `fields` are the data fields that the code determines."""

    office: str
    code: str
    category: str
    meaning: str
    event: str | None
    fields: Mapping[str, str]
    note: str
    source_ref: str


def _row(row: dict[str, str]) -> OfficeCode:
    return OfficeCode(
        office=row["office"],
        code=row["code"],
        category=row["category"],
        meaning=row["meaning"],
        event=row["event"] or None,
        fields=dict(pair.split("=") for pair in row["fields"].split()),
        note=row["note"],
        source_ref=row["source_ref"],
    )


def _read() -> dict[tuple[str, str], OfficeCode]:
    lines = files("schemas").joinpath("office_codes.csv").read_text("utf-8").splitlines()
    return {(row["office"], row["code"]): _row(row) for row in csv.DictReader(lines)}


OFFICE_CODES: Final[Mapping[tuple[str, str], OfficeCode]] = _read()
"""All known codes by office (WIPO ST.3) and code. The same letters have another meaning at another office."""


def office_code(office: str, code: str) -> OfficeCode | None:
    """Return the row of an office's code, or None. The EPO's files pad codes with spaces."""
    return OFFICE_CODES.get((office, code.rstrip()))
