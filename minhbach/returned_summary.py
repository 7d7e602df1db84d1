"""What a check found, counted: by severity, rule and unit, and who is absent or late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from minhbach import tables
from minhbach.findings import SEVERITIES, Finding
from minhbach.returned import Checked
from minhbach.returned_words import sentence
from minhbach.units import Unit


@dataclass(frozen=True)
class OfRule:
    """One rule at one severity: how often, and the sentence of its first finding."""

    rule: str
    severity: str
    count: int
    example: str


@dataclass(frozen=True)
class OfUnit:
    """A unit's findings by severity; `unit` is None for those that nobody knows the unit of."""

    unit: Unit | None
    counts: tuple[int, ...]
    findings: tuple[Finding, ...]

    @property
    def total(self) -> int:
        """All findings of the unit."""
        return sum(self.counts)


@dataclass(frozen=True)
class Receipt:
    """A unit that is absent, late or undated; `days` are working days after the deadline."""

    unit: Unit
    state: str
    received: str
    days: str


def findings_of(parts: Sequence[Checked]) -> list[Finding]:
    """All findings, framework after framework."""
    return [finding for part in parts for finding in part.findings]


def severities(findings: Sequence[Finding]) -> tuple[int, ...]:
    """How many errors, warnings and notes."""
    counts = Counter(finding.severity for finding in findings)
    return tuple(counts[severity] for severity in SEVERITIES)


def by_rule(parts: Sequence[Checked], language: str) -> list[OfRule]:
    """Every rule that is broken, errors first, then the most common first."""
    first: dict[tuple[str, str], Finding] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for finding in findings_of(parts):
        key = (finding.severity, finding.rule)
        first.setdefault(key, finding)
        counts[key] += 1
    keys = sorted(counts, key=lambda key: (SEVERITIES.index(key[0]), -counts[key], key[1]))
    return [OfRule(key[1], key[0], counts[key], sentence(first[key], language)) for key in keys]


def by_unit(parts: Sequence[Checked], units: Sequence[Unit]) -> list[OfUnit]:
    """Every unit with findings, in the order of errors, warnings and notes, then by id; the unknown unit last."""
    known = {unit.unit_id: unit for unit in units}
    owners = {book.file: book.unit.unit_id for part in parts for book in part.workbooks}
    of_unit: dict[str, list[Finding]] = {}
    for finding in findings_of(parts):
        unit_id = finding.unit_id if finding.unit_id in known else owners.get(finding.file, "")
        of_unit.setdefault(unit_id, []).append(finding)
    made = [OfUnit(known.get(unit_id), severities(found), tuple(found)) for unit_id, found in of_unit.items()]
    return sorted(made, key=_worst_first)


def _worst_first(each: OfUnit) -> tuple[object, ...]:
    return each.unit is None, tuple(-count for count in each.counts), each.unit.unit_id if each.unit else ""


def receipts(parts: Sequence[Checked], units: Sequence[Unit]) -> list[Receipt]:
    """Absent units, then late ones, the latest first, then those whose form bears no date of receipt (undated).

    Where received.csv dates no form at all, nobody is called undated.
    """
    known = {unit.unit_id: unit for unit in units}
    made = []
    for part in parts:
        dated = any(part.receipts["received"])
        for row in tables.rows(part.receipts):
            state = "undated" if row.state == "absent" and row.unit_id in part.senders else row.state
            if state in ("absent", "late") or (state == "undated" and dated):
                made.append(Receipt(known[row.unit_id], state, row.received, row.days_late))
    return sorted(made, key=lambda each: (each.state, -int(each.days or 0), each.unit.unit_id))
