"""Rounding, thresholds and order look at exact values, never at what is left of them in floats."""

from fractions import Fraction

import make
import pytest

from minhbach import decide
from minhbach.errors import MinhbachError
from minhbach.parts import Share
from minhbach.score import Points

# 0.5·5 + 0.8·10 + 0.85·18 + 0.9·27 = 2.5 + 8 + 15.3 + 24.3, Decision 2392, Article 6, communes, level II.
TRAP = """
nodes:
  x: {label: X, max_points: 60, formula: "a * 5 + b * 10 + c * 18 + 0.9 * 27"}
rounding: {shown: 2, mode: %s}
"""
ON_THE_EDGE = [{"a": "0.5", "b": "0.8", "c": "0.85"}, {"a": "0.4999999999999999999", "b": "0.8", "c": "0.85"}]


def plain(values: list[str], mode: str = "half_up") -> Points:
    """Units whose points of node x are these values."""
    body = f"nodes:\n  x: {{label: X, max_points: 10, formula: a}}\nrounding: {{mode: {mode}}}\n"
    return make.points(body + "rankings: [{id: h, by: x}]\n", [{"a": value} for value in values])


def test_the_threshold_of_level_two_is_reached() -> None:
    """The minima of the groups add up to 50.1 exactly and reach 50.1, although their floats stop below."""
    scored = make.points(TRAP % "half_up", ON_THE_EDGE)

    assert 0.5 * 5 + 0.8 * 10 + 0.85 * 18 + 0.9 * 27 == 50.099999999999994
    assert scored.exactly.points("x", 0) == Fraction(501, 10)
    assert decide.reached(scored, "x", Fraction(501, 10), "points", None).tolist() == [True, False]
    assert decide.reached(scored, "x", Fraction(501, 10), "points", 2).tolist() == [True, True]
    assert decide.reached(scored, "x", Share(Fraction(501, 600)), "points", None).tolist() == [True, False]
    assert decide.reached(scored, "x", Fraction(501, 600), "share", None).tolist() == [True, False]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("half_up", [268, 101, 1, -268, -1, 0, 0, 100]),
        ("half_even", [268, 100, 0, -268, 0, 0, 0, 100]),
        ("down", [267, 100, 0, -267, 0, 0, 0, 99]),
    ],
)
def test_rounding_modes(mode: str, expected: list[int]) -> None:
    """2.675 and its kind are rounded as written: halves away from zero, to the even neighbour, or cut off."""
    scored = plain(["2.675", "1.005", "0.005", "-2.675", "-0.005", "-0.004", "0.00499999999999999999", "0.999"], mode)

    units = decide.rounded(scored, "x", "points", 2)

    assert units.tolist() == expected
    assert [str(each) for each in units if each == 0] == ["0.0"] * expected.count(0)


def test_rounding_sees_beyond_float_precision() -> None:
    """A value that is a hair below a half is rounded down although its float is the half."""
    scored = plain(["0.12499999999999999999999", "0.125", "0.12500000000000000000001"], "half_even")

    assert decide.rounded(scored, "x", "points", 2).tolist() == [12, 12, 13]


def test_thirds_are_rounded_exactly() -> None:
    """Shares of thirds and sixths are rounded by their exact value at every number of decimals."""
    scored = make.points(
        "nodes:\n  x: {label: X, max_points: 6, formula: a / b}\n", [{"a": "1", "b": "3"}, {"a": "2", "b": "3"}]
    )

    assert decide.rounded(scored, "x", "points", 4).tolist() == [3333, 6667]
    assert decide.rounded(scored, "x", "share", 4).tolist() == [556, 1111]


def test_blanks_round_to_blank_and_reach_nothing() -> None:
    """A blank stays blank when rounded, reaches no threshold, not even 0, and has no place."""
    scored = plain(["", "0"])

    assert str(decide.rounded(scored, "x", "points", 2).tolist()) == "[nan, 0.0]"
    assert decide.reached(scored, "x", Fraction(0), "points", 2).tolist() == [False, True]
    assert decide.reached(scored, "x", Fraction(0), "points", None).tolist() == [False, True]
    assert str(decide.order(scored, "x", "points", None).tolist()) == "[nan, 0.0]"


def test_a_threshold_finer_than_the_rounding() -> None:
    """A value rounded to 84.25 does not reach 84.255; one rounded to 84.26 does."""
    scored = plain(["84.254", "84.255", "84.2549"])

    assert decide.reached(scored, "x", Fraction(84255, 1000), "points", 2).tolist() == [False, True, False]


def test_a_share_of_what_applies() -> None:
    """90% of the maximum is 90% of the unit's own maximum where parts are left out."""
    body = """
    nodes:
      g: {label: G, max_points: 30, children: [x, y]}
      x: {label: X, max_points: 10, formula: a}
      y: {label: Y, max_points: 20, formula: b, missing: leave_out}
    """
    scored = make.points(body, [{"a": "9"}, {"a": "8.9"}, {"a": "9", "b": "18"}, {"a": "9", "b": "17.9"}])

    for places in (None, 2):
        reached = decide.reached(scored, "g", Share(Fraction(9, 10)), "points", places)
        assert reached.tolist() == [True, False, True, False]


def test_exact_order() -> None:
    """Values that are one float are still ordered, and equal values in different writing are equal."""
    scored = plain(["0.30000000000000000001", "0.3", "0.30", "0.29999999999999999999", "7"])

    assert decide.order(scored, "x", "points", None).tolist() == [2, 1, 1, 0, 3]
    assert decide.order(scored, "x", "points", 2).tolist() == [30, 30, 30, 30, 700]


def test_too_large_to_round() -> None:
    """A value with more digits than can be rounded is an error that names the node and says what to do."""
    with pytest.raises(MinhbachError, match=r"x reaches 1e\+17; with 2 decimals .* Use fewer"):
        decide.rounded(plain(["100000000000000000"]), "x", "points", 2)
