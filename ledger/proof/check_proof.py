#!/usr/bin/env python3
"""Check a proof of a figure that `ip-ledger prove` wrote. One file, Python 3.9 or newer, no network.

    python check_proof.py PACK --key LEDGER.pub [--checkpoint FILE] [--figure "pledges 2023 BIOPHARM"] [--events]

Exit code 0 if everything is right, 1 if not, 2 if it was called in a wrong way. It checks, in this order:
 1. The key, which you must have from somebody that you trust, signed the checkpoint. (Ed25519, RFC 8032)
 2. The last leaf of the master log is this statement: it has the root of all figures, and that of each partition.
 3. A leaf of the tree of figures is this figure: its sums, and for each partition the number and the root of its
    postings. It is the figure that you asked for.
 4. The postings are those of the figure, all of them: they have these roots. Their sums are the sums of the figure.
 5. Each record behind a posting is there with all its bytes, and no other record is: the hash of its bytes is in its
    leaf, and its leaf is in the tree of its partition.
 6. Of a record that was erased by law, that hash is there, and the event of the log that names law, place and hash.

A pack that was right at an older checkpoint stays right; with --checkpoint you require the one that you, or your
witness, saw. The formats are described in docs/audit-log.md of the ledger. All trees are those of RFC 6962.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import struct
import sys
from pathlib import Path
from typing import Any

TreeHeads = dict[Any, tuple[int, bytes]]
"""Size and root of a tree, by partition: (topic, number)."""


class PackInvalid(Exception):
    """Something in the pack is not right."""


def _require(true: bool, what: str) -> None:
    """Raise PackInvalid unless something is true."""
    if not true:
        raise PackInvalid(what)


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, each of which ends in a line feed."""
    *lines, rest = text.split("\n")
    _require(rest == "", "a text does not end in a line feed")
    return lines


# ---- hashes and trees (RFC 6962, RFC 9162 section 2.1)


def sha256(data: bytes) -> bytes:
    """Return the SHA-256."""
    return hashlib.sha256(data).digest()


def tree_hash(kind: int, content: bytes) -> bytes:
    """Return the hash of a leaf (0), or of a node over two hashes (1)."""
    return sha256(bytes([kind]) + content)


def tree_root(entries: list[bytes]) -> bytes:
    """Return the root of the tree over all its leaves."""
    level = [tree_hash(0, entry) for entry in entries]
    while len(level) > 1:
        pairs = [tree_hash(1, level[at] + level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[2 * len(pairs) :]  # the last of an odd number stays as it is
    return level[0] if level else sha256(b"")


def root_from_proof(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """Return the root to which an inclusion proof leads. Raise PackInvalid if it has the wrong length."""
    _require(0 <= index < size, "a leaf is outside of its tree")
    at, last, root = index, size - 1, leaf
    for sibling in proof:
        _require(last > 0, "a proof is too long")
        if at % 2 or at == last:
            root = tree_hash(1, sibling + root)
            while at and not at % 2:
                at, last = at // 2, last // 2
        else:
            root = tree_hash(1, root + sibling)
        at, last = at // 2, last // 2
    _require(last == 0, "a proof is too short")
    return root


# ---- Ed25519 (RFC 8032, sections 5.1 and 6); verification has no secrets, so it need not take constant time

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]
"""(X, Y, Z, T) with x = X/Z, y = Y/Z, x * y = T/Z."""


def add(one: Point, other: Point) -> Point:
    """Return the sum of two points."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(factor: int, point: Point) -> Point:
    """Return a multiple of a point."""
    result = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            result = add(result, point)
        point, factor = add(point, point), factor >> 1
    return result


def decoded(data: bytes) -> Point:
    """Return the point in 32 bytes. Raise PackInvalid."""
    number = int.from_bytes(data, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    _require(len(data) == 32 and y < P, "a point of the signature is not on the curve")
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    _require((x * x - square) % P == 0 and not (x == 0 and sign), "a point of the signature is not on the curve")
    if x % 2 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = decoded((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether an Ed25519 key made the signature of a message."""
    scalar = int.from_bytes(signature[32:], "little")
    if len(public) != 32 or len(signature) != 64 or scalar >= ORDER:
        return False
    factor = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left = times(scalar, BASE)
    right = add(decoded(signature[:32]), times(factor, decoded(public)))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# ---- the signed checkpoint (C2SP signed-note and tlog-checkpoint)


def _public_key(text: str) -> tuple[str, bytes, bytes]:
    """Return name, id and key of a public key, `name+id+key`. Raise PackInvalid."""
    name, key_id, key = text.strip().split("+", 2)
    content = base64.b64decode(key, validate=True)
    _require(len(content) == 33 and content[0] == 1, "the key is not the Ed25519 key of a log")
    _require(sha256(f"{name}\n".encode() + content)[:4].hex() == key_id, "the key does not have its own id")
    return name, bytes.fromhex(key_id), content[1:]


def _opened(note: str, key: tuple[str, bytes, bytes]) -> tuple[str, int, bytes]:
    """Return origin, size and root of a checkpoint. Raise PackInvalid unless the key signed it."""
    name, key_id, public = key
    text, signatures = note[: note.rfind("\n\n") + 1], note[note.rfind("\n\n") + 2 :]
    for line in lines_of(signatures):
        dash, signer, encoded = line.split(" ")
        signature = base64.b64decode(encoded, validate=True)
        if (dash, signer, signature[:4]) == ("—", name, key_id):
            _require(is_signed(public, text.encode(), signature[4:]), f"the signature of {name} is wrong")
            origin, size, root = lines_of(text)[:3]
            return origin, int(size), base64.b64decode(root, validate=True)
    raise PackInvalid(f"the checkpoint has no signature of the key {name}+{key_id.hex()}")


PACK = {"format", "checkpoint", "statement", "statement_proof", "figure", "figure_index", "figure_proof", "postings"}
EVENT = {"topic", "partition", "offset", "timestamp", "index", "key", "value", "proof"}
ERASED = {"value_hash", "law", "event"}
ERASED_ONES = "6. Further records are erased by law: the log that was signed has an event that demands it."
PROVEN = "   Of these, place, time, key, hash and postings are proven. Their content is gone, and was not checked here."


def text_of(place: tuple[str, int, int]) -> str:
    """Return a place as text."""
    return f"{place[0]}:{place[1]}={place[2]}"


def in_words(line: str) -> str:
    """Return a sum in words."""
    _, basis, currency, *numbers = line.split(" ")
    events, known, amount = (f"{int(number):,}" for number in numbers)
    money = f"with an amount: {known}, sum: {amount} minor units of {currency}"
    return f"  {basis}: events: {events}, {'without an amount' if currency == '-' else money}"


def bytes_of(content: Any) -> bytes | None:
    """Return bytes that are written as text, as base64, or not at all (null)."""
    if content is None:
        return None
    _require(content.keys() in ({"base64"}, {"text"}), "bytes have another form than one of two")
    return base64.b64decode(content["base64"], validate=True) if "base64" in content else content["text"].encode()


def hashes_of(proof: list[str]) -> list[bytes]:
    """Return the hashes of a proof."""
    found = [bytes.fromhex(one) for one in proof]
    _require([one.hex() for one in found] == proof and all(len(one) == 32 for one in found), "a hash has another form")
    return found


def value_hash(value: bytes | None, attributes: list[Any] | None) -> bytes:
    """Return the hash of a record's value; in binary mode of its attributes and value, each after its length."""
    if attributes is None:
        return sha256(value or b"")
    parts = [len(attributes).to_bytes(4, "big")]
    for name, content in attributes:
        for one in (bytes_of(name), bytes_of(content)):
            parts += [b"\xff" * 4] if one is None else [len(one).to_bytes(4, "big"), one]
    return sha256(b"".join(parts) + (value or b""))


def leaf_of(event: dict[str, Any]) -> bytes:
    """Return the leaf's entry of an accepted record: 88 bytes."""
    key, value = bytes_of(event["key"]), bytes_of(event["value"])
    hashed = value_hash(value, event.get("attributes"))
    if "erased" in event:  # an accepted record has a value; here, only its hash is left
        _require(value is None and "attributes" not in event, "an erased record has bytes")
        _require(event["erased"].keys() == ERASED, "an erased record has other fields than these")
        value, (hashed,) = b"", hashes_of([event["erased"]["value_hash"]])
    numbers = (1, 1, key is not None, value is not None, 1, event["offset"], event["timestamp"])
    return struct.pack(">BBBBIQq32s32s", *numbers, sha256(key or b""), hashed)


def check_statement(pack: dict[str, Any], size: int, root: bytes) -> tuple[dict[str, str], TreeHeads]:
    """Check step 2. Return the facts of the statement, and leaves and root of each partition."""
    entry = pack["statement"].encode()
    found = root_from_proof(tree_hash(0, entry), size - 1, size, hashes_of(pack["statement_proof"]))
    _require(found == root, "the statement is not the last in the log")
    title, *lines = lines_of(entry.decode())
    _require(title == "ip-ledger statement v1", "the statement has an unknown form")
    facts = dict(line.split(" ", 1) for line in lines if not line.startswith("partition "))
    partitions = {}
    for line in lines[len(facts) :]:
        _, topic, number, _, _, leaves, its_root, _ = line.split(" ", 7)
        partitions[topic, int(number)] = (int(leaves), bytes.fromhex(its_root))
    return facts, partitions


def check_figure(pack: dict[str, Any], view: str) -> tuple[str, set[str], TreeHeads]:
    """Check step 3. Return the name of the figure, its sums, and number and root of the postings of each partition."""
    entry, (size, root) = pack["figure"].encode(), view.split()
    found = root_from_proof(tree_hash(0, entry), pack["figure_index"], int(size), hashes_of(pack["figure_proof"]))
    _require(found.hex() == root, "the figure is not among those of the statement: it was changed")
    title, name, *lines = lines_of(entry.decode())
    _require(title == "ip-ledger figure v1", "the figure has an unknown form")
    sums = {line for line in lines if line.startswith("sum ")}
    trees = {}
    for line in lines[len(sums) :]:
        word, topic, number, count, its_root = line.split(" ")
        _require(word == "tree", "the figure has an unknown line")
        trees[topic, int(number)] = (int(count), bytes.fromhex(its_root))
    return name, sums, trees


def check_postings(pack: dict[str, Any], sums: set[str], trees: TreeHeads) -> set[Any]:
    """Check step 4. Return the places of the records behind the postings."""
    added: dict[tuple[str, str], list[int]] = {}
    places = set()
    _require(all(one.keys() == {"topic", "partition", "lines"} for one in pack["postings"]), "postings in another form")
    given = {(one["topic"], one["partition"]): one["lines"] for one in pack["postings"]}
    right = len(given) == len(pack["postings"]) and given.keys() == trees.keys()
    _require(right, "the postings of a partition were added or omitted")
    for topic_partition, lines in given.items():
        right = (len(lines), tree_root([line.encode() for line in lines])) == trees[topic_partition]
        _require(right, f"a posting of {topic_partition[0]}:{topic_partition[1]} was changed, added or omitted")
        for line in lines:
            offset, _, _, _, currency, basis, *numbers = line.split(" ")
            places.add((*topic_partition, int(offset)))
            for side in ("recorded", "corrected") if basis == "both" else (basis,):
                before = added.get((side, currency), [0, 0, 0])
                added[side, currency] = [one + int(numbers[at]) for at, one in enumerate(before)]
    totals = {f"sum {side} {currency} {a} {b} {c}" for (side, currency), (a, b, c) in added.items() if a or b or c}
    _require(totals == sums, "the postings do not add up to the figure")
    return places


def check_record(record: dict[str, Any], partitions: TreeHeads) -> tuple[str, int, int]:
    """Check that a record is in the tree of its partition, and return its place."""
    _require(record.keys() - {"attributes", "erased"} == EVENT, "an event has other fields than an event")
    place = (record["topic"], record["partition"], record["offset"])
    leaves, root = partitions[place[:2]]
    found = root_from_proof(tree_hash(0, leaf_of(record)), record["index"], leaves, hashes_of(record["proof"]))
    _require(found == root, f"the record {text_of(place)} is not the one in the log: it was changed")
    return place


def erased_by(record: dict[str, Any]) -> set[Any]:
    """Return place and hash of each record that an event erases, with the law."""
    data = json.loads(bytes_of(record["value"]) or b"")
    names = {bytes_of(name): bytes_of(content) for name, content in record.get("attributes", [])}
    kind = (names[b"ce_type"] or b"").decode() if names else data["type"]
    for _ in range((not names) + (kind == "ip.reference.erased.corrected.v1")):  # the event, and the corrected data
        data = data["data"]
    _require(kind.replace(".corrected", "") == "ip.reference.erased.v1", "an event of another type was added")
    return {(one["topic"], one["partition"], one["offset"], one["value_hash"], data["law"]) for one in data["records"]}


def check_records(pack: dict[str, Any], places: set[Any], partitions: TreeHeads) -> list[str]:
    """Check steps 5 and 6. Return a line for each erased record."""
    demands = {text_of(check_record(one, partitions)): erased_by(one) for one in pack.get("erasures", ())}
    left, lines, used = set(places), [], set()
    for record in pack["events"]:
        place = check_record(record, partitions)
        _require(place in left, f"the record {text_of(place)} was added: no posting names it, or it is there twice")
        left.remove(place)
        if "erased" in record:
            hashed, law, event = (record["erased"][name] for name in ("value_hash", "law", "event"))
            right = (*place, hashed, law) in demands.get(event, ())
            _require(right, f"the pack has no event of the log that erases {text_of(place)} by {law}")
            used.add(event)
            lines.append(f"   erased: {text_of(place)}, by {json.dumps(law, ensure_ascii=False)}; demanded by {event}")
    _require(not left, f"{len(left)} records were omitted, such as {text_of(min(left or {('', 0, 0)}))}")
    _require(used == demands.keys(), "an event was added that erases none of the records")
    return lines


def check_pack(pack: dict[str, Any], key_text: str, seen: str | None, figure: str | None) -> list[str]:
    """Check a pack. Return the findings, in words. Raise PackInvalid."""
    right = pack["format"] == "ip-ledger proof v1" and pack.keys() - {"erasures"} == PACK | {"events"}
    _require(right, "the pack has an unknown form, or other fields than a pack")
    key = _public_key(key_text)
    origin, size, root = _opened(pack["checkpoint"], key)
    _require(origin == key[0], f"the checkpoint is of another log: {origin}")
    if seen is not None:
        theirs = _opened(seen, key)
        age = "older than" if size < theirs[1] else "newer than" if size > theirs[1] else "another history than"
        _require((origin, size, root) == theirs, f"the pack's checkpoint is {age} the one that you have")
    facts, partitions = check_statement(pack, size, root)
    name, sums, trees = check_figure(pack, facts["view"])
    _require(figure in (None, name), f"the pack is about {name}, not {figure}")
    places = check_postings(pack, sums, trees)
    erased = check_records(pack, places, partitions)
    postings, figures = sum(count for count, _ in trees.values()), int(facts["view"].split()[0])
    whole = len(places) - len(erased)
    return [
        f"Figure: {name}",
        *map(in_words, sorted(sums)),
        "  recorded: as first published; corrected: after corrections and voids; minor units: cents of USD, fen of CNY",
        "Checked:",
        f"1. The key of {origin} signed the checkpoint. Statements: {size:,}, root: {root.hex()}",
        "   It is the checkpoint that you gave." if seen else "   You gave no other checkpoint to compare it with.",
        f"2. The last of these is the statement in the pack. Partitions: {len(partitions):,}, figures: {figures:,}",
        "3. The figure above is one of these figures, with each of its sums.",
        f"4. Its postings are all here, unchanged, no others, and add up to these sums. Postings: {postings:,}",
        f"5. The records behind them are all here, no others, with the bytes that were signed. Records: {whole:,}",
        *((ERASED_ONES, *erased, PROVEN) if erased else ()),
        "Not checked:",
        "- that the postings follow from the records by the ledger's rules (`ip-ledger verify` computes them again);",
        "- that the records are true, and that everything was published;",
        "- that others see the same log (a witness checks that, and keeps a checkpoint for you).",
        f"RIGHT. Erased by law: {len(erased):,} of {len(places):,} records." if erased else "RIGHT.",
    ]


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the fields of an object. Raise PackInvalid if another reader might take it for another object."""
    fields = dict(pairs)
    _require(len(fields) == len(pairs), "a field is there twice")
    _require(not any(isinstance(one, (bool, float)) for one in fields.values()), "a number is not an integer")
    return fields


def main(words: list[str]) -> int:
    """Run the program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("pack", "--checkpoint", "--figure"):
        parser.add_argument(name)
    parser.add_argument("--key", required=True)
    parser.add_argument("--events", action="store_true")
    given = parser.parse_args(words)
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    lines = []
    try:
        pack = json.loads(Path(given.pack).read_bytes().decode(), object_pairs_hook=unique)
        seen = Path(given.checkpoint).read_bytes().decode() if given.checkpoint else None
        found = check_pack(pack, Path(given.key).read_text(), seen, given.figure)
        for event in pack["events"] if given.events else []:
            value = (bytes_of(event["value"]) or b"(erased)").decode("utf-8", "replace")
            lines.append(f"{event['topic']}:{event['partition']}={event['offset']} {value}")
    except OSError as error:
        parser.error(str(error))
    except PackInvalid as error:
        found = [f"WRONG: {' '.join(str(error).split())}."]  # one line, whatever the pack has in it
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, struct.error) as error:
        found = [f"WRONG: the pack, the key or the checkpoint is damaged: {error!r}."]
    sys.stdout.write("\n".join([*lines, *found, ""]))
    return 1 if found[0].startswith("WRONG") else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
