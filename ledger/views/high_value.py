"""High-value inventions: the union of CNIPA's five criteria, also per 10,000 residents."""

from __future__ import annotations

from ledger.views.columns import SUBDIVISIONS
from ledger.views.view import Column, View

_JUDGED = (
    "granted_area",
    "policy_level",
    "policy_in_force",
    "patent_on_day",
    "invention",
    "high_value_policy",
    "high_value_parameter",
    "high_value_area",
    "high_value_patent",
)
_COUNTED = (*_JUDGED, "high_value_count")
_IN_AREA = {"region": {"granted_area": "area_asked", "patent_on_day": "patent_on_day_in_area"}}

_REGION = Column("region", "ISO 3166", f"{SUBDIVISIONS}; ALL for all", "region")
_CRITERIA = (
    Column("c1", "count", "strategic emerging industry (tag `sei`)"),
    Column("c2", "count", "a patent of the family granted at another office"),
    Column("c3", "count", "maintained for more than `years`"),
    Column("c4", "count", "pledged for `pledge_least` or more; without it, for any amount above 0"),
    Column("c5", "count", "State Science and Technology Award or China Patent Award"),
    Column("c2_loose", "count", "c2 read loosely: any family document at another office; not in high_value"),
)
_PARAMETERS = (
    Column("years", "decimal", "years for c3: policy `high_value_years`, else 10"),
    Column("years_from", "text", "start of the years for c3: `filing` or `grant` (default)"),
    Column("pledge_least", "decimal text", "threshold for c4: policy `high_value_pledge`"),
    Column("pledge_currency", "ISO 4217 code", "currency of pledge_least"),
)

_OFFICE = (
    "Of patentees in China only inventions granted by CNIPA count, as its definition asks (HK, MO and TW aside); of "
    "others those of any office."
)
_RULES = (
    _OFFICE,
    ("C1: tagged `sei` by a document's tags or patent.tagged, never guessed from the IPC."),
    (
        "C2: a patent of the same family_id granted at another office up to the day, because CNIPA's definition asks "
        "for patent rights overseas. c2_loose also counts documents that are only filed or published there, "
        "international applications (WO) too."
    ),
    "C3: the day is after the one that completes `years` since grant or filing (unknown: no).",
    (
        "C4: asset of a pledge registered up to the day, in force or not, whose whole secured amount after its "
        "last change up to the day is known and reaches the threshold; amounts in another currency do not."
    ),
    "C5: an award up to the day.",
    "Parameters are the most specific policies (see the glossary) for the row's region on the day.",
    "CNIPA's definition sets neither the start of the years nor the amount.",
)

HIGH_VALUE_COUNTS = View(
    "high_value",
    "Each row counts a region's inventions in force on the day that meet at least one of five criteria, each "
    "once; also those per criterion, and those that meet exactly 1 to 5. Source: CNIPA's definition of high-value "
    "invention patents (14th Five-Year Plan, 2021). share = high_value / in_force.",
    (
        _REGION,
        Column("in_force", "count", "inventions in force on the day"),
        Column("high_value", "count", "inventions that meet at least one criterion"),
        Column("share", "ratio", "high_value / in_force"),
        *_CRITERIA,
        Column("high_value_loose", "count", "inventions of high value if c2_loose counts instead of c2"),
        *(Column(f"exactly_{n}", "count", f"those that meet exactly {n} of the five criteria") for n in range(1, 6)),
        *_PARAMETERS,
    ),
    details=_RULES,
    uses=_COUNTED,
    narrowed=_IN_AREA,
    main=("region", "in_force", "high_value", "share", "c1", "c2", "c3", "c4", "c5"),
)

HIGH_VALUE_PATENTS = View(
    "high_value_patents",
    "Each row is an invention in force on the day that meets at least one of CNIPA's five criteria for high-value "
    "invention patents (14th Five-Year Plan, 2021), by the parameters of its own region.",
    (
        Column("patent", "text", "canonical patent id"),
        Column("region", "ISO 3166", "region of the first patentee"),
        Column("granted_on", "date", "grant date", "day"),
        Column("family_id", "text", "family id"),
        Column("criteria", "count", "number of criteria met"),
        *(column._replace(unit="0 or 1") for column in _CRITERIA),
        *_PARAMETERS,
    ),
    details=_RULES,
    uses=(*_JUDGED, "high_value_own"),
    narrowed={
        "region": {**_IN_AREA["region"], "high_value_own": "high_value_own_asked"},
        "family_id": {"patent_on_day": "patent_on_day_of_family"},
        "patent": {"patent_on_day": "patent_on_day_of_patent"},
    },
    main=("patent", "region", "criteria", "c1", "c2", "c3", "c4", "c5", "granted_on"),
)

PER_10K = View(
    "per_10k",
    "Each row divides a region's inventions in force on the day, or its high-value ones (see `high_value`), by "
    "its population: per_10k = count / population x 10,000. The population is that of the latest year-end "
    "published up to the day: in December 2022, the end of 2021. Computed from exact integers, rounded half up to "
    "one decimal.",
    (
        Column("region", "ISO 3166", f"region of the population; {SUBDIVISIONS}"),
        Column("metric", "text", "`high_value` or `in_force`"),
        Column("count", "count", "number of inventions"),
        Column("population", "persons", "residents (denominator)"),
        Column("population_as_of", "date", "year-end of the population", "day"),
        Column("published_on", "date", "publication date", "day"),
        Column("publisher", "text", "publisher"),
        Column("per_10k", "decimal text", "rounded half up to one decimal"),
        Column("ratio", "ratio", "exact ratio, not rounded"),
    ),
    details=(
        _OFFICE,
        "Of several publications of a year-end, the last by date counts, then the last in the log.",
        "Null if the population is 0; a region without a published population has no row.",
    ),
    uses=(*_COUNTED, "year_end_population"),
    narrowed=_IN_AREA,
    main=("region", "metric", "count", "population", "per_10k", "population_as_of"),
)

VIEWS = (HIGH_VALUE_COUNTS, HIGH_VALUE_PATENTS, PER_10K)
