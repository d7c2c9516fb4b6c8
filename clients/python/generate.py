"""Write the models of events from the published schemas: `make generate`.

What a field of a model cannot express (`if`, `not`, `uniqueItems`) is left to the ledger, which judges every event.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PUBLISHED = HERE.parents[1] / "schemas" / "published"
EVENTS = HERE / "src" / "ip_ledger" / "events"
BY_HAND = ("Correction_", "Voiding")
"""The names that ip_ledger.event has."""
NAMES = {"WrittenMoney": "Money"}
DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
LIMITS = {
    "pattern": "pattern",
    "minLength": "min_length",
    "maxLength": "max_length",
    "minItems": "min_length",
    "maxItems": "max_length",
    "minimum": "ge",
    "maximum": "le",
}
"""Keyword of JSON Schema -> of pydantic."""
TYPES = {"string": "str", "integer": "int", "boolean": "bool"}

Schema = dict[str, Any]


def modules() -> dict[str, str]:
    """Return the content of each module: one for the common models, one for each family of types."""
    models: dict[str, dict[str, Schema]] = defaultdict(dict)
    types: dict[str, str] = {}
    for path in sorted(PUBLISHED.glob("*.json")):
        schema = json.loads(path.read_text("utf-8"))
        family = schema["title"].split(".")[1]
        types.setdefault(_name(schema["properties"]["data"]["$ref"]), schema["title"])
        for name, model in schema["$defs"].items():
            if not name.startswith(BY_HAND):
                models[name][family] = model
    files: dict[str, dict[str, Schema]] = defaultdict(dict)
    for name, families in models.items():
        module = next(iter(families)) if len(families) == 1 else "common"
        files[module][name] = next(iter(families.values()))
    made = {f"{module}.py": _module(module, files, types) for module in sorted(files)}
    return {name: _formatted(content) for name, content in (made | {"__init__.py": _index(files, types)}).items()}


def _module(module: str, files: dict[str, dict[str, Schema]], types: dict[str, str]) -> str:
    classes = [_class(_name(name), model, types) for name, model in _sorted(files[module])]
    text = "\n\n".join(classes)
    shared = [_name(name) for name in files["common"] if module != "common" and f"{_name(name)}" in text]
    names = {"Annotated", "ClassVar", "Literal"}
    typing = sorted(name for name in names if f"{name}[" in text or f"{name} " in text)
    lines = [
        f'"""Data of the events `ip.{module}.*`."""'
        if module != "common"
        else '"""Models in events of several types."""',
        "",
        "# Made by clients/python/generate.py from schemas/published. Change those, not this file.",
        "",
        "from __future__ import annotations",
        "",
        *(["from datetime import date"] if " date" in text else []),
        f"from typing import {', '.join(typing)}",
        "",
        *(["from pydantic import Field"] if "Field(" in text else []),
        "",
        "from ip_ledger.base import Model",
        *([f"from ip_ledger.events.common import {', '.join(sorted(shared))}"] if shared else []),
    ]
    return "\n".join(lines) + "\n\n\n" + text


def _sorted(models: dict[str, Schema]) -> list[tuple[str, Schema]]:
    """Return models after those that they refer to."""
    done: dict[str, Schema] = {}

    def add(name: str) -> None:
        text = json.dumps(models[name])
        for other in models:
            if other not in done and other != name and f'"#/$defs/{other}"' in text:
                add(other)
        done[name] = models[name]

    for name in models:
        if name not in done:
            add(name)
    return list(done.items())


def _class(name: str, model: Schema, types: dict[str, str]) -> str:
    lines = [f"class {name}(Model):", f'    """{" ".join(model["description"].split())}"""', ""]
    if name in types:
        lines += [f'    TYPE: ClassVar[str] = "{types[name]}"', ""]
    required = model.get("required", ())
    for field, schema in sorted(model["properties"].items(), key=lambda field: field[0] not in required):
        written, limits = _type(schema)
        if field not in required and not written.endswith(" | None"):
            written += " | None"
        if limits:
            written = f"Annotated[{written}, Field({', '.join(limits)})]"
        lines.append(f"    {field}: {written}{'' if field in required else ' = None'}")
        if "description" in schema:
            lines.append(f'    """{schema["description"]}"""')
    return "\n".join(lines) + "\n"


def _type(schema: Schema) -> tuple[str, list[str]]:
    """Return the type of a field, and the keywords that limit it."""
    if "$ref" in schema:
        return _name(schema["$ref"]), []
    if "anyOf" in schema:
        one, _ = schema["anyOf"]  # the other is null
        return f"{_whole(one)} | None", []
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    null = " | None" if "null" in kinds else ""
    if "const" in schema or "enum" in schema:
        values = [value for value in schema.get("enum", [schema.get("const")]) if value is not None]
        return f"Literal[{', '.join(map(repr, values))}]{null}", []
    if schema.get("pattern") == DAY:
        return f"date{null}", []
    limits = [f"{LIMITS[word]}={_literal(schema[word])}" for word in LIMITS if word in schema]
    if kinds[0] == "array":
        return f"list[{_whole(schema['items'])}]{null}", limits
    return f"{TYPES[kinds[0]]}{null}", limits


def _whole(schema: Schema) -> str:
    written, limits = _type(schema)
    return f"Annotated[{written}, Field({', '.join(limits)})]" if limits else written


def _literal(value: object) -> str:
    return f'r"{value}"' if isinstance(value, str) else str(value)


def _index(files: dict[str, dict[str, Schema]], types: dict[str, str]) -> str:
    names = {module: sorted(map(_name, models)) for module, models in sorted(files.items())}
    data = sorted((types[name], name) for known in names.values() for name in known if name in types)
    return "\n".join(
        [
            '"""The data of every type of event."""',
            "",
            "# Made by clients/python/generate.py from schemas/published. Change those, not this file.",
            "",
            "from __future__ import annotations",
            "",
            "from typing import Final",
            "",
            "from ip_ledger.base import Model",
            *(f"from ip_ledger.events.{module} import {', '.join(known)}" for module, known in names.items()),
            "",
            f"__all__ = [{', '.join(repr(name) for name in sorted([*chain(*names.values()), 'MODELS']))}]",
            "",
            "MODELS: Final[dict[str, type[Model]]] = {",
            *(f"    {type_!r}: {name}," for type_, name in data),
            "}",
            '"""Type of an original event -> the model of its data."""',
        ]
    )


def _name(reference: str) -> str:
    name = reference.rpartition("/")[2]
    return NAMES.get(name, name)


def _formatted(content: str) -> str:
    config = HERE.parents[1] / "pyproject.toml"
    for words in (("check", "--select", "I,RUF022", "--fix-only", "--quiet"), ("format", "--quiet")):
        command = [
            sys.executable,
            "-m",
            "ruff",
            words[0],
            *words[1:],
            "--config",
            str(config),
            "--stdin-filename",
            str(EVENTS / "_.py"),
            "-",
        ]
        content = subprocess.run(command, input=content, capture_output=True, text=True, check=True).stdout
    return content


def changed() -> Iterator[Path]:
    """Yield the modules that differ from the schemas."""
    made = modules()
    for path in {EVENTS / name for name in made} | set(EVENTS.glob("*.py")):
        if not path.exists() or path.read_text("utf-8") != made.get(path.name):
            yield path


def write() -> None:
    """Write all modules, and delete those that no longer exist."""
    made = modules()
    for path in changed():
        if path.name in made:
            path.write_text(made[path.name], "utf-8")
        else:
            path.unlink()


if __name__ == "__main__":
    write()
