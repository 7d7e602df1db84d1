"""What the answers of a survey round are held against: the documents named, and the values of the edition before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import pandas as pd

from minhbach import tables
from minhbach.editions import Setup
from minhbach.errors import UsageError
from minhbach.framework import Framework
from minhbach.numbers import exact_text
from minhbach.paths import Edition

FEWEST_SHARED = Fraction(1, 2)
"""A previous framework of another id must share as large a part of the field ids. Our own choice."""
Key = tuple[str, str]


@dataclass(frozen=True)
class SurveyContext:
    """What the answers are held against, by unit and field.

    `evidence`: whether a document's number or title is given; a key that is not there is not judged. `previous`: the
    exact values of the edition before. `factor`: how many times larger or smaller is a change to ask about; None
    leaves changes alone. `lost`: the folder in which the previous values should be and are not.
    """

    evidence: Mapping[Key, bool] = field(default_factory=dict)
    previous: Mapping[Key, str] = field(default_factory=dict)
    factor: Fraction | None = None
    lost: str = ""


def load(setup: Setup, framework_id: str, evidence: pd.DataFrame) -> SurveyContext | None:
    """The context of a framework whose data come from returned forms; None where they come from a table.

    Raises:
        UsageError: change_factor is not above 1, or `previous` is not the name of an edition.
    """
    survey = setup.assessment.survey
    if survey is None or setup.assessed(framework_id).responses is None:
        return None
    given = {(row.unit_id, row.field_id): bool(row.number or row.title) for row in tables.rows(evidence)}
    if survey.previous is None or survey.change_factor is None:
        return SurveyContext(given)
    if survey.change_factor <= 1:
        place = setup.edition.assessment_file.as_posix()
        told = f"{place}: survey.change_factor is {exact_text(survey.change_factor)}; it must be above 1, such as 3."
        raise UsageError(told)
    folder = Edition(survey.previous, setup.edition.root).validated
    values = _previous(folder, setup.framework(framework_id))
    return SurveyContext(given, values, survey.change_factor, "" if values else folder.as_posix())


def files(setup: Setup) -> list[Path]:
    """The tables of the edition before whose values the answers of a survey round may be held against."""
    survey = setup.assessment.survey
    if survey is None or survey.previous is None or survey.change_factor is None:
        return []
    return sorted(Edition(survey.previous, setup.edition.root).validated.glob("*/observations.csv"))


def _previous(folder: Path, framework: Framework) -> dict[Key, str]:
    """The values of the same framework in an edition before, or else of the one with the most field ids in common."""
    files = {file.parent.name: file for file in sorted(folder.glob("*/observations.csv"))}
    if framework.id in files:
        return _values(tables.read(files[framework.id]))
    best: dict[Key, str] = {}
    most = len(framework.fields) * FEWEST_SHARED
    for file in files.values():
        table = tables.read(file)
        shared = len(set(table["field_id"]) & set(framework.fields))
        if shared >= most and (shared > most or not best):
            best, most = _values(table), Fraction(shared)
    return best


def _values(table: pd.DataFrame) -> dict[Key, str]:
    return {(row.unit_id, row.field_id): row.value for row in tables.rows(table) if row.value}
