"""Text in charts: how wide it is, where its lines break, and that it is only text."""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

FONT = "DejaVu Sans"
CUT = "…"


def plain(text: str) -> str:
    """A text in one line, composed, without characters that control or turn it."""
    spaced = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()
    return "".join(each for each in spaced if not unicodedata.category(each).startswith("C"))


@contextmanager
def quiet() -> Iterator[None]:
    """No warning where a name has a letter that the font lacks: a viewer may have it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph ")
        yield


@cache
def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """The width of one line of text, in points."""
    properties = FontProperties(family=FONT, size=size, weight="bold" if bold else "normal")
    with quiet():
        width, _, _ = text_to_path.get_text_width_height_descent(plain(text), properties, ismath=False)
    return float(width)


def wrapped(text: str, width: float, size: float, most: int = 3, *, bold: bool = False) -> tuple[str, ...]:
    """The text in at most so many lines of this width; what does not fit is cut, and says so."""

    def fits(part: str) -> bool:
        return width_of(part, size, bold=bold) <= width

    lines = [""]
    for word in (part for each in plain(text).split(" ") for part in _pieces(each, fits)):
        longer = f"{lines[-1]} {word}".strip()
        if fits(longer) or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(lines[most - 1] + CUT, fits)]
    return tuple(lines)


def _pieces(word: str, fits: Callable[[str], bool]) -> Iterator[str]:
    """A word that is wider than a line, in pieces."""
    while not fits(word) and len(word) > 1:
        end = next((place for place in range(len(word) - 1, 1, -1) if fits(word[:place])), 1)
        yield word[:end]
        word = word[end:]
    yield word


def _cut(text: str, fits: Callable[[str], bool]) -> str:
    while not fits(text) and len(text) > 2:
        text = text[:-2].rstrip() + CUT
    return text
