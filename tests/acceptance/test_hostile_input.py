"""Endless or exploding files, in real processes: each command ends early, with a sentence and little memory."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import struct
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from ledger.book.book import Book
from ledger.book.sink import BookSink
from ledger.views import VIEWS
from schemas.catalogue import example_of
from streams.batch import Batch, Record
from tests import prefork
from tests.books import new_book
from tests.events import PLEDGE, partition, registered, value_of
from tests.processes import PATIENCE_SECONDS, PROGRAM, on_a_terminal, without_settings

MOST_MEMORY = 256 * 2**20
MEASURED = (
    """
import atexit, re
from pathlib import Path
import ledger.files
ledger.files._PATIENCE_SECONDS = 1.0
most = lambda: re.search("VmHWM:\\\\s*([0-9]+)", Path("/proc/self/status").read_text())[1]
atexit.register(lambda: Path("memory").write_text(most()))
"""
    + PROGRAM
)
"""A program that measures the memory of its child: RUSAGE_CHILDREN starts with the parent's own memory, so the parent
is small. Reading a pipe without a writer times out soon."""
EXAMPLE = json.dumps(example_of("ip.patent.granted.v1")).encode() + b"\n"
RAW = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
"""Characters that a terminal obeys or hides."""
OURS = re.compile("\x1b\\[[0-9;]*m|\x1b\\[\\?25[lh]|\r?\x1b\\[(?:2K|1A)|\r(?=\n)")
"""Control sequences of the ledger itself: colours, a progress bar, and the end of a row of CSV."""
HOSTILE = "\x1b]0;owned\x07\x9b2J\u202e\u2066[red]x[/red][/no]\r\n\u200b\U000e0041"


class Ended(NamedTuple):
    """The exit code, both outputs and the peak memory of a process."""

    code: int
    out: str
    err: str
    memory: int


def environment_of(where: Path) -> dict[str, str]:
    """Return an environment with only a book in that directory, and no broker."""
    return without_settings() | {"LEDGER_BOOK": str(where / "book.db"), "LEDGER_BROKER_DIR": str(where / "none")}


def run(*arguments: str, where: Path) -> Ended:
    """Run `ip-ledger ARGUMENTS` to its end."""
    code, out, err, memory = prefork.run(arguments, environment_of(where), where, b"", PATIENCE_SECONDS)
    return Ended(code, out, err, memory * 1024)


def run_alone(*arguments: str, given: Iterator[bytes] | None = None, where: Path) -> Ended:
    """Run `ip-ledger ARGUMENTS` to its end, with little patience; write `given` to its stdin while it reads."""
    files = [where / "stdout", where / "stderr"]
    with files[0].open("wb") as out, files[1].open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-c", MEASURED, *arguments],
            env=environment_of(where),
            cwd=where,
            stdin=subprocess.PIPE if given else subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            bufsize=0,
        )
        watch = threading.Timer(PATIENCE_SECONDS, process.kill)
        watch.start()
        if process.stdin and given:
            with suppress(BrokenPipeError), process.stdin:  # it may stop reading early
                process.stdin.writelines(given)
        process.wait()
        watch.cancel()
    printed = [file.read_bytes().decode() for file in files]
    return Ended(process.returncode, printed[0], printed[1], int((where / "memory").read_text()) * 1024)


def assert_modest(ended: Ended, code: int) -> None:
    assert ended.code == code, ended.err
    assert ended.memory < MOST_MEMORY
    assert "Traceback" not in ended.err
    assert not RAW.search(ended.out + ended.err)


# ---- publish


def test_a_line_of_more_than_a_gigabyte_is_refused_and_the_next_is_accepted(tmp_path: Path) -> None:
    def lines() -> Iterator[bytes]:
        yield EXAMPLE
        for _ in range(1400):
            yield b"x" * 1_000_000
        yield b"\n" + EXAMPLE

    ended = run_alone("publish", "-", "--dry-run", "--json", given=lines(), where=tmp_path)
    assert_modest(ended, 1)
    first, refused, last = map(json.loads, ended.out.splitlines())
    assert (first["line"], last["line"]) == (1, 3)
    assert refused["line"] == 2
    assert refused["refused"]["rule"] == "too_large"
    assert "1400000001 bytes" in refused["refused"]["message"]


def test_a_line_that_never_ends_is_given_up(tmp_path: Path) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"\0" * 2**20

    ended = run_alone("publish", "-", "--dry-run", given=endless(), where=tmp_path)
    assert_modest(ended, 65)
    assert "line 1: too_large: the event: the line does not end within" in ended.err


@pytest.mark.parametrize("arguments", [["publish", "--dry-run"], ["replay", "--book", "new.db", "--industry-map"]])
@pytest.mark.parametrize("kind", ["pipe", "/dev/zero", "/dev/urandom"])
def test_an_endless_device_is_no_input(kind: str, arguments: list[str], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    ended = (run_alone if kind == "pipe" else run)(*arguments, kind, where=tmp_path)
    assert_modest(ended, 2)
    assert ended.err.startswith(f"UnusableFile: {kind} cannot be used: it is a ")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"# version: 9.0.0\n" + b"A01,AI,,,base,x\n" * 500_000, "it has more than 4194304 bytes"),
        (b"# version: 9.0.0\n" + b"\n" * 4_000_000, "the columns must be"),
        (b"# version: 9.0.0\nprefix,industry,valid_from,valid_to,layer,source_ref\n" + b'"' + b"x" * 4_000_000, "line"),
        (b"\xff\xfe" * 100, "utf-8"),
    ],
    ids=range(4),
)
def test_an_exploding_map_is_no_map(content: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / "map.csv").write_bytes(content)
    ended = run("replay", "--book", "new.db", "--industry-map", "map.csv", where=tmp_path)
    assert_modest(ended, 65)
    assert ended.err.startswith("BadMap: ")
    assert reason in ended.err


@pytest.mark.parametrize("content", [b"\xff\xfe", b"LEDGER_BOOK=x\n" * 100_000])
def test_an_odd_file_of_settings_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(content)
    ended = run("status", where=tmp_path)
    assert_modest(ended, 2)
    assert ended.err.startswith("BadSetting: The setting .env cannot be used: ")


def test_a_pipe_instead_of_the_settings_file_blocks_no_command(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".env")
    ended = run("status", where=tmp_path)
    assert_modest(ended, 2)
    assert ended.err.startswith("BadSetting: The setting .env cannot be used: it is not a regular file")


def test_a_directory_instead_of_the_settings_file_is_ignored(tmp_path: Path) -> None:
    """Python environments use that name too."""
    (tmp_path / ".env").mkdir()
    assert run("views", "--json", where=tmp_path).code == 0


# ---- import

GRANTS, JSON = "uspto-grants", "uspto-assignments"
PROLOG = b'<?xml version="1.0"?>\n<us-patent-grant lang="EN">'
ODP = b'{"patentFileWrapperDataBag": ['
DEEP = b"[" * 2_000_000
PARTS = [b"<a/>" * 10_000_000, b"<a>x</a>y" * 3_000_000, b"<b c=''/>" * 3_000_000, b"x" * (40 * 2**20)]


def packed(content: bytes, how: int = zipfile.ZIP_DEFLATED, count: int = 1) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", how) as target:
        for number in range(count):
            target.writestr(f"{number}.xml", content)
    return archive.getvalue()


def shared(count: int) -> bytes:
    """Return an archive whose directory lists the bytes of one member very often."""
    whole = packed(PROLOG + b"\0" * 2**20)
    at = whole.index(b"PK\x01\x02")
    end = whole.index(b"PK\x05\x06")
    entry = whole[at:end]
    size, many = len(entry) * count, min(count, 0xFFFF)
    return whole[:at] + entry * count + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, many, many, size, at, 0)


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "gzip of zeros": (GRANTS, lambda: gzip.compress(PROLOG + b"\0" * 200_000_000)),
    "gzip of gzip": (GRANTS, lambda: gzip.compress(gzip.compress(b"\0" * 100_000_000))),
    "zip of zeros": (GRANTS, lambda: packed(PROLOG + b"\0" * 200_000_000)),
    "zip of many zeros": (GRANTS, lambda: packed(PROLOG + b"\0" * 30_000_000, count=20)),
    "zip of bzip2": (GRANTS, lambda: packed(PROLOG + b"\0" * 200_000_000, zipfile.ZIP_BZIP2)),
    "zip of lzma": (GRANTS, lambda: packed(PROLOG + b"\0" * 200_000_000, zipfile.ZIP_LZMA)),
    "zip in zip": (GRANTS, lambda: packed(packed(b"\0" * 100_000_000))),
    "zip of thousands": (GRANTS, lambda: packed(b"", count=40_000)),
    "zip of shared bytes": (GRANTS, lambda: shared(60_000)),
    "zip with a directory of 60 MB": (GRANTS, lambda: shared(1_200_000)),
    "xml of tags": (GRANTS, lambda: PROLOG + PARTS[0]),
    "xml of texts": (GRANTS, lambda: PROLOG + PARTS[1]),
    "xml of elements with attributes": (GRANTS, lambda: PROLOG + PARTS[2]),
    "xml of one text": (GRANTS, lambda: PROLOG + PARTS[3]),
    "xml just small enough": (GRANTS, lambda: PROLOG + b"<a/>x" * 499_000 + b"y z" * 9_000_000 + b"</us-patent-grant>"),
    "xml of attributes": (GRANTS, lambda: PROLOG + b"<a" + b"".join(b" b%d=''" % i for i in range(400_000)) + b"/>"),
    "xml that is deep": (GRANTS, lambda: PROLOG + b"<a>" * 400_000),
    "xml of entities": (
        GRANTS,
        lambda: (
            b"<?xml version='1.0'?><!DOCTYPE us-patent-grant [<!ENTITY a 'aaaaaaaaaa'>"
            + b"".join(b"<!ENTITY a%d '&a%d;&a%d;'>" % (i + 1, i, i) for i in range(40))
            + b"]>"
            + PROLOG[22:]
            + b"&a40;"
        ),
    ),
    "json that is deep": (JSON, lambda: ODP + DEEP),
    "json that is deep before": (JSON, lambda: b'{"a": ' + DEEP + b', "patentFileWrapperDataBag": []}'),
    "json of lists": (JSON, lambda: ODP + b'{"a": [' + b"[]," * 10_000_000),
    "json of numbers": (JSON, lambda: ODP + b'{"a": [' + b"1e5," * 8_000_000),
    "json of colons": (JSON, lambda: b'{"a"' + b":" * 10_000_000),
    "json of one number": (JSON, lambda: ODP + b'{"a": ' + b"9" * 50_000_000 + b"}]}"),
    "json of a number of 20,000 digits": (JSON, lambda: ODP + b'{"applicationNumberText": ' + b"9" * 20_000 + b"}]}"),
    "json of one text": (JSON, lambda: ODP + b'{"a": "' + b"\\\\" * 30_000_000),
    "json just small enough": (JSON, lambda: ODP + b'{"a": [' + b"{}," * 160_000 + b'"' + b"x" * 33_000_000 + b'"]}]}'),
    "csv of one line": ("ecb-rates", lambda: b"Date, USD\n" + b"x" * 200_000_000),
    "csv of one row": ("ecb-rates", lambda: b"Date, USD\n" + b'"\n",' * 20_000_000),
}
"""Name -> kind of import, content. A large one has the smallest size that does harm."""


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_ends_with_an_error_sentence(bomb: str, tmp_path: Path) -> None:
    kind, content = BOMBS[bomb]
    (tmp_path / "bomb").write_bytes(content())
    ended = run("import", kind, "bomb", "--to", "out.ndjson", "--json", where=tmp_path)
    assert_modest(ended, 65)
    report = json.loads(ended.out)
    assert report["made"]["events"] == 0
    assert any(rule["fault"] for rule in report["skipped"])


@pytest.mark.parametrize("kind", ["pipe", "/dev/zero", "."])
def test_a_path_that_is_not_a_file_is_not_imported(kind: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    ended = run("import", GRANTS, kind, "--to", "out.ndjson", where=tmp_path)
    assert_modest(ended, 65)
    assert "it is a directory, a pipe or a device, not a file" in ended.err


def test_an_input_file_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "grants.xml").write_bytes(PROLOG)
    os.mkfifo(tmp_path / "pipe")
    for arguments in (
        ["--to", "grants.xml"],
        ["--skipped", "grants.xml"],
        ["--to", "x", "--skipped", "x"],
        ["--to", "pipe"],
    ):
        ended = run("import", GRANTS, "grants.xml", "--dry-run", *arguments, where=tmp_path)
        assert_modest(ended, 2)
        assert ended.err.startswith("UnusableFile: ")
    assert (tmp_path / "grants.xml").read_bytes() == PROLOG


# ---- output


def shown_by(*arguments: bytes | str, where: Path) -> str:
    """Return the output of `ip-ledger ARGUMENTS` on a terminal of 80 columns, without colours, bars and line ends."""
    shown = on_a_terminal(*arguments, environment=environment_of(where), where=where)
    return OURS.sub("", shown.out)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of a book whose records contain everything that a terminal could obey."""
    where = tmp_path_factory.mktemp("hostile")
    new_book(where / "book.db")
    values = [
        value_of(registered("r1")),
        HOSTILE.encode(),
        b"\xff\x1b[2J",
        b'{"a":"\xc2\x9b"}',
        value_of(registered("r2")),
        b"=1+1",
    ]
    keys = [b"P1", HOSTILE.encode(), b"\x9b", b"@SUM(1)", HOSTILE.encode(), b"-1+1"]
    records = [Record(offset, offset, key, value) for offset, (key, value) in enumerate(zip(keys, values, strict=True))]
    with Book(where / "book.db", writable=True) as book:
        BookSink(book).post(Batch(PLEDGE, partition("P1"), 0, len(records), records))
    return where


QUESTIONS = [
    ["totals"],
    ["rejections"],
    ["status"],
    *(["view", name] for name in ("rejections", "journal", "statements")),
    ["view", "rejections", "--columns", "key,value,arguments,headers"],
]


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
@pytest.mark.parametrize("form", ["", "--table", "--json", "--csv", "--excel"])
def test_no_content_of_a_record_controls_the_terminal(question: list[str], form: str, hostile: Path) -> None:
    arguments = ["rejections", "list"] if question == ["rejections"] else question
    shown = shown_by(*arguments, *filter(None, [form]), where=hostile)
    assert not RAW.search(shown.removeprefix("\ufeff" if form == "--excel" else ""))
    assert "Traceback" not in shown
    brief = arguments == ["view", "rejections"] and form in ("", "--table")  # bytes give way on 80 columns
    if "rejections" in arguments and not brief:
        assert r"\u009b" in re.sub(r"\s", "", shown), "a table may fold it"


def test_no_command_line_argument_controls_the_terminal(hostile: Path) -> None:
    word = HOSTILE.replace("\0", "").encode() + b"\xff"
    for arguments in (
        [word],
        ["publish", word],
        ["import", word, word],
        ["view", word],
        ["view", "journal", "--where", word],
        ["import", GRANTS, word, "--dry-run"],
        ["totals", "--kind", word],
        ["--" + "x", word],
        ["compare", word, word],
    ):
        shown = shown_by(*arguments, where=hostile)
        assert not RAW.search(shown), arguments
        assert "Traceback" not in shown
        assert r"\u202e" in shown or "--x" in shown


def test_every_view_prints_all_its_rows_for_spreadsheets(hostile: Path) -> None:
    assert "rejections" in VIEWS
    ended = run("view", "rejections", "--excel", where=hostile)
    assert ended.out.startswith("\ufefftopic,")
    cells = re.findall(r"(?m)(?:^|,)\"?('?[=+@-][^,\"]*)", ended.out)
    assert cells
    assert all(cell.startswith("'") for cell in cells), cells
