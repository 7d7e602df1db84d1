"""How firm a result is: draws of weights, other readings, thresholds and single answers, against arithmetic."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import make
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from minhbach import (
    levels,
    rank,
    robustness,
    robustness_answers,
    robustness_readings,
    robustness_thresholds,
    robustness_weights,
)
from minhbach.assessment import Robustness
from minhbach.findings import COLUMNS
from minhbach.numbers import round_exact
from minhbach.robustness_cases import Case, compared, levels_of, outcomes, scored
from minhbach.robustness_drawn import Drawn
from minhbach.robustness_parts import weighted
from minhbach.robustness_rows import Row
from minhbach.robustness_weights import Draws, drawn_ranks, factors, intervals, printed_ranks, ranks_of
from minhbach.score import Points

TWO_PARTS = """
nodes:
  total: {label: T, max_points: 20, children: [x, y]}
  x: {label: X, max_points: 10, formula: a}
  y: {label: Y, max_points: 10, formula: b}
rankings:
  - {id: hang, by: total, ties: min}
"""
# Groups with their own criteria, a group that is scaled up where a criterion does not apply, ranked by share or points.
GROUPS = """
nodes:
  total: {label: T, max_points: 60, children: [g, h]}
  g: {label: G, max_points: 40, children: [g1, g2]}
  g1: {label: G1, max_points: 30, formula: a}
  g2: {label: G2, max_points: 10, formula: b}
  h: {label: H, max_points: 20, children: [h1, h2], RESCALE}
  h1: {label: H1, max_points: 15, formula: c}
  h2: {label: H2, max_points: 5, formula: n, applies: "yes(d)"}
rankings:
  - {id: hang, by: total, on: ON, ties: min}
rounding: {shown: 1, share: 2, rank_on: RANK_ON}
"""
# A criterion compares with the best unit, so that one unit's answer moves the points of the others.
BEST = """
nodes:
  total: {label: T, max_points: 20, children: [x, y]}
  x: {label: X, max_points: 10, formula: "max_points * ratio(n, best(n))"}
  y: {label: Y, max_points: 10, children: [y1, y2]}
  y1: {label: Y1, max_points: 6, formula: "max_points * yes(d)"}
  y2: {label: Y2, max_points: 4, formula: 'choice(e, {"Có": 4, "Một phần": 2, "Không": 0})'}
levels:
  - id: muc
    order: [I, II]
    conditions:
      I: {total: 15, y: 6}
      II: {total: 9, x: 20%}
rankings:
  - {id: hang, by: total, ties: min}
"""
FIELDS = """
fields:
  a: {label: A, type: number}
  b: {label: B, type: number}
  c: {label: C, type: number}
  n: {label: N, type: count, min: 2, max: 40}
  d: {label: D, type: yes_no}
  e: {label: E, type: choice, options: [Có, Một phần, Không]}
  t: {label: T, type: text}
"""
UNCONFIRMED = pd.DataFrame(columns=["unit_id", "round", "state"], dtype=str)
TENTHS = st.integers(0, 100).map(lambda tenths: f"{tenths // 10}.{tenths % 10}")


def two(*rows: tuple[str, str]) -> Points:
    """Units with these points of the two parts x and y."""
    return make.points(TWO_PARTS, [{"a": a, "b": b} for a, b in rows])


def grouped(on: str, rank_on: str, rescale: bool, rows: make.Rows) -> Points:
    """Units scored by the groups g and h."""
    body = GROUPS.replace("RANK_ON", rank_on).replace("ON", on, 1)
    return make.points(body.replace("RESCALE", f"rescale: {str(rescale).lower()}"), rows)


def best(rows: make.Rows) -> Points:
    """Units scored by what compares with the best."""
    return Points(make.answers(make.framework(BEST, FIELDS), rows))


def findings(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Findings of these ids, rules, units and fields: open warnings."""
    blank = dict.fromkeys(COLUMNS, "")
    known = [{"finding_id": key, "rule": rule, "unit_id": unit, "field_id": field} for key, rule, unit, field in rows]
    return pd.DataFrame([blank | {"severity": "warning"} | each for each in known], columns=COLUMNS, dtype=str)


ROWS = st.lists(
    st.fixed_dictionaries({"a": TENTHS, "b": TENTHS, "c": TENTHS, "n": st.sampled_from("012345"),
                           "d": st.sampled_from(("yes", "no"))}),
    min_size=1, max_size=6,
)  # fmt: skip


# ---- draws of weights ------------------------------------------------------------------------------------


def test_the_factors_of_a_seed_are_these_numbers() -> None:
    """The same seed gives the same factors everywhere: those written here, whole thousandths within the spread."""
    made = factors(Draws(2, 1, Fraction(1, 5)), 3)

    assert made.tolist() == [[883, 837, 993], [886, 975, 952]]
    assert factors(Draws(500, 7, Fraction(1, 4)), 4).min() >= 750
    assert factors(Draws(500, 7, Fraction(1, 4)), 4).max() <= 1250


def test_factors_reach_both_ends_alike() -> None:
    """Every thousandth within the spread is drawn about as often as any other."""
    made = factors(Draws(20_000, 3, Fraction(1, 500)), 1).ravel()

    counts = [int((made == factor).sum()) for factor in range(998, 1003)]
    assert sum(counts) == 20_000
    assert all(3_800 <= count <= 4_200 for count in counts)


def test_parts_with_weights_are_the_lowest_layer_of_at_most_twelve() -> None:
    """Groups are divided into criteria as long as no more than twelve parts result; a formula is never divided."""
    few = grouped("points", "exact", False, [{}]).framework
    criteria = "".join(f"  c{place}: {{label: C, max_points: 1, formula: a}}\n" for place in range(13))
    names = ", ".join(f"c{place}" for place in range(12))
    parts = f"  p: {{label: P, max_points: 12, children: [{names}]}}\n"
    many = make.framework(f"nodes:\n  total: {{label: T, max_points: 13, children: [p, c12]}}\n{parts}{criteria}")

    assert weighted(few, "total") == ("g1", "g2", "h1", "h2")
    assert weighted(many, "total") == ("p", "c12")
    assert weighted(many, "c12") == ("c12",)


def test_weights_of_two_draws_by_hand() -> None:
    """With 800 and 1200 thousandths u2 has 4·0.8 + 6.5·1.2 = 11 and passes u1 with 6·0.8 + 5·1.2 = 10.8."""
    points = two(("6", "5"), ("4", "6.5"))
    ranking = points.framework.rankings[0]
    drawn = Drawn(points, ranking, ("x", "y"), np.array([[1000, 1000], [800, 1200]]))

    assert ranks_of(points, ranking, drawn).tolist() == [[1, 2], [2, 1]]
    assert [drawn.points("total", row) for row in range(4)] == [11, Fraction(21, 2), Fraction(54, 5), 11]


def test_changed_weights_are_scaled_to_the_printed_total() -> None:
    """With 1200 and 900 thousandths of 10 and 10 points, 6 and 5 points count (7.2 + 4.5)·20 / (12 + 9)."""
    points = two(("6", "5"))
    drawn = Drawn(points, points.framework.rankings[0], ("x", "y"), np.array([[1200, 900]]))

    assert drawn.points("total", 0) == Fraction(117, 10) * 20 / 21
    assert drawn.values["total"].array[0] == pytest.approx(11.142857142857142)


def test_an_interval_leaves_out_a_twentieth_at_each_end() -> None:
    """Of 1,000 draws sorted by rank the interval ends at the 50th and the 950th, and includes the printed rank."""
    points = two(("6", "5"), ("4", "6.5"), ("5", "5.4"))
    ranking = points.framework.rankings[0]
    made = np.sort(drawn_ranks(points, ranking, Draws()), axis=0)
    printed = printed_ranks(points, ranking)

    found = intervals(points, ranking, printed, Draws())

    assert found["low"].tolist() == np.minimum(made[49], printed).tolist()
    assert found["high"].tolist() == np.maximum(made[949], printed).tolist()
    assert found["best"].tolist() == np.minimum(made[0], printed).tolist()
    assert found["worst"].tolist() == np.maximum(made[999], printed).tolist()


def reference(points: Points, made: np.ndarray, exact: bool) -> list[list[int]]:
    """Ranks by the groups g1 g2 h1 h2 in rationals alone, from the answers, unit by unit and draw by draw."""
    framework, found = points.framework, []
    rescale, share = framework.nodes["h"].rescale, framework.rankings[0].on == "share"
    places = 2 if share else 1
    for draw in made.tolist():
        values = []
        for row in range(len(points.answers.units)):
            a, b, c, n = (points.answers.exact(name, row) for name in ("a", "b", "c", "n"))
            has = points.answers.exact("d", row) == 1
            part, top = c * draw[2] + (n * draw[3] if has else 0), 15 * draw[2] + (5 * draw[3] if has else 0)
            full = 15 * draw[2] + 5 * draw[3]
            if rescale:
                part, top = part * full / top, full
            whole, most = a * draw[0] + b * draw[1] + part, 30 * draw[0] + 10 * draw[1] + top
            every = 30 * draw[0] + 10 * draw[1] + full
            value = whole / most if share else whole * 60 / every
            values.append(value if exact else round_exact(value, places))
        found.append([1 + sum(other > value for other in values) for value in values])
    return found


@settings(max_examples=60, deadline=None)
@given(
    ROWS, st.sampled_from(tuple(product(("points", "share"), ("rounded", "exact"), (False, True)))), st.integers(0, 99)
)
def test_drawn_ranks_equal_those_of_rationals(
    rows: list[dict[str, str]], setting: tuple[str, str, bool], seed: int
) -> None:
    """Ranks under drawn weights are those that rationals give: rounded or exact, by points or share, parts left out."""
    points = grouped(*setting, rows)
    chosen = Draws(6, seed, Fraction(3, 10))

    found = drawn_ranks(points, points.framework.rankings[0], chosen)

    assert found.tolist() == reference(points, factors(chosen, 4), setting[1] == "exact")


@settings(max_examples=40, deadline=None)
@given(ROWS, st.booleans(), st.integers(0, 99))
def test_without_spread_an_interval_is_the_rank(rows: list[dict[str, str]], rescale: bool, seed: int) -> None:
    """Weights that do not move leave every rank as it is printed."""
    points = grouped("points", "rounded", rescale, rows)
    table = rank.ranks(points)

    found = list(robustness_weights.rows(points, Draws(5, seed, Fraction(0))))

    printed = table.set_index("unit_id")["rank"]
    assert [(row.unit_id, row.best, row.low, row.high, row.worst) for row in found] == [
        (unit_id, *[printed[unit_id]] * 4) for unit_id in points.answers.unit_ids
    ]


@settings(max_examples=40, deadline=None)
@given(ROWS, st.integers(0, 99))
def test_an_interval_includes_the_printed_rank(rows: list[dict[str, str]], seed: int) -> None:
    """best, low, the printed rank, high and worst stand in this order."""
    points = grouped("share", "exact", False, rows)

    for row in robustness_weights.rows(points, Draws(30, seed, Fraction(1, 2))):
        ends = [int(each) for each in (row.best, row.low, row.now, row.high, row.worst)]
        assert ends == sorted(ends)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(TENTHS, TENTHS), min_size=2, max_size=8), st.integers(0, 99))
def test_a_unit_never_passes_one_that_is_as_good_everywhere(pairs: list[tuple[str, str]], seed: int) -> None:
    """A unit with no more points in any part never ranks before the other, whatever the weights."""
    points = two(*pairs)
    made = drawn_ranks(points, points.framework.rankings[0], Draws(50, seed, Fraction(9, 10)))

    for one, other in product(range(len(pairs)), repeat=2):
        if all(float(x) <= float(y) for x, y in zip(pairs[one], pairs[other], strict=True)):
            assert (made[:, one] >= made[:, other]).all()


def test_a_ranking_that_is_no_sum_has_no_weights() -> None:
    """Where the ranked value is a single formula there is nothing to draw, and no row says so."""
    body = "nodes:\n  total: {label: T, max_points: 10, formula: a}\nrankings:\n  - {id: hang, by: total}\n"

    assert list(robustness_weights.rows(make.points(body, [{"a": "1"}, {"a": "2"}]), Draws())) == []


# ---- other readings and thresholds -----------------------------------------------------------------------


def test_ranks_without_a_part_by_hand() -> None:
    """Without x, u2 with 6.5 of y passes u1 with 5; without y nothing changes, so no row says anything."""
    found = list(robustness_readings.rows(two(("6", "5"), ("4", "6.5"))))

    assert found == [
        Row("u1", "reading", "hang", "without.x", now="1", result="2"),
        Row("u2", "reading", "hang", "without.x", now="2", result="1"),
    ]


def test_the_other_rounding_by_hand() -> None:
    """Ranked by rounded values 10.001 and 10.004 share the first rank; exact, the second unit is alone on it."""
    found = list(robustness_readings.rows(two(("5", "5.001"), ("5", "5.004"))))

    assert Row("u1", "reading", "hang", "rank_on.exact", now="1", result="2") in found
    assert [row.unit_id for row in found if row.reading == "rank_on.exact"] == ["u1"]


def test_levels_by_totals_and_by_other_rounding_by_hand() -> None:
    """u1 has 15 points in all but y of 5 (level I by totals alone); u2 reaches 9 points only by rounding 8.996."""
    body = TWO_PARTS + "levels:\n  - {id: muc, order: [I, II], conditions: {I: {total: 15, y: 6}, II: {total: 9}}}\n"
    points = make.points(body, [{"a": "10", "b": "5"}, {"a": "8.996", "b": "0"}])

    found = [row for row in robustness_readings.rows(points) if row.outcome == "muc"]

    assert found == [
        Row("u2", "reading", "muc", "level_on.exact", now="II", result="none"),
        Row("u1", "reading", "muc", "by_totals", now="II", result="I"),
    ]


def test_distances_to_neighbouring_levels_by_hand() -> None:
    """u1 (level I) has 1 point of y to spare; u2 (level II) has 2 of the total, and lacks 4 of it for level I."""
    body = TWO_PARTS + "levels:\n  - {id: muc, order: [I, II], conditions: {I: {total: 15, y: 6}, II: {total: 9}}}\n"
    points = make.points(body, [{"a": "10", "b": "7"}, {"a": "6", "b": "5"}, {"a": "", "b": "5"}])

    assert list(robustness_thresholds.rows(points)) == [
        Row("u1", "threshold", "muc", "down", node_id="y", now="I", result="II", distance="1"),
        Row("u2", "threshold", "muc", "down", node_id="total", now="II", result="none", distance="2"),
        Row("u2", "threshold", "muc", "up", node_id="total", now="II", result="I", distance="4"),
    ]


# ---- single answers --------------------------------------------------------------------------------------

OFFERED = {"n": ("", "2", "3", "5", "8"), "d": ("", "yes", "no"), "e": ("", "Có", "Một phần", "Không")}
ANSWERS = st.fixed_dictionaries({name: st.sampled_from(texts) for name, texts in OFFERED.items()})
CHANGES = st.sampled_from([(name, text) for name, texts in OFFERED.items() for text in texts])


@settings(max_examples=60, deadline=None)
@given(st.lists(ANSWERS, min_size=1, max_size=5), st.lists(st.tuples(st.integers(0, 4), CHANGES), max_size=4))
def test_a_case_equals_scoring_everything_again(
    rows: list[dict[str, str]], chosen: list[tuple[int, tuple[str, str]]]
) -> None:
    """Cases scored together give what the whole edition gives with the one answer changed, `best` included."""
    points = best(rows)
    cases = [Case(place % len(rows), *change) for place, change in chosen]

    for case, made in zip(cases, outcomes(points, cases), strict=True):
        changed = [each | ({case.field_id: case.text} if row == case.row else {}) for row, each in enumerate(rows)]
        again, unit_id = best(changed), f"u{case.row + 1}"
        ranks, told = rank.ranks(again), levels.levels(again)
        assert made["hang"] == ranks.set_index("unit_id")["rank"][unit_id]
        assert made["muc"] == told.set_index("unit_id")["level"][unit_id]


@settings(max_examples=40, deadline=None)
@given(st.lists(ANSWERS, min_size=1, max_size=6))
def test_levels_of_all_rows_at_once_are_those_of_the_table(rows: list[dict[str, str]]) -> None:
    """The levels that trials compare with are those of levels.csv."""
    points = best(rows)

    assert levels_of(points)["muc"].tolist() == levels.levels(points)["level"].tolist()


def test_fields_that_count_and_fields_that_are_compared() -> None:
    """Ranks and levels rest on n, d and e; only n is compared with the best."""
    framework = make.framework(BEST, FIELDS)

    assert scored(framework) == {"n", "d", "e"}
    assert compared(framework) == {"n"}


FIRM = [{"n": "10", "d": "yes", "e": "Có"}, {"n": "8", "d": "yes", "e": "Không"}, {"n": "6", "d": "no", "e": "Có"}]


def test_a_warning_about_missing_evidence_by_hand() -> None:
    """Without yes, u2 falls from 8 + 6 = 14 to 8 points: behind u3 with 6 + 4 = 10, and from level II to none."""
    asked = findings(("f1", "evidence_missing", "u2", "d"))

    found = [row for row in robustness_answers.rows(best(FIRM), asked, UNCONFIRMED) if row.kind == "warning"]

    assert found == [
        Row("u2", "warning", "muc", "f1", "d", now="II", best="II", worst="none"),
        Row("u2", "warning", "hang", "f1", "d", now="2", best="2", worst="3"),
    ]


def test_a_warning_about_a_value_is_tried_both_ways() -> None:
    """n of u3 from 6 to its least, 2, or its most, 40: then u1 has 10·10/40 + 10 = 12.5 and u3 14, the first."""
    asked = findings(("f1", "outlier", "u3", "n"))

    found = {row.outcome: row for row in robustness_answers.rows(best(FIRM), asked, UNCONFIRMED)}

    assert (found["hang"].now, found["hang"].best, found["hang"].worst) == ("3", "1", "3")


def test_only_open_warnings_about_answers_that_count_are_tried() -> None:
    """Answered warnings, notes, and warnings about a text or about a whole unit change nothing and have no row."""
    asked = findings(("f1", "evidence_missing", "u2", "d"), ("f2", "x", "u2", "t"), ("f3", "x", "u2", ""))
    asked.loc[0, "answer"] = "Có quyết định"
    noted = findings(("f4", "evidence_missing", "u2", "d")).assign(severity="note")

    assert list(robustness_answers.rows(best(FIRM), pd.concat([asked, noted]), UNCONFIRMED)) == []


def test_levels_that_rest_on_one_unconfirmed_answer_by_hand() -> None:
    """u1 (20 points, level I) falls to II without yes (y of 4) and with n of 2 (2.5 of x), and keeps it without e."""
    missing = pd.DataFrame([("u1", "1", "missing")], columns=["unit_id", "round", "state"])

    found = [row for row in robustness_answers.rows(best(FIRM), findings(), missing) if row.kind == "single"]

    assert {(row.field_id, row.reading, row.now, row.result) for row in found} == {
        ("d", "unconfirmed", "I", "II"),
        ("n", "unconfirmed", "I", "II"),
    }


def test_the_table_is_sorted_and_the_same_each_time() -> None:
    """The same answers and settings give the same table, sorted by its key, every key once."""
    asked = findings(("f1", "evidence_missing", "u2", "d"))

    one, other = (robustness.table(best(FIRM), asked, UNCONFIRMED, Draws(200)) for _ in range(2))

    assert one.equals(other)
    key = one[["unit_id", "kind", "outcome", "reading", "field_id"]].apply(tuple, axis=1).tolist()
    assert key == sorted(set(key))


# ---- settings --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spread", ["0.12345", "-0.1", "0.95"])
def test_a_spread_beyond_its_bounds_is_a_mistake(spread: str) -> None:
    """A weight moves by at most 0.9 of itself, in thousandths."""
    with pytest.raises(ValidationError, match="at most three decimals"):
        Robustness(spread=Fraction(spread))


def test_units_out_of_the_ranking_have_no_interval() -> None:
    """A unit that is scored but not ranked stands in no interval, and nobody is counted behind it."""
    points = two(("9", "9"), ("6", "5"), ("4", "6.5"))
    units = (replace(points.answers.units[0], ranked=False), *points.answers.units[1:])
    given_ = Points(replace(points.answers, units=units))

    found = list(robustness_weights.rows(given_, Draws(100)))

    assert [(row.unit_id, row.now) for row in found] == [("u2", "1"), ("u3", "2")]
