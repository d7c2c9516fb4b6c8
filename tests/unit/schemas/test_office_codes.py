"""The table of office event codes: complete for pledges, and consistent with the catalogue of events."""

import csv
from collections import Counter
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, TypeAdapter

from schemas.events import EVENT_TYPES
from schemas.models import DATA
from schemas.office_codes import OFFICE_CODES, OfficeCode, office_code
from tests.each_case import each_case

ROWS = list(OFFICE_CODES.values())


def named(row: OfficeCode) -> str:
    return f"{row.office} {row.code}"


def data_of(event: str) -> type[BaseModel]:
    """Return the model of the data of a type, named without its version."""
    return DATA[EVENT_TYPES[f"{event}.v1"].number]


# Gazette codes of the Chinese office: categories as in the EPO's list of legal events.
CHINA = {
    "PB01": ("Q", "ip.patent.published", {}),
    "GR01": ("F", "ip.patent.granted", {}),
    "CF01": ("H", "ip.patent.ceased", {"reason": "fee"}),
    "CX01": ("H", "ip.patent.ceased", {"reason": "expired"}),
    "AV01": ("H", "ip.patent.ceased", {"reason": "abandoned"}),
    "AR01": ("H", "ip.patent.ceased", {"reason": "abandoned"}),
    "IW01": ("H", "ip.patent.invalidated", {"extent": "full"}),
    "IP01": ("M", "ip.patent.invalidated", {"extent": "partial"}),
    "RR01": ("K", "ip.patent.restored", {}),
    "RA01": ("K", "ip.patent.restored", {}),
    "TR01": ("R", "ip.assignment.recorded", {}),
    "TA01": ("R", "ip.assignment.recorded", {}),
    "CP01": ("R", "ip.assignment.recorded", {"conveyance": "change_of_name"}),
    "CP02": ("R", None, {}),
    "CP03": ("R", "ip.assignment.recorded", {"conveyance": "change_of_name"}),
    "PE01": ("S", "ip.pledge.registered", {}),
    "PM01": ("S", "ip.pledge.modified", {}),
    "PC01": ("S", "ip.pledge.cancelled", {}),
    "PLDC": ("S", None, {}),
    "EE01": ("S", "ip.licence.recorded", {}),
    "EM01": ("S", "ip.licence.modified", {}),
    "EC01": ("S", "ip.licence.cancelled", {}),
    "LICC": ("S", None, {}),
    "OL01": ("S", "ip.open_licence.declared", {}),
    "OL02": ("S", "ip.open_licence.withdrawn", {}),
    "PP01": ("T", "ip.patent.preserved", {}),
    "PD01": ("T", "ip.patent.discharged", {}),
    "TG01": ("G", "ip.patent.term_adjusted", {}),
    "TP01": ("G", "ip.patent.term_adjusted", {}),
    "ERR": ("Y", None, {}),
    "RECT": ("Y", None, {}),
    "CI02": ("P", None, {}),
    "CI03": ("P", None, {}),
}


def test_the_codes_of_the_chinese_gazette() -> None:
    assert {row.code: (row.category, row.event, row.fields) for row in ROWS if row.office == "CN"} == CHINA


@each_case(
    ("office", "code", "event"),
    [
        ("FR", "GC", "ip.pledge.registered"),
        ("FR", "RG", "ip.pledge.cancelled"),
        ("NL", "PLED", "ip.pledge.registered"),
        ("NL", "PLEX", "ip.pledge.cancelled"),
        ("JP", "S303", None),
        ("JP", "S343", None),
        ("US", "AS", None),
        ("EP", "GRAA", None),
        ("EP", "PG25", None),
        ("US", "STCF", None),
        ("US", "LAPS", None),
    ],
)
def test_pledges_of_other_offices_and_codes_that_mean_less_than_they_seem_to(
    office: str, code: str, event: str | None
) -> None:
    assert OFFICE_CODES[office, code].event == event


def test_every_code_appears_once_and_in_order() -> None:
    lines = files("schemas").joinpath("office_codes.csv").read_text("utf-8").splitlines()
    keys = [(row["office"], row["code"]) for row in csv.DictReader(lines)]
    assert [key for key, n in Counter(keys).items() if n > 1] == []
    assert keys == sorted(keys) == list(OFFICE_CODES)


@each_case("row", ROWS)
def test_a_row_is_whole(row: OfficeCode) -> None:
    assert row.meaning
    assert row.source_ref
    assert row.category in set("ABCDEFGHKLMPQRSTUVWYZ")
    assert row.event or row.note, "a code without an event says why"
    assert row.event or not row.fields


@each_case("row", [row for row in ROWS if row.event])
def test_an_event_is_in_the_catalogue_and_has_the_fields_that_the_code_fixes(row: OfficeCode) -> None:
    assert row.event
    data = data_of(row.event)
    assert "source_code" in data.model_fields
    for name, value in row.fields.items():
        kind: Any = data.model_fields[name].annotation
        TypeAdapter(kind).validate_python(value)


def test_a_lookup_forgives_the_padding_of_the_epo() -> None:
    assert office_code("US", "AS  ") is OFFICE_CODES["US", "AS"]
    assert office_code("CN", "PE01") is OFFICE_CODES["CN", "PE01"]


@each_case(("office", "code"), [("US", "PE01"), ("CN", "pe01"), ("CN", ""), ("", "PE01")])
def test_an_unknown_code_is_not_guessed(office: str, code: str) -> None:
    assert office_code(office, code) is None
