"""Which industry a patent belongs to: the versioned map from IPC symbols, and the table of industries.

The map is `industry_map.csv`, a row a rule: prefix, industry, the IPC editions that have the symbol (from, up
to but not including; blank is open; for readers only, the symbol alone decides), layer, source. The layer
`base` is WIPO's IPC-Technology Concordance of July 2019, `override` is ours; the reasons are in
docs/decisions/0006-industry-map.md.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

MAP_VERSION: Final = "1.0.0"
"""Of the map (semver): another assignment of any symbol is another version."""

ALL: Final = "ALL"
"""The roll-up over all industries; no symbol has it."""
UNK: Final = "UNK"
"""The industry of what has no IPC symbol, or one that no rule covers."""

_GENAI = frozenset({"G06N0003045500", "G06N0003047500"})


@dataclass(frozen=True, slots=True)
class Industry:
    """One industry. `number` stands for it inside a book and never changes."""

    code: str
    number: int
    name_en: str
    name_zh: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the map: symbols under `prefix` (`A01`, `G06V`, `G06N 10`) belong to `industry`."""

    prefix: str
    industry: str
    valid_from: str
    valid_to: str
    layer: str
    source_ref: str


def _rows(name: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(files("schemas").joinpath(name).read_text("utf-8").splitlines())


def _beginning(prefix: str) -> str:
    """What a 14-character symbol under the prefix begins with: a main group has 4 digits there."""
    subclass, _, main_group = prefix.partition(" ")
    return subclass + main_group.zfill(4) if main_group else subclass


INDUSTRIES: Final[Mapping[str, Industry]] = {
    row["code"]: Industry(row["code"], int(row["number"]), row["name_en"], row["name_zh"])
    for row in _rows("industries.csv")
}
"""All industries by code, `ALL` first and `UNK` last."""

RULES: Final = tuple(Rule(**row) for row in _rows("industry_map.csv"))

_LAYERS = tuple(
    {_beginning(rule.prefix): rule.industry for rule in RULES if rule.layer == layer} for layer in ("override", "base")
)


@lru_cache(maxsize=65_536)
def industry_of(symbol: str) -> str:
    """The code of the industry of a 14-character IPC symbol; `UNK` where no rule covers it.

    Overrides are tried first, then the base; in each the longest prefix wins: main group, subclass, class.
    """
    for layer in _LAYERS:
        for length in (8, 4, 3):
            if industry := layer.get(symbol[:length]):
                return industry
    return UNK


def is_genai(symbol: str) -> bool:
    """True for the 14-character symbols of generative AI in IPC 2023.01.

    They are G06N 3/0455 (auto-encoder and encoder-decoder networks) and G06N 3/0475 (generative networks).
    """
    return symbol in _GENAI
