"""Points of the tree: sums, what does not apply, what is missing, what is scaled up; by numbers written here."""

from fractions import Fraction

import make
import pytest

from minhbach import record, score
from minhbach.answers import from_observations
from minhbach.errors import MinhbachError
from minhbach.units import Unit

TREE = """
nodes:
  total: {{label: T, max_points: 10, children: [G, H]{total}}}
  G: {{label: G, max_points: 6, children: [G1, G2]{group}}}
  G1: {{label: G1, max_points: 4, formula: "max_points * capped(ratio(a, b), 1)"{first}}}
  G2: {{label: G2, max_points: 2, formula: "max_points * yes(d)"{second}}}
  H: {{label: H, max_points: 4, formula: "steps(n, {{1: 1, 2: 2.5, 3: 4}})"{other}}}
"""
ROW = {"a": "15", "b": "20", "d": "yes", "n": "2"}


def tree(**extra: str) -> str:
    """A total of 10: G = G1 (4, a ratio) + G2 (2, yes or no), and H (4, steps); `extra` is added to a node."""
    return TREE.format(**{part: extra.get(part, "") for part in ("total", "group", "first", "second", "other")})


def one(body: str, **answers: str) -> dict[str, Fraction | None]:
    """The points of every node for one unit."""
    scored = make.points(body, [{**ROW, **answers}])
    return {node: make.exact_and_float(scored, node)[0] for node in scored.framework.nodes}


def test_points_add_up() -> None:
    """4·15/20 + 2 = 5, and 5 + 2.5 = 7.5 in all."""
    assert one(tree()) == {"G1": 3, "G2": 2, "G": 5, "H": Fraction(5, 2), "total": Fraction(15, 2)}


def test_a_ratio_above_one_is_capped() -> None:
    """More computers than staff give the maximum and no more."""
    assert one(tree(), a="25")["G1"] == 4


@pytest.mark.parametrize("answers", [{"a": ""}, {"b": ""}, {"b": "0"}])
def test_a_blank_stays_visible_to_the_top(answers: dict[str, str]) -> None:
    """A blank or a share of nothing leaves criterion, group and total blank: never a silent zero."""
    found = one(tree(), **answers)

    assert (found["G1"], found["G2"], found["G"], found["total"]) == (None, 2, None, None)


def test_missing_as_zero() -> None:
    """With `missing: zero` a blank criterion has 0 of its 4 points and the total is 0 + 2 + 2.5."""
    found = one(tree(first=", missing: zero"), a="")

    assert (found["G1"], found["G"], found["total"]) == (0, 2, Fraction(9, 2))


def test_missing_left_out() -> None:
    """With `missing: leave_out` a blank criterion counts neither in the points nor in the maximum."""
    scored = make.points(tree(first=", missing: leave_out"), [{**ROW, "a": ""}, ROW])

    assert make.exact_and_float(scored, "total") == [Fraction(9, 2), Fraction(15, 2)]
    assert [scored.exactly.maximum("G", row) for row in (0, 1)] == [2, 6]
    assert [scored.exactly.maximum("total", row) for row in (0, 1)] == [6, 10]
    assert scored.maxima["total"].array.tolist() == [6, 10]  # type: ignore[union-attr]
    assert [scored.exactly.share("total", row) for row in (0, 1)] == [Fraction(3, 4), Fraction(3, 4)]
    assert scored.share("total").array.tolist() == [0.75, 0.75]


def test_not_applicable() -> None:
    """A criterion whose condition is not met counts nowhere; a blank condition excludes nobody."""
    scored = make.points(tree(first=', applies: "c >= 0.3"'), [{**ROW, "c": c} for c in ("0.2", "0.3", "")])

    assert make.exact_and_float(scored, "G") == [2, 5, 5]
    assert [scored.exactly.maximum("G", row) for row in range(3)] == [2, 6, 6]
    assert scored.left_out["G1"].tolist() == [True, False, False]  # type: ignore[union-attr]


def test_a_condition_is_decided_exactly() -> None:
    """A condition on 0.1 + 0.2 >= 0.3 holds, and one on a logarithm's node is decided on its float."""
    assert one(tree(first=', applies: "c + 0.1 >= 0.3"'), c="0.2")["G1"] == 3
    body = tree(first=', applies: "ln > 0"') + '  ln: {label: L, formula: "log(c)"}\n'
    assert (one(body, c="2")["G1"], one(body, c="0.5")["G1"], one(body, c="0")["G1"]) == (3, None, 3)


def test_an_inexact_criterion_that_does_not_apply_counts_nowhere() -> None:
    """A criterion with a root is left out by a condition exactly on its border."""
    body = tree().replace('"max_points * yes(d)"', '"max_points * c ** 0.5", applies: "a / b > 0.1 + 0.2"')
    scored = make.points(body, [{**ROW, "a": "3", "b": "10", "c": "0.25"}, {**ROW, "a": "4", "b": "10", "c": "0.25"}])

    assert make.exact_and_float(scored, "G2") == [None, 1]
    assert scored.left_out["G2"].tolist() == [True, False]  # type: ignore[union-attr]
    assert [scored.exactly.left_out("G2", row) for row in (0, 1)] == [True, False]
    assert [round(float(each or 0), 12) for each in make.exact_and_float(scored, "G")] == [1.2, 2.6]


@pytest.mark.parametrize("group", ["", ", missing: zero", ", missing: leave_out"])
def test_a_group_without_any_part_left_is_left_out(group: str) -> None:
    """Where no criterion of a group applies, the group is blank and out of the total, whatever `missing` says."""
    body = tree(first=', applies: "c > 0"', second=', applies: "c > 0"', group=group)
    scored = make.points(body, [{**ROW, "c": "0"}, {**ROW, "c": "1"}])

    assert make.exact_and_float(scored, "G") == [None, 5]
    assert make.exact_and_float(scored, "total") == [Fraction(5, 2), Fraction(15, 2)]
    assert [scored.exactly.maximum("total", row) for row in (0, 1)] == [4, 10]


def test_rescale() -> None:
    """A rescaled group of 6 with only its part of 2 left gives points × 6 / 2, out of 6."""
    body = tree(first=', applies: "c > 0"', group=", rescale: true")
    scored = make.points(body, [{**ROW, "c": "0"}, {**ROW, "c": "1"}, {**ROW, "c": "0", "d": "no"}])

    assert make.exact_and_float(scored, "G") == [6, 5, 0]
    assert [scored.exactly.maximum("G", row) for row in range(3)] == [6, 6, 6]
    assert make.exact_and_float(scored, "total") == [Fraction(17, 2), Fraction(15, 2), Fraction(5, 2)]


def test_best_of_the_group_looks_at_the_ranking_group() -> None:
    """The best is taken among units of the same group; one unit's figure moves the others' points."""
    body = 'nodes:\n  x: {label: X, max_points: 40, formula: "max_points * ratio(a, best(a))"}\n'
    body += "rankings: [{id: h, by: x, within: unit_kind}]\n"
    rows = [{"a": "10"}, {"a": "20"}, {"a": "5"}, {"a": ""}]

    first = make.points(body, rows, ("xa", "xa", "huyen", "huyen"))
    second = make.points(body, [{"a": "10"}, {"a": "40"}, {"a": "5"}, {"a": ""}], ("xa", "xa", "huyen", "huyen"))

    assert make.exact_and_float(first, "x") == [20, 40, 40, None]
    assert make.exact_and_float(second, "x") == [10, 40, 40, None]


def test_a_group_that_no_unit_has_is_refused() -> None:
    """A grouping by a column that units.csv does not have is said, never taken as one group."""
    with pytest.raises(MinhbachError, match=r"'vung'.*units.csv has no such column; there are: parent_id, unit_kind"):
        make.points("nodes:\n  x: {label: X, formula: a}\nrankings: [{id: h, by: x, within: vung}]\n", [{"a": "1"}])


def test_nodes_may_use_nodes() -> None:
    """A total weighted 0.4/0.3/0.3 is exact: 0.4·0.4449 + 0.3·0.3668 + 0.3·0.4052 = 0.40956."""
    body = 'nodes:\n  x: {label: X, formula: "0.4 * p + 0.3 * b + 0.3 * c", information: true}\n'
    body += "  p: {label: P, formula: a}\n"

    assert one(body, a="0.4449", b="0.3668", c="0.4052")["x"] == Fraction(40956, 100000)


def test_no_units() -> None:
    """A framework without any unit is scored without a word."""
    scored = make.points(tree(first=', applies: "c > 0"'), [])

    assert scored.values["total"].array.tolist() == []
    assert record.scores(scored).empty


def test_missing_answers_may_count_as_zero() -> None:
    """A field with `missing: zero` is 0 where its answer is blank, in numbers and in yes or no."""
    fields = "\nfields:\n  a: {label: A, type: number, missing: zero}\n  d: {label: D, type: yes_no, missing: zero}\n"
    read = make.framework("nodes:\n  x: {label: X, formula: a + 2 * yes(d), information: true}\n", fields)
    scored = score.score(make.answers(read, [{}, {"a": "1", "d": "yes"}, {"a": "1"}, {"d": "no"}]))

    assert make.exact_and_float(scored, "x") == [0, 3, 1, 0]


def test_units_without_any_answer_are_absent() -> None:
    """Answers are read from observations: units without a row are left out, rows may stand in any order."""
    pandas = pytest.importorskip("pandas")
    read = make.framework("nodes:\n  x: {label: X, formula: a, information: true}\n")
    units = tuple(Unit(unit_id=each, name=each, name_en="", unit_kind="xa") for each in ("u1", "u2", "u3"))
    table = pandas.DataFrame([("u3", "a", "7"), ("u1", "a", "")], columns=["unit_id", "field_id", "value"])

    answers = from_observations(read, units, table)

    assert answers.unit_ids == ("u1", "u3")
    assert answers.texts["a"] == ("", "7")
    assert answers.exact("a", 1) == 7
    assert answers.exact("t", 1) is None


def test_scores_are_handed_over_exactly() -> None:
    """scores.csv has decimals of at most 12 places, the rational beside them, and nothing for what is left out."""
    body = tree(first=', applies: "c > 0"')
    rows = [{**ROW, "c": "1", "a": "1", "b": "3"}, {**ROW, "c": "0"}, {**ROW, "c": "1", "a": ""}]

    table = record.scores(make.points(body, rows)).set_index(["unit_id", "node_id"])

    assert table.loc[("u1", "G1")].tolist() == ["1.333333333333", "4", "0.333333333333", "4/3"]
    assert table.loc[("u1", "total")].tolist() == ["5.833333333333", "10", "0.583333333333", "35/6"]
    assert table.loc[("u2", "G1")].tolist() == ["", "", "", ""]
    assert table.loc[("u2", "total")].tolist() == ["4.5", "6", "0.75", "9/2"]
    assert table.loc[("u3", "total")].tolist() == ["", "10", "", ""]


def test_inexact_scores_have_no_rational() -> None:
    """A node with a root is handed over as a decimal alone."""
    table = record.scores(make.points("nodes:\n  x: {label: X, formula: a ** 0.5, information: true}\n", [{"a": "2"}]))

    assert table.loc[0].tolist() == ["u1", "x", "1.414213562373", "", "", ""]


def test_one_unit_by_hand() -> None:
    """Every line of the unit worked by hand says the numbers put in and what they give."""
    scored = make.points(tree(), [ROW])

    lines = [line for _, line, _ in record.by_hand(scored, 0, "vi")]

    assert sorted(lines) == [
        "G = 3 + 2 = 5",
        "G1 = 4 × min(15 / 20; 1) = 3",
        "G2 = 2 × 1 = 2",
        "H = [2: ≥ 1 → 1; ≥ 2 → 2,5; ≥ 3 → 4] = 2,5",
        "total = 5 + 2,5 = 7,5",
    ]


def test_by_hand_says_what_is_left_out_and_scaled() -> None:
    """A line says how a group is scaled up, and that a criterion left out is blank."""
    scored = make.points(tree(first=', applies: "c > 0"', group=", rescale: true"), [{**ROW, "c": "0"}])

    lines = {node: (line, value) for node, line, value in record.by_hand(scored, 0, "en")}

    assert lines["G1"] == ("G1 = (blank)", None)
    assert lines["G"] == ("G = (2) × 6 / 2 = 6", 6)
    assert lines["total"] == ("total = 6 + 2.5 = 8.5", Fraction(17, 2))


def test_numbers_beyond_all_size_are_an_error_in_words() -> None:
    """A result that no float can hold is refused with node and unit."""
    with pytest.raises(MinhbachError, match="x of u1 has more than 300 digits"):
        make.points("nodes:\n  x: {label: X, formula: (a ** 16) ** 2, information: true}\n", [{"a": "9" * 30}])
