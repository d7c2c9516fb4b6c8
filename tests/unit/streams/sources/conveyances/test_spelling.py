from streams.sources.conveyances.spelling import edit_distance, words
from tests.each_case import each_case


@each_case(
    ("one", "other", "distance"),
    [
        ("", "AB", 2),
        ("RELASE", "RELEASE", 1),
        ("SECURTIY", "SECURITY", 1),
        ("ABC", "CBA", 2),
        ("A", "A", 0),
        ("AB", "C", 2),
    ],
)
def test_the_distance_counts_edits_and_transpositions(one: str, other: str, distance: int) -> None:
    assert edit_distance(one, other) == edit_distance(other, one) == distance


@each_case(
    ("text", "known"),
    [
        ("Relase of the securtiy intersts", "RELEASE OF THE SECURITY INTEREST"),
        ("RELEASED TERMINATING CANCELLED", "RELEASE TERMINATION CANCELLATION"),
        ("SECURITYINTEREST", "SECURITY INTEREST"),
        ("LICENCE LICENSES LISENCE", "LICENSE LICENSE LICENSE"),
        ("RE-ASSIGNMENT DE-MERGER NON-EXCLUSIVE FIRST-LIEN", "REASSIGNMENT DEMERGER NONEXCLUSIVE FIRST LIEN"),
        ("ASSIGNOR'S HYPOTHÈQUE & AGMT.", "ASSIGNOR HYPOTHEC AND AGREEMENT"),
        ("AMMENDMENT AGREMENT MERGRE", "AMENDMENT AGREEMENT MERGER"),
        ("TERM.OF SEC.INT.", "TERMINATION OF SECURITY INTEREST"),
        ("RELINQ. OF COLLAT.", "RELINQUISHMENT OF COLLATERAL"),
        ("ASSIGNM'T & AGREEM'T", "ASSIGNMENT AND AGREEMENT"),
    ],
)
def test_spellings_of_a_known_word_become_one_form(text: str, known: str) -> None:
    assert " ".join(words(text)) == known


@each_case(
    "text",
    ["TERM LOAN", "TERM. LOAN", "IN PART.", "BANKERS NATIONAL ASSN OF OHIO", "CONFIRM.", "SUCC.", "ACME LIC."],
)
def test_an_abbreviation_that_may_mean_another_word_stays(text: str) -> None:
    assert " ".join(words(text)) == text.replace(".", "")


@each_case(
    "word",
    ["LEASE", "PLEASE", "DETERMINATION", "DESIGNATION", "ALIGNMENT", "INTERNET", "NOTIFICATION", "SURETY", "LICENSEE",
     "GRANTOR", "REINSTATEMENT", "CONVERSATION", "CHANCE", "LINE", "X" * 300],
)  # fmt: skip
def test_other_words_stay_unchanged(word: str) -> None:
    assert words(word) == [word]
