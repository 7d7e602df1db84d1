"""What a framework file may say, as frozen objects.

The JSON Schema in docs/ is exported from these classes, and `framework_check` checks what shapes cannot say.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from minhbach.parts import Exact, Formula, Id, Label, Part, Threshold, freeze, nothing

Severity = Literal["error", "warning", "note"]
Basis = Literal["printed", "inferred", "sample"]
FieldType = Literal["count", "number", "percent", "yes_no", "choice", "date", "text"]
NUMERIC = ("count", "number", "percent")


class Source(Part):
    """The document a framework is taken from."""

    document: str
    date: str = ""
    issuer: str = ""
    note: Label | None = None


class Question(Part):
    """One question of the survey: one value per unit."""

    label: Label
    type: FieldType
    section: Id | None = None
    required: bool = False
    min: Exact | None = None
    max: Exact | None = None
    options: tuple[str, ...] = ()
    out_of: Exact | None = None
    unit: Label | None = None
    evidence: Literal["none", "optional", "required"] = "none"
    severity: Severity = "error"
    missing: Literal["blank", "zero"] = "blank"
    basis: Basis | None = None

    @property
    def numeric(self) -> bool:
        """Whether its value is a number (yes_no counts 1 and 0 in formulas, but is answered in words)."""
        return self.type in NUMERIC


class Check(Part):
    """A condition across fields that the answers of a unit must meet; blank answers are not judged by it."""

    id: Id
    expect: Formula
    severity: Severity
    message: Label


class Node(Part):
    """A computed quantity. Without a formula it is the sum of its children."""

    label: Label
    number: str = ""
    max_points: Exact | None = None
    children: tuple[Id, ...] = ()
    formula: Formula | None = None
    applies: Formula | None = None
    rescale: bool = False
    missing: Literal["blank", "zero", "leave_out"] = "blank"
    required: bool = False
    information: bool = False
    evidence: Label | None = None
    basis: Basis | None = None
    note: Label | None = None


class Levels(Part):
    """A level scheme: conditions that must all hold, or bands on the share or points of nodes."""

    id: Id
    label: Label | None = None
    order: tuple[str, ...] = ()
    labels: Annotated[Mapping[str, Label], AfterValidator(freeze)] = Field(default_factory=nothing)
    otherwise: Label | None = None
    conditions: Annotated[
        Mapping[str, Annotated[Mapping[str, Threshold], AfterValidator(freeze)]], AfterValidator(freeze)
    ] = Field(default_factory=nothing)
    of: tuple[Id, ...] = ()
    on: Literal["points", "share"] = "share"
    bands: Annotated[Mapping[str, Threshold], AfterValidator(freeze)] = Field(default_factory=nothing)
    basis: Basis | None = None
    note: Label | None = None


class Ranking(Part):
    """An order of units within each group; 1 is best, and nobody without a value is ranked."""

    id: Id
    by: Id
    on: Literal["points", "share"] = "points"
    decimals: int | None = Field(default=None, ge=0, le=12)
    ties: str = Field(default="min", pattern=r"^(min|dense|first by [A-Za-z_][A-Za-z0-9_]*)$")
    within: Id | None = None
    label: Label | None = None
    basis: Basis | None = None
    note: Label | None = None


class Rounding(Part):
    """How numbers are rounded, and whether levels and ranks look at rounded or exact values."""

    shown: int = Field(default=2, ge=0, le=12)
    share: int = Field(default=4, ge=0, le=12)
    mode: Literal["half_up", "half_even", "down"] = "half_up"
    level_on: Literal["rounded", "exact"] = "rounded"
    rank_on: Literal["rounded", "exact"] = "rounded"


class Comparison(Part):
    """A printed result carried as a field, compared with what we compute; it never enters a formula."""

    id: Id
    field: Id
    against: Id
    on: Literal["points", "share", "rank"] = "points"
    decimals: int | None = Field(default=None, ge=0, le=12)
    tolerance: Exact = Fraction(0)
    label: Label | None = None


class Merged(Part):
    """How a unit formed by a merger gets answers: for the fields named, the unweighted mean of its predecessors'."""

    mean_of: Annotated[tuple[Id, ...], Field(min_length=1)]
    basis: Basis | None = None
    note: Label | None = None


class FrameworkFile(Part):
    """A framework as its file says it."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")
    extends: str | None = Field(default=None, pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")
    revision: int = Field(ge=1)
    title: Label
    source: Source
    unit_kind: str
    best_within: Id | None = None
    sections: Annotated[Mapping[Id, Label], AfterValidator(freeze)] = Field(default_factory=nothing)
    fields: Annotated[Mapping[Id, Question], Field(min_length=1), AfterValidator(freeze)]
    checks: tuple[Check, ...] = ()
    nodes: Annotated[Mapping[Id, Node], Field(min_length=1), AfterValidator(freeze)]
    levels: tuple[Levels, ...] = ()
    rankings: tuple[Ranking, ...] = ()
    rounding: Rounding = Rounding()
    comparisons: tuple[Comparison, ...] = ()
    merged: Merged | None = None
    basis: Basis | None = None
    note: Label | None = None
