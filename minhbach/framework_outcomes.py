"""Checks what a framework makes of its points: levels, rankings, and comparisons with printed results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import pairwise

from minhbach import formula
from minhbach.formula import Call
from minhbach.framework_formulas import Formulas
from minhbach.model import FrameworkFile
from minhbach.parts import Share
from minhbach.shapes import Mistakes, Place


class Outcomes(Mistakes):
    """Collects the mistakes of a framework; `formulas` are parsed on the way in."""

    def __init__(self, spec: FrameworkFile, line: Callable[[Place], int]) -> None:
        super().__init__(line)
        self.spec = spec
        self.formulas = Formulas(spec, self)

    def levels(self) -> None:
        for index, scheme in enumerate(self.spec.levels):
            place = ("levels", index)
            if bool(scheme.conditions) == bool(scheme.bands):
                self.say(place, "has either conditions per level, or bands on the nodes in `of`.")
            for level in set(scheme.order) ^ set(scheme.conditions) if scheme.conditions else ():
                self.say((*place, "order"), f"level {level!r} stands in only one of order and conditions.")
            for level in (level for level, rules in scheme.conditions.items() if not rules):
                self.say((*place, "conditions", level), "has no condition; name the nodes it needs.")
            for level, rules in scheme.conditions.items():
                for node, least in rules.items():
                    self.threshold(node, isinstance(least, Share), (*place, "conditions", level, node))
                    self.within(least, isinstance(least, Share), (*place, "conditions", level, node))
            if scheme.bands:
                self.bands(scheme.bands, scheme.of, scheme.on == "share", place)

    def bands(self, bands: Mapping[str, Fraction], of: tuple[str, ...], on_share: bool, place: Place) -> None:
        if not of:
            self.say(place, "bands need `of`: the nodes they classify.")
        for level, least in bands.items():
            self.within(least, on_share or isinstance(least, Share), (*place, "bands", level))
        for node in of:
            needs_maximum = on_share or any(isinstance(least, Share) for least in bands.values())
            if self.threshold(node, needs_maximum, (*place, "of")):
                self.falling(bands, Fraction(1) if on_share else self.spec.nodes[node].max_points, (*place, "bands"))

    def within(self, least: Fraction, is_share: bool, place: Place) -> None:
        if is_share and least > 1:
            self.say(place, f"is {float(least * 100):g} % of the maximum, which nothing can reach; write 85% or 0.85.")

    def falling(self, bands: Mapping[str, Fraction], maximum: Fraction | None, place: Place) -> None:
        values = [least * (maximum or 0) if isinstance(least, Share) else least for least in bands.values()]
        if any(better <= worse for better, worse in pairwise(values)):
            self.say(place, "must fall from the best level to the last, each below the one before.")

    def threshold(self, node: str, needs_maximum: bool, place: Place) -> bool:
        """Whether the node exists and, where a share of it is needed, has a maximum."""
        if not self.known(node, self.spec.nodes, place, "node"):
            return False
        if needs_maximum and not self.spec.nodes[node].max_points:
            self.say(place, f"a share of {node!r} needs its max_points.")
            return False
        return True

    def rankings(self) -> None:
        for index, ranking in enumerate(self.spec.rankings):
            place = ("rankings", index)
            self.threshold(ranking.by, ranking.on == "share", (*place, "by"))
            if ranking.ties.startswith("first by "):
                self.threshold(ranking.ties.removeprefix("first by "), ranking.on == "share", (*place, "ties"))
        groups = {ranking.within for ranking in self.spec.rankings}
        trees = [*self.formulas.nodes.items(), *self.formulas.applies.items()]
        compared = [
            name
            for name, tree in trees
            if any(isinstance(part, Call) and part.function in ("best", "worst") for part in formula.walk(tree))
        ]
        if compared and len(groups) > 1 and self.spec.best_within is None:
            self.say(
                ("nodes", compared[0], "formula"),
                "best and worst need best_within: the rankings have different groups.",
            )

    def comparisons(self) -> None:
        rankings = {ranking.id for ranking in self.spec.rankings}
        for index, each in enumerate(self.spec.comparisons):
            place = ("comparisons", index)
            known = self.known(each.field, self.spec.fields, (*place, "field"), "field")
            if known and not self.spec.fields[each.field].numeric:
                self.say((*place, "field"), f"{each.field!r} is not a number, so it cannot be compared.")
            what = ("ranking", rankings) if each.on == "rank" else ("node", set(self.spec.nodes))
            if self.known(each.against, what[1], (*place, "against"), what[0]) and each.on == "share":
                self.threshold(each.against, True, (*place, "against"))
