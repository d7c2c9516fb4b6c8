"""The objects in an array are cut byte for byte, with any size of chunks and in any surroundings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.sources.json_items import BrokenJson, items
from tests.each_case import each_case

pytestmark = pytest.mark.slow

MOST = 10_000
SCALARS = st.none() | st.booleans() | st.integers() | st.text(st.sampled_from('\\"[]{},: ab质\n'), max_size=6)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('ab\\"', max_size=3), inner, max_size=3),
)
DOCUMENTS = st.lists(VALUES, max_size=5)


def chunked(content: bytes, size: int) -> Iterator[bytes]:
    at = 0
    while at < len(content):
        end = at + size
        while len(part := content[at:end]) - len(part.rstrip(b"\\")) & 1 and end < len(content):
            end += 1
        yield part
        at = end


def cut(content: str, array: str, size: int = 2**20, most: int = MOST) -> list[bytes]:
    return list(items(chunked(content.encode(), size), array, most))


@pytest.mark.parametrize("indent", [None, 1])
@given(data=DOCUMENTS, size=st.integers(3, 50))
def test_objects_are_cut_with_any_size_of_chunks(data: list[Any], size: int, indent: int | None) -> None:
    objects = [value for value in data if isinstance(value, dict | list)]
    around = {"before": data, "more": {"data": objects, "x": data}, "after": [data, {}]}
    for content, array in ((around, "data"), (objects, "")):
        found = cut(json.dumps(content, ensure_ascii=False, indent=indent), array, size)
        assert [json.loads(item) for item in found] == objects


@given(data=DOCUMENTS)
def test_other_values_are_items_too(data: list[Any]) -> None:
    assert [json.loads(item) for item in cut(json.dumps({"data": data}), "data")] == data


@each_case(
    ("content", "found"),
    [
        ('{"data": {"a": 1}}', ['{"a": 1}']),
        ('[{"data": [{"a": 1}]}, {"data": [{"b": 1}]}]', ['{"a": 1}', '{"b": 1}']),
        ('{"data": [{"data": [{"a": 1}]}]}', ['{"data": [{"a": 1}]}']),
        ('{"x": ["data", [1]], "y": "data", "data": [{}]}', ["{}"]),
        ('{"data": 5, "z": {"data" : [ {} , [] ] }}', ["{}", "[]"]),
        ('{"data": []}', []),
        ('{"data": [{"n": 1.50, "n": 1e400, "n": -0}]}', ['{"n": 1.50, "n": 1e400, "n": -0}']),
    ],
)
def test_an_array_is_found_by_its_name(content: str, found: list[str]) -> None:
    assert [item.decode() for item in cut(content, "data")] == found
    assert [item.decode() for item in cut(content, "data", 3)] == found


@each_case(
    ("content", "read", "reason"),
    [
        ('{"data": [{"a": 1}, {"b"', 1, "it is truncated"),
        ('{"data": [{"a": 1}, {"b": "', 1, "it is truncated"),
        ('{"data": [{"a": 1}', 1, "it is truncated"),
        ('{"data": [{"a": 1}]', 1, "it is truncated"),
        ('{"data": "', 0, "it is truncated"),
        ('{"data": [{"a": 1} {"b": 2}]}', 1, "its items are not separated by commas"),
        ('{"data": [{"a": 1}, , {"b": 2}]}', 1, "its items are not separated by commas"),
        ('{"data": [{"a": 1}}', 1, "its items are not separated by commas"),
        ('{"data": [{"a": 1}]}}', 1, "it has an extra closing bracket"),
        ('{"other": []}', 0, "it has no array of the name 'data'"),
        ("", 0, "it has no array of the name 'data'"),
    ],
)
def test_a_broken_document_is_read_up_to_the_fault(content: str, read: int, reason: str) -> None:
    found = items(chunked(content.encode(), 5), "data", MOST)
    assert [json.loads(next(found)) for _ in range(read)] == [{"a": 1}][:read]
    with pytest.raises(BrokenJson, match=reason):
        list(found)


def test_an_item_that_is_too_large_is_returned_once_and_truncated() -> None:
    large = json.dumps({"text": '\\"]' * 1000})
    found = cut(f'{{"data": [{{}}, {large}, {{"b": 1}}]}}', "data", 7, most=100)
    assert [len(item) for item in found] == [2, 101, 8]


@pytest.mark.parametrize(
    "inner", ["[" * 500_000 + "]" * 500_000, "9" * 1_000_000, '"' + "\\\\" * 500_000 + '"', "{}," * 300_000 + "1"]
)
def test_the_time_is_linear_in_the_bytes(inner: str) -> None:
    """Each would take minutes or gigabytes if bytes were scanned repeatedly."""
    content = f'{{"before": [{inner}], "data": [[{inner}], {{"a": 1}}]}}'
    assert len(cut(content, "data", most=10**7)) == 2
    assert len(cut(content, "data", 1000)) == 2
