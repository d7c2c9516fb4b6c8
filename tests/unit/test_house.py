"""House rules that no tool checks."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = ("requirements.lock", "requirements-runtime.lock")


def tracked() -> list[Path]:
    """Return the files of the repository, including new ones."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    answer = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in sorted(filter(None, answer.stdout.split("\0"))) if (ROOT / name).is_file()]


FILES = tracked()
CODE = [file for file in FILES if file.suffix == ".py"]


def test_imports_go_one_way() -> None:
    answer = subprocess.run([Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_no_file_has_more_than_400_lines() -> None:
    long = {str(file.relative_to(ROOT)): len(file.read_text("utf-8").splitlines()) for file in CODE}
    assert {name: lines for name, lines in long.items() if lines > 400} == {}


def test_functions_fit_on_a_screen() -> None:
    assert [name for room in ("schemas", "streams", "ledger") for name in _long_functions(room)] == []


def test_a_public_name_is_defined_once() -> None:
    """Interfaces of several modules, and two packages that repeat what others have on purpose, are left out."""
    shared = {"read", "FORMAT", "FORMATS", "VIEWS", "MODELS", "SOURCE", "add_to", "log"}
    modules = [
        name for file in CODE if (name := str(file.relative_to(ROOT))).startswith(("schemas/", "streams/", "ledger/"))
    ]
    own = [
        name for name in modules if not name.startswith("ledger/independent/") and not name.endswith("/check_proof.py")
    ]
    counted = Counter(public for name in own for public in _public_names(ROOT / name) - shared)
    twice = sorted(name for name, modules in counted.items() if modules > 1)
    assert len(twice) <= len(counted) / 200, f"choose a more exact name: {twice}"


def test_no_code_has_a_todo() -> None:
    mark = re.compile(r"\b(?:TO[D]O|FIX[M]E|HA[C]K)\b")
    assert _holding(mark) == []


def test_no_file_names_a_machine() -> None:
    path = re.compile(r"""(?:^|[\s"'=(`])/(?:home|root|tmp|work|Users)/\w""", re.MULTILINE)
    assert _holding(path) == []


@pytest.mark.parametrize(
    ("lock", "least"),
    [
        *((lock, 21) for lock in (*LOCKS, "requirements-spark.lock", "ops/explore/requirements.lock")),
        ("requirements-uv.lock", 1),
    ],
)
def test_a_lock_has_hashes_and_no_address(lock: str, least: int) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    pins = re.findall(r"^[a-z0-9._-]+==", text, re.MULTILINE)
    assert len(pins) >= least
    assert len(re.findall(r"^[a-z0-9._-]+==[^\n]*\\\n    --hash=sha256:", text, re.MULTILINE)) == len(pins)


def test_the_locks_agree_and_have_what_is_asked_for() -> None:
    everything, runtime = (dict(_pins(lock)) for lock in LOCKS)
    assert runtime.items() <= everything.items(), "run `make lock`"
    needed = {_name(requirement) for requirement in PYPROJECT["project"]["dependencies"]}
    extra = {_name(requirement) for requirement in PYPROJECT["project"]["optional-dependencies"]["embedded"]}
    habits = {_name(requirement) for requirement in PYPROJECT["dependency-groups"]["dev"]}
    assert needed <= runtime.keys()
    assert needed | extra | habits <= everything.keys()
    assert not extra & runtime.keys()


def test_the_lock_of_spark_has_the_versions_of_the_others() -> None:
    everything, spark = (dict(_pins(lock)) for lock in ("requirements.lock", "requirements-spark.lock"))
    assert {name: everything[name] for name in spark.keys() & everything.keys()} == {
        name: spark[name] for name in spark.keys() & everything.keys()
    }, "run `make lock`"
    asked = PYPROJECT["project"]["optional-dependencies"]["spark"] + PYPROJECT["dependency-groups"]["spark"]
    assert {_name(requirement) for requirement in asked} <= spark.keys()


def _holding(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for file in FILES:
        try:
            text = file.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{file.relative_to(ROOT)}: {match[0].strip()}" for match in pattern.finditer(text)]
    return found


def _long_functions(room: str) -> Iterator[str]:
    for file in CODE:
        if file.is_relative_to(ROOT / room):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    lines = (node.end_lineno or node.lineno) - node.lineno + 1
                    if lines > 50:
                        yield f"{file.relative_to(ROOT)}: {node.name} has {lines} lines"


def _public_names(file: Path) -> set[str]:
    """Return the public functions, classes and constants of a module."""
    names: set[str] = set()
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
    return {name for name in names if not name.startswith("_")}


def _pins(lock: str) -> list[tuple[str, str]]:
    return re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE)


def _name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower().replace("_", "-")
