"""Packs: what proves a figure, checked by the file that auditors get, and refused after any change."""

from __future__ import annotations

import ast
import base64
import copy
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledger.merkle.hashes import leaf_hash, root_by_inclusion
from ledger.posting.leaf import Leaf, key_hash
from ledger.proof import check_proof
from ledger.proof.audit_file import AuditFile
from ledger.proof.errors import (
    NotExported,
    NothingToProve,
)
from ledger.proof.keys import generate_key
from ledger.proof.note import opened_note
from ledger.proof.pack import record_proof, write_new
from schemas.modes import record_hash
from tests.unit.ledger.proof.conftest import Ledger, largest
from tests.unit.ledger.proof.damages import DAMAGES, Document

pytestmark = pytest.mark.slow

PAGE = Path(check_proof.__file__).with_suffix(".html")


@pytest.fixture
def pack(signed: Ledger) -> Document:
    """Return the pack of one figure."""
    document = signed.prove(largest(signed)).document
    found: Document = json.loads(json.dumps(document))
    return found


def checked(ledger: Ledger, pack: Document, seen: str | None = None, figure: str | None = None) -> list[str]:
    """Check a pack."""
    return check_proof.check_pack(pack, ledger.public.text, seen, figure)


def test_every_figure_can_be_proven(signed: Ledger) -> None:
    signed.grow(600, 900)  # the book is ahead of the checkpoint
    with AuditFile(signed.audit) as file:
        keys = [key for key, _ in file.figures()]
    assert {key.text.split()[0] for key in keys} >= {"pledges", "grants", "loan_disbursements", "valuations"}
    for key in keys[::5]:
        made = signed.prove(key)
        words = checked(signed, made.document, figure=key.text)
        assert words[0] == f"Figure: {key.text}"
        assert made.events == len(made.document["events"]) > 0


def test_a_pack_has_the_figures_of_totals(signed: Ledger, pack: Document) -> None:
    from ledger.book.book import Book
    from ledger.queries.totals import totals

    kind, year, industry = pack["figure"].splitlines()[1].split()
    with Book(signed.path) as book:
        rows = totals(
            book, kind, ["industry", "year"], filters=[f"industry={industry}", f"year={year}"]
        ).shown_as_dicts()
    expected = {
        f"sum corrected {row['currency'] or '-'} {row['events']} {row['with_amount']} {row['amount_minor'] or 0}"
        for row in rows
    }
    assert {line for line in pack["figure"].splitlines() if line.startswith("sum corrected")} == expected


# ---- what is refused


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_changed_pack_is_refused(signed: Ledger, pack: Document, damage: Callable[[Document], None]) -> None:
    before = copy.deepcopy(pack)
    damage(pack)
    assert pack != before
    with pytest.raises(check_proof.PackInvalid):
        checked(signed, pack)
    checked(signed, before)


def test_the_page_judges_as_the_program_does(signed: Ledger, pack: Document, tmp_path: Path) -> None:
    packs = [copy.deepcopy(pack) for _ in (None, *DAMAGES)]
    for changed, damage in zip(packs[1:], DAMAGES, strict=True):
        damage(changed)
    signed.grow(600, 700)
    later, other = signed.sign().note, generate_key(tmp_path / "other", signed.public.name)
    texts, key = [json.dumps(one) for one in packs], signed.public.text
    texts.append(texts[0].replace('"topic"', '"topic": "another", "topic"', 1))
    given = [*([text, key, ""] for text in texts), [texts[0], key, later], [texts[0], other.text, ""], ["{", key, ""]]
    judged = by_the_page("([text, key, seen]) => run(text, key, seen)", given, tmp_path)
    if not judged:
        pytest.skip("the page was not tried: node is not installed here")
    right, *wrong = judged
    assert right[0] == "RIGHT"
    assert right[1] == checked(signed, pack)
    assert [verdict for verdict, _ in wrong] == ["WRONG"] * (len(DAMAGES) + 4)
    assert wrong[len(DAMAGES)][1] == ["a field is there twice"]
    assert "older than" in wrong[-3][1][0]
    assert not [text for _, (text,) in wrong[: len(DAMAGES)] if "damaged" in text and "unicode" in text]


def by_the_page(function: str, given: list[Any], directory: Path) -> list[Any]:
    """Return the results of a function in the page's language for each of these; nothing without node."""
    node = shutil.which("node")
    if node is None:
        return []
    script = PAGE.read_text("utf-8").rpartition("<script>")[2].partition("</script>")[0]
    script += f""";const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
      process.stdout.write(JSON.stringify(given.map({function})));"""
    (directory / "page.js").write_text(script)
    done = subprocess.run(
        [node, directory / "page.js"], input=json.dumps(given), capture_output=True, text=True, check=True
    )
    found: list[Any] = json.loads(done.stdout)
    return found


def on_the_page(packs: list[Document], key: str, directory: Path) -> list[Any]:
    """Return the page's verdicts on packs; nothing without node."""
    return by_the_page(f'pack => run(JSON.stringify(pack), {json.dumps(key)}, "")', packs, directory)


def test_the_hashes_of_the_page_are_those_of_a_library(tmp_path: Path) -> None:
    contents = [bytes(at % 251 for at in range(size)) for size in (*range(260), 100_000)]
    found = by_the_page(
        "text => [sha256, sha512].map(hash => hex(hash(unhex(text))))",
        [content.hex() for content in contents],
        tmp_path,
    )
    right = [[sha256(content).hexdigest(), sha512(content).hexdigest()] for content in contents]
    assert found in ([], right)


def test_the_page_refuses_what_is_not_hexadecimal(tmp_path: Path) -> None:
    words = ["0", "0g", "g0", "0A", " 0", "0\n", "0é", "0\u0130", "\u01300", "00\u0661\u0661", None, 10, ["00"]]
    found = by_the_page(
        "text => { try { return hex(unhex(text)); } catch (error) { return error instanceof PackInvalid; } }",
        [*words, "00ff"],
        tmp_path,
    )
    assert found in ([], [*[True] * len(words), "00ff"])


def test_a_page_has_its_pack(signed: Ledger) -> None:
    made = signed.prove(largest(signed))
    made.document["figure"] += "</script><script>"
    page = made.page.decode()
    assert page.count("<script") == PAGE.read_text("utf-8").count("<script")
    assert json.loads(page.partition('id="pack">')[2].partition("</script>")[0]) == json.loads(made.content)


def test_an_added_event_is_refused(signed: Ledger, pack: Document) -> None:
    """Another record of the log, with its right proof."""
    with AuditFile(signed.audit) as file:
        others = [key for key, _ in file.figures() if key.text.startswith("pledges")]
    more = [signed.prove(key).document["events"] for key in others]
    known = [(one["partition"], one["offset"]) for one in pack["events"]]
    added = next(one for events in more for one in events if (one["partition"], one["offset"]) not in known)
    pack["events"].append(added)
    with pytest.raises(check_proof.PackInvalid, match="was added"):
        checked(signed, pack)


def test_every_single_character_counts(signed: Ledger, pack: Document) -> None:
    """Change each text and number of the pack, one at a time."""
    pack["events"] = pack["events"][:]
    for path in _leaves(pack):
        changed = copy.deepcopy(pack)
        node = changed
        for step in path[:-1]:
            node = node[step]
        value = node[path[-1]]
        node[path[-1]] = value + 1 if isinstance(value, int) else f"{value[:-1]}{chr(ord(value[-1]) ^ 1)}"
        with pytest.raises((check_proof.PackInvalid, ValueError, KeyError, IndexError)):
            checked(signed, changed)


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for step, one in pairs:
            yield from _leaves(one, (*path, step))
    else:
        yield path


def test_another_key_figure_or_checkpoint_is_refused(signed: Ledger, pack: Document, tmp_path: Path) -> None:
    note = pack["checkpoint"]
    name = pack["figure"].splitlines()[1]
    checked(signed, pack, note, name)
    with pytest.raises(check_proof.PackInvalid, match=f"about {name}, not pledges 1999 AI"):
        checked(signed, pack, note, "pledges 1999 AI")
    other = generate_key(tmp_path / "other", signed.public.name)
    with pytest.raises(check_proof.PackInvalid, match="no signature of the key"):
        check_proof.check_pack(pack, other.text, None, None)
    signed.grow(600, 900)
    later = signed.sign().note
    with pytest.raises(check_proof.PackInvalid, match="older than the one that you have"):
        checked(signed, pack, later)
    newer = signed.prove(largest(signed)).document
    with pytest.raises(check_proof.PackInvalid, match="newer than"):
        checked(signed, newer, note)
    for part in ("statement", "statement_proof", "figure", "figure_proof", "figure_index", "postings", "events"):
        with pytest.raises(check_proof.PackInvalid):
            checked(signed, newer | {part: pack[part]})
    old = {name: pack[name] for name in pack if name != "checkpoint"}
    with pytest.raises(check_proof.PackInvalid):
        checked(signed, old | {"checkpoint": later})


# ---- one record


def test_any_record_can_be_proven(signed: Ledger) -> None:
    signed.grow(600, 900)
    topic_partition = max(signed.log, key=lambda one: len(signed.log[one]))
    for offset in sorted(signed.log[topic_partition])[:20]:
        proof, _, note = record_proof(signed.path, signed.audit, topic_partition, offset).partition("\n\n")
        checkpoint = opened_note(note.encode(), [signed.public], "it")
        assert checkpoint.origin == f"{signed.public.name}/v7/{topic_partition[0]}/{topic_partition[1]}"
        title, extra, index, *hashes = proof.split("\n")
        assert title == "c2sp.org/tlog-proof@v1"
        entry = base64.b64decode(extra.removeprefix("extra "))
        record = signed.log[topic_partition][offset]
        assert Leaf.parse(entry)[4:] == (offset, record.timestamp, key_hash(record.key), record_hash(record.value))
        root = root_by_inclusion(
            leaf_hash(entry),
            int(index.removeprefix("index ")),
            checkpoint.head.size,
            list(map(base64.b64decode, hashes)),
        )
        assert root == checkpoint.head.root
    for missing in (max(signed.log[topic_partition]), max(signed.log[topic_partition]) + 1):
        with pytest.raises(NothingToProve):
            record_proof(signed.path, signed.audit, topic_partition, missing)


# ---- the checker by itself


def test_the_checker_is_one_file_of_the_standard_library() -> None:
    tree = ast.parse(Path(check_proof.__file__).read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names == {"__future__", "argparse", "base64", "hashlib", "json", "pathlib", "struct", "sys", "typing"}


def test_the_checker_runs_alone(signed: Ledger, pack: Document, tmp_path: Path) -> None:
    program = tmp_path / "check_proof.py"
    program.write_bytes(Path(check_proof.__file__).read_bytes())
    (tmp_path / "pack").write_text(json.dumps(pack))
    (tmp_path / "seen").write_text(pack["checkpoint"])

    def run(*words: str) -> tuple[int, str]:
        command = [sys.executable, "-I", str(program), *words]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    code, words = run("pack", "--key", "key.pub", "--checkpoint", "seen", "--events")
    assert (code, words.splitlines()[-1]) == (0, "RIGHT.")
    assert words.count("ip.pledge.v1:") == len(pack["events"])
    assert run("pack", "--key", "key.pub", "--figure", "grants 2020 AI")[0] == 1
    pack["events"].pop()
    (tmp_path / "pack").write_text(json.dumps(pack))
    code, words = run("pack", "--key", "key.pub")
    assert code == 1
    assert "omitted" in words
    (tmp_path / "pack").write_text('{"format": 1, "format": 2}')
    code, found = run("pack", "--key", "key.pub")
    assert (code, "twice" in found) == (1, True)
    for number in ("1.0", "true"):
        (tmp_path / "pack").write_text(f'{{"events": [{{"offset": {number}}}]}}')
        assert "not an integer" in run("pack", "--key", "key.pub")[1]
    lies = {**pack["events"][0], "topic": "x\nRIGHT.\ud800"}
    for damage in ("{", "[" * 200_000, json.dumps(pack | {"events": [lies]})):
        (tmp_path / "pack").write_text(damage)
        code, found = run("pack", "--key", "key.pub")
        assert (code, found.count("\n"), found[:6]) == (1, 1, "WRONG:")
    assert run("missing", "--key", "key.pub")[0] == 2
    assert run("pack")[0] == 2
    assert run("--help")[0] == 0


@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=200), index=st.integers(0, 63))
def test_its_ed25519_agrees_with_that_of_a_library(seed: bytes, message: bytes, index: int) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert check_proof.is_signed(public, message, signature)
    assert not check_proof.is_signed(public, message + b"x", signature)
    changed = signature[:index] + bytes([signature[index] ^ 1]) + signature[index + 1 :]
    try:
        assert not check_proof.is_signed(public, message, changed)
    except check_proof.PackInvalid:
        assert index < 32


def test_its_ed25519_refuses_other_forms_of_a_signature() -> None:
    private = Ed25519PrivateKey.generate()
    public, signature = private.public_key().public_bytes_raw(), private.sign(b"x")
    scalar = int.from_bytes(signature[32:], "little") + check_proof.ORDER
    assert not check_proof.is_signed(public, b"x", signature[:32] + scalar.to_bytes(32, "little"))
    assert not check_proof.is_signed(public, b"x", signature + b"\x00")
    assert not check_proof.is_signed(public[:-1], b"x", signature)


def test_the_hash_of_a_record_in_binary_mode_is_that_of_the_ledger(tmp_path: Path) -> None:
    headers = [(b"ce_specversion", b"1.0"), (b"ce_id", None), (b"content-type", b"application/json"), (b"other", b"x")]
    attributes = [
        [{"text": "ce_id"}, None],
        [{"text": "ce_specversion"}, {"text": "1.0"}],
        [{"text": "content-type"}, {"base64": "YXBwbGljYXRpb24vanNvbg=="}],
    ]
    assert check_proof.value_hash(b"{}", attributes) == record_hash(b"{}", headers)
    assert check_proof.value_hash(None, None) == record_hash(None)


def test_a_pack_is_written_once(tmp_path: Path) -> None:
    write_new(tmp_path / "pack", b"1")
    with pytest.raises(NotExported):
        write_new(tmp_path / "pack", b"2")
    assert (tmp_path / "pack").read_bytes() == b"1"
