"""Units formed by a merger: their answers are the unweighted mean of their predecessors', as in DTI 2024.

units.csv names the predecessors in the column `previous` (ids separated by `;`).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pandas as pd

from minhbach import tables
from minhbach.framework import Framework
from minhbach.numbers import exact_text, from_text
from minhbach.units import Unit, Units

STATUS = "derived"


def with_merged(framework: Framework, units: Units, observations: pd.DataFrame) -> pd.DataFrame:
    """The observations, with those of merged units that have no row of their own.

    A mean needs all predecessors' values; where one is blank, the mean is blank. `cell` names all cells it is made of.
    """
    if framework.spec.merged is None:
        return observations
    known = {(row.unit_id, row.field_id): row for row in tables.rows(observations)}
    present = {unit_id for unit_id, _ in known}
    rows = [
        row
        for unit in units
        if unit.unit_id not in present and all(each in present for each in predecessors(unit)) and predecessors(unit)
        for row in _derived(framework, unit, known)
    ]
    added = pd.DataFrame(rows, columns=list(observations.columns), dtype="str")
    whole = pd.concat([observations, added], ignore_index=True)
    return whole.sort_values(["unit_id", "field_id"], ignore_index=True)


def predecessors(unit: Unit) -> tuple[str, ...]:
    """Ids of the units that a unit was formed from."""
    return tuple(part.strip() for part in unit.groups.get("previous", "").split(";") if part.strip())


def _derived(framework: Framework, unit: Unit, known: dict[tuple[str, str], object]) -> Iterator[tuple[str, ...]]:
    averaged = framework.spec.merged.mean_of if framework.spec.merged else ()
    for field_id in sorted({field for _, field in known}):
        parts = [known[each, field_id] for each in predecessors(unit)]
        texts = [str(getattr(part, "value", "")) for part in parts]
        cells = " ".join(str(getattr(part, "cell", "")) for part in parts)
        place = [str(getattr(parts[0], name, "")) for name in ("file", "sha256", "sheet")]
        value = ""
        if field_id in averaged and all(texts):
            value = exact_text(sum((from_text(text) for text in texts), Fraction(0)) / len(texts))
        raw = " ; ".join(texts) if value else ""
        yield (unit.unit_id, field_id, value, raw, STATUS if value else "blank", *place, cells, "")
