"""Reasons and their sentences: every code has a sentence that its arguments fill, and both stay small."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, ValidationError

from ledger.files import lines
from ledger.posting.decoding import RecordSource, decode_record
from schemas import identifiers
from schemas.codec import LARGEST_VALUE, Refusal
from schemas.reasons import first_fault, wrong_form
from schemas.topics import TOPICS
from schemas.wording import (
    LONGEST_MESSAGE,
    TEMPLATES,
    Arguments,
    InvalidValue,
    arguments_of,
    arguments_text,
    message_of,
)
from tests.bad_input import cases
from tests.each_case import each_case

OF_A_BATCH = {reason for reason in TEMPLATES if reason.startswith("batch_")} - {"batch_of_events"}
"""Given by `streams.record_batch`, where tests read their sentences."""
OF_IMPORTS = {"in_words", "int_from_float", "int_parsing", "int_parsing_size", "json_invalid", "list_type"}
OF_IMPORTS |= {"model_attributes_type"}
"""Faults of documents; the ledger's own models do not have them."""
OF_THE_BOOK = {"other_bytes", "line_end"}


def _of_the_corpus() -> Iterator[tuple[str, Arguments]]:
    for case in cases():
        origin = RecordSource(case.record.topic, case.record.partition, TOPICS[case.record.topic].partitions)
        refusal = decode_record(origin, case.record.key, case.record.value, case.headers).refusal
        if refusal is not None:
            yield refusal.reason, refusal.arguments


def _further(tmp_path: Path) -> Iterator[tuple[str, Arguments]]:
    for check, text in (
        (identifiers.lei, "?"),
        (identifiers.uscc, "?"),
        (identifiers.party_id, ""),
        (identifiers.us_application_number, "?"),
    ):
        with pytest.raises(InvalidValue) as wrong:
            check(text)
        yield wrong.value.reason, wrong.value.arguments
    for office, number in (("?", "1"), ("JP", "?")):
        with pytest.raises(InvalidValue) as wrong:
            identifiers.publication_number(office, number, "A")
        yield wrong.value.reason, wrong.value.arguments
    for pattern in ("^[0-9]{3}$", "^[A-Z]{3}$", "^[A-Z][0-9]?$"):
        yield wrong_form("?", pattern)
    (tmp_path / "long").write_bytes(b"x" * (LARGEST_VALUE + 3))
    with (tmp_path / "long").open("rb") as source:
        refusal = next(lines(source))
    assert isinstance(refusal, Refusal)
    yield refusal.reason, refusal.arguments


@pytest.mark.slow
def test_every_reason_has_a_sentence_that_its_arguments_fill(tmp_path: Path) -> None:
    found = set()
    for reason, arguments in (*_of_the_corpus(), *_further(tmp_path)):
        found.add(reason)
        filled = {"given" if name in ("array", "object") else name for name in arguments}
        assert filled == {name for _, name, _, _ in Formatter().parse(TEMPLATES[reason]) if name}, reason
        assert arguments_of(arguments_text(arguments)) == arguments
        assert len(arguments_text(arguments)) <= 2000
        assert 0 < len(message_of(reason, arguments)) <= LONGEST_MESSAGE
    assert TEMPLATES.keys() - found == OF_A_BATCH | OF_IMPORTS | OF_THE_BOOK
    assert all(re.fullmatch("[a-z][a-z0-9_]*", reason) for reason in TEMPLATES)


@each_case("text", ["x" * 10**6, "\x1b\x9b\u202e\ud800" * 10**5, "质" * 10**6, "{0.__class__}" * 10**5])
def test_arguments_of_any_value_are_small(text: str) -> None:
    wrong = InvalidValue("media_type", given=text)
    assert len(arguments_text(wrong.arguments)) <= 600
    assert arguments_text(wrong.arguments).isascii()
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202e\ud800]", str(wrong))


def test_arguments_are_the_same_text_in_any_order() -> None:
    assert arguments_text({"b": 1, "a": "质"}) == arguments_text({"a": "质", "b": 1}) == '{"a":"\\u8d28","b":1}'


def test_an_unknown_type_of_error_is_named_and_keeps_its_facts() -> None:
    class Dozens(BaseModel):
        eggs: Annotated[int, Field(multiple_of=12)]

    with pytest.raises(ValidationError) as error:
        Dozens(eggs=13)
    path, reason, arguments = first_fault(error.value)
    assert (path, reason, arguments) == ("eggs", "multiple_of", {"given": "13", "multiple_of": 12})
    assert message_of(reason, arguments) == "13 breaks the rule multiple_of (multiple_of 12)"


@each_case(
    ("text", "kept"),
    [
        ("", {}),
        ("[" * 100_000, {}),
        ("[1]", {}),
        ('{"given": {}, "most": 1}', {"most": 1}),
        (json.dumps({"given": "x" * 10**6}), {"given": "x" * 10**6}),
    ],
)
def test_an_unknown_reason_still_gives_a_sentence(text: str, kept: dict[str, Any]) -> None:
    assert arguments_of(text) == kept
    for reason in (*TEMPLATES, "of a later version", "\x1b[2J"):
        assert 0 < len(message_of(reason, arguments_of(text))) <= LONGEST_MESSAGE
        assert "\x1b" not in message_of(reason, arguments_of(text))
