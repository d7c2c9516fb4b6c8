import pytest

from streams.sources.grants.markup import front_of, plain, plain_text_at, texts_by_name
from streams.sources.results import Unreadable
from tests.each_case import each_case

DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE r SYSTEM "absent.dtd" [ ]>
<r a="b"><f><n>1</n><n>2</n><t>A <i>b</i><!-- no --></t></f><broken></r>"""


def front(document: str) -> str:
    return plain(front_of(document.encode(), "r", "f")).strip()


def test_only_the_front_is_parsed() -> None:
    element = front_of(DOCUMENT.encode(), "r", "f")
    assert (plain_text_at(element, "n"), plain_text_at(element, "t"), plain_text_at(element, "x")) == ("1", "A b", "")
    assert texts_by_name(element) == {"n": "2", "t": "A b"}


@pytest.mark.parametrize("end", ["\n", "<!-- x -->\n<?y?>\n", "\n\ufeff"])
def test_text_after_a_document_is_ignored(end: str) -> None:
    assert front(DOCUMENT + end) == front(DOCUMENT)


@each_case(
    ("document", "reason"),
    [
        (DOCUMENT.replace("</r>", ""), "the document is truncated: it has no </r>"),
        (DOCUMENT[:-1], "the document is truncated: it has no </r>"),
        (DOCUMENT.replace("</f>", ""), "the document is truncated: it has no </f>"),
        (DOCUMENT.replace("<f>", "<g>"), "the document has no f"),
        (DOCUMENT + "<?a?><!-- b -->" * 100 + "c", "there is content after"),
        (DOCUMENT + DOCUMENT, "there is content after the document's last tag, </r>"),
        (DOCUMENT.replace("</i>", ""), "f is not well-formed XML: .* of it"),
        (DOCUMENT.replace("UTF-8", "no-such"), "f is not well-formed XML: "),
        (DOCUMENT.replace("[ ]", '[<!ENTITY a "aaaa">]'), "declares its own entities"),
        (DOCUMENT.replace("[ ]", '[<!ENTITY a SYSTEM "file:///etc/hostname">]'), "declares its own entities"),
        (DOCUMENT.replace("[ ]", '[<!ENTITY % a "x NDATA y"><!ENTITY b SYSTEM "c">]'), "declares its own entities"),
    ],
)
def test_a_bad_document_says_what_is_wrong(document: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        front(document)


def test_images_may_be_declared_and_are_not_fetched() -> None:
    declared = DOCUMENT.replace("[ ]", '[<!ENTITY D1.TIF SYSTEM "D1.TIF" NDATA TIF>]')
    assert front(declared) == front(DOCUMENT)


def test_the_declared_encoding_is_kept() -> None:
    document = DOCUMENT.replace("UTF-8", "ISO-8859-1").replace("A <i>", "\u00c5 <i>")
    assert plain_text_at(front_of(document.encode("latin-1"), "r", "f"), "t") == "\u00c5 b"


def test_named_characters_are_replaced_and_unknown_ones_stay() -> None:
    text = "&agr;&bgr;&eegr;&thgr;&mgr;&sfgr;&sgr;&phgr;&khgr;&psgr;&ohgr; &Agr;&EEgr;&Sgr;&OHgr;"
    assert front(f"<r><f>{text}</f></r>") == (
        "\u03b1\u03b2\u03b7\u03b8\u03bc\u03c2\u03c3\u03c6\u03c7\u03c8\u03c9 \u0391\u0397\u03a3\u03a9"
    )
    text = "&mdash; &lsquo;K&alpha;<sub>2</sub>&rsquo; &aring; &amp; &#65;&#x42; &kite;"
    assert front(f"<r><f>{text}</f></r>") == "\u2014 \u2018K\u03b12\u2019 \u00e5 & AB &kite;"


def test_a_prolog_is_not_needed() -> None:
    assert front("<r><f>&eacute;</f></r>") == "\u00e9"
