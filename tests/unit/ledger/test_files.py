"""Files that people name: too long lines are walked over, pipes and devices do not hold anybody up."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from ledger import files
from ledger.files import UnusableFile, lines, opened, text, written
from schemas.codec import LARGEST_VALUE, Refusal, Rule

LONGEST = b"x" * LARGEST_VALUE


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


def told(content: bytes) -> list[bytes | int]:
    """Lines as they are; of one that is refused the number of bytes that it is said to have."""
    found: list[bytes | int] = []
    for line in lines(BytesIO(content)):
        if isinstance(line, Refusal):
            assert (line.rule, line.path) == (Rule.TOO_LARGE, "")
            found.append(int(line.message.split()[3]))
        else:
            found.append(line)
    return found


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", []),
        (b"a\n\nb", [b"a\n", b"\n", b"b"]),
        (b"a\r\nb\r\n", [b"a\r\n", b"b\r\n"]),
        (LONGEST, [LONGEST]),
        (LONGEST + b"\r\n1\n", [LONGEST + b"\r\n", b"1\n"]),
        (LONGEST + b"xx", [LARGEST_VALUE + 2]),
        (b"1\n" + LONGEST + b"xx\n2", [b"1\n", LARGEST_VALUE + 3, b"2"]),
        (LONGEST * 5 + b"\n" + LONGEST * 3 + b"\n3\n", [LARGEST_VALUE * 5 + 1, LARGEST_VALUE * 3 + 1, b"3\n"]),
    ],
    ids=range(8),
)
def test_a_line_that_is_too_long_is_refused_in_its_turn(content: bytes, found: list[bytes | int]) -> None:
    assert told(content) == found


def test_a_line_without_an_end_ends_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LONGEST_LINE", 3 * LARGEST_VALUE)
    with open("/dev/zero", "rb") as endless:
        (refusal,) = lines(endless)
    assert isinstance(refusal, Refusal)
    assert "the line has no end after" in refusal.message


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/dev/zero", "it is a device"),
        ("/dev/urandom", "it is a device"),
        ("/", "Is a directory"),
        ("/nowhere/at/all", "No such file or directory"),
    ],
)
def test_what_cannot_be_read_is_named(path: str, reason: str) -> None:
    with pytest.raises(UnusableFile, match=f"^{path} cannot be used: {reason}"):
        opened(path)


def test_nothing_can_be_read() -> None:
    with opened(os.devnull) as nothing:
        assert list(lines(nothing)) == []


def test_standard_input_is_looked_at_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with open("/dev/zero") as endless:
        monkeypatch.setattr("sys.stdin", endless)
        with pytest.raises(UnusableFile, match=r"^- cannot be used: it is a device"):
            opened("-")


def test_standard_input_may_be_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(UnusableFile, match=r"^standard input cannot be used: it is closed"):
        opened("-")


def test_a_pipe_is_read_once_somebody_writes_to_it(pipe: Path) -> None:
    writer = threading.Thread(target=pipe.write_bytes, args=(b"1\n2",))
    writer.start()
    with opened(pipe) as source:
        assert list(lines(source)) == [b"1\n", b"2"]
    writer.join()


def test_a_pipe_that_nobody_holds_is_refused(pipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PATIENCE_SECONDS", 0.1)
    with pytest.raises(UnusableFile, match=f"^{pipe} cannot be used: it is a pipe that nobody writes to"):
        opened(pipe)
    with pytest.raises(UnusableFile, match=f"^{pipe} cannot be used: it is a pipe that nobody reads"):
        written(str(pipe))
    assert threading.active_count() == 1, "nobody waits for it any more"


def test_a_pipe_is_written_to_as_it_can_be_read(pipe: Path) -> None:
    content = b"x" * 2**20
    read: list[bytes] = []
    number = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(number, True)
    with written(str(pipe)) as target:
        reader = threading.Thread(target=lambda: read.extend(_chunks(number)))
        reader.start()
        target.write(content)
    reader.join()
    os.close(number)
    assert b"".join(read) == content


def _chunks(number: int) -> Iterator[bytes]:
    while chunk := os.read(number, 2**16):
        yield chunk


def test_what_is_read_is_not_written(tmp_path: Path) -> None:
    source, link = tmp_path / "grants.xml", tmp_path / "link"
    source.write_bytes(b"1")
    link.symlink_to(source)
    for name in (source, link):
        with pytest.raises(UnusableFile, match="it is read, too"):
            written(str(name), [tmp_path / "other", source])
    assert source.read_bytes() == b"1"
    with written(str(tmp_path / "new"), [source]) as new:
        new.write(b"2")
    assert stat.S_ISREG((tmp_path / "new").stat().st_mode)
    with pytest.raises(UnusableFile, match=f"^{tmp_path} cannot be used: Is a directory"):
        written(str(tmp_path))


def test_a_text_is_bounded(tmp_path: Path) -> None:
    file = tmp_path / "map.csv"
    file.write_text("质押", "utf-8")
    assert text(file, 6) == "质押"
    with pytest.raises(ValueError, match="it has more than 5 bytes"):
        text(file, 5)
    file.write_bytes(b"\xff")
    with pytest.raises(UnicodeDecodeError):
        text(file, 5)
