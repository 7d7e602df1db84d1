"""The marks of a document as a table, so that its numbers can be found on its pages without the program that set it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from minhbach.errors import DataError
from minhbach.render.places import Marks, Place

COLUMNS: Final = ("kind", "fact_id", "page", "x", "y", "end_page", "end_x", "end_y", "words")
KINDS: Final = {
    "fact": "facts",
    "declared": "declared",
    "numbering": "numbering",
    "drawing": "drawings",
    "signature": "signatures",
}


def written(marks: Marks) -> bytes:
    """marks.csv: what is marked, from where to where (page, mm from the left and from the top), and its words."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for kind, name in KINDS.items():
        writer.writerows((kind, *_row(place)) for place in getattr(marks, name))
    return stream.getvalue().encode("utf-8")


def read(content: bytes) -> Marks:
    """The marks of a marks.csv.

    Raises:
        DataError: the table is not one that `written` made.
    """
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))
        found = {name: tuple(_places(rows, kind)) for kind, name in KINDS.items()}
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        raise DataError(str(error)) from None
    return Marks(**found)


def _row(place: Place) -> tuple[str, ...]:
    spot = (str(place.page), f"{place.x:.2f}", f"{place.y:.2f}")
    end = (str(place.end[0]), f"{place.end[1]:.2f}", f"{place.end[2]:.2f}") if place.end else ("", "", "")
    return (place.fact_id, *spot, *end, place.words)


def _places(rows: list[dict[str, str]], kind: str) -> Iterator[Place]:
    for row in rows:
        if row["kind"] == kind:
            end = (int(row["end_page"]), float(row["end_x"]), float(row["end_y"])) if row["end_page"] else None
            yield Place(row["fact_id"], int(row["page"]), float(row["x"]), float(row["y"]), end, row["words"])
