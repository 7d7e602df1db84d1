"""Errors of the validating stage stop a run, all of them together."""

from __future__ import annotations

import pandas as pd

from minhbach import tables, wording
from minhbach.editions import Setup
from minhbach.errors import DataError
from minhbach.paths import Edition

MOST_SHOWN = 200


def stop(setup: Setup, output: Edition, edition: Edition, language: str) -> None:
    """Raises DataError with the list of all errors in the findings of `output`; nothing where there are none."""
    files = [output.validated / framework.id / "findings.csv" for framework in setup.frameworks]
    parts = [tables.read(file) for file in files if file.is_file()]  # a ledger that does not hold leaves none
    if not parts:
        return
    whole = pd.concat(parts, ignore_index=True)
    errors = whole[whole["severity"] == "error"]
    if len(errors):
        raise DataError("\n".join(_lines(errors, edition, language)))


def _lines(errors: pd.DataFrame, edition: Edition, language: str) -> list[str]:
    lines = [wording.say("errors_stop", language, count=len(errors), folder=edition.failed.as_posix())]
    lines += [f"  [{row.finding_id}] {row.message}" for row in tables.rows(errors.head(MOST_SHOWN))]
    more = len(errors) - MOST_SHOWN
    return [*lines, wording.say("errors_more", language, count=more)] if more > 0 else lines
