"""Families of patents about generative AI, by how that is known."""

from __future__ import annotations

from ledger.views.view import Column, View

GENAI = View(
    "genai",
    "families (distinct family_id; a patent without one is a family of its own) that are tagged `genai`, each counted "
    "once, in the year of its first publication (patent.published; of a family of which no publication is known, its "
    "first grant; one of which neither is known is not counted). Tagged: one of its documents has CPC or IPC symbol "
    "G06N 3/0455 or 3/0475, or `genai` among its tags, or a patent.tagged that says so; never guessed from a title, "
    "and a model's tag counts whatever its confidence. share = families / the sum over the ten years up to this one. "
    "By country of the inventors, not of applicants or offices: a family counts once in each country, null where none "
    "was said. After WIPO, Patent Landscape Report on Generative AI (2024), which counts published families by year "
    "of publication and by inventor location",
    (
        Column("year", "year", "of the family's first publication"),
        Column("country", "ISO 3166-1", "of an inventor; ALL for the whole; null where not said"),
        Column("families", "count", "tagged in any way, each once"),
        Column("ipc", "count", "those known by a symbol (CPC or IPC)"),
        Column("declared", "count", "those that a producer declared"),
        Column("model", "count", "those that a model tagged; a family may be known in several ways"),
        Column("decade", "count", "families of the ten years up to this one"),
        Column("share", "ratio", "families / decade"),
    ),
    uses=("genai_patent", "genai_document", "genai_family"),
)

VIEWS = (GENAI,)
