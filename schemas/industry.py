"""The industry of a patent: the table of industries, and versioned maps from IPC symbols to industries.

A map is a text: a first line `# version: 1.0.0`, then CSV with one rule per row: prefix, industry, the IPC editions
that have the symbol (from, up to but not including; blank means open; informative only, the symbol alone decides),
layer, source. The shipped map is `industry_map.csv`: its layer `base` is WIPO's IPC-Technology Concordance of July
2019, `override` is ours. docs/decisions/0006-industry-map.md gives the reasons.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

ALL: Final = "ALL"
"""The total over all industries; no symbol maps to it."""
UNK: Final = "UNK"
"""The industry of a patent without an IPC symbol, or with one that no rule covers."""
LAYERS: Final = ("override", "base")
"""The layers, in order of precedence."""

_GENAI = frozenset({"G06N0003045500", "G06N0003047500"})
_VERSION = re.compile(r"# version: ([0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9})").fullmatch
_PREFIX = re.compile(r"[A-H][0-9]{2}([A-Z]( [1-9][0-9]{0,3})?)?").fullmatch


@dataclass(frozen=True, slots=True)
class Industry:
    """One industry. `number` represents it in a book and never changes."""

    code: str
    number: int
    name_en: str
    name_zh: str


def _shipped(name: str) -> str:
    return files("schemas").joinpath(name).read_text("utf-8")


INDUSTRIES: Final[Mapping[str, Industry]] = {
    row["code"]: Industry(row["code"], int(row["number"]), row["name_en"], row["name_zh"])
    for row in csv.DictReader(_shipped("industries.csv").splitlines())
}
"""All industries by code, `ALL` first and `UNK` last."""


@dataclass(frozen=True, slots=True)
class MappingRule:
    """One row of a map: symbols under `prefix` (`A01`, `G06V`, `G06N 10`) belong to `industry`."""

    prefix: str
    industry: str
    valid_from: str
    valid_to: str
    layer: str
    source_ref: str


MAP_COLUMNS: Final = tuple(field.name for field in fields(MappingRule))
"""The columns of a map's CSV."""


@dataclass(frozen=True)
class IndustryMap:
    """A map from IPC symbols to industries: its version (semver) and its rules, ordered by layer and prefix."""

    version: str
    rules: tuple[MappingRule, ...]

    @property
    def cited(self) -> str:
        """The citation of this map in figures: the version of the shipped map; of any other also the SHA-256, `1.1.0+`
        and 12 hex digits."""
        return self.version if self == SHIPPED else f"{self.version}+{self.sha256[:12]}"

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the rules in order, one line each: prefix, industry, editions, layer, source, separated by
        tabs."""
        lines = ("\t".join(getattr(rule, column) for column in MAP_COLUMNS) + "\n" for rule in self.rules)
        return sha256("".join(lines).encode()).hexdigest()

    @cached_property
    def rule_of(self) -> Callable[[str], MappingRule | None]:
        """A function from a 14-character IPC symbol to the rule that gives its industry; None if no rule covers it.

        Overrides are tried before the base; in each the longest prefix wins: main group, subclass, class.
        """
        layers = [{_beginning(rule.prefix): rule for rule in self.rules if rule.layer == layer} for layer in LAYERS]

        def rule_of(symbol: str) -> MappingRule | None:
            for layer in layers:
                for length in (8, 4, 3):
                    if rule := layer.get(symbol[:length]):
                        return rule
            return None

        return rule_of

    @cached_property
    def industry_of(self) -> Callable[[str], str]:
        """A function from a 14-character IPC symbol to the code of its industry; `UNK` if no rule covers it."""
        rule_of = self.rule_of

        @lru_cache(maxsize=65_536)
        def industry_of(symbol: str) -> str:
            rule = rule_of(symbol)
            return rule.industry if rule else UNK

        return industry_of


def _beginning(prefix: str) -> str:
    """Return the beginning of every 14-character symbol under the prefix: a main group has 4 digits there."""
    subclass, _, main_group = prefix.partition(" ")
    return subclass + main_group.zfill(4) if main_group else subclass


def _read(text: str) -> IndustryMap:
    first, *more = text.removeprefix("\ufeff").splitlines(keepends=True) or [""]
    version = _VERSION(first.rstrip(", \r\n"))  # a spreadsheet pads the line with commas
    if version is None:
        raise ValueError("line 1: it must name the map's version, such as `# version: 1.1.0`")
    rows = _rows(more)
    line, header = next(rows, (2, []))
    if sorted(header) != sorted(MAP_COLUMNS):
        raise ValueError(f"line {line}: the columns must be {', '.join(MAP_COLUMNS)}, not {', '.join(header)[:120]!a}")
    lines_of: dict[tuple[str, str], int] = {}
    rules = []
    for line, row in rows:
        rule = _rule(line, header, row)
        before = lines_of.setdefault((rule.layer, rule.prefix), line)
        if before != line:
            raise ValueError(f"line {line}: {rule.prefix} is already in the layer {rule.layer} on line {before}")
        rules.append(rule)
    if not rules:
        raise ValueError("it has no rules")
    return IndustryMap(version[1], tuple(sorted(rules, key=lambda rule: (rule.layer, rule.prefix))))


def _rows(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield each row of the CSV below the first non-blank line, with its line number in the file."""
    reader = csv.reader(lines, strict=True)
    try:
        for row in reader:
            if row:
                yield reader.line_num + 1, row
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num + 1}: {error}") from error


def _rule(line: int, header: list[str], row: list[str]) -> MappingRule:
    if len(row) != len(header):
        raise ValueError(f"line {line}: {len(row)} fields under {len(header)} columns")
    rule = MappingRule(**dict(zip(header, row, strict=True)))
    if not _PREFIX(rule.prefix):
        raise ValueError(f"line {line}: prefix {rule.prefix[:64]!a} must be like A01, G06V or G06N 10")
    if rule.industry not in INDUSTRIES or rule.industry in (ALL, UNK):
        known = ", ".join(code for code in INDUSTRIES if code not in (ALL, UNK))
        raise ValueError(f"line {line}: industry {rule.industry[:64]!a} is not one of {known}")
    if rule.layer not in LAYERS:
        raise ValueError(f"line {line}: layer {rule.layer[:64]!a} must be override or base")
    if not "".join(row).isprintable():
        raise ValueError(f"line {line}: it contains an unprintable character")
    return rule


SHIPPED: Final = _read(_shipped("industry_map.csv"))
"""The map of this release."""

industry_of: Final = SHIPPED.industry_of
"""The shipped map's lookup: 14-character IPC symbol -> industry code."""


def read_map(text: str) -> IndustryMap:
    """Return the map that a text holds, `SHIPPED` itself if it is that one. Raise ValueError with the line and the
    fault."""
    found = _read(text)
    if found == SHIPPED:
        return SHIPPED
    if found.version == SHIPPED.version:
        raise ValueError(f"line 1: {found.version} has the shipped map's version but other rules: choose a new version")
    return found


def is_genai(symbol: str) -> bool:
    """Return True for the 14-character symbols of generative AI in IPC 2023.01.

    They are G06N 3/0455 (auto-encoder and encoder-decoder networks) and G06N 3/0475 (generative networks).
    """
    return symbol in _GENAI
