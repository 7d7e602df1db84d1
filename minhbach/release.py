"""The spreadsheet release: tables.xlsx and tables.ods with the published tables, as the report prints them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from minhbach import release_ods, release_tables, release_xlsx
from minhbach.editions import Setup
from minhbach.paths import Edition
from minhbach.release_layout import Sheet
from minhbach.release_sheets import sheets
from minhbach.release_xlsx import About

REPORT = "report.md"


def write(setup: Setup, output: Edition, language: str, folder: Path) -> None:  # noqa: ARG001
    """Writes tables.xlsx and tables.ods into `folder`, from its report.md, facts.csv and figures.

    Raises:
        RenderError: Pandoc cannot read the report.
        MinhbachError: a text is longer than a cell can be.
    """
    made = read(setup, language, folder)
    document = setup.assessment.document
    about = About(
        title=setup.assessment.title.say(language),
        subject=document.abstract.say(language),
        publisher=document.issuer.say(language),
        language=language,
        when=date.fromisoformat(document.date),
    )
    release_xlsx.write(folder / "tables.xlsx", made, about)
    release_ods.write(folder / "tables.ods", made, about)


def read(setup: Setup, language: str, folder: Path) -> tuple[Sheet, ...]:
    """The sheets of a rendered report, in their order."""
    return sheets(setup, language, release_tables.read(folder / REPORT, language), folder)
