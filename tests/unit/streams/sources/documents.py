"""Small documents in the office's formats, with invented contents."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import orjson

from streams.sources.results import Imported, Result, Skipped

PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE us-patent-grant SYSTEM "absent.dtd" [ ]>\n'
APPLICANT = """<us-applicant><addressbook><orgname>Kite &amp; Co</orgname>
<address><city>Fresno</city><state>CA</state><country>US</country></address></addressbook></us-applicant>"""
IPC = "<section>G</section><class>06</class><subclass>N</subclass><main-group>3</main-group><subgroup>0475</subgroup>"


def grant_xml(
    number: str = "10000001",
    kind: str = "B2",
    day: str = "20180619",
    title: str = "A kite",
    classes: str = f"<classifications-ipcr><classification-ipcr>{IPC}</classification-ipcr></classifications-ipcr>",
    parties: str = f"<us-parties><us-applicants>{APPLICANT}</us-applicants></us-parties>",
    prolog: str = PROLOG,
    more: str = "",
) -> str:
    """Return one grant in Red Book XML v4.x."""
    return f"""{prolog}<us-patent-grant dtd-version="v4.5 2014-04-03"><us-bibliographic-data-grant>
<publication-reference><document-id><country>US</country><doc-number>{number}</doc-number><kind>{kind}</kind>
<date>{day}</date></document-id></publication-reference>
<application-reference appl-type="utility"><document-id><country>US</country><doc-number>15123456</doc-number>
<date>20160102</date></document-id></application-reference>
{classes}<invention-title id="t">{title}</invention-title>{parties}{more}
</us-bibliographic-data-grant><description><p>Prose.</p></description></us-patent-grant>
"""


def search_line(**changes: Any) -> str:
    """Return one grant as a line of Patent Public Search; `changes` replace its fields."""
    document = {
        "type": "USPAT",
        "publicationReferenceDocumentNumber": "10000001",
        "kindCode": ["B2"],
        "datePublished": "2018-06-19T00:00:00Z",
        "inventionTitle": 'A <span term=""kite"" class="highlight18">kite</span>',
        "mainClassificationCode": "1/1",
        "applicationNumber": "15/123456",
        "applicationFilingDate": ["2016-01-02T00:00:00Z"],
        "priorityClaimsDate": ["2015-03-04T00:00:00Z", "2015-01-02T00:00:00Z"],
        "ipcCodeFlattened": "G06N3/0475;H04L9/40",
        "cpcInventiveFlattened": "G06N3/0475;Y10T428/249956",
        "applicantName": ["Kite &amp; Co"],
        "assigneeName": ["Owner Ltd"],
    }
    return json.dumps(document | changes) + "\n"


def assignment(reel: int | str, frame: int | str, text: str, **changes: Any) -> dict[str, Any]:
    """Return one row of an application's conveyances; `changes` replace its fields."""
    row = {
        "reelNumber": str(reel),
        "frameNumber": str(frame),
        "converyanceName": text,
        "recordedDate": "02-06-2015",
        "mailDate": "NONE",
        "assignors": [{"assignorName": "DEBTOR INC.", "execDate": "02-03-2015"}],
        "assignee": [{"assigneeName": "LENDER BANK", "countryCode": "CALIFORNIA"}],
    }
    return row | changes


def application_line(number: str, *assignments: dict[str, Any], **changes: Any) -> str:
    """Return one application as a line of PEDS; `changes` replace its fields."""
    application = {"applId": number, "appType": "Utility", "appCls": "123", "assignments": [*assignments]}
    return json.dumps(application | changes) + "\n"


def written(path: Path, *documents: str) -> Path:
    """Write these documents to a file, compressed if its name ends in .gz, and return its path."""
    content = "".join(documents).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def event_from(result: Result) -> dict[str, Any]:
    """Return the event of a result that is imported."""
    assert isinstance(result, Imported), result
    event: dict[str, Any] = orjson.loads(result.value)
    return event


def refused(result: Result) -> Skipped:
    """Return the result if it is skipped."""
    assert isinstance(result, Skipped), result
    return result
