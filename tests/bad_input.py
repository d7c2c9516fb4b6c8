"""The corpus of bad input, `corpus/bad_input.jsonl`: a case a line, in the order in which it is said to a log.

    name                     also its id and subject, if it does not set others
    base                     an event of `_BASES`; among them are examples of all types, called by their stems, and the
                             `correction` and the `voiding` of each; `set` (by path), `unset`, `attributes` and
                             `data_fields` ([how many, value of each]) change it, `edit` ([[old, new], ...]) its text
    spelled, encoding        how the base is written: `indented`, `escaped`, `sorted`; a codec of Python
    pad_to                   blanks are put after it, up to so many bytes
    value                    instead of a base: parts of a text, null for none
    mode                     `binary`: the attributes of the base are written into headers, its data is the value
    headers                  [[name, text or null], ...], after those
    topic, partition, key    where they are not those of the subject; `partition` may be `wrong`
    expect                   `accepted`, `duplicate`, `conflict`, or the rule that refuses it
    path, message            where and (a part of the sentence) why it is refused
    unmatched                why an accepted event has no effect

A part of a text is a text or [text, times]. `{"of": x, "times": n}` stands for a long text or array. In a text
\\udc80 to \\udcff stand for single bytes that are not UTF-8.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
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
    _said = example_event(_stem.removeprefix("ip."))
    _BASES |= {_stem: _said, f"{_stem} correction": corrected(_said), f"{_stem} voiding": voided(_said)}


class Case(NamedTuple):
    """One record, and what must become of it."""

    name: str
    record: OutgoingRecord
    headers: list[tuple[str, bytes | None]]
    outcome: str
    rule: str | None
    path: str
    message: str
    unmatched: str | None


def cases() -> list[Case]:
    """All cases, in order."""
    lines = CORPUS.read_text("utf-8").splitlines()
    return [_case(json.loads(line)) for line in lines]


def _case(said: dict[str, Any]) -> Case:
    event = _event(said) if "base" in said else None
    expect = said["expect"]
    refused = expect not in ("accepted", "duplicate")
    return Case(
        said["name"],
        _record(said, event, _value(said, event)),
        _headers(said, event),
        expect if expect in ("accepted", "duplicate", "conflict") else "rejected",
        expect if refused else None,
        said.get("path", ""),
        said.get("message", ""),
        said.get("unmatched"),
    )


def _record(said: dict[str, Any], event: Event | None, value: bytes | None) -> OutgoingRecord:
    subject = said["name"] if event is None else event.get("subject")
    if not isinstance(subject, str):
        subject = said["name"]
    key = _bytes(said.get("key", subject))
    home = EVENT_TYPES[_BASES[said["base"]]["type"]].topic if "base" in said else PATENT
    topic = said.get("topic", home)
    partitions = TOPICS[topic].partitions
    partition = partition_of(subject.encode(), partitions)
    if said.get("partition") == "wrong":
        partition = (partition + 1) % partitions
    return OutgoingRecord(topic, partition, key, value)


def _event(said: dict[str, Any]) -> Event:
    event = deepcopy(_BASES[said["base"]]) | {"id": said["name"], "subject": said["name"]}
    for path, value in said.get("set", {}).items():
        place, name = _place(event, path)
        place[name] = _unfolded(value)
    for path in said.get("unset", ()):
        place, name = _place(event, path)
        place.pop(name, None)
    event |= _numbered(*said.get("attributes", (0, None)))
    if "data_fields" in said:
        event["data"] |= _numbered(*said["data_fields"])
    return event


def _place(event: Event, path: str) -> tuple[Any, Any]:
    place: Any = event
    *steps, name = path.split(".")
    for step in steps:
        place = place[int(step) if isinstance(place, list) else step]
    return place, int(name) if isinstance(place, list) else name


def _numbered(count: int, value: Any) -> dict[str, Any]:
    return {f"x{i}": value for i in range(count)}


def _unfolded(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"of", "times"}:
        return value["of"] * value["times"]
    return value


def _value(said: dict[str, Any], event: Event | None) -> bytes | None:
    if event is None:
        return _bytes(said["value"])
    text = _spelled(event["data"] if said.get("mode") == "binary" else event, said.get("spelled"))
    for old, new in said.get("edit", ()):
        assert old in text, f"{said['name']}: {old!r} is not in {text[:500]}"
        text = text.replace(old, _text(new), 1)
    value = text.encode(said["encoding"]) if "encoding" in said else _bytes(text)
    return value and value.ljust(said.get("pad_to", 0))


def _headers(said: dict[str, Any], event: Event | None) -> list[tuple[str, bytes | None]]:
    headers: list[tuple[str, bytes | None]] = []
    if event is not None and said.get("mode") == "binary":
        headers = [
            ("content-type" if name == "datacontenttype" else f"ce_{name}", _bytes(text))
            for name, text in event.items()
            if name != "data"
        ]
    return headers + [(_text(name), _bytes(text)) for name, text in said.get("headers", ())]


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
