"""Units formed by a merger (DTI 2024: the unweighted mean of the predecessors' main indices)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from minhbach import answers, framework, merge, score, units
from minhbach.framework import Framework
from minhbach.ingest import COLUMNS

TEXT = """\
id: merged
revision: 1
title: Merged
source: {document: D}
unit_kind: tinh
fields:
  g: {label: General, type: number}
  h: {label: Rank, type: count}
nodes:
  total: {label: Total, max_points: 100, formula: max_points * g}
merged: {mean_of: [g]}
"""
UNITS = """\
unit_id,name,unit_kind,ranked,previous
48,Đà Nẵng cũ,tinh,no,
49,Quảng Nam cũ,tinh,no,
90,Đà Nẵng,tinh,yes,48;49
91,Huế,tinh,yes,
"""


def made(tmp_path: Path) -> tuple[Framework, units.Units]:
    """The framework and the units above."""
    file = tmp_path / "merged.yaml"
    file.write_text(TEXT, encoding="utf-8")
    listed = tmp_path / "units.csv"
    listed.write_text(UNITS, encoding="utf-8")
    return framework.load(file), units.load(listed)


def observed(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Observations of (unit, field, value, cell)."""
    cells = [
        (unit, field, value, value, "as_received", "t.csv", "0", "", cell, "") for unit, field, value, cell in rows
    ]
    return pd.DataFrame(cells, columns=list(COLUMNS), dtype="str")


def test_a_merged_unit_has_the_exact_mean_of_its_predecessors(tmp_path: Path) -> None:
    """(0.8002 + 0.5) / 2 = 0.6501 is the new unit's value, from the cells of both."""
    method, listed = made(tmp_path)
    table = observed(
        ("48", "g", "0.8002", "B2"), ("48", "h", "1", "C2"), ("49", "g", "0.5", "B3"), ("49", "h", "9", "C3")
    )

    whole = merge.with_merged(method, listed, table)

    new = whole[whole["unit_id"] == "90"].set_index("field_id")
    assert new.loc["g", "value"] == "0.6501"
    assert (new.loc["g", "status"], new.loc["g", "cell"]) == ("derived", "B2 B3")
    assert (new.loc["h", "value"], new.loc["h", "status"]) == ("", "blank")
    points = score.score(answers.from_observations(method, tuple(listed), whole))
    assert points.exactly.points("total", points.answers.unit_ids.index("90")) * 100 == 6501


def test_a_blank_predecessor_makes_the_mean_blank(tmp_path: Path) -> None:
    """A mean of the predecessors needs all of them."""
    method, listed = made(tmp_path)
    whole = merge.with_merged(method, listed, observed(("48", "g", "0.8", "B2"), ("49", "g", "", "B3")))

    assert whole.set_index(["unit_id", "field_id"]).loc[("90", "g"), "value"] == ""


def test_a_unit_with_its_own_row_keeps_it(tmp_path: Path) -> None:
    """Only units without a row of their own are derived; units without predecessors stay absent."""
    method, listed = made(tmp_path)
    table = observed(("48", "g", "0.8", "B2"), ("49", "g", "0.6", "B3"), ("90", "g", "0.9", "B4"))

    whole = merge.with_merged(method, listed, table)

    assert whole.equals(table)
