"""A format of office files: how to recognise a file, cut it into documents, and read them.

A format's module ends with a `Format`. An importer's module (see `streams.sources.importers`) lists the formats that it
reads and turns their records into events. docs/formats/README.md shows how to add one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

Boundary = re.Pattern[bytes]
"""Each match begins a document."""

LINE = re.compile(rb"(?<=\n)")
"""Each line is a document."""
PROLOG = re.compile(rb"<\?xml\s")
"""An XML declaration begins a document; well-formed XML has it nowhere else (XML 1.0, section 2.8)."""
WHOLE_FILE = re.compile(rb"(?!)")
"""The file is one document."""


class XmlElements(NamedTuple):
    """The documents are the XML elements of this name; everything around them is skipped."""

    name: bytes


class JsonItems(NamedTuple):
    """The file is one JSON document; the documents are the objects in the array of this name, wherever it is.

    Without a name it is the outermost array.
    """

    array: str


class TableRows(NamedTuple):
    """The file is a table (RFC 4180); its header is the first line that begins with this text, separated by commas;
    each row becomes a JSON object of texts. A header without text is the first line: cells are then separated as its
    names are, see `separator_of`. With `columns`, a row has only these, in any case and with small letters.

    Lines above the header with a name and a value are added to each row, as are the values that `about` derives from
    the file's first bytes. It raises Unreadable for a file without any readable row. A row with more or fewer cells
    than the header is bad; `short` lets rows leave out the last ones, as people do who write them. A cell that is not
    UTF-8 makes its row bad.
    """

    header: bytes
    about: Callable[[bytes], Mapping[str, str]] = lambda head: {}
    short: bool = False
    columns: Collection[str] = ()


def column_of(name: str) -> str:
    """Return the name of a column as the formats know it: without spaces around it, in small letters."""
    return name.strip().lower()


def separator_of(header: str) -> str:
    """Return the character that separates the names in a table's first line: comma, tab, semicolon or bar."""
    return max(",\t;|", key=header.count)


class TaggedDocuments(NamedTuple):
    """Each match begins a document; bytes before the first match belong to none."""

    tag: Boundary


class Beginning:
    """The first bytes of the file are its only document; the rest is not read."""


Cut = Boundary | XmlElements | JsonItems | TableRows | TaggedDocuments | Beginning

ReadDocument = Callable[[bytes], Iterator[Any]]
"""Yields the records in one document: none, one or several. Raise Skip, or ValueError for a bad document; if only a
part is bad, yields the exception among the records."""


class Format(NamedTuple):
    """One format of office files. `recognises` gets the file's first bytes, without leading white space."""

    name: str
    recognises: Callable[[bytes], bool]
    cut: Cut
    read: ReadDocument


def begins(pattern: bytes) -> Callable[[bytes], bool]:
    """Return a test that recognises a file by its beginning."""
    match = re.compile(pattern).match
    return lambda head: match(head) is not None


def json_with(*names: bytes) -> Callable[[bytes], bool]:
    """Return a test that recognises a JSON file by all these names in its first bytes."""
    patterns = [re.compile(rb'"' + re.escape(name) + rb'"\s*:') for name in names]
    return lambda head: head[:1] in (b"{", b"[") and all(pattern.search(head) for pattern in patterns)


def json_without(array: bytes, *names: bytes) -> Callable[[bytes], bool]:
    """Return a test that recognises a JSON answer without any document: its array of this name is empty, and it has all
    these names."""
    empty, has_names = re.compile(rb'"' + re.escape(array) + rb'"\s*:\s*\[\s*\]').search, json_with(*names)
    return lambda head: empty(head) is not None and has_names(head)


_BEFORE_ROOT = rb"(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*+"  # one way to read everything


def xml_with(*names: bytes, having: bytes = b"") -> Callable[[bytes], bool]:
    """Return a test that recognises an XML file by its first element, whatever its namespace prefix, and by a pattern
    anywhere in its first bytes."""
    root = rb"<(?:[\w.-]+:)?(?:" + b"|".join(names) + rb")[\s/>]"
    match, search = re.compile(_BEFORE_ROOT + root, re.DOTALL).match, re.compile(having).search
    return lambda head: match(head) is not None and search(head) is not None
