"""What a survey round adds to the suite: evidence beside claims, change since the previous edition, outliers.

Each is a column of the wide table that Great Expectations judges (1: in order, 0: not, blank: cannot be judged), so
its findings have unit, field and cell like all others.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from minhbach.answers import Answers
from minhbach.expectations_context import SurveyContext
from minhbach.formula import Call, Name, Text, walk
from minhbach.formula_print import decimal
from minhbach.framework import Framework
from minhbach.numbers import exact_text, from_text, show
from minhbach.score import Points

EVIDENCE, CHANGE, OUTLIER = "evidence_missing", "changed_much", "outlier"
SEVERITY = {EVIDENCE: "warning", CHANGE: "warning", OUTLIER: "note"}
NORMAL = 1.4826
"""Makes the median absolute deviation comparable to a standard deviation (Iglewicz & Hoaglin 1993)."""
FAR = 8
"""How many such deviations from the median are far: our own choice, no rule of a decision, and for notes only.

Iglewicz & Hoaglin suggest 3.5 for the modified z-score; units of very different size would break that all the time.
"""
FEWEST = 10
"""A group with fewer numeric answers is not looked at: its median says too little. Our own choice."""

Column = npt.NDArray[np.float64]


def fields_of(rule: str, framework: Framework, context: SurveyContext) -> Iterator[str]:
    """The fields that a rule looks at."""
    compares = context.factor is not None and bool(context.previous)
    for field_id, question in framework.fields.items():
        looks = {
            EVIDENCE: question.evidence == "required",
            CHANGE: question.numeric and compares,
            OUTLIER: question.numeric,
        }
        if looks[rule]:
            yield field_id


def name(rule: str, field_id: str) -> str:
    """The name of a column of the wide table."""
    return f"{rule} {field_id}"


def columns(framework: Framework, answers: Answers, points: Points, context: SurveyContext) -> dict[str, Column]:
    """The columns of all three rules, one value per unit."""
    made = {}
    for field_id in fields_of(EVIDENCE, framework, context):
        made[name(EVIDENCE, field_id)] = _evidenced(answers, field_id, context)
    for field_id in fields_of(CHANGE, framework, context):
        made[name(CHANGE, field_id)] = _steady(answers, field_id, context)
    for field_id in fields_of(OUTLIER, framework, context):
        made[name(OUTLIER, field_id)] = _ordinary(answers, points, field_id)
    return made


def said(
    rule: str, unit_id: str, fields: tuple[str, ...], points: Points, context: SurveyContext, language: str
) -> dict[str, str]:
    """What a finding's sentence names beside the answer: the value before and the factor, or the median."""
    if rule not in (CHANGE, OUTLIER):
        return {}
    (field_id,) = fields
    if rule == CHANGE:
        assert context.factor is not None
        factor = decimal(exact_text(context.factor), language)
        return {"previous": decimal(context.previous[unit_id, field_id], language), "factor": factor}
    values = _numbers(points.answers, field_id)
    group = points.groups == points.groups[points.answers.unit_ids.index(unit_id)]
    return {"median": _median_text(values[group & ~np.isnan(values)], language)}


def _evidenced(answers: Answers, field_id: str, context: SurveyContext) -> Column:
    """0 where an answer claims something and neither number nor title of a document stands beside it."""
    idle = _idle_options(answers.framework, field_id)

    def judge(unit_id: str, text: str) -> float:
        given = context.evidence.get((unit_id, field_id))
        return np.nan if given is None else float(given or not _claims(answers.framework, field_id, text, idle))

    texts = answers.texts[field_id]
    return np.array([judge(unit_id, text) for unit_id, text in zip(answers.unit_ids, texts, strict=True)], dtype=float)


def _claims(framework: Framework, field_id: str, text: str, idle: frozenset[str]) -> bool:
    question = framework.fields[field_id]
    return text not in ("", *idle) and not (question.numeric and from_text(text) == 0)


def _idle_options(framework: Framework, field_id: str) -> frozenset[str]:
    """Answers in words that claim nothing: no, and options that every formula gives nothing, such as "Chưa có"."""
    question = framework.fields[field_id]
    if question.type != "choice":
        return frozenset({"no"} if question.type == "yes_no" else ())
    trees = [part for tree in framework.formulas.values() for part in walk(tree)]
    choices = [each for each in trees if isinstance(each, Call) and each.function == "choice"]
    worth = [
        {option: points.value for option, points in each.table}
        for each in choices
        if each.arguments == (Name(field_id),)
    ]
    return frozenset(
        option for option in question.options if worth and all(each.get(Text(option)) == 0 for each in worth)
    )


def _steady(answers: Answers, field_id: str, context: SurveyContext) -> Column:
    """0 where the answer is more than `factor` times the previous one, or less than one such part of it; exact."""
    factor = context.factor or Fraction(1)

    def judge(unit_id: str, text: str) -> float:
        before = context.previous.get((unit_id, field_id), "")
        if not text or not before or 0 in (old := from_text(before), new := from_text(text)):
            return np.nan
        return float(1 / factor <= new / old <= factor)

    texts = answers.texts[field_id]
    return np.array([judge(unit_id, text) for unit_id, text in zip(answers.unit_ids, texts, strict=True)], dtype=float)


def _ordinary(answers: Answers, points: Points, field_id: str) -> Column:
    """0 where a number lies far from its group's median; blank in small groups and where half are the same."""
    values = _numbers(answers, field_id)
    scaled = np.log1p(values) if answers.framework.fields[field_id].type == "count" else values
    judged = np.full(len(values), np.nan)
    for group in np.unique(points.groups):
        here = (points.groups == group) & ~np.isnan(scaled)
        if here.sum() >= FEWEST:
            distance = np.abs(scaled[here] - np.median(scaled[here]))
            spread = float(np.median(distance))
            if spread > 0:
                judged[here] = distance <= FAR * NORMAL * spread
    return judged


def _numbers(answers: Answers, field_id: str) -> Column:
    return np.array([float(from_text(text)) if text else np.nan for text in answers.texts[field_id]], dtype=float)


def _median_text(values: Column, language: str) -> str:
    median = Fraction(float(np.median(values)))
    return show(median, 0 if median.denominator == 1 else 2, language)
