"""The description of a group, where the brokers answer otherwise than usual."""

from __future__ import annotations

from typing import Any

import pytest

from streams import group
from streams.cluster import Cluster

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of kafka-python, as it is imported


class Admin:
    """Gives prepared answers to the question for a group; an exception is raised."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)

    def describe_groups(self, groups: list[str]) -> dict[str, Any]:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return dict.fromkeys(groups, answer)


DESCRIBED: dict[str, Any] = {"group_state": "Stable", "error": None, "members": []}


def described(admin: Admin) -> dict[str, Any]:
    return group._described(Cluster("127.0.0.1:9"), admin, "g", "Read")


def test_a_coordinator_that_starts_is_asked_again() -> None:
    from kafka.errors import CoordinatorLoadInProgressError

    assert described(Admin(CoordinatorLoadInProgressError(), DESCRIBED)) == DESCRIBED


def test_a_lost_connection_is_raised_as_it_is() -> None:
    from kafka.errors import KafkaConnectionError

    with pytest.raises(KafkaConnectionError):
        described(Admin(KafkaConnectionError("closed")))
