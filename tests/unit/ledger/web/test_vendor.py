"""Scripts of others, as their packages have them."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

VENDOR = Path(__file__).parents[4] / "ledger" / "web" / "static" / "vendor"


def test_every_vendored_file_has_its_hash_and_licence() -> None:
    sums = [line.split("  ", 1) for line in (VENDOR / "SHA256SUMS").read_text("utf-8").splitlines()]
    listed = {name: sum_ for sum_, name in sums}
    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in VENDOR.iterdir()}
    assert {name: found[name] for name in found if name not in ("SHA256SUMS", "README.md")} == listed
    assert {"htmx.LICENSE", "echarts.LICENSE", "echarts.NOTICE"} <= listed.keys()
