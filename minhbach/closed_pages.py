"""The text of a finished PDF, sign by sign, each with the place at which it is drawn."""

from __future__ import annotations

import ctypes
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from pathlib import Path
from typing import Any, Final

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from minhbach import closed_signs

MM: Final = 25.4 / 72
NEAR: Final = 0.12  # mm: a mark and the sign that begins at it differ by rounding only
SAME_LINE: Final = 1.2  # mm: raised signs belong to their line
WIDEST: Final = 10_000.0  # mm: more than any page
SPACES: Final = np.array([code for code in range(0x3001) if chr(code).isspace()], dtype=np.uint32)
LINE: Final = 0.1  # mm: base lines are looked up in such steps


def _bare(function: Any, result: Any, *arguments: Any) -> Any:
    """A function of PDFium that takes bare addresses: thousands of signs a page are asked for."""
    return ctypes.CFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_ADDRESS, _NUMBER = ctypes.c_void_p, ctypes.c_int
_origin_of: Final = _bare(pdfium.FPDFText_GetCharOrigin, _NUMBER, _ADDRESS, _NUMBER, _ADDRESS, _ADDRESS)
_sign_of: Final = _bare(pdfium.FPDFText_GetUnicode, ctypes.c_uint, _ADDRESS, _NUMBER)


@dataclass(frozen=True)
class Page:
    """The signs of a page in reading order, also those that nobody sees; mm from the left and from the top."""

    signs: str
    left: NDArray[np.float64]
    base: NDArray[np.float64]

    @cached_property
    def numerals(self) -> list[int]:
        """Which signs are numerals."""
        return closed_signs.places(self.signs)

    @cached_property
    def _printed(self) -> NDArray[np.intp]:
        """Which signs are no spaces."""
        codes = np.frombuffer(self.signs.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        return np.flatnonzero(~np.isin(codes, SPACES))

    @cached_property
    def _ordered(self) -> tuple[list[float], list[int]]:
        """Printed signs by base line and from left to right, with one number each to look them up by."""
        keys = np.round(self.base[self._printed] / LINE) * WIDEST + self.left[self._printed]
        order = np.argsort(keys, kind="stable")
        return keys[order].tolist(), self._printed[order].tolist()

    def _between(self, first: float, last: float, y: float) -> list[int]:
        """Signs on a base line that begin between two distances, from left to right line by line."""
        keys, places = self._ordered
        found = []
        for line in (-1, 0, 1):
            key = (round(y / LINE) + line) * WIDEST
            found += places[bisect_left(keys, key + first) : bisect_left(keys, key + last)]
        return [place for place in found if abs(self.base[place] - y) <= NEAR]

    def at(self, x: float, y: float) -> int | None:
        """The sign that begins at a place."""
        return min(self._between(x - NEAR, x + NEAR, y), default=None)

    def before(self, x: float, y: float) -> int | None:
        """The last sign on a line that begins before a place."""
        found = self._between(0, x - NEAR / 2, y)
        return max(found, key=lambda place: (self.left[place], place)) if found else None

    def following(self, place: int) -> int | None:
        """This sign or, where it is a space, the next printed one."""
        spot = int(np.searchsorted(self._printed, place))
        return int(self._printed[spot]) if spot < len(self._printed) else None

    def within(self, corner: tuple[float, float], end: tuple[float, float]) -> list[int]:
        """The numerals in a rectangle."""
        return [
            place
            for place in self.numerals
            if corner[0] - NEAR <= self.left[place] <= end[0] + NEAR
            and corner[1] - NEAR <= self.base[place] <= end[1] + NEAR
        ]

    @cached_property
    def _lines(self) -> list[float]:
        """The base lines of the page from the top."""
        lines: list[float] = []
        for base in sorted(self.base[self._printed].tolist()):
            if not lines or base - lines[-1] > SAME_LINE:
                lines.append(base)
        return lines

    def line(self, place: int) -> int:
        """On which line of text of the page a sign stands, from 1."""
        return max(1, bisect_left(self._lines, float(self.base[place]) + NEAR / 10))

    def begins_of_lines(self) -> Iterator[int]:
        """The first sign of each line, in reading order."""
        before = None
        for place in self._printed.tolist():
            if before is None or abs(self.base[place] - self.base[before]) > SAME_LINE:
                yield place
            before = place


def read(pdf: Path | bytes) -> list[Page]:
    """All pages of a PDF."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [_page(page) for page in document]


def outline(pdf: Path | bytes) -> list[tuple[str, int]]:
    """The entries of a PDF's outline, each with its page from 0."""
    with pypdfium2.PdfDocument(pdf) as document:
        found = ((entry.get_title(), entry.get_dest()) for entry in document.get_toc())
        return [(title, (place.get_index() if place else None) or 0) for title, place in found]


def texts(pdf: Path | bytes) -> list[str]:
    """The signs of all pages without their places, which is much faster."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [_signs(page.get_textpage()) for page in document]


def _page(page: Any) -> Page:
    text = page.get_textpage()
    signs = _signs(text)
    places = np.empty((len(signs), 2))
    first = places.ctypes.data
    xs, ys = (range(first + shift, first + shift + 16 * len(signs), 16) for shift in (0, 8))
    deque(map(_origin_of, repeat(_handle(text)), range(len(signs)), xs, ys), maxlen=0)
    return Page(signs, places[:, 0] * MM, (page.get_height() - places[:, 1]) * MM)


def _signs(text: Any) -> str:
    """The signs in one piece or, where the piece leaves some out, one by one."""
    count, signs = text.count_chars(), str(text.get_text_range())
    if len(signs) == count:
        return signs
    return "".join(map(_sign, map(_sign_of, repeat(_handle(text)), range(count))))


def _handle(text: Any) -> int | None:
    return ctypes.cast(text.raw, ctypes.c_void_p).value


def _sign(code: int) -> str:
    """The sign of a code; a glyph that stands for no sign is told apart."""
    return chr(code) if 0 < code < 0x110000 else closed_signs.UNREADABLE
