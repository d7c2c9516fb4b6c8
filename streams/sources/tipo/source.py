"""The importers `tipo-patents` and `tipo-trademarks`: the events of each item, in the order of the files."""

from __future__ import annotations

from collections.abc import Iterator

from streams.sources.reading import Reading, each
from streams.sources.results import Imported
from streams.sources.tipo import applications, marks, rights


def _events(made: Imported, reading: Reading) -> Iterator[Imported]:
    what, _, how = made.type.removeprefix("ip.").removesuffix(".v1").partition(".")
    reading.counts[f"{what} {how}"] += 1
    yield made


tipo_patents = each([*applications.FORMATS, *rights.FORMATS], _events)
tipo_trademarks = each([marks.FORMAT], _events)
