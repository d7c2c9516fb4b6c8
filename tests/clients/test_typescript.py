"""The TypeScript client: made from the contract of a running server, and the program of its README run against it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.clients.test_clients import INSTALLED, INSTALLED_HERE, ROOT
from tests.processes import Installation
from tests.servers import serving

CLIENT = INSTALLED / "typescript"
STRICT = "--target ES2022 --module NodeNext --lib ES2022,DOM,DOM.Iterable --types node --strict --skipLibCheck"


@INSTALLED_HERE
@pytest.mark.skipif(not (CLIENT / "node_modules").is_dir(), reason="no npm here: make clients")
def test_the_program_of_its_page_publishes_asks_and_follows(installation: Installation) -> None:
    installation.worker().wait_until_started()
    (program,) = re.findall(
        r"```ts\n(.*?)```", (ROOT / "clients" / "typescript" / "README.md").read_text("utf-8"), re.DOTALL
    )
    (CLIENT / "example.ts").write_text(program, "utf-8")
    with serving(installation.environment, installation.book.parent) as server:
        run("node", "generate.mjs", ROOT / "schemas" / "published", f"{server.address}/api/v1/openapi.json")
        run("npx", "tsc")
        run("npx", "tsc", *STRICT.split(), "example.ts")
        printed = run("node", "example.js", server.address)
    assert printed.splitlines() == [
        "ip.loan.v1 0",
        "2024 CNY 450000.00",
        "deal-2024-0001 450000.00",
        '422 data.occurred_on "2024-02-30": there is no such date',
        "1 true",
    ]


def run(*command: str | Path) -> str:
    """Run a program in the client's directory; return its output."""
    done = subprocess.run(command, cwd=CLIENT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
