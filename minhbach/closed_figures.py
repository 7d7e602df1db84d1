"""Charts: every number written in a picture stands in the table beside it, and the table agrees with the facts."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from minhbach import closed_signs
from minhbach.closed_faults import Fault
from minhbach.facts import Fact
from minhbach.numbers import MODES, from_text, show

SVG: Final = "{http://www.w3.org/2000/svg}"
NUMBER: Final = re.compile(r"-?[\d.]+")
HREF: Final = re.compile(r"(?:^|\})href$")
GLYPH: Final = re.compile(r"#.*-[0-9a-f]+$")  # how matplotlib refers to a letter that it draws


@dataclass(frozen=True)
class Line:
    """A line of text in a picture: where it begins, ends or has its middle, and how it is turned."""

    text: str
    x: float
    y: float
    transform: str


@dataclass(frozen=True)
class Picture:
    """A chart of the report: its SVG file, and the table of its numbers under the same name."""

    folder: Path
    file: str

    @cached_property
    def rows(self) -> list[dict[str, str]]:
        """The rows of the table; none where there is no table."""
        path = (self.folder / self.file).with_suffix(".csv")
        if not path.is_file():
            return []
        with path.open(encoding="utf-8", newline="") as text:
            return list(csv.DictReader(text))

    @cached_property
    def _root(self) -> ET.Element:
        return ET.parse(self.folder / self.file).getroot()

    @cached_property
    def box(self) -> tuple[float, ...]:
        """The frame in which the picture is drawn: left, top, width, height."""
        sides = self._root.get("viewBox") or f"0 0 {self._root.get('width', '1')} {self._root.get('height', '1')}"
        return tuple(map(float, NUMBER.findall(sides)))

    @cached_property
    def lines(self) -> list[Line]:
        """The lines of text in the picture, and where they stand in its frame."""
        return [_line(element) for element in self._root.iter(f"{SVG}text")]

    @cached_property
    def is_legible(self) -> bool:
        """Whether all that is written is text: no picture inside, no letters that are drawn as lines."""
        names = [element.tag.removeprefix(SVG) for element in self._root.iter()]
        references = [value for element in self._root.iter() for name, value in element.items() if HREF.search(name)]
        return not {"image", "foreignObject"} & set(names) and not any(map(GLYPH.match, references))

    @cached_property
    def shown(self) -> frozenset[str]:
        """The numbers of the table as they are shown; changes also with their signs."""
        signed = (_signed(row) for row in self.rows if row.get("kind") == "change")
        return frozenset((*(row.get("shown", "") for row in self.rows), *signed))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of lines and series that contain numerals."""
        cells = {row.get(column, "") for row in self.rows for column in ("label", "series")}
        return tuple(sorted(f" {cell} " for cell in cells if closed_signs.numerals(cell)))

    @cached_property
    def numerals(self) -> frozenset[str]:
        """Every numeral that the table shows or has in its names."""
        cells = (*self.shown, *self.names)
        return frozenset(numeral for cell in cells for numeral in closed_signs.numerals(cell))

    def explains(self, text: str) -> bool:
        """Whether a line of text is a number of the table, or a name in it or whole words of one."""
        return text.strip() in self.shown or self.is_named(text)

    def is_named(self, text: str) -> bool:
        """Whether a text is a name of the table, or whole words of one, with letters among them."""
        words = text.removesuffix("…").strip()
        return any(map(str.isalpha, words)) and any(f" {words} " in name for name in self.names)

    @cached_property
    def written(self) -> Counter[str]:
        """How often each numeral is written in the picture."""
        return Counter(numeral for line in self.lines for numeral in closed_signs.numerals(line.text))


def faults(picture: Picture, document: str, facts: Mapping[str, Fact], language: str) -> Iterator[Fault]:
    """Texts of a picture that its table does not have, and rows that are not what they say."""
    if Path(picture.file).suffix != ".svg" or not picture.is_legible:
        yield Fault("raster", document=document)
        return
    texts = ["", *(line.text for line in picture.lines), ""]
    for before, text, after in zip(texts, texts[1:], texts[2:], strict=False):
        broken = picture.is_named(f"{before} {text}") or picture.is_named(f"{text} {after}")
        if closed_signs.numerals(text) and not picture.explains(text) and not broken:
            yield Fault("chart", document=document, numeral=closed_signs.numerals(text)[0], words=text)
    for row in picture.rows:
        yield from _row(row, document, facts, language)


def _row(row: Mapping[str, str], document: str, facts: Mapping[str, Fact], language: str) -> Iterator[Fault]:
    """A number that is a fact is that fact; another is shown as its value is rounded."""
    named = " · ".join(filter(None, (row["label"], row["series"])))
    said = {"document": document, "numeral": row["shown"], "value": row["value"], "words": named}
    if row["fact_id"]:
        fact = facts.get(row["fact_id"])
        if fact is None or (fact.value, fact.shown) != (row["value"], row["shown"]):
            known = f"{fact.shown} ({fact.value})" if fact else "–"
            yield Fault("chart_fact", **said, fact=row["fact_id"], known=known)
    elif row["shown"] and not _rounded(row["value"], row["shown"], language):
        yield Fault("chart_value", **said)


def _line(element: ET.Element) -> Line:
    x, y = (float(element.get(name) or 0) for name in "xy")
    return Line(" ".join("".join(element.itertext()).split()), x, y, element.get("transform", ""))


def _signed(row: Mapping[str, str]) -> str:
    """A change as charts write it."""
    sign = "−" if row["value"].startswith("-") else "" if row["value"] == "0" else "+"
    return sign + row["shown"].removeprefix("-")


def _rounded(value: str, shown: str, language: str) -> bool:
    """Whether a number is shown as its value is rounded, in any way there is, to as many decimals."""
    mark = "." if language == "en" else ","
    places = len(shown.partition(mark)[2])
    try:
        exact = from_text(value)
    except ValueError:
        return False
    return shown in {show(exact, places, language, mode) for mode in MODES}
