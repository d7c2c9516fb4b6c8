"""A file's format is recognised by its first bytes."""

from __future__ import annotations

from streams.sources.formats import begins, json_with, xml_with
from tests.each_case import each_case


@each_case(
    ("head", "known"),
    [
        (b"<response>", True),
        (b'<?xml version="1.0"?>\n<!-- made <today> -->\n<response attribute="">', True),
        (b'<?xml version="1.0"?><!DOCTYPE response SYSTEM "a.dtd" [\n<!ENTITY a "b">\n]>\n<ns2:response/>', True),
        (b"<?a?><!-- b -->" * 100 + b"<response>", True),
        (b"<?a?><!-- b -->" * 100 + b"<answer>", False),
        (b"<responses>", False),
        (b"<answer><response>", False),
        (b"response", False),
        (b"", False),
    ],
)
def test_xml_is_recognised_by_its_first_element(head: bytes, known: bool) -> None:
    assert xml_with(b"request", b"response")(head) is known


@each_case(
    ("head", "known"),
    [
        (b'{"b": [{"a" : 1', True),
        (b'[{"a":{"b":', True),
        (b'{"a": 1}', False),
        (b'{"a": "b"}', False),
        (b'"a": "b":', False),
    ],
)
def test_json_is_recognised_by_all_of_its_names(head: bytes, known: bool) -> None:
    assert json_with(b"a", b"b")(head) is known


def test_text_is_recognised_by_its_beginning() -> None:
    assert begins(rb"PATN\s")(b"PATN\nWKU")
    assert not begins(rb"PATN\s")(b" PATN\n")
