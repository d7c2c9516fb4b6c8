"""Parse untrusted XML: nothing that a document names is fetched or expanded."""

from __future__ import annotations

import re

from lxml import etree

from streams.sources.results import Unreadable

Element = etree._Element

MOST_ATTRIBUTES = 1000
"""Maximum attributes of an element: libxml2 compares each new one with all others."""

_PREFIX = re.compile(rb"(</?)[\w.-]+:|(?<=\s)(?:xmlns:[\w.-]+|(?!xml:)[\w.-]+:[\w.-]+)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_NAME = rb"[^\s=<>/\"']++"
_crowded = re.compile(
    rb"<" + _NAME + rb"(?:\s++" + _NAME + rb"\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+')){%d}" % (MOST_ATTRIBUTES + 1)
).search


def element(content: bytes, what: str = "the document") -> Element:
    """Return an element cut from its file. Raise Unreadable (`{what} is not well-formed XML: ...`), also if it declares
    its own entities."""
    if b"<!ENTITY" in content:
        raise Unreadable(f"{what} declares its own entities, which this format does not use")
    if _crowded(content):
        raise Unreadable(f"{what} has an element of more than {MOST_ATTRIBUTES} attributes")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"{what} is not well-formed XML: {error.msg} of it") from error


def parse_root(content: bytes) -> Element:
    """Return the root of a document, with all names stripped of namespaces, whose prefixes and versions differ between
    files. Raise Unreadable like `element`."""
    root = element(content)
    for found in root.iter(etree.Element):
        found.tag = str(found.tag).rpartition("}")[2]
        for name, value in found.items():
            if "}" in name:
                del found.attrib[name]
                found.set(str(name).rpartition("}")[2], value)
    return root


def without_prefixes(content: bytes) -> bytes:
    """Return a part that was cut from its document without prefixes of names, whose declarations it has lost."""
    return _PREFIX.sub(rb"\1", content)


def text_at(parent: Element, path: str) -> str:
    """Return the stripped text of the first element at this path; empty if there is none."""
    return (parent.findtext(path) or "").strip()


def texts_at(parent: Element, path: str) -> list[str]:
    """Return the non-empty texts of all elements at this path."""
    return [text for found in parent.iterfind(path) if (text := (found.text or "").strip())]
