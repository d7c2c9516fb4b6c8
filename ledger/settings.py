"""Settings: the one place that reads the environment. `LEDGER_*` > `.env` > defaults."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_state_path
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.errors import LedgerError
from streams.cluster import Cluster


class BadSetting(LedgerError):
    """The setting {name} cannot be used: {rule}. It comes from the environment or from a file .env; what can be set is
    in docs/operators.md."""


class Settings(BaseSettings):
    """What a command stands on; each field is the environment variable `LEDGER_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix="LEDGER_", env_file=".env", extra="ignore", frozen=True)

    brokers: str | None = Field(None, description="Kafka, host:port,...; unset: the embedded broker, if it runs")
    book: Path = Field(Path("book.db"), description="the SQLite file")
    topic_prefix: str = Field("", pattern="^[A-Za-z0-9._-]*$", description="put before every topic's name")
    session_seconds: float = Field(10.0, ge=6, le=300, description="after which a silent worker counts as dead")
    security_protocol: str = Field("PLAINTEXT", pattern="^(PLAINTEXT|SSL|SASL_PLAINTEXT|SASL_SSL)$")
    sasl_mechanism: str | None = Field(None, description="PLAIN, SCRAM-SHA-256, SCRAM-SHA-512")
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    ssl_cafile: str | None = None
    broker_dir: Path = Field(
        default_factory=lambda: user_state_path("ip-ledger") / "broker",
        description="where the embedded broker keeps its log",
    )
    java_home: Path | None = Field(None, validation_alias="JAVA_HOME")
    kafka_home: Path | None = Field(None, validation_alias="KAFKA_HOME")

    def cluster(self, brokers: str) -> Cluster:
        """The cluster at these brokers, reached as the settings say."""
        return Cluster(
            brokers,
            self.topic_prefix,
            self.security_protocol,
            self.sasl_mechanism,
            self.sasl_username,
            self.sasl_password.get_secret_value() if self.sasl_password else None,
            self.ssl_cafile,
        )
