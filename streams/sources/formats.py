"""What a format of office files is: how a file of it is known, cut into documents, and read.

A format's module ends with a `Format`. An importer's module (see `streams.sources.importers`) lists the formats that it
reads and turns their records into events. docs/formats/README.md shows how to add one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

Boundary = re.Pattern[bytes]
"""Each match begins a document."""

LINE = re.compile(rb"(?<=\n)")
"""Each line is a document."""
PROLOG = re.compile(rb"<\?xml\s")
"""An XML declaration begins a document; well-formed XML has it nowhere else (XML 1.0, section 2.8)."""
WHOLE = re.compile(rb"(?!)")
"""The file is one document."""


class Elements(NamedTuple):
    """The XML elements of this name are the documents; what is around them is walked over."""

    name: bytes


class Items(NamedTuple):
    """The file is one JSON document; the objects in the array of this name, wherever it is, are the documents.

    Without a name it is the outermost array.
    """

    array: str


class Rows(NamedTuple):
    """The file is a table (RFC 4180), its header the first line that begins so; each row is a JSON object of texts.

    Lines above the header that have a name and a value are said of each row, and so is what `about` says of the file
    by its first bytes. It raises Unreadable for a file of which no row can be read.
    """

    header: bytes
    about: Callable[[bytes], Mapping[str, str]] = lambda head: {}


Cut = Boundary | Elements | Items | Rows

Read = Callable[[bytes], Iterator[Any]]
"""The records in one document: none, one or several. Raises Skip, or ValueError for a bad one; what is wrong with a
part of it, the others being well, stands among them."""


class Format(NamedTuple):
    """One format of office files. `recognises` is given the file's first bytes, without blanks before them."""

    name: str
    recognises: Callable[[bytes], bool]
    cut: Cut
    read: Read


def begins(pattern: bytes) -> Callable[[bytes], bool]:
    """A file is known by what it begins with."""
    match = re.compile(pattern).match
    return lambda head: match(head) is not None


def json_with(*names: bytes) -> Callable[[bytes], bool]:
    """A file of JSON is known by the names in its first bytes, all of them."""
    patterns = [re.compile(rb'"' + re.escape(name) + rb'"\s*:') for name in names]
    return lambda head: head[:1] in (b"{", b"[") and all(pattern.search(head) for pattern in patterns)


_BEFORE_ROOT = rb"(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*+"  # nothing is read in two ways


def xml_with(*names: bytes, having: bytes = b"") -> Callable[[bytes], bool]:
    """A file of XML is known by its first element, whatever its namespace's prefix, and by a pattern that its first
    bytes have somewhere."""
    root = rb"<(?:[\w.-]+:)?(?:" + b"|".join(names) + rb")[\s/>]"
    match, search = re.compile(_BEFORE_ROOT + root, re.DOTALL).match, re.compile(having).search
    return lambda head: match(head) is not None and search(head) is not None
