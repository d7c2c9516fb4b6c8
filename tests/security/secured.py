"""An Apache Kafka with TLS, mutual TLS, passwords and rights, and with listeners whose certificates are wrong."""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from streams import broker
from streams.broker import properties
from streams.broker.ports import HOST, Claims
from streams.cluster import Cluster
from tests.certificates import ELSEWHERE, HERE, YESTERDAY, Authority, Issued
from tests.processes import Installation, wait_until

ACLS = Path(__file__).parents[2] / "ops" / "acls.sh"
RECORDER = Path(__file__).with_name("record.sh")
PASSWORD = "open sesame"
LISTENERS = {
    "TLS": "SSL",
    "MUTUAL": "SSL",
    "PASSWORDS": "SASL_SSL",
    "OPEN": "SASL_PLAINTEXT",
    "EXPIRED": "SSL",
    "ELSEWHERE": "SSL",
    "STRANGER": "SSL",
}
"""Listeners and their protocols. BROKER, the embedded broker's own, is PLAINTEXT, and its clients have all rights."""

Right = tuple[str, str, str]
"""(operation, kind, name) as in `kafka-acls.sh`, such as ("Read", "topic", "ip.patent.v1")."""

_OPERATIONS = {
    "Read": AclOperation.READ,
    "Write": AclOperation.WRITE,
    "Create": AclOperation.CREATE,
    "Describe": AclOperation.DESCRIBE,
    "DescribeConfigs": AclOperation.DESCRIBE_CONFIGS,
}
_KINDS = {
    "topic": ResourceType.TOPIC,
    "group": ResourceType.GROUP,
    "transactional-id": ResourceType.TRANSACTIONAL_ID,
    "cluster": ResourceType.BROKER,
}


@dataclass
class SecuredInstallation(Installation):
    """An installation whose processes log in; `more` are settings for each of them."""

    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        cluster = self.cluster
        given = {
            "SECURITY_PROTOCOL": cluster.security_protocol,
            "SASL_MECHANISM": cluster.sasl_mechanism,
            "SASL_USERNAME": cluster.sasl_username,
            "SASL_PASSWORD": cluster.sasl_password,
            "SSL_CAFILE": cluster.ssl_cafile,
            "SSL_CERTFILE": cluster.ssl_certfile,
            "SSL_KEYFILE": cluster.ssl_keyfile,
        }
        mine = {f"LEDGER_{name}": value for name, value in given.items() if value}
        return super().environment | mine | self.more


@dataclass(frozen=True)
class Secured:
    """The broker: its listeners, the authority that they trust, and the principal that may change rights."""

    open: str
    listeners: dict[str, str]
    authority: Authority
    stranger: Authority
    admin: AdminClient

    @property
    def cafile(self) -> str:
        return str(self.authority.certificate)

    def user(self) -> str:
        """Create a user with PASSWORD for every SCRAM mechanism, and no rights; return the name."""
        name = f"u{secrets.token_hex(3)}"
        for mechanism in (ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512):
            known = UserScramCredentialUpsertion(name, ScramCredentialInfo(mechanism, 4096), PASSWORD.encode())
            self.admin.alter_user_scram_credentials([known])[name].result(30)
        return name

    def cluster(self, user: str, prefix: str = "", mechanism: str = "SCRAM-SHA-256") -> Cluster:
        """Return the cluster for this user, by password over TLS."""
        return Cluster(
            self.listeners["PASSWORDS"],
            prefix,
            "SASL_SSL",
            mechanism,
            user,
            PASSWORD,
            self.cafile,
        )

    def behind(self, listener: str) -> Cluster:
        """Return the cluster through this listener, by TLS, without password and certificate."""
        return Cluster(self.listeners[listener], security_protocol="SSL", ssl_cafile=self.cafile)

    def certified(self, client: Issued, prefix: str = "") -> Cluster:
        """Return the cluster for the owner of this certificate."""
        own, key = str(client.certificate), str(client.key)
        return replace(self.behind("MUTUAL"), prefix=prefix, ssl_certfile=own, ssl_keyfile=key)

    def grant_role(self, role: str, cluster: Cluster, *topics: str, **environment: str) -> None:
        """Run `ops/acls.sh ROLE` for the principal of this cluster, and grant the rights that it prints."""
        done = subprocess.run(
            [ACLS, role, cluster.principal, *topics],
            env={"PATH": os.environ["PATH"], "KAFKA_ACLS": f"sh {RECORDER}"}
            | {"LEDGER_BROKERS": cluster.brokers, "LEDGER_TOPIC_PREFIX": cluster.prefix}
            | environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        for line in done.stdout.splitlines():
            arguments = line.split("\t")[:-1]
            assert arguments[:5] == [
                "--bootstrap-server",
                cluster.brokers,
                "--add",
                "--allow-principal",
                cluster.principal,
            ]
            rest = arguments[5:]
            prefixed = rest[-2:] == ["--resource-pattern-type", "prefixed"]
            pairs = list(zip(rest[::2], rest[1::2], strict=True))
            operations = [value for option, value in pairs if option == "--operation"]
            resources = [(option[2:], value) for option, value in pairs if option[2:] in _KINDS]
            assert len(operations) + len(resources) + prefixed == len(pairs)
            self.grant(
                cluster.principal, [(it, *resource) for it in operations for resource in resources], prefixed=prefixed
            )

    def grant(self, principal: str, rights: Iterable[Right], *, prefixed: bool = False) -> None:
        """Grant these rights; `prefixed` makes their names prefixes."""
        pattern = ResourcePatternType.PREFIXED if prefixed else ResourcePatternType.LITERAL
        granted = {_binding(AclBinding, principal, right, pattern) for right in rights}
        for future in self.admin.create_acls(list(granted)).values():
            future.result(30)
        wait_until(lambda: granted <= self.granted(principal), lambda: f"the broker has {self.granted(principal)}")

    def revoke(self, principal: str, rights: Iterable[Right]) -> None:
        """Revoke these rights."""
        filters = [_binding(AclBindingFilter, principal, right, ResourcePatternType.ANY) for right in rights]
        revoked: set[AclBinding] = set()
        for future in self.admin.delete_acls(filters).values():
            revoked.update(future.result(30))
        assert revoked, "no such right"
        wait_until(lambda: not revoked & self.granted(principal), lambda: f"the broker has {self.granted(principal)}")

    def granted(self, principal: str) -> set[AclBinding]:
        """Return the rights of a principal that the broker applies now."""
        whose = AclBindingFilter(
            ResourceType.ANY,
            None,
            ResourcePatternType.ANY,
            principal,
            None,
            AclOperation.ANY,
            AclPermissionType.ANY,
        )
        return set(self.admin.describe_acls(whose).result(30))


def _binding(made: Any, principal: str, right: Right, pattern: ResourcePatternType) -> Any:
    operation, kind, name = right
    if kind == "cluster":
        name, pattern = "kafka-cluster", ResourcePatternType.LITERAL
    return made(_KINDS[kind], name, pattern, principal, "*", _OPERATIONS[operation], AclPermissionType.ALLOW)


@contextmanager
def started(directory: Path) -> Iterator[Secured]:
    """Run a secured broker in a directory."""
    authority = Authority(directory, "authority")
    stranger = Authority(directory, "stranger")
    good = authority.issue("good", "/CN=broker")
    certificates = {
        "TLS": good,
        "MUTUAL": good,
        "PASSWORDS": good,
        "EXPIRED": authority.issue("expired", "/CN=broker", HERE, YESTERDAY),
        "ELSEWHERE": authority.issue("elsewhere", "/CN=broker", ELSEWHERE),
        "STRANGER": stranger.issue("foreign", "/CN=broker"),
    }
    home = directory / "broker"
    try:
        with Claims() as claims, pytest.MonkeyPatch.context() as patch:
            listeners = {listener: f"{HOST}:{claims.any()}" for listener in LISTENERS}
            more = _settings(certificates, authority)
            plain = properties.render
            patch.setattr(properties, "render", lambda settings: _with_listeners(plain(settings), listeners) + more)
            address = broker.start(home).address
        assert address is not None
        yield Secured(address, listeners, authority, stranger, AdminClient(Cluster(address).librdkafka()))
    finally:
        broker.stop(home)


def _with_listeners(text: str, listeners: dict[str, str]) -> str:
    addresses = "".join(f",{listener}://{address}" for listener, address in listeners.items())
    more = {
        "listeners": addresses,
        "advertised.listeners": addresses,
        "listener.security.protocol.map": "".join(
            f",{listener}:{protocol}" for listener, protocol in LISTENERS.items()
        ),
    }
    return "".join(f"{line}{more.get(line.partition('=')[0], '')}\n" for line in text.splitlines())


def _settings(certificates: dict[str, Issued], authority: Authority) -> str:
    lines = [
        "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users=User:ANONYMOUS",
        "ssl.truststore.type=PEM",
        f"ssl.truststore.location={authority.certificate}",
        "listener.name.mutual.ssl.client.auth=required",
        "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
    ]
    for listener, issued in certificates.items():
        name = f"listener.name.{listener.lower()}"
        lines += [f"{name}.ssl.keystore.type=PEM", f"{name}.ssl.keystore.location={issued.both}"]
    for listener in ("passwords", "open"):
        for mechanism in ("scram-sha-256", "scram-sha-512"):
            module = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
            lines.append(f"listener.name.{listener}.{mechanism}.sasl.jaas.config={module}")
        plain = f'org.apache.kafka.common.security.plain.PlainLoginModule required user_plain="{PASSWORD}";'
        lines.append(f"listener.name.{listener}.plain.sasl.jaas.config={plain}")
    return "\n".join(lines) + "\n"
