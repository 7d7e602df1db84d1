"""The validated answers of a framework's units, as columns of text that become floats or rationals on demand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from minhbach import tables, vector
from minhbach.errors import MinhbachError
from minhbach.formula_exact import Value as Exact
from minhbach.framework import Framework
from minhbach.model import Question
from minhbach.numbers import float_of, from_text
from minhbach.units import Unit
from minhbach.vector import Texts, Value
from minhbach.vector_exact import of_numbers

OF_UNIT = ("unit_kind", "parent_id")
YES_NO = {"yes": "1", "no": "0", "": ""}


@dataclass(frozen=True)
class Answers:
    """One text per unit and field ("" is blank), in the order of `units`."""

    framework: Framework
    units: tuple[Unit, ...]
    texts: Mapping[str, tuple[str, ...]]

    @cached_property
    def unit_ids(self) -> tuple[str, ...]:
        """Ids of the units, in order."""
        return tuple(unit.unit_id for unit in self.units)

    def column(self, field_id: str) -> Value | Texts:
        """A field over all units, as floats or as codes of texts."""
        field = self.framework.fields[field_id]
        texts = self.numeric_texts(field_id, field)
        if field.numeric or field.type == "yes_no":
            known = {text: float_of(text) for text in set(texts) - {""}}
            floats = {text: value for text, (value, _) in known.items()} | {"": np.nan}
            denominator = of_numbers(below for _, below in known.values())
            return vector.column(np.array([floats[text] for text in texts], dtype=np.float64), denominator)
        options = tuple(sorted({text for text in texts if text}))
        codes = {option: code for code, option in enumerate(options)} | {"": -1}
        return Texts(np.array([codes[text] for text in texts], dtype=np.intp), options)

    def exact(self, field_id: str, row: int) -> Exact:
        """A field of one unit, as a rational or a text."""
        field = self.framework.fields[field_id]
        texts = self.texts.get(field_id)
        text = _numeric_text(texts[row] if texts else "", field)
        if not text:
            return None
        return from_text(text) if field.numeric or field.type == "yes_no" else text

    def numeric_texts(self, field_id: str, field: Question) -> tuple[str, ...]:
        """The texts with yes and no as 1 and 0, and blanks as 0 where the framework says so."""
        texts = self.texts.get(field_id) or ("",) * len(self.units)
        if field.type != "yes_no" and field.missing == "blank":
            return texts
        return tuple(_numeric_text(text, field) for text in texts)

    def groups(self, column: str | None) -> tuple[str, ...]:
        """The ranking group of each unit; one empty name where there is no grouping.

        Raises:
            MinhbachError: no unit has such a column.
        """
        if self.units and column and not any(column in (*OF_UNIT, *unit.groups) for unit in self.units):
            known = ", ".join(sorted({*OF_UNIT, *(name for unit in self.units for name in unit.groups)}))
            raise MinhbachError(
                f"{self.framework.id} groups units by {column!r}, but units.csv has no such column; there are: {known}."
            )
        if column in OF_UNIT:
            return tuple(str(getattr(unit, column)) for unit in self.units)
        return tuple([unit.groups.get(column, "") for unit in self.units]) if column else ("",) * len(self.units)

    def codes(self, column: str | None) -> npt.NDArray[np.intp]:
        """The ranking groups as codes from 0, in the order of their names."""
        if column not in self._codes:
            groups = self.groups(column)
            known = {group: code for code, group in enumerate(sorted(set(groups)))}
            self._codes[column] = np.array([known[group] for group in groups], dtype=np.intp)
        return self._codes[column]

    @cached_property
    def _codes(self) -> dict[str | None, npt.NDArray[np.intp]]:
        return {}


def from_observations(framework: Framework, units: tuple[Unit, ...], observations: pd.DataFrame) -> Answers:
    """Answers from the rows of observations.csv; units without any row are left out (absent, never zero)."""
    present = set(observations["unit_id"])
    here = tuple(unit for unit in units if unit.unit_id in present)
    values = {(row.unit_id, row.field_id): row.value for row in tables.rows(observations)}
    texts = {field: tuple(values.get((unit.unit_id, field), "") for unit in here) for field in framework.fields}
    return Answers(framework, here, texts)


def _numeric_text(text: str, field: Question) -> str:
    text = YES_NO[text] if field.type == "yes_no" else text
    return text or ("0" if field.missing == "zero" and (field.numeric or field.type == "yes_no") else "")
