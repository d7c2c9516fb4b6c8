"""Small grants in the office's older formats, with invented contents."""

from __future__ import annotations

from streams.sources.grants.grant import Grant, granted
from tests.unit.streams.sources.documents import event_from

PROLOG_24 = """<!DOCTYPE PATDOC PUBLIC "-//USPTO//DTD ST.32 US PATENT GRANT V2.4 2000-09-20//EN" [
<!ENTITY US06200001-20010313-D00000.TIF SYSTEM "US06200001-20010313-D00000.TIF" NDATA TIF>
]>
"""
PROLOG_25 = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE PATDOC SYSTEM "ST32-US-Grant-025xml.dtd" [
<!ENTITY US06400001-20020604-D00000.TIF SYSTEM "US06400001-20020604-D00000.TIF" NDATA TIF>
]>
"""
_CITED = "<B561><PCIT><DOC><DNUM><PDAT>{}</PDAT></DNUM><DATE><PDAT>{}</PDAT></DATE>{}</DOC></PCIT>{}</B561>"


def cited(number: str, date: str, more: str = "", by: str = "<CITED-BY-EXAMINER/>") -> str:
    """Return one citation of PATDOC."""
    return _CITED.format(number, date, more, by)


def party(tag: str, name: str, address: str) -> str:
    """Return one party of PATDOC."""
    return f"<{tag}><PARTY-US><NAM>{name}</NAM><ADR>{address}</ADR></PARTY-US></{tag}>"


INVENTOR = party(
    "B721",
    "<FNM><PDAT>Ada</PDAT></FNM><SNM><STEXT><PDAT>M&uuml;ller</PDAT></STEXT></SNM>",
    "<CITY><PDAT>Ames</PDAT></CITY><STATE><PDAT>IA</PDAT></STATE>",
)
ASSIGNEE = party("B731", "<ONM><STEXT><PDAT>Kite &amp; Co</PDAT></STEXT></ONM>", "<CTRY><PDAT>JP</PDAT></CTRY>")


def patdoc(
    number: str = "06400001",
    kind: str = "B1",
    day: str = "20020604",
    title: str = "<PDAT>A kite</PDAT>",
    ipc: str = "<B511><PDAT>G06F 1516</PDAT></B511><B512><PDAT>G06F 1300</PDAT></B512>",
    us_class: str = "709202",
    citations: str = "",
    parties: str = f"<B720>{INVENTOR}</B720><B730>{ASSIGNEE}</B730>",
    prolog: str = PROLOG_25,
    dtd: str = '"2.5"',
    end: str = "</PATDOC>",
) -> str:
    """Return one grant in ST.32 markup, v2.5 by default."""
    return f"""{prolog}<PATDOC DTD={dtd} STATUS="Build 20020101">
<SDOBI>
<B100><B110><DNUM><PDAT>{number}</PDAT></DNUM></B110><B130><PDAT>{kind}</PDAT></B130>
<B140><DATE><PDAT>{day}</PDAT></DATE></B140><B190><PDAT>US</PDAT></B190></B100>
<B200><B210><DNUM><PDAT>09413215</PDAT></DNUM></B210><B220><DATE><PDAT>19991005</PDAT></DATE></B220></B200>
<B300><B310><DNUM><PDAT>971605</PDAT></DNUM></B310><B320><DATE><PDAT>19970408</PDAT></DATE></B320></B300>
<B500><B510>{ipc}<B516><PDAT>7</PDAT></B516></B510><B520><B521><PDAT>{us_class}</PDAT></B521></B520>
<B540><STEXT>{title}</STEXT></B540><B560>{citations}</B560><B570><B577><PDAT>22</PDAT></B577></B570></B500>
<B700>{parties}</B700>
</SDOBI>
<SDODE><PARA ID="P-1"><PTEXT><PDAT>Prose with <EMI ID=E1 FILE="x.TIF"> &weird ; marks.</PDAT></PTEXT></PARA></SDODE>
{end}
"""


def sgml(**changes: str) -> str:
    """Return one grant as in the weekly files of 2001."""
    known = {
        "number": "06200001",
        "day": "20010313",
        "citations": cited("D. 271298", "19831100", by="<CITED-BY-EXAMINER>")
        + "<B562><NCIT>x</NCIT><CITED-BY-OTHER></B562>",
        "prolog": PROLOG_24,
        "dtd": "2.4",
    }
    return patdoc(**known | changes).replace("</B570></B500>", "</B570><B590><B597US></B590></B500>")


def aps(**changes: str) -> str:
    """Return one grant in APS text; `changes` replace or add fields of PATN, or the text of whole sections."""
    known = {
        "WKU": "039373754",
        "SRC": "5",
        "APN": "5184541",
        "APD": "19741029",
        "TTL": "A kite with a\n      tail",
        "ISD": "19760210",
        "NCL": "3",
        "INVT": "NAM  Lovelace; Ada\nCTY  Ames\nSTA  IA\nINVT\nNAM  Curie, Jr.; Marie\nCTY  Paris\nCNT  FRX\n",
        "ASSG": "NAM  Kite & Co\nCTY  Kyoto\nCNT  JPX\n",
        "PRIR": "CNT  JPX\nAPD  19731029\nAPN  53/84696\n",
        "CLAS": "OCL  224 4207\nXCL  214450\nEDF  2\nICL  B60R  900\nICL  G01G 1904\n",
        "UREF": "PNO  2542907\nISD  19510200\nUREF\nPNO  D238214\nISD  19751200\nNAM  Smith\n",
    }
    fields = known | changes
    patn = "".join(f"{tag:<4} {value}\n" for tag, value in fields.items() if len(tag) == 3)
    sections = "".join(f"{tag}\n{text}" for tag, text in fields.items() if len(tag) == 4 and text)
    return f"PATN\n{patn}{sections}ABST\nPAL  Prose.\nCLMS\nNUM  1.\nPAR  1. NAM  Nobody\n"


def subject_and_data(grant: Grant) -> tuple[str, dict[str, object]]:
    """Return the subject and the data of a grant's event."""
    event = event_from(granted(grant))
    return event["subject"], event["data"]
