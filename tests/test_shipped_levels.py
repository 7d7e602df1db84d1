"""Every level of every shipped framework, exactly on its thresholds and 0.01 points below each of them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from minhbach import answers, framework, levels, score, yamlfile
from minhbach.framework import Framework
from minhbach.numbers import exact_text
from minhbach.parts import Share
from minhbach.units import Unit

FRAMEWORKS = Path(__file__).resolve().parent.parent / "frameworks"
CONDITIONS = ("qd-2392-2017-huyen", "qd-2392-2017-xa")
BANDS = ("ict-index-2019-bo", "qd-62-2017-bo", "qd-62-2017-cqtcp", "qd-62-2017-tinh")
HUNDREDTH = Fraction(1, 100)


def with_points_as_answers(name: str, leaves: set[str], above: set[str]) -> Framework:
    """A shipped framework whose nodes `leaves` score what the answer `v_<node>` says; only they and `above` stay."""
    path = FRAMEWORKS / f"{name}.yaml"
    whole = framework.load(path)
    nodes: dict[str, object] = {node: None for node in whole.nodes if node not in leaves | above}
    dropped = {"children", "applies", "rescale"}
    content = yamlfile.load(path).content["nodes"]
    for node in leaves:
        nodes[node] = {"formula": f"v_{node}"} | dict.fromkeys(dropped & set(content[node]))
    fields = {f"v_{node}": {"label": node, "type": "number"} for node in leaves}
    fields |= {field: {"section": None} for field, each in whole.fields.items() if each.section in nodes_gone(nodes)}
    change = {"nodes": nodes, "fields": fields}
    return framework.load(path, yamlfile.YamlFile("test", change, {}))


def nodes_gone(nodes: dict[str, object]) -> set[str]:
    """Nodes that are dropped."""
    return {node for node, kept in nodes.items() if kept is None}


def level_of(method: Framework, given: dict[str, Fraction], scheme: str) -> str:
    """The level of one unit with these points."""
    unit = Unit("1", "Một", "", method.spec.unit_kind)
    texts = dict.fromkeys(method.fields, ("",)) | {f"v_{node}": (exact_text(v),) for node, v in given.items()}
    table = levels.levels(score.score(answers.Answers(method, (unit,), texts)))
    return str(table.set_index("scheme").loc[scheme, "level"])


@pytest.mark.parametrize("name", CONDITIONS)
def test_every_minimum_of_a_level_is_enough_and_each_is_needed(name: str) -> None:
    """A unit exactly on all minima has the level; 0.01 points less in any single group and it has not."""
    whole = framework.load(FRAMEWORKS / f"{name}.yaml")
    (scheme,) = whole.levels
    parts = {"total", "san_sang", "ket_qua"}
    groups = {node for rules in scheme.conditions.values() for node in rules} - parts
    method = with_points_as_answers(name, groups, parts)
    for level in scheme.order:
        rules = scheme.conditions[level]
        exact = {node: Fraction(rules[node]) * whole.nodes[node].max_points for node in groups}

        assert all(isinstance(rules[node], Share) for node in groups)
        assert level_of(method, exact, scheme.id) == level
        for node in sorted(groups):
            if exact[node]:
                assert level_of(method, exact | {node: exact[node] - HUNDREDTH}, scheme.id) != level, (level, node)


def test_the_commune_on_50_1_points_is_at_level_two() -> None:
    """0.5·5 + 0.8·10 + 0.85·18 + 0.9·27 is 50.1, and a commune that has it is Mức II; the float sum is below 50.1."""
    method = with_points_as_answers(
        "qd-2392-2017-xa", {"CD", "GD", "TT", "HD", "HT", "NL", "MT"}, {"total", "san_sang", "ket_qua"}
    )
    results = {"CD": Fraction(5, 2), "GD": Fraction(8), "TT": Fraction(153, 10), "HD": Fraction(243, 10)}
    readiness = {node: method.nodes[node].max_points * Fraction(8, 10) for node in ("HT", "NL", "MT")}

    assert 0.5 * 5 + 0.8 * 10 + 0.85 * 18 + 0.9 * 27 < 50.1
    assert sum(results.values()) == Fraction(501, 10)
    assert level_of(method, results | readiness, "muc_do") == "II"


@pytest.mark.parametrize("name", BANDS)
def test_every_band_starts_exactly_at_its_threshold(name: str) -> None:
    """A node exactly on a band's share has that level, and with 0.01 points less the next lower one."""
    whole = framework.load(FRAMEWORKS / f"{name}.yaml")
    (scheme,) = whole.levels
    method = with_points_as_answers(name, set(scheme.of), set())
    order = [*scheme.bands, levels.NO_LEVEL]
    for node in scheme.of:
        key = scheme.id if len(scheme.of) == 1 else f"{scheme.id}.{node}"
        top = whole.nodes[node].max_points
        rest = {each: whole.nodes[each].max_points for each in scheme.of}
        for place, (level, least) in enumerate(scheme.bands.items()):
            exact = Fraction(least) * top

            assert level_of(method, rest | {node: exact}, key) == level
            if exact:
                step = max(HUNDREDTH, top / 10 ** (whole.rounding.share))  # what rounding shares can still tell
                assert level_of(method, rest | {node: exact - step}, key) == order[place + 1]
