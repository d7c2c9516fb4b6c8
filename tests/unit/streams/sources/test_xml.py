"""XML documents are read without trust: no reference in them is fetched or expanded."""

from __future__ import annotations

from pathlib import Path

import pytest

from streams.sources.results import Unreadable
from streams.sources.xml import MOST_ATTRIBUTES, parse_root
from tests.each_case import each_case


def attributes(count: int) -> bytes:
    return b"<r><b" + b"".join(b' a%d="x > y"' % number for number in range(count)) + b"/></r>"


@each_case(
    ("content", "reason"),
    [
        (b"<!DOCTYPE r [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]><r>&b;</r>", "declares its own entities"),
        (b"<!DOCTYPE r [<!ENTITY % a SYSTEM 'file:///etc/passwd'> %a;]><r/>", "declares its own entities"),
        (
            b"<!DOCTYPE r [<!ATTLIST a b CDATA '" + b"x" * 10_000 + b"'>]><r>" + b"<a/>" * 10_000 + b"</r>",
            "amplification",
        ),
        (b"<a>" * 100_000 + b"</a>" * 100_000, "depth"),
        (b"<r a='" + b"x" * 11_000_000 + b"'/>", "limit"),
        (attributes(200_000), "has an element of more than 1000 attributes"),
    ],
)
def test_an_exploding_document_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        parse_root(content)


def test_the_largest_number_of_attributes_is_accepted() -> None:
    assert len(parse_root(attributes(MOST_ATTRIBUTES))[0].attrib) == MOST_ATTRIBUTES


def test_nothing_is_fetched(tmp_path: Path) -> None:
    (tmp_path / "r.dtd").write_text("<!ATTLIST r a CDATA 'fetched'>")
    root = parse_root(f"<!DOCTYPE r SYSTEM '{tmp_path}/r.dtd'><r/>".encode())
    assert not root.attrib
