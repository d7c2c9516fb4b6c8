"""The corpus of bad input, judged one by one at its place: the rule, the place, the reason, and how it is said."""

from __future__ import annotations

import re

import pytest

from ledger.posting.entry import Origin, read
from schemas.rules import Rule
from schemas.topics import TOPICS
from tests.bad_input import Case, cases

CASES = cases()
LIBRARY = re.compile(r"Input should be|\[type=|For further information|should have at (?:least|most)")
"""Sentences of a library, meant for programmers."""
PROGRAM = re.compile(
    r"https?://|(?<!['\"])\bNone\b|\bdict\b|\bstr\b|\blist\b|<class|b'|datetime\.|\[0-9\]|\^\[|_error\b|_type\b|pydantic"
)
"""Words of Python, of patterns and of a library; but a producer may have said them."""
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202f\ufeff]")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_is_judged_as_it_must_be(case: Case) -> None:
    origin = Origin(case.record.topic, case.record.partition, TOPICS[case.record.topic].partitions)
    refusal = read(origin, case.record.key, case.record.value, case.headers).refusal
    if case.outcome != "rejected":
        assert refusal is None
        return
    assert refusal is not None, "it was taken"
    assert (refusal.rule.label, refusal.message) == (case.rule, refusal.message)
    assert refusal.path.startswith(case.path)
    assert len(refusal.path) <= len(case.path) or "..." in refusal.path
    assert case.message in refusal.message
    assert_fit_for_people(refusal.path, refusal.message)
    assert not PROGRAM.search(refusal.message), refusal.message


def assert_fit_for_people(path: str, message: str) -> None:
    """A sentence that anybody can read, on any screen."""
    assert message
    assert len(message) <= 400
    assert len(path) <= 80
    assert not LIBRARY.search(message), message
    assert not UNPRINTABLE.search(message + path), message


def test_the_corpus_is_a_corpus() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
    rules = {rule.label for rule in Rule if rule is not Rule.UNREADABLE}  # of a batch, not of a value
    assert {case.rule for case in CASES} == {*rules, "conflict", None}
    assert {case.outcome for case in CASES} == {"accepted", "duplicate", "conflict", "rejected"}


def test_the_words_are_those_that_are_meant() -> None:
    """The patterns above find what they are for."""
    for said in ("Input should be a valid string", "[type=value_error, ", "For further information visit"):
        assert LIBRARY.search(said)
    for said in ("see https://x", "<class 'int'>", "is None", "does not match ^[0-9]+$", "b'\\xff'"):
        assert PROGRAM.search(said)
    good = '"2023-5-4": it must be a date such as 2023-05-04'
    assert not LIBRARY.search(good)
    assert not PROGRAM.search(good)
