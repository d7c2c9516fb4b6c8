"""Commands for supply and demand: match."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.commands.context import open_book
from ledger.commands.formatted import Printer, in_formats
from ledger.commands.reading import AS_OF, day_option, print_answer


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("match")(match_command)


@in_formats(cites=True)
def match_command(
    subject: Annotated[str, typer.Argument(metavar="ID", help="A patent, an open licence, or a need.")],
    as_of: AS_OF = None,
    most: Annotated[int, typer.Option(min=1, max=1_000, help="The most matches of each sort.")] = 20,
    *,
    printer: Printer,
) -> None:
    """Match needs with patents on offer. For a patent: owners of grants that cite it (if it is on offer), needs near to
    it, and owners of grants near to it. For a need: the nearest patents on offer. Each with its evidence.

    Examples:
      ip-ledger match US10000000B2 --as-of 2024-12-31
      ip-ledger match need-2024-017 --csv
    """
    from ledger.valuations.matching import matches

    with open_book() as book:
        answer = matches(book, subject, as_of=day_option(as_of), most=most)
    print_answer(printer, answer, f"Matches of {subject}, as of {answer.as_of}", [], chosen_columns=False)
