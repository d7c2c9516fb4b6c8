"""The passes of a verification, in their order: first the log, then everything that is derived from it.

A table belongs to one pass, and each pass has a name for its differences. A change of a table
without a pass would go unnoticed, so a test compares this list with the schema.
"""

from __future__ import annotations

from typing import NamedTuple

from ledger.book.parts import SUMS, TOPIC_OF


class Pass(NamedTuple):
    """A pass: the name of its finding, what it compares, and its tables. `leaf`, `erasure` and `checkpoint` are
    no tables: the journal as leaves of the trees, what an archive no longer has, and what was signed."""

    error: str
    compares: str
    tables: tuple[str, ...]


PASSES = (
    Pass("LeavesDiffer", "the leaves of the trees with the bytes of the log", ("tile",)),
    Pass(
        "ErasedWithoutLaw",
        "records of an archive without names of persons with the events that demand it",
        ("erasure",),
    ),
    Pass("JournalDiffers", "outcomes, identities and rejections with those of the log", ("record", "rejection")),
    Pass("PositionsDiffer", "offsets, counts of outcomes and last records with the log", ("position",)),
    Pass("PostingsDiffer", "postings with those that the fold makes of the log", ("posting",)),
    Pass("TotalsDiffer", "totals, summaries and what is in force with the sums of postings", (*SUMS, "carried")),
    Pass("RevisionsDiffer", "corrections and events without effect with those of the log", ("amendment", "waiting")),
    Pass("EntitiesDiffer", "the rows of entities with the fold of their events", tuple(sorted(TOPIC_OF))),
    Pass(
        "ConstantsDiffer",
        "definitions of tables, constants, industry map and versions with those of the program",
        ("schema", "constant", "currency", "industry", "industry_rule", "meta"),
    ),
    Pass("TreesDiffer", "the journal, as leaves, with the tiles of the trees", ("leaf",)),
    Pass("CheckpointsDiffer", "statements, figures and signed heads with the trees and postings", ("checkpoint",)),
)
_OF_TABLE = {table: number for number, one in enumerate(PASSES) for table in one.tables}


def order_of(table: str) -> tuple[int, str]:
    """Return when a table is compared: tables of the same pass by name, tables that no book has at the end."""
    return _OF_TABLE.get(table, len(PASSES)), table


def error_of(table: str) -> str:
    """Return the name of a difference in a table."""
    number = _OF_TABLE.get(table)
    return "UnknownTable" if number is None else PASSES[number].error
