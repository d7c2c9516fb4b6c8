"""Rights on a Kafka cluster: the principal that brokers see, the rights that it lacks, and the command that grants
them."""

from __future__ import annotations

import re
import shlex
import ssl
from collections.abc import Iterator
from datetime import datetime

from schemas.errors import Unavailable

ANONYMOUS = "User:ANONYMOUS"
"""The principal of a client with neither password nor certificate."""

_KEYWORDS = {
    "2.5.4.3": "CN",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
}
"""The attributes with a short name in RFC 2253, section 2.3."""
_TEXTS = {12: "utf-8", 19: "ascii", 20: "latin-1", 22: "ascii", 28: "utf-32-be", 30: "utf-16-be"}
"""Encodings of the ASN.1 string types, by tag."""
_VERSION, _UTC_TIME = 0xA0, 0x17


class NotAuthorized(Unavailable):
    """The brokers {brokers} deny {principal} the operation {operation} on the {resource}. Their administrator grants it
    with `{command}`, or all rights of a role with ops/acls.sh."""


def not_authorized(brokers: str, principal: str, operation: str, kind: str, name: str) -> NotAuthorized:
    """Return the error for a missing right of this principal.

    `operation` is as in `kafka-acls.sh` (`Read`, `DescribeConfigs`), `kind` is `topic`, `group`, `transactional-id` or
    `cluster`, which has no name. A name that ends in `*` stands for all that begin with it.
    """
    target: tuple[str, ...] = ("--cluster",) if kind == "cluster" else (f"--{kind}", name)
    if name.endswith("*"):
        target = (f"--{kind}", name[:-1], "--resource-pattern-type", "prefixed")
    command = ("kafka-acls.sh", "--bootstrap-server", brokers, "--add", "--allow-principal", principal)
    return NotAuthorized(
        brokers=brokers,
        principal=principal,
        operation=operation,
        resource=f"{kind} {name}".strip(),
        command=shlex.join((*command, "--operation", operation, *target)),
    )


def certified(certificates: str) -> str:
    """Return the principal that brokers derive from a client's certificate, the first of this PEM text.

    It is the subject as RFC 2253 writes it; a broker may shorten it with `ssl.principal.mapping.rules`.
    """
    *_, subject = _fields(certificates)
    names = [_relative_name(content) for _, _, content in _elements(subject)]
    return "User:" + ",".join(reversed(names))


def valid_until(certificates: str) -> datetime:
    """Return the expiry time of the first certificate of this PEM text."""
    *_, validity, _ = _fields(certificates)
    _, (tag, _, end) = _elements(validity)
    return datetime.strptime(f"{end.decode()}+0000", f"{'%y' if tag == _UTC_TIME else '%Y'}%m%d%H%M%SZ%z")


def _fields(certificates: str) -> list[bytes]:
    """Return the fields of the first certificate up to its subject: serial number, algorithm, issuer, validity,
    subject."""
    first = re.search(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", certificates, re.DOTALL)
    assert first is not None, "a file of certificates holds one"
    ((_, _, certificate),) = _elements(ssl.PEM_cert_to_DER_cert(first[0]))
    _, _, signed = next(_elements(certificate))
    return [content for tag, _, content in _elements(signed) if tag != _VERSION][:5]  # RFC 5280, section 4.1


def _relative_name(attributes: bytes) -> str:
    return "+".join(_attribute(content) for _, _, content in _elements(attributes))


def _attribute(content: bytes) -> str:
    (_, _, oid), (tag, whole, value) = _elements(content)
    name = _dotted(oid)
    if name not in _KEYWORDS or tag not in _TEXTS:
        return f"{name}=#{whole.hex()}"
    text = re.sub(r'([,=+<>#;"\\])', r"\\\1", value.decode(_TEXTS[tag]))
    return f"{_KEYWORDS[name]}=" + re.sub("^ | $", r"\\ ", text)


def _elements(der: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield (tag, the whole element, its content) of each element of DER, ITU-T X.690, section 8.1."""
    at = 0
    while at < len(der):
        tag, length, begin = der[at], der[at + 1], at + 2
        if length & 0x80:
            begin += length & 0x7F
            length = int.from_bytes(der[at + 2 : begin])
        yield tag, der[at : begin + length], der[begin : begin + length]
        at = begin + length


def _dotted(oid: bytes) -> str:
    numbers, number = [], 0
    for byte in oid:
        number = number << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(number)
            number = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, (first, numbers[0] - 40 * first, *numbers[1:])))
