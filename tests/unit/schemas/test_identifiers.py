"""Numbers of offices and registries: real ones pass, one wrong character does not."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.identifiers import (
    application_number,
    cn_application_number,
    lei,
    party_id,
    pct_application_number,
    publication_number,
    us_application_number,
    uscc,
)
from tests.each_case import each_case

CN_NUMBERS = ["201710601862.3", "201010596747.X", "95115608.X", "97101765.4", "89101465.9", "200430018723.1"]
USCCS = ["91110000600037341L", "9144030071526726XG", "914419007480321175", "91110108551385082Q"]
LEIS = ["213800KUD8LAJWSQ9D15", "5493001KJTIIGC8Y1R12", "HWUPKR0MPOU8FGXBT394"]
DIGITS = "0123456789"
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@each_case("number", CN_NUMBERS)
def test_a_cn_number_has_one_canonical_form(number: str) -> None:
    digits = number.replace(".", "")
    for spelling in (number, digits, f"CN{number}", f"ZL{digits}", f"ZL {number}", number.lower()):
        assert cn_application_number(spelling) == number


def test_a_cn_number_may_be_spelled_with_blanks() -> None:
    assert cn_application_number("ZL 2017 1 0601862.3") == "201710601862.3"


@each_case("number", CN_NUMBERS)
def test_a_missing_check_digit_of_a_cn_number_is_computed(number: str) -> None:
    body = number.partition(".")[0]
    for spelling in (body, f"CN{body}", f"CN{body}A", f"CN{number}A", f"ZL {body}"):
        assert cn_application_number(spelling) == number


@each_case("text", ["88201465", "CN88201465", "88201465.X", "CN88201465X", "CN88201465U"])
def test_a_cn_number_of_1985_to_1988_has_no_check_digit(text: str) -> None:
    assert cn_application_number(text) == "88201465"


@given(st.sampled_from(CN_NUMBERS), st.data())
def test_one_wrong_digit_of_a_cn_number_is_refused(number: str, data: st.DataObject) -> None:
    at = data.draw(st.sampled_from([i for i, digit in enumerate(number) if digit in DIGITS]))
    wrong = data.draw(st.sampled_from(DIGITS.replace(number[at], "")))
    with pytest.raises(ValueError, match="CN application number"):
        cn_application_number(number[:at] + wrong + number[at + 1 :])


@each_case(
    "text",
    [
        "",
        "20171060186",  # a digit is missing
        "201710601862B",  # no kind of application
        "200210601862.3",  # 13 digits before October 2003
        "201740601862.1",  # no such type of application
        "04100001.2",  # 9 digits after September 2003
        "US201710601862.3",
        "２01710601862.3",
        "201710601862.3\n",
    ],
)
def test_other_text_is_not_a_cn_number(text: str) -> None:
    with pytest.raises(ValueError, match="it must be a year"):
        cn_application_number(text)


def test_a_wrong_check_digit_is_named_with_the_right_one() -> None:
    with pytest.raises(ValueError, match=r"'201710601862\.4': the check digit is 4 and should be 3"):
        cn_application_number("201710601862.4")


@each_case(
    ("text", "canonical"),
    [
        ("PCT/US2016/043890", "PCT/US2016/043890"),
        ("PCTEP2016071471", "PCT/EP2016/071471"),
        ("PCT/US98/12345", "PCT/US1998/012345"),
        ("PCT/US78/00001", "PCT/US1978/000001"),
        ("PCT/US16/43890", "PCT/US2016/043890"),
        ("PCTDE9912345", "PCT/DE1999/012345"),
    ],
)
def test_a_pct_number_has_one_canonical_form(text: str, canonical: str) -> None:
    assert pct_application_number(text) == canonical


@each_case("text", ["", "PCT", "PCT/US2016/43890", "PCT/us2016/043890", "PCT/US1816/043890"])
def test_other_text_is_not_a_pct_number(text: str) -> None:
    with pytest.raises(ValueError, match="PCT application number"):
        pct_application_number(text)


@pytest.mark.parametrize("text", ["15/123456", "15/123,456", "15123456"])
def test_a_us_number_has_one_canonical_form(text: str) -> None:
    assert us_application_number(text) == "15/123456"


@each_case("text", ["", "15/12345", "15123,456", "1/512345", "15/1234567"])
def test_other_text_is_not_a_us_number(text: str) -> None:
    with pytest.raises(ValueError, match="US application number"):
        us_application_number(text)


@each_case(
    ("office", "text", "canonical"),
    [
        ("CN", "ZL201710601862.3", "201710601862.3"),
        ("WO", "PCT/US98/12345", "PCT/US1998/012345"),
        ("EP", "PCT/US98/12345", "PCT/US1998/012345"),
        ("US", "15/123,456", "15/123,456"),
        ("TW", "申請0123", "申請0123"),
    ],
)
def test_an_application_number_is_checked_by_office(office: str, text: str, canonical: str) -> None:
    assert application_number(office, text) == canonical


@each_case(
    ("office", "text"),
    [
        ("CN", "201710601862.4"),
        ("CN", "PCT/CN2017/000001"),
        ("EP", "PCT/1"),
        ("EP", ""),
        ("EP", "1" * 41),
        ("EP", "1\t"),
    ],
)
def test_a_bad_application_number_is_refused(office: str, text: str) -> None:
    with pytest.raises(ValueError, match="application number"):
        application_number(office, text)


@each_case(
    ("office", "number", "kind"),
    [
        ("CN", "103456789", "B"),
        ("CN", "1012345", "B"),
        ("CN", "85100001", "A"),
        ("CN", "2123456", "Y"),
        ("CN", "305123456", "S"),
        ("US", "10000000", "B2"),
        ("US", "7272630", "B2"),
        ("US", "D656296", "S"),
        ("US", "RE49257", "E"),
        ("US", "T999001", "I4"),
        ("US", "6469", "A"),
        ("US", "X7640", "A"),
        ("US", "20220000060", "A1"),
        ("US", "20010000001", "A9"),
        ("US", "20020083501", "P1"),
        ("EP", "1234567", "B1"),
        ("WO", "2016123456", "A1"),
        ("JP", "H07123456", "A"),
        ("DE", "102010012345", "B4"),
    ],
)
def test_a_patent_id_is_office_number_and_kind(office: str, number: str, kind: str) -> None:
    assert publication_number(office, number, kind) == office + number + kind


@each_case(
    ("office", "number", "kind", "canonical"),
    [
        ("US", "07272630", "B2", "US7272630B2"),
        ("US", "0006469", "A", "US6469A"),
        ("US", "X0072", "A", "USX72A"),
        ("US", "D0967598", "S1", "USD967598S1"),
        ("US", "RE049257", "E1", "USRE49257E1"),
        ("US", "PP034694", "P2", "USPP34694P2"),
        ("US", "H0002296", "H1", "USH2296H1"),
        ("US", "2022000060", "A1", "US20220000060A1"),
        ("WO", "9812345", "A1", "WO1998012345A1"),
        ("WO", "1998012345", "A1", "WO1998012345A1"),
        ("WO", "7800001", "A1", "WO1978000001A1"),
        ("WO", "03012345", "A2", "WO2003012345A2"),
    ],
)
def test_a_patent_id_has_one_canonical_form(office: str, number: str, kind: str, canonical: str) -> None:
    assert publication_number(office, number, kind) == canonical


@each_case(
    ("office", "number", "kind", "named"),
    [
        ("CN", "456789", "B", "CN publication number"),
        ("CN", "413456789", "B", "CN publication number"),
        ("US", "12345", "B1", "US publication number"),
        ("US", "X7640", "B1", "US publication number"),
        ("US", "X0", "A", "US publication number"),
        ("US", "123456789", "B1", "US publication number"),
        ("US", "20220000060", "B2", "US publication number"),
        ("US", "2022000060", "A", "US publication number"),
        ("US", "18990000060", "A1", "US publication number"),
        ("US", "202200000601", "A1", "US publication number"),
        ("US", "DD12345", "S1", "US publication number"),
        ("US", "00000000", "B2", "US publication number"),
        ("US", "D000000", "S1", "US publication number"),
        ("US", "11,803,561", "B1", "US publication number"),
        ("EP", "123456", "B1", "EP publication number"),
        ("WO", "201612345", "A1", "WO publication number"),
        ("WO", "5012345", "A1", "WO publication number"),
        ("JP", "", "A", "JP publication number"),
        ("JP", "1" * 21, "A", "JP publication number"),
        ("JP", "平07123456", "A", "JP publication number"),
        ("US", "10000000", "", "kind"),
        ("US", "10000000", "b2", "kind"),
        ("US", "10000000", "B12", "kind"),
        ("us", "10000000", "B2", "office"),
        ("USA", "10000000", "B2", "office"),
        ("US", "10000000", "B2\n", "kind"),
    ],
)
def test_a_bad_patent_id_is_refused_by_its_part(office: str, number: str, kind: str, named: str) -> None:
    with pytest.raises(ValueError, match=f"^{named} "):
        publication_number(office, number, kind)


def test_all_grants_of_the_office_have_a_patent_id(office_data: Path) -> None:
    ids = set()
    with gzip.open(office_data / "us-grants-search-json" / "ppubs-docs.jsonl.gz", "rt") as lines:
        for line in lines:
            doc = json.loads(line)
            if doc["type"] != "US-PGPUB":
                ids.add(publication_number("US", doc["publicationReferenceDocumentNumber"], doc["kindCode"][0]))
    assert len(ids) == 2979
    with gzip.open(office_data / "us-grants-xml" / "ipgb20221025lst.txt.gz", "rt") as lines:
        *numbers, issue_date = lines.read().split()
    assert len({publication_number("US", number, "B1") for number in numbers}) == 6498
    assert issue_date == "20221025"


@each_case("code", USCCS)
def test_a_real_uscc_passes(code: str) -> None:
    assert uscc(code) == party_id(code) == code


@given(st.from_regex(f"[{USCC_ALPHABET}]{{2}}[0-9]{{6}}[{USCC_ALPHABET}]{{9}}", fullmatch=True))
def test_the_check_character_of_a_uscc_balances_powers_of_three(body: str) -> None:
    total = sum(USCC_ALPHABET.index(character) * 3**i for i, character in enumerate(body))
    code = body + USCC_ALPHABET[-total % 31]
    assert uscc(code) == code


@given(st.sampled_from(USCCS), st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_one_wrong_character_of_a_uscc_is_refused(code: str, at: int, wrong: str) -> None:
    assume(code[at] != wrong)
    with pytest.raises(ValueError, match="USCC"):
        uscc(code[:at] + wrong + code[at + 1 :])


def test_a_wrong_check_character_is_named_with_the_right_one() -> None:
    with pytest.raises(ValueError, match="'911100006000373410': the check character is 0 and should be L"):
        uscc("911100006000373410")


@pytest.mark.parametrize("code", LEIS)
def test_a_real_lei_passes(code: str) -> None:
    assert lei(code) == party_id(code) == code


@given(st.sampled_from(LEIS), st.data())
def test_one_wrong_digit_of_a_lei_is_refused(code: str, data: st.DataObject) -> None:
    at = data.draw(st.sampled_from([i for i, character in enumerate(code) if character in DIGITS]))
    wrong = data.draw(st.sampled_from(DIGITS.replace(code[at], "")))
    with pytest.raises(ValueError, match="LEI"):
        lei(code[:at] + wrong + code[at + 1 :])


@each_case(
    "text",
    [
        "1",
        "上海某某科技有限公司",
        "x" * 64,
        "9111000060003734I1",
        "110101199003078515",  # residents of China; the last one was born on a leap day
        "53010219200508011X",
        "110101200002290019",
        "KH-000123-2023000001",  # neither a registration authority ...
        "customer-2023-00000012",  # ... nor the zeros of an LEI
    ],
)
def test_another_party_id_is_the_producers_own(text: str) -> None:
    assert party_id(text) == text


@each_case(
    ("text", "code"),
    [
        ("91110000 6000 3734 1L", "91110000600037341L"),
        ("91110000600037341l", "91110000600037341L"),
        ("9111-0000-6000-3734-1L", "91110000600037341L"),
        (" 91110000\u00a0600037341L", "91110000600037341L"),
        ("213800kud8lajwsq9d15", "213800KUD8LAJWSQ9D15"),
        ("2138 00KU D8LA JWSQ 9D15", "213800KUD8LAJWSQ9D15"),
        ("HWUP-KR0M-POU8-FGXB-T394", "HWUPKR0MPOU8FGXBT394"),
    ],
)
def test_a_code_has_one_spelling(text: str, code: str) -> None:
    assert party_id(text) == (uscc if len(code) == 18 else lei)(text) == code


@each_case(
    ("text", "message"),
    [
        ("91110000 600037341M", "the check character is M and should be L"),
        ("91110000-600037341m", "the check character is M and should be L"),
        ("2138 00KU D8LA JWSQ 9D16", "its check digits are wrong"),
        ("110101199002308515", "the check character is 5 and should be"),  # no resident is born on 30 February
    ],
)
def test_a_wrong_code_is_refused_in_any_spelling(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        party_id(text)


@each_case("text", ["", "x" * 65, "a\nb", "a\x00", "a\u202eb", "91110000600037341M", LEIS[0][:-1] + "6"])
def test_a_bad_party_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"party id|USCC|LEI"):
        party_id(text)


def test_a_refusal_quotes_a_long_or_strange_value_in_short_ascii() -> None:
    with pytest.raises(ValueError, match="party id") as refusal:
        party_id("\u0378名" * 500_000)
    assert str(refusal.value).isascii()
    assert len(str(refusal.value)) < 600
