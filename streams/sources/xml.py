"""Documents of XML, read without trust: they come from outside, so nothing that they name is fetched or expanded."""

from __future__ import annotations

from lxml import etree

from streams.sources.results import Unreadable

Element = etree._Element


def parsed(content: bytes) -> Element:
    """The root of a document, all names in it without their namespaces, whose prefixes and versions differ from file
    to file. Raises Unreadable if it is not well-formed, or declares entities of its own."""
    if b"<!ENTITY" in content:
        raise Unreadable("the document declares entities of its own, which no document of this format does")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"the document is not well-formed XML: {error.msg} of the document") from error
    for element in root.iter(etree.Element):
        element.tag = etree.QName(element).localname
        for name in [name for name in element.attrib if "{" in str(name)]:
            element.set(etree.QName(name).localname, element.attrib.pop(name))
    return root


def said(element: Element, path: str) -> str:
    """The text of the first element there, without blanks around it; empty where it is not."""
    return (element.findtext(path) or "").strip()


def all_said(element: Element, path: str) -> list[str]:
    """The texts of all elements there that have one."""
    return [text for found in element.iterfind(path) if (text := (found.text or "").strip())]
