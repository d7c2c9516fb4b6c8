"""Authentication of brokers and clients: a client's TLS context, and the principal that the brokers see."""

from __future__ import annotations

import ssl

from schemas.errors import UsageError
from streams.files import regular

LARGEST_PEM = 16 * 2**20
"""Maximum bytes of a file of certificates or keys; all authorities of a system take about 250,000."""


class SecurityFileUnusable(UsageError):
    """The file {path}, set in {setting}, cannot be used: {reason}. Correct {remedy}."""


def context(
    cafile: str | None, certfile: str | None = None, keyfile: str | None = None, key_password: str | None = None
) -> ssl.SSLContext:
    """Return a context that verifies the brokers' certificates against `cafile` (default: the system's authorities) and
    presents the client's own certificate, if set.

    The key may be in the certificate's file. Raise SecurityFileUnusable.
    """
    made = _trusting(cafile)
    if certfile is not None:
        _show(made, certfile, keyfile or certfile, key_password or "")  # without a password OpenSSL prompts for it
    return made


def _trusting(cafile: str | None) -> ssl.SSLContext:
    if cafile is not None:
        _text("LEDGER_SSL_CAFILE", cafile)
    try:
        return ssl.create_default_context(cafile=cafile)
    except ssl.SSLError as error:
        reason = f"it contains no certificate in PEM format ({error.reason or error})"
        raise _unusable("LEDGER_SSL_CAFILE", cafile, reason) from error


def _show(made: ssl.SSLContext, certfile: str, keyfile: str, key_password: str) -> None:
    key_setting = "LEDGER_SSL_CERTFILE" if keyfile == certfile else "LEDGER_SSL_KEYFILE"
    certificates, key = _text("LEDGER_SSL_CERTFILE", certfile), _text(key_setting, keyfile)
    if "-----BEGIN CERTIFICATE-----" not in certificates:
        raise _unusable("LEDGER_SSL_CERTFILE", certfile, "it contains no certificate in PEM format")
    if "PRIVATE KEY-----" not in key:
        remedy = "it, or set LEDGER_SSL_KEYFILE to the private key's file"
        raise _unusable(key_setting, keyfile, "it contains no private key in PEM format", remedy)
    try:
        made.load_cert_chain(certfile, keyfile, key_password)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            reason = f"its private key does not belong to the certificate in {certfile}"
            raise _unusable(key_setting, keyfile, reason, "LEDGER_SSL_KEYFILE or LEDGER_SSL_CERTFILE") from error
        if "ENCRYPTED" in key:
            reason = "its private key is encrypted, and LEDGER_SSL_KEY_PASSWORD does not decrypt it"
            raise _unusable(key_setting, keyfile, reason, "LEDGER_SSL_KEY_PASSWORD") from error
        raise _unusable(key_setting, keyfile, f"OpenSSL cannot load certificate and key ({error})") from error


def pem(path: str) -> str:
    """Return the content of a file of certificates or keys. Raise OSError, ValueError."""
    return regular(path, LARGEST_PEM).decode("latin-1")


def _text(setting: str, path: str) -> str:
    try:
        return pem(path)
    except OSError as error:
        raise _unusable(setting, path, error.strerror or str(error)) from error
    except ValueError as error:
        raise _unusable(setting, path, str(error)) from error


def _unusable(setting: str, path: str | None, reason: str, remedy: str = "it") -> SecurityFileUnusable:
    return SecurityFileUnusable(setting=setting, path=path, reason=reason, remedy=remedy)
