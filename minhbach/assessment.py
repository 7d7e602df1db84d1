"""The settings of an edition: `assessment.yaml`, with every mistake said at once, by line."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from minhbach import shapes, yamlfile
from minhbach.parts import Exact, Id, Label, Part, freeze, nothing
from minhbach.paths import Edition


def _iso_date(value: str) -> str:
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError("must be a date such as 2020-07-01") from None


def _inside(value: str) -> str:
    parts = value.replace("\\", "/").split("/")
    if value.startswith(("/", "\\")) or ".." in parts or ":" in value or not value.strip():
        raise ValueError("must be a file inside the edition's folder")
    return value


Date = Annotated[str, AfterValidator(_iso_date)]
InnerFile = Annotated[str, AfterValidator(_inside)]


class Table(Part):
    """One row per unit in a CSV, XLSX, XLS or ODS file that someone else made."""

    file: InnerFile
    sheet: str | None = None
    header_row: int = Field(default=1, ge=1)
    unit_column: str
    columns: Annotated[Mapping[Id, str], Field(min_length=1), AfterValidator(freeze)]
    skip_units: tuple[str, ...] = ()
    stop_at: str | None = None
    blanks: tuple[str, ...] = ()
    decimal: Literal[",", "."] | None = None
    delimiter: Literal[",", ";", "\t", "|"] | None = None


class Assessed(Part):
    """A framework of the edition, where its data come from (a table or returned forms), and absent units."""

    framework: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")
    table: Table | None = None
    responses: InnerFile | None = None
    override: Mapping[str, Any] | None = None
    absent: Annotated[Mapping[str, Label], AfterValidator(freeze)] = Field(default_factory=nothing)

    @model_validator(mode="after")
    def _one_source(self) -> Assessed:
        if (self.table is None) == (self.responses is None):
            raise ValueError("needs either a table or a folder of responses")
        return self

    @property
    def source(self) -> str:
        """The file or folder that the data come from."""
        return self.table.file if self.table else self.responses or ""


class Survey(Part):
    """A survey round: the letter's date, the deadlines in working days, and the confirmations it requires."""

    letter_date: Date
    return_days: int = Field(default=15, ge=1)
    verification_days: int = Field(default=120, ge=1)
    period: Label
    rounds: tuple[Literal[1, 2], ...] = ()
    contact: Label | None = None
    previous: str | None = None
    change_factor: Exact | None = None
    days_off: tuple[Date, ...] = ()
    days_worked: tuple[Date, ...] = ()


class Legal(Part):
    """A legal basis as the report cites it; `basis: inferred` is said in the report."""

    text: Label
    basis: Literal["printed", "inferred"] = "printed"


class Signature(Part):
    """Who signs: authority (TM., KT., TL.), post and name."""

    authority: Label | None = None
    post: Label | None = None
    name: str = ""


class OfficialDocument(Part):
    """What the first and last page of the official document say (Decree 30/2020/NĐ-CP, Annex I)."""

    issuer_parent: Label | None = None
    issuer: Label
    number: str = ""
    place: Label
    date: Date
    type: Label
    abstract: Label
    national_header: bool = True
    draft: bool = True
    mark: Label | None = None
    notice: Label | None = None
    font: Literal["Times New Roman", "Libertinus Serif"] = "Libertinus Serif"
    recipients: tuple[Label, ...] = ()
    signature: Signature | None = None


class Assessment(Part):
    """An edition's settings."""

    title: Label
    year: int = Field(ge=1990, le=2200)
    reference_year: int | None = None
    language: Literal["vi", "en"] = "vi"
    frameworks: Annotated[tuple[Assessed, ...], Field(min_length=1)]
    legal_basis: tuple[Legal, ...] = ()
    purpose: Label | None = None
    survey: Survey | None = None
    synthetic: bool = False
    sources: tuple[Label, ...] = ()
    document: OfficialDocument


def load(edition: Edition) -> Assessment:
    """The settings of an edition.

    Raises:
        FileError: with every mistake in assessment.yaml, by line.
    """
    return shapes.read(Assessment, yamlfile.load(edition.assessment_file))
