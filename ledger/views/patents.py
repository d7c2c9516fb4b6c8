"""Patents, trademarks and international applications: flows and stocks."""

from __future__ import annotations

from ledger.views.columns import INDUSTRY_NAMES, SUBDIVISIONS
from ledger.views.view import Column, View

_RIGHT = Column("right", "text", "`invention`, `utility_model`, `design` or `plant`", "right")
_OFFICE = Column("office", "WIPO ST.3", "granting office")
_REGION = Column("region", "ISO 3166", "region of the first patentee at the grant")
_INDUSTRY = (
    Column("industry", "code", "industry of the first IPC symbol", "industry"),
    *INDUSTRY_NAMES,
)
_YEAR = Column("year", "year", "year of grant")

_GRANTS = View(
    "grants",
    "Each row counts the patents granted in a year to first patentees of a region: whole counts, each patent "
    "once. Patents that ceased or were declared invalid since are included. Rows add up.",
    (_YEAR, _REGION, _OFFICE, _RIGHT, *_INDUSTRY, Column("grants", "count", "patents granted")),
    main=("year", "region", "office", "right", "industry", "grants"),
)

GRANTS_FRACTIONAL = View(
    "grants_fractional",
    "Each row counts the patents granted in a year to applicants of a country. fractional: each of n applicants "
    "has 1/n of a patent, so rows add up to the number of patents. whole: a patent counts once per country, so "
    "rows do not add up. Source: OECD Patent Statistics Manual (2009), chapter 4.",
    (
        _YEAR,
        Column("country", "ISO 3166-1", "country of applicants"),
        _OFFICE,
        _RIGHT,
        *_INDUSTRY,
        Column("whole", "count", "patents with an applicant from the country"),
        Column("fractional", "ratio", "sum of the parts, exact to 1/720720 of a patent"),
    ),
    uses=("joint_grant", "joint_share", "granted_share"),
    narrowed={
        "industry": {"joint_grant": "joint_grant_of_industry", "granted_share": "granted_share_of_industry"},
        "country": {"granted_share": "granted_share_of_country"},
    },
    main=("year", "country", "office", "industry", "right", "whole", "fractional"),
)

PATENT_LIST = View(
    "patents",
    "Each row is a patent granted up to the day, with its state on that day. in_force = 1 if it has not ceased (a "
    "restoration removes its cessation), is not invalid in full, and its term is not over (China: Patent Law Art. "
    "42, US: 35 U.S.C. 154 and 173, elsewhere: TRIPS Art. 33).",
    (
        Column("patent", "text", "canonical patent id"),
        _REGION,
        _OFFICE,
        _RIGHT,
        _INDUSTRY[0],
        Column("family_id", "text", "id shared by the documents of one invention"),
        Column("filed_on", "date", "filing date", "day"),
        Column("granted_on", "date", "grant date", "day"),
        Column("term_ends_on", "date", "last day of the term, or of the adjusted one", "day"),
        Column("term_disclaimed", "0 or 1", "1: a terminal disclaimer may end the term earlier; its day is unknown"),
        Column("ended_on", "date", "date of cessation or full invalidation, up to the day", "day"),
        Column("in_force", "0 or 1", "in force on the day"),
        Column("preserved", "0 or 1", "preserved by a court on the day"),
        Column("challenged", "0 or 1", "a request for invalidation is open on the day"),
        Column("encumbered", "0 or 1", "asset of a pledge in force on the day"),
    ),
    details=(
        "To count patents in force, count the rows with in_force = 1.",
        "A restoration removes the cessation for all days, whenever it came.",
        (
            "A patent declared invalid is void from the beginning by law (Patent Law Art. 47), but stocks of earlier "
            "days stay as they were."
        ),
        "[Terms](terms.md) shows the term and the last day by office, right and filing date.",
        (
            "US: from the earliest application whose benefit the grant claims (35 U.S.C. 154(a)(2)), with the days of "
            "adjustment and up to the day of a disclaimer, as far as the grant gives them."
        ),
        "patent.term_adjusted gives the last day of a term, whatever the rules give.",
        "If the term is unknown (no filing date, other rights elsewhere), only events end it.",
    ),
    main=(
        "patent",
        "region",
        "industry",
        "in_force",
        "encumbered",
        "challenged",
        "granted_on",
        "term_ends_on",
        "ended_on",
    ),
)

_REGION = Column("region", "ISO 3166", f"{SUBDIVISIONS}; ALL for all", "region")

_TRADEMARKS = View(
    "trademarks",
    "Each row counts a region's trademarks that are valid on the day: registered <= day, not ceased <= day, and "
    "the term, as renewed, not over. Without a known last day: valid until it ceases.",
    (_REGION, Column("trademarks", "count", "valid registrations, each once for all classes")),
    details=(
        (
            "A new term runs from the day after the old one (Trademark Law Art. 40): renewed in the six months after a "
            "term, a mark has no gap. One that is not renewed yet is not valid after its term."
        ),
    ),
)

_PCT = View(
    "pct",
    "Each row counts the international applications filed in a year, on one of two bases that differ and are both "
    "right. `origin`: region or country of the first applicant (WIPO's PCT statistics). `receiving_office`: an "
    "office's own statistics, which include applicants of other countries.",
    (
        Column("year", "year", "year of the international filing date"),
        Column("basis", "text", "`origin` or `receiving_office`"),
        Column(
            "region_or_office",
            "ISO 3166 or ST.3",
            f"{SUBDIVISIONS}; ALL for all",
            "region",
        ),
        Column("filings", "count", "international applications"),
    ),
)

DECADE_RATIO = View(
    "decade_ratio",
    "Each row compares a region with itself ten years before: ratio = value on the day / value on that month-day "
    "then (for 29 February: end of February). Metrics: inventions in force (see `patents`), valid trademarks (see "
    "`trademarks`), international applications by origin filed in the year up to the day. Null if the earlier "
    "value is 0.",
    (
        _REGION,
        Column("metric", "text", "`in_force` (inventions), `trademarks` or `pct_filings`"),
        Column("value", "count", "value on the day"),
        Column("earlier", "count", "value ten years before; 0 if nothing is known"),
        Column("ratio", "ratio", "value / earlier"),
    ),
    details=("For 31 December the applications are those of the calendar year.",),
)

VIEWS = (_GRANTS, GRANTS_FRACTIONAL, PATENT_LIST, _TRADEMARKS, _PCT, DECADE_RATIO)
