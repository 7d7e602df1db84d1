"""Where the changed numbers and figures of a side stand in its report.pdf."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pypdfium2

from minhbach import closed_pages, evidence_marks, verify_file
from minhbach.closed_pages import MM, Page
from minhbach.diff_side import Side
from minhbach.errors import DataError, UsageError
from minhbach.evidence_files import MARKS
from minhbach.evidence_reading import UnreadableError

REPORT: Final = "report.pdf"
ROOM: Final = 0.5  # mm around a number
LONELY: Final = 3.0  # mm: the box of a number that the page does not have where it should
Rectangle = tuple[float, float, float, float]  # left, top, right and bottom in mm from the upper left corner
FIGURE: Final = "figures/"  # begins the key of a figure; that of a number is the fact's id


@dataclass(frozen=True)
class Box:
    """A rectangle of a page (from 1), in parts of its width and height."""

    page: int
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Mark:
    """One place where a changed number stands (several boxes where it goes over a line), or a changed figure."""

    key: str
    boxes: tuple[Box, ...]

    @property
    def page(self) -> int:
        """The page on which it begins."""
        return self.boxes[0].page


def marks(side: Side, facts: Collection[str], figures: Collection[str]) -> tuple[Mark, ...]:
    """The marks of a side from its first page to its last, each page from the top; none without a PDF."""
    pdf = side.evidence.home / REPORT
    if not pdf.is_file():
        return ()
    try:
        pages = closed_pages.read(pdf)
        with pypdfium2.PdfDocument(pdf) as document:
            found = [*_numbers(side, facts, document, pages), *_figures(pdf, figures, document)]
    except pypdfium2.PdfiumError:
        return ()
    return tuple(sorted(found, key=lambda each: (each.page, each.boxes[0].top, each.boxes[0].left, each.key)))


def _numbers(side: Side, facts: Collection[str], document: Any, pages: Sequence[Page]) -> Iterator[Mark]:
    texts: dict[int, Any] = {}
    for fact_id in sorted(facts):
        shown = side.facts[fact_id]["shown"] if fact_id in side.facts else ""
        for place in side.evidence.places.get(fact_id, ()):
            number = int(place["page"])
            if place.get("document", REPORT) != REPORT or not 1 <= number <= len(pages):
                continue
            text = texts.setdefault(number, document[number - 1].get_textpage())
            x, y = float(place["x"]), float(place["y"])
            rectangles = list(_lines(pages[number - 1], text, document[number - 1].get_height(), x, y, shown))
            yield Mark(fact_id, tuple(_box(document, number, each) for each in rectangles or [_alone(x, y)]))


def _lines(page: Page, text: Any, height: float, x: float, y: float, shown: str) -> Iterator[Rectangle]:
    """The rectangle of a number on each line on which it stands; none where the page does not say it there."""
    signs = _signs(page, x, y, shown)
    lines: dict[float, list[int]] = {}
    for sign in signs:
        lines.setdefault(round(float(page.base[sign]), 1), []).append(sign)
    for found in lines.values():
        boxes = [text.get_charbox(sign, loose=True) for sign in found]
        left, low = min(box[0] for box in boxes), min(box[1] for box in boxes)
        right, high = max(box[2] for box in boxes), max(box[3] for box in boxes)
        yield left * MM, (height - high) * MM, right * MM, (height - low) * MM


def _signs(page: Page, x: float, y: float, shown: str) -> list[int]:
    """The signs of a page that say a number, from its place on; where a line ended before it, from the next one."""
    first = page.at(x, y)
    if first is None:
        before = page.before(x, y)
        first = None if before is None else page.following(before + 1)
    found: list[int] = []
    place = first
    for wanted in "".join(shown.split()):
        if place is None or page.signs[place] != wanted:
            return []
        found.append(place)
        place = page.following(place + 1)
    return found


def _alone(x: float, y: float) -> Rectangle:
    return x, y - LONELY, x + LONELY, y


def _figures(pdf: Path, labels: Collection[str], document: Any) -> Iterator[Mark]:
    """The changed figures, by the marks that the PDF carries; none where it carries none."""
    try:
        opened = verify_file.opened(pdf.read_bytes()) if labels else None
        drawings = evidence_marks.read(opened.files.get(MARKS, b"")).drawings if opened else ()
    except (DataError, UsageError, UnreadableError):
        return
    for place in drawings:
        key = place.words.removesuffix(".svg")
        if place.end is not None and place.end[0] == place.page and key.removeprefix(FIGURE) in labels:
            yield Mark(key, (_box(document, place.page, (place.x, place.y, place.end[1], place.end[2])),))


def _box(document: Any, page: int, rectangle: Rectangle) -> Box:
    """A rectangle with some room around it, as parts of its page."""
    width, height = (size * MM for size in document[page - 1].get_size())
    left, top = max(0.0, rectangle[0] - ROOM) / width, max(0.0, rectangle[1] - ROOM) / height
    right, low = min(width, rectangle[2] + ROOM) / width, min(height, rectangle[3] + ROOM) / height
    return Box(page, left, top, max(right - left, 0.0), max(low - top, 0.0))
