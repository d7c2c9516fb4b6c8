"""A witness: it accepts a log that goes on, and refuses every other one, with both heads."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ledger.book.book import Book
from ledger.proof.errors import BadNote, ExportDiffers, ForkSeen, KeySignedOther, LogUnreadable, PublishedOther
from ledger.proof.export import export
from ledger.proof.keys import generate_key, private_key
from ledger.proof.memory import memory_path
from ledger.proof.note import COSIGNS, opened_note
from ledger.proof.published import Published
from ledger.proof.signing import sign
from ledger.proof.witness import Witnessed, witness
from tests.acceptance.fault import Fault
from tests.unit.ledger.proof.conftest import Ledger

pytestmark = pytest.mark.slow

See = Callable[[], Witnessed]


@pytest.fixture
def see(signed: Ledger) -> See:
    """Return a function that exports to one directory, without what was there, and lets one witness look at it."""

    def seen() -> Witnessed:
        directory = signed.path.with_name("export")
        shutil.rmtree(directory, ignore_errors=True)
        export(signed.path, signed.audit, directory)
        return witness(Published(str(directory)), [signed.public], signed.path.with_name("seen"), None)

    return seen


def test_a_log_that_goes_on_is_accepted(signed: Ledger, see: See) -> None:
    assert see().before is None
    for start in range(600, 900, 100):
        signed.grow(start, start + 100)
        signed.sign()
        found = see()
        assert found.before is not None
        assert found.checkpoint.head.size == found.before.head.size + 1
    assert see().before == found.checkpoint


def test_a_witness_cosigns(signed: Ledger, see: See, tmp_path: Path) -> None:
    see()
    mine = generate_key(tmp_path / "mine", "witness.example", witness=True)
    source = Published(str(tmp_path / "export"))
    note = witness(source, [signed.public], tmp_path / "seen", private_key(tmp_path / "mine", COSIGNS)).note
    assert opened_note(note.encode(), [mine], "it") == opened_note(note.encode(), [signed.public], "it")
    assert (tmp_path / "seen").read_text() == note


def test_yesterdays_backup_is_refused(signed: Ledger, see: See, fault: Fault) -> None:
    """Yesterday's book and file of checkpoints restored, then signed on"""
    for file in (signed.path, signed.audit):
        shutil.copy(file, file.with_name(f"{file.name}.yesterday"))
    signed.grow(600, 700)
    signed.sign()
    kept = see().note
    for file in (signed.path, signed.audit):
        shutil.copy(file.with_name(f"{file.name}.yesterday"), file)
    with pytest.raises(ForkSeen, match=r"reset.*Seen before: 2 statements, root .*Offered now: 1 statements, root "):
        see()
    signed.grow(600, 800)
    with pytest.raises(KeySignedOther, match="only 1 statements"):
        signed.sign()
    memory_path(signed.key).unlink()  # what the key remembers is lost, too
    with pytest.raises(PublishedOther, match="only 1 statements"):
        sign(signed.path, signed.audit, [signed.signer], published=opened_note(kept.encode(), [signed.public], "it"))
    signed.sign()
    with pytest.raises(ForkSeen, match="two logs of the same size"):
        see()
    signed.grow(800, 900)
    signed.sign()
    with pytest.raises(ForkSeen, match="does not begin with the earlier one"):
        see()
    assert signed.path.with_name("seen").read_text() == kept
    fault.ended("refused by a witness: `ForkSeen`", 3)


def test_a_log_and_a_book_that_were_rewritten_together_are_refused(
    signed: Ledger, see: See, tmp_path: Path, fault: Fault
) -> None:
    """Log and book rewritten together, and signed by a changed program"""
    see()
    (tmp_path / "other").mkdir()
    other = Ledger(tmp_path / "other" / "book.db")
    other.grow(1, 900)
    with pytest.MonkeyPatch.context() as patched:
        for check in ("_require_continues", "require_totals"):
            patched.setattr(f"ledger.proof.signing.{check}", lambda *known, **more: None)
        sign(other.path, signed.audit, [signed.signer])
    shutil.copy(other.path, signed.path)
    with pytest.raises(ForkSeen, match=r"has another history|is shorter than before"):
        see()
    fault.ended("refused by a witness: `ForkSeen`", 1)


def test_two_writers_are_noticed(signed: Ledger, see: See, fault: Fault) -> None:
    """Two signers with one key, each with a file of checkpoints"""
    second = signed.path.with_name("second.audit")
    shutil.copy(signed.audit, second)
    copied = Path(shutil.copy(signed.key, signed.path.with_name("copied")))
    published = Published(str(signed.path.with_name("export")))
    assert published.known([signed.public]) is None
    signed.grow(600, 700)
    signed.sign()
    see()
    signed.grow(700, 800)
    with pytest.raises(KeySignedOther):
        sign(signed.path, second, [signed.signer])
    with pytest.raises(PublishedOther, match=r"published 2 statements .* has only 1 statements"):
        sign(signed.path, second, [private_key(copied)], published=published.known([signed.public]))
    sign(signed.path, second, [private_key(copied)])  # on a second machine, whose key remembers nothing
    with pytest.raises(ExportDiffers):
        export(signed.path, second, signed.path.with_name("export"))
    with pytest.raises(PublishedOther, match=r"the file of checkpoints has [0-9a-f]{64}\. Nothing"):
        sign(signed.path, second, [private_key(copied)], published=published.known([signed.public]))
    sign(signed.path, signed.audit, [signed.signer], published=published.known([signed.public]))  # continues its own
    shutil.copy(second, signed.audit)
    with pytest.raises(ForkSeen, match="two logs of the same size"):
        see()
    fault.ended("refused by a witness: `ForkSeen`", 1)


def test_a_change_of_version_is_accepted_and_mentioned(
    signed: Ledger, see: See, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not see().other_version
    signed.run("UPDATE meta SET value = '9' WHERE name = 'fold_version'")
    monkeypatch.setattr(Book, "require_own_version", lambda book: None)
    sign(signed.path, signed.audit, [signed.signer], other_version=True)
    assert see().other_version
    assert not see().other_version


@pytest.mark.parametrize("damage", ["checkpoint", "tile", "entries", "partition"])
def test_a_damaged_export_is_refused(signed: Ledger, see: See, damage: str) -> None:
    see()
    signed.grow(600, 700)
    signed.sign()
    directory = signed.path.with_name("export")
    export(signed.path, signed.audit, directory)
    file = {
        "checkpoint": directory / "checkpoint",
        "tile": directory / "tile/0/000.p/2",
        "entries": directory / "tile/entries/000.p/2",
        "partition": next(directory.glob("v7/ip.patent.v1/0/tile/0/000*/*"), directory),
    }[damage]
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 1
    for newest in file.parent.iterdir() if damage == "partition" else [file]:
        newest.write_bytes(bytes(content))
    source = Published(str(directory))
    with pytest.raises(BadNote):
        witness(source, [signed.public], signed.path.with_name("seen"), None)
    with pytest.raises(BadNote, match="not of the master log"):
        witness(Published(f"{directory}/v7/ip.patent.v1/0"), [signed.public], signed.path.with_name("seen"), None)
    shutil.rmtree(directory)
    with pytest.raises(LogUnreadable):
        witness(source, [signed.public], signed.path.with_name("seen"), None)


@pytest.fixture
def address(signed: Ledger) -> Iterator[str]:
    """Serve the export by a plain web server."""
    directory = signed.path.with_name("export")
    export(signed.path, signed.audit, directory)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(directory))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Log nothing."""


def test_any_web_server_will_do(signed: Ledger, address: str) -> None:
    seen = signed.path.with_name("seen")
    assert witness(Published(address), [signed.public], seen, None).checkpoint.head.size == 1
    with pytest.raises(LogUnreadable, match="404"):
        witness(Published(f"{address}/elsewhere"), [signed.public], seen, None)
    assert Published(address).known([signed.public]) is not None
    assert Published(f"{address}/elsewhere").known([signed.public]) is None
    with pytest.raises(LogUnreadable):  # not an address where nothing is published yet
        Published("http://127.0.0.1:1").known([signed.public])
