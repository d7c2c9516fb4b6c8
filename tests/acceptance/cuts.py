"""Power cuts at any change of a disk, and the judgement of what each leaves in a file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from hashlib import sha256
from pathlib import Path
from random import Random

from tests.acceptance.power import ON_THE_DISK, Disk, Image


class PowerCuts(ABC):
    """Cuts the power while a file on the disk goes through its steps, and judges the file that each cut leaves.

    `kept` is the step that every disk must have reached; a subclass raises it. `image` is one possible disk after a
    cut, and `image_kept` the step to keep by then.
    """

    def __init__(self, file: Path, chance: Random, share: float, kept: int) -> None:
        self.chance, self.share, self.kept = chance, share, kept
        self.file, self.left = (file.parent / name / file.name for name in (ON_THE_DISK, "left"))
        for path in (self.file, self.left):
            path.parent.mkdir(exist_ok=True)
        self.ended: Counter[str] = Counter()
        self.image: Image = {}
        self.image_kept = kept
        self._known: dict[bytes, int | None] = {}

    @abstractmethod
    def step_left(self) -> int | None:
        """Return the step of the file at `left`; None if it is of none."""

    def perhaps(self, disk: Disk) -> None:
        """Perhaps cut the power here, in one of many ways; the run itself continues on its own disk."""
        if self.chance.random() < self.share:
            image = disk.after_a_cut(self.chance)
            found = self.judge(image)
            self.ended[found] += 1
            if found == "right" and self.chance.random() < 0.1:
                self.image, self.image_kept = image, self.kept

    def judge(self, image: Image) -> str:
        """Return `right`, `lost` (the step to keep is missing) or `half` (the file is of no step)."""
        key = sha256(repr(sorted(image.items())).encode()).digest()
        if key not in self._known:
            for old in self.left.parent.iterdir():
                old.unlink()
            for name, content in image.items():
                self.left.with_name(name).write_bytes(content)
            self._known[key] = self.step_left()
        found = self._known[key]
        return "half" if found is None else "right" if found >= self.kept else "lost"
