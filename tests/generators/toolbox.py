"""The directory of installed generators (`make generators`), and how to run them."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Toolbox:
    """A directory filled by `install.sh`."""

    directory: Path

    @property
    def node_modules(self) -> Path:
        return self.directory / "node_modules"

    @property
    def go_jsonschema(self) -> Path:
        return self.directory / "bin" / "go-jsonschema"

    @property
    def jars(self) -> Path:
        return self.directory / "jars"

    @property
    def python(self) -> Path:
        return self.directory / "python" / "bin" / "python"

    def lacks(self, *needed: str) -> list[str]:
        """Return which of these are missing: paths in this directory, and commands."""
        return [name for name in needed if not (self.directory / name).exists() and shutil.which(name) is None]

    def of_node(self, package: str) -> str:
        """Return the version of an npm package."""
        return str(json.loads((self.node_modules / package / "package.json").read_text("utf-8"))["version"])

    def of_python(self, package: str) -> str:
        """Return the version of a Python package."""
        return run([self.python, "-c", f"from importlib.metadata import version; print(version('{package}'))"]).strip()

    def of_go(self, program: Path) -> str:
        """Return the version of the module of a Go program."""
        lines = run(["go", "version", "-m", program]).splitlines()
        return next(line.split()[2] for line in lines if line.split()[:1] == ["mod"]).removeprefix("v")


def run(command: Sequence[str | Path], directory: Path | None = None, given: str = "") -> str:
    """Return the output of a command. Raise with the end of its output if it fails."""
    done = subprocess.run(command, cwd=directory, input=given, capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(f"{command[0]} ended with {done.returncode}: {(done.stdout + done.stderr)[-4000:]}")
    return done.stdout
