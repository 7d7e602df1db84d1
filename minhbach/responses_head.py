"""Whose form it is: the unit, the edition and the framework that its header block names, and its fingerprint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from minhbach import forms_layout
from minhbach.forms_layout import ANSWER
from minhbach.framework import Framework
from minhbach.ingest_files import RefusalError
from minhbach.ingest_rows import Notes
from minhbach.names import matching_key
from minhbach.responses_layout import Layout
from minhbach.units import Unit, Units


@dataclass(frozen=True)
class Cover:
    """The header block of a form: the texts of its rows, and where they stand."""

    texts: Mapping[str, str]
    cells: Mapping[str, tuple[str, str]]

    def text(self, code: str) -> str:
        """The text of a row; empty if the row is gone, blank, or there twice with different texts."""
        return self.texts.get(code, "")

    def where(self, code: str) -> dict[str, str]:
        """Sheet and cell of a row, as details of a finding."""
        sheet, cell = self.cells.get(code, ("", ""))
        return {"sheet": sheet, "cell": cell}


def read_cover(layout: Layout) -> Cover:
    """The header block of a form."""
    texts: dict[str, str] = {}
    cells = {}
    for code in forms_layout.HEAD:
        lines = layout.lines.get(code, ())
        found = {line.text(ANSWER) for line in lines}
        if lines:
            cells[code] = (lines[0].page.name, lines[0].address(ANSWER))
        if len(found) == 1:
            texts[code] = found.pop()
    return Cover(texts, cells)


def check_round(cover: Cover, framework: Framework, edition: str) -> None:
    """Refuses the form of another round or another framework, with the cell that says so."""
    for code, own in (("_edition", edition), ("_framework", framework.id)):
        text = cover.text(code)
        if text and matching_key(text) != matching_key(own):
            raise RefusalError(f"form_of_other{code}", value=text, own=own, **cover.where(code))


def fingerprint_holds(cover: Cover, framework: Framework, edition: str) -> bool:
    """Whether the form says that it was made from this very framework for this edition."""
    return cover.text("_fingerprint").lower() == forms_layout.fingerprint(framework, edition)


def named_unit(file: str, units: Units) -> Unit | None:
    """The unit whose id begins the file's name, as in 664-dak-doa.xlsx; the longest such id."""
    stem = PurePosixPath(file).stem
    found = [unit for unit in units if stem.startswith(unit.unit_id) and not stem[len(unit.unit_id) :][:1].isalnum()]
    return max(found, key=lambda unit: len(unit.unit_id), default=None)


def find_unit(cover: Cover, units: Units, unit_kind: str, notes: Notes) -> Unit:
    """The unit of a form: by its code row, or, with a finding, by the file's name.

    Raises:
        RefusalError: nobody can tell, it is of another kind, or code and name mean two different units.
    """
    text, by_file = cover.text("_unit"), named_unit(notes.file, units)
    unit = units.get(text) or by_file
    if unit is None:
        near = units.of_kind(unit_kind).nearest(text or cover.text("_name"))
        said = {"value": text, "near": near.unit_id if near else "", **cover.where("_unit")}
        raise RefusalError("form_unit_unknown", **said)
    if unit.unit_kind != unit_kind:
        said = {"value": unit.unit_id, "kind": unit.unit_kind, "wanted": unit_kind, **cover.where("_unit")}
        raise RefusalError("form_unit_of_other_kind", **said)
    notes.unit_id = unit.unit_id
    where = cover.where("_unit")
    if unit.unit_id != text:
        notes.add("form_unit_from_name", severity="warning", value=text, unit=unit.name, **where)
    elif by_file and by_file != unit:
        named = {"unit": unit.name, "other": by_file.name}
        notes.add("form_file_named_otherwise", severity="warning", value=by_file.unit_id, **named, **where)
    _check_name(cover, unit, units.of_kind(unit_kind), notes)
    return unit


def _check_name(cover: Cover, unit: Unit, units: Units, notes: Notes) -> None:
    name = cover.text("_name")
    if not name or matching_key(name) in {matching_key(text) for text in unit.spellings}:
        return
    where = cover.where("_name")
    if other := units.match(name):
        said = {"unit": unit.name, "id": unit.unit_id, "other": other.unit_id}
        raise RefusalError("form_of_two_units", value=name, **said, **where)
    notes.add("form_name_altered", severity="warning", value=name, expected=unit.name, **where)
