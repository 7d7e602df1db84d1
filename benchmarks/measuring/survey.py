"""A generated survey: 80 criteria of every usual shape in 8 groups, 2 parts and a total, with random answers.

The answers are held as whole numbers (decimals as hundredths), so that scoring is measured without reading text.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt

from minhbach import framework, vector
from minhbach.answers import Answers
from minhbach.formula_exact import Value as Exact
from minhbach.framework import Framework
from minhbach.parts import freeze
from minhbach.units import Unit
from minhbach.vector import Texts, Value

Whole = npt.NDArray[np.int16]
Floats = npt.NDArray[np.float64]
SEED = 2022
PROVINCES = 63
GROUPS = 8
BLANK = -1
OPTIONS = ("Chưa", "Một phần", "Đầy đủ")  # sorted, as Answers sorts them
# shape: how many criteria, the points of each, its formula
SHAPES: dict[str, tuple[int, int, str]] = {
    "ratio": (24, 2, "max_points * capped(ratio(a{n}, b{n}), 1)"),
    "steps": (12, 4, "steps(s{n}, {{1: 1, 3: 2, 6: 3, 10: 4}})"),
    "choice": (12, 2, 'max_points * choice(c{n}, {{"Đầy đủ": 1, "Một phần": 0.5, "Chưa": 0}})'),
    "yes": (16, 1, "max_points * yes(y{n})"),
    "count": (10, 3, "count_points(k{n}, 0.5, max_points)"),
    "best": (6, 4, "max_points * ratio(w{n}, best(w{n}))"),
}
TYPES = {"a": "count", "b": "count", "s": "count", "c": "choice", "y": "yes_no", "k": "count", "w": "number"}
FIELDS = {"ratio": "ab", "steps": "s", "choice": "c", "yes": "y", "count": "k", "best": "w"}
# field: lowest and highest answer (hundredths for `number`), and the part of the answers that is blank
RANGES: dict[str, tuple[int, int, float]] = {
    "a": (0, 40, 0.02),
    "b": (0, 40, 0.02),
    "s": (0, 12, 0.0),
    "c": (0, 2, 0.01),
    "y": (0, 1, 0.0),
    "k": (0, 8, 0.0),
    "w": (10, 9000, 0.01),
}


def criteria() -> list[tuple[str, int, int]]:
    """Shape, number within the shape, and group of all 80 criteria, dealt out so that groups are mixed."""
    plain = [(shape, number) for shape, (count, _, _) in SHAPES.items() for number in range(count)]
    return [(shape, number, place % GROUPS) for place, (shape, number) in enumerate(plain)]


def survey() -> Framework:
    """The framework, written as its YAML would be and read by the product's own reader."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "generated.yaml")
        path.write_text(_text(), encoding="utf-8")
        return framework.load(path)


def _text() -> str:
    fields = [f"{letter}{number}" for shape, number, _ in criteria() for letter in FIELDS[shape]]
    groups: list[list[str]] = [[] for _ in range(GROUPS)]
    tops = [0] * GROUPS
    leaves = []
    for shape, number, group in criteria():
        _, top, formula = SHAPES[shape]
        groups[group].append(f"{shape}{number}")
        tops[group] += top
        text = formula.format(n=number)
        leaves.append(f"  {shape}{number}: {{label: x, max_points: {top}, formula: '{text}', missing: zero}}")
    half = GROUPS // 2
    above = [("total", sum(tops), ["p0", "p1"])]
    above += [(f"p{part}", sum(tops[at : at + half]), [f"g{each}" for each in range(at, at + half)])
              for part, at in enumerate((0, half))]  # fmt: skip
    above += [(f"g{group}", tops[group], groups[group]) for group in range(GROUPS)]
    options = ", ".join(OPTIONS)
    return "\n".join([
        "id: generated", "revision: 1", "title: x", "source: {document: x}", "unit_kind: xa", "best_within: tinh",
        "fields:",
        *(f"  {each}: {{label: x, type: {TYPES[each[0]]}"
          + (f", options: [{options}]" if each[0] == "c" else "") + "}" for each in fields),
        "nodes:",
        *(f"  {name}: {{label: x, max_points: {top}, children: [{', '.join(below)}]}}" for name, top, below in above),
        *leaves,
        "rankings: [{id: hang, by: total, within: tinh}]",
    ])  # fmt: skip


@dataclass(frozen=True)
class Generated(Answers):
    """Answers held as whole numbers (BLANK is blank) and as floats, ready before anything is timed."""

    numbers: Mapping[str, Whole] = field(default_factory=dict)
    floats: Mapping[str, Floats] = field(default_factory=dict)

    def column(self, field_id: str) -> Value | Texts:
        """A field over all units."""
        if field_id[0] == "c":
            return Texts(self.numbers[field_id].astype(np.intp), OPTIONS)
        return vector.column(self.floats[field_id], 100 if field_id[0] == "w" else 1)

    def exact(self, field_id: str, row: int) -> Exact:
        """A field of one unit."""
        number = int(self.numbers[field_id][row])
        if number == BLANK:
            return None
        return OPTIONS[number] if field_id[0] == "c" else Fraction(number, 100 if field_id[0] == "w" else 1)


def answers(count: int) -> Generated:
    """Random answers of `count` units, the same for the same count."""
    random = np.random.default_rng(SEED)
    method = survey()
    numbers = {}
    for field_id in method.fields:
        low, high, blank = RANGES[field_id[0]]
        drawn = random.integers(low, high, count, endpoint=True)
        numbers[field_id] = np.where(random.random(count) < blank, BLANK, drawn).astype(np.int16)
    floats = {name: _floats(name, each) for name, each in numbers.items() if name[0] != "c"}
    provinces = [freeze({"tinh": f"{place:02}"}) for place in range(PROVINCES)]
    units = tuple(Unit(str(row), "x", "", "xa", groups=provinces[row % PROVINCES]) for row in range(count))
    return Generated(method, units, {}, numbers, floats)


def _floats(field_id: str, numbers: Whole) -> Floats:
    return np.where(numbers == BLANK, np.nan, numbers / (100.0 if field_id[0] == "w" else 1.0))


def as_texts(given: Generated) -> Answers:
    """The same answers as the product holds them after reading observations.csv: one text each."""
    texts = {field_id: tuple(_text_of(field_id, numbers)) for field_id, numbers in given.numbers.items()}
    return Answers(given.framework, given.units, texts)


def _text_of(field_id: str, numbers: Whole) -> list[str]:
    words = {"c": OPTIONS, "y": ("no", "yes")}.get(field_id[0])
    if words:
        return ["" if number == BLANK else words[number] for number in numbers.tolist()]
    if field_id[0] == "w":
        return ["" if number == BLANK else repr(number / 100).removesuffix(".0") for number in numbers.tolist()]
    return ["" if number == BLANK else str(number) for number in numbers.tolist()]
