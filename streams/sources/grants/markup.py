"""The front matter of a marked-up grant: cut out, parsed alone, with access to its texts.

Files are untrusted. Only the front matter is parsed, with our own prolog: the document's declarations are not seen,
nothing is fetched, and no entity is expanded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html.entities import html5

from lxml import etree

from streams.sources.results import Unreadable
from streams.sources.xml import Element, element

_DECLARATION = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z][\w.-]*)[\"']").search
_PARSED_ENTITY = re.compile(rb"<!ENTITY(?![^>]*\sNDATA\s)").search
_MARK = rb"\xef\xbb\xbf"  # the byte order mark of the next concatenated file
_AFTER = re.compile(rb"(?>\s+|<!--.*?-->|<\?.*?\?>|" + _MARK + rb")*+", re.DOTALL).fullmatch


def front_of(content: bytes, root: str, name: str, repair: Callable[[bytes], bytes] = lambda front: front) -> Element:
    """Return the first element `name` of a document, whose last end tag must be that of `root`. The rest of the
    document is not read and may be malformed.

    Raise Unreadable for a truncated document, and for a bad front.
    """
    begin = re.search(b"<" + name.encode() + rb"[\s>]", content)
    if begin is None:
        raise Unreadable(f"the document has no {name}")
    end = _behind(content, name, begin.start())
    if not _AFTER(content, _behind(content, root, end)):
        raise Unreadable(f"there is content after the document's last tag, </{root}>")
    if _PARSED_ENTITY(content, 0, begin.start()):
        raise Unreadable("the document declares its own entities, which this format does not use")
    declared = _DECLARATION(content, 0, begin.start())
    prolog = b'<?xml version="1.0" encoding="%b"?><!DOCTYPE front SYSTEM "">' % (declared[1] if declared else b"UTF-8")
    return element(prolog + repair(content[begin.start() : end]), name)


def _behind(content: bytes, name: str, start: int) -> int:
    tag = f"</{name}>".encode()
    found = content.find(tag, start)
    if found < 0:
        raise Unreadable(f"the document is truncated: it has no </{name}>")
    return found + len(tag)


def plain_text_at(parent: Element, path: str) -> str:
    """Return the text of the first element at this path, without its markup; empty if there is none."""
    found = parent.find(path)
    return "" if found is None else plain(found).strip()


def texts_by_name(parent: Element) -> dict[str, str]:
    """Return the texts of an element's children by name; for repeated names the last one."""
    return {str(child.tag): plain(child).strip() for child in parent}


def plain(within: Element) -> str:
    """Return the text inside an element, without its markup."""
    text = within.text or ""
    for child in within:
        tag = child.tag
        if isinstance(tag, str):
            text += plain(child)
        elif tag is etree.Entity:
            text += _character(str(child.name))
        text += child.tail or ""
    return text


_GREEK = "a b g d e z ee th i k l m n x o p r sf s t u ph kh ps oh"  # in alphabetical order
_LETTERS = {f"{name}gr": chr(ord("\u03b1") + index) for index, name in enumerate(_GREEK.split())}
_CAPITALS = {f"{name[:-2].upper()}gr": letter.upper() for name, letter in _LETTERS.items() if name != "sfgr"}
_CHARACTERS = {name.removesuffix(";"): text for name, text in html5.items()} | _LETTERS | _CAPITALS


def _character(name: str) -> str:
    # The missing DTDs declare the characters of ISO 8879 and ISO 9573. HTML has nearly all under the same names, but
    # Greek letters (`&agr;`) only under those of symbols. An unknown name stays as written.
    return _CHARACTERS.get(name, f"&{name};")
