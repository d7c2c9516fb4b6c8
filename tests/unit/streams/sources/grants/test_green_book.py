import pytest

from streams.sources.grants import green_book
from streams.sources.grants.grant import Grant, GrantParty, granted
from streams.sources.results import Skip, Unreadable
from tests.each_case import each_case

from .documents import aps, subject_and_data


def read(document: str) -> Grant:
    (grant,) = green_book.read(document.encode())
    return grant


def test_a_grant_is_read() -> None:
    assert subject_and_data(read(aps())) == (
        "US3937375A",
        {
            "occurred_on": "1976-02-10",
            "region": "US-IA",
            "office": "US",
            "number": "3937375",
            "kind": "A",
            "right": "invention",
            "title": "A kite with a tail",
            "application_number": "05/518454",
            "filed_on": "1974-10-29",
            "priority_on": "1973-10-29",
            "ipc": ["B60R0009000000", "G01G0019040000"],
            "applicants": [{"name": "Ada Lovelace", "country": "US"}, {"name": "Marie Curie, Jr.", "country": "FR"}],
            "assignees": [{"name": "Kite & Co", "country": "JP"}],
            "inventors": [{"name": "Ada Lovelace", "country": "US"}, {"name": "Marie Curie, Jr.", "country": "FR"}],
            "claims": 3,
            "backward_cites": ["US2542907A", "USD238214S"],
        },
    )


def test_columns_padded_to_eighty_blank_lines_and_other_line_ends_change_nothing() -> None:
    padded = "".join(f"{line:<80}\r\n" for line in aps().splitlines())
    assert read(padded) == read(aps())
    assert read(aps().replace("      tail", "\n      tail").replace("\n", "\r\n")) == read(aps())


@each_case(
    ("number", "year", "subject"),
    [
        ("039373754", "1976", "US3937375A"),
        ("06332220&", "1999", "US6332220A"),
        ("06332220&", "2001", "US6332220B1"),
        ("D02393310", "1976", "USD239331S"),
        ("D04520599", "2001", "USD452059S1"),
        ("RE0286718", "1976", "USRE28671E"),
        ("PP0038345", "1976", "USPP3834P"),
    ],
)
def test_the_number_has_a_check_character_and_the_kind_follows_from_it(number: str, year: str, subject: str) -> None:
    assert subject_and_data(read(aps(WKU=number, ISD=f"{year}0106")))[0] == subject


@pytest.mark.parametrize("number", ["H00003670", "T09510019"])
def test_other_documents_are_skipped(number: str) -> None:
    with pytest.raises(Skip, match="registration or a defensive publication, not a patent"):
        granted(read(aps(WKU=number)))


@each_case("number", ["", "03937375", "3937375", "0393737549", "US3937375", "03937375x"])
def test_a_number_of_another_form_is_unreadable(number: str) -> None:
    with pytest.raises(Unreadable, match=r"WKU .* 8 characters and a check character"):
        read(aps(WKU=number))


@each_case(
    ("series", "number", "application"),
    [
        ("5", "5184541", "05/518454"),
        ("08", "1234567", "08/123456"),
        ("9", "500649&", "09/500649"),
        ("D", "0317454", "29/031745"),
        ("29", "0317454", "29/031745"),
        ("", "5184541", None),
        ("5", "518454", None),
        ("5", "MI00O04", None),
    ],
)
def test_an_application_has_a_series_and_a_check_character(series: str, number: str, application: str | None) -> None:
    assert read(aps(SRC=series, APN=number)).application == application


def test_a_date_without_day_is_omitted() -> None:
    _, data = subject_and_data(read(aps(APD="19741000", PRIR="APD  19731000\n")))
    assert data.keys().isdisjoint(["filed_on", "priority_on"])
    with pytest.raises(Unreadable, match="grant date '19760200'"):
        granted(read(aps(ISD="19760200")))


@pytest.mark.parametrize("symbol", ["D0202", "0204"])
def test_a_locarno_class_is_not_an_ipc_symbol(symbol: str) -> None:
    design = aps(WKU="D02681420", CLAS=f"OCL  D 2 27\nICL  {symbol}\n")
    assert subject_and_data(read(design))[1]["ipc"] == []


def test_facts_that_a_section_lacks_are_omitted() -> None:
    _, data = subject_and_data(read(aps(INVT="", ASSG="", PRIR="", CLAS="", UREF="", TTL="", NCL="")))
    assert set(data) == {
        "occurred_on", "office", "number", "kind", "right", "application_number", "filed_on", "ipc", "applicants",
    }  # fmt: skip


def test_a_section_may_have_several_entries_and_names_in_latin_letters() -> None:
    document = aps(INVT="NAM  M\u00fcller; Ida\nCNT  DEX\nNAM  Roe; Jo\nCNT  GB2\nNAM\nNAM  No; body; here\n")
    parties = [GrantParty("Ida M\u00fcller", "DE"), GrantParty("Jo Roe", "GB"), GrantParty("No; body; here", None)]
    assert read(document).inventors == parties
    assert [grant.inventors for grant in green_book.read(document.encode("latin-1"))] == [parties]


@each_case(
    ("code", "issued", "country"),
    [("JA", "19760210", "JP"), ("DTX", "19770104", "DE"), ("RUX", "19771227", "RO"), ("RUX", "19780103", "RU")],
)
def test_former_country_codes_are_replaced(code: str, issued: str, country: str) -> None:
    parties = f"NAM  Roe\nCNT  {code}\n"
    grant = read(aps(ISD=issued, INVT=parties, ASSG=parties))
    assert grant.inventors == grant.assignees == [GrantParty("Roe", country)]


def test_prose_is_not_read() -> None:
    assert read(aps(LREP="FRM  Doe\n") + "INVT\nNAM  Ghost\n") == read(aps())


def test_the_first_line_of_a_weekly_file_is_skipped() -> None:
    with pytest.raises(Skip, match="the first line of a weekly file"):
        next(green_book.read(b"HHHHHT        APS1        ISSUE - 760106\n"))
