"""How firm a result is: rank intervals, other readings, single answers and thresholds, as the table robustness.csv."""

from __future__ import annotations

import pandas as pd

from minhbach import (
    robustness_answers,
    robustness_readings,
    robustness_rows,
    robustness_thresholds,
    robustness_weights,
    tables,
)
from minhbach.answers import from_observations
from minhbach.assessment import Assessment
from minhbach.editions import Setup
from minhbach.paths import Edition
from minhbach.robustness_rows import COLUMNS as COLUMNS
from minhbach.robustness_weights import Draws
from minhbach.score import Points, score

FILE = "robustness.csv"


def write(setup: Setup, output: Edition) -> None:
    """Writes robustness.csv beside the scores of every framework, from the validated answers."""
    for framework in setup.frameworks:
        folder = output.validated / framework.id
        found = {name: tables.read(folder / f"{name}.csv") for name in ("observations", "findings", "confirmations")}
        answers = from_observations(framework, tuple(setup.units_of(framework.id)), found["observations"])
        made = table(score(answers), found["findings"], found["confirmations"], draws(setup.assessment))
        tables.write(made, output.draft / framework.id / FILE)


def draws(assessment: Assessment) -> Draws:
    """How the edition wants weights to be drawn."""
    settings = assessment.robustness
    return Draws(settings.draws, settings.seed, settings.spread)


def table(points: Points, findings: pd.DataFrame, confirmations: pd.DataFrame, settings: Draws) -> pd.DataFrame:
    """The table of robustness.csv (`robustness_rows.Row`)."""
    rows = [
        *robustness_weights.rows(points, settings),
        *robustness_readings.rows(points),
        *robustness_thresholds.rows(points),
        *robustness_answers.rows(points, findings, confirmations),
    ]
    return robustness_rows.frame(rows)
