import gzip
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.sources import files
from streams.sources.files import LINE, PROLOG, Piece, pieces
from streams.sources.results import NotTaken, Unreadable

DOCUMENT = '<?xml version="1.0"?>'


def by_prolog(head: bytes) -> re.Pattern[bytes]:
    return PROLOG


def by_line(head: bytes) -> re.Pattern[bytes]:
    return LINE


@given(st.lists(st.binary(max_size=30), min_size=1), st.integers(1, 12))
def test_any_file_is_cut_into_its_lines(lines: list[bytes], chunk: int) -> None:
    content = b"\n".join(line.replace(b"\n", b"") for line in lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "_CHUNK", chunk)
        found = list(files._split(io.BufferedReader(io.BytesIO(content)), LINE))
    assert [piece.content for piece in found] == content.splitlines(keepends=True) or b"\r" in content
    assert b"".join(piece.content for piece in found) == content
    assert [piece.line for piece in found] == list(range(1, len(found) + 1))


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 64])
def test_documents_are_cut_at_their_declarations_wherever_a_chunk_ends(
    chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_CHUNK", chunk)
    (tmp_path / "w.xml").write_text(f"\ufeff\n{DOCUMENT}\r\n<a>\r\n</a>{DOCUMENT}<b/>\n{DOCUMENT}<?xml-model?><c/>")
    assert list(pieces(tmp_path / "w.xml", by_prolog)) == [
        Piece(2, f"{DOCUMENT}\r\n<a>\r\n</a>".encode()),
        Piece(4, f"{DOCUMENT}<b/>\n".encode()),
        Piece(5, f"{DOCUMENT}<?xml-model?><c/>".encode()),
    ]


@pytest.mark.parametrize("chunk", [1, 3, 16, 1000])
def test_a_document_over_the_limit_is_reported_and_the_rest_goes_on(
    chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST_PIECE", 100)
    monkeypatch.setattr(files, "_CHUNK", chunk)
    large = f"{DOCUMENT}\n" + "x\n" * 325
    (tmp_path / "w.xml").write_text(f"{DOCUMENT}<a/>\n{large}{DOCUMENT}<b/>\n{large}")
    path = str(tmp_path / "w.xml")
    assert list(pieces(tmp_path / "w.xml", by_prolog)) == [
        Piece(1, f"{DOCUMENT}<a/>\n".encode()),
        NotTaken(path, "line 2", "a document of more than 100 bytes", fault=True),
        Piece(328, f"{DOCUMENT}<b/>\n".encode()),
        NotTaken(path, "line 329", "a document of more than 100 bytes", fault=True),
    ]


def test_compressed_files_are_known_by_their_first_bytes(tmp_path: Path) -> None:
    (tmp_path / "lines").write_bytes(gzip.compress(b"one\n\n  \r\ntwo"))
    assert list(pieces(tmp_path / "lines", by_line)) == [Piece(1, b"one\n"), Piece(4, b"two")]


def test_a_compressed_file_that_ends_early_is_reported_after_what_could_be_read(tmp_path: Path) -> None:
    whole = gzip.compress(b"".join(b"%d\n" % number for number in range(100_000)))
    (tmp_path / "lines.gz").write_bytes(whole[: len(whole) // 2])
    *read, last = pieces(tmp_path / "lines.gz", by_line)
    assert len(read) > 1000
    assert isinstance(last, NotTaken)
    assert last.place == f"line {len(read) + 1}"
    assert last.fault


@pytest.mark.parametrize("content", [None, b"\x1f\x8bnothing"])
def test_a_file_that_cannot_be_opened_is_reported(content: bytes | None, tmp_path: Path) -> None:
    if content:
        (tmp_path / "file").write_bytes(content)
    (result,) = pieces(tmp_path / "file", by_line)
    assert isinstance(result, NotTaken)
    assert (result.file, result.place, result.fault) == (str(tmp_path / "file"), "line 1", True)


def test_a_format_that_is_not_known_is_reported_once(tmp_path: Path) -> None:
    def by_nothing(head: bytes) -> re.Pattern[bytes]:
        raise Unreadable(f"it begins with {head!r}")

    (tmp_path / "file").write_bytes(b"\xef\xbb\xbf\nabc\nabc\n")
    expected = NotTaken(str(tmp_path / "file"), "line 1", "it begins with b'abc\\nabc\\n'", fault=True)
    assert list(pieces(tmp_path / "file", by_nothing)) == [expected]
