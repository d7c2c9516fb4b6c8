"""Identify what a table of NCSES counts by its content: its title, a field of technology in it, or its totals.

Tables in long form have the same header, whatever they count. A title above the header, or in a column, names the table
as NCSES prints it. The printed tables of one field of technology have the field's name in their first row. A table
without a title is identified by its totals for the world, which no other table has.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import NamedTuple

from streams.sources.results import SkipReason, Unreadable

COUNTS, FIELD = "what is counted", "in the field"
"""The keys under which each row of a table has the result of `identify`."""

LEAST_TOTALS = 3
"""This many years of totals must equal those of a known table; fewer may be equal by chance."""

SECTORS = ("Chemistry", "Electrical engineering", "Instruments", "Mechanical engineering", "Other fields")
"""The groups of the 35 fields of WIPO's IPC-Technology Concordance."""
FIELDS = """\
Basic materials chemistry|Biotechnology|Chemical engineering|Environmental technology|Food chemistry
Macromolecular chemistry, polymers|Materials, metallurgy|Microstructural and nanotechnology|Organic fine chemistry
Pharmaceuticals|Surface technology, coating|Audio-visual technology|Basic communication processes|Computer technology
Digital communication|Electrical machinery, apparatus, energy|IT methods for management|Semiconductors
Telecommunications|Analysis of biological materials|Control|Measurement|Medical technology|Optics
Engines, pumps, turbines|Handling|Machine tools|Mechanical elements|Other special machines
Textile and paper machines|Thermal processes and apparatus|Transport|Civil engineering|Furniture, games
Other consumer goods"""
_FIELDS = {name.casefold(): name for name in (*SECTORS, *re.split(r"[|\n]", FIELDS))}
FIELD_COLUMNS = ("technical_field", "field", "technology", "field_of_technology")
"""Names of a column with the field of each row, the narrowest first."""
_TITLE_COLUMNS = frozenset(["title", "table", "table_title", "indicator"])

_REST = r"(?:, by [^:]*)?(?::.*)?"
_TITLES = (
    ("utility_grants", rf"(?:USPTO )?utility patents granted(?: to inventors)?(?: in (?P<field>\D[^:]*?))?{_REST}"),
    ("owner_sector", rf"(?:USPTO )?utility patents granted to owners(?: in (?P<field>\D[^:]*?))?, by sector{_REST}"),
    (
        "pct_applications",
        rf"(?:Patent Cooperation Treaty(?: \(PCT\))?|PCT) applications(?: in (?P<field>\D[^:]*?))?{_REST}",
    ),
    ("registered_trademarks", rf"(?:Number of )?registered (?:USPTO and EUIPO )?trademarks(?P<field>){_REST}"),
)
_MATCHES = [(counts, re.compile(title, re.IGNORECASE).fullmatch) for counts, title in _TITLES]
_NUMBERED = re.compile(r"^\W*(?:Table\s+)?(?:S[A-Z]*-?[0-9]*-[0-9A-Z]+[.:]?\s+)?")

_HEADERS = ("region_path", "sector")
_WHOLE = frozenset(["World", "Total"])


class Identity(NamedTuple):
    """The kind of figure in a table, and its field of technology; empty for all fields."""

    counts: str
    field: str


def _years(first: int, printed: str, office: str = "") -> dict[tuple[str, str], str]:
    return {(str(year), office): total for year, total in enumerate(printed.split(), start=first)}


_GRANTS_OF_THE_WORLD = _years(
    2000,
    "157595 166158 167400 169077 164384 143891 173822 157331 157788 167463 219848 224871 253633 278518 301643 299382 "
    "304126 320003 308853 355923 353701 329097 324698",
)
_TOTALS = {
    Identity("utility_grants", ""): _GRANTS_OF_THE_WORLD,
    Identity("owner_sector", ""): _GRANTS_OF_THE_WORLD,
    Identity("utility_grants", "Computer technology"): _years(
        1998,
        "11797 12143 11872 12697 12883 13625 14645 13613 19072 17533 19061 20843 26489 27115 32527 36536 40524 41102 "
        "42763 42369 40182 49393 51572",
    ),
    Identity("pct_applications", ""): _years(
        2000,
        "79862 99498 104096 109942 112539 124280 138744 150080 160815 154060 151277 160544 176480 191771 210111 200463 "
        "206767 223765 237302 246662 264590 263168 264901",
    ),
    Identity("pct_applications", "Chemistry"): _years(
        2000,
        "24933 30406 31706 33887 35261 37639 39010 40785 41424 40071 38737 40201 42812 44343 48027 44959 44411 47290 "
        "50470 52275 56639 57521 58762",
    ),
    Identity("pct_applications", "Electrical engineering"): _years(
        2000,
        "18736 26767 28082 27530 28737 32399 40834 45990 49496 47731 47355 52922 60015 67611 73168 69276 70203 76017 "
        "82499 84978 94970 97219 98220",
    ),
    Identity("pct_applications", "Instruments"): _years(
        2000,
        "14121 16857 18496 20119 19266 21163 23621 25203 26308 25164 24412 25473 27903 30917 34522 31957 34117 37756 "
        "41379 43793 46070 45510 45859",
    ),
    Identity("pct_applications", "Mechanical engineering"): _years(
        2000,
        "16111 18591 19034 20722 21102 23666 24920 26727 29213 28347 27107 30536 33764 36421 40082 39538 37638 41344 "
        "44950 45336 47065 43517 43227",
    ),
    Identity("pct_applications", "Other fields"): _years(
        2000,
        "5963 6877 6778 7684 8175 9412 10359 11375 14374 12747 13666 11421 11986 12479 14312 14733 20398 21353 18010 "
        "20083 19815 19267 18833",
    ),
    Identity("utility_grants", "Chemistry"): _years(
        2000,
        "30824 32875 32803 30839 26965 22240 25673 23863 22834 24336 32975 33228 36771 40979 43719 43333 42327 44402 "
        "42591 46097 46273 43261 41042",
    ),
    Identity("utility_grants", "Electrical engineering"): _years(
        2000,
        "51793 55779 57605 59897 63710 57541 75425 68782 72270 79245 102331 105791 121276 132248 144663 142364 146195 "
        "150685 143330 166080 166442 156057 154745",
    ),
    Identity("registered_trademarks", ""): _years(
        1998,
        "88761 88621 110488 106745 146871 130946 113691 121572 153331 170784 194473 177379 165227 180081 187602 194337 "
        "204704 213797 232552 255069 273079",
        "uspto",
    )
    | _years(
        1998,
        "24275 34297 34782 38575 35915 34374 34481 59802 61665 68081 81581 90033 100913 93893 95706 98173 103897 "
        "109440 126099 128450 132874",
        "euipo",
    ),
}
"""Totals for the world as printed (Science and Engineering Indicators 2020 to 2024: tables S8-45, SINV-1,
SINV-4 to -6, -11 to -16 and, of 2022, SINV-50)."""


_ALL_FIELDS = frozenset(["all", "all fields", "all technical fields", "total"])


def field_of(cell: str) -> str | None:
    """Return a field of technology by its name, in any case; None if the text is not a field's name."""
    return _FIELDS.get(cell.strip().casefold())


def field_in(row: Mapping[str, str]) -> str:
    """Return the field of technology of a row: from its own column, else that of the table; empty for all fields."""
    named = next((cell for column in FIELD_COLUMNS if (cell := row.get(column, ""))), row[FIELD])
    return "" if named.casefold() in _ALL_FIELDS else field_of(named) or named


def identify(head: bytes) -> Mapping[str, str]:
    """Return the identity of a table, from the first bytes of its file. Raise Unreadable (`unknown_table`) if that is
    unknown."""
    above, names, rows = _parts(head)
    of_owners = names[:1] == ["sector"]
    titles = {found for text in _titles(above, names, rows) if (found := _titled(text))}
    known = titles or {found for found in _TOTALS if _is_counted(found, _counted(names, rows))}
    known = {found for found in known if (found.counts == "owner_sector") == of_owners}
    fields = {found.field for found in known if found.field}
    if {*FIELD_COLUMNS}.isdisjoint(names):
        fields |= {field for row in rows for cell in row[1:] if (field := field_of(cell))}
    if len(known) != 1 or len(fields) > 1:
        why = (
            "several titles or fields" if known else "neither a title of NCSES nor the totals of a table that is known"
        )
        reason = f"its content does not show what it counts: {why}; write the printed title on a line above the header"
        raise Unreadable(reason, SkipReason.UNKNOWN_TABLE)
    return {COUNTS: known.pop().counts, FIELD: next(iter(fields), "")}


def _parts(head: bytes) -> tuple[list[Sequence[str]], Sequence[str], list[Sequence[str]]]:
    """Return the lines above the header, the header, and the rows; without the last line, which may be truncated."""
    complete = head if head.endswith(b"\n") or b"\n" not in head else head[: head.rindex(b"\n")]
    lines = list(csv.reader(StringIO(complete.decode("utf-8", "replace").lstrip("\ufeff"), newline="")))
    at = next((at for at, cells in enumerate(lines) if cells and cells[0] in _HEADERS), len(lines))
    names = [name.strip().casefold() for name in lines[at]] if at < len(lines) else []
    return [*lines[:at]], names, [row for row in lines[at + 1 :] if any(row)]


def _titles(above: Sequence[Sequence[str]], names: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield possible titles: lines above the header, whole or after a label, and cells of a column of titles.

    A title contains commas, so an unquoted one spans several cells.
    """
    for cells in above:
        yield ",".join(cells)
        yield ",".join(cells[1:])
    for at in (at for at, name in enumerate(names) if name in _TITLE_COLUMNS):
        yield from {row[at] for row in rows if at < len(row)}


def _titled(text: str) -> Identity | None:
    title = " ".join(_NUMBERED.sub("", text.strip().strip('#"')).split()).rstrip(" ,")
    for counts, matches in _MATCHES:
        if match := matches(title):
            named = (match["field"] or "").strip()
            return Identity(counts, field_of(named) or named)
    return None


def _counted(names: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[tuple[str, str], str]:
    """Return the totals of the world in these rows, by year and office."""
    totals: dict[tuple[str, str], str] = {}
    for row in rows:
        values = dict(zip(names, (cell.strip() for cell in row), strict=False))
        if row[0].strip() in _WHOLE and values.get("year", "").isdecimal():
            totals[values["year"], values.get("office", "")] = values.get("value", "")
    return totals


def _is_counted(known: Identity, counted: Mapping[tuple[str, str], str]) -> bool:
    """Return whether enough totals are in the known table, and all of those are equal."""
    both = _TOTALS[known].keys() & counted
    return len(both) >= LEAST_TOTALS and all(_TOTALS[known][key] == counted[key] for key in both)
