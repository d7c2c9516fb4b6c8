"""Keys in files: only its owner can read the private key; everybody can read the public one, next to it."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.proof.errors import BadKey, KeyExists, KeyReadable
from ledger.proof.note import COSIGNS, SIGNS, Signer, Verifier, require_name
from streams.files import regular

_LARGEST = 4096
_PRIVATE = "PRIVATE+KEY+"
_OTHERS = 0o077


def generate_key(path: Path, name: str, *, witness: bool = False) -> Verifier:
    """Write a new private key (mode 0600), and its public key to `path`.pub. Return the public key.

    Raise BadName, KeyExists, BadKey.
    """
    require_name(name)
    kind = COSIGNS if witness else SIGNS
    private = Ed25519PrivateKey.generate()
    verifier = Signer(name, private, kind).verifier
    secret = base64.b64encode(bytes([kind]) + private.private_bytes_raw()).decode()
    public = path.with_name(f"{path.name}.pub")
    for file, text, mode in (
        (path, f"{_PRIVATE}{name}+{verifier.id.hex()}+{secret}\n", 0o600),
        (public, f"{verifier.text}\n", 0o644),
    ):
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        except FileExistsError as error:
            raise KeyExists(path=file) from error
        except OSError as error:
            raise BadKey(path=file, reason=error.strerror) from error
        with os.fdopen(descriptor, "w") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
    return verifier


def private_key(path: Path, kind: int = SIGNS) -> Signer:
    """Return the private key in a file, of a log or of a witness. Raise BadKey, KeyReadable."""
    text = _text(path)
    mode = path.stat().st_mode & 0o777
    if mode & _OTHERS:
        raise KeyReadable(path=path, mode=f"{mode:04o}")
    try:
        if not text.startswith(_PRIVATE):
            raise ValueError("it is not a private key")
        name, given, encoded = text.removeprefix(_PRIVATE).split("+", 2)
        key = base64.b64decode(encoded, validate=True)
        signer = Signer(name, Ed25519PrivateKey.from_private_bytes(key[1:]), key[0], path.resolve())
        if signer.verifier.id.hex() != given:
            raise ValueError("its id is not that of its name and key")
        _require_kind(signer.verifier, kind)
    except (ValueError, IndexError) as error:
        raise BadKey(path=path, reason=error) from error
    return signer


def public_key(path: Path) -> Verifier:
    """Return the public key of a log in a file. Raise BadKey."""
    try:
        verifier = Verifier.parse(_text(path))
        _require_kind(verifier, SIGNS)
        return verifier
    except ValueError as error:
        raise BadKey(path=path, reason=error) from error


def _require_kind(verifier: Verifier, kind: int) -> None:
    if verifier.kind != kind:
        raise ValueError("it is the key of a log" if kind == COSIGNS else "it is the key of a witness")


def _text(path: Path) -> str:
    try:
        return regular(path, _LARGEST).decode().strip()
    except (OSError, ValueError) as error:
        raise BadKey(path=path, reason=error) from error
