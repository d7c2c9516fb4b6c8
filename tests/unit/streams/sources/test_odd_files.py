"""Files of each kind as other programs save them: read alike, or refused with location and value."""

from collections.abc import Callable, Iterator
from pathlib import Path

from streams.sources.importers import IMPORTERS
from streams.sources.reading import Reading
from streams.sources.results import Imported, Skipped
from tests.each_case import each_case
from tests.unit.streams.sources.conveyances.samples import FORMATS, Sample
from tests.unit.streams.sources.documents import search_line
from tests.unit.streams.sources.grants.documents import aps, patdoc
from tests.unit.streams.sources.legal_events.answers import answer as epo
from tests.unit.streams.sources.legal_events.answers import legal, member
from tests.unit.streams.sources.maintenance_fees.test_source import OLD
from tests.unit.streams.sources.maintenance_fees.test_source import line as fee
from tests.unit.streams.sources.publications.test_st36 import document
from tests.unit.streams.sources.statistics.test_ecb_sdmx import ROWS, SDMX_1, generic
from tests.unit.streams.sources.tipo.answers import answer, application
from tests.unit.streams.sources.trademarks.answers import MarkFacts, st66, st96, tsdr_json

_CONVEYED = Sample(assignor="KITE SÀRL")
_FIGURES = "indicator,geography,period,value,unit,yoy_percent,stated_by,source_page,source_address"
SAMPLES: dict[str, tuple[str, str]] = {
    **{name: ("uspto-assignments", form(_CONVEYED)) for name, form in FORMATS.items()},
    "search-json": ("uspto-grants", search_line()),
    "patdoc": ("uspto-grants", patdoc()),
    "green-book": ("uspto-grants", aps()),
    "st66": ("uspto-trademarks", st66(MarkFacts())),
    "st96": ("uspto-trademarks", st96(MarkFacts())),
    "tsdr": ("uspto-trademarks", tsdr_json(MarkFacts())),
    "tipo": ("tipo-patents", answer("tw-patent-applI", [application()])),
    "epo": ("epo-legal-events", epo(member(legal("CF01")))),
    "fees": ("uspto-maintenance-fees", fee(OLD, "19940919", "M183")),
    "st36": ("patent-publications", document()),
    "sdmx-csv": ("ecb-rates", f"{SDMX_1}\nEXR,{ROWS[0]}\n"),
    "sdmx-xml": ("ecb-rates", generic(*ROWS)),
    "ecb": ("ecb-rates", "Date,USD,JPY,\n2024-12-04,1.0515,157.95,\n2024-12-03,1.0497,157.1,\n"),
    "population": ("worldbank-population", "country_name,country_code,year,population\nChina,CHN,2020,1411100000\n"),
    "figures": (
        "published-figures",
        f"{_FIGURES}\npct_applications,Shanghai,2023,6185,items,,SIPA,page of 2024-02-22,\n",
    ),
}
"""Format -> its kind of import, and a file."""
TABLES = {"sdmx-csv", "ecb", "population", "figures"}


def results(kind: str, path: Path, content: bytes) -> tuple[list[bytes], list[Skipped]]:
    path.write_bytes(content)
    found = [*IMPORTERS[kind].results(Reading([path]))]
    return [one.value for one in found if isinstance(one, Imported)], [one for one in found if isinstance(one, Skipped)]


def alike() -> Iterator[tuple[str, Callable[[bytes], bytes]]]:
    yield "byte order mark", lambda content: b"\xef\xbb\xbf" + content
    yield "carriage returns", lambda content: content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    yield "blank lines first", lambda content: b"\n\r\n" + content
    yield "blank lines last", lambda content: content + b"\n\n \n"


def refused() -> Iterator[tuple[str, Callable[[bytes], bytes]]]:
    yield "UTF-16", lambda content: content.decode().encode("utf-16")
    yield "empty", lambda _: b""
    yield "blanks", lambda _: b" \r\n\t\n"


@each_case("name", SAMPLES)
def test_a_file_as_other_programs_save_it_is_read_alike(name: str, tmp_path: Path) -> None:
    kind, text = SAMPLES[name]
    expected, _ = results(kind, tmp_path / "file", text.encode())
    assert expected
    for how, changed in alike():
        assert results(kind, tmp_path / "file", changed(text.encode()))[0] == expected, how


@each_case("name", SAMPLES)
def test_a_file_in_another_encoding_or_without_content_is_refused(name: str, tmp_path: Path) -> None:
    kind, text = SAMPLES[name]
    for how, changed in refused():
        made, skipped = results(kind, tmp_path / "file", changed(text.encode()))
        assert (made, [one.fault for one in skipped]) == ([], [True]), how
        assert skipped[0].reason == ("the file is UTF-16: save it as UTF-8" if how == "UTF-16" else "the file is empty")


@each_case("name", SAMPLES)
def test_bytes_that_are_not_utf_8_are_read_rightly_or_refused(name: str, tmp_path: Path) -> None:
    kind, text = SAMPLES[name]
    expected, _ = results(kind, tmp_path / "file", text.encode())
    for old in ("KITE", "Shanghai", "China", "USD", "invention"):
        if old in text:
            made, skipped = results(
                kind, tmp_path / "file", text.encode().replace(old.encode(), "风筝".encode("gb18030"))
            )
            assert any(one.fault for one in skipped) or made == expected, old


@each_case("name", sorted(TABLES))
def test_a_table_with_semicolons_is_read_or_refused_and_a_cut_row_refused_with_its_value(
    name: str, tmp_path: Path
) -> None:
    kind, text = SAMPLES[name]
    expected, _ = results(kind, tmp_path / "file", text.encode())
    made, skipped = results(kind, tmp_path / "file", text.replace(",", ";").encode())
    if name == "sdmx-csv":  # its header shows how its cells are separated
        assert made == expected
    else:
        assert made == []
        assert skipped[0].fault
        assert "Date;USD" in skipped[0].reason or name != "ecb"
    cut = text.rstrip().rpartition(",")[0].rpartition(",")[0][:-1]  # within the last row, within a value
    made, skipped = results(kind, tmp_path / "file", cut.encode())
    assert set(made) < set(expected)
    assert skipped[-1].fault
    assert "the file ends in this row" in skipped[-1].reason
    assert skipped[-1].location == f"line {len(cut.splitlines())}"


@each_case("name", ["ecb", "sdmx-csv"])
def test_a_rate_with_a_decimal_comma_is_refused(name: str, tmp_path: Path) -> None:
    kind, text = SAMPLES[name]
    rate = "157.95" if name == "ecb" else ROWS[0].rpartition(",")[2]
    quoted = text.replace(rate, f'"{rate.replace(".", ",")}"')
    assert quoted != text
    made, skipped = results(kind, tmp_path / "file", quoted.encode())
    assert skipped[0].fault
    assert "has a comma, and must have a point" in skipped[0].reason
    assert all(b"157950" not in value for value in made)
