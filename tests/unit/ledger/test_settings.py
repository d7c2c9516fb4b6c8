"""Security settings: valid combinations, and refusals that name the setting to change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ledger.settings import BadSetting, Settings
from streams.security import SecurityFileUnusable

USER = {"sasl_mechanism": "SCRAM-SHA-512", "sasl_username": "ledger", "sasl_password": "not for eyes"}


@pytest.fixture(autouse=True)
def _nothing_else_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LEDGER_{name}".upper(), raising=False)


@pytest.mark.parametrize(
    ("given", "name", "rule"),
    [
        (USER, "SASL_MECHANISM", "LEDGER_SECURITY_PROTOCOL=PLAINTEXT ignores it; set that to SASL_SSL"),
        ({"sasl_password": "x"}, "SASL_PASSWORD", "LEDGER_SECURITY_PROTOCOL=PLAINTEXT ignores it"),
        ({"security_protocol": "SSL", "sasl_username": "x"}, "SASL_USERNAME", "LEDGER_SECURITY_PROTOCOL=SSL ignores"),
        ({"security_protocol": "SASL_SSL"}, "SASL_MECHANISM", "LEDGER_SECURITY_PROTOCOL=SASL_SSL needs it"),
        (USER | {"security_protocol": "SASL_SSL", "sasl_password": ""}, "SASL_PASSWORD", "needs it"),
        ({"ssl_cafile": "/ca.pem"}, "SSL_CAFILE", "set that to SSL or SASL_SSL, or unset this"),
        ({"ssl_certfile": "/c.pem"}, "SSL_CERTFILE", "LEDGER_SECURITY_PROTOCOL=PLAINTEXT ignores it"),
        (USER | {"security_protocol": "SASL_PLAINTEXT", "ssl_cafile": "/ca.pem"}, "SSL_CAFILE", "SASL_PLAINTEXT ign"),
        (
            {"security_protocol": "SSL", "ssl_keyfile": "/c.key"},
            "SSL_KEYFILE",
            "the certificate too, in LEDGER_SSL_CER",
        ),
        ({"security_protocol": "SSL", "ssl_key_password": "x"}, "SSL_KEY_PASSWORD", "the certificate too"),
    ],
)
def test_contradictory_settings_are_refused_by_name(given: dict[str, str], name: str, rule: str) -> None:
    with pytest.raises(BadSetting) as caught:
        Settings(**given)  # type: ignore[arg-type]
    assert str(caught.value).startswith(f"The setting LEDGER_{name} cannot be used: ")
    assert rule in str(caught.value)
    assert "not for eyes" not in str(caught.value)


def test_empty_settings_count_as_missing() -> None:
    empty = dict.fromkeys((*USER, "ssl_cafile", "ssl_certfile", "ssl_keyfile", "ssl_key_password"), "")
    cluster = Settings(**empty).cluster("a:1")  # type: ignore[arg-type]
    assert cluster.sasl_mechanism is cluster.ssl_cafile is cluster.ssl_key_password is None


def test_an_unsupported_mechanism_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from ledger.commands.context import settings

    monkeypatch.setenv("LEDGER_SASL_MECHANISM", "GSSAPI")
    settings.cache_clear()
    with pytest.raises(BadSetting, match="LEDGER_SASL_MECHANISM"):
        settings()
    settings.cache_clear()


def test_a_cluster_gets_all_security_settings() -> None:
    given = USER | {"security_protocol": "SASL_PLAINTEXT", "topic_prefix": "p."}
    cluster = Settings(**given).cluster("a:1")  # type: ignore[arg-type]
    assert (cluster.prefix, cluster.sasl_mechanism, cluster.sasl_username) == ("p.", "SCRAM-SHA-512", "ledger")
    assert cluster.sasl_password == "not for eyes"


def test_an_unusable_file_is_named_before_any_client_tries_it() -> None:
    with pytest.raises(SecurityFileUnusable, match=r"/gone/ca\.pem, set in LEDGER_SSL_CAFILE"):
        Settings(security_protocol="SSL", ssl_cafile="/gone/ca.pem").cluster("a:1")


@pytest.mark.parametrize(
    "given",
    [
        "127.0.0.1:99999",
        "127.0.0.1:65536",
        "a:0",
        "a",
        "a:",
        ":9092",
        "a:-1",
        "a:9_2",
        "a:\u0661",
        "a:9092,",
        "a:9092,,b:9092",
        "a:9092 b:9092",
        "a:9092;b:9092",
        "kafka://a:9092",
        "user@a:9092",
        "::1:9092",
        "[::1]",
        "[]:9092",
        "[a]:9092",
        " ",
    ],
)
def test_brokers_that_are_not_addresses_are_refused_with_the_rule(given: str) -> None:
    with pytest.raises(BadSetting, match=r"LEDGER_BROKERS cannot be used: .* host:port with a port from 1 to 65535"):
        Settings(brokers=given)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("127.0.0.1:1", "127.0.0.1:1"),
        ("kafka_1.example-a.org:65535", "kafka_1.example-a.org:65535"),
        ("a:9092, b:9093 ", "a:9092,b:9093"),
        ("[::1]:9092,[fe80::1%eth0]:9092", "[::1]:9092,[fe80::1%eth0]:9092"),
        ("", ""),
    ],
)
def test_brokers_that_are_addresses_are_accepted(given: str, meant: str) -> None:
    assert Settings(brokers=given).brokers == meant


@pytest.mark.parametrize("given", ["bank", "bank=", "bank=ftp://a", "=http://a", "bank=http://a another"])
def test_addresses_of_models_are_pairs(given: str) -> None:
    with pytest.raises(BadSetting, match=r"LEDGER_MODEL_URLS cannot be used: .* is not ID=URL"):
        Settings(model_urls=given)


@pytest.mark.parametrize("below", ["", "below"])
def test_a_broker_directory_that_is_not_a_directory_is_refused(tmp_path: Path, below: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadSetting, match=r"LEDGER_BROKER_DIR cannot be used: .*pipe is not a directory"):
        Settings(broker_dir=tmp_path / "pipe" / below)
    assert Settings(broker_dir=tmp_path / "new" / below).broker_dir == tmp_path / "new" / below
