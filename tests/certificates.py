"""Certificates for tests, created with the `openssl` command; tests that need them are skipped if it is missing."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

CA_USES = ("-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
HERE = "subjectAltName=DNS:localhost,IP:127.0.0.1"
ELSEWHERE = "subjectAltName=DNS:kafka.example"
YESTERDAY = "-1"


@dataclass(frozen=True)
class Issued:
    """A certificate and its private key, each in a PEM file, and both in one, as Kafka reads them."""

    certificate: Path
    key: Path
    both: Path


class Authority:
    """A certificate authority in a directory."""

    def __init__(self, directory: Path, name: str) -> None:
        if shutil.which("openssl") is None:
            pytest.skip("certificates are made with the openssl command, which is not installed")
        self._directory, self._name = directory, name
        self.certificate, self._key = directory / f"{name}.pem", new_key(directory, name)
        subject = ("-subj", f"/CN={name}", "-days", "2")
        openssl("req", "-x509", "-new", "-key", self._key, *subject, *CA_USES, "-out", self.certificate)

    def issue(self, name: str, subject: str, names: str = HERE, days: str = "2") -> Issued:
        """Issue a certificate; a subject such as `/O=Example/CN=worker`."""
        key, certificate = new_key(self._directory, name), self._directory / f"{name}.pem"
        request, extensions = certificate.with_suffix(".csr"), certificate.with_suffix(".ext")
        extensions.write_text(f"{names}\nauthorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n")
        openssl("req", "-new", "-utf8", "-key", key, "-subj", subject, "-out", request)
        signer = ("-CA", self.certificate, "-CAkey", self._key, "-days", days, "-extfile", extensions)
        openssl("x509", "-req", "-in", request, *signer, "-out", certificate)
        both = certificate.with_suffix(".both.pem")
        both.write_text(key.read_text() + certificate.read_text() + self.certificate.read_text())
        return Issued(certificate, key, both)


def new_key(directory: Path, name: str) -> Path:
    """Create an unencrypted private key."""
    key = directory / f"{name}.key"
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key)
    return key


def encrypted(key: Path, password: str) -> Path:
    """Return a copy of a private key, encrypted with a password."""
    copy = key.with_suffix(".encrypted.key")
    openssl("pkcs8", "-topk8", "-in", key, "-passout", f"pass:{password}", "-out", copy)
    return copy


def openssl(*arguments: str | Path) -> None:
    """Run `openssl ARGUMENTS`."""
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
