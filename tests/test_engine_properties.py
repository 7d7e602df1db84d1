"""What holds for random formulas, frameworks and answers: fast and exact scoring are one, and order means nothing."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

import make
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from minhbach import decide, levels, rank, vector, vector_exact
from minhbach.errors import MinhbachError
from minhbach.formula import Call, Tree
from minhbach.formula_exact import Exact, Value, evaluate
from minhbach.parts import Share
from minhbach.score import Points

Row = dict[str, str]
ODD = ("", "0", "0.1", "0.2", "0.3", "-0.3", "1", "-1", "2.675", "1.005", "1/3", "-7", "123456789012345678901", "1e")
TINY = "0.000000000000000000001"
WILD = st.sampled_from((*ODD[:-1], TINY, "9007199254740993", "-9007199254740993.5"))
PLAIN = st.sampled_from(("", "0", "0.1", "0.2", "0.3", "0.5", "1", "2", "2.675", "3", "1.005", "10", "17", "1/3"))
WHOLE = st.sampled_from(("", "0", "1", "2", "3", "4", "9"))
YES_NO = st.sampled_from(("", "yes", "no"))
CHOICE = st.sampled_from(("", *make.OPTIONS))


def units(numbers: st.SearchStrategy[str]) -> st.SearchStrategy[list[Row]]:
    """One to six units with answers to every field."""
    parts = {"a": numbers, "b": numbers, "c": numbers, "n": WHOLE, "d": YES_NO, "e": CHOICE, "t": CHOICE}
    return st.lists(st.fixed_dictionaries(parts), min_size=1, max_size=6)


# ---- formulas --------------------------------------------------------------------------------------------


@settings(max_examples=300)
@given(make.TREES, units(WILD), st.data())
def test_columns_equal_rationals(tree: Tree, rows: list[Row], data: st.DataObject) -> None:
    """For any formula and answers the column is blank where the exact value is, and within its own error of it."""
    groups = data.draw(st.lists(st.sampled_from(("xa", "huyen")), min_size=len(rows), max_size=len(rows)))

    try:
        exact = make.values(make.unparse(tree), rows, groups)
    except MinhbachError as error:
        if "more than 300 digits" not in str(error):
            raise
        return
    assert len(exact) == len(rows)


@settings(max_examples=150)
@given(make.TREES, make.TREES, st.sampled_from((">=", "==", "<")), units(WILD))
def test_decisions_are_exact(left: Tree, right: Tree, sign: str, rows: list[Row]) -> None:
    """A comparison of any two formulas gives 1, 0 or blank exactly as their rational values say."""
    texts = make.unparse(left), make.unparse(right)
    compare: dict[str, Callable[[Fraction, Fraction], bool]] = {
        ">=": lambda x, y: x >= y,
        "==": lambda x, y: x == y,
        "<": lambda x, y: x < y,
    }

    try:
        both = list(zip(*(make.values(text, rows) for text in texts), strict=True))
        decided = make.values(f"{texts[0]} {sign} {texts[1]}", rows)
    except MinhbachError as error:
        if "more than 300 digits" not in str(error):
            raise
        return
    assert decided == [None if x is None or y is None else int(compare[sign](x, y)) for x, y in both]


class Plain:
    """One unit of several, whose best and worst look at every unit of its group with rationals."""

    def __init__(self, rows: list[Row], groups: list[str], row: int) -> None:
        self.rows, self.groups, self.row = rows, groups, row

    def value(self, name: str) -> Value:
        text = self.rows[self.row][name]
        if name == "d":
            return {"yes": Fraction(1), "no": Fraction(0), "": None}[text]
        return (text if name in ("e", "t") else Fraction(text)) if text else None

    def extreme(self, call: Call, argument: Exact) -> Value:
        alike = [row for row, group in enumerate(self.groups) if group == self.groups[self.row]]
        values = [argument(Plain(self.rows, self.groups, row)) for row in alike]
        return (max if call.function == "best" else min)((x for x in values if x is not None), default=None)


@settings(max_examples=200)
@given(make.TREES, units(WILD), st.data())
def test_exact_values_take_no_short_cut(tree: Tree, rows: list[Row], data: st.DataObject) -> None:
    """Exact values of any formula are those of an evaluation that looks at every unit with rationals alone."""
    groups = data.draw(st.lists(st.sampled_from(("xa", "huyen")), min_size=len(rows), max_size=len(rows)))

    try:
        exact = make.values(make.unparse(tree), rows, groups)
    except MinhbachError as error:
        if "more than 300 digits" not in str(error):
            raise
        return
    assert exact == [evaluate(tree, Plain(rows, groups, row)) for row in range(len(rows))]


# ---- decisions with whole numbers ------------------------------------------------------------------------

COUNTS = st.integers(0, 40)
HALVES = """
nodes:
  total: {label: T, max_points: 5.125, children: [x, y, z]}
  x: {label: X, max_points: 2, formula: "max_points * capped(ratio(a, b), 1)", missing: zero}
  y: {label: Y, max_points: 3, formula: "count_points(n, 0.5, max_points)"}
  z: {label: Z, max_points: 0.125, formula: "max_points * yes(d)", missing: zero}
rounding: {mode: %s}
"""


@settings(max_examples=150)
@given(
    st.lists(st.tuples(COUNTS, st.sampled_from((0, 3, 7, 8, 16, 25, 40)), st.integers(0, 9), YES_NO), min_size=1),
    st.sampled_from(("half_up", "half_even", "down")),
)
def test_exact_halves_are_rounded_without_rationals(drawn: list[tuple[int, int, int, str]], mode: str) -> None:
    """Sums of ratios, counts and eighths, many of them exact halves, round as rationals do, and none are needed."""
    rows = [{"a": str(a), "b": str(b), "n": str(n), "d": d} for a, b, n, d in drawn]
    scored = make.points(HALVES % mode, rows)
    expected = [
        (2 * min(Fraction(a, b), 1) if b else 0) + min(Fraction(n, 2), 3) + Fraction(d == "yes", 8)
        for a, b, n, d in drawn
    ]

    scored.exactly = None  # type: ignore[assignment]
    for places in range(5):
        assert same(decide.rounded(scored, "total", "points", places), [by_hand(x, places, mode) for x in expected])
    for share in (Fraction(1, 41), Fraction(1, 2), Fraction(33, 41)):
        reached = decide.reached(scored, "total", Fraction("5.125") * share, "points", None)
        assert reached.tolist() == [x >= Fraction("5.125") * share for x in expected]


TENTHS = st.integers(-9, 9)


@given(st.lists(st.tuples(TENTHS, TENTHS, TENTHS), min_size=1, max_size=9))
def test_decimals_are_compared_as_written(drawn: list[tuple[int, int, int]]) -> None:
    """Sums of tenths such as 0.1 + 0.2 equal 0.3, reach it as a step and as a condition, and no rational is needed."""
    rows = [{name: str(Decimal(n) / 10) for name, n in zip("abc", each, strict=True)} for each in drawn]
    scored = make.points(
        """
        nodes:
          same: {label: S, formula: "a + b == c", information: true}
          least: {label: L, formula: "1 if a + b >= c else 0", information: true}
          step: {label: T, formula: "steps(a + b, {0.1: 1, 0.3: 2, 0.7: 3})", information: true}
          nought: {label: N, formula: "not (a + b - c)", information: true}
        """,
        rows,
    )

    assert scored.exactly._points == {}
    assert scored.values["same"].array.tolist() == [a + b == c for a, b, c in drawn]
    assert scored.values["least"].array.tolist() == [a + b >= c for a, b, c in drawn]
    assert scored.values["step"].array.tolist() == [sum(a + b >= edge for edge in (1, 3, 7)) for a, b, _ in drawn]
    assert scored.values["nought"].array.tolist() == [a + b == c for a, b, c in drawn]


BELOW = st.one_of(st.integers(1, 50), st.integers(1, 2**53))


@given(st.integers(-(2**60), 2**60), BELOW, st.integers(-(2**60), 2**60), BELOW, st.integers(0, 20))
def test_whole_numbers_are_certain_or_unknown(above: int, below: int, other: int, over: int, places: int) -> None:
    """Fractions read off floats, their order and their rounding are either right or said to be unknown."""
    rows, values = np.arange(2), [Fraction(above, below), Fraction(other, over)]
    columns = [
        vector_exact.fractions(np.full(2, float(x)), abs(float(x)) * vector.UNIT, part, rows)
        for x, part in zip(values, (below, over), strict=True)
    ]
    order, known = vector_exact.order(*columns)

    for (numerators, denominators), value in zip(columns, values, strict=True):
        assert denominators[0] == 0 or Fraction(int(numerators[0]), int(denominators[0])) == value
        for mode in ("half_up", "half_even", "down"):
            found = vector_exact.rounded(numerators, denominators, places, mode)[0]
            assert np.isnan(found) or found == float(by_hand(value, places, mode))
    assert not known[0] or order[0] == (values[0] > values[1]) - (values[0] < values[1])


def test_whole_numbers_are_used() -> None:
    """Small fractions are known: 2/3 is above 13/20, and 1/8 with two places is an exact half."""
    rows, error = np.arange(1), vector.UNIT
    two_thirds, thirteen = (
        vector_exact.fractions(np.array([x]), error, part, rows) for x, part in ((2 / 3, 3), (0.65, 20))
    )

    assert [each.tolist() for each in vector_exact.order(two_thirds, thirteen)] == [[1], [True]]
    eighth = vector_exact.fractions(np.array([-0.125]), error, 8, rows)
    assert [vector_exact.rounded(*eighth, 2, mode).tolist() for mode in ("half_up", "half_even", "down")] == [
        [-13],
        [-12],
        [-12],
    ]


def test_a_high_pile_of_nodes_is_exact() -> None:
    """100 nodes on top of each other, each two ratios more than the one before, round as rationals do."""
    lines = ["nodes:", "  n0: {label: N, formula: 'a / b', information: true}"]
    lines += [
        f"  n{k}: {{label: N, formula: 'n{k - 1} + a / (b + {k % 7}) + a / b', information: true}}"
        for k in range(1, 100)
    ]
    scored = make.points("\n".join(lines) + "\n", [{"a": "1", "b": "8"}, {"a": "3", "b": "40"}])
    sums = [100 * Fraction(a, b) + sum(Fraction(a, b + k % 7) for k in range(1, 100)) for a, b in ((1, 8), (3, 40))]

    assert same(decide.rounded(scored, "n99", "points", 3), [by_hand(x, 3, "half_up") for x in sums])


# ---- frameworks ------------------------------------------------------------------------------------------

APPLIES = st.sampled_from(("", "", "", "applies: yes(d)", "applies: a + b >= 0.3", "applies: n > 0"))
MISSING = st.sampled_from(("", "", "missing: zero", "missing: leave_out"))
CRITERIA = st.sampled_from(
    (
        "max_points * capped(ratio(a, b), 1)",
        "max_points * capped(max(a, 0), 1)",
        "steps(n, {1: 0.1, 2: 0.2, 3: 0.3})",
        "capped(max(round_half_up(a / 3, 2), 0), max_points)",
        "choice(e, {'Có': 1, 'Một phần': 1/2, 'Không': 0}) * max_points",
        "max_points * ratio(max(a, 0), best(max(a, 0)))",
        "max_points * ratio(worst(b), b)",
        "0.1 if c >= 0.3 else 0.2",
        "capped(mean(a, b, c), max_points)",
        "count_points(n, 0.1, max_points)",
    )
)


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """A framework of two groups with one to three criteria each, a total, and a node that rests on others."""
    lines, maxima = ["nodes:"], {}
    for group in ("G1", "G2"):
        names = [f"{group}_{place}" for place in range(1, draw(st.integers(1, 3)) + 1)]
        for name in names:
            maxima[name] = Fraction(draw(st.sampled_from(("0.3", "5", "6", "17.5"))))
            extra = "".join(f", {part}" for part in (draw(APPLIES), draw(MISSING)) if part)
            top = float(maxima[name])
            lines.append(f'  {name}: {{label: L, max_points: {top}, formula: "{draw(CRITERIA)}"{extra}}}')
        top = float(sum(maxima[name] for name in names))
        extra = draw(st.sampled_from(("", ", rescale: true", ", missing: zero", ", missing: leave_out")))
        extra += draw(st.sampled_from(("", "", ', applies: "c != 0.1"')))
        lines.append(f"  {group}: {{label: L, max_points: {top}, children: [{', '.join(names)}]{extra}}}")
    top = float(sum(maxima.values()))
    extra = draw(st.sampled_from(("", ", rescale: true", ", missing: zero")))
    lines.append(f"  total: {{label: L, max_points: {top}, children: [G1, G2]{extra}}}")
    lines.append('  rest: {label: L, formula: "0.4 * if_blank(G1, 0) + 0.6 * G2 - G1_1 / 3", information: true}')
    lines.append("best_within: unit_kind")
    mode, level_on, rank_on = draw(
        st.tuples(*map(st.sampled_from, (("half_up", "half_even", "down"), ("rounded", "exact"), ("rounded", "exact"))))
    )
    lines.append(f"rounding: {{shown: 1, share: 2, mode: {mode}, level_on: {level_on}, rank_on: {rank_on}}}")
    lines.append("levels:")
    lines.append("  - {id: muc, order: [I, II], conditions: {I: {total: 90%, G1: 80%}, II: {total: 50%}}}")
    lines.append("  - {id: loai, of: [total], on: share, bands: {Tốt: 0.85, Khá: 0.5}}")
    lines.append("rankings:")
    lines.append("  - {id: hang, by: total, within: unit_kind}")
    return "\n".join(lines) + "\n"


def by_hand(value: Fraction, places: int, mode: str) -> int:
    """A value in units of its last decimal place, rounded as the mode says, in plain rational arithmetic."""
    scaled = abs(value) * 10**places
    whole = floor(scaled)
    rest = scaled - whole
    up = {"half_up": rest >= Fraction(1, 2), "half_even": rest > Fraction(1, 2), "down": False}[mode]
    if mode == "half_even" and rest == Fraction(1, 2):
        up = whole % 2 == 1
    return (whole + up) * (-1 if value < 0 else 1)


def same(column: Any, expected: list[int | None]) -> bool:
    """Whether a column of floats is blank and whole as expected."""
    return [None if each != each else int(each) for each in column] == expected


@settings(max_examples=120)
@given(bodies(), units(PLAIN), st.sampled_from(("points", "share")))
def test_rounding_equals_rationals(body: str, rows: list[Row], on: str) -> None:
    """For every unit, node and number of decimals the rounded value is the rounding of the exact one."""
    scored = make.points(body, rows)
    mode = scored.framework.rounding.mode

    for node in scored.framework.nodes:
        if on == "share" and node == "rest":
            continue
        values = [decide.exact_of(scored, node, on)(row) for row in range(len(rows))]
        make.exact_and_float(scored, node)
        for places in range(5):
            expected = [None if value is None else by_hand(value, places, mode) for value in values]
            assert same(decide.rounded(scored, node, on, places), expected)


@settings(max_examples=120)
@given(bodies(), units(PLAIN), st.sampled_from(("points", "share")), st.data())
def test_thresholds_and_order_equal_rationals(body: str, rows: list[Row], on: str, data: st.DataObject) -> None:
    """Whether a threshold is reached, and which unit stands before which, is what the exact values say."""
    scored = make.points(body, rows)
    mode = scored.framework.rounding.mode
    node = data.draw(st.sampled_from(("total", "G1", "G2", "G1_1")))
    values = [decide.exact_of(scored, node, on)(row) for row in range(len(rows))]
    known = [value for value in values if value is not None]
    least = data.draw(st.sampled_from([*known, *(Fraction(each, 20) for each in range(0, 60, 7))]))
    part = data.draw(st.sampled_from((Fraction(1, 2), Fraction(9, 10), Fraction(1))))
    maxima = [scored.exactly.maximum(node, row) or Fraction(0) for row in range(len(rows))]

    for places in (None, 0, 1, 2, 3, 4):
        seen = [v if v is None or places is None else Fraction(by_hand(v, places, mode), 10**places) for v in values]
        reached = [value is not None and value >= least for value in seen]
        assert decide.reached(scored, node, least, on, places).tolist() == reached
        if on == "points":
            shares = [v is not None and v >= part * top for v, top in zip(seen, maxima, strict=True)]
            assert decide.reached(scored, node, Share(part), on, places).tolist() == shares
        order = decide.order(scored, node, on, places)
        assert [np.isnan(each) for each in order] == [value is None for value in seen]
        for x, place in zip(seen, order, strict=True):
            for y, other in zip(seen, order, strict=True):
                if x is not None and y is not None:
                    assert (x < y, x == y) == (place < other, place == other)


@given(bodies(), units(PLAIN))
def test_points_lie_between_nothing_and_the_maximum(body: str, rows: list[Row]) -> None:
    """The points of a criterion that is capped lie between 0 and its maximum, and so do those of a sum."""
    scored = make.points(body, rows)

    for node_id, node in scored.framework.nodes.items():
        for row in range(len(rows)):
            value, top = scored.exactly.points(node_id, row), scored.exactly.maximum(node_id, row)
            if node.max_points is not None:
                assert top is not None
                assert 0 <= top <= node.max_points
                assert value is None or 0 <= value <= top


@given(bodies(), units(PLAIN), st.randoms(use_true_random=False))
def test_order_of_units_changes_nothing(body: str, rows: list[Row], random: Any) -> None:
    """Points, levels and ranks of a unit are the same wherever it stands in the list."""
    places = list(range(len(rows)))
    random.shuffle(places)

    first, second = make.points(body, rows), make.points(body, [rows[place] for place in places])

    for node_id in first.framework.nodes:
        before = make.exact_and_float(first, node_id)
        assert make.exact_and_float(second, node_id) == [before[place] for place in places]
    assert _outcomes(second) == [_outcomes(first)[place] for place in places]


def _outcomes(scored: Points) -> list[tuple[Any, ...]]:
    level, ranked = levels.levels(scored), rank.ranks(scored)
    return [
        (
            *level.loc[level["unit_id"] == unit_id, ["scheme", "level", "blocking"]].to_numpy().ravel(),
            *ranked.loc[ranked["unit_id"] == unit_id, ["ranking", "rank", "group"]].to_numpy().ravel(),
        )
        for unit_id in scored.answers.unit_ids
    ]
