"""From a framework to a Great Expectations suite, and from its results to findings with an address.

Great Expectations judges one wide table: a row per unit, a column per field, one per cross-field check, and one
that counts the results a unit's blank answers leave blank. Its usage events are off and no Data Docs are built.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe
import numpy as np
import pandas as pd
from great_expectations.data_context.types.base import ProgressBarsConfig

from minhbach import expectations_survey, formula
from minhbach.answers import Answers
from minhbach.expectations_context import SurveyContext
from minhbach.formula_eval import Evaluator
from minhbach.formula_exact import evaluate
from minhbach.formula_print import decimal
from minhbach.framework import Framework
from minhbach.model import Question
from minhbach.numbers import exact_text
from minhbach.score import Points
from minhbach.score_exact import Row
from minhbach.vector import Value

os.environ["GX_ANALYTICS_ENABLED"] = "false"
BLANK_RESULTS = "blank results"
NOT_SCORED = "not_scored"


@dataclass(frozen=True)
class Rule:
    """One expectation: its rule's name, severity, column, and the fields whose cells it speaks of."""

    name: str
    severity: str
    column: str
    fields: tuple[str, ...]
    expectation: Any
    expected: str
    message: str = ""


def wide(framework: Framework, answers: Answers, points: Points, context: SurveyContext | None = None) -> pd.DataFrame:
    """One row per unit: answers, 1 or 0 per check (blank where it cannot be judged), and blank results.

    With a survey's `context`, also the columns of `expectations_survey`.
    """
    table: dict[str, Any] = {"unit_id": list(answers.unit_ids)}
    for field_id in framework.fields:
        values = answers.column(field_id)
        if isinstance(values, Value) and framework.fields[field_id].numeric:
            table[field_id] = values.array
        else:
            table[field_id] = [text or None for text in answers.texts[field_id]]
    for check_id in framework.check_trees:
        table[f"check {check_id}"] = _check(framework, answers, points, check_id)
    blank = [np.isnan(points.values[node].array) & ~_left_out(points, node) for node in framework.results]
    table[BLANK_RESULTS] = np.sum(blank, axis=0).astype(float) if blank else np.zeros(len(answers.units))
    if context is not None:
        table |= expectations_survey.columns(framework, answers, points, context)
    return pd.DataFrame(table)


def _left_out(points: Points, node: str) -> Any:
    mask = points.left_out[node]
    return np.zeros(len(points.answers.units), dtype=bool) if mask is None else mask


def _check(framework: Framework, answers: Answers, points: Points, check_id: str) -> np.ndarray:
    tree = framework.check_trees[check_id]
    evaluator = Evaluator(
        lambda name: points.values[name] if name in points.values else answers.column(name), points.groups
    )
    with np.errstate(all="ignore"):
        result = np.array(np.broadcast_to(evaluator.evaluate(tree).array, points.groups.shape))
    if evaluator.doubt is not None:
        for row in np.flatnonzero(evaluator.doubt):
            value = evaluate(tree, Row(points.exactly, "", int(row)))
            result[row] = np.nan if value is None else float(value)
    return result


def rules(framework: Framework, language: str, context: SurveyContext | None = None) -> list[Rule]:
    """The expectations of a framework, in the order of its file; then those of a survey, if it has a `context`."""
    made = [rule for field_id in framework.fields for rule in _of_field(framework.fields[field_id], field_id, language)]
    for check in framework.spec.checks:
        named = formula.names(framework.check_trees[check.id])
        fields = tuple(name for name in framework.fields if name in named)
        holds = gxe.ExpectColumnValuesToNotBeInSet(column=f"check {check.id}", value_set=[0.0])
        message = check.message.say(language)
        made.append(Rule(f"check.{check.id}", check.severity, holds.column, fields, holds, check.expect, message))
    severity = "error" if any(node.required for node in framework.nodes.values()) else "warning"
    complete = gxe.ExpectColumnValuesToBeBetween(column=BLANK_RESULTS, max_value=0)
    survey = [] if context is None else list(_of_survey(framework, context))
    return [*made, Rule(NOT_SCORED, severity, BLANK_RESULTS, (), complete, ""), *survey]


def _of_survey(framework: Framework, context: SurveyContext) -> Iterator[Rule]:
    for name, severity in expectations_survey.SEVERITY.items():
        for field_id in expectations_survey.fields_of(name, framework, context):
            column = expectations_survey.name(name, field_id)
            holds = gxe.ExpectColumnValuesToNotBeInSet(column=column, value_set=[0.0])
            yield Rule(name, severity, column, (field_id,), holds, "")


def _of_field(field: Question, field_id: str, language: str) -> Iterator[Rule]:
    def rule(name: str, expectation: Any, expected: str = "") -> Rule:
        return Rule(name, field.severity, field_id, (field_id,), expectation, expected)

    if field.required:
        yield rule("required", gxe.ExpectColumnValuesToNotBeNull(column=field_id))
    if field.min is not None or field.max is not None:
        least, most = (None if edge is None else float(edge) for edge in (field.min, field.max))
        between = gxe.ExpectColumnValuesToBeBetween(column=field_id, min_value=least, max_value=most)
        yield rule("out_of_range", between, _range(field, language))
    if field.type in ("choice", "yes_no"):
        options = list(field.options) if field.type == "choice" else ["yes", "no"]
        among = gxe.ExpectColumnValuesToBeInSet(column=field_id, value_set=options)
        yield rule("option_not_offered", among, "; ".join(options))


def _range(field: Question, language: str) -> str:
    """The range as a reader writes it: 0 … 10,5 or ≥ 0."""
    least, most = (None if edge is None else decimal(exact_text(edge), language) for edge in (field.min, field.max))
    if least is not None and most is not None:
        return f"{least} … {most}"
    return f"≥ {least}" if most is None else f"≤ {most}"


def broken(table: pd.DataFrame, expectations: list[Rule]) -> Iterator[tuple[Rule, str]]:
    """Validates the table; gives each rule with each unit that breaks it."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    asset = context.data_sources.add_pandas("answers").add_dataframe_asset("wide")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": table})
    suite = gx.ExpectationSuite(name="framework", expectations=[rule.expectation for rule in expectations])
    wanted = {"result_format": "COMPLETE", "unexpected_index_column_names": ["unit_id"]}
    outcome = batch.validate(suite, result_format=wanted)
    by_key = {_key(rule.expectation.configuration): rule for rule in expectations}
    for result in outcome.results:
        rule = by_key[_key(result.expectation_config)]
        if result.exception_info.get("raised_exception"):
            raise RuntimeError(
                f"Great Expectations could not judge {rule.name} on {rule.column}: {result.exception_info}"
            )
        for row in result.result.get("unexpected_index_list") or ():
            yield rule, row["unit_id"]


def _key(configuration: Any) -> tuple[str, str]:
    return configuration.type, configuration.kwargs["column"]
