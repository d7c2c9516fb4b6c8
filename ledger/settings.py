"""Settings: the one module that reads the environment. `LEDGER_*` > `.env` > defaults."""

from __future__ import annotations

import os
import re
from ipaddress import IPv6Address
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ledger.book_path import DEFAULT, ENV_FILE, default_broker_dir
from schemas.errors import UsageError
from schemas.topics import UNPACKED_BYTES
from streams.cluster import Cluster

PREFIX = "[A-Za-z0-9._-]*"
"""Pattern of the prefix of topic names."""
_ADDRESS = re.compile(r"(?:\[(?P<v6>[^\]]+)\]|[A-Za-z0-9._-]+):(?P<port>[0-9]{1,5})", re.ASCII).fullmatch


class BadSetting(UsageError):
    """The setting {name} cannot be used: {rule}. Correct it in the environment or in the file .env;
    docs/operators.md lists all settings."""


class Settings(BaseSettings):
    """The settings of a command; each field is the environment variable `LEDGER_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix="LEDGER_", env_file=ENV_FILE, extra="ignore", frozen=True)

    brokers: str | None = Field(None, description="Kafka, host:port,...; unset: the embedded broker, if it runs")
    book: Path = Field(DEFAULT, description="the SQLite file")
    archive: Path | None = Field(None, description="directory of the archive; see `ip-ledger archive`")
    topic_prefix: str = Field("", pattern=f"^{PREFIX}$", description="put before every topic's name")
    group: str | None = Field(
        None, pattern="^[A-Za-z0-9._-]{1,249}$", description="the consumer group; unset: ip-ledger.<book id>"
    )
    session_seconds: float = Field(10.0, ge=6, le=300, description="after which a silent worker counts as dead")
    unpacked_bytes: int = Field(
        UNPACKED_BYTES,
        ge=4 * 2**20,
        le=2**30,
        description="what a record batch may unpack to; fixed when a log is made",
    )
    publish_rejections: bool = Field(False, description="whether the worker names in ip.rejection.v1 what it refuses")
    worker_metrics: str | None = Field(
        None, description="host:port of the worker's metrics; each further process has the next port"
    )
    security_protocol: str = Field("PLAINTEXT", pattern="^(PLAINTEXT|SSL|SASL_PLAINTEXT|SASL_SSL)$")
    sasl_mechanism: str | None = Field(
        None, pattern="^(PLAIN|SCRAM-SHA-256|SCRAM-SHA-512)?$", description="PLAIN, SCRAM-SHA-256, SCRAM-SHA-512"
    )
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    ssl_cafile: str | None = None
    ssl_certfile: str | None = None
    ssl_keyfile: str | None = None
    ssl_key_password: SecretStr | None = None
    model_urls: str = Field("", description="addresses of models of valuations, ID=URL ID=URL")
    model_seconds: float = Field(10.0, gt=0, le=600, description="the longest answer of a model")
    model_bytes: int = Field(2**30, ge=2**26, le=2**40, description="the memory of a plug-in's process")
    reader_url: str | None = Field(
        None, pattern="^(https?://.+)?$", description="address of a model that reads texts, such as https://host/v1"
    )
    reader_key: SecretStr | None = Field(None, description="the key of that address")
    page_rows: int = Field(10_000, ge=1, le=1_000_000, description="the most rows of an answer of the server")
    live_clients: int = Field(1_000, ge=1, le=100_000, description="the most clients of live streams of the server")
    tokens: Path | None = Field(None, description="file of the server's tokens, hashed; see `ip-ledger token`")
    oidc_issuer: str | None = Field(None, description="OpenID provider whose tokens the server accepts")
    oidc_audience: str | None = Field(None, description="audience of these tokens")
    mask_parties: bool = Field(False, description="whether the server hides names of parties without parties:read")
    rate: int = Field(6_000, ge=1, le=10_000_000, description="requests a minute from one address")
    body_bytes: int = Field(8 * 2**20, ge=1_000, le=2**30, description="the largest body of a request")
    answer_seconds: float = Field(10.0, gt=0, le=600, description="the longest that the server reads for an answer")
    allowed_hosts: str = Field("", description="names of the server, a,b")
    trusted_proxies: str = Field("127.0.0.1", description="proxies whose X-Forwarded-* headers the server believes")
    tls_certfile: str | None = Field(None, description="certificate of the server")
    tls_keyfile: str | None = Field(None, description="its key")
    broker_dir: Path = Field(
        default_factory=default_broker_dir,
        description="where the embedded broker keeps its log",
    )
    java_home: Path | None = Field(None, validation_alias="JAVA_HOME")
    kafka_home: Path | None = Field(None, validation_alias="KAFKA_HOME")

    @field_validator("brokers")
    @classmethod
    def _brokers_can_be_reached(cls, given: str | None) -> str | None:
        """Raise BadSetting for an invalid address. Kafka clients would take a larger port modulo 65,536."""
        addresses = [address.strip() for address in given.split(",")] if given else []
        for address in addresses:
            if not _is_address(address):
                rule = f"{address!r} is not host:port with a port from 1 to 65535"
                raise _bad("brokers", f"{rule}; write IPv6 in brackets, [::1]:9092, and commas between addresses")
        return ",".join(addresses)

    @field_validator("worker_metrics")
    @classmethod
    def _worker_metrics_is_an_address(cls, given: str | None) -> str | None:
        """Raise BadSetting for an invalid address."""
        if given and not _is_address(given):
            raise _bad("worker_metrics", f"{given!r} is not host:port with a port from 1 to 65535")
        return given or None

    @field_validator("model_urls")
    @classmethod
    def _model_urls_are_pairs(cls, given: str) -> str:
        """Raise BadSetting if a pair is not ID=URL."""
        for pair in given.split():
            if not re.fullmatch(r"[^=]+=https?://.+", pair):
                raise _bad("model_urls", f"{pair!r} is not ID=URL, such as bank/price=http://127.0.0.1:9000/")
        return given

    @field_validator("broker_dir")
    @classmethod
    def _broker_dir_is_a_directory(cls, given: Path) -> Path:
        """Raise BadSetting if the path, or a parent, is not a directory; it may be missing."""
        there = next((path for path in (given, *given.absolute().parents) if os.path.exists(path)), given)
        if os.path.exists(there) and not os.path.isdir(there):
            raise _bad("broker_dir", f"{there} is not a directory")
        return given

    @model_validator(mode="after")
    def _security_is_whole(self) -> Self:
        """Raise BadSetting if one security setting requires or excludes another."""
        protocol = self.security_protocol
        sasl = ("sasl_mechanism", "sasl_username", "sasl_password")
        own = ("ssl_certfile", "ssl_keyfile", "ssl_key_password")
        for name in sasl:
            if protocol.startswith("SASL") and not getattr(self, name):
                raise _bad(name, f"LEDGER_SECURITY_PROTOCOL={protocol} needs it")
            if not protocol.startswith("SASL") and getattr(self, name):
                raise _bad(name, f"LEDGER_SECURITY_PROTOCOL={protocol} ignores it; set that to SASL_SSL, or unset this")
        for name in ("ssl_cafile", *own):
            if not protocol.endswith("SSL") and getattr(self, name):
                raise _bad(
                    name, f"LEDGER_SECURITY_PROTOCOL={protocol} ignores it; set that to SSL or SASL_SSL, or unset this"
                )
        for name in own[1:]:
            if getattr(self, name) and not self.ssl_certfile:
                raise _bad(name, "it needs the certificate too, in LEDGER_SSL_CERTFILE")
        _whole_pairs(self)
        return self

    def cluster(self, brokers: str) -> Cluster:
        """Return the cluster at these brokers, with the security of the settings. Raise SecurityFileUnusable."""
        cluster = Cluster(
            brokers,
            self.topic_prefix,
            self.security_protocol,
            self.sasl_mechanism or None,
            self.sasl_username or None,
            _secret(self.sasl_password),
            self.ssl_cafile or None,
            self.ssl_certfile or None,
            self.ssl_keyfile or None,
            _secret(self.ssl_key_password),
        )
        cluster.ssl_context()  # fails early, with the name of an unusable file
        return cluster


def _whole_pairs(settings: Settings) -> None:
    """Raise BadSetting if one of two settings is missing."""
    for first, second in (("oidc_issuer", "oidc_audience"), ("tls_certfile", "tls_keyfile")):
        for name, other in ((first, second), (second, first)):
            if getattr(settings, name) and not getattr(settings, other):
                raise _bad(other, f"LEDGER_{name.upper()} needs it")


def _is_address(text: str) -> bool:
    found = _ADDRESS(text)
    try:
        return found is not None and 1 <= int(found["port"]) <= 65535 and bool(IPv6Address(found["v6"] or "::1"))
    except ValueError:
        return False


def _bad(name: str, rule: str) -> BadSetting:
    return BadSetting(name=f"LEDGER_{name}".upper(), rule=rule)


def _secret(given: SecretStr | None) -> str | None:
    return (given.get_secret_value() if given else None) or None
