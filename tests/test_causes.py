"""Why results differ: each cause worked by hand, interaction, bridges, units formed anew, and sums that are exact."""

import dataclasses
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import make
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minhbach import bridges, causes, score, yamlfile
from minhbach.bridges import Bridge
from minhbach.causes import Causes, Split
from minhbach.causes_inputs import Inputs
from minhbach.causes_rules import Rules, combined
from minhbach.errors import FileError
from minhbach.levels import levels
from minhbach.numbers import round_exact
from minhbach.rank import ranks
from minhbach.units import Unit

BODY = """
nodes:
  total: {label: T, max_points: 20, children: [x, y]}
  x: {label: X, max_points: 10, formula: "max_points * a / 100"}
  y: {label: Y, max_points: 10, formula: "max_points * b / 100"}
levels:
  - {id: muc, order: [I, II], conditions: {I: {total: 15}, II: {total: 8}}}
rankings:
  - {id: hang, by: total}
rounding: {shown: 1}
"""
ANSWERS = {"u1": ("50", "50"), "u2": ("80", "90"), "u3": ("33.33", "0")}  # 10, 17 and 3.333 points
CAUSES = ("new_data", "corrected", "framework", "settings")


def rules(body: str = BODY, override: Mapping[str, object] | None = None) -> Rules:
    """A framework of the fields a b c n d e t as data."""
    return Rules("test.yaml", yamlfile.loads(make.text(body), "test.yaml").content, override)


def units(*ids: str, ranked: bool = True) -> tuple[Unit, ...]:
    """Units of the framework's kind."""
    return tuple(Unit(each, f"Xã {each}", "", "xa", ranked=ranked) for each in ids)


def side(
    answers: Mapping[str, tuple[str, str]] = ANSWERS,
    corrected: Mapping[tuple[str, str], str] | None = None,
    of: Rules | None = None,
) -> Inputs:
    """One side with the fields a and b of each unit."""
    received = {(unit, name): text for unit, row in answers.items() for name, text in zip("ab", row, strict=True)}
    return Inputs(of or rules(), units(*answers), received, corrected or {})


def split(earlier: Inputs, later: Inputs, unit_id: str = "u1") -> Split:
    """The split of a unit's total."""
    found = causes.causes(causes.pairs(earlier, later)).of(unit_id, "hang")
    assert found is not None
    return found


def parts(found: Split) -> tuple[Fraction | None, ...]:
    """The effects in the stated order, and the interaction."""
    return (*(found.exact.effects[name] for name in CAUSES), found.exact.interaction)


# ---- each cause by hand ----------------------------------------------------------------------------------


def test_equal_sides_have_nothing_to_split() -> None:
    """Two equal sides differ in no cause and every effect is 0."""
    found = causes.causes(causes.pairs(side(), side()))

    assert (found.changed, found.moves) == ((), ())
    assert all(parts(each) == (0, 0, 0, 0, 0) for each in found.splits)


def test_new_data_are_what_was_received_anew() -> None:
    """An answer received as 70 instead of 50 brings 10 × 20 / 100 points."""
    later = side({**ANSWERS, "u1": ("70", "50")})

    assert parts(split(side(), later)) == (2, 0, 0, 0, 0)


def test_a_correction_is_its_own_cause() -> None:
    """A correction of 50 to 40 takes 1 point; its end gives it back."""
    corrected = side(corrected={("u1", "a"): "40"})

    assert parts(split(side(), corrected)) == (0, -1, 0, 0, 0)
    assert parts(split(corrected, side())) == (0, 1, 0, 0, 0)


def test_a_correction_holds_only_for_what_it_expects() -> None:
    """Where another answer was received, the earlier correction no longer stands."""
    earlier = side(corrected={("u1", "a"): "40"})  # 4 + 5 points
    later = side({**ANSWERS, "u1": ("70", "50")})  # 7 + 5 points; 50 without the correction would be 5 + 5

    assert parts(split(earlier, later)) == (3, 1, 0, 0, -1)


def test_the_same_correction_on_both_sides_stays() -> None:
    """A correction that both sides make stands, whatever was received."""
    earlier = side(corrected={("u1", "a"): "40"})
    later = side({**ANSWERS, "u1": ("70", "50")}, {("u1", "a"): "40"})

    assert parts(split(earlier, later)) == (0, 0, 0, 0, 0)


def test_another_formula_is_the_framework() -> None:
    """Half the weight per answer takes half of the points of a criterion."""
    changed = rules(BODY.replace("max_points * b / 100", "max_points * b / 200"))

    assert parts(split(side(), side(of=changed))) == (0, 0, Fraction(-5, 2), 0, 0)


def test_rounding_is_a_setting() -> None:
    """Other decimals leave the exact value and change the shown one: 3.333 is 3.3, and 3.33 with two decimals."""
    found = split(side(), side(of=rules(BODY.replace("shown: 1", "shown: 2"))), "u3")

    assert parts(found) == (0, 0, 0, 0, 0)
    assert (found.shown.before, found.shown.after) == (Fraction("3.3"), Fraction("3.33"))
    assert found.shown.effects["settings"] == Fraction("0.03")


def test_an_override_is_a_setting() -> None:
    """A formula that only the edition changes counts as a setting."""
    override = {"nodes": {"y": {"formula": "max_points * b / 200"}}}

    assert parts(split(side(), side(of=rules(override=override)))) == (0, 0, 0, Fraction(-5, 2), 0)


def test_what_two_causes_do_together_is_interaction() -> None:
    """New data +2, another formula of the same criterion −2.5; together (70 / 200 for 50 / 100) −1.5, so −1 is left."""
    changed = rules(BODY.replace("max_points * a / 100", "max_points * a / 200"))

    found = split(side(), side({**ANSWERS, "u1": ("70", "50")}, of=changed))

    assert parts(found) == (2, 0, Fraction(-5, 2), 0, -1)
    assert found.exact.change == Fraction(-3, 2)


def test_all_units_are_computed_again() -> None:
    """Where points depend on the best of a group, new data of one unit move another."""
    body = BODY.replace("max_points * a / 100", "max_points * a / best(a)") + "best_within: unit_kind\n"
    earlier, later = side(of=rules(body)), side({**ANSWERS, "u2": ("100", "90")}, of=rules(body))

    assert parts(split(earlier, later)) == (5 - Fraction(500, 80), 0, 0, 0, 0)


def test_an_effect_without_value_is_said_and_stands_in_the_interaction() -> None:
    """New data that leave the old formula blank have no effect of their own; the sum is exact all the same."""
    changed = rules(BODY.replace("max_points * a / 100", "max_points * if_blank(a, 20) / 100"))

    found = split(side(), side({**ANSWERS, "u1": ("", "50")}, of=changed))

    assert parts(found) == (None, 0, 0, 0, -3)


def test_ranks_and_levels_name_the_causes_that_are_enough() -> None:
    """A correction alone lifts u1 over u2 to level I; other decimals alone do not."""
    later = side(corrected={("u1", "a"): "100", ("u1", "b"): "100"}, of=rules(BODY.replace("shown: 1", "shown: 2")))

    found = causes.causes(causes.pairs(side(), later))

    assert found.changed == ("corrected", "settings")
    assert [(each.unit_id, each.kind, each.before, each.after, each.alone) for each in found.moves] == [
        ("u1", "level", "II", "I", ("corrected",)),
        ("u1", "rank", "2", "1", ("corrected",)),
        ("u2", "rank", "1", "2", ("corrected",)),
    ]


def test_a_file_chosen_by_the_ledger_is_a_correction() -> None:
    """Where a unit sent two files and the ledger now counts the other one, its answers are corrected, not new."""
    later = dataclasses.replace(side({**ANSWERS, "u1": ("70", "50")}), files={"u1": "responses/2.xlsx"})

    assert parts(split(side(), later)) == (0, 2, 0, 0, 0)


def test_a_unit_that_is_no_longer_ranked_is_a_setting() -> None:
    """Who takes part in a ranking is a setting; the others move up by it."""
    later = dataclasses.replace(side(), units=(*units("u1"), *units("u2", ranked=False), *units("u3")))

    found = causes.causes(causes.pairs(side(), later))

    assert found.changed == ("settings",)
    assert [(each.unit_id, each.after, each.alone) for each in found.moves] == [
        ("u1", "1", ("settings",)),
        ("u3", "2", ("settings",)),
    ]


# ---- other names -----------------------------------------------------------------------------------------


def test_a_bridge_compares_criteria_with_other_names() -> None:
    """Fields, nodes, rankings and schemes with other ids are the same where a bridge says so."""
    other = BODY.replace("total", "tong").replace("* a /", "* c /").replace("id: hang", "id: thu_tu")
    later = side(of=rules(other.replace("id: muc", "id: cap")))
    later = dataclasses.replace(
        later, received={(u, "c" if f == "a" else f): v for (u, f), v in later.received.items()}
    )
    bridge = Bridge(
        nodes={"total": "tong"}, fields={"a": "c"}, rankings={"hang": "thu_tu"}, levels={"muc": "cap"}, basis="sample"
    )

    found = causes.causes(causes.pairs(side().over(bridge), later))

    assert [each.ranking for each in found.splits] == ["thu_tu"] * 3
    assert [(each.exact.before, each.exact.after) for each in found.splits][:2] == [(10, 10), (17, 17)]
    assert found.moves == ()


def test_renamed_merged_and_split_units() -> None:
    """A renamed unit keeps its result, a merged one begins with the mean of its parts, each part with the whole's."""
    later = side({"moi": ("50", "50"), "gop": ("60", "60"), "t1": ("10", "0"), "t2": ("20", "0")})
    earlier = side({**ANSWERS, "u4": ("40", "0")})  # u4: 4 points
    predecessors = {"moi": ("u1",), "gop": ("u1", "u2"), "t1": ("u4",), "t2": ("u4",)}

    found = causes.causes(causes.pairs(earlier, later, predecessors))

    before = {each.unit_id: each.exact.before for each in found.splits}
    assert before == {"moi": 10, "gop": Fraction(27, 2), "t1": 4, "t2": 4}
    assert {each.unit_id: each.exact.change for each in found.splits}["gop"] == Fraction(-3, 2)
    assert "gop" not in {each.unit_id for each in found.moves}


def test_a_unit_that_only_changed_its_id_keeps_its_corrections() -> None:
    """The ledger's entry of a renamed unit goes with it."""
    earlier = side({"cu": ("50", "50")}, {("cu", "a"): "40"})
    later = side({"moi": ("50", "50")})

    found = causes.causes(causes.pairs(earlier, later, {"moi": ("cu",)})).of("moi", "hang")

    assert found is not None
    assert parts(found) == (0, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nodes: {totl: total}\nbasis: sample\n", "there is no node of the earlier framework 'totl'"),
        ("nodes: {total: totl}\nbasis: sample\n", "there is no node of the later framework 'totl'"),
        ("nodes: {x: total, y: total}\nbasis: sample\n", "already stands for 'x'"),
        ("nodes: {x: y}\n", "basis"),
    ],
)
def test_mistakes_of_a_bridge_are_said(text: str, said: str, tmp_path: Path) -> None:
    """A bridge that names what a framework does not have, or one part twice, stops with the line."""
    file = bridges.path(tmp_path, "test", "test")
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")

    with pytest.raises(FileError, match=said):
        bridges.load(tmp_path, make.framework(BODY), make.framework(BODY))


def test_a_revision_with_the_same_nodes_needs_no_bridge(tmp_path: Path) -> None:
    """The same framework with other formulas is compared as it is; one with another node needs a declaration."""
    one, two = make.framework(BODY), make.framework(BODY.replace("b / 100", "b / 200"))
    more = make.framework(BODY.replace("levels:", "  z: {label: Z, information: true, formula: a}\nlevels:"))

    assert bridges.between(tmp_path, one, two) is bridges.SAME
    assert bridges.between(tmp_path, one, more) is None


# ---- exact sums ------------------------------------------------------------------------------------------

TEXTS = st.sampled_from(("", "0", "10", "33.33", "50", "66.67", "99.995", "1/3", "100"))
FORMULAS = st.sampled_from(
    ("max_points * b / 100", "max_points * b / 300", "max_points * b / best(b)", "mean(a, b) / 7", "if_blank(b, 5) / 3")
)
ROUNDINGS = st.builds(
    lambda shown, mode: f"rounding: {{shown: {shown}, mode: {mode}}}",
    st.integers(0, 3),
    st.sampled_from(("half_up", "half_even", "down")),
)
MAXIMA = st.sampled_from(((20, 10), (15, 5), (30, 20)))
IDS = ("u1", "u2", "u3")


@st.composite
def sides(draw: st.DrawFn) -> Inputs:
    """A random side: answers, corrections of some of them, a formula, maxima, rounding, who is ranked."""
    answers = {each: (draw(TEXTS), draw(TEXTS)) for each in IDS}
    corrected = draw(st.dictionaries(st.tuples(st.sampled_from(IDS), st.sampled_from("ab")), TEXTS, max_size=3))
    total, most = draw(MAXIMA)
    body = BODY.replace("rounding: {shown: 1}", draw(ROUNDINGS)).replace("max_points * b / 100", draw(FORMULAS))
    body = body.replace("max_points: 20", f"max_points: {total}")
    body = body.replace("Y, max_points: 10", f"Y, max_points: {most}") + "best_within: unit_kind\n"
    made = side(answers, corrected, rules(body))
    return dataclasses.replace(
        made, units=tuple(dataclasses.replace(u, ranked=draw(st.booleans())) for u in made.units)
    )


def results(of: Inputs) -> tuple[dict[str, Fraction], dict[str, str], dict[str, str], int, str]:
    """What a side gives when it is scored as a run does, without any of the code that splits."""
    framework = combined(of.rules, of.rules)
    texts = {**of.received, **{key: text for key, text in of.corrected.items() if key in of.received}}
    columns = {name: tuple(texts.get((unit.unit_id, name), "") for unit in of.units) for name in framework.fields}
    points = score.score(make.Answers(framework, of.units, columns))
    exact = {unit.unit_id: points.exactly.points("total", row) for row, unit in enumerate(of.units)}
    ranked, levelled = ranks(points), levels(points)
    return (
        {unit_id: value for unit_id, value in exact.items() if value is not None},
        dict(zip(ranked["unit_id"], ranked["rank"], strict=True)),
        dict(zip(levelled["unit_id"], levelled["level"], strict=True)),
        framework.rounding.shown,
        framework.rounding.mode,
    )


@settings(max_examples=60, deadline=None)
@given(sides(), sides())
def test_the_parts_add_up_exactly_for_every_unit(earlier: Inputs, later: Inputs) -> None:
    """In randomly changed editions effects and interaction are the difference of two independent scorings, exactly."""
    found = causes.causes(causes.pairs(earlier, later))

    (before, *old), (after, *new) = results(earlier), results(later)
    assert {each.unit_id for each in found.splits} == before.keys() & after.keys()
    for each in found.splits:
        values = [each_.get(each.unit_id, Fraction(0)) for each_ in (before, after)]
        shown = [round_exact(value, places, mode) for value, (*_, places, mode) in zip(values, (old, new), strict=True)]
        assert total(each.exact) == values[1] - values[0]
        assert total(each.shown) == shown[1] - shown[0]
    assert moved(found, "rank") == changed(old[0], new[0])
    assert moved(found, "level") == changed(old[1], new[1])


@settings(max_examples=40, deadline=None)
@given(sides(), sides(), st.sampled_from(CAUSES))
def test_one_changed_cause_has_the_whole_difference(one: Inputs, two: Inputs, cause: str) -> None:
    """Where the sides differ in one cause only, its effect is the difference and nothing interacts."""
    method = {**two.rules.content, "rounding": one.rules.content["rounding"]}
    later = {
        "new_data": dataclasses.replace(one, received=two.received, corrected={}),
        "corrected": dataclasses.replace(one, corrected=two.corrected),
        "framework": dataclasses.replace(one, rules=Rules("test.yaml", method)),
        "settings": dataclasses.replace(one, units=two.units),
    }[cause]
    earlier = dataclasses.replace(one, corrected={}) if cause == "new_data" else one

    found: Causes = causes.causes(causes.pairs(earlier, later))

    for each in found.splits:
        others = [effect for name, effect in each.exact.effects.items() if name != cause]
        assert (each.exact.effects[cause], others) == (each.exact.change, [0, 0, 0])
        assert each.exact.interaction == 0


def total(parts_: causes.Sum) -> Fraction:
    """Effects and interaction added up."""
    return sum((effect or Fraction(0) for effect in parts_.effects.values()), parts_.interaction)


def moved(found: Causes, kind: str) -> dict[str, tuple[str, str]]:
    """Moves of a kind by unit."""
    return {each.unit_id: (each.before, each.after) for each in found.moves if each.kind == kind}


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """What differs, of units that have both."""
    return {
        unit_id: (before[unit_id], after[unit_id])
        for unit_id in before
        if before[unit_id] and after[unit_id] and before[unit_id] != after[unit_id]
    }
