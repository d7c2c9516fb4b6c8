"""Documents of XML, read without trust: they come from outside, so nothing that they name is fetched or expanded."""

from __future__ import annotations

import re

from lxml import etree

from streams.sources.results import Unreadable

Element = etree._Element

MOST_ATTRIBUTES = 1000
"""An element has at most so many: libxml2 looks through all that it has for each one more."""

_NAME = rb"[^\s=<>/\"']++"
_crowded = re.compile(
    rb"<" + _NAME + rb"(?:\s++" + _NAME + rb"\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+')){%d}" % (MOST_ATTRIBUTES + 1)
).search


def element(content: bytes, what: str = "the document") -> Element:
    """An element, cut from its file. Raises Unreadable (`{what} is not well-formed XML: ...`), also where it declares
    entities of its own."""
    if b"<!ENTITY" in content:
        raise Unreadable(f"{what} declares entities of its own, which none of this format does")
    if _crowded(content):
        raise Unreadable(f"{what} has an element of more than {MOST_ATTRIBUTES} attributes")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"{what} is not well-formed XML: {error.msg} of it") from error


def parsed(content: bytes) -> Element:
    """The root of a document, all names in it without their namespaces, whose prefixes and versions differ from file
    to file. Raises Unreadable as `element` does."""
    root = element(content)
    for found in root.iter(etree.Element):
        found.tag = str(found.tag).rpartition("}")[2]
        for name, value in found.items():
            if "}" in name:
                del found.attrib[name]
                found.set(str(name).rpartition("}")[2], value)
    return root


def text_at(parent: Element, path: str) -> str:
    """The text of the first element there, without blanks around it; empty where it is not."""
    return (parent.findtext(path) or "").strip()


def texts_at(parent: Element, path: str) -> list[str]:
    """The texts of all elements there that have one."""
    return [text for found in parent.iterfind(path) if (text := (found.text or "").strip())]
