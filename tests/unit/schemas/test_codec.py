"""Judging a value: every rule, and the order in which they apply."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.codec import DEEPEST, LARGEST_VALUE, Judged, Refusal, _where, judge
from schemas.rules import Rule
from tests.each_case import each_case
from tests.events import asset, corrected, granted, modified, money, registered, value_of, voided

GRANT = granted()
GOOD = value_of(GRANT)


def refused(value: bytes | None) -> Refusal:
    judged = judge(value)
    assert isinstance(judged, Refusal), judged
    return judged


def with_(text: str) -> bytes:
    """Return a good event with one more attribute, inserted as is."""
    return GOOD[:-1] + f", {text}}}".encode()


# ---- the rules, in their order

BROKEN: dict[Rule, list[bytes | None]] = {
    Rule.TOO_LARGE: [GOOD + b" " * (LARGEST_VALUE + 1 - len(GOOD)), "质".encode() * 333_334],
    Rule.EMPTY: [None, b""],
    Rule.NOT_UTF8: [b"\xff", GOOD[:-1] + b"\xe4\xb8}", b'"\xed\xa0\x80"', b"\xc0\xaf"],
    Rule.NOT_JSON: [
        b"\xef\xbb\xbf" + GOOD,
        b" ",
        b"{",
        GOOD + b"x",
        GOOD + GOOD,
        b"NaN",
        b'{"a": -Infinity}',
        b"01",
        b"1.",
        b".5",
        b"'a'",
        b'{"a": 1,}',
        b"[1,]",
        b"// a comment\n{}",
        b'"a\nb"',
        b'"\\x41"',
        b"\x00",
        with_('"x": "\\ud800"'),
        with_('"\\udc00": 1'),
        with_('"x": NaN'),
    ],
    Rule.BAD_ENVELOPE: [
        b"null",
        b"1",
        b"1e400",
        b'"text"',
        b"[]",
        b"{}",
        value_of(GRANT | {"specversion": "0.3"}),
        value_of(GRANT | {"datacontenttype": "text/plain"}),
    ],
    Rule.UNKNOWN_TYPE: [value_of(GRANT | {"type": "ip.patent.granted.v2"}), value_of(GRANT | {"type": ""})],
    Rule.BAD_DATA: [value_of(GRANT | {"data": None}), value_of(granted(right="copyright"))],
}


@each_case(("rule", "value"), [(rule, value) for rule, values in BROKEN.items() for value in values])
def test_a_value_is_refused_by_the_rule_that_it_breaks(rule: Rule, value: bytes | None) -> None:
    assert refused(value).rule is rule


EARLIER_AND_LATER: list[tuple[Rule, bytes]] = [
    (Rule.TOO_LARGE, b"\xff" * (LARGEST_VALUE + 1)),
    (Rule.NOT_UTF8, b'{"a": 1, "a": \xff'),
    (Rule.NOT_JSON, b'{"specversion": "0.3", "a": 1, "a": 2}'),
    (Rule.BAD_ENVELOPE, value_of(GRANT | {"type": "ip.dream.v1", "id": ""})),
    (Rule.BAD_ENVELOPE, value_of(GRANT | {"type": 7})),
    (Rule.UNKNOWN_TYPE, value_of(GRANT | {"type": "ip.dream.v1", "data": 3})),
]


@each_case(("rule", "value"), EARLIER_AND_LATER)
def test_the_first_of_two_broken_rules_is_named(rule: Rule, value: bytes) -> None:
    assert refused(value).rule is rule


def test_the_rules_have_the_order_and_the_names_that_the_book_keeps() -> None:
    assert [(rule.value, rule.label) for rule in Rule] == [
        (9, "unreadable"),
        (1, "too_large"),
        (2, "empty"),
        (3, "not_utf8"),
        (4, "not_json"),
        (5, "bad_envelope"),
        (6, "unknown_type"),
        (7, "bad_data"),
        (8, "misrouted"),
    ]


def test_the_largest_value_is_accepted() -> None:
    assert isinstance(judge(GOOD + b" " * (LARGEST_VALUE - len(GOOD))), Judged)


# ---- JSON, stricter than parsers read it


@each_case(
    "value",
    [
        b'{"a": 1, "a": 1}',
        b'{"a": 1, "\\u0061": 1}',
        b'{"a": [{"b": {"c": 1, "c": 2}}]}',
        with_('"id": "other"'),
        with_('"\\u0069d": "other"'),
        GOOD.replace(b'"region"', b'"office": "CN", "region"'),
        # the first id loses a colon, and an escaped one restores the count
        GOOD.replace(b'"id": "g1"', b'"id": "g1", "id": "g\\u003a1"'),
        GOOD.replace(b'"id": "g1"', b'"id": "g\\u003A1", "id": "g1"'),
        GOOD.replace(b'"id": "g1"', b'"id": {"a": 1}, "id": "g1"'),
    ],
)
def test_a_repeated_key_is_not_json(value: bytes) -> None:
    found = refused(value)
    assert found.rule is Rule.NOT_JSON
    assert "appears twice" in found.message


def test_the_same_key_in_two_objects_is_fine() -> None:
    two = registered(pledgors=[{"name": "a"}, {"name": "b"}], assets=[asset(), asset()])
    assert isinstance(judge(value_of(two)), Judged)


@pytest.mark.parametrize("name", ["\\u0069d", "i\\u0064", "id"])
def test_a_key_may_be_spelled_with_escapes(name: str) -> None:
    assert isinstance(judge(GOOD.replace(b'"id"', f'"{name}"'.encode())), Judged)


def test_an_escaped_colon_in_a_text_is_fine() -> None:
    judged = judge(GOOD.replace(b"urn:", b"urn\\u003a"))
    assert isinstance(judged, Judged)
    assert judged.event.source == "urn:registry:cn-sh"


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_32_deep_is_json_and_33_deep_is_not(opening: str, closing: str) -> None:
    deep = with_(f'"x": {opening * (DEEPEST - 1)}1{closing * (DEEPEST - 1)}')
    deeper = with_(f'"x": {opening * DEEPEST}1{closing * DEEPEST}')
    assert refused(deep).rule is Rule.BAD_ENVELOPE
    assert refused(deeper)[:4] == (Rule.NOT_JSON, "", "json_depth", {"most": 32})


def test_brackets_inside_texts_do_not_nest() -> None:
    title = '[[{{"\\' * 100
    judged = judge(value_of(granted(title=title)))
    assert isinstance(judged, Judged)
    assert judged.event.data.title == title
    assert refused(value_of(granted(title=title, right="x"))).rule is Rule.BAD_DATA


@each_case(
    ("value", "message"),
    [
        (b'{"a": 1', "it ends early, after 7 characters"),
        (b'{"a": 1,}', "syntax error at character 8: '}'"),
        (b"[1 , \n]", "syntax error at character 6: ']'"),
        (b"[1] 2", "syntax error at character 4: '2'"),
        ("[“]".encode(), "syntax error at character 1: '\\u201c]'"),
        (b'{"a": nan}', "syntax error at character 6: 'nan}'"),
        (b"NaN", "NaN is not a JSON number"),
        ("\ufeff{}".encode(), "it begins with a byte order mark"),
        ('{"键": 1, "键": 2}'.encode(), "the key '\\u952e' appears twice"),
        (b'{"\\ud800": 1, "\\ud800": 2}', "the key '\\ud800' appears twice"),
        (b'["\\ud800"]', "a string contains half of a surrogate pair"),
    ],
)
def test_the_message_says_where_json_ends_in_our_own_words(value: bytes, message: str) -> None:
    assert refused(value).message == f"the value is not JSON: {message}"


def test_a_comma_too_many_has_the_same_index_in_every_python() -> None:
    """Python 3.13 names the comma, older ones what follows it; the book must not show which one it was."""
    document = "[1 , \n]"
    newer = json.JSONDecodeError("Illegal trailing comma before end of array", document, 3)
    with pytest.raises(json.JSONDecodeError) as error:
        json.loads(document)
    assert _where(newer) == _where(error.value) == ("json_syntax", {"place": 6, "text": "]"})


# ---- the envelope


@each_case(
    ("attribute", "value", "reason"),
    [
        ("specversion", 1.0, "1.0 must be '1.0'"),
        ("id", "", "it must be 1 to 64 printable characters"),
        ("id", "x" * 65, "it must be 1 to 64 printable characters"),
        ("id", "a\u200bb", "it must be 1 to 64 printable characters"),
        ("id", "a\nb", "it must be 1 to 64 printable characters"),
        ("id", 5, "5 is not a string"),
        ("source", "urn:a b", "it must be a URI reference"),
        ("source", "urn:中", "it must be a URI reference"),
        ("source", "", "it must be a URI reference"),
        ("source", "x" * 257, "it must be a URI reference"),
        ("type", None, "null is not a string"),
        ("subject", "", "it must be 1 to 128 printable characters"),
        ("subject", "x" * 129, "it must be 1 to 128 printable characters"),
        ("time", "2023-05-04", "it must be a time with its zone, such as 2023-05-04T02:00:00Z"),
        ("time", "2023-05-04T02:00:00", "it must be a time with its zone, such as 2023-05-04T02:00:00Z"),
        ("time", "2023-13-04T02:00:00Z", "there is no such time"),
        ("time", 1683165600, "is not a string"),
        ("datacontenttype", "application/xml", "\"application/xml\" must be 'application/json' or another media type"),
        ("datacontenttype", "application/json; charset=gbk", "JSON must be in UTF-8, not gbk"),
        ("data_base64", "e30=", "1 to 64 lower-case letters and digits"),
        ("ext", [1], "[1]: an attribute must be a string, a number, true, false or null"),
        ("ext", {"a": 1}, "an attribute must be a string"),
        ("traceParent", "x", "it must be 1 to 64 lower-case letters and digits"),
        ("trace-parent", "x", "it must be 1 to 64 lower-case letters and digits"),
        ("x" * 65, "x", "it must be 1 to 64 lower-case letters and digits"),
    ],
)
def test_the_envelope_is_exact(attribute: str, value: Any, reason: str) -> None:
    found = refused(value_of(GRANT | {attribute: value}))
    assert (found.rule, found.path, found.envelope) == (Rule.BAD_ENVELOPE, attribute, None)
    assert reason in found.message


def test_data_as_bytes_is_named_and_not_missing() -> None:
    event = {name: value for name, value in GRANT.items() if name != "data"} | {"data_base64": "e30="}
    assert refused(value_of(event))[:4] == (Rule.BAD_ENVELOPE, "data_base64", "data_base64", {})
    assert refused(value_of(event | {"data_base64": None}))[:4] == (Rule.BAD_ENVELOPE, "data", "missing", {})
    assert refused(value_of(event | {"id": ""})).path == "id"


def test_a_batch_is_named() -> None:
    message = refused(b"[" + GOOD + b"," + GOOD + b"]").message
    assert message.endswith("is not an object: a record holds one event, not a batch")
    assert refused(b"[1, 2]").message == "[1, 2] is not an object"


@each_case("attribute", ["specversion", "id", "source", "type", "subject", "data"])
def test_no_attribute_may_be_missing(attribute: str) -> None:
    found = refused(value_of({name: value for name, value in GRANT.items() if name != attribute}))
    assert found[:4] == (Rule.BAD_ENVELOPE, attribute, "missing", {})


@each_case(
    "more",
    [
        {"datacontenttype": "application/json"},
        {"datacontenttype": None},
        {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
        {"sampledrate": 3, "partitionkey": "x", "flag": True, "x1": 0.5, "nothing": None},
        {"id": "x" * 64, "subject": "质" * 128, "source": "x" * 256},
        {"id": "€ 1/2 (a)"},
        {"datacontenttype": "Application/JSON;charset=UTF-8"},
        {"time": None},
        {"time": "2023-05-04T10:00:00.123456789012+08:00"},
        {"time": "2016-12-31T23:59:60Z"},
        {"time": "2023-05-04t02:00:00z"},
    ],
)
def test_what_an_envelope_may_hold(more: dict[str, Any]) -> None:
    assert isinstance(judge(value_of(GRANT | more)), Judged)


@each_case("number", ["1e400", "-1e400", "1e99999999999999999999", "-0", "1" * 20, "9" * 5000, "0.1"])
def test_a_number_of_any_size_is_json(number: str) -> None:
    assert isinstance(judge(with_(f'"x": {number}')), Judged)
    assert refused(GOOD.replace(b'"10000000"', number.encode()))[:2] == (Rule.BAD_DATA, "data.number")


# ---- the data


@each_case(
    ("value", "path", "message"),
    [
        (value_of(granted(colour="red")), "data.colour", "is not a known field"),
        (value_of(granted(right=...)), "data.right", "is missing"),
        (value_of(granted(title="")), "data.title", "is empty"),
        (value_of(granted(ipc=["G06N"])), "data.ipc.0", "IPC symbol 'G06N': it must have 14 characters"),
        (value_of(granted(ipc="G06N0003047500")), "data.ipc", '"G06N0003047500" is not an array'),
        (value_of(granted(applicants=[{"name": 3}])), "data.applicants.0.name", "3 is not a string"),
        (value_of(registered(assets=[asset(), 3])), "data.assets.1", "3 is not an object"),
        (value_of(registered(secured=money("1", "XXX"))), "data.secured", "currency XXX is not an ISO 4217 currency"),
        (
            value_of(registered(assets=[asset(), asset(appraised=money("1.5", "JPY"))])),
            "data.assets.1.appraised",
            "amount 1.5 has 1 decimals, JPY has 0",
        ),
        (value_of(modified(secured=..., debt_to=...)), "data", "at least one of secured, pledgees, debt_to"),
        (value_of(corrected(GRANT, occurred_on="1899-12-31")), "data.data.occurred_on", "1899-12-31"),
        (value_of(voided(GRANT) | {"data": {"target": "g1"}}), "data.reason", "is missing"),
        (value_of(GRANT | {"data": []}), "data", "[] is not an object"),
    ],
)
def test_bad_data_is_placed_and_explained(value: bytes, path: str, message: str) -> None:
    found = refused(value)
    assert (found.rule, found.path) == (Rule.BAD_DATA, path)
    assert message in found.message
    assert found.envelope is not None


def test_a_long_value_is_quoted_shortly() -> None:
    assert len(refused(value_of(granted(right="x" * 10_000))).message) < 200
    assert len(refused(value_of(GRANT | {"type": "x" * 10_000})).message) < 200
    assert len(refused(b'{"' + b"x" * 10_000 + b'": 1, "' + b"x" * 10_000 + b'": 1}').message) < 200


def test_an_optional_field_may_be_null() -> None:
    with_null = registered(secured=None, region=None, debtor=None, assets=[asset(appraised=None)])
    without = registered(secured=..., region=..., debtor=...)
    judged, other = judge(value_of(with_null)), judge(value_of(without))
    assert isinstance(judged, Judged)
    assert judged == other


def test_escaped_chinese_is_the_same_as_chinese() -> None:
    long = registered(pledgors=[{"name": "质" * 2000}], pledgees=[{"name": "押" * 2000}])
    escaped = json.dumps(long).encode()
    assert escaped.count(b"\\u") >= 4000
    assert judge(escaped) == judge(value_of(long))
    assert isinstance(judge(escaped), Judged)


# ---- any bytes


@each_case(
    "value",
    [
        b"[" * LARGEST_VALUE,
        b'{"":' * (LARGEST_VALUE // 4),
        b'"' * LARGEST_VALUE,
        b'"' + b"\\" * (LARGEST_VALUE - 1),
        b"\\" * LARGEST_VALUE,
        b"1" * LARGEST_VALUE,
        b"1." + b"1" * (LARGEST_VALUE - 2),
        b"1e" + b"9" * (LARGEST_VALUE - 2),
        b"-" * LARGEST_VALUE,
        b" " * LARGEST_VALUE,
        b"[" + b"0," * (LARGEST_VALUE // 2 - 2) + b"0]",
        value_of(granted(ipc=[0] * 300_000)),
        value_of(GRANT | {f"x{i}": [] for i in range(60_000)}),
    ],
)
def test_the_worst_megabyte_is_refused_and_not_more(value: bytes) -> None:
    assert refused(value).rule in (Rule.NOT_JSON, Rule.BAD_ENVELOPE, Rule.BAD_DATA)
