"""Answers of TSDR about invented marks: the same facts in ST.66, in two versions of ST.96 and in JSON."""

from __future__ import annotations

import json
from html import unescape
from typing import Any, NamedTuple

OWNERS = [
    (31, "LATER OWNER AFTER REGISTRATION", "Later Ltd", "GB", ""),
    (30, "ORIGINAL REGISTRANT", "Kite &amp; Co", "US", "CALIFORNIA"),
    (20, "OWNER AT PUBLICATION", "Middle Inc.", "US", "TEXAS"),
    (10, "ORIGINAL APPLICANT", "Ada Lovelace", "CA", "ONTARIO"),
]


class MarkFacts(NamedTuple):
    """The facts of a mark. A class is its Nice number, or None, and its numbers in the US classification."""

    serial: str = "75123456"
    filed: str = "1996-02-07-05:00"
    number: str = "2100001"
    registered: str = "1998-08-04-04:00"
    status: str = "700"
    status_on: str = "1998-08-04-04:00"
    classes: list[tuple[str | None, list[str]]] = [("009", ["021", "023"]), ("042", ["100"])]  # noqa: RUF012
    owners: list[tuple[int, str, str, str, str]] = OWNERS
    history: list[tuple[str, str]] = []  # noqa: RUF012
    office: str = "US"


def st66(*marks: MarkFacts) -> str:
    """Return one document in ST.66."""
    return _document(
        '<Transaction xmlns="http://www.wipo.int/standards/XMLSchema/trademarks" '
        'xmlns:ns2="urn:us:gov:doc:uspto:trademark:status"><TradeMarkTransactionBody>',
        "".join(map(_st66, marks)),
        "</TradeMarkTransactionBody></Transaction>",
    )


def _st66(facts: MarkFacts) -> str:
    classes = "".join(
        f"<GoodsServices><ClassDescriptionDetails><ClassDescription><ClassNumber>{nice or national[0]}</ClassNumber>"
        f"<ClassDescriptionExt><ns2:PrimeClassText>{nice or national[0]}</ns2:PrimeClassText>"
        + "".join(f"<ns2:DomesticClassNumbers>{number}</ns2:DomesticClassNumbers>" for number in national)
        + (f"<ns2:NiceClassTitleText>{nice}: Kites</ns2:NiceClassTitleText>" if nice else "")
        + "</ClassDescriptionExt></ClassDescription></ClassDescriptionDetails></GoodsServices>"
        for nice, national in facts.classes
    )
    history = "".join(
        f"<MarkEvent><MarkEventDate>{day}</MarkEventDate><MarkEventCode>{code[:4]}</MarkEventCode></MarkEvent>"
        for code, day in facts.history
    )
    owners = "".join(
        "<Applicant><ApplicantAddressBook><FormattedNameAddress><Name><FreeFormatName><FreeFormatNameDetails>"
        f"<FreeFormatNameLine>{name}</FreeFormatNameLine></FreeFormatNameDetails></FreeFormatName></Name>"
        f"<Address><FormattedAddress><AddressState>{state}</AddressState>"
        f"<FormattedAddressCountryCode>{country}</FormattedAddressCountryCode></FormattedAddress></Address>"
        f"</FormattedNameAddress></ApplicantAddressBook><ApplicantExt><ns2:PartyTypeCode>{code}</ns2:PartyTypeCode>"
        f"<ns2:PartyTypeDescriptionText>{described}</ns2:PartyTypeDescriptionText></ApplicantExt></Applicant>"
        for code, described, name, country, state in facts.owners
    )
    return f"""<TransactionContentDetails><TransactionData><TradeMarkDetails><TradeMark>
<RegistrationOfficeCode>{facts.office}</RegistrationOfficeCode><ApplicationNumber>{facts.serial}</ApplicationNumber>
<ApplicationDate>{facts.filed}</ApplicationDate><RegistrationNumber>{facts.number}</RegistrationNumber>
<RegistrationDate>{facts.registered}</RegistrationDate><MarkCurrentStatusCode>{facts.status}</MarkCurrentStatusCode>
<MarkCurrentStatusDate>{facts.status_on}</MarkCurrentStatusDate>
<GoodsServicesDetails>{classes}</GoodsServicesDetails><MarkEventDetails>{history}</MarkEventDetails>
</TradeMark></TradeMarkDetails><ApplicantDetails>{owners}</ApplicantDetails></TransactionData>
</TransactionContentDetails>"""


def tsdr_json(*marks: MarkFacts) -> str:
    """Return one answer in JSON, in the documented form; no real answer was available."""
    return json.dumps({"trademarks": [_tsdr_json(facts) for facts in marks]}, indent=1)


def _tsdr_json(facts: MarkFacts) -> dict[str, Any]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for code, described, name, country, state in facts.owners:
        owner = {
            "partyType": code,
            "partyTypeDescription": described,
            "name": unescape(name),
            "addressStateCountry": {"stateCountry": {"code": state, "name": state}, "iso": {"code": country}},
        }
        groups.setdefault(str(code), []).append(owner)
    return {
        "status": {
            "serialNumber": int(facts.serial),
            "filingDate": facts.filed[:10],
            "usRegistrationNumber": facts.number,
            "usRegistrationDate": facts.registered[:10] or None,
            "status": int(facts.status),
            "statusDate": facts.status_on[:10],
        },
        "parties": {"ownerGroups": groups},
        "gsList": [
            {
                "primeClassCode": nice or national[0],
                "internationalClasses": [{"code": nice, "description": "Kites"}] if nice else [],
                "usClasses": [{"code": number, "description": "Kites"} for number in national],
            }
            for nice, national in facts.classes
        ],
        "prosecutionHistory": [{"entryCode": code[:4], "entryDate": day} for code, day in facts.history],
    }


def st96(*marks: MarkFacts) -> str:
    """Return one document in ST.96, version 2.2.1 or later."""
    return _document(
        '<ns2:TrademarkTransaction xmlns:ns1="http://www.wipo.int/standards/XMLSchema/ST96/Common" '
        'xmlns:ns2="http://www.wipo.int/standards/XMLSchema/ST96/Trademark">',
        _st96_body("Domestic", marks),
        "</ns2:TrademarkTransaction>",
    )


def st96_of_2012(*marks: MarkFacts) -> str:
    """Return one document in ST.96, version 1_D3."""
    return _document(
        '<tmk:Transaction xmlns:com="http://www.wipo.int/standards/XMLSchema/Common/1" '
        'xmlns:tmk="http://www.wipo.int/standards/XMLSchema/Trademark/1">',
        _st96_body("National", marks).replace("ns1:", "com:").replace("ns2:", "tmk:"),
        "</tmk:Transaction>",
    )


def _st96_body(national: str, marks: tuple[MarkFacts, ...]) -> str:
    bag = "".join(_st96(facts, national) for facts in marks)
    return (
        "<ns2:TrademarkTransactionBody><ns2:TransactionContentBag><ns2:TransactionData>"
        f"<ns2:TrademarkBag>{bag}</ns2:TrademarkBag>"
        "</ns2:TransactionData></ns2:TransactionContentBag></ns2:TrademarkTransactionBody>"
    )


def _st96(facts: MarkFacts, national_kind: str) -> str:
    def classified(kind: str, name: str, number: str) -> str:
        return (
            "<ns2:GoodsServicesClassification>"
            f"<ns2:ClassificationKindCode>{kind}</ns2:ClassificationKindCode><ns2:{name}>{number}</ns2:{name}>"
            "</ns2:GoodsServicesClassification>"
        )

    goods = "".join(
        "<ns2:GoodsServices><ns2:GoodsServicesClassificationBag>"
        + classified("Primary", "ClassNumber", nice or national[0])
        + (classified("Nice", "ClassNumber", nice) if nice else "")
        + "".join(classified(national_kind, "NationalClassNumber", number) for number in national)
        + "</ns2:GoodsServicesClassificationBag></ns2:GoodsServices>"
        for nice, national in facts.classes
    )
    history = "".join(
        f"<ns2:MarkEvent><ns2:NationalMarkEvent><ns2:MarkEventCode>{code}</ns2:MarkEventCode></ns2:NationalMarkEvent>"
        f"<ns2:MarkEventDate>{day}</ns2:MarkEventDate></ns2:MarkEvent>"
        for code, day in facts.history
    )
    owners = "".join(
        f'<ns2:Applicant ns1:sequenceNumber="{code}"><ns1:CommentText>{described}</ns1:CommentText><ns1:Contact>'
        f"<ns1:Name><ns1:EntityName>{name}</ns1:EntityName></ns1:Name><ns1:PostalAddressBag><ns1:PostalAddress>"
        f"<ns1:PostalStructuredAddress><ns1:GeographicRegionName>{state}</ns1:GeographicRegionName>"
        f"<ns1:CountryCode>{country}</ns1:CountryCode></ns1:PostalStructuredAddress></ns1:PostalAddress>"
        "</ns1:PostalAddressBag></ns1:Contact></ns2:Applicant>"
        for code, described, name, country, state in facts.owners
    )
    return f"""<ns2:Trademark><ns1:RegistrationOfficeCode>{facts.office}</ns1:RegistrationOfficeCode>
<ns1:ApplicationNumber><ns1:IPOfficeCode>US</ns1:IPOfficeCode>
<ns1:ApplicationNumberText>{facts.serial}</ns1:ApplicationNumberText></ns1:ApplicationNumber>
<ns1:RegistrationNumber>{facts.number}</ns1:RegistrationNumber><ns2:ApplicationDate>{facts.filed}</ns2:ApplicationDate>
<ns1:RegistrationDate>{facts.registered}</ns1:RegistrationDate>
<ns2:MarkCurrentStatusCode>{facts.status}</ns2:MarkCurrentStatusCode>
<ns2:MarkCurrentStatusDate>{facts.status_on}</ns2:MarkCurrentStatusDate>
<ns2:GoodsServicesBag>{goods}</ns2:GoodsServicesBag><ns2:ApplicantBag>{owners}</ns2:ApplicantBag>
<ns2:MarkEventBag>{history}</ns2:MarkEventBag></ns2:Trademark>"""


def _document(*parts: str) -> str:
    return '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + "".join(parts) + "\n"
