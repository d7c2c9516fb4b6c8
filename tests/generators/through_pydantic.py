"""Round-trip events through the models in `types`; runs in the generators' own Python."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

sys.path.insert(0, str(Path.cwd() / "types"))


def model(module: str) -> Any:
    """Return the model of a whole event."""
    models = vars(import_module(module)).values()
    return next(
        m for m in models if isinstance(m, type) and issubclass(m, BaseModel) and "specversion" in m.model_fields
    )


for line in sys.stdin:
    name, _, value = line.rstrip("\n").partition("\t")
    try:
        written = model(name).model_validate_json(value).model_dump_json(exclude_unset=True)
    except ValidationError as refused:
        written = str(refused).replace("\n", " ")
    sys.stdout.write(f"{written}\n")
