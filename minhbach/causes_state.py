"""The results of all units in one mixture of two sides: exact and shown values, ranks, levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import pandas as pd

from minhbach import decide, levels, merge, rank, tables
from minhbach.answers import Answers
from minhbach.causes_inputs import Inputs, Key, Pair
from minhbach.causes_rules import combined
from minhbach.framework import Framework
from minhbach.numbers import round_exact
from minhbach.score import Points, score
from minhbach.units import Unit, Units

Places = tuple[int, str]
OF: Final = ("new_data", "corrected", "framework", "settings")
ROW: Final = ("unit_id", "field_id", "value", "raw_text", "status", "file", "sha256", "sheet", "cell", "correction_id")


@dataclass(frozen=True)
class State:
    """Results by unit and ranking (`exact`, `shown`, `rank`) or level scheme (`level`), blanks left out."""

    exact: Mapping[Key, Fraction]
    shown: Mapping[Key, Fraction]
    rank: Mapping[Key, str]
    level: Mapping[Key, str]


def computed(pair: Pair, changed: frozenset[str]) -> State:
    """The results with the later side's part of every cause in `changed`, for the later side's units.

    On data of the earlier side a unit that was formed from others has the unweighted mean of their values, and a
    rank and level only where it was one unit.
    """
    data, ledger, method, settings = (pair.side(cause, changed) for cause in OF)
    framework = combined(method.rules, settings.rules, pair.ranking_names(method, settings))
    state = _state(score(_answers(framework, method, _values(data, ledger), _units(data, settings))), method)
    return _carried(pair, state, _places(framework, method)) if data is pair.earlier else state


def _values(data: Inputs, ledger: Inputs) -> dict[Key, str]:
    """The answers of one side under the ledger of another.

    A correction holds as long as what it expects stands, or where the data's own side makes the same correction.
    """
    values = dict(data.received)
    for key, text in ledger.corrected.items():
        expected, own = ledger.received.get(key), data.corrected.get(key)
        if key in values and (values[key] == expected or own == text):
            values[key] = text
    return values


def _units(data: Inputs, settings: Inputs) -> tuple[Unit, ...]:
    """The units of the data, ranked and grouped as the settings' side has them."""
    known = {each.unit_id: each for each in settings.units}
    return tuple(known.get(each.unit_id, each) for each in data.units)


def _answers(framework: Framework, method: Inputs, values: Mapping[Key, str], units: tuple[Unit, ...]) -> Answers:
    present = {unit_id for unit_id, _ in values}
    common = {name: method.bridge.fields.get(name, name) for name in framework.fields}
    if framework.spec.merged is not None:
        values = {**values, **_derived(framework, common, values, Units(units))}
        present = {unit_id for unit_id, _ in values}
    here = tuple(unit for unit in units if unit.unit_id in present)
    texts = {name: tuple(values.get((unit.unit_id, common[name]), "") for unit in here) for name in framework.fields}
    return Answers(framework, here, texts)


def _derived(
    framework: Framework, common: Mapping[str, str], values: Mapping[Key, str], units: Units
) -> dict[Key, str]:
    """The answers of merged units that have none of their own, as the validating stage makes them."""
    own = {name: each for each, name in common.items()}
    rows = [(unit, own[name], text, *[""] * 7) for (unit, name), text in values.items() if name in own]
    made = merge.with_merged(framework, units, pd.DataFrame(rows, columns=list(ROW), dtype="str"))
    return {(row.unit_id, common[row.field_id]): row.value for row in tables.rows(made)}


def _state(points: Points, method: Inputs) -> State:
    framework, ids = points.framework, points.answers.unit_ids
    exact: dict[Key, Fraction] = {}
    for ranking in framework.rankings:
        value = decide.exact_of(points, ranking.by, ranking.on)
        known = {unit_id: value(row) for row, unit_id in enumerate(ids)}
        exact |= {(unit, method.ranking(ranking.id)): each for unit, each in known.items() if each is not None}
    places = _places(framework, method)
    shown = {key: round_exact(each, *places[key[1]]) for key, each in exact.items()}
    ranked = {
        (each.unit_id, method.ranking(each.ranking)): each.rank for each in tables.rows(rank.ranks(points)) if each.rank
    }
    levelled = {
        (each.unit_id, method.scheme(each.scheme)): each.level
        for each in tables.rows(levels.levels(points))
        if each.level
    }
    return State(exact, shown, ranked, levelled)


def _places(framework: Framework, method: Inputs) -> dict[str, Places]:
    """How the value of each ranking is shown: decimals and way of rounding."""
    rounding = framework.rounding
    decimals = {each.id: rounding.share if each.on == "share" else rounding.shown for each in framework.rankings}
    return {method.ranking(name): (places, rounding.mode) for name, places in decimals.items()}


def _carried(pair: Pair, state: State, places: Mapping[str, Places]) -> State:
    """The results of the earlier side's units, carried on to the later side's."""
    exact = _means(pair, state.exact)
    shown = {key: round_exact(value, *places[key[1]]) for key, value in exact.items()}
    return State(exact, shown, _singles(pair, state.rank), _singles(pair, state.level))


def _means(pair: Pair, values: Mapping[Key, Fraction]) -> dict[Key, Fraction]:
    names = dict.fromkeys(each for _, each in values)
    found = {key: value for key, value in values.items() if key[0] not in pair.predecessors}
    for unit_id, parts in pair.predecessors.items():
        for name in names:
            known = [values[part, name] for part in parts if (part, name) in values]
            if len(known) == len(parts):
                found[unit_id, name] = mean(known)
    return found


def _singles(pair: Pair, texts: Mapping[Key, str]) -> dict[Key, str]:
    names = dict.fromkeys(each for _, each in texts)
    found = {key: text for key, text in texts.items() if key[0] not in pair.predecessors}
    for unit_id, parts in pair.predecessors.items():
        for name in names:
            if len(parts) == 1 and (parts[0], name) in texts:
                found[unit_id, name] = texts[parts[0], name]
    return found


def mean(values: Sequence[Fraction]) -> Fraction:
    """The unweighted mean."""
    return sum(values, Fraction(0)) / len(values)
