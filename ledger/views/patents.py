"""Patents, trademarks and international applications: flows and stocks."""

from __future__ import annotations

from ledger.views.columns import INDUSTRY_NAMES
from ledger.views.view import Column, View

_RIGHT = Column("right", "text", "`invention`, `utility_model`, `design` or `plant`", "right")
_OFFICE = Column("office", "WIPO ST.3", "the office that granted")
_REGION = Column("region", "ISO 3166", "of the first patentee at the grant; null where not said")
_INDUSTRY = (
    Column("industry", "code", "industry of the first IPC symbol", "industry"),
    *INDUSTRY_NAMES,
)
_IN_FORCE = (
    "granted <= day; not ceased <= day (a restoration, whenever it came, takes the cessation back for all days); not "
    "declared invalid in full <= day (by law it is void from the beginning, but stocks of days before stay as they "
    "were: Patent Law Art. 47); the term not over. Terms: China 20, 10, 15 years from filing for inventions, utility "
    "models, designs (Patent Law Art. 42; designs filed before 2021-06-01: 10); US 20 from filing (35 U.S.C. 154; "
    "applications before 1995-06-08: or 17 from grant, whichever is longer), designs 15 from grant (14 if filed before "
    "2015-05-13; 35 U.S.C. 173); elsewhere inventions 20 from filing (TRIPS Art. 33), utility models 10 in JP, KR, TW; "
    "as adjusted by patent.term_adjusted. A term that is not known (no filing date, other rights elsewhere) ends by "
    "what is said only"
)

_YEAR = Column("year", "year", "of the grant date")

GRANTS = View(
    "grants",
    "patents granted, by the year of the grant date and the region said (the first patentee's): whole counts, each "
    "patent once. As with all grants, patents that ceased or were declared invalid since are counted. Rows add up",
    (_YEAR, _REGION, _OFFICE, _RIGHT, *_INDUSTRY, Column("grants", "count", "patents granted in the year")),
)

GRANTS_FRACTIONAL = View(
    "grants_fractional",
    "patents granted, by the year of the grant date and the applicants' countries. `fractional`: each of a patent's n "
    "applicants stands for 1/n of it in its own country, so that rows add up to the number of patents. `whole`: a "
    "patent counts once in each country that it has applicants in, so that rows do not add up. Source: OECD Patent "
    "Statistics Manual (2009), chapter 4, on whole and fractional counts",
    (
        _YEAR,
        Column("country", "ISO 3166-1", "of applicants; null where it was not said"),
        _OFFICE,
        _RIGHT,
        *_INDUSTRY,
        Column("whole", "count", "patents with an applicant of the country"),
        Column("fractional", "ratio", "sum of the applicants' parts, exact to 1/720720 of a patent"),
    ),
    uses=("granted_document",),
    narrowed={"industry": {"granted_document": "granted_document_of_industry"}},
)

PATENT_LIST = View(
    "patents",
    "one row a patent granted up to the day, as it is on that day. How many are in force: count the rows with in_force "
    "= 1, by region, office, right or industry. In force: " + _IN_FORCE,
    (
        Column("patent", "text", "the patent's id"),
        _REGION,
        _OFFICE,
        _RIGHT,
        _INDUSTRY[0],
        Column("family_id", "text", "the same for all documents of one invention; null where not said"),
        Column("filed_on", "date", "filing date; null where not said", "day"),
        Column("granted_on", "date", "grant date", "day"),
        Column("term_ends_on", "date", "the last day of its term, as adjusted; null where not known", "day"),
        Column("ended_on", "date", "the first day of its cessation or full invalidation, if up to the day", "day"),
        Column("in_force", "0 or 1", "in force on the day"),
        Column("preserved", "0 or 1", "a court preserves it on the day"),
        Column("challenged", "0 or 1", "a request to declare it invalid is open on the day"),
        Column("encumbered", "0 or 1", "an asset of a pledge in force on the day"),
    ),
)

_PLACE = Column(
    "region", "ISO 3166", "a country's takes in its subdivisions'; ALL for the whole; null where not said", "region"
)

TRADEMARKS = View(
    "trademarks",
    "trademarks valid on the day: registered <= day, not ceased <= day, and the last day of the term, as last renewed "
    "up to the day, not passed; where no such day was said, valid until it ceases. The six months in which a term that "
    "is over may still be renewed (Trademark Law Art. 40) are not added: a renewal counts from its own date on",
    (_PLACE, Column("trademarks", "count", "valid on the day, of all classes; a registration counts once")),
)

PCT = View(
    "pct",
    "international applications by the year of the international filing date, on two bases that never agree and are "
    "both right: by origin, the region or country of the first applicant (WIPO's PCT statistics), and by receiving "
    "office (an office's own statistics; it also receives from applicants of other countries)",
    (
        Column("year", "year", "of the international filing date"),
        Column("basis", "text", "`origin` or `receiving_office`"),
        Column(
            "place",
            "ISO 3166 or ST.3",
            "a country's takes in its subdivisions'; ALL for the whole; null: not said",
            "region",
        ),
        Column("filings", "count", "international applications"),
    ),
)

DECADE_RATIO = View(
    "decade_ratio",
    "value on the day / value on the same month and day ten years before (of 29 February: at the end of February), of "
    "inventions in force (see patents), of valid trademarks (see trademarks), and of international applications by "
    "origin filed in the year up to the day (on 31 December: in the year); null where the earlier value is 0",
    (
        _PLACE,
        Column("metric", "text", "`in_force` (inventions), `trademarks` or `pct_filings`"),
        Column("value", "count", "on the day"),
        Column("earlier", "count", "ten years before; 0 where nothing is known"),
        Column("ratio", "ratio", "value / earlier"),
    ),
)

VIEWS = (GRANTS, GRANTS_FRACTIONAL, PATENT_LIST, TRADEMARKS, PCT, DECADE_RATIO)
