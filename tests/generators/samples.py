"""The events that generated types must accept, and what must be left of them when the types write them again."""

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
    """One event, and the name of its schema as a package or module is called: `ip_patent_granted_v1`."""

    module: str
    value: str

    @property
    def event(self) -> dict[str, Any]:
        """What must not be lost. Extension attributes are no fields of a type, and null is the same as left out."""
        return _plain(self.value)

    def comes_back_as(self, written: str) -> bool:
        """Whether the ledger takes what the types wrote, and it says the same."""
        return isinstance(judge(written.encode()), Judged) and _plain(written) == self.event


def samples() -> list[Sample]:
    """Return the example of every type, and the lines that have its every field."""
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
        name: _without_null(said) for name, said in event.items() if name in Envelope.model_fields and said is not None
    }


def _without_null(said: Any) -> Any:
    if isinstance(said, dict):
        return {name: _without_null(value) for name, value in said.items() if value is not None}
    if isinstance(said, list):
        return [_without_null(value) for value in said]
    return said
