"""From broken expectations to findings with an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from minhbach import expectations_survey, tables, wording
from minhbach import findings as found
from minhbach.answers import Answers
from minhbach.expectations import NOT_SCORED, Rule, broken, rules, wide
from minhbach.expectations_context import SurveyContext
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
    context: SurveyContext | None = None,
) -> tuple[Finding, ...]:
    """The findings of all expectations; a cell that already has a finding from reading gets no second one.

    A survey's `context` adds evidence, changes and outliers.
    """
    cells: Observations = {(row.unit_id, row.field_id): row for row in tables.rows(observations)}
    wrong = {(each.unit_id, each.field_id) for each in read if each.severity == "error"}  # each told once
    made = [_lost(context.lost, language)] if context and context.lost else []
    for rule, unit_id in broken(wide(framework, answers, points, context), rules(framework, language, context)):
        fields = rule.fields
        if rule.name == NOT_SCORED:
            fields = _to_blame(points, answers.unit_ids.index(unit_id))
        if any((unit_id, field) in wrong for field in fields):
            continue
        more = expectations_survey.said(rule.name, unit_id, fields, points, context, language) if context else {}
        made.append(_finding(rule, unit_id, fields, cells, answers, more, language))
        if rule.severity == "error" and len(fields) == 1:
            wrong.add((unit_id, fields[0]))
    return tuple(made)


def _lost(folder: str, language: str) -> Finding:
    return found.make("previous_missing", language, severity="warning", file=folder)


def _to_blame(points: Points, row: int) -> tuple[str, ...]:
    """The answers that leave results of a unit blank."""
    exactly = points.exactly
    results = [node for node in points.framework.results if exactly.points(node, row) is None]
    fields = {field for node in results if not exactly.left_out(node, row) for field in exactly.blank_fields(node, row)}
    return tuple(field for field in points.framework.fields if field in fields)


def _finding(
    rule: Rule,
    unit_id: str,
    fields: tuple[str, ...],
    cells: Observations,
    answers: Answers,
    more: Mapping[str, str],
    language: str,
) -> Finding:
    known = [cells[unit_id, field] for field in fields if (unit_id, field) in cells]
    first = known[0] if known else None
    name = next(unit.name for unit in answers.units if unit.unit_id == unit_id)
    labels = ", ".join(answers.framework.fields[field].label.say(language) for field in fields)
    return found.make(
        rule.name,
        language,
        severity=rule.severity,
        unit_id=unit_id,
        field_id=" ".join(fields),
        file=first.file if first else "",
        sheet=first.sheet if first else "",
        cell=" ".join(row.cell for row in known),
        value="; ".join(row.value if row.status == "corrected" else row.raw_text for row in known),
        expected=rule.expected,
        unit=name,
        label=labels,
        check=rule.message,
        why=wording.say("why_missing" if any(not row.value for row in known) else "why_undefined", language),
        **more,
    )
