"""The principal of a client, and the message of a missing right."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from streams.cluster import Cluster
from streams.rights import certified
from tests.certificates import Authority


@pytest.mark.parametrize(
    ("subject", "principal"),
    [
        ("/CN=worker", "User:CN=worker"),
        ("/C=DE/O=Example/CN=worker", "User:CN=worker,O=Example,C=DE"),
        ("/C=DE/O=A, B/CN=w\\+x/UID=u7", r"User:UID=u7,CN=w\+x,O=A\, B,C=DE"),
        ("/CN=Müller", "User:CN=Müller"),
        ("/CN=a/emailAddress=a@b.c", "User:1.2.840.113549.1.9.1=#16056140622e63,CN=a"),
        ("/DC=org/DC=example/OU=a+CN=b", "User:CN=b+OU=a,DC=example,DC=org"),
        ("/O=" + "long" * 15 + "/OU=" + "long" * 15 + "/CN=w", "User:CN=w,OU=" + "long" * 15 + ",O=" + "long" * 15),
    ],
)
def test_the_principal_of_a_certificate_is_its_subject_in_rfc_2253(
    subject: str, principal: str, tmp_path: Path
) -> None:
    issued = Authority(tmp_path, "authority").issue("client", subject)
    assert certified(issued.certificate.read_text()) == principal
    assert certified(issued.both.read_text()) == principal, "the first certificate is the client's own"
    secured = Cluster("a:1", security_protocol="SSL", ssl_certfile=str(issued.both))
    assert secured.principal == principal


def test_with_a_password_the_principal_is_its_user_name_despite_a_certificate() -> None:
    secured = Cluster("a:1", security_protocol="SASL_SSL", sasl_username="auditor", ssl_certfile="c.pem")
    assert secured.principal == "User:auditor"
    assert Cluster("a:1").principal == "User:ANONYMOUS"
    assert Cluster("a:1", security_protocol="SSL").principal == "User:ANONYMOUS"


def test_the_message_of_a_missing_right_has_the_command_that_grants_it() -> None:
    cluster = Cluster("a:9092", "p.", "SASL_SSL", "PLAIN", "the auditor", "secret")
    message = str(cluster.denied("Read", "topic", "p.ip.patent.v1"))
    assert "deny User:the auditor the operation Read on the topic p.ip.patent.v1." in message
    words = shlex.split(message.partition("`")[2].partition("`")[0])
    assert words == [
        *("kafka-acls.sh", "--bootstrap-server", "a:9092", "--add", "--allow-principal", "User:the auditor"),
        *("--operation", "Read", "--topic", "p.ip.patent.v1"),
    ]
    assert "secret" not in message
    message = str(cluster.denied("DescribeConfigs", "cluster"))
    assert "DescribeConfigs on the cluster." in message
    assert "--operation DescribeConfigs --cluster`" in message


def test_a_right_to_all_names_with_a_beginning_is_granted_by_a_prefix() -> None:
    error = Cluster("kafka:9092", sasl_username="u").denied("Write", "transactional-id", "ip-ledger.evaluator.*")
    command = shlex.split(str(error.facts["command"]))
    assert command[-4:] == ["--transactional-id", "ip-ledger.evaluator.", "--resource-pattern-type", "prefixed"]
