"""Classifications: the format of their files, the rule of the longest prefix, WIPO's 35 fields."""

from __future__ import annotations

import csv
import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.classification import WIPO35, Class, read_classification
from schemas.ipc import ipc_symbol
from tests.each_case import each_case

TOP = "# classification: demo\n# version: 1.0.0\n"
EXAMPLES = Path(__file__).parents[3] / "examples" / "classifications"


def text_of(*rows: str, header: str = "prefix,class") -> str:
    """Return a file with these rows."""
    return "\n".join((TOP + header, *rows, ""))


def classes_of(rows: tuple[str, ...], spelled: str) -> tuple[str, ...]:
    """Return the classes of a symbol by these rows."""
    return read_classification(text_of(*rows)).classes_of(ipc_symbol(spelled))


@each_case(
    ("spelled", "field"),
    [
        ("G06N 3/0475", "6"),
        ("G06Q 10/06", "7"),
        ("H04L 9/32", "4"),
        ("H04W 4/00", "4"),
        ("H04M 1/00", "3"),
        ("H04N 21/44", "4"),
        ("H04N 1/00", "3"),
        ("H04N 5/225", "2"),
        ("H01L 21/02", "8"),
        ("G01N 33/68", "11"),
        ("G01N 21/64", "10"),
        ("A61K 8/97", "14"),
        ("A61K 39/395", "16"),
        ("B01D 53/62", "24"),
        ("B01D 61/02", "23"),
        ("A61B 5/00", "13"),
        ("E21B 43/00", "35"),
    ],
)
def test_a_symbol_is_in_its_field_of_wipo(spelled: str, field: str) -> None:
    assert WIPO35.classes_of(ipc_symbol(spelled)) == (field,)


def test_a_subclass_newer_than_the_table_has_no_field() -> None:
    assert [WIPO35.classes_of(ipc_symbol(spelled)) for spelled in ("G06V 10/82", "G16Y 40/10", "H10B 41/27")] == [
        ()
    ] * 3


def test_the_fields_are_those_of_the_table_of_wipo(office_data: Path) -> None:
    with (office_data / "reference" / "wipo_ipc_technology_35fields.csv").open(encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == sum(WIPO35.prefixes.values()) == 764
    for row in rows:
        subclass, _, group = row["IPC_code"].rstrip("/%").partition(" ")
        symbol = ipc_symbol(f"{subclass} {group.strip() or '999'}/00")
        assert WIPO35.classes_of(symbol) == (row["Field_number"],), row
        field = WIPO35.classes[row["Field_number"]]
        assert (field.group, field.name_en) == (row["Sector_en"], row["Field_en"])
    assert list(WIPO35.classes) == [str(number) for number in range(1, 36)]
    assert len({field.name_zh for field in WIPO35.classes.values()}) == 35
    assert len({field.group for field in WIPO35.classes.values()}) == 5


def test_the_longest_prefix_decides() -> None:
    rows = ("G,section", "G06,class", "G06F,subclass", "G06F 9,group", "G06F 9/44,symbol")
    found = [
        classes_of(rows, spelled)[0] for spelled in ("G06F 9/44", "G06F 9/445", "G06F 90/00", "G06K 1/00", "G07C 1/00")
    ]
    assert found == ["symbol", "group", "subclass", "class", "section"]
    assert classes_of(rows, "H01L 1/00") == ()


def test_a_prefix_may_have_several_classes_or_none() -> None:
    rows = ("G06N,AI", "G06N,SW", "G06N 10,")
    assert classes_of(rows, "G06N 3/08") == ("AI", "SW")
    assert classes_of(rows, "G06N 10/20") == ()


def test_a_class_is_named_once_or_always_alike() -> None:
    header = "class,prefix,name_en,group,name_zh"
    found = read_classification(
        text_of("6,G06F,,IT,", "6,G06T,Computers,IT,", "6,G06N,Computers,,计算机", header=header)
    )
    assert found.classes == {"6": Class("6", "IT", "Computers", "计算机")}
    assert found.prefixes == {"6": 3}


def test_a_file_of_a_spreadsheet_is_read() -> None:
    top = "\ufeff# classification: demo,,\r\n# version: 1.0.0,,\r\n# title: Economy; a demo,,\r\n"
    text = f"{top}prefix,class,group\r\nG06N, C39 ,C\r\n,,\r\n"
    found = read_classification(text)
    assert found.classes_of("G06N0003047500") == ("C39",)
    assert found.title == "Economy; a demo"


def test_the_citation_covers_the_rules_alone() -> None:
    one, other = text_of("G06N,AI", "A01,FOOD"), text_of("A01,FOOD,Food", "", "G06N,AI,", header="prefix,class,name_en")
    assert read_classification(one).cited == read_classification(other).cited
    assert read_classification(one).cited.startswith("demo 1.0.0+")
    assert read_classification(text_of("G06N,AI", "A01B,FOOD")).cited != read_classification(one).cited


@each_case(
    ("text", "problem"),
    [
        ("", "its first lines must give the classification, such as `# classification: gbt4754`"),
        ("# classification: demo\nprefix,class\nG,A\n", "its first lines must give the version"),
        ("# version: 1.0.0\n# classification: A b\nprefix,class\n", "must give the classification"),
        (TOP + "# color: red\nprefix,class\n", "line 3: a line with # must be `# name: value`"),
        (TOP + "# version: 1.0.1\nprefix,class\n", "line 3: version is there twice"),
        (TOP + "# title: \x1b[2J\nprefix,class\n", "line 3: it contains an unprintable character"),
        (text_of("G,A", header="prefix,industry"), "line 3: the columns must be prefix, class"),
        (text_of("G,A,x", header="prefix,class,class"), "line 3: the columns must be prefix, class"),
        (TOP, "line 3: the columns must be prefix, class"),
        (text_of(), "it has no row with a class"),
        (text_of("G06N,"), "it has no row with a class"),
        (text_of("G06N,AI", "G06N"), "line 5: 1 fields under 2 columns"),
        (text_of("g06n,AI"), "line 4: prefix 'g06n' must be like G, A01, G06V, G06N 10 or G06F 9/44"),
        (text_of("Y02,GREEN"), "line 4: prefix 'Y02' must be like"),
        (text_of("G06N 0,AI"), "line 4: prefix 'G06N 0' must be like"),
        (text_of("G06N 3/,AI"), "line 4: prefix 'G06N 3/' must be like"),
        (text_of("G06N,A I"), "line 4: class 'A I' must have letters"),
        (text_of("G06N,AI", "G06N,AI"), "line 5: its prefix is there already, in this class"),
        (text_of("G06N,", "G06N,AI"), "line 5: its prefix is there already, without a class"),
        (text_of("G06N,AI", "G06N,"), "line 5: a row without a class must be the only one"),
        (text_of("G,A,x", "H,A,y", header="prefix,class,name_en"), "line 5: class A has another group or name"),
        (text_of('G,"A'), "line 4: unexpected end of data"),
        (text_of("G,A\x00"), "line 4"),
    ],
)
def test_a_fault_is_named_with_its_line(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=re.escape(problem)):
        read_classification(text)


@pytest.mark.parametrize("name", ["strategic-industries.csv", "gbt4754.csv"])
def test_the_examples_are_valid(name: str) -> None:
    found = read_classification((EXAMPLES / name).read_text("utf-8"))
    assert all(one.name_en and one.name_zh for one in found.classes.values())
    assert found.source


@given(st.text(max_size=300) | st.text('# \n\r,"AG06N/1:classificationverp.x', max_size=200))
@example("#:\n")
def test_any_text_is_read_or_refused(text: str) -> None:
    for whole in (text, TOP + "prefix,class\n" + text):
        with suppress(ValueError):
            assert read_classification(whole).classes
