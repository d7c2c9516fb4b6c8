from streams.sources.grants import document_kinds
from streams.sources.omissions import Omissions
from tests.each_case import each_case


@each_case(
    ("number", "kind", "year", "subject"),
    [
        ("5825759", "A", 1998, "US5825759A"),
        ("10000000", "B2", 2018, "US10000000B2"),
        ("D369194", "S", 1996, "USD369194S"),
        ("D435854", "S", 2001, "USD435854S1"),
        ("D967598", "S1", 2022, "USD967598S1"),
        ("RE49373", "E", 2023, "USRE49373E1"),
        ("RE28671", "E", 1976, "USRE28671E"),
        ("PP11730", "P", 2001, "USPP11730P2"),
        ("PP34694", "P3", 2022, "USPP34694P3"),
    ],
)
def test_a_subject_has_the_kind_of_its_year(number: str, kind: str, year: int, subject: str) -> None:
    assert document_kinds.canonical_id(number, kind, year) == subject


@each_case(
    ("number", "before", "since"),
    [("3937375", "A", "B1"), ("D239331", "S", "S1"), ("RE28671", "E", "E1"), ("PP3834", "P", "P2")],
)
def test_a_kind_follows_from_the_number_and_the_year(number: str, before: str, since: str) -> None:
    assert (document_kinds.derived(number, 2000), document_kinds.derived(number, 2001)) == (before, since)


@each_case(
    ("citation", "found"),
    [
        (("5825759", "A", "19981000"), ["US5825759A"]),
        (("D0424790", "S", "20000500"), ["USD424790S"]),
        (("D454425", "S", "20020300"), ["USD454425S1"]),
        (("D. 271298", "", "19831100"), ["USD271298S"]),
        (("Re. 30,123", "", "19791000"), ["USRE30123E"]),
        (("3518629", "", "19700600"), ["US3518629A"]),
        (("8139878", "B2", "2012-03-20T00:00:00Z"), ["US8139878B2"]),
        (("2005/0137607", "A1", "20050600"), ["US20050137607A1"]),
        (("20050137607", "", ""), ["US20050137607"]),
        (("6336130", "", "20020100"), ["US6336130"]),
        (("PP12345", "", "20020100"), ["USPP12345"]),
        (("6167568", "", ""), ["US6167568A"]),
        (("6167569", "", ""), ["US6167569"]),
        (("11803561", "", ""), ["US11803561"]),
        (("D435712", "", ""), ["USD435712S"]),
        (("D0435713", "", ""), ["USD435713S1"]),
        (("Re31419", "", ""), ["USRE31419E"]),
        (("RE36800", "", ""), ["USRE36800"]),
        (("RE36800", "E", ""), ["USRE36800E"]),
        (("RE49373", "", ""), ["USRE49373E1"]),
        (("PP11000", "", ""), ["USPP11000P"]),
        (("PP32000", "", ""), ["USPP32000"]),
        (("X8123", "", ""), ["USX8123A"]),
        (("6,469", "", "18490500"), ["US6469A"]),
        (("0006469", "A", ""), ["US6469A"]),
        (("H1234", "", ""), []),
        (("2020123456", "", ""), []),
        (("D454425", "", "20020300"), ["USD454425S1"]),
        (("H367", "H", "19871100"), []),
        (("T951001", "", "19761000"), []),
        (("12345", "A", "18550101"), ["US12345A"]),
        (("12345", "B1", "20180101"), []),
        (("5825759", "A", ""), ["US5825759A"]),
        (("5825759", "A", "\u0661998"), ["US5825759A"]),
        (("", "A", "19981000"), []),
        (("5,5", "no", "19981000"), []),
    ],
)
def test_a_citation_without_id_is_omitted(citation: tuple[str, str, str], found: list[str]) -> None:
    assert document_kinds.cited([citation], Omissions()) == found


def test_repeated_citations_count_once_and_a_list_is_never_truncated() -> None:
    many = [(str(5_000_000 + number), "A", "19910300") for number in range(document_kinds.MOST_CITATIONS + 1)]
    assert document_kinds.cited([*many[:2], many[0]], Omissions()) == ["US5000000A", "US5000001A"]
    assert len(document_kinds.cited(many[1:], Omissions())) == document_kinds.MOST_CITATIONS
    assert document_kinds.cited(many, Omissions()) == []
