"""Find out why a broker rejects us: one test connection, step by step. Client libraries give one reason for many
causes, or none."""

from __future__ import annotations

import re
import socket
import ssl
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from streams.rights import valid_until
from streams.security import pem

_ALERT_SECONDS = 1.0
"""A broker that rejects our certificate sends an alert within this time, before we have sent anything."""
_SASL_HANDSHAKE, _VERSION, _CORRELATION = 17, 1, 1
_NO_SASL_HERE, _OTHER_MECHANISM = 34, 33
"""Error codes of the Kafka protocol: ILLEGAL_SASL_STATE, UNSUPPORTED_SASL_MECHANISM."""
_EXPIRED, _NOT_YET, _UNTRUSTED, _OTHER_NAME = (10,), (9,), (2, 18, 19, 20, 21), (62, 64)
"""Certificate errors of OpenSSL, x509_vfy.h."""


class ClientSecurity(NamedTuple):
    """The security settings of this client: the protocol, the files, the TLS context (None for a protocol without TLS),
    and the timeout of a step in seconds."""

    protocol: str
    mechanism: str | None
    cafile: str | None
    certfile: str | None
    context: ssl.SSLContext | None
    seconds: float

    @property
    def sasl(self) -> bool:
        """True if this client sends a password."""
        return self.protocol.startswith("SASL")


class Mismatch(NamedTuple):
    """The reason why a broker rejects us, and the next step."""

    address: str
    reason: str
    next_step: str


class _NoAnswer(Exception):
    """No valid Kafka response came."""


def check_broker(brokers: str, reason: str, ours: ClientSecurity) -> Mismatch | str | None:
    """Return why the first reachable broker rejects us.

    `reason` is a client library's error, which may name the broker. Return the broker's address if no fault is found up
    to the password, None if no broker is reachable or none speaks Kafka.
    """
    for address in _addresses(brokers, reason):
        try:
            connection = _connected(address, ours.seconds)
        except (OSError, ValueError):
            continue
        with connection:
            return _met(connection, address, ours)
    return None


def _addresses(brokers: str, reason: str) -> Iterator[str]:
    yield from re.findall(r"\w+://([^/\s]+:\d+)/", reason)
    yield from (address.strip() for address in brokers.split(","))


def _connected(address: str, seconds: float) -> socket.socket:
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), seconds)


def _met(connection: socket.socket, address: str, ours: ClientSecurity) -> Mismatch | str | None:
    try:
        error, mechanisms = _greet(connection, address, ours.context, ours.mechanism)
    except ssl.SSLCertVerificationError as fault:
        return _bad_certificate(address, ours, fault)
    except (OSError, _NoAnswer) as fault:
        if (alert := _alert(fault)) and ("CERT" in alert or "UNKNOWN_CA" in alert):
            return _unwelcome(address, ours, alert)
        return _elsewhere(address, ours)
    return _judged(address, ours, error, mechanisms)


def _alert(fault: Exception) -> str:
    """Return the TLS alert that ended a connection, such as `CERTIFICATE_REQUIRED`; empty if there was none."""
    reason = (isinstance(fault, ssl.SSLError) and fault.reason) or ""
    return reason.partition("ALERT_")[2]


def _greet(
    connection: socket.socket, address: str, context: ssl.SSLContext | None, mechanism: str | None
) -> tuple[int, list[str]]:
    """Request a SASL mechanism, which every listener answers; return the error code, and the listener's mechanisms."""
    if context is None:
        return _asked(connection, mechanism)
    host = address.rpartition(":")[0].strip("[]")
    with context.wrap_socket(connection, server_hostname=host) as secured:
        _await_alert(secured)
        return _asked(secured, mechanism)


def _asked(connection: socket.socket, mechanism: str | None) -> tuple[int, list[str]]:
    asked = (mechanism or "PLAIN").encode()
    request = struct.pack(">hhihh", _SASL_HANDSHAKE, _VERSION, _CORRELATION, -1, len(asked)) + asked
    connection.sendall(struct.pack(">i", len(request)) + request)
    length, correlation, error, count = struct.unpack(">iihi", _received(connection, 14))
    if correlation != _CORRELATION or not 0 <= count < 100:
        raise _NoAnswer
    mechanisms, rest = [], _received(connection, length - 10)
    for _ in range(count):
        (size,) = struct.unpack_from(">h", rest)
        mechanisms.append(rest[2 : 2 + size].decode())
        rest = rest[2 + size :]
    return error, mechanisms


def _await_alert(connection: socket.socket) -> None:
    patience = connection.gettimeout()
    connection.settimeout(_ALERT_SECONDS)
    try:
        connection.recv(1)
    except TimeoutError:
        connection.settimeout(patience)
    else:
        raise _NoAnswer


def _received(connection: socket.socket, count: int) -> bytes:
    if not 0 <= count < 10_000:
        raise _NoAnswer
    received = b""
    while len(received) < count:
        more = connection.recv(count - len(received))
        if not more:
            raise _NoAnswer
        received += more
    return received


def _judged(address: str, ours: ClientSecurity, error: int, mechanisms: list[str]) -> Mismatch | str:
    if ours.sasl and error == _NO_SASL_HERE:
        protocol = ours.protocol.removeprefix("SASL_")
        step = f"Set LEDGER_SECURITY_PROTOCOL={protocol} and unset LEDGER_SASL_*, or set another port in LEDGER_BROKERS"
        return Mismatch(address, "it requires no password", step)
    if not ours.sasl and error != _NO_SASL_HERE:
        protocol = "SASL_SSL" if ours.context else "SASL_PLAINTEXT"
        step = f"Set LEDGER_SECURITY_PROTOCOL={protocol}, LEDGER_SASL_MECHANISM, _USERNAME and _PASSWORD"
        return Mismatch(address, f"it requires a password ({', '.join(mechanisms)})", step)
    if ours.sasl and error == _OTHER_MECHANISM:
        offered = ", ".join(mechanisms)
        step = f"Set LEDGER_SASL_MECHANISM to one of these: {offered}"
        return Mismatch(address, f"it does not support the mechanism {ours.mechanism}", step)
    return address


def _bad_certificate(address: str, ours: ClientSecurity, fault: ssl.SSLCertVerificationError) -> Mismatch:
    code, words = fault.verify_code, fault.verify_message
    if code in _EXPIRED:
        return Mismatch(address, "its certificate has expired", "Renew it; also check this machine's clock")
    if code in _NOT_YET:
        return Mismatch(address, "its certificate is not valid yet", "Check the clocks of both machines")
    if code in _OTHER_NAME:
        step = "Use the certificates' host names in LEDGER_BROKERS, or have the certificate issued for this name"
        return Mismatch(address, f"its certificate is for another host name ({words})", step)
    if code in _UNTRUSTED:
        known = f"those in {ours.cafile}" if ours.cafile else "this system's authorities"
        step = "Set LEDGER_SSL_CAFILE to the certificate (PEM) of the authority that issued it"
        return Mismatch(address, f"its certificate was issued by an unknown authority, none of {known} ({words})", step)
    return Mismatch(address, f"its certificate cannot be accepted ({words})", "Have it reissued")


def _unwelcome(address: str, ours: ClientSecurity, alert: str) -> Mismatch:
    if ours.certfile is None:
        step = "Set LEDGER_SSL_CERTFILE and LEDGER_SSL_KEYFILE"
        return Mismatch(address, "it requires a client certificate, and none is set", step)
    until = valid_until(pem(ours.certfile))
    if until < datetime.now(UTC):
        reason = f"our certificate, {ours.certfile}, has expired ({until:%Y-%m-%d})"
    else:
        alert_text = alert.lower().replace("_", " ")
        reason = f"it rejects our certificate, {ours.certfile} ({alert_text}): none of its authorities issued it"
    return Mismatch(address, reason, "Set LEDGER_SSL_CERTFILE and LEDGER_SSL_KEYFILE to one that it accepts")


def _elsewhere(address: str, ours: ClientSecurity) -> Mismatch | None:
    """Return which protocol the broker speaks, if it expects TLS and we do not, or the reverse."""
    anyone = None
    if ours.context is None:
        anyone = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        anyone.check_hostname, anyone.verify_mode = False, ssl.CERT_NONE
    try:
        with _connected(address, ours.seconds) as connection:
            error, _ = _greet(connection, address, anyone, ours.mechanism)
    except (OSError, _NoAnswer) as fault:
        if not _alert(fault):
            return None
        error = _NO_SASL_HERE  # it speaks TLS, but requires a client certificate
    protocol = "SASL_" * (error != _NO_SASL_HERE) + ("SSL" if anyone else "PLAINTEXT")
    reason = "it uses TLS, and we do not" if anyone else "it does not use TLS, and we do"
    return Mismatch(address, reason, f"Set LEDGER_SECURITY_PROTOCOL={protocol}, or set another port in LEDGER_BROKERS")
