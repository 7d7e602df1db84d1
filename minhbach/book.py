"""The results of an edition as the report cites them: tables from the stages before, facts in one ledger."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from minhbach import editions, report_gaps, report_tree, robustness_rows, tables
from minhbach.editions import Setup
from minhbach.facts import Ledger
from minhbach.paths import Edition
from minhbach.results import Results

OUTPUT_VARIABLE = "MINHBACH_OUTPUT"
VALIDATED = ("observations", "findings", "evidence", "files", "corrections", "receipts", "confirmations")
SCORED = ("scores", "levels", "ranks", "comparisons")
FIRM = "robustness"


def output(edition: Edition) -> Edition:
    """The edition's output folders: those of the running pipeline, or the project's own."""
    return Edition(edition.name, Path(os.environ.get(OUTPUT_VARIABLE, ".")))


@dataclass(frozen=True)
class Book:
    """Everything the report of an edition is written from."""

    setup: Setup
    language: str
    ledger: Ledger
    results: tuple[Results, ...]

    def __iter__(self) -> Iterator[Results]:
        return iter(self.results)


def load(edition: Edition, language: str, place: Edition | None = None) -> Book:
    """Reads the tables of the stages before, from `place` or else from where the running pipeline puts them."""
    setup = editions.load(edition)
    place = place or output(edition)
    frames = {each.id: _frames(place, each.id, language) for each in setup.frameworks}
    joined = {
        name: pd.concat([frame[name].assign(framework=framework_id) for framework_id, frame in frames.items()])
        for name in (*VALIDATED, *SCORED, FIRM)
    }
    units = [(unit.unit_id, unit.name, unit.unit_kind, unit.parent_id) for unit in setup.units]
    joined["units"] = pd.DataFrame(units, columns=["unit_id", "name", "unit_kind", "parent_id"], dtype=str)
    joined["nodes"] = report_tree.table(setup.frameworks)
    joined["blocking"] = report_gaps.table((each, frames[each.id]["levels"]) for each in setup.frameworks)
    ledger = Ledger(language, setup.frameworks[0].rounding.mode, joined)
    single = len(setup.frameworks) == 1
    parents = {each.parent_id: known for each in setup.units if (known := setup.units.get(each.parent_id))}
    results = tuple(
        Results(
            each,
            tuple(setup.units_of(each.id)),
            frames[each.id],
            ledger,
            "all" if single else each.id,
            language,
            parents,
            "" if single else report_tree.title(each, setup.frameworks, language),
        )
        for each in setup.frameworks
    )
    return Book(setup, language, ledger, results)


def _frames(place: Edition, framework_id: str, language: str) -> dict[str, pd.DataFrame]:
    folder = place.validated / framework_id
    frames = {name: tables.read(folder / f"{name}.csv") for name in VALIDATED}
    if (own := folder / f"findings.{language}.csv").is_file():  # the same findings in the words of a further language
        frames["findings"] = tables.read(own)
    frames |= {name: tables.read(place.draft / framework_id / f"{name}.csv") for name in SCORED}
    firm = place.draft / framework_id / f"{FIRM}.csv"
    return frames | {FIRM: tables.read(firm) if firm.is_file() else robustness_rows.frame([])}
