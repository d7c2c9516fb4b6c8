"""The report of an import: what was read and found, the events, and what was skipped and why."""

from __future__ import annotations

from collections import Counter
from typing import Any

from streams.sources.reading import Reading
from streams.sources.results import Imported, Result, Skipped, SkipReason

EXAMPLES = 5
"""Maximum examples per reason in a report."""


class Report:
    """Accumulates the results of one reading."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.made: Counter[str] = Counter()
        self.again = 0
        self.skipped: Counter[SkipReason] = Counter()
        self._examples: dict[SkipReason, list[dict[str, str]]] = {}

    def take(self, result: Result) -> None:
        """Add a result."""
        if isinstance(result, Imported):
            self.made[result.type] += 1
            self.again += result.again
            self._reading.counts.update(f"{code} omitted: not in ISO 3166 on that day" for code in result.omitted)
            return
        self.skipped[result.rule] += 1
        examples = self._examples.setdefault(result.rule, [])
        if len(examples) < EXAMPLES:
            examples.append({name: value for name, value in as_json(result).items() if name != "rule"})

    @property
    def faults(self) -> int:
        """The number of skipped documents with bad input."""
        return sum(count for rule, count in self.skipped.items() if rule.fault)

    def as_json(self) -> dict[str, Any]:
        """Return the report as `ip-ledger import --json` prints it."""
        read = self._reading.read
        return {
            "read": {
                "files": len(read),
                "bytes": self._reading.done,
                "documents": sum(file.documents for file in read),
            },
            "files": [vars(file) for file in read],
            "counts": dict(sorted(self._reading.counts.items())),
            "made": {
                "events": self.made.total(),
                "repeated": self.again,
                "by_type": dict(sorted(self.made.items())),
            },
            "skipped": [
                {
                    "rule": rule.label,
                    "meaning": rule.meaning,
                    "fault": rule.fault,
                    "count": count,
                    "examples": self._examples[rule],
                }
                for rule, count in sorted(self.skipped.items(), key=lambda skipped: skipped[0].label)
            ],
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return the report for people, one row per count."""
        read = [
            {"what": "read", "of": str(form or "unknown format"), "count": documents}
            for form, documents in sorted(self._formats().items(), key=lambda pair: str(pair[0]))
        ]
        found = [{"what": "found", "of": of, "count": n} for of, n in sorted(self._reading.counts.items())]
        made = [{"what": "made", "of": of, "count": n} for of, n in sorted(self.made.items())]
        skipped = [
            {"what": "bad" if rule.fault else "skipped", "of": f"{rule.label}: {rule.meaning}", "count": n}
            for rule, n in sorted(self.skipped.items(), key=lambda pair: (pair[0].fault, pair[0].label))
        ]
        return read + found + made + skipped

    def _formats(self) -> Counter[str | None]:
        documents: Counter[str | None] = Counter()
        for file in self._reading.read:
            documents[file.format] += file.documents
        return documents


def as_json(skipped: Skipped) -> dict[str, str]:
    """Return a skipped document as `ip-ledger import --skipped` writes it."""
    return {"file": skipped.file, "location": skipped.location, "rule": skipped.rule.label, "reason": skipped.reason}
