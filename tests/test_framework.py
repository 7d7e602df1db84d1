"""A framework file is read whole: every mistake at once, each with its line and what to do."""

import re
from dataclasses import FrozenInstanceError
from fractions import Fraction
from pathlib import Path

import make
import pytest
from pydantic import ValidationError

from minhbach import framework, shapes
from minhbach.errors import FileError

MANY_MISTAKES = """\
id: test
revision: 1
title: Test
source: {document: Test}
unit_kind: xa
fields:
  so_may: {label: L, type: count}
  so_cbcc: {label: L, type: count, min: 9, max: 1}
  truong: {label: L, type: choice}
  ban: {label: L, type: choice, options: [Có, Không]}
  ten: {label: L, type: text, max: 5}
  diem_in: {label: L, type: number}
  lambda: {label: L, type: count}
checks:
  - {id: trung, expect: so_may <= so_cbc, severity: error, message: M}
  - {id: trung, expect: log(so_may) > 1, severity: error, message: M}
nodes:
  total: {label: L, max_points: 12, children: [HT, NL, MT]}
  HT: {label: L, max_points: 6, children: [HT1, HT2]}
  HT1: {label: L, max_points: 3, formula: "max_points * capped(ratio(so_mai, so_cbcc), 1)"}
  HT2: {label: L, max_points: 4, formula: "so_may +"}
  NL: {label: L, max_points: 4, children: [HT1, NL1]}
  NL1: {label: L, max_points: 1, formula: "choice(ban, {'Có': 1})"}
  vong_1: {label: L, formula: vong_2 + 1}
  vong_2: {label: L, formula: vong_3}
  vong_3: {label: L, formula: vong_1 * 2}
  la: {label: L, formula: ten + 1}
  in: {label: L, formula: diem_in}
  dung: {label: L, formula: yes(so_may), max_points: -1}
  khong: {label: L, formula: max_points * so_may}
  trong: {label: L}
  gian: {label: L, formula: so_may, rescale: true}
  chon: {label: L, formula: "1 if ban == 'Co' else 0"}
levels:
  - {id: muc, order: [I, II], conditions: {I: {khong: 90%, HT: 5}, III: {HTT: 1}}}
  - {id: loai, of: [HT], on: share, bands: {Khá: 0.7, Tốt: 0.85}}
  - {id: hai, of: [vong_1], on: points, bands: {Tốt: 90%}}
  - {id: rong, order: [I], conditions: {I: {}}}
rankings:
  - {id: hang, by: totl, ties: first by HT3}
comparisons:
  - {id: so, field: diem_in, against: total, on: rank}
  - {id: chu, field: ten, against: total}
"""
EXPECTED = {
    8: ["min is above max"],
    9: ["a choice needs its options"],
    11: ["a text has no min or max"],
    13: ["'lambda' is a word of the formula language"],
    15: ["no field or node 'so_cbc'; did you mean 'so_cbcc'?"],
    16: ["'trung' is already taken", "a condition is decided exactly"],
    18: ["no node 'MT'"],
    19: ["is 6, its children add up to 3 + 4 = 7."],
    20: ["no field or node 'so_mai'; did you mean 'so_may'?"],
    21: ["the formula breaks off"],
    22: ["'HT1' already is a child of 'HT'; a node has one parent."],
    23: ["option 'Không' of ban has no points"],
    24: ["the nodes go round in a circle: ", "vong_1 → ", "vong_2", "vong_3"],
    27: ["ten is a text and cannot be calculated with; use choice"],
    28: ["'in' is a word", "'diem_in' is a printed result; it may be compared, never calculated with."],
    29: ["yes(…) takes one yes_no field.", "is below 0."],
    30: ["max_points is used, but there is none here."],
    31: ["has neither a formula nor children."],
    32: ["is for a sum of children, and needs max_points above 0."],
    33: ["no option of ban 'Co'; did you mean 'Có'?"],
    35: [
        *("level 'II' stands in only one of order and conditions", "level 'III' stands in only one"),
        *("a share of 'khong' needs its max_points", "no node 'HTT'; did you mean 'HT'?"),
    ],
    36: ["must fall from the best level to the last"],
    37: ["a share of 'vong_1' needs its max_points."],
    38: ["has no condition; name the nodes it needs."],
    40: ["no node 'totl'; did you mean 'total'?", "no node 'HT3'; did you mean 'HT'?"],
    42: ["no ranking 'total'"],
    43: ["'ten' is not a number"],
}


def test_all_mistakes_at_once() -> None:
    """A file with over thirty different mistakes gives all of them in one reading, each with its own line."""
    said = make.mistakes(MANY_MISTAKES)

    by_line: dict[int, str] = {}
    for problem in said:
        line = int(re.match(r"line (\d+):", problem)[1])  # type: ignore[index]
        by_line[line] = by_line.get(line, "") + problem
    wrong = {
        line: words for line, words in EXPECTED.items() if any(each not in by_line.get(line, "") for each in words)
    }
    assert wrong == {}
    loose = {line: problems for line, problems in by_line.items() if line not in EXPECTED}
    assert {line for line, problems in loose.items() if "belongs to no parent" not in problems} == set()


def test_shape_mistakes_at_once() -> None:
    """Unknown keys, wrong types and missing keys are said together, with the nearest known key."""
    said = "\n".join(
        make.mistakes(
            make.HEAD.replace("revision: 1", "revision: 0")
            + "field: {a: {label: A, type: number}}\n"
            + "fields:\n  1a: {label: A, type: number}\n  b: {label: B, type: numbr, maxx: 5}\n  c: {type: count}\n"
            + "nodes:\n  x: {label: {vi: X}, max_points: many, formula: 5}\n"
            + "levels: [{id: m, of: [x], on: shares, bands: {A: 90 points}}]\n"
            + "rankings: [{id: h, by: x, ties: first}]\n"
        )
    )

    words = [
        "line 2: revision: input should be greater than or equal to 1 (given: '0')",
        "line 6: field: 'field' is not a known key; did you mean 'fields'?",
        "line 8: fields.1a: must match",
        "line 9: fields.b.type: input should be 'count', 'number'",
        "line 9: fields.b.maxx: 'maxx' is not a known key; did you mean 'max'?",
        "line 10: fields.c.label: 'label' is missing.",
        "line 12: nodes.x.label.en: 'en' is missing.",
        "line 12: nodes.x.max_points: must be a number",
        "line 12: nodes.x.formula: input should be a valid string",
        "line 13: levels.0.on: input should be 'points' or 'share'",
        "line 13: levels.0.bands.A: must be",
        "line 14: rankings.0.ties: must match",
    ]
    assert [each for each in words if each not in said] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["is empty or not a mapping"]),
        ("- 1", ["is empty or not a mapping"]),
        ("id: a\n\tb: 1", ["line 2", "is not YAML"]),
        ("id: a\nid: b", ["line 2: id: the key 'id' stands twice, first on line 1."]),
        ("id: !!python/object:os.system {}", ["the tag", "not allowed"]),
    ],
)
def test_a_file_that_is_no_framework_has_one_mistake(text: str, words: list[str]) -> None:
    """What cannot be read as YAML keys and values is said alone, before anything is checked."""
    (said,) = make.mistakes(text)

    assert [each for each in words if each not in said] == []


def test_a_file_is_loaded_under_its_name(tmp_path: Path) -> None:
    """A framework's id is its file's name; another id is a mistake with the line of the id."""
    whole = make.text("nodes:\n  x: {label: X, formula: a}\nrankings: [{id: h, by: x}]\n")
    (tmp_path / "test.yaml").write_text(whole, encoding="utf-8")
    (tmp_path / "other.yaml").write_text(whole, encoding="utf-8")

    assert framework.load(tmp_path / "test.yaml").order == ("x",)
    with pytest.raises(FileError, match="line 1: id: is 'test', the file is called 'other'"):
        framework.load(tmp_path / "other.yaml")


def test_numbers_are_exact() -> None:
    """0.1 is one tenth wherever it stands, 90% nine tenths, and `on: share` is the word on."""
    read = make.framework(
        "nodes:\n  x: {label: X, max_points: 0.1, formula: max_points * 0.1}\n"
        "levels: [{id: m, of: [x], on: share, bands: {A: 90%, B: 0.7}}]\n"
    )

    assert read.nodes["x"].max_points == Fraction(1, 10)
    assert [Fraction(least) for least in read.levels[0].bands.values()] == [Fraction(9, 10), Fraction(7, 10)]
    assert read.levels[0].on == "share"


def test_a_framework_cannot_be_changed() -> None:
    """Assigning to any part, or putting something into its mappings, raises."""
    read = make.framework(
        "nodes:\n  x: {label: X, max_points: 9, formula: a}\n"
        "levels:\n"
        "  - {id: m, of: [x], bands: {A: 0.9}}\n"
        "  - {id: l, order: [A], conditions: {A: {x: 5}}}\n"
    )

    with pytest.raises(FrozenInstanceError):
        read.order = ()  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        read.nodes["x"].formula = "b"
    with pytest.raises(ValidationError, match="frozen"):
        read.spec.revision = 2
    for mapping in (read.fields, read.nodes, read.levels[0].bands, read.levels[1].conditions, read.spec.sections):
        with pytest.raises(TypeError):
            mapping["y"] = None  # type: ignore[index, call-overload]


def test_nodes_are_computed_from_the_leaves_up() -> None:
    """The order of computation puts children, and nodes named in formulas and conditions, before what needs them."""
    read = make.framework(
        """
        nodes:
          total: {label: L, children: [p, q]}
          p: {label: L, formula: q * 2, applies: r > 0}
          q: {label: L, formula: a}
          r: {label: L, formula: b}
        """
    )

    places = {name: place for place, name in enumerate(read.order)}
    assert places["q"] < places["p"] < places["total"]
    assert places["r"] < places["p"]
    assert read.parent == {"p": "total", "q": "total"}
    assert (read.depth("total"), read.depth("p"), read.depth("r")) == (0, 1, 0)


def test_inexact_nodes_are_those_with_a_logarithm_below_them() -> None:
    """A node is inexact when its own formula or a node below it has a logarithm, root or geometric mean."""
    read = make.framework(
        """
        nodes:
          total: {label: L, children: [p, q]}
          p: {label: L, formula: log(a)}
          q: {label: L, formula: a ** 2}
          r: {label: L, formula: p + 1, information: true}
        """
    )

    assert read.inexact == {"p", "total", "r"}


@pytest.mark.parametrize(
    ("count", "formula", "words"),
    [
        (20, "({0} ** 16) ** 2", "multiplies more than 5000 values into one exact number"),
        (20, "weighted_mean({0}, {0}, {0}, {0})", "multiplies more than 5000 values"),
        (60, "{0} + 1 / (1 + {0})", "multiplies more than 5000 values"),
        (101, "capped({0}, 1)", "rests on 100 nodes one above the other"),
    ],
)
def test_growth_without_end_is_refused(count: int, formula: str, words: str) -> None:
    """Nodes that multiply, add or build on each other beyond all size are refused before anything is computed."""
    lines = [f"  x{i}: {{label: L, formula: '{formula.format(f'x{i - 1}' if i else 'a')}'}}" for i in range(count)]

    said = make.mistakes(make.text("nodes:\n" + "\n".join(lines) + f"\nrankings: [{{id: h, by: x{count - 1}}}]\n"))

    assert [each for each in said if words in each]


def test_a_thousand_criteria_are_a_framework() -> None:
    """A thousand ratios add up to one total without being refused."""
    lines = [f"  x{i}: {{label: L, max_points: 1, formula: 'capped(ratio(a, b), max_points)'}}" for i in range(1000)]
    children = ", ".join(f"x{i}" for i in range(1000))

    read = make.framework(
        "nodes:\n" + "\n".join(lines) + f"\n  total: {{label: L, max_points: 1000, children: [{children}]}}\n"
    )

    assert len(read.order) == 1001


def test_a_band_in_percent_and_one_in_points_fall_together() -> None:
    """On points, 90% of a maximum of 50 stands above 40 points and below 46 points."""
    body = (
        "nodes:\n  x: {{label: X, max_points: 50, formula: a}}\nlevels: [{{id: m, of: [x], on: points, bands: {}}}]\n"
    )

    assert make.framework(body.format("{A: 90%, B: 40}"))
    assert "must fall from the best level" in make.mistakes(make.text(body.format("{A: 90%, B: 46}")))[0]


def test_best_needs_one_grouping() -> None:
    """best in a formula or condition needs best_within when the rankings have different groups."""
    body = (
        "nodes:\n  x: {label: X, formula: 'ratio(a, best(a))'}\n"
        "rankings: [{id: h, by: x, within: unit_kind}, {id: k, by: x}]\n"
    )

    assert "best and worst need best_within" in make.mistakes(make.text(body))[0]
    assert make.framework(body + "best_within: unit_kind\n")


def test_the_nearest_name_is_suggested() -> None:
    """A name is suggested only when one is near."""
    assert shapes.suggestion("so_mai", ["so_may", "total"]) == "did you mean 'so_may'?"
    assert shapes.suggestion("xyz", ["so_may", "total"]) == ""
