"""The installed wheel, not the repository: it has all files that its commands read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from ledger.commands.demo import real_events
from tests.processes import without_settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory with the packages of a built wheel."""
    made, site = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(made)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = made.glob("*.whl")
    with ZipFile(wheel) as packed:
        packed.extractall(site)
    return site


@pytest.mark.slow
def test_the_demo_of_an_installed_wheel_has_the_real_events(installed: Path, tmp_path: Path) -> None:
    script = "import ledger, ledger.commands.demo as d; print(ledger.__file__, len(d.real_events()))"
    environment = without_settings() | {"PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True)
    assert done.stdout.split() == [str(installed / "ledger" / "__init__.py"), str(len(real_events()))]


def test_the_examples_for_readers_equal_those_in_the_package() -> None:
    shown = [ROOT / "examples" / file.name for file in sorted((ROOT / "ledger" / "examples").glob("*.ndjson"))]
    assert [line for file in shown for line in file.read_bytes().splitlines()] == real_events()
    assert len(shown) == 5
