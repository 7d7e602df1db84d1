"""Where a signature is shown: in the room that the report leaves between the signer's post and name (Decree 30)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from minhbach import evidence_marks
from minhbach.errors import DataError
from minhbach.evidence_files import MARKS
from minhbach.verify_file import Opened

POINTS: Final = 72 / 25.4  # of a millimetre
SLACK: Final = 1.0  # mm by which a picture may stand out of the room
HAND: Final = 46.0  # mm, width of the picture of a hand's signature, with the words below it
FOOT: Final = 2.5  # mm kept free above the name
SHARE: Final = 1 / 3  # of the hand's picture that the seal of the body covers, from the left
WORDS: Final = 0.55  # of the height for the first signature where it is words alone; the rest is the second's


@dataclass(frozen=True)
class Box:
    """A rectangle on a page (from 1), in mm from the left and from the top."""

    page: int
    x: float
    y: float
    width: float
    height: float

    def points(self, height: float) -> tuple[int, int, int, int]:
        """The corners as a PDF has them, for a page of so many points; rounded inwards."""
        left, right = self.x * POINTS, (self.x + self.width) * POINTS
        top, bottom = height - self.y * POINTS, height - (self.y + self.height) * POINTS
        return int(left) + 1, int(bottom) + 1, int(right), int(top)

    def holds(self, corners: tuple[float, float, float, float], height: float) -> bool:
        """Whether a rectangle of the PDF stands in this one."""
        left, bottom, right, top = corners
        mine = (self.x, self.y, self.x + self.width, self.y + self.height)
        other = (left / POINTS, (height - top) / POINTS, right / POINTS, (height - bottom) / POINTS)
        outside = (mine[0] - other[0], mine[1] - other[1], other[2] - mine[2], other[3] - mine[3])
        return max(outside) <= SLACK


def room(found: Opened) -> Box | None:
    """The room of a report; None where it has no signature block, or was set by a program that does not tell."""
    try:
        places = evidence_marks.read(found.files.get(MARKS, b"")).signatures
    except DataError:
        return None
    for place in places[:1]:
        if place.end is not None and place.end[0] == place.page and 1 <= place.page <= len(found.pdf.pages):
            width, height = place.end[1] - place.x, place.end[2] - place.y
            return Box(place.page, place.x, place.y, width, height) if min(width, height) > 0 else None
    return None


def part(of: Box, *, second: bool, picture: bool) -> Box:
    """The part of the room for the first signature (the signer's) or the second (the body's).

    The hand's picture stands in the middle; the seal covers a third of it, from the left. Words alone stand above each
    other.
    """
    if not picture:
        upper = of.height * WORDS
        return Box(of.page, of.x, of.y + upper * second, of.width, of.height - upper if second else upper)
    hand = min(HAND, of.width)
    left = of.x + (of.width - hand) / 2
    if not second:
        return Box(of.page, left, of.y, hand, of.height - FOOT)
    edge = left + hand * SHARE
    side = min(of.height, edge - of.x)
    return Box(of.page, edge - side, of.y, side, side)


def corners(rectangle: object) -> tuple[float, float, float, float]:
    """The rectangle of an annotation: left, bottom, right, top.

    Raises:
        ValueError: it is none.
    """
    try:
        numbers = [float(each) for each in rectangle]  # type: ignore[attr-defined]
        first, second, third, fourth = numbers
    except (TypeError, ArithmeticError) as error:
        raise ValueError(str(error)) from None
    return min(first, third), min(second, fourth), max(first, third), max(second, fourth)
