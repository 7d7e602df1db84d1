"""The settings of an edition: `assessment.yaml`, with every mistake said at once, by line."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from minhbach import shapes, yamlfile
from minhbach.assessment_document import Date, Documents, Filing, Legal, OfficialDocument, Signature
from minhbach.parts import Exact, Id, Label, Part, freeze, nothing
from minhbach.paths import Edition


def _inside(value: str) -> str:
    parts = value.replace("\\", "/").split("/")
    if value.startswith(("/", "\\")) or ".." in parts or ":" in value or not value.strip():
        raise ValueError("must be a file inside the edition's folder")
    return value


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


class Licence(Part):
    """The terms under which the published data may be used: a short name, the full one, where the text stands."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.+-]*$")
    title: Label | None = None
    path: str | None = Field(default=None, pattern=r"^https?://[^\s]+$")

    def said(self, language: str) -> str:
        """The licence in words."""
        title = self.title.say(language) if self.title else ""
        return " – ".join(filter(None, (f"{title} ({self.name})" if title else self.name, self.path or "")))


class Release(Part):
    """What the spreadsheets and the open data say about their use, and answers in free text that may be published."""

    licence: Licence | None = None
    contact: Label | None = None
    texts: tuple[Id, ...] = ()


class Evidence(Part):
    """What the report's PDF carries inside: the files as received only where the edition says so."""

    raw_files: bool = False


def _spread(value: Fraction) -> Fraction:
    if not 0 <= value <= Fraction(9, 10) or (value * 1000).denominator != 1:
        raise ValueError("must be from 0 to 0.9 with at most three decimals, such as 0.2 for 20 per cent up or down")
    return value


class Robustness(Part):
    """How the report tests the firmness of its result: draws of weights, their seed, how far a weight moves."""

    draws: int = Field(default=1000, ge=1, le=100_000)
    seed: int = Field(default=1, ge=0, le=2**63 - 1)
    spread: Annotated[Exact, AfterValidator(_spread)] = Fraction(1, 5)
    printed: bool = True


class Severity(Part):
    """How grave an erratum is: its name, the kinds of change of which one is enough, and what follows from it."""

    id: Id
    name: Label
    when: tuple[Literal["level", "rank", "total", "number", "sentence", "figure"], ...] = ()
    action: Label


class Notice(Part):
    """What the notice of an erratum has of its own; all else is the report's."""

    recipients: tuple[Label, ...] = ()
    filing: Filing | None = None
    signature: Signature | None = None


def _heaviest_first(rules: tuple[Severity, ...]) -> tuple[Severity, ...]:
    seen: set[str] = set()
    for place, rule in enumerate(rules):
        if rule.id in (each.id for each in rules[:place]):
            raise ValueError(f"{rule.id!r} stands twice; each severity needs an id of its own")
        if not rule.when and rule is not rules[-1]:
            raise ValueError(f"{rule.id!r} has no `when`; only the last severity, which any erratum reaches, has none")
        if rule.when and seen >= set(rule.when):
            raise ValueError(f"{rule.id!r} is never reached: every kind of change in its `when` counts further up")
        seen |= set(rule.when)
    if rules[-1].when:
        raise ValueError("the last severity must have no `when`, so that every erratum has one")
    return rules


class Errata(Part):
    """The rule by which an erratum is weighed, heaviest severity first, and what its notice has of its own."""

    severity: Annotated[tuple[Severity, ...], Field(min_length=1), AfterValidator(_heaviest_first)]
    notice: Notice = Notice()


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
    previous: str | None = Field(default=None, pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")
    synthetic: bool = False
    sources: tuple[Label, ...] = ()
    release: Release | None = None
    evidence: Evidence = Evidence()
    robustness: Robustness = Robustness()
    errata: Errata | None = None
    document: OfficialDocument
    documents: Documents = Documents()


def load(edition: Edition) -> Assessment:
    """The settings of an edition.

    Raises:
        FileError: with every mistake in assessment.yaml, by line.
    """
    return shapes.read(Assessment, yamlfile.load(edition.assessment_file))
