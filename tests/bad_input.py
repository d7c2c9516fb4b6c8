r"""The corpus of bad input, `corpus/bad_input.jsonl`: one case for each line, in log order.

    name                     also the default of its id and subject
    base                     an event of `_BASES`: among others, the example of each type, by its stem, and the
                             `correction` and the `voiding` of each; `set` (by path), `unset`, `attributes` and
                             `data_fields` ([count, value of each]) change it, `edit` ([[old, new], ...]) its text
    spelled, encoding        how the base is serialised: `indented`, `escaped`, `sorted`; a Python codec
    pad_to                   pads it with spaces to this number of bytes
    value                    instead of a base: parts of a text; null for no value
    mode                     `binary`: the attributes of the base become headers, its data the value
    headers                  [[name, text or null], ...], added after those
    topic, partition, key    if they differ from those of the subject; `partition` may be `wrong`
    expect                   `accepted`, `duplicate`, `conflict`, or the rule that rejects it
    path, message            the path and a part of the sentence of the reason
    unmatched                the reason why an accepted event has no effect

A part of a text is a text or [text, times]. `{"of": x, "times": n}` is a long text or array. In a text,
\udc80 to \udcff are single bytes that are not UTF-8.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from schemas.events import EVENT_TYPES, Role
from schemas.topics import TOPICS, partition_of
from tests.acceptance.load import OutgoingRecord
from tests.events import PATENT, Event, cancelled, corrected, example_event, granted, modified, registered, voided

CORPUS = Path(__file__).parent / "corpus" / "bad_input.jsonl"

_BASES: dict[str, Event] = {
    "grant": granted(),
    "grant correction": corrected(granted()),
    "grant voiding": voided(granted()),
    "pledge": registered(),
    "pledge correction": corrected(registered()),
    "change": modified(),
    "cancellation": cancelled(),
}
for _stem in (t.name.removesuffix(".v1") for t in EVENT_TYPES.values() if t.role == Role.ORIGINAL):
    _example = example_event(_stem.removeprefix("ip."))
    _BASES |= {_stem: _example, f"{_stem} correction": corrected(_example), f"{_stem} voiding": voided(_example)}


class Case(NamedTuple):
    """One record, and its expected outcome."""

    name: str
    record: OutgoingRecord
    headers: list[tuple[str, bytes | None]]
    outcome: str
    rule: str | None
    path: str
    message: str
    unmatched: str | None


@cache
def cases() -> tuple[Case, ...]:
    """Return all cases, in order."""
    lines = CORPUS.read_text("utf-8").splitlines()
    return tuple(_case(json.loads(line)) for line in lines)


def _case(line: dict[str, Any]) -> Case:
    event = _event(line) if "base" in line else None
    expect = line["expect"]
    refused = expect not in ("accepted", "duplicate")
    return Case(
        line["name"],
        _record(line, event, _value(line, event)),
        _headers(line, event),
        expect if expect in ("accepted", "duplicate", "conflict") else "rejected",
        expect if refused else None,
        line.get("path", ""),
        line.get("message", ""),
        line.get("unmatched"),
    )


def _record(line: dict[str, Any], event: Event | None, value: bytes | None) -> OutgoingRecord:
    subject = line["name"] if event is None else event.get("subject")
    if not isinstance(subject, str):
        subject = line["name"]
    key = _bytes(line.get("key", subject))
    home = EVENT_TYPES[_BASES[line["base"]]["type"]].topic if "base" in line else PATENT
    topic = line.get("topic", home)
    partitions = TOPICS[topic].partitions
    partition = partition_of(subject.encode(), partitions)
    if line.get("partition") == "wrong":
        partition = (partition + 1) % partitions
    return OutgoingRecord(topic, partition, key, value)


def _event(line: dict[str, Any]) -> Event:
    event = deepcopy(_BASES[line["base"]]) | {"id": line["name"], "subject": line["name"]}
    for path, value in line.get("set", {}).items():
        node, name = _node(event, path)
        node[name] = _unfolded(value)
    for path in line.get("unset", ()):
        node, name = _node(event, path)
        node.pop(name, None)
    event |= _numbered(*line.get("attributes", (0, None)))
    if "data_fields" in line:
        event["data"] |= _numbered(*line["data_fields"])
    return event


def _node(event: Event, path: str) -> tuple[Any, Any]:
    node: Any = event
    *steps, name = path.split(".")
    for step in steps:
        node = node[int(step) if isinstance(node, list) else step]
    return node, int(name) if isinstance(node, list) else name


def _numbered(count: int, value: Any) -> dict[str, Any]:
    return {f"x{i}": value for i in range(count)}


def _unfolded(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"of", "times"}:
        return value["of"] * value["times"]
    return value


def _value(line: dict[str, Any], event: Event | None) -> bytes | None:
    if event is None:
        return _bytes(line["value"])
    text = _spelled(event["data"] if line.get("mode") == "binary" else event, line.get("spelled"))
    for old, new in line.get("edit", ()):
        assert old in text, f"{line['name']}: {old!r} is not in {text[:500]}"
        text = text.replace(old, _text(new), 1)
    value = text.encode(line["encoding"]) if "encoding" in line else _bytes(text)
    return value and value.ljust(line.get("pad_to", 0))


def _headers(line: dict[str, Any], event: Event | None) -> list[tuple[str, bytes | None]]:
    headers: list[tuple[str, bytes | None]] = []
    if event is not None and line.get("mode") == "binary":
        headers = [
            ("content-type" if name == "datacontenttype" else f"ce_{name}", _bytes(text))
            for name, text in event.items()
            if name != "data"
        ]
    return headers + [(_text(name), _bytes(text)) for name, text in line.get("headers", ())]


def _spelled(event: Event, how: str | None) -> str:
    if how == "indented":
        return json.dumps(event, ensure_ascii=False, indent=2)
    return json.dumps(event, ensure_ascii=how == "escaped", sort_keys=how == "sorted")


def _bytes(parts: Any) -> bytes | None:
    return None if parts is None else _text(parts).encode(errors="surrogateescape")


def _text(parts: Any) -> str:
    return parts if isinstance(parts, str) else "".join(_pieces(parts))


def _pieces(parts: list[Any]) -> Iterator[str]:
    for part in parts:
        yield part if isinstance(part, str) else part[0] * part[1]
