"""The content of packed files: bombs end early, and a bad member does not affect the others."""

from __future__ import annotations

import gzip
import os
import struct
import zipfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from streams.sources import packed
from streams.sources.files import head_of
from streams.sources.formats import LINE, Format, begins
from streams.sources.packed import FAULTS, packed_files
from streams.sources.reading import Reading
from streams.sources.results import Skipped, SkipReason

pytestmark = pytest.mark.slow

GOOD = b"one\ntwo\n"
LINES = Format("lines", begins(b"one|x|\\0"), LINE, lambda content: iter([content]))


def read(path: Path) -> tuple[int, list[Skipped]]:
    """Return the number of lines and the skipped parts."""
    found = list(Reading([path]).found([LINES]))
    bad = [each for each in found if isinstance(each, Skipped)]
    return len(found) - len(bad), bad


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "week.zip"


def archived(path: Path, *contents: bytes, how: int = zipfile.ZIP_DEFLATED) -> bytearray:
    with zipfile.ZipFile(path, "w", how) as archive:
        for number, content in enumerate(contents, start=1):
            archive.writestr(f"{number}.txt", content)
    return bytearray(path.read_bytes())


def test_each_member_of_an_archive_is_a_file(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("inside")
        archive.writestr("inside/a.txt", GOOD)
        archive.writestr("b.txt", b"three")
    with ExitStack() as stack:
        found = {
            member.name: head_of(member) for member in packed_files(path, stack) if not isinstance(member, Skipped)
        }
    assert found == {f"{path}/inside/a.txt": GOOD, f"{path}/b.txt": b"three"}


def test_a_broken_archive_is_a_fault_of_the_file(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04 and no more")
    with ExitStack() as stack, pytest.raises(FAULTS):
        list(packed_files(path, stack))


def encrypted(content: bytearray) -> None:
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1


def of_unknown_compression(content: bytearray) -> None:
    for signature, method in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        content[content.index(signature) + method] = zipfile.ZIP_BZIP2


def with_a_wrong_sum(content: bytearray) -> None:
    for signature, distance in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        content[content.index(signature) + distance] ^= 1


def with_another_name_inside(content: bytearray) -> None:
    content[content.index(b"1.txt")] ^= 1


def with_spoilt_bytes(content: bytearray) -> None:
    content[content.index(b"1.txt") + 5] ^= 0xFF


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (encrypted, "encrypted"),
        (of_unknown_compression, "its compression method is not supported"),
        (with_a_wrong_sum, "Bad CRC-32"),
        (with_another_name_inside, "differ"),
        (with_spoilt_bytes, "invalid"),
    ],
)
def test_a_bad_member_does_not_affect_the_others(spoil: object, reason: str, path: Path) -> None:
    content = archived(path, GOOD * 1000, GOOD)
    assert callable(spoil)
    spoil(content)
    path.write_bytes(content)
    found, (bad,) = read(path)
    assert found % 2000 == 2
    assert (bad.file, bad.rule) == (f"{path}/1.txt", SkipReason.UNREADABLE_FILE)
    assert reason in bad.reason


def test_members_that_share_their_bytes_are_refused(path: Path) -> None:
    """As in David Fifield's bombs, each directory entry points to the first member's bytes."""
    content = archived(path, GOOD, GOOD)
    second = content.rindex(b"PK\x01\x02")
    content[second + 42 : second + 46] = struct.pack("<I", 0)
    path.write_bytes(content)
    _, bad = read(path)
    assert [each.rule for each in bad][-1] is SkipReason.UNREADABLE_FILE


@pytest.mark.parametrize("how", ["zip", "gzip"])
def test_a_bomb_ends_early(how: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "FREE_UNPACKED", 2**20)
    bomb = b"x" * 100 + b"\0" * 2**24
    if how == "zip":
        archived(path, GOOD, *[bomb] * 5)
    else:
        path.write_bytes(gzip.compress(bomb))
    found, bad = read(path)
    assert found == (3 if how == "zip" else 0), "the first one still fits"
    assert len(bad) == 1, "nothing is unpacked after it"
    assert bad[0].reason == "cannot be read further: it unpacks to more than 200 times its bytes"


def test_an_offices_archive_is_not_a_bomb(path: Path) -> None:
    archived(path, *[GOOD * 1000] * 20)
    assert read(path) == (40_000, [])


def test_an_archive_in_an_archive_is_named(path: Path) -> None:
    inner = bytes(archived(path, GOOD))
    archived(path, inner, gzip.compress(GOOD), GOOD)
    found, bad = read(path)
    assert found == 2
    assert [each.reason for each in bad] == ["it is packed twice: unpack it once, and import what is in it"] * 2


def test_a_directory_of_very_many_members_is_not_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archived(path, *[b"1"] * 1000)
    monkeypatch.setattr(packed, "LARGEST_DIRECTORY", 40_000)
    found, (bad,) = read(path)
    assert (found, bad.file) == (0, str(path))
    assert bad.reason == "cannot be read further: its directory has more than 40000 bytes"


@pytest.mark.parametrize("kind", ["pipe", "directory", "device"])
def test_special_files_are_not_opened(kind: str, path: Path) -> None:
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "directory":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero")
    _, (bad,) = read(path)
    assert bad.rule is SkipReason.UNREADABLE_FILE
    assert bad.reason == "cannot be read further: it is a directory, a pipe or a device, not a file"


def test_names_are_printable(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\x1b[2J.zip"))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../etc/\x9b\u202e\x1b]0;x\x07" + "y" * 1000, GOOD)
    with ExitStack() as stack:
        (member,) = packed_files(path, stack)
    assert not isinstance(member, Skipped)
    member.name.encode()
    assert member.name.startswith(str(tmp_path) + r"/\xff" + "\x1b[2J.zip/../../etc/\x9b\u202e\x1b]0;x\x07")
    assert len(member.name) < len(str(tmp_path)) + 300
