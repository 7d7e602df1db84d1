"""Where two spreadsheets differ first: a cell, or an inner part of the file."""

from __future__ import annotations

import io
import zipfile
from itertools import zip_longest
from typing import Any, Final

import python_calamine

from minhbach.rebuild_first import First

METADATA: Final = ("docProps/", "meta.xml", "META-INF/")


def first(before: bytes, now: bytes) -> First | None:
    """The first cell that differs; where none does, the first inner part; None for what is no spreadsheet."""
    try:
        cell = _cell(before, now)
        return cell or _member(before, now)
    except (python_calamine.CalamineError, zipfile.BadZipFile, ValueError, KeyError, OSError):
        return None


def _cell(before: bytes, now: bytes) -> First | None:
    one, other = (python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(each)) for each in (before, now))
    if one.sheet_names != other.sheet_names:
        names = {"before": ", ".join(one.sheet_names), "now": ", ".join(other.sheet_names)}
        return First("rendering", "sheet", {"sheet": "–", "cell": "–", **names})
    for name in one.sheet_names:
        nothing: list[Any] = []
        for row, (left, right) in enumerate(zip_longest(_grid(one, name), _grid(other, name), fillvalue=nothing), 1):
            for column, (then, later) in enumerate(zip_longest(left, right, fillvalue=""), start=1):
                if then != later:
                    place = f"{_letters(column)}{row}"
                    return First("values", "sheet", {"sheet": name, "cell": place, "before": then, "now": later})
    return None


def _grid(book: Any, name: str) -> list[list[Any]]:
    found: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return found


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _member(before: bytes, now: bytes) -> First:
    one, other = (zipfile.ZipFile(io.BytesIO(each)) for each in (before, now))
    with one, other:
        names = [*one.namelist(), *(each for each in other.namelist() if each not in one.namelist())]
        differing = [name for name in names if _part(one, name) != _part(other, name)]
    others = [name for name in differing if not name.startswith(METADATA)]
    if others:
        return First("rendering", "member", {"name": others[0]})
    return First("metadata", "member", {"name": differing[0] if differing else "ZIP"})


def _part(book: zipfile.ZipFile, name: str) -> bytes | None:
    return book.read(name) if name in book.namelist() else None
