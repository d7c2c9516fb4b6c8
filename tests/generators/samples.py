"""The events that generated types must accept, and what must survive a round trip through them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from schemas.catalogue import example_of
from schemas.codec import Judged, judge
from schemas.envelope import Envelope
from schemas.events import EVENT_TYPES

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "schemas" / "published"
FIXTURES = ROOT / "tests" / "fixtures" / "published"


class Sample(NamedTuple):
    """An event, and its schema's name as a module: `ip_patent_granted_v1`."""

    module: str
    value: str

    @property
    def event(self) -> dict[str, Any]:
        """The event without extension attributes, which are not fields of a type, and without null fields."""
        return _plain(self.value)

    def comes_back_as(self, written: str) -> bool:
        """Return True if the ledger accepts what the types wrote, and it is the same event."""
        return isinstance(judge(written.encode()), Judged) and _plain(written) == self.event


def samples() -> list[Sample]:
    """Return the example of every type, and the fixtures with all of its fields."""
    return [
        Sample(name.replace(".", "_"), value)
        for name in sorted(EVENT_TYPES)
        for value in [
            json.dumps(example_of(name), ensure_ascii=False),
            *(FIXTURES / f"{name}.ndjson").read_text("utf-8").splitlines(),
        ]
    ]


def _plain(value: str) -> dict[str, Any]:
    event = json.loads(value)
    return {
        name: _without_null(each) for name, each in event.items() if name in Envelope.model_fields and each is not None
    }


def _without_null(content: Any) -> Any:
    if isinstance(content, dict):
        return {name: _without_null(value) for name, value in content.items() if value is not None}
    if isinstance(content, list):
        return [_without_null(value) for value in content]
    return content
