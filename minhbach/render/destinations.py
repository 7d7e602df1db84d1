"""Every printed fact as a named destination of a PDF, so that `report.pdf#nameddest=664/total` opens at the number."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, String

from minhbach.render.places import Place

MILLIMETRE: Final = 72 / 25.4  # in points, the unit of a PDF
ABOVE: Final = 6.0  # mm of the page above the base line that stay in sight


def add(pdf: Path, places: Iterable[Place]) -> int:
    """Names the first place of each fact by its id; the names that the PDF has already stay. Gives how many there are.

    Objects stand in no streams and packed parts stay as they are, as Typst writes them.
    """
    first: dict[str, Place] = {}
    for place in places:
        first.setdefault(place.fact_id, place)
    if not first:
        return 0
    with pikepdf.Pdf.open(pdf, allow_overwriting_input=True) as document:
        pages = {number: document.pages[number - 1] for number in {each.page for each in first.values()}}
        names = document.Root.get("/Names")
        if names is None:
            names = document.Root.Names = Dictionary()
        known = _named(names.get("/Dests"))
        for fact_id, place in first.items():
            known.setdefault(bytes(String(fact_id)), _destination(pages[place.page], place))
        listed = [part for name in sorted(known) for part in (String(name), known[name])]
        names.Dests = document.make_indirect(Dictionary(Names=Array(listed)))
        document.save(
            object_stream_mode=ObjectStreamMode.disable,
            compress_streams=False,
            deterministic_id=True,
            fix_metadata_version=False,
        )
    return len(first)


def _named(tree: Any) -> dict[bytes, Any]:
    """The destinations of a name tree, by name."""
    if tree is None:
        return {}
    listed = list(tree.get("/Names", []))
    found = {bytes(name): place for name, place in zip(listed[::2], listed[1::2], strict=True)}
    for branch in tree.get("/Kids", []):
        found |= _named(branch)
    return found


def _destination(page: pikepdf.Page, place: Place) -> Array:
    """A place on a page as a PDF counts it: points from the lower left corner."""
    top = float(page.mediabox[3]) - max(0.0, place.y - ABOVE) * MILLIMETRE
    left = round(place.x * MILLIMETRE, 2)
    return Array([page.obj, Name.XYZ, left, round(top, 2), 0])
