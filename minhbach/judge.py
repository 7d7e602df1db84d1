"""From broken expectations to findings with an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from minhbach import findings as found
from minhbach import tables
from minhbach.answers import Answers
from minhbach.expectations import Rule, broken, rules, wide
from minhbach.findings import Finding
from minhbach.framework import Framework
from minhbach.score import Points

Observations = Mapping[tuple[str, str], Any]


def judge(
    framework: Framework,
    answers: Answers,
    points: Points,
    observations: pd.DataFrame,
    language: str,
    read: tuple[Finding, ...],
) -> tuple[Finding, ...]:
    """The findings of all expectations; a cell that already has a finding from reading gets no second one."""
    cells: Observations = {(row.unit_id, row.field_id): row for row in tables.rows(observations)}
    seen = {(finding.unit_id, finding.field_id) for finding in read}
    made: list[Finding] = []
    for rule, unit_id in broken(wide(framework, answers, points), rules(framework, language)):
        fields = rule.fields
        if rule.name == "not_scored":
            row = answers.unit_ids.index(unit_id)
            blank = {field for node in framework.results for field in points.exactly.blank_fields(node, row)}
            fields = tuple(field for field in framework.fields if field in blank)
        if not any((unit_id, field) in seen for field in fields):
            made.append(_finding(rule, unit_id, fields, cells, answers, framework, language))
            seen |= {(unit_id, field) for field in fields if rule.severity == "error"}
    return tuple(made)


def _finding(
    rule: Rule,
    unit_id: str,
    fields: tuple[str, ...],
    cells: Observations,
    answers: Answers,
    framework: Framework,
    language: str,
) -> Finding:
    known = [cells[unit_id, field] for field in fields if (unit_id, field) in cells]
    first = known[0] if known else None
    name = next(unit.name for unit in answers.units if unit.unit_id == unit_id)
    labels = ", ".join(framework.fields[field].label.say(language) for field in fields)
    return found.make(
        rule.name if not rule.message else "check",
        language,
        severity=rule.severity,
        unit_id=unit_id,
        field_id=" ".join(fields),
        file=first.file if first else "",
        sheet=first.sheet if first else "",
        cell=" ".join(row.cell for row in known),
        value="; ".join(row.raw_text for row in known),
        expected=rule.expected,
        unit=name,
        label=labels,
        check=rule.message,
    )
