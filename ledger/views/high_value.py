"""High-value inventions: the union of CNIPA's five criteria, and how many there are per 10,000 residents."""

from __future__ import annotations

from ledger.views.view import Column, View

_JUDGED = (
    "policy_level",
    "policy_in_force",
    "patent_on_day",
    "invention",
    "high_value_policy",
    "high_value_parameter",
    "high_value_patent",
)
_COUNTED = (*_JUDGED, "high_value_count")
_IN_PLACE = {"region": {"patent_on_day": "patent_on_day_in_place"}}

_REGION = Column(
    "region", "ISO 3166", "a country's takes in its subdivisions'; ALL for the whole; null where not said", "region"
)
_CRITERIA = (
    Column("c1", "count", "in a strategic emerging industry: tagged `sei` up to the day"),
    Column("c2", "count", "with family members overseas: documents of the family at another office up to the day"),
    Column("c3", "count", "maintained for more than `years`, counted from filing or grant (`years_from`)"),
    Column("c4", "count", "pledged for at least `pledge_least`; where none was set, for any known amount above 0"),
    Column("c5", "count", "with a State Science and Technology Award or a China Patent Award up to the day"),
    Column("c2_granted", "count", "c2 read strictly: a family member was granted at another office up to the day"),
)
_PARAMETERS = (
    Column("years", "decimal", "of c3, in years: policy `high_value_years`, else 10"),
    Column("years_from", "text", "of c3: `filing` or `grant`; grant where no policy says"),
    Column("pledge_least", "decimal text", "of c4: policy `high_value_pledge`; null where none holds"),
    Column("pledge_currency", "ISO 4217 code", "of pledge_least"),
)
_FORMULA = (
    "C1: tagged `sei`, by the grant's or publication's tags or by patent.tagged, never guessed from the IPC. C2: "
    "another document of the same family_id, filed, published or granted up to the day, at another office; CNIPA's "
    "words are family *rights* overseas, which c2_granted counts. C3: the day is after the one on which `years` since "
    "grant or filing are full (not known: no). C4: it was an asset of a pledge registered up to the day, still in "
    "force or not, whose whole secured amount, after its last change up to the day, is known and reaches the "
    "threshold; amounts in other currencies than the threshold's do not. C5: awards up to the day. Parameters are "
    "those of the policies for the row's region valid on the day: one of the right before one of all rights, the "
    "region's own before its country's before general ones, then the one that came into force last, then the last in "
    "the log. Source: CNIPA's definition of high-value invention patents (14th Five-Year Plan, "
    "2021), which sets neither the anchor of the years nor the amount"
)

HIGH_VALUE_COUNTS = View(
    "high_value",
    "inventions in force on the day with C1 or C2 or C3 or C4 or C5: a union, each patent once; beside it how many "
    "meet each criterion, and how many exactly one, two, ... five. " + _FORMULA,
    (
        _REGION,
        Column("in_force", "count", "inventions in force on the day"),
        Column("high_value", "count", "those that meet at least one criterion"),
        Column("share", "ratio", "high_value / in_force"),
        *_CRITERIA,
        *(Column(f"exactly_{n}", "count", f"those that meet exactly {n} of the five criteria") for n in range(1, 6)),
        *_PARAMETERS,
    ),
    uses=_COUNTED,
    narrowed=_IN_PLACE,
)

HIGH_VALUE_PATENTS = View(
    "high_value_patents",
    "one row an invention in force on the day that meets at least one criterion, under its own region's parameters. "
    + _FORMULA,
    (
        Column("patent", "text", "the patent's id"),
        Column("region", "ISO 3166", "of the first patentee; null where not said"),
        Column("granted_on", "date", "grant date", "day"),
        Column("family_id", "text", "its family; null where not said"),
        Column("criteria", "count", "how many of the five it meets"),
        *(column._replace(unit="0 or 1") for column in _CRITERIA),
        *_PARAMETERS,
    ),
    uses=_JUDGED,
    narrowed=_IN_PLACE,
)

PER_10K = View(
    "per_10k",
    "count / population x 10,000, of high-value inventions and of all inventions in force on the day (see high_value). "
    "The population is that of the latest year-end (31 December) published up to the day, of several publications of "
    "it the last by date, then in the log: in December 2022 that of the end of 2021. One decimal, half up, from exact "
    "integers; null where the population is 0; no row for a region without a published one",
    (
        Column("region", "ISO 3166", "of the population; a country's takes in its subdivisions' patents"),
        Column("metric", "text", "`high_value` or `in_force`"),
        Column("count", "count", "inventions"),
        Column("population", "persons", "the denominator"),
        Column("population_as_of", "date", "the year-end that was counted", "day"),
        Column("published_on", "date", "when it was published", "day"),
        Column("publisher", "text", "who published it"),
        Column("per_10k", "decimal text", "rounded to one decimal, half up"),
        Column("ratio", "ratio", "the same, not rounded"),
    ),
    uses=(*_COUNTED, "year_end_population"),
    narrowed=_IN_PLACE,
)

VIEWS = (HIGH_VALUE_COUNTS, HIGH_VALUE_PATENTS, PER_10K)
