"""Printed results stand beside computed ones and agree within their tolerance, to the last digit."""

import make
import pytest

from minhbach import compare, rank

BODY = """
nodes:
  x: {label: X, max_points: 8, formula: a}
rankings: [{id: h, by: x, decimals: 2}]
comparisons:
  - {id: so, field: b, against: x, on: ON, TOLERANCE}
rounding: {shown: 2, mode: half_up}
"""


def compared(on: str, settings: str, rows: list[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Computed, printed, difference and agreement for units with the value a and the printed b."""
    body = BODY.replace("against: x", "against: h" if on == "rank" else "against: x").replace("ON", on)
    scored = make.points(body.replace("TOLERANCE", settings), [{"a": a, "b": b} for a, b in rows])
    table = compare.comparisons(scored, rank.ranks(scored))
    return list(table[["computed", "printed", "difference", "agrees"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("0.8002", "0.8002", ("0.8002", "0.8002", "0", "yes")),
        ("0.8003", "0.8002", ("0.8003", "0.8002", "0.0001", "yes")),
        ("0.8001", "0.8002", ("0.8001", "0.8002", "-0.0001", "yes")),
        ("0.80030000000000000001", "0.8002", ("0.80030000000000000001", "0.8002", "0.00010000000000000001", "no")),
        ("0.8004", "0.8002", ("0.8004", "0.8002", "0.0002", "no")),
        ("", "0.8002", ("", "0.8002", "", "")),
        ("0.8002", "", ("0.8002", "", "", "")),
    ],
)
def test_tolerance(a: str, b: str, expected: tuple[str, ...]) -> None:
    """A difference exactly on the tolerance agrees, the slightest more does not, a blank is not judged."""
    assert compared("points", "tolerance: 0.0001", [(a, b)]) == [expected]


def test_computed_values_are_rounded_where_asked() -> None:
    """With two decimals 2.675 is compared as 2.68; without a tolerance only equality agrees."""
    assert compared("points", "decimals: 2", [("2.675", "2.68"), ("2.675", "2.67")]) == [
        ("2.68", "2.68", "0", "yes"),
        ("2.68", "2.67", "0.01", "no"),
    ]
    assert compared("points", "tolerance: 0", [("2.675", "2.68")])[0][3] == "no"


def test_shares() -> None:
    """7 of 8 points are a share of 0.875, rounded to 0.88."""
    assert compared("share", "decimals: 2", [("7", "0.88")]) == [("0.88", "0.88", "0", "yes")]


def test_ranks() -> None:
    """A printed rank is compared with the computed one; a unit without a rank is not judged."""
    assert compared("rank", "tolerance: 0", [("5", "2"), ("7", "1"), ("", "3"), ("5", "3")]) == [
        ("2", "2", "0", "yes"),
        ("1", "1", "0", "yes"),
        ("", "3", "", ""),
        ("2", "3", "-1", "no"),
    ]
