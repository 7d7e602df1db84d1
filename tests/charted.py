"""Small results for the tests of charts, and readers of what a chart's SVG and table say."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import make
import matplotlib as mpl
import pandas as pd
from PIL import ImageFont

from minhbach import levels, rank, record, report_gaps
from minhbach.answers import Answers
from minhbach.facts import Ledger
from minhbach.results import Results
from minhbach.score import Points
from minhbach.units import Unit

NUMBER = re.compile(r"\d[\d.,]*\d|\d")
NOTHING = pd.DataFrame(columns=["unit_id", "round", "state"], dtype=str)


def unit(unit_id: str, name: str = "", parent: str = "", kind: str = "xa") -> Unit:
    """A unit whose name is made from its id unless one is given."""
    return Unit(unit_id, name or f"Xã Đắk {unit_id}", name, kind, parent_id=parent)


def results(
    body: str, units: Sequence[Unit], rows: make.Rows, language: str = "vi", fields: str = make.FIELDS
) -> Results:
    """The results of units with these answers under the fields and the body of a framework."""
    framework = make.framework(body, fields)
    given = Answers(framework, tuple(units), {key: tuple(row.get(key, "") for row in rows) for key in framework.fields})
    points = Points(given)
    frames = {"scores": record.scores(points), "levels": levels.levels(points), "ranks": rank.ranks(points)}
    tables = {name: frame.assign(framework=framework.id) for name, frame in frames.items()}
    tables["units"] = pd.DataFrame(
        {"unit_id": [each.unit_id for each in units], "parent_id": [each.parent_id for each in units]}
    )
    tables["blocking"] = report_gaps.table([(framework, frames["levels"])])
    parents = {
        each.parent_id: unit(each.parent_id, f"Huyện {each.parent_id}", kind="huyen")
        for each in units
        if each.parent_id
    }
    return Results(
        framework=framework,
        units=tuple(units),
        frames=frames | {"confirmations": NOTHING},
        ledger=Ledger(language, framework.rounding.mode, tables),
        scope="all",
        language=language,
        parents=parents,
    )


@dataclass(frozen=True)
class Text:
    """A line of text in a picture: where it stands, in points from the top left, and how large."""

    content: str
    size: float
    left: float
    right: float
    base: float
    upright: bool


@dataclass(frozen=True)
class Chart:
    """A chart as its files and its Markdown say it."""

    reference: str
    markdown: str
    svg: Path

    @property
    def root(self) -> ET.Element:
        """The picture."""
        return ET.fromstring(self.svg.read_text(encoding="utf-8"))

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        return tuple(float(self.root.attrib[side].removesuffix("pt")) for side in ("width", "height"))  # type: ignore[return-value]

    @property
    def rows(self) -> list[dict[str, str]]:
        """The chart's table."""
        with self.svg.with_suffix(".csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    @property
    def numerals(self) -> set[str]:
        """Every number that the chart's table shows or has in its labels."""
        cells = (row[column] for row in self.rows for column in ("shown", "label", "series"))
        return {found for cell in cells for found in NUMBER.findall(cell)}

    @property
    def alternative(self) -> str:
        """The alternative text."""
        return re.search(r'fig-alt="(.*)"\}', self.markdown)[1]  # type: ignore[index]

    @property
    def caption(self) -> str:
        """The caption."""
        return self.markdown[2 : self.markdown.index("](figures/")]

    @property
    def texts(self) -> list[Text]:
        """The lines of text in the picture."""
        return [_text(each) for each in self.root.iter("{http://www.w3.org/2000/svg}text")]

    def shown(self, kind: str) -> dict[tuple[str, str], str]:
        """The numbers of one kind as they are shown, by label and series."""
        return {(row["label"], row["series"]): row["shown"] for row in self.rows if row["kind"] == kind}


def read(made: Sequence[tuple[str, str]], folder: Path) -> list[Chart]:
    """The charts that a function gave, whose files are below `folder`."""
    return [Chart(reference, text, folder / "figures" / f"{reference[4:]}.svg") for reference, text in made]


def faults(chart: Chart) -> list[str]:
    """What is wrong with a chart: texts that overlap, are cut off or too small; numbers that are not in its table."""
    width, height = chart.size
    texts = chart.texts
    found = [f"{text.content!r} is smaller than 7 points" for text in texts if text.size < 7]
    found += [f"{text.content!r} is cut off" for text in texts if not _inside(text, width, height)]
    found += [f"{a.content!r} overlaps {b.content!r}" for a, b in combinations(texts, 2) if _overlap(a, b)]
    found += [f"too wide or too high: {width} × {height}"] if width > 467.8 or height > 690 else []
    said = [number for text in texts for number in NUMBER.findall(text.content)]
    said += NUMBER.findall(chart.alternative)
    return found + [f"{number} is not in the table" for number in said if number not in chart.numerals]


def outside_facts(chart: Chart, facts: Mapping[str, str]) -> list[str]:
    """Rows of a chart's table that name a fact which the ledger does not have or shows otherwise."""
    return [row["fact_id"] for row in chart.rows if row["fact_id"] and facts.get(row["fact_id"]) != row["shown"]]


def width_of(text: str, size: float, *, bold: bool) -> float:
    """The width of a text in points, as another program measures it."""
    return _font(bold).getlength(text) * size / 100


@cache
def _font(bold: bool) -> ImageFont.FreeTypeFont:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(f"{mpl.get_data_path()}/fonts/ttf/{name}", 100)


def _text(element: ET.Element) -> Text:
    style, content = element.attrib["style"], element.text or ""
    size = float(re.search(r"([\d.]+)px", style)[1])  # type: ignore[index]
    width = width_of(content, size, bold="700" in style or "bold" in style)
    place = re.search(r"(?:translate|rotate)\(([-\d. ]+)\)", element.attrib["transform"])[1].split()  # type: ignore[index]
    x, y = (float(element.attrib.get(name, place[number])) for number, name in enumerate("xy"))
    before = {"middle": width / 2, "end": width}.get((re.search(r"text-anchor: (\w+)", style) or ("", ""))[1], 0.0)
    return Text(content, size, x - before, x - before + width, y, "rotate(-90" in element.attrib["transform"])


def _inside(text: Text, width: float, height: float) -> bool:
    if text.upright:
        return text.base - (text.right - text.left) >= -0.5 and text.base <= height
    return text.left >= -0.5 and text.right <= width + 0.5 and text.base - 0.75 * text.size >= 0 and text.base <= height


def _overlap(a: Text, b: Text) -> bool:
    """Whether the middles of two lines of text meet; accents and tails may."""
    if a.upright or b.upright or not a.content or not b.content:
        return False
    apart = a.right <= b.left + 0.5 or b.right <= a.left + 0.5
    return not apart and abs(a.base - b.base) < 0.75 * max(a.size, b.size)
