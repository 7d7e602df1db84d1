"""Charts: every number written in a picture stands in the table beside it, and the table agrees with the facts."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree as ET

from minhbach import closed_signs
from minhbach.closed_faults import Fault
from minhbach.facts import Fact
from minhbach.numbers import MODES, from_text, show

TEXT = "{http://www.w3.org/2000/svg}text"


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
    def texts(self) -> list[str]:
        """The lines of text in the picture."""
        root = ET.parse(self.folder / self.file).getroot()
        return [" ".join("".join(element.itertext()).split()) for element in root.iter(TEXT)]

    @cached_property
    def shown(self) -> frozenset[str]:
        """The numbers of the table as they are shown."""
        return frozenset(row.get("shown", "") for row in self.rows)

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
        words = text.removesuffix("…").strip()
        return words in self.shown or any(f" {words} " in name for name in self.names)

    @cached_property
    def written(self) -> Counter[str]:
        """How often each numeral is written in the picture."""
        return Counter(numeral for text in self.texts for numeral in closed_signs.numerals(text))


def faults(picture: Picture, document: str, facts: Mapping[str, Fact], language: str) -> Iterator[Fault]:
    """Texts of a picture that its table does not have, and rows that are not what they say."""
    if Path(picture.file).suffix != ".svg":
        yield Fault("raster", document=document)
        return
    for text in picture.texts:
        if closed_signs.numerals(text) and not picture.explains(text):
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


def _rounded(value: str, shown: str, language: str) -> bool:
    """Whether a number is shown as its value is rounded, in any way there is, to as many decimals."""
    mark = "." if language == "en" else ","
    places = len(shown.partition(mark)[2])
    try:
        exact = from_text(value)
    except ValueError:
        return False
    return shown in {show(exact, places, language, mode) for mode in MODES}
