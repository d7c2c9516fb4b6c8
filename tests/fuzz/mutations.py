"""Nearly valid events: a valid one, mutated a little as JSON, as tokens or as bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, cast

from schemas.catalogue import example_of
from schemas.events import EVENT_TYPES
from tests.bad_input import cases

SMALL = 4_000
EXAMPLES: Sequence[bytes] = [json.dumps(example_of(name), ensure_ascii=False).encode() for name in EVENT_TYPES]
"""One event of each type."""
CORPUS: Sequence[bytes] = [value for case in cases() if (value := case.record.value) and len(value) <= SMALL]
"""The values of the corpus of bad input."""
SEEDS = [*EXAMPLES, *CORPUS]

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}:,]|[^\s\[\]{}:,"]+|\s+', re.DOTALL)
_ODD_TEXTS = ["", "x", "1", "-1", "1.005", "CNY", "JPY", "XXX", "2023-02-30", "2200-01-01", "\x00", "\u202e", "质" * 65]
_ODD_TEXTS += [
    "x" * 129,
    "0.00",
    "2023-05-04T02:00:60Z",
    "G06N0003047500",
    "ip.patent.granted.v1",
    "ip.pledge.modified.voided.v1",
]
_ODD_NUMBERS = [0, -1, 46, 1.0, 1.5, -(2**63), 2**63, 2**64 - 1, 2**64, 10**15 + 1]
_ODD: list[Any] = [None, True, False, [], {}, [[]], {"": 0}, *_ODD_NUMBERS, *_ODD_TEXTS]
_ODD_BYTES = (
    b'\xff|\xc0\xaf|\xed\xa0\x80|\xef\xbb\xbf|\\ud800|\\u0000|\\u003a|\\"|NaN|1e400|-0|00|9223372036854775808'.split(
        b"|"
    )
)
_ODD_BYTES += [b"[" * 33, b"]" * 33, b'"id":1,', b'"a":', b"//", b"'", b",", b":", b"\x00", b" ", b"{}", b"9" * 5000]


def mutated(value: bytes, chance: Random) -> bytes:
    """Return the value with one to three small mutations, most of which keep it JSON."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        value = chance.choice((_as_json, _as_json, _as_json, _as_json, _as_tokens, _as_bytes))(value, chance)
    return value


def _as_json(value: bytes, chance: Random) -> bytes:
    try:
        content = json.loads(value)
    except (ValueError, RecursionError):
        return _as_bytes(value, chance)
    node = _some_node(content, chance)
    if node is None:
        return json.dumps(chance.choice(_ODD)).encode()
    chance.choice(_CHANGES)(node, chance)
    return json.dumps(content, ensure_ascii=chance.random() < 0.3).encode(errors="surrogatepass")


def _some_node(content: Any, chance: Random) -> Any:
    """Return a non-empty object or array somewhere inside."""
    found = None
    while isinstance(content, dict | list) and content:
        found = content
        inwards = isinstance(content, dict) and "data" in content and chance.random() < 0.5
        content = content[cast(Any, "data") if inwards else _some_key(content, chance)]
        if chance.random() < 0.15:
            break
    return found


def _some_key(node: Any, chance: Random) -> Any:
    return chance.choice(list(node)) if isinstance(node, dict) else chance.randrange(len(node))


def _replace(node: Any, chance: Random) -> None:
    node[_some_key(node, chance)] = chance.choice(_ODD)


def _delete(node: Any, chance: Random) -> None:
    del node[_some_key(node, chance)]


def _swap(node: Any, chance: Random) -> None:
    one, other = _some_key(node, chance), _some_key(node, chance)
    node[one], node[other] = node[other], node[one]


def _add(node: Any, chance: Random) -> None:
    odd = chance.choice(_ODD)
    if isinstance(node, list):
        node.insert(chance.randint(0, len(node)), odd)
    else:
        node[chance.choice(["x", "int", "data", "target", "secured", "reason", "Trace", "质", "", "\x1b"])] = odd


def _double(node: Any, chance: Random) -> None:
    if isinstance(node, list):
        node.extend(node[:100])
    else:
        _replace(node, chance)


_CHANGES: Sequence[Callable[[Any, Random], None]] = (_replace, _replace, _delete, _swap, _add, _double)


def _as_tokens(value: bytes, chance: Random) -> bytes:
    tokens = _TOKEN.findall(value)
    if not tokens:
        return chance.choice(_ODD_BYTES)
    one, other = chance.randrange(len(tokens)), chance.randrange(len(tokens))
    match chance.randrange(4):
        case 0:
            tokens[one], tokens[other] = tokens[other], tokens[one]
        case 1:
            tokens[one:one] = tokens[one : one + chance.randint(1, 4)]
        case 2:
            del tokens[one : one + chance.randint(1, 4)]
        case _:
            tokens[one] = chance.choice(_ODD_BYTES)
    return b"".join(tokens)


def _as_bytes(value: bytes, chance: Random) -> bytes:
    start = chance.randint(0, len(value))
    end = min(len(value), start + chance.choice((0, 1, 1, 2, 8, len(value))))
    other = chance.choice(SEEDS)
    cut = chance.randint(0, len(other))
    pieces: list[bytes] = [
        b"",
        bytes([chance.randrange(256)]),
        chance.choice(_ODD_BYTES),
        value[start:end] * 2,
        other[cut : cut + chance.randint(1, 40)],
    ]
    if start < end and chance.random() < 0.3:
        flipped = value[start] ^ 1 << chance.randrange(8)
        return value[:start] + bytes([flipped]) + value[start + 1 :]
    return value[:start] + chance.choice(pieces) + value[end:]
