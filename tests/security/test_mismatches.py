"""Reasons why a client is kept out, each with its own sentence: listeners that do not match the client's settings."""

from __future__ import annotations

import gc
import secrets
import socket
from collections.abc import Callable
from dataclasses import replace

import pytest

from streams import topics
from streams.cluster import BrokerUnavailable, Cluster, SecurityMismatch
from streams.log_identity import identity
from streams.producer import Producer
from streams.reader import Reader
from tests.certificates import HERE, YESTERDAY
from tests.security.secured import PASSWORD, Secured
from tests.unit.streams.test_cluster import read_bounds

ClusterOf = Callable[[Secured], Cluster]


def with_password(
    listener: str, mechanism: str = "PLAIN", password: str = PASSWORD, protocol: str = "SASL_SSL"
) -> ClusterOf:
    def made(secured: Secured) -> Cluster:
        cafile = secured.cafile if protocol.endswith("SSL") else None
        address = secured.listeners.get(listener, secured.open)
        return Cluster(address, "", protocol, mechanism, "plain", password, cafile)

    return made


def foreign(secured: Secured) -> Cluster:
    return secured.certified(secured.stranger.issue("intruder", "/CN=intruder"))


def outdated(secured: Secured) -> Cluster:
    return secured.certified(secured.authority.issue("old", "/CN=old", HERE, YESTERDAY))


MISMATCHES: dict[str, tuple[ClusterOf, str, str]] = {
    "certificate expired": (
        lambda secured: secured.behind("EXPIRED"),
        "its certificate has expired",
        "Renew it",
    ),
    "certificate for another host": (
        lambda secured: secured.behind("ELSEWHERE"),
        "its certificate is for another host name (IP address mismatch",
        "LEDGER_BROKERS",
    ),
    "authority unknown": (
        lambda secured: secured.behind("STRANGER"),
        "its certificate was issued by an unknown authority, none of those in ",
        "LEDGER_SSL_CAFILE",
    ),
    "authority unknown to the system": (
        lambda secured: replace(secured.behind("TLS"), ssl_cafile=None),
        "its certificate was issued by an unknown authority, none of this system's authorities",
        "LEDGER_SSL_CAFILE",
    ),
    "no client certificate": (
        lambda secured: secured.behind("MUTUAL"),
        "it requires a client certificate, and none is set",
        "LEDGER_SSL_CERTFILE and LEDGER_SSL_KEYFILE",
    ),
    "client certificate of another authority": (
        foreign,
        "it rejects our certificate, ",
        "LEDGER_SSL_CERTFILE",
    ),
    "client certificate expired": (
        outdated,
        "has expired (20",
        "LEDGER_SSL_CERTFILE",
    ),
    "plaintext client, TLS listener": (
        lambda secured: Cluster(secured.listeners["TLS"]),
        "it uses TLS, and we do not",
        "LEDGER_SECURITY_PROTOCOL=SSL,",
    ),
    "plaintext client, listener requires a certificate": (
        lambda secured: Cluster(secured.listeners["MUTUAL"]),
        "it uses TLS, and we do not",
        "LEDGER_SECURITY_PROTOCOL=SSL,",
    ),
    "password without TLS, TLS listener": (
        with_password("PASSWORDS", protocol="SASL_PLAINTEXT"),
        "it uses TLS, and we do not",
        "LEDGER_SECURITY_PROTOCOL=SASL_SSL,",
    ),
    "TLS client, plaintext listener": (
        lambda secured: replace(secured.behind("TLS"), brokers=secured.open),
        "it does not use TLS, and we do",
        "LEDGER_SECURITY_PROTOCOL=PLAINTEXT,",
    ),
    "TLS client, password listener without TLS": (
        with_password("OPEN"),
        "it does not use TLS, and we do",
        "LEDGER_SECURITY_PROTOCOL=SASL_PLAINTEXT,",
    ),
    "no password over TLS": (
        lambda secured: secured.behind("PASSWORDS"),
        "it requires a password (PLAIN, SCRAM-SHA-",
        "LEDGER_SECURITY_PROTOCOL=SASL_SSL,",
    ),
    "no password": (
        lambda secured: Cluster(secured.listeners["OPEN"]),
        "it requires a password (PLAIN, SCRAM-SHA-",
        "LEDGER_SECURITY_PROTOCOL=SASL_PLAINTEXT,",
    ),
    "password, listener without passwords": (
        with_password("BROKER", protocol="SASL_PLAINTEXT"),
        "it requires no password",
        "LEDGER_SECURITY_PROTOCOL=PLAINTEXT",
    ),
    "a mechanism that is not offered": (
        with_password("PASSWORDS", "OAUTHBEARER"),
        "it does not support the mechanism OAUTHBEARER",
        "LEDGER_SASL_MECHANISM to one of these: PLAIN, SCRAM-SHA-",
    ),
    "wrong password": (
        with_password("PASSWORDS", password="guessed"),
        "it rejects the password of plain (PLAIN)",
        "LEDGER_SASL_USERNAME and LEDGER_SASL_PASSWORD",
    ),
    "unknown user": (
        with_password("PASSWORDS", "SCRAM-SHA-256"),
        "it rejects the password of plain (SCRAM-SHA-256)",
        "LEDGER_SASL_USERNAME and LEDGER_SASL_PASSWORD",
    ),
}


@pytest.mark.parametrize("case", MISMATCHES)
def test_a_mismatch_is_one_sentence_with_the_setting_to_change(case: str, secured: Secured) -> None:
    cluster_of, reason, setting = MISMATCHES[case]
    cluster = cluster_of(secured)
    error = cluster.unavailable("it timed out")
    assert isinstance(error, SecurityMismatch), error
    sentence = str(error)
    assert f"The broker {cluster.brokers} and this client disagree on security: " in sentence
    assert reason in sentence
    assert setting in sentence
    assert PASSWORD not in sentence
    assert "guessed" not in sentence


def test_no_two_causes_have_the_same_sentence(secured: Secured) -> None:
    causes = ("certificate expired", "certificate for another host", "authority unknown", "no client certificate")
    sentences = {str(MISMATCHES[case][0](secured).unavailable("")).partition("security: ")[2] for case in causes}
    assert len(sentences) == len(causes)


@pytest.mark.parametrize(
    ("ask", "case"),
    [
        (identity, "no client certificate"),
        (topics.check, "plaintext client, TLS listener"),
        (Producer, "certificate expired"),
        (read_bounds, "wrong password"),
    ],
)
def test_each_client_reports_it(
    case: str, ask: Callable[[Cluster], object], secured: Secured, capfd: pytest.CaptureFixture[str]
) -> None:
    cluster_of, reason, _ = MISMATCHES[case]
    with pytest.raises(SecurityMismatch) as caught:
        ask(replace(cluster_of(secured), timeout=2))
    assert reason in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_a_reader_that_may_not_log_in_leaves_no_connection_open(secured: Secured) -> None:
    with pytest.raises(SecurityMismatch):
        read_bounds(replace(MISMATCHES["wrong password"][0](secured), timeout=2))
    gc.collect()  # an open connection is a ResourceWarning, which fails the test


def test_the_broker_in_the_client_s_error_is_the_one_that_is_examined(secured: Secured) -> None:
    several = replace(secured.behind("TLS"), brokers=f"{secured.listeners['TLS']},{secured.listeners['EXPIRED']}")
    sentence = str(several.unavailable(f"ssl://{secured.listeners['EXPIRED']}/2: SSL handshake failed"))
    assert (
        f"The broker {secured.listeners['EXPIRED']} and this client disagree on security: its certificate has expired"
        in sentence
    )


def test_an_unreachable_broker_is_not_a_mismatch(secured: Secured) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        away = f"127.0.0.1:{nobody.getsockname()[1]}"
        assert type(replace(secured.behind("TLS"), brokers=away).unavailable("gone")) is BrokerUnavailable
        both = replace(secured.behind("TLS"), brokers=f"{away},{secured.listeners['EXPIRED']}")
        assert "has expired" in str(both.unavailable("gone")), "the first reachable broker is examined"


def test_matching_settings_are_right(secured: Secured) -> None:
    assert type(secured.behind("TLS").unavailable("it timed out")) is BrokerUnavailable
    assert type(secured.cluster(secured.user()).unavailable("it timed out")) is BrokerUnavailable


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "certificate"])
def test_every_client_logs_in_as_the_principal_that_we_name(mechanism: str, secured: Secured) -> None:
    prefix = f"t{secrets.token_hex(3)}-"
    topics.create(Cluster(secured.open, prefix))
    if mechanism == "certificate":
        subject = f'/C=DE/O=A, B;"#" <x>/OU=u+UID=7/CN=wörker\\+{secrets.token_hex(3)}/emailAddress=a@b.example'
        cluster = secured.certified(secured.authority.issue("client", subject), prefix)
    else:
        user = "plain" if mechanism == "PLAIN" else secured.user()
        cluster = secured.cluster(user, prefix, mechanism)
    secured.grant(cluster.principal, [("Read", "topic", prefix), ("DescribeConfigs", "topic", prefix)], prefixed=True)
    assert identity(cluster).partitions["ip.patent.v1"] == 4
    assert topics.check(cluster) == []
    with Reader(cluster) as reader:
        assert reader.bounds(["ip.patent.v1"])
