"""PatentsView's tables of granted patents since 1976: values separated by tabs, joined by `patent_id`.

Columns are those of PatentsView's Data Download Dictionary for Granted Patent Data. Names of assignees and inventors
are as PatentsView disambiguates them, applicants as printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter

from streams.sources.grants.grant import Grant, GrantParty, Term, parties
from streams.sources.joined import Join, JoinedRow, LookUp
from streams.sources.results import Skip, SkipReason, Unreadable
from streams.sources.tables import DataSet

_WHOLE = re.compile(r"([0-9]+)(?:\.0)?").fullmatch
_INVENTORS_APPLIED_BEFORE = "2012-09-16"  # who may apply is no longer the inventor alone (37 CFR 1.46)


def _grant(tables: Mapping[str, Sequence[JoinedRow]], look_up: LookUp) -> Iterator[Grant]:
    """Yield the grant of one `patent_id`. Raise Skip for a withdrawn one, Unreadable if its own row is missing."""
    if "g_patent" not in tables:
        raise Unreadable(f"rows of {', '.join(sorted(tables))} without a row of g_patent")
    patent = tables["g_patent"][0]
    number = patent["patent_id"]
    if patent.get("withdrawn") in ("1", "1.0", "TRUE"):
        raise Skip(SkipReason.NOT_GRANTED, f"{number} was withdrawn before its issue")
    application = next(iter(tables.get("g_application", ())), {})
    rows = {name: _in_order(tables.get(name, ()), column) for name, column in _SEQUENCES.items()}
    inventors = _parties(rows["g_inventor_disambiguated"], "disambig_inventor_", look_up)
    assignees = _parties(rows["g_assignee_disambiguated"], "disambig_assignee_", look_up)
    applicants = _parties(rows["g_applicant_not_disambiguated"], "raw_applicant_", look_up)
    by_inventors = (application.get("filing_date") or patent.get("patent_date", "")) < _INVENTORS_APPLIED_BEFORE
    citations = (*rows["g_us_patent_citation"], *rows["g_us_application_citation"])
    yield Grant(
        number=number,
        kind=patent.get("wipo_kind"),
        granted_on=patent.get("patent_date", ""),
        us_class={"design": "D", "plant": "PLT"}.get(patent.get("patent_type", "")),
        title=patent.get("patent_title"),
        application=application.get("application_id"),
        filed_on=application.get("filing_date"),
        priorities=[row["filing_date"] for row in tables.get("g_foreign_priority", ()) if "filing_date" in row],
        ipc=[_symbol(row) for row in rows["g_ipc_at_issue"]],
        applicants=applicants or (inventors if by_inventors else assignees) or inventors,
        inventors=inventors,
        assignees=assignees,
        claims=_whole(patent.get("num_claims")),
        citations=[_citation(row) for row in citations],
        term=_term(tables.get("g_us_rel_doc", ()), next(iter(tables.get("g_us_term_of_grant", ())), {})),
    )


def _term(related: Iterable[JoinedRow], printed: JoinedRow) -> Term:
    def days(types: Sequence[str], granted: bool = False) -> list[str]:
        rows = [row for row in related if row.get("related_doc_type") in types]
        return [
            row.get("related_doc_published_date", "")
            for row in rows
            if "child" not in row.get("related_doc_kind", "")
            and ("grant" in row.get("related_doc_kind", "")) == granted
        ]

    originals = days(("reissue",))
    return Term(
        benefits=[*days(_BENEFITS), *originals],
        originals=[(filed, next(iter(days(("reissue",), granted=True)), "")) for filed in originals],
        days=printed.get("term_extension"),
        years=printed.get("term_grant"),
        disclaimed="term_disclaimer" in printed,
        last_day=printed.get("disclaimer_date"),
    )


def _in_order(rows: Iterable[JoinedRow], column: str) -> list[JoinedRow]:
    numbered = [(int(match[1]) if (match := _WHOLE(row.get(column, ""))) else 0, row) for row in rows]
    return [row for _, row in sorted(numbered, key=itemgetter(0))]


def _whole(number: str | None) -> str | None:
    """Return the digits of a whole number, also of one that a program saved with decimals: `12.0`."""
    match = _WHOLE(number or "")
    return match[1] if match else number


def _parties(rows: Iterable[JoinedRow], prefix: str, look_up: LookUp) -> list[GrantParty]:
    return parties((_name(row, prefix), *_country_and_state(row, look_up)) for row in rows)


def _name(row: JoinedRow, prefix: str) -> str:
    """Return the organization, or the person's first and last name."""
    person = next((part for part in (f"{prefix}name", f"{prefix}individual_name") if f"{part}_last" in row), "")
    names = (row.get(f"{person}_first"), row.get(f"{person}_last"))
    return row.get(f"{prefix}organization") or " ".join(filter(None, names))


def _country_and_state(row: JoinedRow, look_up: LookUp) -> tuple[str | None, str | None]:
    if "location_id" in row:
        location = look_up("g_location_disambiguated", row["location_id"])
        return location.get("disambig_country"), location.get("disambig_state")
    if "rawlocation_id" in row:
        location = look_up("g_location_not_disambiguated", row["rawlocation_id"])
        return location.get("raw_country"), location.get("raw_state")
    return None, None


def _symbol(row: JoinedRow) -> str:
    main, sub = row.get("main_group", ""), row.get("subgroup", "")
    return f"{row.get('section', '')}{row.get('ipc_class', '').zfill(2)}{row.get('subclass', '')}{main}/{sub}"


def _citation(row: JoinedRow) -> tuple[str, str, str]:
    number = row.get("citation_patent_id") or row.get("citation_document_number", "")
    return number, row.get("wipo_kind", ""), row.get("citation_date", "")


_SEQUENCES = {
    "g_applicant_not_disambiguated": "applicant_sequence",
    "g_assignee_disambiguated": "assignee_sequence",
    "g_inventor_disambiguated": "inventor_sequence",
    "g_ipc_at_issue": "ipc_sequence",
    "g_us_application_citation": "citation_sequence",
    "g_us_patent_citation": "citation_sequence",
}
"""The column by which the rows of a table are in order."""
_BENEFITS = ("continuation", "division", "continuation-in-part", "continuing-reissue")
_NAMES = "raw_applicant_name_last", "raw_applicant_name_first"

_DATA_SET = DataSet("patentsview", Join("patentsview", _grant))
FORMATS = (
    _DATA_SET.table(
        "g_patent", "patent_id", ("patent_type", "patent_date", "wipo_kind"), "patent_title", "num_claims", "withdrawn"
    ),
    _DATA_SET.table("g_application", "patent_id", ("application_id", "filing_date")),
    _DATA_SET.table(
        "g_ipc_at_issue",
        "patent_id",
        ("ipc_sequence", "section", "ipc_class", "subclass", "main_group", "subgroup"),
    ),
    _DATA_SET.table(
        "g_assignee_disambiguated",
        "patent_id",
        ("assignee_sequence", "disambig_assignee_organization", "location_id"),
        "disambig_assignee_individual_name_first",
        "disambig_assignee_individual_name_last",
    ),
    _DATA_SET.table(
        "g_inventor_disambiguated",
        "patent_id",
        ("inventor_sequence", "disambig_inventor_name_last", "location_id"),
        "disambig_inventor_name_first",
    ),
    _DATA_SET.table(
        "g_applicant_not_disambiguated",
        "patent_id",
        ("applicant_sequence", "raw_applicant_organization"),
        *_NAMES,
        "rawlocation_id",
    ),
    _DATA_SET.table(
        "g_us_patent_citation",
        "patent_id",
        ("citation_sequence", "citation_patent_id"),
        "wipo_kind",
        "citation_date",
    ),
    _DATA_SET.table(
        "g_us_application_citation", "patent_id", ("citation_sequence", "citation_document_number"), "wipo_kind"
    ),
    _DATA_SET.table(
        "g_us_rel_doc",
        "patent_id",
        ("related_doc_type", "related_doc_kind"),
        "related_doc_published_date",
    ),
    _DATA_SET.table(
        "g_us_term_of_grant",
        "patent_id",
        (),
        "term_grant",
        "term_extension",
        "term_disclaimer",
        "disclaimer_date",
        also=("term_grant", "term_disclaimer"),
    ),
    _DATA_SET.table("g_foreign_priority", "patent_id", ("foreign_application_id", "filing_date")),
    _DATA_SET.table("g_location_disambiguated", "location_id", ("disambig_country",), "disambig_state", shared=True),
    _DATA_SET.table("g_location_not_disambiguated", "rawlocation_id", ("raw_country",), "raw_state", shared=True),
    _DATA_SET.others("patent_id", "application_id", "assignee_id", "inventor_id", "location_id", "rawlocation_id"),
)
