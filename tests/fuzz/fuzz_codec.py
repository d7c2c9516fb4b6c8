"""Coverage-guided fuzzing of the codec: `make fuzz SECONDS=600`.

A finding is a file `.fuzz/crash-...` that holds the value: run this module with the file's name to reproduce the
fault, fix it, and add the value to the corpus of bad input.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["schemas", "ledger.posting.decoding", "ledger.posting.facts"]):
    from tests.fuzz.mutations import SEEDS, mutated
    from tests.fuzz.properties import assert_judged_well

FOUND = Path(".fuzz")


def one_input(value: bytes) -> None:
    """Judge one value of the fuzzer."""
    assert_judged_well(value)


def mutation(value: bytes, longest: int, seed: int) -> bytes:
    """Return another value: half of them mutated as JSON, half by the fuzzer itself."""
    chance = Random(seed)
    if chance.random() < 0.5:
        return bytes(atheris.Mutate(value, longest))
    return mutated(value, chance)[:longest]


def main() -> None:
    """Run with arguments of libFuzzer, such as -max_total_time=60."""
    seeds = FOUND / "seeds"
    seeds.mkdir(parents=True, exist_ok=True)
    for number, value in enumerate(SEEDS):
        (seeds / f"seed-{number}").write_bytes(value)
    replayed = any(not word.startswith("-") for word in sys.argv[1:])
    corpora = [] if replayed else [str(FOUND / "seeds")]
    atheris.Setup(
        [*sys.argv, f"-artifact_prefix={FOUND}/", "-max_len=8000", *corpora], one_input, custom_mutator=mutation
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
