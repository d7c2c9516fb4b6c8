"""The TLS context of a client: an error names each unusable file and its setting."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from streams import security
from streams.security import SecurityFileUnusable
from tests.certificates import Authority, Issued, encrypted, new_key


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), "authority")


@pytest.fixture(scope="module")
def worker(authority: Authority) -> Issued:
    return authority.issue("worker", "/CN=worker")


def refused(*files: Path | str | None) -> str:
    with pytest.raises(SecurityFileUnusable) as caught:
        security.context(*(str(file) if isinstance(file, Path) else file for file in files))
    return str(caught.value)


def test_a_context_shows_the_clients_certificate_and_checks_names(authority: Authority, worker: Issued) -> None:
    made = security.context(str(authority.certificate), str(worker.certificate), str(worker.key))
    assert made.check_hostname
    assert [one["subject"] for one in made.get_ca_certs()] == [((("commonName", "authority"),),)]


def test_the_key_can_be_in_the_certificates_file(worker: Issued) -> None:
    security.context(None, str(worker.both))


def test_an_encrypted_key_is_opened_by_its_password(worker: Issued) -> None:
    security.context(None, str(worker.certificate), str(encrypted(worker.key, "open sesame")), "open sesame")


@pytest.mark.parametrize("password", [None, "", "guessed"])
def test_a_wrong_password_is_reported_without_a_prompt(worker: Issued, password: str | None) -> None:
    message = refused(None, worker.certificate, encrypted(worker.key, "open sesame"), password)
    assert "its private key is encrypted, and LEDGER_SSL_KEY_PASSWORD does not decrypt it" in message
    assert "guessed" not in message


def test_each_missing_file_is_named(authority: Authority, worker: Issued, tmp_path: Path) -> None:
    gone = tmp_path / "gone.pem"
    for files, setting in (
        ((gone,), "CAFILE"),
        ((None, gone, worker.key), "CERTFILE"),
        ((None, worker.certificate, gone), "KEYFILE"),
    ):
        message = refused(*files)
        assert f"{gone}, set in LEDGER_SSL_{setting}, cannot be used: No such file or directory" in message


def test_each_empty_or_endless_file_is_named(worker: Issued, tmp_path: Path) -> None:
    pipe, endless = tmp_path / "pipe", tmp_path / "endless"
    os.mkfifo(pipe)
    with endless.open("wb") as file:
        file.truncate(2**40)
    for odd, reason in (
        (pipe, "it is not a regular file"),
        (Path(os.devnull), "it is not a regular file"),
        (tmp_path, "Is a directory"),
        (endless, f"it has more than {security.LARGEST_PEM} bytes"),
    ):
        for files, setting in (
            ((odd,), "CAFILE"),
            ((None, odd, worker.key), "CERTFILE"),
            ((None, worker.certificate, odd), "KEYFILE"),
        ):
            assert f"{odd}, set in LEDGER_SSL_{setting}, cannot be used: {reason}" in refused(*files)


def test_a_file_without_permission_is_named(authority: Authority, tmp_path: Path) -> None:
    shut = tmp_path / "shut.pem"
    shut.write_bytes(authority.certificate.read_bytes())
    shut.chmod(0)
    if os.access(shut, os.R_OK):
        pytest.skip("root may read everything")
    assert f"{shut}, set in LEDGER_SSL_CAFILE, cannot be used: Permission denied" in refused(shut)


def test_each_file_that_is_not_pem_is_named(worker: Issued, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"\xff\x00 not PEM")
    assert ", set in LEDGER_SSL_CAFILE, " in (message := refused(other))
    assert "no certificate in PEM format" in message
    assert ", set in LEDGER_SSL_CERTFILE, " in (message := refused(None, other, worker.key))
    assert "no certificate in PEM format" in message
    assert ", set in LEDGER_SSL_KEYFILE, " in (message := refused(None, worker.certificate, other))
    assert "no private key in PEM format" in message


def test_a_certificate_without_its_key_asks_for_the_keys_file(worker: Issued) -> None:
    assert "set LEDGER_SSL_KEYFILE to the private key's file" in refused(None, worker.certificate)


def test_a_key_of_another_certificate_is_named(worker: Issued, tmp_path: Path) -> None:
    message = refused(None, worker.certificate, new_key(tmp_path, "other"))
    assert f"does not belong to the certificate in {worker.certificate}" in message


def test_a_damaged_certificate_is_named(worker: Issued, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.pem"
    damaged.write_text(worker.certificate.read_text().replace("MII", "AII", 1))
    assert "OpenSSL cannot load certificate and key" in refused(None, damaged, worker.key)
