"""What formulas mean: every operator and function, with blanks, the same over columns and in rationals."""

from fractions import Fraction

import make
import pytest

from minhbach import formula, formula_bounds
from minhbach.formula_parse import parse

HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ("a + b", {"a": "0.1", "b": "0.2"}, Fraction(3, 10)),
        ("a - b", {"a": "0.3", "b": "0.1"}, Fraction(1, 5)),
        ("a * b", {"a": "0.5", "b": "3"}, Fraction(3, 2)),
        ("a / b", {"a": "1", "b": "3"}, Fraction(1, 3)),
        ("a ** 2", {"a": "-1.5"}, Fraction(9, 4)),
        ("a ** -2", {"a": "2"}, Fraction(1, 4)),
        ("a ** 0", {"a": "0"}, Fraction(1)),
        ("-a", {"a": "2.5"}, Fraction(-5, 2)),
        ("-a ** 2", {"a": "3"}, Fraction(-9)),
        ("a - b - c", {"a": "9", "b": "3", "c": "2"}, Fraction(4)),
        ("a / b / c", {"a": "8", "b": "2", "c": "2"}, Fraction(2)),
        ("2 + 3 * a", {"a": "4"}, Fraction(14)),
        ("a < b", {"a": "0.1", "b": "0.2"}, Fraction(1)),
        ("a <= b", {"a": "0.2", "b": "0.2"}, Fraction(1)),
        ("a > b", {"a": "0.2", "b": "0.2"}, Fraction(0)),
        ("a >= b", {"a": "0.2", "b": "0.2"}, Fraction(1)),
        ("a + b == c", {"a": "0.1", "b": "0.2", "c": "0.3"}, Fraction(1)),
        ("a + b != c", {"a": "0.1", "b": "0.2", "c": "0.3"}, Fraction(0)),
        ("a > 1 and b > 1", {"a": "2", "b": "1"}, Fraction(0)),
        ("a > 1 or b > 1", {"a": "2", "b": "1"}, Fraction(1)),
        ("not a", {"a": "0"}, Fraction(1)),
        ("not a", {"a": "0.1"}, Fraction(0)),
        ("a if b > 0 else c", {"a": "1", "b": "1", "c": "2"}, Fraction(1)),
        ("a if b > 0 else c", {"a": "1", "b": "0", "c": "2"}, Fraction(2)),
        ("e == 'Có'", {"e": "Có"}, Fraction(1)),
        ("e != 'Có'", {"e": "Không"}, Fraction(1)),
        ("'Có' == e", {"e": "Một phần"}, Fraction(0)),
    ],
)
def test_operators(text: str, answers: dict[str, str], expected: Fraction) -> None:
    """Every operator does what it does in arithmetic, exactly."""
    assert make.value(text, **answers) == expected


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ("ratio(a, b)", {"a": "18", "b": "20"}, Fraction(9, 10)),
        ("ratio(a, b)", {"a": "0", "b": "20"}, Fraction(0)),
        ("capped(a, 1)", {"a": "1.25"}, Fraction(1)),
        ("capped(a, 1)", {"a": "-3"}, Fraction(-3)),
        ("steps(n, {1: 5, 2: 10, 3: 15, 4: 20})", {"n": "3"}, Fraction(15)),
        ("steps(n, {1: 5, 2: 10, 3: 15, 4: 20})", {"n": "9"}, Fraction(20)),
        ("steps(n, {1: 5, 2: 10, 3: 15, 4: 20})", {"n": "0"}, Fraction(0)),
        ("steps(a, {0.7: 1, 0.3: 0.5})", {"a": "0.3"}, HALF),
        ("steps(a - b, {0.1: 1})", {"a": "0.3", "b": "0.2"}, Fraction(1)),
        ("steps(a, {-1: 2, 1/3: 3})", {"a": "1/3"}, Fraction(3)),
        ("choice(e, {'Có': 1, 'Một phần': 1/2, 'Không': 0})", {"e": "Một phần"}, HALF),
        ("choice(e, {'Có': 1, 'Một phần': 1/2, 'Không': -1})", {"e": "Không"}, Fraction(-1)),
        ("35 * yes(d)", {"d": "yes"}, Fraction(35)),
        ("35 * yes(d)", {"d": "no"}, Fraction(0)),
        ("count_points(n, 1, 5)", {"n": "4"}, Fraction(4)),
        ("count_points(n, 1, 5)", {"n": "7"}, Fraction(5)),
        ("sum(a, b, c)", {"a": "0.1", "b": "0.2", "c": "0.3"}, Fraction(3, 5)),
        ("mean(a, b)", {"a": "0.1", "b": "0.2"}, Fraction(3, 20)),
        ("weighted_mean(a, 3, b, 1)", {"a": "1", "b": "2"}, Fraction(5, 4)),
        ("min(a, b, c)", {"a": "3", "b": "-1", "c": "2"}, Fraction(-1)),
        ("max(a, b, c)", {"a": "3", "b": "-1", "c": "2"}, Fraction(3)),
        ("if_blank(a, b)", {"a": "1", "b": "2"}, Fraction(1)),
        ("blank(a)", {"a": "0"}, Fraction(0)),
        ("blank(e)", {"e": "Có"}, Fraction(0)),
        ("round_half_up(a, 2)", {"a": "2.675"}, Fraction(268, 100)),
        ("round_half_up(a, 2)", {"a": "-2.675"}, Fraction(-268, 100)),
        ("round_half_up(a / b, 0)", {"a": "1", "b": "2"}, Fraction(1)),
        ("round_half_up(a, 12)", {"a": "0.1"}, Fraction(1, 10)),
    ],
)
def test_functions(text: str, answers: dict[str, str], expected: Fraction) -> None:
    """Every exact function gives what its name says, exactly."""
    assert make.value(text, **answers) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("a + b", "b + a", "a - b", "a * b", "a / b", "b / a", "-a", "not a", "a ** 2", "a ** 0"),
        *("a < b", "a == b", "b != a", "a and 0", "0 and a", "1 or a", "1 if a else 2", "b if 1 > 0 else a * b"),
        *("ratio(a, b)", "ratio(b, a)", "capped(a, 1)", "capped(1, a)", "steps(a, {1: 5})", "yes(d)"),
        *("choice(e, {'Có': 1, 'Một phần': 1/2, 'Không': 0})", "e == 'Có'", "count_points(n, 1, 5)"),
        *("count_points(1, a, 5)", "count_points(1, 1, a)", "round_half_up(a, 1)"),
        *("sum(a, c)", "mean(a, c)", "min(a, c)", "max(a, c)", "weighted_mean(a, 1, c, 1)", "weighted_mean(1, a)"),
        *("best(a)", "worst(a)", "if_blank(a, c)", "sum(a) + 1", "0 < a < 2"),
    ],
)
def test_blank_stays_blank(text: str) -> None:
    """An operator or function with a blank argument is blank, and so is a sum of nothing but blanks."""
    b = "" if text == "b if 1 > 0 else a * b" else "2"

    assert make.value(text, b=b) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sum(a, b, c)", Fraction(5)),
        ("mean(a, b, c)", Fraction(5, 2)),
        ("weighted_mean(a, 10, b, 3, c, 1)", Fraction(9, 4)),
        ("weighted_mean(b, 3, c, a, c, 1)", Fraction(9, 4)),
        ("min(a, b, c)", Fraction(2)),
        ("max(a, b, c)", Fraction(3)),
        ("if_blank(a, b)", Fraction(2)),
        ("blank(a)", Fraction(1)),
        ("blank(e)", Fraction(1)),
        ("blank(t)", Fraction(1)),
        ("blank(a + b)", Fraction(1)),
        ("b if 1 > 0 else a", Fraction(2)),
        ("if_blank(sum(a), 0)", Fraction(0)),
    ],
)
def test_blanks_are_left_out_where_the_framework_says_so(text: str, expected: Fraction) -> None:
    """Sums, means, extremes and the questions about blanks look past a blank a beside b = 2 and c = 3."""
    assert make.value(text, b="2", c="3") == expected


@pytest.mark.parametrize(
    "text",
    [
        "ratio(a, b)",
        "a / b",
        "a / (c - c)",
        "b ** -1",
        "weighted_mean(a, b)",
        "a / (0.1 + 0.2 - 0.3)",
        "weighted_mean(1, 0.1, 1, 0.2, 1, -0.3)",
    ],
)
def test_division_by_nothing_is_blank(text: str) -> None:
    """A percentage of nothing is blank, also where floats would see a tiny remainder."""
    assert make.value(text, a="5", b="0", c="7") is None


def test_a_ratio_is_blank_by_row() -> None:
    """Only the units whose denominator is blank or 0 have a blank ratio."""
    rows = [{"a": "1", "b": "4"}, {"a": "1", "b": "0"}, {"a": "1"}, {"b": "4"}, {"a": "0", "b": "-4"}]

    assert make.values("ratio(a, b)", rows) == [Fraction(1, 4), None, None, None, Fraction(0)]


@pytest.mark.parametrize(
    ("a", "expected"), [("0", 0), ("0.1", 1), ("0.2", 1), ("0.3", 0), ("0.30000000000000000000001", 0)]
)
def test_chained_comparison(a: str, expected: int) -> None:
    """0 < a <= 0.2 holds where both comparisons hold, at the borders exactly."""
    assert make.value("0 < a <= 0.2", a=a) == expected


@pytest.mark.parametrize(("a", "expected"), [("0.3", 1), ("0.29999999999999999999", 0), ("0.30000000000000000001", 1)])
def test_comparison_beyond_float_precision(a: str, expected: int) -> None:
    """Decimals that are one float are still told apart by a comparison and by a step."""
    assert make.value("a >= 0.1 + 0.2", a=a) == expected
    assert make.value("steps(a, {0.3: 1})", a=a) == expected


@pytest.mark.parametrize("b", ["1234567890123456.7", "98765432109876.3", "-1234567890123456789.1", "0.7"])
def test_what_large_numbers_leave_is_exact(b: str) -> None:
    """Adding a large number and taking it away again leaves the small one exactly, in every kind of decision."""
    assert make.value("a + b - b == a", a="0.3", b=b) == 1
    assert make.value("a + b - b >= 0.3", a="0.3", b=b) == 1
    assert make.value("a + b - b > 0.3", a="0.3", b=b) == 0
    assert make.value("steps(a + b - b, {0.3: 7})", a="0.3", b=b) == 7
    assert make.value("round_half_up(a + b - b, 1)", a="0.25", b=b) == Fraction(3, 10)


def test_best_and_worst_of_the_group() -> None:
    """best and worst look at the unit's own ranking group and leave blanks out."""
    rows = [{"a": "2"}, {"a": "8"}, {}, {"a": "0.5"}, {"a": "4"}]
    groups = ("xa", "xa", "xa", "huyen", "huyen")

    assert make.values("best(a)", rows, groups) == [8, 8, 8, 4, 4]
    assert make.values("worst(a)", rows, groups) == [2, 2, 2, HALF, HALF]
    assert make.values("40 * ratio(a, best(a))", rows, groups) == [10, 40, None, 5, 40]


def test_best_of_a_doubtful_formula_is_exact() -> None:
    """A step in doubt inside best is decided exactly for the whole group: 0.1 + 0.2 reaches 0.3."""
    rows = [{"a": "0.1", "b": "0.2"}, {"a": "0", "b": "0"}]

    assert make.values("best(steps(a + b, {0.3: 7}))", rows) == [7, 7]


def test_logarithm_root_and_geometric_mean_are_floats() -> None:
    """log is natural, geometric_mean leaves blanks out, a fractional power is a root; outside their range is blank."""
    rows = [{"a": "1", "b": "4", "c": "9"}, {"a": "0", "b": "4"}, {"a": "-1", "b": "0", "c": "2"}, {}]

    assert make.values("log(a)", rows) == [0, None, None, None]
    assert make.values("a ** 0.5", rows) == [1, 0, None, None]
    geometric = make.values("geometric_mean(b, c)", rows)
    assert [None if each is None else round(float(each), 12) for each in geometric] == [6, 4, 0, None]
    assert make.values("geometric_mean(a, b)", rows)[2] is None


def test_numbers_beyond_floats_are_still_decided() -> None:
    """Where powers leave the range of floats, upwards or downwards, a comparison is decided with rationals."""
    large, small = "9" * 30, "0." + "0" * 29 + "1"

    assert make.value("(a ** 16) ** 2 - (a ** 16) ** 2 + b", a=large, b="3") == 3
    assert make.value("capped((a ** 16) ** 2, 7)", a=large) == 7
    assert make.value("(a ** 16) ** 2 == 0", a=small) == 0
    assert make.value("capped(1 / (a ** 16) ** 2, 5)", a=small) == 5
    assert make.value("blank((a ** 16) ** 2 - (a ** 16) ** 2)", a=large) == 0


def test_names_and_parts_of_a_tree() -> None:
    """A formula tells the names it refers to, once each, wherever they stand."""
    tree = parse("max_points * capped(ratio(a, b), 1) + (a if c > 0 else steps(n, {1: 2}))")

    assert formula.names(tree) == {"max_points", "a", "b", "c", "n"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("log(a)", True), ("geometric_mean(a)", True), ("a ** 0.5", True), ("a ** -2", False), ("mean(a, b)", False)],
)
def test_inexact_formulas(text: str, expected: bool) -> None:
    """A logarithm, a root or a geometric mean makes a formula inexact, nothing else does."""
    assert formula.is_inexact(parse(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", 1),
        ("a * b", 2),
        ("a + b", 2),
        ("a ** 3", 3),
        ("a ** -3", 3),
        ("ratio(a * b, c)", 3),
        ("capped(a * b, c)", 2),
        ("weighted_mean(a, b, c, 2)", 8),
        ("a * b if c else a", 2),
    ],
)
def test_degree(text: str, expected: int) -> None:
    """The degree bounds how many numbers' digits a result can have: products and sums add up, choices do not."""
    assert formula_bounds.degree(parse(text)) == expected
