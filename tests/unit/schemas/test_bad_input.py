"""The corpus of bad input, judged case by case: the rule, the path, the reason and its wording."""

from __future__ import annotations

import re

from ledger.posting.decoding import RecordSource, decode_record
from schemas.rules import Rule
from schemas.topics import TOPICS
from tests.bad_input import Case, cases
from tests.each_case import each_case

CASES = cases()
LIBRARY = re.compile(r"Input should be|\[type=|For further information|should have at (?:least|most)")
"""Sentences of the validation library, meant for programmers."""
PROGRAM = re.compile(
    r"https?://|(?<!['\"])\bNone\b|\bdict\b|\bstr\b|\blist\b|<class|b'|datetime\.|\[0-9\]|\^\[|_error\b|_type\b|pydantic"
)
"""Words of Python, regular expressions and libraries; a producer's value may contain them."""
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202f\ufeff]")


@each_case("case", CASES)
def test_a_case_has_the_expected_outcome(case: Case) -> None:
    origin = RecordSource(case.record.topic, case.record.partition, TOPICS[case.record.topic].partitions)
    refusal = decode_record(origin, case.record.key, case.record.value, case.headers).refusal
    if case.outcome != "rejected":
        assert refusal is None
        return
    assert refusal is not None, "it was accepted"
    assert (refusal.rule.label, refusal.message) == (case.rule, refusal.message)
    assert refusal.path.startswith(case.path)
    assert len(refusal.path) <= len(case.path) or "..." in refusal.path
    assert case.message in refusal.message
    assert_fit_for_people(refusal.path, refusal.message)
    assert not PROGRAM.search(refusal.message), refusal.message


def assert_fit_for_people(path: str, message: str) -> None:
    """Assert that a path and a message are readable on any screen."""
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


def test_the_patterns_find_programmers_words() -> None:
    for text in ("Input should be a valid string", "[type=value_error, ", "For further information visit"):
        assert LIBRARY.search(text)
    for text in ("see https://x", "<class 'int'>", "is None", "does not match ^[0-9]+$", "b'\\xff'"):
        assert PROGRAM.search(text)
    good = '"2023-5-4": it must be a date such as 2023-05-04'
    assert not LIBRARY.search(good)
    assert not PROGRAM.search(good)
