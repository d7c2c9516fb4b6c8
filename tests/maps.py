"""Another industry map than the shipped one, as somebody may give it."""

from importlib.resources import files
from typing import Final

SHIPPED_TEXT: Final = files("schemas").joinpath("industry_map.csv").read_text("utf-8")

ROBOTS: Final = f"{SHIPPED_TEXT.replace('1.0.0', '2.0.0', 1)}B25J,AI,,,override,for tests\n"
"""The shipped map, but manipulators (B25J) are AI, not ADVMFG. Another place for a known symbol: a major version."""
