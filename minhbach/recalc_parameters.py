"""The sheet of parameters: maxima and thresholds in named cells, and every setting in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from minhbach import levels, wording
from minhbach.framework import Framework
from minhbach.model import Basis, Levels, Ranking
from minhbach.parts import Share, Words
from minhbach.rank import rank_places

BASES = {"printed": "basis_printed", "inferred": "basis_inferred_short", "sample": "basis_sample", None: "basis_none"}


@dataclass(frozen=True)
class Parameter:
    """A number in a named cell, with what it means and where it comes from."""

    name: str
    label: str
    value: float
    form: str
    basis: str


@dataclass
class Parameters:
    """The named cells of one framework; names begin with `prefix` and are unique whatever their capitals."""

    framework: Framework
    language: str
    prefix: str
    rows: list[Parameter] = field(default_factory=list)
    _names: dict[tuple[str, ...], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node_id, node in self.framework.nodes.items():
            if node.max_points is not None:
                label = _join(wording.say("col_max", self.language), node.number, node.label.say(self.language))
                self._add(("max", node_id), label, node.max_points, node.basis)
        for scheme in self.framework.levels:
            self._thresholds(scheme)

    def maximum(self, node_id: str) -> str:
        """The name of the cell with a node's maximum."""
        return self._names["max", node_id]

    def threshold(self, scheme_id: str, level: str, node_id: str) -> str:
        """The name of the cell with a threshold."""
        return self._names["min", scheme_id, level, node_id]

    def _thresholds(self, scheme: Levels) -> None:
        title = scheme.label.say(self.language) if scheme.label else scheme.id
        for scheme_id, (_, rules) in levels.schemes(scheme).items():
            for level, nodes in rules.items():
                words = scheme.labels[level].say(self.language) if level in scheme.labels else level
                for node_id, least in nodes.items():
                    node = self.framework.nodes[node_id]
                    label = _join(title + ":", words, "≥", node.number, node.label.say(self.language))
                    self._add(("min", scheme_id, level, node_id), label, least, scheme.basis)

    def _add(self, key: tuple[str, ...], label: str, value: Fraction, basis: Basis | None) -> None:
        plain = "_".join(
            [self.prefix, key[0], *(part if part.isascii() and part.isidentifier() else "" for part in key[1:])]
        )
        taken, name, number = {name.lower() for name in self._names.values()}, plain, 1
        while name.lower() in taken:
            number += 1
            name = f"{plain}_{number}"
        form = "0.####%" if isinstance(value, Share) else "General"
        basis_ = wording.say(BASES[basis or self.framework.spec.basis], self.language)
        self._names[key] = name
        self.rows.append(Parameter(name, label, float(value), form, basis_))


def settings(framework: Framework, language: str) -> Iterator[str]:
    """One sentence per setting of the calculation, in the words of the report."""
    rounding = framework.rounding
    yield wording.say(f"set_rounding_{rounding.mode}", language, shown=rounding.shown, share=rounding.share)
    if framework.levels:
        yield wording.say(f"set_level_{rounding.level_on}", language)
    for ranking in framework.rankings:
        yield _order(framework, ranking, language)
        kind, _, node = ranking.ties.partition(" by ")
        by = framework.nodes[node].label.say(language) if node else ""
        yield wording.say(f"set_ties_{kind}", language, node=by)
    yield wording.say("set_blank", language)
    yield from _missing(framework, language)
    yield wording.say("recalc_guard", language)


def _order(framework: Framework, ranking: Ranking, language: str) -> str:
    rounding = framework.rounding
    places = rank_places(ranking, rounding.rank_on, rounding.shown, rounding.share)
    return wording.say(
        f"set_rank_{'exact' if places is None else 'rounded'}",
        language,
        ranking=ranking.label.say(language) if ranking.label else ranking.id,
        node=framework.nodes[ranking.by].label.say(language),
        within=ranking.within or wording.say("set_all_units", language),
        places=places,
    )


def _missing(framework: Framework, language: str) -> Iterator[str]:
    nodes = framework.nodes.values()
    cases: dict[str, Iterable[Words]] = {
        "set_missing_zero": [field.label for field in framework.fields.values() if field.missing == "zero"],
        "set_node_zero": [node.label for node in nodes if node.missing == "zero"],
        "set_node_leave_out": [node.label for node in nodes if node.missing == "leave_out"],
        "set_applies": [node.label for node in nodes if node.applies],
        "set_rescale": [node.label for node in nodes if node.rescale],
    }
    for key, labels in cases.items():
        if labels:
            yield wording.say(key, language, names=", ".join(label.say(language) for label in labels))


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)
