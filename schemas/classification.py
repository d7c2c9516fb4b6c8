"""Classifications of patents: classes, and rules from IPC symbols to them, read from one CSV file.

A file begins with lines `# name: value`: `classification` (its name) and `version` (semver), and may have `title` and
`source`. Then comes CSV with the columns prefix and class, and optionally group, name_en and name_zh. The longest
prefix of a symbol decides: symbol, main group, subclass, class or section. A prefix may have several rows: its symbols
belong to each of these classes. A row without a class takes its symbols out of all classes. The shipped file,
`classifications/wipo35.csv`, is WIPO's IPC-Technology Concordance of July 2019 with its 35 fields.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Final, NamedTuple

from schemas.industry import ALL, INDUSTRIES, IndustryMap, read_map
from schemas.ipc import ipc_symbol

_COLUMNS: Final = ("prefix", "class", "group", "name_en", "name_zh")
"""The columns of a file; the first two are required, and others are refused."""
_HEADER = re.compile(r"# *([a-z]+) *: *(.*?)[, \r\n]*").fullmatch
_REQUIRED = {
    "classification": re.compile(r"[a-z0-9][a-z0-9.-]{0,31}"),
    "version": re.compile(r"([0-9]{1,9}\.){2}[0-9]{1,9}"),
}
_KNOWN = (*_REQUIRED, "title", "source")
_PREFIX = re.compile(r"[A-H](?:[0-9]{2}(?:[A-Z](?: [1-9][0-9]{0,3})?)?)?").fullmatch
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}").fullmatch
_LENGTHS = (14, 8, 4, 3, 1)
"""Lengths of a prefix of a 14-character symbol: symbol, main group, subclass, class, section."""


class Class(NamedTuple):
    """A class: its code, its group (a sector, an industry above it), and its names. Unknown ones are empty."""

    code: str
    group: str = ""
    name_en: str = ""
    name_zh: str = ""


@dataclass(frozen=True)
class Classification:
    """Classes in the order of their file, and the function from a 14-character IPC symbol to the codes of its classes,
    none if no rule covers it. `cited` is how answers cite it: name, version and 12 hex digits of the rules' SHA-256."""

    cited: str
    classes: Mapping[str, Class]
    classes_of: Callable[[str], tuple[str, ...]]
    prefixes: Mapping[str, int]
    """The number of prefixes of each class."""
    title: str = ""
    source: str = ""


def read_classification(text: str) -> Classification:
    """Return the classification that a text holds. Raise ValueError with the line and the fault."""
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    terms, first = _terms(lines)
    rows = _rows(lines[first:], first)
    line, header = next(rows, (first + 1, []))
    if not {"prefix", "class"} <= set(header) <= set(_COLUMNS) or len(set(header)) != len(header):
        columns = ", ".join(_COLUMNS)
        raise ValueError(f"line {line}: the columns must be prefix, class and any of {columns}, not {header!a:.120}")
    classes: dict[str, Class] = {}
    rules: dict[str, tuple[str, ...]] = {}
    for line, row in rows:
        if len(row) != len(header):
            raise ValueError(f"line {line}: {len(row)} fields under {len(header)} columns")
        _add(line, dict(zip(header, map(str.strip, row), strict=True)), classes, rules)
    if not classes:
        raise ValueError("it has no row with a class")
    return Classification(
        f"{terms['classification']} {terms['version']}+{_sha256(rules)[:12]}",
        classes,
        _lookup(rules),
        Counter(code for codes in rules.values() for code in codes),
        terms.get("title", ""),
        terms.get("source", ""),
    )


def classification_of(text: str) -> Classification:
    """Return the classification in the text of a file: of a classification, or of an industry map.

    Raise ValueError with the line and the fault.
    """
    if "# classification" in text.partition("prefix")[0]:
        return read_classification(text)
    return of_industries(read_map(text))


def of_industries(industry_map: IndustryMap) -> Classification:
    """Return an industry map as a classification: every symbol has one industry, `UNK` without a rule."""
    industries = [Class(one.code, "", one.name_en, one.name_zh) for one in INDUSTRIES.values() if one.code != ALL]
    return Classification(
        f"industries {industry_map.cited}",
        {one.code: one for one in industries},
        lambda symbol: (industry_map.industry_of(symbol),),
        Counter(rule.industry for rule in industry_map.rules),
        "Industries of this ledger",
    )


def _sha256(rules: Mapping[str, tuple[str, ...]]) -> str:
    """Return the SHA-256 of rules ordered by prefix, one line each: what symbols begin with and the classes, between
    tabs."""
    lines = ("\t".join((prefix, *rules[prefix])) + "\n" for prefix in sorted(rules))
    return sha256("".join(lines).encode()).hexdigest()


def _lookup(rules: Mapping[str, tuple[str, ...]]) -> Callable[[str], tuple[str, ...]]:
    @lru_cache(maxsize=65_536)
    def classes_of(symbol: str) -> tuple[str, ...]:
        for length in _LENGTHS:
            found = rules.get(symbol[:length])
            if found is not None:
                return found
        return ()

    return classes_of


def _terms(lines: list[str]) -> tuple[dict[str, str], int]:
    """Return the values of the lines `# name: value` at the top, and how many lines these are."""
    terms: dict[str, str] = {}
    number = 0
    for number, line in enumerate(lines, 1):
        if not line.startswith("#"):
            number -= 1
            break
        match = _HEADER(line)
        if match is None or match[1] not in _KNOWN:
            raise ValueError(f"line {number}: a line with # must be `# name: value` with one of {', '.join(_KNOWN)}")
        if match[1] in terms:
            raise ValueError(f"line {number}: {match[1]} is there twice")
        if not match[2].isprintable():
            raise ValueError(f"line {number}: it contains an unprintable character")
        terms[match[1]] = match[2]
    for name, form in _REQUIRED.items():
        if not form.fullmatch(terms.get(name, "")):
            example = {"classification": "gbt4754", "version": "1.0.0"}[name]
            raise ValueError(f"its first lines must give the {name}, such as `# {name}: {example}`")
    return terms, number


def _rows(lines: list[str], before: int) -> Iterator[tuple[int, list[str]]]:
    """Yield each row of the CSV that is not blank, with its line number in the file."""
    reader = csv.reader(lines, strict=True)
    try:
        for row in reader:
            if any(map(str.strip, row)):
                yield reader.line_num + before, row
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num + before}: {error}") from error


def _add(line: int, row: dict[str, str], classes: dict[str, Class], rules: dict[str, tuple[str, ...]]) -> None:
    """Add one row to classes and rules."""
    if not "".join(row.values()).isprintable():
        raise ValueError(f"line {line}: it contains an unprintable character")
    beginning, code = _beginning(line, row.pop("prefix")), row.pop("class")
    before = rules.get(beginning)
    if not code:
        if before is not None or any(row.values()):
            raise ValueError(
                f"line {line}: a row without a class must be the only one of its prefix, and blank elsewhere"
            )
        rules[beginning] = ()
        return
    if not _CODE(code):
        raise ValueError(f"line {line}: class {code[:64]!a} must have letters, digits, points or hyphens, at most 32")
    if before is not None and (not before or code in before):
        raise ValueError(
            f"line {line}: its prefix is there already, {'in this class' if before else 'without a class'}"
        )
    rules[beginning] = (*(before or ()), code)
    known = classes.setdefault(code, Class(code, **row))
    given = known._replace(**{name: value for name, value in row.items() if value and not getattr(known, name)})
    if any(value and value != getattr(given, name) for name, value in row.items()):
        raise ValueError(f"line {line}: class {code} has another group or name on an earlier line")
    classes[code] = given


def _beginning(line: int, prefix: str) -> str:
    """Return the beginning of every 14-character symbol under the prefix."""
    if _PREFIX(prefix):
        subclass, _, main_group = prefix.partition(" ")
        return subclass + main_group.zfill(4) if main_group else subclass
    if "/" in prefix:
        try:
            return ipc_symbol(prefix)
        except ValueError:
            pass
    raise ValueError(f"line {line}: prefix {prefix[:64]!a} must be like G, A01, G06V, G06N 10 or G06F 9/44")


WIPO35: Final = read_classification(files("schemas").joinpath("classifications/wipo35.csv").read_text("utf-8"))
"""WIPO's 35 fields of technology."""
