"""Levels: conditions that must all hold, bands, and what keeps the next level away (Decision 2392, Article 6)."""

from typing import Any

import make
import pytest

from minhbach import levels

# The district table of Article 6; the maxima are the multipliers printed in it.
DISTRICT = """
fields:
  CD_: {label: F, type: number}
  GD_: {label: F, type: number}
  TT_: {label: F, type: number}
  HD_: {label: F, type: number}
"""
DISTRICT_BODY = """
nodes:
  ket_qua: {label: K, max_points: 100, children: [CD, GD, TT, HD]}
  CD: {label: L, max_points: 5, formula: CD_}
  GD: {label: L, max_points: 20, formula: GD_}
  TT: {label: L, max_points: 35, formula: TT_}
  HD: {label: L, max_points: 40, formula: HD_}
levels:
  - id: muc_do
    order: [I, II, III, IV]
    conditions:
      I: {ket_qua: 90, CD: 90%, GD: 90%, TT: 90%, HD: 90%}
      II: {ket_qua: 84.25, CD: 50%, GD: 80%, TT: 85%, HD: 90%}
      III: {ket_qua: 77, CD: 0%, GD: 75%, TT: 80%, HD: 85%}
      IV: {ket_qua: 70.5, CD: 0%, GD: 70%, TT: 70%, HD: 80%}
rounding: {shown: 2, level_on: LEVEL_ON}
"""
MINIMA = {
    "I": ("4.5", "18", "31.5", "36"),
    "II": ("2.5", "16", "29.75", "36"),
    "III": ("0", "15", "28", "34"),
    "IV": ("0", "14", "24.5", "32"),
}
NEXT = {"I": "II", "II": "III", "III": "IV", "IV": "none"}


def district(*rows: tuple[str, ...], level_on: str = "rounded") -> list[tuple[Any, ...]]:
    """Level and blocking conditions of units with these points of CD, GD, TT and HD."""
    read = make.framework(DISTRICT_BODY.replace("LEVEL_ON", level_on), DISTRICT)
    answers = make.answers(read, [dict(zip(("CD_", "GD_", "TT_", "HD_"), row, strict=True)) for row in rows])
    table = levels.levels(make.Points(answers))
    return list(table[["level", "blocking"]].itertuples(index=False, name=None))


@pytest.mark.parametrize("level_on", ["rounded", "exact"])
@pytest.mark.parametrize("level", list(MINIMA))
def test_exactly_on_every_minimum(level: str, level_on: str) -> None:
    """A unit exactly on every minimum of a level has that level, because minima are reached by being met."""
    assert district(MINIMA[level], level_on=level_on)[0][0] == level


@pytest.mark.parametrize(
    ("level", "group"), [(level, group) for level in MINIMA for group in range(4) if MINIMA[level][group] != "0"]
)
def test_a_hundredth_below_one_minimum(level: str, group: int) -> None:
    """A hundredth below one group's minimum loses the level, and the blocking text names group and distance."""
    below = list(MINIMA[level])
    below[group] = f"{float(below[group]) - 0.01:.2f}"
    name = ("CD", "GD", "TT", "HD")[group]

    found, blocking = district(tuple(below))[0]

    same_below = level == "I" and name == "HD"  # level II asks the same 90% of HD, so it is lost with it
    assert found == (NEXT["II"] if same_below else NEXT[level])
    if not same_below:
        assert f"{name}:0.01" in blocking.split("; ")
        assert "ket_qua:0.01" in blocking.split("; ")


def test_group_minima_bind_even_a_high_total() -> None:
    """A unit with 97 of 100 points has no level at all when one group lies below every minimum."""
    assert district(("2", "20", "35", "40"))[0] == ("III", "CD:0.5")
    assert district(("5", "13.99", "35", "40"))[0] == ("none", "GD:0.01")


def test_rounded_or_exact() -> None:
    """4.495 of 5 is 4.50 when levels look at rounded points, and below 90% when they look at exact ones."""
    row = ("4.495", "18.005", "31.5", "36")

    assert district(row)[0][0] == "I"
    assert district(row, level_on="exact")[0] == ("II", "CD:0.005")


def test_a_blank_has_no_level() -> None:
    """A unit with a blank in what the scheme rests on has no level, which is not the same as none."""
    assert district(("", "18", "31.5", "36"))[0] == ("", "")


def test_the_best_level_has_nothing_in_its_way() -> None:
    """A unit of the best level has no blocking condition."""
    assert district(("5", "20", "35", "40"))[0] == ("I", "")


def test_levels_by_totals_alone() -> None:
    """Beside the level stands what the total alone would give: 97 points alone would be level I."""
    read = make.framework(DISTRICT_BODY.replace("LEVEL_ON", "rounded"), DISTRICT)
    answers = make.answers(read, [{"CD_": "2", "GD_": "20", "TT_": "35", "HD_": "40"}])

    table = levels.levels(make.Points(answers))

    assert table.loc[0, ["level", "met", "by_totals"]].tolist() == ["III", "ket_qua GD TT HD", "I"]


BANDS = """
nodes:
  x: {label: X, max_points: 40, formula: a}
  y: {label: Y, max_points: 50, formula: b}
levels:
  - {id: loai, of: OF, on: ON, bands: BANDS_}
rounding: {shown: 2, share: 4, level_on: rounded}
"""


def bands(of: str, on: str, text: str, rows: list[dict[str, str]]) -> list[tuple[Any, ...]]:
    """Scheme, level and blocking condition of the units, unit by unit."""
    scored = make.points(BANDS.replace("OF", of).replace("ON", on).replace("BANDS_", text), rows)
    return list(levels.levels(scored)[["scheme", "level", "blocking"]].itertuples(index=False, name=None))


def test_bands_on_a_share() -> None:
    """34 of 40 is 0.85 and Tốt; 33.99 of 40 is 0.8498 (0.84975 rounded) and Khá, 0.0002 away."""
    rows = [{"a": "34"}, {"a": "33.99"}, {"a": "28"}, {"a": "27.99"}, {"a": ""}]

    assert bands("[x]", "share", "{Tốt: 0.85, Khá: 70%}", rows) == [
        ("loai", "Tốt", ""),
        ("loai", "Khá", "x:0.0002"),
        ("loai", "Khá", "x:0.15"),
        ("loai", "none", "x:0.0002"),
        ("loai", "", ""),
    ]


def test_bands_on_points_and_several_nodes() -> None:
    """Bands on several nodes are a scheme per node; a percentage on points is one of each node's maximum."""
    assert bands("[x, y]", "points", "{A: 90%, B: 30}", [{"a": "36", "b": "44.99"}]) == [
        ("loai.x", "A", ""),
        ("loai.y", "B", "y:0.01"),
    ]
