"""An industry map that differs from the shipped one, as an operator may set it."""

from importlib.resources import files
from typing import Final

SHIPPED_TEXT: Final = files("schemas").joinpath("industry_map.csv").read_text("utf-8")

ROBOTS: Final = f"{SHIPPED_TEXT.replace('1.0.0', '2.0.0', 1)}B25J,AI,,,override,for tests\n"
"""The shipped map, but manipulators (B25J) are AI, not ADVMFG: moving a known symbol needs a major version."""
