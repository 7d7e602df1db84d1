"""The validated answers of a framework's units, as columns of text that become floats or rationals on demand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from minhbach import tables, vector
from minhbach.formula_exact import Value as Exact
from minhbach.framework import Framework
from minhbach.model import Question
from minhbach.numbers import from_text
from minhbach.units import Unit
from minhbach.vector import Texts, Value

YES_NO = {"yes": "1", "no": "0", "": ""}


@dataclass(frozen=True)
class Answers:
    """One text per unit and field ("" is blank), in the order of `units`."""

    framework: Framework
    units: tuple[Unit, ...]
    texts: Mapping[str, tuple[str, ...]]

    @property
    def unit_ids(self) -> tuple[str, ...]:
        """Ids of the units, in order."""
        return tuple(unit.unit_id for unit in self.units)

    def column(self, field_id: str) -> Value | Texts:
        """A field over all units, as floats or as codes of texts."""
        field = self.framework.fields[field_id]
        texts = self.numeric_texts(field_id, field)
        if field.numeric or field.type == "yes_no":
            floats = np.array([float(from_text(text)) if text else np.nan for text in texts], dtype=np.float64)
            return vector.column(floats, field.type in ("count", "yes_no"))
        options = tuple(sorted({text for text in texts if text}))
        codes = {option: code for code, option in enumerate(options)} | {"": -1}
        return Texts(np.array([codes[text] for text in texts], dtype=np.intp), options)

    def exact(self, field_id: str, row: int) -> Exact:
        """A field of one unit, as a rational or a text."""
        field = self.framework.fields[field_id]
        text = self.numeric_texts(field_id, field)[row]
        if not text:
            return None
        return from_text(text) if field.numeric or field.type == "yes_no" else text

    def numeric_texts(self, field_id: str, field: Question) -> tuple[str, ...]:
        """The texts with yes and no as 1 and 0, and blanks as 0 where the framework says so."""
        texts = self.texts.get(field_id) or ("",) * len(self.units)
        if field.type == "yes_no":
            texts = tuple(YES_NO[text] for text in texts)
        if field.missing == "zero" and (field.numeric or field.type == "yes_no"):
            texts = tuple(text or "0" for text in texts)
        return texts

    def groups(self, column: str | None) -> tuple[str, ...]:
        """The ranking group of each unit; one empty name where there is no grouping."""
        return tuple(_group(unit, column) if column else "" for unit in self.units)

    def codes(self, column: str | None) -> npt.NDArray[np.intp]:
        """The ranking groups as codes from 0."""
        return np.unique(self.groups(column), return_inverse=True)[1].astype(np.intp)


def from_observations(framework: Framework, units: tuple[Unit, ...], observations: pd.DataFrame) -> Answers:
    """Answers from the rows of observations.csv; units without any row are left out (absent, never zero)."""
    present = set(observations["unit_id"])
    here = tuple(unit for unit in units if unit.unit_id in present)
    values = {(row.unit_id, row.field_id): row.value for row in tables.rows(observations)}
    texts = {field: tuple(values.get((unit.unit_id, field), "") for unit in here) for field in framework.fields}
    return Answers(framework, here, texts)


def _group(unit: Unit, column: str) -> str:
    if column in ("unit_kind", "parent_id"):
        return str(getattr(unit, column))
    return unit.groups.get(column, "")
