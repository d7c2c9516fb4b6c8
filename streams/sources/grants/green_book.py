"""Green Book: the US office's grants from 1976 to 2001 as tagged text, the format of its Automated Patent System (APS).

A line has a tag in columns 1 to 4 and its value from column 6; lines that begin with a space continue a value. A tag of
four letters begins a section; `PATN` begins a document. A weekly file begins with a line of its own, `HHHHHT`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from streams.sources import regions
from streams.sources.formats import Format, begins
from streams.sources.grants.grant import Grant, GrantParty, Term, parties
from streams.sources.results import Skip, SkipReason, Unreadable
from streams.sources.texts import person

_DOCUMENT = re.compile(rb"(?<=\n)PATN(?=[ \t\r\n])")
_PROSE = re.compile(r"\n(?:ABST|GOVT|PARN|BSUM|DRWD|DETD|CLMS|DCLM)[ \t]*\r?\n").search
_OPENS = {
    "INVT": "NAM",
    "ASSG": "NAM",
    "UREF": "PNO",
    "RLAP": "COD",
    "REIS": "COD",
}  # each of these begins another entry of its section

_NUMBER = re.compile(r"((?:D|H|T|RE|PP)?[0-9]{6,8})[0-9&]").fullmatch
_APPLICATION = re.compile(r"([0-9]{6})[0-9&]").fullmatch
_SERIES = re.compile(r"0?([2-9])|D|29").fullmatch
_BENEFITS = ("71", "72", "74", "81", "82", "84")
"""Codes of parents: a continuation, a continuation in part, a division of it, or of one that is."""
_COUNTRY = re.compile(r"([A-Z]{2})[A-Z0-9]?").fullmatch
_YEAR = re.compile(r"[0-9]{4}").match


class _Section(NamedTuple):
    """The values of a section by tag, in order."""

    name: str
    values: dict[str, list[str]]

    def first(self, tag: str) -> str:
        return next(iter(self.values.get(tag, ())), "")


def read(content: bytes) -> Iterator[Grant]:
    """Yield the grant in one document. Raise Skip for a file's first line, Unreadable for a bad document."""
    if content.startswith(b"HHHHHT"):
        raise Skip(SkipReason.ANOTHER_DOCUMENT, "the first line of a weekly file, not a grant")
    text = _decoded(content)
    prose = _PROSE(text)
    yield _grant([*_sections(text[: prose.start()] if prose else text)])


def _decoded(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _sections(text: str) -> Iterator[_Section]:
    section, values = _Section("", {}), [""]
    for line in map(str.rstrip, text.split("\n")):
        tag, value = line[:4].rstrip(), line[5:].strip()
        if line[:1] in (" ", "\t", ""):
            values[-1] = f"{values[-1]} {line.strip()}".strip()
        elif len(tag) == 4 and not value:
            yield section
            section, values = _Section(tag, {}), [""]
        else:
            if tag in section.values and tag == _OPENS.get(section.name):
                yield section
                section = _Section(section.name, {})
            values = section.values.setdefault(tag, [])
            values.append(value)
    yield section


def _grant(sections: list[_Section]) -> Grant:
    def all_of(name: str) -> list[_Section]:
        return [section for section in sections if section.name == name]

    patent = next(iter(all_of("PATN")), _Section("PATN", {}))
    issued, classes = patent.first("ISD"), all_of("CLAS")
    inventors = _parties(all_of("INVT"), issued)
    return Grant(
        number=_number(patent.first("WKU")),
        kind=None,
        granted_on=issued,
        us_class=next((section.first("OCL") for section in classes), None),
        title=patent.first("TTL"),
        application=_application(patent.first("SRC"), patent.first("APN")),
        filed_on=patent.first("APD"),
        priorities=_values(all_of("PRIR"), "APD"),
        ipc=_values(classes, "ICL"),
        applicants=inventors,  # only inventors could apply for a patent then (37 CFR 1.41)
        inventors=inventors,
        assignees=_parties(all_of("ASSG"), issued),
        claims=patent.first("NCL"),
        citations=[(section.first("PNO"), "", section.first("ISD")) for section in all_of("UREF")],
        term=Term(
            benefits=[section.first("APD") for section in all_of("RLAP") if section.first("COD") in _BENEFITS],
            originals=[(section.first("APD"), section.first("ISD")) for section in all_of("REIS")],
            years=patent.first("TRM"),
            last_day=patent.first("DCD"),
        ),
    )


def _values(sections: Iterable[_Section], tag: str) -> list[str]:
    return [value for section in sections for value in section.values.get(tag, ()) if value]


def _number(printed: str) -> str:
    """Return the number without its check character: `039373754` is 3937375, and & stands for ten.

    The character is modulus 11 with weights from 2 on, but not in all numbers with letters, so it is not verified.
    """
    match = _NUMBER(printed)
    if match is None or len(printed) != 9:
        raise Unreadable(f"WKU {printed[:32]!r}: it must be a patent number of 8 characters and a check character")
    return match[1]


def _application(series: str, printed: str) -> str | None:
    """Return `05/518454` for series 5 and number 5184541, whose last character is a check too; series D is 29,
    designs."""
    found, number = _SERIES(series), _APPLICATION(printed)
    return f"{(found[1] or '29').zfill(2)}/{number[1]}" if found and number else None


def _parties(sections: Iterable[_Section], issued: str) -> list[GrantParty]:
    return parties(
        (person(section.first("NAM")), _country(section.first("CNT"), issued), section.first("STA"))
        for section in sections
    )


def _country(code: str, issued: str) -> str | None:
    # A two-letter code, perhaps padded to three characters, `JPX`.
    match, year = _COUNTRY(code), _YEAR(issued)
    return regions.historic_country_code(match[1], int(year[0])) if match and year else None


FORMAT = Format("green-book", begins(rb"HHHHHT|PATN\s"), _DOCUMENT, read)
