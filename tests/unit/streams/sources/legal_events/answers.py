"""Legal answers of OPS about invented patents; the terms of OPS forbid keeping real ones."""

from __future__ import annotations


def legal(
    code: str, day: str = "2021-03-02", office: str = "CN", application: str = "201710000001", **fields: str
) -> str:
    """Return one legal event; `fields` are such as L525EP."""
    announced = "".join(f'<ops:{name} desc="A field">{text}</ops:{name}>' for name, text in fields.items())
    return f"""<ops:legal code="{code:4}" desc="A MEANING" infl=" " dateMigr="00010101">
<ops:pre line="00001">{office}{application:>12}A {day}{code:4} A MEANING</ops:pre>
<ops:L001EP desc="Country Code">{office}</ops:L001EP><ops:L002EP desc="Filing / Published Document">F</ops:L002EP>
<ops:L003EP desc="Document Number">{application:>12}</ops:L003EP><ops:L004EP desc="Kind Code">A</ops:L004EP>
<ops:L007EP desc="Gazette DATE">{day}</ops:L007EP><ops:L008EP desc="Legal Event Code 1">{code}</ops:L008EP>
<ops:L500EP>{announced}</ops:L500EP></ops:legal>"""


def member(*legals: str, documents: str = "CN 107000001 B 20190712", application: str = "") -> str:
    """Return a family's member. Commas separate documents; `application` is office, number and the answer's id."""
    published = "".join(
        f"""<publication-reference><document-id document-id-type="docdb"><country>{country}</country>
<doc-number>{number}</doc-number><kind>{kind}</kind><date>{day}</date></document-id>
<document-id document-id-type="original"><country>{country}</country><doc-number>{number} X</doc-number>
<kind>{kind}</kind><date>19000101</date></document-id>
</publication-reference>"""
        for country, number, kind, day in (document.split() for document in documents.split(", "))
    )
    filed = ""
    if application:
        office, number, doc_id = application.split()
        filed = f"""<application-reference doc-id="{doc_id}"><document-id document-id-type="docdb">
<country>{office}</country><doc-number>{number}</doc-number><kind>A</kind></document-id></application-reference>"""
    return f'<ops:family-member family-id="1">{published}{filed}{"".join(legals)}</ops:family-member>'


def answer(*members: str) -> str:
    """Return one answer."""
    return f"""<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet type="text/xsl" href="/3.2/style/legal.xsl"?>
<ops:world-patent-data xmlns="http://www.epo.org/exchange" xmlns:ops="http://ops.epo.org">
<ops:patent-family legal="true" total-result-count="1">{"".join(members)}</ops:patent-family>
</ops:world-patent-data>
"""
