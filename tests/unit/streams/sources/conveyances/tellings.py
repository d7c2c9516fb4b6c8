"""One invented conveyance, told in each format of the office."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from xml.sax.saxutils import escape

from tests.unit.streams.sources.documents import application_line, assignment

PADX_DTD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE us-patent-assignments [
<!ELEMENT us-patent-assignments (action-key-code, transaction-date, patent-assignments)>
<!ATTLIST us-patent-assignments dtd-version CDATA #IMPLIED>
<!ELEMENT patent-assignments (data-available-code | patent-assignment+)>
<!ELEMENT patent-assignment (assignment-record, patent-assignors, patent-assignees, patent-properties)>
]>
<us-patent-assignments dtd-version="0.3" date-produced="20150207">
<action-key-code>DA</action-key-code><transaction-date><date>20150206</date></transaction-date>
"""


@dataclass(frozen=True)
class Property:
    """Its numbers, as the office writes them without punctuation."""

    application: str = "15123456"
    patent: str = ""
    publication: str = ""
    pct: str = ""


@dataclass(frozen=True)
class Told:
    """A conveyance; days are ISO texts."""

    reel: int = 45455
    frame: int = 1
    text: str = "SECURITY INTEREST (SEE DOCUMENT FOR DETAILS)."
    recorded: str = "2015-02-06"
    executed: str = "2015-02-03"
    assignor: str = "KITE & CO"
    assignee: str = "LENDER BANK"
    state: str = "CALIFORNIA"
    properties: Sequence[Property] = (Property(patent="9424304"),)
    updated: str = "2015-02-09"
    purge: str = "N"

    def but(self, **changes: Any) -> Told:
        """The same with other facts."""
        return replace(self, **changes)


def peds(told: Told) -> str:
    """The lines of its applications."""
    row = assignment(
        told.reel,
        told.frame,
        told.text,
        recordedDate=_american(told.recorded, "-"),
        assignors=[{"assignorName": told.assignor, "execDate": _american(told.executed, "-")}],
        assignee=[{"assigneeName": told.assignee, "countryCode": told.state}],
    )
    return "".join(
        application_line(each.application, row, **({"patentNumber": each.patent} if each.patent else {}))
        for each in told.properties
    )


def peds_answer(told: Told) -> str:
    """The same as the one document that an answer is."""
    docs = [json.loads(line) for line in peds(told).splitlines()]
    response = {"numFound": len(docs), "start": 0, "docs": docs}
    return json.dumps({"queryId": "q", "queryResults": {"searchResponse": {"response": response}}}, indent=1)


def search(*told: Told) -> str:
    """An answer of the assignment search."""
    docs = "\n".join(map(search_doc, told))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<response>
<lst name="responseHeader"><int name="status">0</int></lst>
<result name="response" numFound="{len(told)}" start="0">
{docs}
</result>
</response>
"""


def search_doc(told: Told) -> str:
    """One `doc` of it."""

    def column(name: str, kind: str, values: Sequence[str]) -> str:
        cells = "".join(f"<{kind}>{escape(value or 'NULL')}</{kind}>" for value in values)
        return f'<arr name="{name}">{cells}</arr>'

    every = told.properties
    fields = [
        f'<str name="id">{told.reel}-{told.frame}</str><str name="displayId">{told.reel:06}-{told.frame:04}</str>',
        f'<str name="reelNo">{told.reel}</str><str name="frameNo">{told.frame}</str>',
        f'<date name="lastUpdateDate">{told.updated}T13:50:56Z</date><str name="purgeIndicator">{told.purge}</str>',
        f'<date name="recordedDate">{_midnight(told.recorded)}</date>',
        f'<str name="conveyanceText">{escape(told.text or "NULL")}</str>',
        column("patAssignorName", "str", [told.assignor]),
        column("patAssignorExDate", "date", [_midnight(told.executed)]),
        column("patAssigneeName", "str", [told.assignee]),
        column("patAssigneeState", "str", [told.state]),
        column("patAssigneeCountryName", "str", [""]),
        column("inventionTitle", "str", ["A kite" for _ in every]),
        column("applNum", "str", [each.application for each in every]),
        column("intlRegNum", "str", ["" for _ in every]),
        column("patNum", "str", [each.patent for each in every]),
        column("pctNum", "str", [each.pct for each in every]),
        column("publNum", "str", [each.publication for each in every]),
    ]
    return f"<doc>{''.join(fields)}</doc>"


def center(*told: Told) -> str:
    """An answer of Assignment Center."""
    rows = [center_row(each) for each in told]
    return json.dumps({"status": "Success", "statusCode": 200, "error": None, "successResponse": {"data": rows}})


def center_row(told: Told) -> dict[str, Any]:
    """One conveyance of it; it has no recorded date."""
    return {
        "reelNumber": told.reel,
        "frameNumber": told.frame,
        "correspondentName": "COUNSEL",
        "assignorExecutionDate": _american(told.executed, "/"),
        "conveyance": f"{told.text}  ",
        "conveyanceCode": 40,
        "assignors": [{"assignorName": told.assignor, "executionDate": _american(told.executed, "/")}],
        "assignees": [told.assignee],
        "noOfProperties": len(told.properties),
        "properties": [
            {
                "sequenceNumber": number,
                "applicationNumber": each.application or None,
                "internationalRegistrationNumber": None,
                "patentNumber": each.patent,
                "pctNumber": each.pct or None,
                "publicationNumber": each.publication or None,
                "publicationDate": "",
            }
            for number, each in enumerate(told.properties, start=1)
        ],
    }


def odp(told: Told) -> str:
    """An answer of the Open Data Portal."""
    wrappers = [
        {
            "applicationMetaData": {"applicationTypeCode": "UTL", "class": "123"}
            | ({"patentNumber": each.patent} if each.patent else {}),
            "assignmentBag": [odp_assignment(told)],
            "applicationNumberText": each.application,
        }
        for each in told.properties
    ]
    return json.dumps({"count": len(wrappers), "patentFileWrapperDataBag": wrappers})


def odp_assignment(told: Told, **changes: Any) -> dict[str, Any]:
    """One conveyance of a wrapper; `changes` replace its fields."""
    return {
        "reelNumber": told.reel,
        "frameNumber": told.frame,
        "reelAndFrameNumber": f"{told.reel:06}/{told.frame:04}",
        "assignmentRecordedDate": told.recorded,
        "conveyanceText": told.text,
        "assignorBag": [{"assignorName": told.assignor, "executionDate": told.executed}],
        "assigneeBag": [{"assigneeNameText": told.assignee, "assigneeAddress": {"geographicRegionCode": "CA"}}],
    } | changes


def padx(*told: Told) -> str:
    """A daily file of the Patent Assignment XML."""
    elements = "\n".join(map(padx_element, told))
    inside = elements or "<data-available-code>N</data-available-code>"
    return f"{PADX_DTD}<patent-assignments>{inside}</patent-assignments>\n</us-patent-assignments>\n"


def padx_element(told: Told) -> str:
    """One conveyance of it."""
    properties = "".join(f"<patent-property>{_documents(each)}</patent-property>" for each in told.properties)
    return (
        f"<patent-assignment><assignment-record><reel-no>{told.reel}</reel-no><frame-no>{told.frame}</frame-no>"
        f"<last-update-date><date>{_plain(told.updated)}</date></last-update-date>"
        f"<purge-indicator>{told.purge}</purge-indicator>"
        f"<recorded-date><date>{_plain(told.recorded)}</date></recorded-date>"
        f"<correspondent><name>COUNSEL</name></correspondent>"
        f"<conveyance-text>{escape(told.text)}</conveyance-text></assignment-record>"
        f"<patent-assignors><patent-assignor><name>{escape(told.assignor)}</name>"
        f"<execution-date><date>{_plain(told.executed)}</date></execution-date></patent-assignor></patent-assignors>"
        f"<patent-assignees><patent-assignee><name>{escape(told.assignee)}</name><city>FRESNO</city>"
        f"<state>{told.state}</state></patent-assignee></patent-assignees>"
        f"<patent-properties>{properties}</patent-properties></patent-assignment>"
    )


FORMATS: dict[str, Callable[[Told], str]] = {
    "peds-json": peds,
    "assignment-search-xml": search,
    "assignment-center-json": center,
    "odp-json": odp,
    "padx-xml": padx,
}


def _documents(of: Property) -> str:
    ids = (of.application, "X0"), (of.publication, "A1"), (of.patent, "B2"), (of.pct, "A1")
    return "".join(
        f"<document-id><country>US</country><doc-number>{number}</doc-number><kind>{kind}</kind></document-id>"
        for number, kind in ids
        if number
    )


def _american(day: str, between: str) -> str:
    year, month, date = day.split("-") if day else ("", "", "")
    return between.join((month, date, year)) if day else ""


def _midnight(day: str) -> str:
    return f"{day or '0001-01-01'}T0{4 if day else 0}:00:00Z"


def _plain(day: str) -> str:
    return day.replace("-", "")
