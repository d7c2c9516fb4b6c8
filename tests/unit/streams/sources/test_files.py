"""Files are opened and cut into documents, in every packing and with any size of chunks."""

from __future__ import annotations

import gzip
import io
import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.sources import files
from streams.sources.files import Piece, pieces
from streams.sources.formats import LINE, PROLOG, WHOLE_FILE, Beginning, Cut, Format, JsonItems, TableRows, XmlElements
from streams.sources.packed import PackedFile, packed_files
from streams.sources.results import Skipped, SkipReason, Unreadable

DOCUMENT = '<?xml version="1.0"?>'


def cut(path: Path, how: Cut) -> list[Piece | Skipped]:
    form = Format("any", lambda head: True, how, iter)
    with ExitStack() as stack:
        return [piece for member in packed_files(path, stack) for piece in pieces(cast(PackedFile, member), form)]


@given(st.lists(st.binary(max_size=30), min_size=1), st.integers(1, 12))
def test_any_file_is_cut_into_its_lines(lines: list[bytes], chunk: int) -> None:
    content = b"\n".join(line.replace(b"\n", b"") for line in lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "_CHUNK", chunk)
        found = list(files._split(io.BufferedReader(io.BytesIO(content)), LINE))
    assert [piece.content for piece in found] == content.splitlines(keepends=True) or b"\r" in content
    assert b"".join(piece.content for piece in found) == content
    full = [number for number, piece in enumerate(found, start=1) if piece.content.strip(b"\xef\xbb\xbf \t\r\n")]
    assert [found[number - 1].location for number in full] == [f"line {number}" for number in full]


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 64])
def test_documents_are_cut_at_their_declarations_with_any_size_of_chunks(
    chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_CHUNK", chunk)
    (tmp_path / "w.xml").write_text(f"\ufeff\n{DOCUMENT}\r\n<a>\r\n</a>{DOCUMENT}<b/>\n{DOCUMENT}<?xml-model?><c/>")
    assert cut(tmp_path / "w.xml", PROLOG) == [
        Piece("line 2", f"{DOCUMENT}\r\n<a>\r\n</a>".encode()),
        Piece("line 4", f"{DOCUMENT}<b/>\n".encode()),
        Piece("line 5", f"{DOCUMENT}<?xml-model?><c/>".encode()),
    ]


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 64])
def test_elements_are_cut_from_their_surroundings_with_any_size_of_chunks(
    chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_CHUNK", chunk)
    inside = "<all>\n<alls/><a>1</a> <!-- between -->\n<a b='2'>\n<ab/></a><a>3<a\n>4</a></all>\n"
    (tmp_path / "w.xml").write_text(f"{DOCUMENT}<!DOCTYPE all [<!ELEMENT a ANY>]>{inside}")
    assert cut(tmp_path / "w.xml", XmlElements(b"a")) == [
        Piece("line 2", b"<a>1</a>"),
        Piece("line 3", b"<a b='2'>\n<ab/></a>"),
        Piece("line 4", b"<a>3"),
        Piece("line 4", b"<a\n>4</a>"),
    ]


def test_a_file_can_lack_the_element_or_begin_with_it(tmp_path: Path) -> None:
    (tmp_path / "none.xml").write_text("<all><b/></all>")
    (tmp_path / "bare.xml").write_text("\ufeff\n<a>1</a>\n<a>2</a>\n")
    assert cut(tmp_path / "none.xml", XmlElements(b"a")) == []
    assert cut(tmp_path / "bare.xml", XmlElements(b"a")) == [Piece("line 2", b"<a>1</a>"), Piece("line 3", b"<a>2</a>")]


@pytest.mark.parametrize("chunk", [1, 3, 16, 1000])
def test_a_document_over_the_limit_is_reported_and_the_others_are_read(
    chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST_PIECE", 100)
    monkeypatch.setattr(files, "_CHUNK", chunk)
    large = f"{DOCUMENT}\n" + "x\n" * 325
    (tmp_path / "w.xml").write_text(f"{DOCUMENT}<a/>\n{large}{DOCUMENT}<b/>\n{large}")
    path, reason = str(tmp_path / "w.xml"), "a document of more than 100 bytes"
    assert cut(tmp_path / "w.xml", PROLOG) == [
        Piece("line 1", f"{DOCUMENT}<a/>\n".encode()),
        Skipped(path, "line 2", SkipReason.TOO_LARGE, reason),
        Piece("line 328", f"{DOCUMENT}<b/>\n".encode()),
        Skipped(path, "line 329", SkipReason.TOO_LARGE, reason),
    ]


def test_a_whole_file_is_one_document(tmp_path: Path) -> None:
    (tmp_path / "page").write_bytes(b"\n<html>\n</html>\n")
    assert cut(tmp_path / "page", WHOLE_FILE) == [Piece("line 2", b"<html>\n</html>\n")]


LINES = b"one\n\n  \r\ntwo"
CUT_LINES = [Piece("line 1", b"one\n"), Piece("line 4", b"two")]


def test_compressed_files_are_recognised_by_their_first_bytes(tmp_path: Path) -> None:
    (tmp_path / "lines").write_bytes(gzip.compress(LINES))
    assert cut(tmp_path / "lines", LINE) == CUT_LINES


@pytest.mark.parametrize("content", [json.dumps, lambda document: json.dumps(document, indent=1)])
def test_the_objects_of_an_array_are_found_at_any_depth(content: Any, tmp_path: Path) -> None:
    one, two = {"a": 1, "data": [{"b": "一"}]}, {"c": 10**30, "d": 1.5}
    path = tmp_path / "answer.json"
    for document in (
        {"data": [one, two]},
        {"x": [1, {"y": 2}], "z": {"data": [one, two]}, "count": 2},
        [{"data": [one]}],
    ):
        path.write_text(content(document))
        found = cut(path, JsonItems("data"))
        expected = [one] if isinstance(document, list) else [one, two]
        assert [json.loads(piece.content) for piece in found if isinstance(piece, Piece)] == expected
        assert [piece.location for piece in found] == [f"item {n}" for n in range(1, len(expected) + 1)]


def test_an_answer_can_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_text('\ufeff{"data": [{"a": 1}]}\r\n', "utf-8")
    expected = [Piece("item 1", b'{"a": 1}')]
    assert cut(path, JsonItems("data")) == expected
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert cut(path, JsonItems("data")) == expected


DEAR: dict[str, tuple[Cut, bytes]] = {
    "tags": (WHOLE_FILE, b"<a>" + b"<b/>" * 1000),
    "attributes": (WHOLE_FILE, b"<a " + b"b='' " * 1000),
    "values": (LINE, b"[" + b"1," * 1000),
    "brackets": (LINE, b"[" * 1000),
    "items": (JsonItems(""), b"[[" + b"[]," * 1000 + b"1]]"),
}


@pytest.mark.parametrize("kind", DEAR)
def test_a_document_of_too_many_parts_is_reported(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    how, content = DEAR[kind]
    path = tmp_path / "a"
    path.write_bytes(content)
    (whole,) = cut(path, how)
    assert isinstance(whole, Piece)
    monkeypatch.setattr(files, "MOST_PARTS", 999)
    (refused,) = cut(path, how)
    assert isinstance(refused, Skipped)
    assert (refused.rule, refused.reason) == (SkipReason.TOO_LARGE, "a document of more than 999 parts")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a,b\n1,2\n" + b"x" * 2000 + b"\n3,4\n", "a row of more than 1000 characters"),
        (b"a,b\n1,2\n" + b"x," * 1000 + b"\n3,4\n", "a row of more than 1000 characters"),
        (b"a,b\n1,2\n" + b'"\n",' * 1000 + b"\n3,4\n", "a row of more than 1000 characters"),
        (b"x" * 2000, "a row of more than 1000 characters"),
        (b"x,y\n" * 2000 + b"a,b\n1,2\n", "no line begins with a"),
    ],
    ids=range(5),
)
def test_a_table_is_held_row_by_row(
    content: bytes, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST_ROW", 1000)
    (tmp_path / "a").write_bytes(content)
    *read, last = cut(tmp_path / "a", TableRows(b"a"))
    assert len(read) == content.startswith(b"a,b")
    assert isinstance(last, Skipped)
    assert last.reason == f"cannot be read further: {reason}"


def test_a_row_of_a_table_is_an_object_of_strings(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    rows = '"Name","Code",\r\n"Korea, Rep.","KOR",\r\nbad\r\n,,\r\n"a\nb","C"\r\n'
    path.write_text(f'\ufeff"Source","World"\r\n\r\n{rows}', newline="")
    pieces = cut(path, TableRows(b'"Name"', short=True))
    found = [piece for piece in pieces if isinstance(piece, Piece)]
    assert [(piece.location, json.loads(piece.content)) for piece in found] == [
        ("line 4", {"Source": "World", "Name": "Korea, Rep.", "Code": "KOR"}),
        ("line 5", {"Source": "World", "Name": "bad"}),
        ("line 8", {"Source": "World", "Name": "a\nb", "Code": "C"}),
    ]


def test_a_row_with_cells_too_few_or_too_many_is_bad(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("a,b,\n1,2\n1\n1,2,3,4\n1,2,3,\n,,,\n")
    found = cut(tmp_path / "table.csv", TableRows(b"a"))
    assert [each.reason if isinstance(each, Skipped) else json.loads(each.content) for each in found] == [
        {"a": "1", "b": "2"},
        "a row of 1 cells under a header of 3: '1'",
        "a row of 4 cells under a header of 3: '1,2,3,4'",
        {"a": "1", "b": "2"},
    ]


def test_facts_about_a_table_are_part_of_each_row(tmp_path: Path) -> None:
    def about(head: bytes) -> dict[str, str]:
        if b"!" in head:
            raise Unreadable("it is loud", SkipReason.UNKNOWN_TABLE)
        return {"head": head.decode()}

    (tmp_path / "table.csv").write_bytes(b"\xef\xbb\xbfa,b\n1,2\n")
    (piece,) = cut(tmp_path / "table.csv", TableRows(b"a", about))
    assert isinstance(piece, Piece)
    assert json.loads(piece.content) == {"head": "a,b\n1,2\n", "a": "1", "b": "2"}
    (tmp_path / "table.csv").write_bytes(b"a,b\n1,!\n2,3\n")
    (refusal,) = cut(tmp_path / "table.csv", TableRows(b"a", about))
    assert refusal == Skipped(f"{tmp_path}/table.csv", "its beginning", SkipReason.UNKNOWN_TABLE, "it is loud")


def test_a_row_with_bytes_that_are_not_utf_8_is_bad_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "table").write_bytes(b"a,b\n1,caf\xe9\n2,caf\xc3\xa9\n")
    reason = r"a row with bytes that are not UTF-8: b'caf\xe9'"
    assert cut(tmp_path / "table", TableRows(b"a")) == [
        Skipped(f"{tmp_path}/table", "line 2", SkipReason.BAD_DOCUMENT, reason),
        Piece("line 3", '{"a":"2","b":"café"}'.encode()),
    ]


def test_a_table_can_be_separated_by_tabs(tmp_path: Path) -> None:
    (tmp_path / "table.tsv").write_text('"a"\t"b"\n"1, 2"\t"3"\n')
    (piece,) = cut(tmp_path / "table.tsv", TableRows(b""))
    assert piece == Piece("line 2", b'{"a":"1, 2","b":"3"}')


def test_a_table_keeps_its_columns_in_any_case_and_separated_in_any_way(tmp_path: Path) -> None:
    (tmp_path / "table").write_bytes(b'A; b ;"c"\n1;caf\xe9;"2,5"\ncaf\xe9;1;2\n1;2\n')
    good, not_utf_8, short = cut(tmp_path / "table", TableRows(b"", columns={"a", "c"}))
    assert good == Piece("line 2", b'{"a":"1","c":"2,5"}')
    assert isinstance(not_utf_8, Skipped)
    assert isinstance(short, Skipped)


def test_only_the_beginning_of_an_unneeded_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "table").write_bytes(b"a,b\n" + b"1,2\n" * 1_000_000)
    (piece,) = cut(tmp_path / "table", Beginning())
    assert isinstance(piece, Piece)
    assert piece.location == "its beginning"
    assert 2**16 <= len(piece.content) < 2**17


WHOLE_LINES = b"".join(b"%d\n" % number for number in range(100_000))
ITEMS = json.dumps({"data": [{"number": number} for number in range(2000)]}).encode()


@pytest.mark.parametrize(
    ("content", "how", "location"),
    [
        (gzip.compress(WHOLE_LINES)[:-50_000], LINE, "line"),
        (ITEMS[: len(ITEMS) // 2], JsonItems("data"), "item"),
        (ITEMS[:-3] + b'?"x"}', JsonItems("data"), "item"),
        (b"a,b\n1,2\n", TableRows(b"b,a"), "its beginning"),
    ],
)
def test_a_truncated_file_is_reported_after_its_readable_part(
    content: bytes, how: Cut, location: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(content)
    *read, last = cut(tmp_path / "file", how)
    assert isinstance(last, Skipped)
    assert last.rule is SkipReason.UNREADABLE_FILE
    assert last.location.startswith(f"after {location}")
    if read:
        assert isinstance(read[-1], Piece)
        assert last.location == f"after {read[-1].location}"
