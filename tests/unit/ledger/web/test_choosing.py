"""The values that filters offer."""

from __future__ import annotations

from ledger.posting.cells import KINDS, RIGHTS, WITHOUT_MONEY
from ledger.web.pages import choosing


def test_kinds_and_rights_are_those_of_the_totals() -> None:
    assert set(choosing.KINDS_SHOWN) <= KINDS.keys()
    assert set(choosing.COUNTED) == {kind for kind in choosing.KINDS_SHOWN if KINDS[kind] in WITHOUT_MONEY}
    assert set(choosing.RIGHT_NAMES) == RIGHTS.keys()
