"""The server's answers."""

from __future__ import annotations

from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict

Row = dict[str, Any]


class Receipt(BaseModel):
    """The place of a published event in the log."""

    model_config = ConfigDict(frozen=True)

    id: str
    subject: str
    topic: str
    partition: int
    offset: int


class Published(BaseModel):
    """The receipts of events, in their order, and the position behind them, for `min_position` of a question."""

    model_config = ConfigDict(frozen=True)

    receipts: list[Receipt]
    position: str


class Answer(BaseModel):
    """One page of rows. Amounts are decimal strings. Terms such as `as_of` and `basis` are attributes, too."""

    model_config = ConfigDict(frozen=True, extra="allow")

    rows: list[Row]
    position: str
    next: str | None = None
    """the path of the next page; None on the last"""


class Change(BaseModel):
    """A change of the book: its position, and the number of records since the change before."""

    model_config = ConfigDict(frozen=True)

    position: str
    records: int


class Problem(Exception):
    """The server's answer is an error (RFC 9457). `members` has all that it gave."""

    def __init__(self, status: int, members: dict[str, Any]) -> None:
        self.status, self.members = status, members
        self.name = str(members.get("type", "")).rpartition("/")[2]
        self.detail = str(members.get("detail", ""))
        super().__init__(f"{status} {members.get('title', '')}: {self.detail}")


class Refused(Problem):
    """Events break rules, and nothing was published. `errors` has index, rule, path and message of each."""

    @property
    def errors(self) -> list[Row]:
        """Return the errors of each event."""
        return list(self.members["errors"])


def require_success(response: httpx.Response) -> httpx.Response:
    """Return a response that has been read. Raise Problem, Refused."""
    if response.is_success:
        return response
    try:
        members = response.json()
    except ValueError:
        members = {"title": response.reason_phrase, "detail": response.text[:500]}
    if not isinstance(members, dict):
        members = {"detail": str(members)[:500]}
    kind = Refused if str(members.get("type")).endswith("/Refused") and "errors" in members else Problem
    raise kind(response.status_code, members)
