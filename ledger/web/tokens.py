"""The file of tokens: one on a line, its name, its scopes and its SHA-256. The tokens themselves are kept nowhere."""

from __future__ import annotations

import hashlib
import re
import secrets
from pathlib import Path
from threading import Lock

from ledger.web.scopes import SCOPES
from schemas.errors import UsageError

_LINE = re.compile(r"(?P<name>[A-Za-z0-9._@-]{1,64})\s+(?P<scopes>[a-z:,]+)\s+(?P<hash>[0-9a-f]{64})").fullmatch
_LARGEST = 2**20


class BadTokens(UsageError):
    """The file of tokens {path} cannot be used: {reason}. `ip-ledger token NAME --scopes A,B` prints a line for it."""

    http_status = 503


class TokenFile:
    """Reads the file again when it changes, so that a token can be withdrawn at any time."""

    def __init__(self, path: Path) -> None:
        """Raise BadTokens."""
        self._path = path
        self._lock = Lock()
        self._stamp: tuple[int, int, int] | None = None
        self._holders: dict[str, tuple[str, frozenset[str]]] = {}
        self.holder("")

    def holder(self, digest: str) -> tuple[str, frozenset[str]] | None:
        """Return name and scopes of the token with this hash; None if there is none. Raise BadTokens."""
        with self._lock:
            try:
                found = self._path.stat()
                stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
                if stamp != self._stamp:
                    if found.st_size > _LARGEST:
                        raise BadTokens(path=self._path, reason="it is larger than 1 MiB")
                    self._holders = dict(map(self._parsed, self._lines()))
                    self._stamp = stamp
            except (OSError, UnicodeDecodeError) as error:
                raise BadTokens(path=self._path, reason=error) from error
            return self._holders.get(digest)

    def _lines(self) -> list[tuple[int, str]]:
        lines = enumerate(self._path.read_text("utf-8").splitlines(), start=1)
        return [(number, line.strip()) for number, line in lines if line.strip() and not line.lstrip().startswith("#")]

    def _parsed(self, numbered: tuple[int, str]) -> tuple[str, tuple[str, frozenset[str]]]:
        number, line = numbered
        found = _LINE(line)
        if found is None:
            raise BadTokens(path=self._path, reason=f"line {number} is not NAME SCOPE,SCOPE SHA-256")
        return found["hash"], (found["name"], known_scopes(found["scopes"], f"{self._path}, line {number}"))


def known_scopes(text: str, where: str) -> frozenset[str]:
    """Return the scopes in a list. Raise BadTokens."""
    scopes = frozenset(filter(None, text.split(",")))
    if unknown := sorted(scopes - SCOPES.keys()):
        raise BadTokens(path=where, reason=f"there is no scope {unknown[0]!r}, only {', '.join(SCOPES)}")
    return scopes


def new_token(name: str, scopes: str) -> tuple[str, str]:
    """Return a new token, and its line for the file. Raise BadTokens."""
    token = f"ipl_{secrets.token_urlsafe(32)}"
    line = f"{name} {','.join(sorted(known_scopes(scopes, name)))} {hashlib.sha256(token.encode()).hexdigest()}"
    if _LINE(line) is None:
        raise BadTokens(path=name, reason="a name has 1 to 64 letters, digits and . _ @ -, and there is a scope")
    return token, line
