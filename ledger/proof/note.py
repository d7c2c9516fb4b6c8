"""Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature), with Ed25519."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.merkle.hashes import HASH_BYTES
from ledger.merkle.tree import Head
from ledger.proof.errors import BadName, BadNote

SIGNS, COSIGNS = 1, 4
"""Kinds of signatures: of a log, and of a witness with a time."""
_LARGEST = 1 << 16
"""Bytes of the largest note that is read."""
_NAME = re.compile(r"[^\s+]{1,200}")
_SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class Verifier(NamedTuple):
    """A public key: its name, and whether it is that of a log or of a witness."""

    name: str
    public: bytes
    kind: int = SIGNS

    @property
    def id(self) -> bytes:
        """The first bytes of its signatures."""
        return sha256(f"{self.name}\n".encode() + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """The key as text: name, id and key, with a plus between them."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the key in a text. Raise ValueError."""
        name, _, rest = text.strip().partition("+")
        given, _, encoded = rest.partition("+")
        key = base64.b64decode(encoded, validate=True)
        if len(key) != 1 + HASH_BYTES or key[0] not in (SIGNS, COSIGNS) or not _NAME.fullmatch(name):
            raise ValueError("it is not name+id+key of an Ed25519 key")
        found = cls(name, key[1:], key[0])
        if found.id.hex() != given:
            raise ValueError("its id is not that of its name and key")
        return found

    def accepts(self, text: str, signature: bytes) -> bool:
        """Return whether this key made the signature of a note's text."""
        message = text.encode()
        if self.kind == COSIGNS:
            message = _cosigned(text, int.from_bytes(signature[:8]))
            signature = signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


class Signer:
    """A private key with a name."""

    def __init__(self, name: str, private: Ed25519PrivateKey, kind: int = SIGNS, path: Path | None = None) -> None:
        """Take a key from the file `path`, or from memory alone (None)."""
        self._private, self.path = private, path
        self.verifier = Verifier(name, private.public_key().public_bytes_raw(), kind)

    @property
    def name(self) -> str:
        """The name in its signatures."""
        return self.verifier.name

    def line(self, text: str, seconds: int = 0) -> str:
        """Return the signature line of a note's text; a witness adds the time, in seconds since 1970."""
        if self.verifier.kind == COSIGNS:
            signature = seconds.to_bytes(8) + self._private.sign(_cosigned(text, seconds))
        else:
            signature = self._private.sign(text.encode())
        return f"— {self.name} {base64.b64encode(self.verifier.id + signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head with the name of its log."""

    origin: str
    head: Head

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.head.size}\n{base64.b64encode(self.head.root).decode()}\n"

    def signed(self, signers: Iterable[Signer]) -> str:
        """Return the note."""
        return f"{self.text}\n{''.join(signer.line(self.text) for signer in signers)}"

    def __str__(self) -> str:
        return f"{self.head.size} statements, root {base64.b64encode(self.head.root).decode()}"


def parsed(note: bytes, what: object) -> Checkpoint:
    """Return the checkpoint in a note of one's own, whose signatures are not looked at. Raise BadNote."""
    try:
        return _checkpoint(_parts(note)[0])
    except (ValueError, binascii.Error) as error:
        raise BadNote(what=what, reason=error) from error


def opened_note(note: bytes, keys: Iterable[Verifier], what: object) -> Checkpoint:
    """Return the checkpoint in a note that one of the keys signed. Raise BadNote."""
    try:
        text, signatures = _parts(note)
        checkpoint = _checkpoint(text)
    except (ValueError, binascii.Error) as error:
        raise BadNote(what=what, reason=error) from error
    known = {(key.name, key.id): key for key in keys}
    good = False
    for name, signature in signatures:
        key = known.get((name, signature[:4]))
        if key is None:
            continue
        if not key.accepts(text, signature[4:]):
            raise BadNote(what=what, reason=f"the signature of {name} is wrong")
        good = True
    if not good:
        raise BadNote(what=what, reason="none of the given keys signed it")
    return checkpoint


def require_name(name: str) -> None:
    """Raise BadName if a text cannot be the name of a key."""
    if not _NAME.fullmatch(name):
        raise BadName(name=name)


def _parts(note: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    if len(note) > _LARGEST:
        raise ValueError("it is too long")
    whole = note.decode()
    text, blank, rest = whole.rpartition("\n\n")
    if not blank or not rest.endswith("\n") or any(ord(sign) < 32 and sign != "\n" for sign in whole):
        raise ValueError("it is not a text, an empty line and signatures")
    signatures = []
    for line in rest.splitlines():
        found = _SIGNATURE.fullmatch(line)
        if found is None:
            raise ValueError("a signature line has another form")
        signatures.append((found[1], base64.b64decode(found[2], validate=True)))
    return f"{text}\n", signatures


def _checkpoint(text: str) -> Checkpoint:
    lines = text.split("\n")
    if len(lines) < 4 or not all(lines[:3]) or not _SIZE.fullmatch(lines[1]):
        raise ValueError("it is not a name, a size and a root")
    root = base64.b64decode(lines[2], validate=True)
    if len(root) != HASH_BYTES:
        raise ValueError("its root is no SHA-256")
    return Checkpoint(lines[0], Head(int(lines[1]), root))


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
