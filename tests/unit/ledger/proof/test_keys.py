"""Keys, signed notes and checkpoints."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.merkle.tree import Head
from ledger.proof.errors import BadKey, BadName, BadNote, KeyExists, KeyReadable
from ledger.proof.keys import generate_key, private_key, public_key
from ledger.proof.note import COSIGNS, SIGNS, Checkpoint, Signer, Verifier, opened_note, parsed
from ledger.settings import Settings
from tests.each_case import each_case

HEAD = Head(3, b"\x07" * 32)
KNOWN_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
KNOWN_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
"""The published example of signed notes (golang.org/x/mod/sumdb/note)."""


def test_a_private_key_is_its_owners_alone(tmp_path: Path) -> None:
    key = tmp_path / "key"
    verifier = generate_key(key, "a.example/log")
    assert key.stat().st_mode & 0o777 == 0o600
    assert public_key(tmp_path / "key.pub") == private_key(key).verifier == verifier
    for again in (key, tmp_path / "other"):
        (tmp_path / "other.pub").touch()
        with pytest.raises(KeyExists):
            generate_key(again, "a.example/log")
    key.chmod(0o640)
    with pytest.raises(KeyReadable, match="0640"):
        private_key(key)


def test_the_key_of_a_witness_signs_no_log(tmp_path: Path) -> None:
    generate_key(tmp_path / "mine", "w.example", witness=True)
    generate_key(tmp_path / "log", "a.example")
    assert private_key(tmp_path / "mine", COSIGNS).name == "w.example"
    for path, kind in ((tmp_path / "mine", SIGNS), (tmp_path / "log", COSIGNS)):
        with pytest.raises(BadKey, match="it is the key of a"):
            private_key(path, kind)
    with pytest.raises(BadKey, match="it is the key of a witness"):
        public_key(tmp_path / "mine.pub")


def test_no_setting_names_a_private_key() -> None:
    names = set(Settings.model_fields)
    assert {name for name in names if "key" in name} == {"ssl_keyfile", "ssl_key_password", "tls_keyfile", "reader_key"}
    assert {name for name in names if "audit" in name or "sign" in name} == set()


@pytest.mark.parametrize("name", ["", "a b", "a+b", "x" * 201])
def test_a_name_is_one_that_notes_can_have(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadName):
        generate_key(tmp_path / "key", name)


@pytest.mark.parametrize("text", ["", "PRIVATE+KEY+a+00000000+AAAA", "a+00000000+AAAA", "PRIVATE+KEY+a"])
def test_a_damaged_key_is_refused(tmp_path: Path, text: str) -> None:
    key = tmp_path / "key"
    key.write_text(text)
    key.chmod(0o600)
    with pytest.raises(BadKey):
        private_key(key)
    with pytest.raises(BadKey):
        public_key(key)
    with pytest.raises(BadKey):
        public_key(tmp_path / "missing")


def test_the_published_example_of_a_note_is_accepted() -> None:
    key = Verifier.parse(KNOWN_KEY)
    assert key.text == KNOWN_KEY
    text, line = KNOWN_NOTE.split("\n\n")
    signature = base64.b64decode(line.split()[-1])
    assert signature[:4] == key.id
    assert key.accepts(f"{text}\n", signature[4:])
    assert not key.accepts(f"{text}!\n", signature[4:])


def test_a_checkpoint_is_believed_only_with_its_key() -> None:
    log, other = (Signer("a.example", Ed25519PrivateKey.generate()) for _ in range(2))
    checkpoint = Checkpoint("a.example", HEAD)
    note = checkpoint.signed([log]).encode()
    assert opened_note(note, [other.verifier, log.verifier], "it") == parsed(note, "it") == checkpoint
    assert opened_note(checkpoint.signed([other, log]).encode(), [log.verifier], "it") == checkpoint
    changed = note.replace(b"\n3\n", b"\n4\n")
    forged = note.replace(base64.b64encode(log.verifier.id)[:4], base64.b64encode(other.verifier.id)[:4])
    for wrong, reason in ((changed, "is wrong"), (forged, "none of the given keys"), (note[:-1], "an empty line")):
        with pytest.raises(BadNote, match=reason):
            opened_note(wrong, [log.verifier], "it")
    with pytest.raises(BadNote, match="none of the given keys"):
        opened_note(note, [other.verifier], "it")


@each_case(
    "text", ["a\n03\nAAAA\n", "a\n3\nAAAA\n", "\n3\nAAAA\n", "a\n3\n", "a\n-1\nAAAA\n", "a\n3\n!\n", "a\x01\n3\nAAAA\n"]
)
def test_a_note_that_is_no_checkpoint_is_refused(text: str) -> None:
    log = Signer("a.example", Ed25519PrivateKey.generate())
    with pytest.raises(BadNote):
        opened_note(f"{text}\n{log.line(text)}".encode(), [log.verifier], "it")


def test_a_cosignature_has_the_time_and_another_kind_of_key() -> None:
    seer = Signer("w.example", Ed25519PrivateKey.generate(), COSIGNS)
    text = Checkpoint("a.example", HEAD).text
    signature = base64.b64decode(seer.line(text, 1_700_000_000).split()[-1])
    assert len(signature) == 4 + 8 + 64
    assert int.from_bytes(signature[4:12]) == 1_700_000_000
    assert seer.verifier.accepts(text, signature[4:])
    assert not seer.verifier.accepts(text, bytes(8) + signature[12:])
    assert not seer.verifier._replace(kind=1).accepts(text, signature[12:])
