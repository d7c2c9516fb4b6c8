"""The lines of docs/api.md run as they stand there, against a server with a broker."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.events import granted, value_of
from tests.processes import PATIENCE_SECONDS, Installation
from tests.servers import serving

DOCS = Path(__file__).parents[2] / "docs" / "api.md"
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", DOCS.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_every_line_of_the_page_works(installation: Installation) -> None:
    installation.worker().wait_until_started()
    assert installation.run("publish", "-", given=value_of(granted())).code == 0
    installation.wait_until_posted()
    bin_directory = Path(sys.executable).parent
    environment = installation.environment | {"PATH": f"{bin_directory}:/usr/local/bin:/usr/bin:/bin"}
    with serving(installation.environment, installation.book.parent) as server:
        assert len(BLOCKS) > 4
        for block in BLOCKS:
            script = block.replace("http://127.0.0.1:8000", server.address)
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", script],
                cwd=installation.book.parent,
                env=environment,
                capture_output=True,
                text=True,
                timeout=PATIENCE_SECONDS,
            )
            assert done.returncode == 0, (block, done.stderr)
            assert done.stdout, block
            assert "/errors/" not in done.stdout.replace("/errors/NoSuchColumn", ""), (block, done.stdout)
            if "If-None-Match" in block:
                assert done.stdout.split() == ["304"]
            if "POST" in block:
                assert '"offset":' in done.stdout
