"""The map from IPC symbols to industries: its rule, its source, its version."""

import csv
import gzip
import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.industry import ALL, INDUSTRIES, MAP_COLUMNS, SHIPPED, UNK, MappingRule, industry_of, is_genai, read_map
from schemas.ipc import common_spelling, ipc_symbol
from tests.each_case import each_case
from tests.maps import ROBOTS, SHIPPED_TEXT

# Which of WIPO's 35 fields make up an industry, apart from the overrides.
FIELDS = {
    "BIOPHARM": [11, 15, 16],
    "MEDDEV": [13],
    "ICT": [2, 3, 4, 5, 6, 7],
    "SEMI": [8],
    "ADVMFG": [12, 25, 26, 27, 29, 30, 31],
    "TRANSPORT": [32],
    "NEWENERGY": [1],
    "MATERIALS": [17, 20, 21, 22],
    "CHEM": [14, 19, 23],
    "ENV": [24],
    "INSTR": [9, 10],
    "AGRIFOOD": [18],
    "OTHER": [28, 33, 34, 35],
}
HEADER = "prefix,industry,valid_from,valid_to,layer,source_ref"
INDUSTRY_OF_FIELD = {field: industry for industry, fields in FIELDS.items() for field in fields}


def map_of(*rows: str) -> str:
    """Return the text of a map with these rows."""
    return "\n".join(["# version: 1.1.0", HEADER, *rows, ""])


@each_case(
    ("spelled", "industry"),
    [
        ("A61K 39/395", "BIOPHARM"),
        ("A61K 8/97", "CHEM"),
        ("G01N 33/68", "BIOPHARM"),
        ("G01N 21/64", "INSTR"),
        ("G06N 3/0475", "AI"),
        ("G06N 10/20", "ICT"),
        ("G06F 40/30", "AI"),
        ("G06F 16/35", "ICT"),
        ("H10B 41/27", "SEMI"),
        ("H01L 31/04", "NEWENERGY"),
        ("B25J 9/16", "ADVMFG"),
        ("B01D 53/62", "ENV"),
        ("B01D 61/02", "CHEM"),
        ("C13B 10/00", "AGRIFOOD"),
        ("C13B 25/00", "ADVMFG"),
        ("H04N 21/44", "ICT"),
    ],
)
def test_the_published_examples(spelled: str, industry: str) -> None:
    assert industry_of(ipc_symbol(spelled)) == industry


@each_case(
    ("industry", "spelled"),
    [
        ("BIOPHARM", "C07D 1/00, C07H 1/00, C07J 1/00, C40B 10/00, G16B 5/00"),
        ("MEDDEV", "G16H 10/00, H05G 1/00"),
        ("AI", "G06N 3/08, G06N 99/00, G06V 10/00, G06F 18/00, G10L 15/00, G05B 13/00, G06K 9/66"),
        ("ICT", "G16Y 10/00, G06K 7/00, G06F 1/00, G06F 4/00, G06T 1/00, G10L 17/00, G06X 1/00, H04X 1/00"),
        ("SEMI", "H10B 10/00, H10K 50/00, H10N 10/00, G11C 5/00, H03K 19/00, G03F 7/00"),
        ("ADVMFG", "B25J 1/00, G05B 19/00, B33Y 10/00, B22F 10/00, B29C 64/00, B23K 26/00"),
        (
            "NEWENERGY",
            "H01M 4/00, H02J 3/00, H02S 10/00, F03D 1/00, F24S 10/00, G21C 1/00, B60L 50/00, B60L 58/00",
        ),
        ("TRANSPORT", "B60L 1/00, B60L 5/00, B64C 1/00"),
        ("CHEM", "A61K 8/00, A61Q 1/00"),
        ("ENV", "C02F 1/00, B01D 45/00, B01D 53/00"),
        ("AGRIFOOD", "A01B 1/00, A01N 25/00, A23N 1/00, A21B 1/00"),
        ("MATERIALS", "B22F 1/00"),
        ("INSTR", "G03F 9/00"),
        # groups and subclasses newer than WIPO's table
        ("BIOPHARM", "A61K 40/10"),
        ("SEMI", "H10D 30/00, H10H 20/00, H10W 70/00, H10F 39/00"),
        ("NEWENERGY", "H10F 10/00, H10F 77/00"),
        ("UNK", "A02A 1/00, B99A 1/00"),
    ],
)
def test_the_overrides_and_what_they_leave_alone(industry: str, spelled: str) -> None:
    texts = spelled.split(", ")
    assert {text: industry_of(ipc_symbol(text)) for text in texts} == dict.fromkeys(texts, industry)


def test_generative_ai_is_two_symbols() -> None:
    genai = ["G06N 3/0455", "G06N 3/0475"]
    near = ["G06N 3/045", "G06N 3/047", "G06N 3/0464", "G06N 10/0475", "G06F 3/0475"]
    assert [text for text in genai + near if is_genai(ipc_symbol(text))] == genai


def test_the_number_of_an_industry_never_changes() -> None:
    """Books keep these numbers; a new industry gets a new one."""
    assert {industry.code: industry.number for industry in INDUSTRIES.values()} == {
        "ALL": 0,
        "BIOPHARM": 1,
        "MEDDEV": 2,
        "AI": 3,
        "ICT": 4,
        "SEMI": 5,
        "ADVMFG": 6,
        "TRANSPORT": 7,
        "NEWENERGY": 8,
        "MATERIALS": 9,
        "CHEM": 10,
        "ENV": 11,
        "INSTR": 12,
        "AGRIFOOD": 13,
        "OTHER": 98,
        "UNK": 99,
    }


@pytest.mark.parametrize("name", ["name_en", "name_zh"])
def test_every_industry_has_its_own_name(name: str) -> None:
    names = [getattr(industry, name) for industry in INDUSTRIES.values()]
    assert all(names)
    assert len(set(names)) == len(INDUSTRIES) == 16


def test_a_changed_map_has_another_version() -> None:
    """Same version, same figures: if you change a row, change the map's version and this digest."""
    rows = "\n".join(sorted(f"{rule.layer} {rule.prefix} = {rule.industry}" for rule in SHIPPED.rules))
    digest = hashlib.sha256(rows.encode()).hexdigest()
    assert (SHIPPED.version, digest[:16]) == ("1.0.0", "cbe35c6cbdf36420")


def test_every_rule_is_well_formed() -> None:
    assert {rule.industry for rule in SHIPPED.rules} == set(INDUSTRIES) - {ALL, UNK}
    assert {rule.layer for rule in SHIPPED.rules} == {"override", "base"}
    assert all(rule.source_ref for rule in SHIPPED.rules)
    assert [key for key, n in Counter((rule.layer, rule.prefix) for rule in SHIPPED.rules).items() if n > 1] == []


def covers(rule: MappingRule, spelled: str) -> bool:
    """Return whether a rule covers a symbol in its readable form: `G06N 10` covers `G06N 10/20`, not `G06N 1/00`."""
    return spelled.startswith(f"{rule.prefix}/" if " " in rule.prefix else rule.prefix)


def scanned(symbol: str) -> str:
    """Return the industry by a scan of the map from top to bottom, as its documentation describes the rule."""
    for layer in ("override", "base"):
        found = [rule for rule in SHIPPED.rules if rule.layer == layer and covers(rule, common_spelling(symbol))]
        if found:
            return max(found, key=lambda rule: len(rule.prefix)).industry
    return UNK


@st.composite
def symbols_near_a_rule(draw: st.DrawFn) -> str:
    """Draw a symbol that a rule covers or just misses: its group or ten times it, its subclass or a sibling."""
    subclass, _, group = draw(st.sampled_from(SHIPPED.rules)).prefix.partition(" ")
    letter = draw(st.sampled_from("ABCFKNVYZ"))
    main_group = group or str(draw(st.integers(1, 999)))
    return ipc_symbol(f"{(subclass + letter)[:4]} {draw(st.sampled_from([main_group, main_group + '0', '1']))}/00")


ANYWHERE = st.from_regex(r"[A-H][0-9]{2}[A-Z][0-9]{3}[1-9][0-9]{6}", fullmatch=True)


@given(symbols_near_a_rule() | ANYWHERE)
@example("G06N0001000000")
@example("G06N0010000000")
@example("G06N0100000000")
def test_the_lookup_agrees_with_a_scan_of_the_rules(symbol: str) -> None:
    assert industry_of(symbol) == scanned(symbol)


def test_the_base_is_the_table_of_wipo(office_data: Path) -> None:
    base = {rule.prefix: rule for rule in SHIPPED.rules if rule.layer == "base"}
    with (office_data / "reference" / "wipo_ipc_technology_35fields.csv").open(encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 764
    used = set()
    for row in rows:
        subclass, _, group = row["IPC_code"].rstrip("/%").partition(" ")
        prefix = f"{subclass} {group.strip()}" if group else subclass
        rule = base.get(prefix) or base[subclass]
        used.add(rule.prefix)
        assert rule.industry == INDUSTRY_OF_FIELD[int(row["Field_number"])], prefix
        assert row["Field_number"] in rule.source_ref.split("field")[1].split(), prefix
    assert set(base) - used == {"A61K", "B01D", "C13B", "E01F", "G01N"}, "defaults for newer main groups"


def test_every_subclass_has_an_industry(office_data: Path) -> None:
    with (office_data / "reference" / "ipc_titles_section_class_subclass.csv").open(encoding="utf-8") as lines:
        subclasses = [row["ipc_symbol"] for row in csv.DictReader(lines) if len(row["ipc_symbol"]) == 4]
    assert len(subclasses) == 645
    assert [subclass for subclass in subclasses if industry_of(ipc_symbol(f"{subclass} 1/00")) == UNK] == []


def test_every_grant_with_an_ipc_symbol_has_an_industry(office_data: Path) -> None:
    counts: Counter[str] = Counter()
    with gzip.open(office_data / "us-grants-search-json" / "ppubs-docs.jsonl.gz", "rt") as lines:
        for line in lines:
            doc = json.loads(line)
            if doc["type"] != "US-PGPUB" and doc["ipcCodeFlattened"]:
                counts[industry_of(ipc_symbol(doc["ipcCodeFlattened"].split(";")[0]))] += 1
    assert counts[UNK] == 0
    assert counts.total() == 2979 - 15


# ---- users' own maps


def test_a_map_is_read_in_any_order_of_rows_and_columns() -> None:
    first, header, *rows = SHIPPED_TEXT.splitlines()
    assert read_map(SHIPPED_TEXT) is SHIPPED
    assert read_map("\n".join([first, header, *reversed(rows)])) is SHIPPED
    turned = [",".join(reversed(next(csv.reader([row])))) for row in (header, *rows) if '"' not in row]
    assert len(read_map("\n".join(["# version: 1.0.1", *turned])).rules) == len(turned) - 1


def test_a_map_is_read_as_a_spreadsheet_saves_it() -> None:
    first, *rows = SHIPPED_TEXT.splitlines()
    assert read_map("\r\n".join([f"\ufeff{first},,,,,", *rows, ""])) is SHIPPED


def test_another_map_answers_by_its_own_rules() -> None:
    robots = read_map(ROBOTS)
    symbols = [ipc_symbol(text) for text in ("B25J 9/16", "A61K 39/395", "B99A 1/00")]
    assert [SHIPPED.industry_of(symbol) for symbol in symbols] == ["ADVMFG", "BIOPHARM", "UNK"]
    assert [robots.industry_of(symbol) for symbol in symbols] == ["AI", "BIOPHARM", "UNK"]


def test_another_map_is_cited_with_a_digest_of_its_rules() -> None:
    """A version alone does not identify a file that anybody can change."""
    robots = read_map(ROBOTS)
    lines = sorted(
        (rule.layer, rule.prefix, "\t".join(getattr(rule, column) for column in MAP_COLUMNS) + "\n")
        for rule in robots.rules
    )
    digest = hashlib.sha256("".join(line for *_, line in lines).encode()).hexdigest()
    assert (SHIPPED.cited, robots.cited) == ("1.0.0", f"2.0.0+{digest[:12]}")
    changed = read_map(ROBOTS.replace("B25J,AI", "B25J,ICT"))
    assert changed.version == robots.version
    assert changed.cited != robots.cited


@each_case(
    ("text", "message"),
    [
        ("", "line 1: it must name the map's version, such as `# version: 1.1.0`"),
        ("prefix,industry\n", "line 1: it must name"),
        ("# version: 1.1\n", "line 1: it must name"),
        ("# version: 1.1.0+mine\n", "line 1: it must name"),
        (f"# version: 1.1.0\n{HEADER}\n", "it has no rules"),
        ("# version: 1.1.0", "line 2: the columns must be prefix, industry, .*, not ''"),
        ("# version: 1.1.0\nprefix,industry,layer\n", "line 2: the columns must be .*, not 'prefix, industry, layer'"),
        (f"# version: 1.1.0\n{HEADER},more\n", "line 2: the columns must be .*more'"),
        (map_of("A01,AI,,,base"), "line 3: 5 fields under 6 columns"),
        (
            map_of("A01,AI,,,base,x", "", "A02,Ai,,,base,x"),
            "line 5: industry 'Ai' is not one of BIOPHARM, MEDDEV, AI, ",
        ),
        (map_of("A01,UNK,,,base,x"), "line 3: industry 'UNK' is not one of"),
        (map_of("A01,ALL,,,base,x"), "line 3: industry 'ALL' is not one of"),
        (map_of("A01,AI,,,Base,x"), "line 3: layer 'Base' must be override or base"),
        (
            map_of("A01,AI,,,base,x", "A01,AI,,,override,x", "A01,ICT,,,base,x"),
            "line 5: A01 is already in the layer base on line 3",
        ),
        (map_of('A01,AI,,,base,"x\ny"'), "line 4: it contains an unprintable character"),
        (map_of('A01,AI,,,base,"x'), "line 3: unexpected end of data"),
        (SHIPPED_TEXT.replace("A01,AGRIFOOD", "A01,AI"), "line 1: 1.0.0 has the shipped map's version but other rules"),
    ],
)
def test_a_map_that_cannot_be_used_says_where_and_why(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_map(text)


@each_case(
    "prefix",
    ["", "G", "G06n", "Y02", "G06N 0", "G06N 007", "G06N  7", "G06N 10000", "G06N 3/04", "A0\u0661", "A01\n"],
)
def test_a_prefix_is_a_class_a_subclass_or_a_main_group(prefix: str) -> None:
    with pytest.raises(ValueError, match=r"line \d: prefix .* must be like A01, G06V or G06N 10"):
        read_map(map_of(f'"{prefix}",AI,,,base,x'))
