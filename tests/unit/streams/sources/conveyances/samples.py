"""One invented conveyance in each format of the office."""

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
    """The numbers of a property, as the office writes them without punctuation."""

    application: str = "15123456"
    patent: str = ""
    publication: str = ""
    pct: str = ""


@dataclass(frozen=True)
class Sample:
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

    def but(self, **changes: Any) -> Sample:
        """Return a copy with these fields changed."""
        return replace(self, **changes)


def peds(sample: Sample) -> str:
    """Return the PEDS lines of its applications."""
    row = assignment(
        sample.reel,
        sample.frame,
        sample.text,
        recordedDate=_american(sample.recorded, "-"),
        assignors=[{"assignorName": sample.assignor, "execDate": _american(sample.executed, "-")}],
        assignee=[{"assigneeName": sample.assignee, "countryCode": sample.state}],
    )
    return "".join(
        application_line(each.application, row, **({"patentNumber": each.patent} if each.patent else {}))
        for each in sample.properties
    )


def peds_response(sample: Sample) -> str:
    """Return a PEDS response: one JSON document."""
    docs = [json.loads(line) for line in peds(sample).splitlines()]
    response = {"numFound": len(docs), "start": 0, "docs": docs}
    return json.dumps({"queryId": "q", "queryResults": {"searchResponse": {"response": response}}}, indent=1)


def search(*samples: Sample) -> str:
    """Return a response of the assignment search."""
    docs = "\n".join(map(search_doc, samples))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<response>
<lst name="responseHeader"><int name="status">0</int></lst>
<result name="response" numFound="{len(samples)}" start="0">
{docs}
</result>
</response>
"""


def search_doc(sample: Sample) -> str:
    """Return one `doc` of such a response."""

    def column(name: str, kind: str, values: Sequence[str]) -> str:
        cells = "".join(f"<{kind}>{escape(value or 'NULL')}</{kind}>" for value in values)
        return f'<arr name="{name}">{cells}</arr>'

    every = sample.properties
    fields = [
        f'<str name="id">{sample.reel}-{sample.frame}</str>',
        f'<str name="displayId">{sample.reel:06}-{sample.frame:04}</str>',
        f'<str name="reelNo">{sample.reel}</str><str name="frameNo">{sample.frame}</str>',
        f'<date name="lastUpdateDate">{sample.updated}T13:50:56Z</date><str name="purgeIndicator">{sample.purge}</str>',
        f'<date name="recordedDate">{_midnight(sample.recorded)}</date>',
        f'<str name="conveyanceText">{escape(sample.text or "NULL")}</str>',
        column("patAssignorName", "str", [sample.assignor]),
        column("patAssignorExDate", "date", [_midnight(sample.executed)]),
        column("patAssigneeName", "str", [sample.assignee]),
        column("patAssigneeState", "str", [sample.state]),
        column("patAssigneeCountryName", "str", [""]),
        column("inventionTitle", "str", ["A kite" for _ in every]),
        column("applNum", "str", [each.application for each in every]),
        column("intlRegNum", "str", ["" for _ in every]),
        column("patNum", "str", [each.patent for each in every]),
        column("pctNum", "str", [each.pct for each in every]),
        column("publNum", "str", [each.publication for each in every]),
    ]
    return f"<doc>{''.join(fields)}</doc>"


def center(*samples: Sample) -> str:
    """Return a response of Assignment Center."""
    rows = [center_row(each) for each in samples]
    return json.dumps({"status": "Success", "statusCode": 200, "error": None, "successResponse": {"data": rows}})


def center_row(sample: Sample) -> dict[str, Any]:
    """Return one conveyance of such a response; it has no recorded date."""
    return {
        "reelNumber": sample.reel,
        "frameNumber": sample.frame,
        "correspondentName": "COUNSEL",
        "assignorExecutionDate": _american(sample.executed, "/"),
        "conveyance": f"{sample.text}  ",
        "conveyanceCode": 40,
        "assignors": [{"assignorName": sample.assignor, "executionDate": _american(sample.executed, "/")}],
        "assignees": [sample.assignee],
        "noOfProperties": len(sample.properties),
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
            for number, each in enumerate(sample.properties, start=1)
        ],
    }


def odp(sample: Sample) -> str:
    """Return a response of the Open Data Portal."""
    wrappers = [
        {
            "applicationMetaData": {"applicationTypeCode": "UTL", "class": "123"}
            | ({"patentNumber": each.patent} if each.patent else {}),
            "assignmentBag": [odp_assignment(sample)],
            "applicationNumberText": each.application,
        }
        for each in sample.properties
    ]
    return json.dumps({"count": len(wrappers), "patentFileWrapperDataBag": wrappers})


def odp_assignment(sample: Sample, **changes: Any) -> dict[str, Any]:
    """Return one conveyance of a file wrapper; `changes` replace its fields."""
    return {
        "reelNumber": sample.reel,
        "frameNumber": sample.frame,
        "reelAndFrameNumber": f"{sample.reel:06}/{sample.frame:04}",
        "assignmentRecordedDate": sample.recorded,
        "conveyanceText": sample.text,
        "assignorBag": [{"assignorName": sample.assignor, "executionDate": sample.executed}],
        "assigneeBag": [{"assigneeNameText": sample.assignee, "assigneeAddress": {"geographicRegionCode": "CA"}}],
    } | changes


def padx(*samples: Sample) -> str:
    """Return a daily file of the Patent Assignment XML."""
    elements = "\n".join(map(padx_element, samples))
    inside = elements or "<data-available-code>N</data-available-code>"
    return f"{PADX_DTD}<patent-assignments>{inside}</patent-assignments>\n</us-patent-assignments>\n"


def padx_element(sample: Sample) -> str:
    """Return one conveyance of such a file."""
    properties = "".join(f"<patent-property>{_documents(each)}</patent-property>" for each in sample.properties)
    return (
        f"<patent-assignment><assignment-record><reel-no>{sample.reel}</reel-no><frame-no>{sample.frame}</frame-no>"
        f"<last-update-date><date>{_plain(sample.updated)}</date></last-update-date>"
        f"<purge-indicator>{sample.purge}</purge-indicator>"
        f"<recorded-date><date>{_plain(sample.recorded)}</date></recorded-date>"
        f"<correspondent><name>COUNSEL</name></correspondent>"
        f"<conveyance-text>{escape(sample.text)}</conveyance-text></assignment-record>"
        f"<patent-assignors><patent-assignor><name>{escape(sample.assignor)}</name>"
        f"<execution-date><date>{_plain(sample.executed)}</date></execution-date></patent-assignor></patent-assignors>"
        f"<patent-assignees><patent-assignee><name>{escape(sample.assignee)}</name><city>FRESNO</city>"
        f"<state>{sample.state}</state></patent-assignee></patent-assignees>"
        f"<patent-properties>{properties}</patent-properties></patent-assignment>"
    )


FORMATS: dict[str, Callable[[Sample], str]] = {
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
