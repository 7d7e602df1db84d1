"""Survey forms: one workbook per unit, made from the framework alone (the annex of the letter: forms_letter)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from minhbach import forms_book, forms_plan
from minhbach.editions import Setup
from minhbach.errors import UsageError
from minhbach.framework import Framework
from minhbach.units import Unit


@dataclass(frozen=True)
class Written:
    """The files that were written, below `folder`, in the order of assessment.yaml and units.csv."""

    folder: Path
    files: tuple[Path, ...]


def write_all(setup: Setup, folder: Path, language: str) -> Written:
    """Write `<framework_id>/<unit_id>-<name>.xlsx` for every unit of every framework that is surveyed by forms.

    The same edition gives the same bytes. Raises UsageError if the edition collects no forms.
    """
    files = [
        forms_book.write(form, folder / framework.id / file_name(form.unit))
        for framework in surveyed(setup)
        for form in forms_plan.forms_of(setup, framework, language)
    ]
    return Written(folder, tuple(files))


def surveyed(setup: Setup) -> tuple[Framework, ...]:
    """The frameworks of the edition whose data come from returned forms."""
    found = tuple(setup.framework(each.framework) for each in setup.assessment.frameworks if each.responses)
    if not found:
        raise UsageError(
            f"The edition {setup.edition.name!r} collects no forms: none of its frameworks has a folder of responses. "
            f"Write `responses: responses/…` instead of `table:` in {setup.edition.assessment_file.as_posix()}."
        )
    return found


def file_name(unit: Unit) -> str:
    """The name of a unit's form: its id, and its name without Vietnamese letters, such as 23557-phuong-yen-do.xlsx."""
    plain = unicodedata.normalize("NFD", unit.name.casefold().replace("đ", "d"))
    ascii_only = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in ascii_only).split()
    return "-".join([unit.unit_id, *words])[:80].rstrip("-") + ".xlsx"
