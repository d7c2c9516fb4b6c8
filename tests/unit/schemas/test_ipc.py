"""IPC symbols, as people, offices and the wire spell them."""

import gzip
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.ipc import check_ipc_symbol, common_spelling, ipc_symbol
from tests.each_case import each_case

# A subgroup of more than two digits never ends in 0: 3/0470 would be read as 3/047.
SUBGROUPS = st.from_regex(r"[0-9]{2}|[0-9]{2,5}[1-9]", fullmatch=True)
SYMBOLS = st.builds(
    lambda subclass, main_group, subgroup: f"{subclass} {main_group}/{subgroup}",
    st.from_regex(r"[A-H][0-9]{2}[A-Z]", fullmatch=True),
    st.integers(1, 9999),
    SUBGROUPS,
)


@each_case(
    ("spelled", "symbol"),
    [
        ("G06N 3/0475", "G06N0003047500"),
        ("G06N3/0475", "G06N0003047500"),
        ("g06n 3/0475", "G06N0003047500"),
        (" G06N 3 / 0475 ", "G06N0003047500"),
        ("G06N0003047500", "G06N0003047500"),
        ("G06F 17/30 (2006.01)", "G06F0017300000"),
        ("G06F17/30(2006.01)I", "G06F0017300000"),
        ("G06F18/23213", "G06F0018232130"),
        ("A61K  39/395", "A61K0039395000"),
        ("A61K 2039/505", "A61K2039505000"),
        ("A01B  102", "A01B0001020000"),
        ("B60R  900", "B60R0009000000"),
        ("A43B 1314", "A43B0013140000"),
        ("H01L 21302", "H01L0021302000"),
        ("G02F  11335", "G02F0001133500"),
        ("C07C24900", "C07C0249000000"),
        ("E03C 104", "E03C0001040000"),
    ],
)
def test_a_spelling_is_read(spelled: str, symbol: str) -> None:
    assert ipc_symbol(spelled) == symbol


@each_case(
    "text",
    [
        "",
        "G06N",
        "G06N 3",
        "G06N 3/4",
        "G06N 0/00",
        "G06N 12345/00",
        "G06N 3/0475123",
        "I06N 3/00",
        "Y02E 10/50",
        "0202",
        "D 2732",
        "A01B 10",
        "A01B 1 02",
        "A01B  1",
        "G06N 3/0475; G06N 3/08",
        "G06N 3/٠٤",
    ],
)
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^IPC symbol {re.escape(ascii(text))}: it must read like"):
        ipc_symbol(text)


@given(SYMBOLS)
def test_the_readable_form_is_read_back(spelled: str) -> None:
    symbol = ipc_symbol(spelled)
    assert check_ipc_symbol(symbol) == symbol
    assert common_spelling(symbol) == spelled


@pytest.mark.parametrize(
    ("symbol", "spelled"),
    [("B01D0061020000", "B01D 61/02"), ("A01B0001000000", "A01B 1/00"), ("A01B0001100000", "A01B 1/10")],
)
def test_two_digits_of_a_subgroup_stay(symbol: str, spelled: str) -> None:
    assert common_spelling(symbol) == spelled


@each_case(
    "text",
    [
        "G06N 3/0475",
        "G06N003047500",
        "G06N00030475000",
        "g06n0003047500",
        "G06N0000047500",
        "G06N0003047500\n",
        "Y02E0010500000",
        "",
    ],
)
def test_the_wire_takes_fourteen_characters_only(text: str) -> None:
    with pytest.raises(ValueError, match="14 characters"):
        check_ipc_symbol(text)


def test_all_symbols_of_the_search_answers_are_read(office_data: Path) -> None:
    symbols: set[str] = set()
    with gzip.open(office_data / "us-grants-search-json" / "ppubs-docs.jsonl.gz", "rt") as lines:
        for line in lines:
            doc = json.loads(line)
            for field in ("ipcCodeFlattened", "cpcInventiveFlattened", "cpcAdditionalFlattened"):
                symbols.update((doc[field] or "").split(";"))
    of_the_ipc = {text for text in symbols if text and text[0] != "Y"}
    assert len(of_the_ipc) > 5000
    assert {text for text in of_the_ipc if common_spelling(ipc_symbol(text)).replace(" ", "") != text} == set()


def test_all_symbols_in_columns_are_read(office_data: Path) -> None:
    with gzip.open(office_data / "us-grants-xml" / "ipg050104.sample25.xml.gz", "rt") as stream:
        blocks = re.findall(r"<classification-ipc>(.*?)</classification-ipc>", stream.read(), re.DOTALL)
    tag = re.compile("<(?:main|further)-classification>([^<]+)<")
    symbols = {ipc_symbol(text) for block in blocks for text in tag.findall(block)}
    assert {"A45F0005040000", "H05K0007200000", "H01L0021302000", "C07C0249000000"} <= symbols
    assert len(symbols) == 44
