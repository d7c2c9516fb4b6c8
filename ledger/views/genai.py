"""Tags of patents, and patent families on generative AI by the way they are tagged."""

from __future__ import annotations

from ledger.views.view import Column, View

GENAI = View(
    "genai",
    "Each row counts the patent families tagged `genai`, each once, in the year of their first publication of any "
    "kind. Tagged: CPC or IPC symbol G06N 3/0455 or 3/0475, the tag `genai` of a document, or patent.tagged. "
    "share = families / families of ten years up to this one. Source: WIPO, Patent Landscape Report on Generative "
    "AI (2024).",
    (
        Column("year", "year", "year of the family's first publication of any kind"),
        Column("country", "ISO 3166-1", "country of an inventor; ALL for all"),
        Column("families", "count", "families tagged in any way"),
        Column("ipc", "count", "families tagged by a CPC or IPC symbol"),
        Column("declared", "count", "families tagged by a producer"),
        Column("model", "count", "families tagged by a model; the ways overlap"),
        Column("decade", "count", "families in the ten years up to this one"),
        Column("share", "ratio", "families / decade"),
    ),
    details=(
        "A family is a family_id; a patent without one is a family of its own.",
        "A family without a known publication or grant is not counted.",
        "Titles are never used to guess, and a model's tag counts at any confidence.",
        "The country is that of the inventors, not of applicants or offices: a family counts once in each.",
        "WIPO also counts published families by year of publication and location of inventors.",
    ),
    uses=("genai_tagged", "genai_member", "genai_year", "genai_family"),
    narrowed={"country": {"genai_family": "genai_family_of_country"}},
)

TAGS = View(
    "tags",
    "Each row counts the patents to which a source assigned a tag by `patent.tagged` up to the day, each patent once.",
    (
        Column("tag", "text", "tag: `genai`, `sei`, ..."),
        Column("source", "text", "`ipc`, `declared` or `model`"),
        Column("patents", "count", "patents with the tag"),
        Column("first_on", "date", "day of the first one", "day"),
        Column("last_on", "date", "day on which the last patent got it first", "day"),
    ),
    details=("A tag stays until its event is voided. Tags in the documents of a patent are not counted.",),
)

VIEWS = (GENAI, TAGS)
