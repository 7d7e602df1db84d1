"""Pictures in a finished PDF: the numbers inside each are those of its file, line by line and from left to right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from minhbach import closed_signs
from minhbach.closed_cover import Cover
from minhbach.closed_figures import Line, Picture
from minhbach.render.places import Place

SAME_LINE: Final = 0.15  # mm: letters of two sizes in one row differ by less
FARTHEST: Final = 1.0  # mm from its line: then it is another
Spot = tuple[str, float, float]  # a numeral, mm from the left and from the top
UPRIGHT: Final = re.compile(r"rotate\(-?0(?:\.0+)?[ )]")


def other(cover: Cover, place: Place, picture: Picture | None) -> list[str]:
    """The numerals that a picture in a document has and its file has not, or elsewhere, or the other way round."""
    page, own = cover.pages[place.page - 1], set(cover.drawn(place))
    found = [
        (page.signs[begin:end], float(page.left[begin]), float(page.base[begin]))
        for begin, end in closed_signs.runs(page.signs)
        if begin in own
    ]
    drawn, written = Counter(numeral for numeral, _, _ in found), picture.written if picture else Counter[str]()
    if drawn != written or picture is None:
        return sorted((drawn - written) + (written - drawn))
    return _moved(found, _lines(picture, place)) if all(map(_is_upright, picture.lines)) else []


def _is_upright(line: Line) -> bool:
    return not line.transform or UPRIGHT.match(line.transform) is not None


def _lines(picture: Picture, place: Place) -> list[list[Spot]]:
    """The numerals of a picture's file row by row, where they stand on the page."""
    assert place.end is not None
    left, top, _, height = picture.box
    scale = (place.end[2] - place.y) / height
    spots = [
        (numeral, place.x + (line.x - left) * scale, place.y + (line.y - top) * scale)
        for line in picture.lines
        for numeral in closed_signs.numerals(line.text)
    ]
    rows: list[list[Spot]] = []
    for spot in sorted(spots, key=lambda spot: spot[2]):
        if rows and spot[2] - rows[-1][-1][2] <= SAME_LINE:
            rows[-1].append(spot)
        else:
            rows.append([spot])
    return rows


def _moved(found: Iterable[Spot], rows: Sequence[list[Spot]]) -> list[str]:
    """The numerals of the rows that read otherwise."""
    said: list[list[Spot]] = [[] for _ in rows]
    far = []
    for spot in found:
        distances = [min(abs(each[2] - spot[2]) for each in row) for row in rows]
        nearest = min(range(len(rows)), key=distances.__getitem__)
        if distances[nearest] > FARTHEST:
            far.append(spot[0])
        said[nearest].append(spot)
    pairs = zip(map(_read, said), map(_read, rows), strict=True)
    return far + [numeral for one, two in pairs if one != two for numeral in dict.fromkeys([*one, *two])]


def _read(row: Iterable[Spot]) -> list[str]:
    return [numeral for numeral, _, _ in sorted(row, key=lambda spot: spot[1])]
