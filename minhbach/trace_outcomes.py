"""Levels and comparisons as steps, each decided again from exact points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from minhbach import levels
from minhbach.levels import NO_LEVEL
from minhbach.model import Comparison, Levels
from minhbach.numbers import exact_text, from_text, round_exact, show
from minhbach.parts import Share
from minhbach.trace_answers import Answers
from minhbach.trace_evidence import Evidence
from minhbach.trace_files import Files
from minhbach.trace_graph import Step, checked
from minhbach.trace_nodes import Nodes, short
from minhbach.trace_ranks import Ranks

PERCENT = range(1, 13)  # decimals of a share in percent; more than one only near a threshold


@dataclass(frozen=True)
class Scheme:
    """A level scheme as it is decided: on points or share, the conditions of each level, best first."""

    scheme: Levels
    key: str
    on: str
    rules: Mapping[str, Mapping[str, Fraction]]


class Outcomes:
    """Levels and comparisons of an edition's units as steps."""

    def __init__(self, evidence: Evidence, files: Files, answers: Answers, nodes: Nodes) -> None:
        self.evidence, self.files, self.answers, self.nodes = evidence, files, answers, nodes
        self.ranks = Ranks(evidence, nodes)

    def scheme(self, framework_id: str, key: str) -> Scheme | None:
        """The scheme of this key, such as `muc_do`, or `xep_loai.HM1` of bands on several nodes."""
        for scheme in self.evidence.framework(framework_id).levels:
            found = levels.schemes(scheme).get(key)
            if found:
                return Scheme(scheme, key, *found)
        return None

    def level(self, framework_id: str, unit_id: str, key: str) -> Step:
        """A unit's level, with the conditions it meets and those that keep the next better level away."""
        evidence, scheme = self.evidence, self.scheme(framework_id, key)
        kept = evidence.table(framework_id, "levels").one(unit_id, scheme=key)
        assert scheme is not None
        order = [*scheme.rules, NO_LEVEL]
        value = kept["level"] if kept else ""
        name = evidence.say("level_untold") if not value else self.level_words(scheme, value)
        title = scheme.scheme.label.say(evidence.language) if scheme.scheme.label else key
        listed = [value] if value in scheme.rules else []
        listed += [order[order.index(value) - 1]] if value in order[1:] else []
        now = self._decided(framework_id, unit_id, scheme)
        note = "" if now == value else evidence.say("level_differs", level=now or "–")
        conditions = [step for level in listed for step in self._conditions(framework_id, unit_id, scheme, level)]
        conditions += [] if value else self._blank(framework_id, unit_id, scheme)
        text = evidence.say("level", scheme=title, level=name)
        if kept and kept["blocking"]:
            met = len(kept["met"].split())
            text += evidence.say("level_next", met=met, all=met + kept["blocking"].count(";") + 1)
        return Step("level", f"{unit_id}/{key}", text, value, checked(not note), note, tuple(conditions))

    def _blank(self, framework_id: str, unit_id: str, scheme: Scheme) -> list[Step]:
        """The values that are missing for a level."""
        points, row = self.evidence.points(framework_id), self.evidence.lines(framework_id, unit_id).row
        nodes = dict.fromkeys(node for rules in scheme.rules.values() for node in rules)
        missing = [node for node in nodes if points.exactly.points(node, row) is None]
        return [self.nodes.points(framework_id, unit_id, node) for node in missing]

    def level_words(self, scheme: Scheme, level: str, language: str = "") -> str:
        """A level's name."""
        spoken = language or self.evidence.language
        if level == NO_LEVEL:
            return scheme.scheme.otherwise.say(spoken) if scheme.scheme.otherwise else "–"
        return scheme.scheme.labels[level].say(spoken) if level in scheme.scheme.labels else level

    def _decided(self, framework_id: str, unit_id: str, scheme: Scheme) -> str:
        """The level by the exact points; empty where a value it rests on is blank."""
        points, row = self.evidence.points(framework_id), self.evidence.lines(framework_id, unit_id).row
        nodes = {node for rules in scheme.rules.values() for node in rules}
        if any(points.exactly.points(node, row) is None for node in nodes):
            return ""
        for level, rules in scheme.rules.items():
            if all(levels.distance(points, node, least, scheme.on, row) <= 0 for node, least in rules.items()):
                return level
        return NO_LEVEL

    def _conditions(self, framework_id: str, unit_id: str, scheme: Scheme, level: str) -> Iterator[Step]:
        """The thresholds of a level, those on the highest nodes first, so that the others were shown below them."""
        points, row = self.evidence.points(framework_id), self.evidence.lines(framework_id, unit_id).row
        known, rules = self.evidence.framework(framework_id), scheme.rules[level]
        path, line = self.files.part(framework_id, "levels", scheme.scheme.id)
        for node in sorted(rules, key=known.depth):
            missing = levels.distance(points, node, rules[node], scheme.on, row)
            places = known.rounding.share if scheme.on == "share" else known.rounding.shown
            held = "condition_met" if missing <= 0 else "condition_not"
            said = {"level": self.level_words(scheme, level), "label": self.nodes.label(framework_id, node)}
            said |= {"least": self._least(rules[node]), "value": self._value(framework_id, unit_id, node, scheme.on)}
            if scheme.on == "points" and isinstance(rules[node], Share):
                said["value"] += self._of_maximum(framework_id, unit_id, node, Fraction(rules[node]), missing)
            said["held"] = self.evidence.say(held, missing=self._missing(missing, places))
            said["sign"] = "≥" if missing <= 0 else "<"
            above = self.nodes.shown(unit_id, node)
            step = self.nodes.share if scheme.on == "share" else self.nodes.points
            below = () if above else (step(framework_id, unit_id, node),)
            text, at = self.evidence.say("condition", **said), f"{self.files.inside(path)}:{line}"
            yield Step("condition", at, text, exact_text(missing), children=below)

    def _missing(self, missing: Fraction, places: int) -> str:
        """What is missing for a threshold; never a rounded zero."""
        enough = next((more for more in range(places, PERCENT[-1]) if round_exact(missing, more)), places)
        return show(missing, enough, self.evidence.language)

    def _value(self, framework_id: str, unit_id: str, node_id: str, on: str) -> str:
        """The value that meets a threshold, as levels look at it."""
        points, row = self.evidence.points(framework_id), self.evidence.lines(framework_id, unit_id).row
        exactly, places = points.exactly, levels.level_places(points, on)
        value = exactly.share(node_id, row) if on == "share" else exactly.points(node_id, row)
        if value is None or places is None:
            return short(value, self.evidence.language)
        return show(value, places, self.evidence.language, points.framework.rounding.mode)

    def _of_maximum(self, framework_id: str, unit_id: str, node_id: str, least: Fraction, missing: Fraction) -> str:
        """` of 40 = 91.3 %`: the share of the maximum that meets a threshold in percent.

        It has as many decimals as it needs to stand on the side of the threshold on which the exact share stands.
        """
        points, row = self.evidence.points(framework_id), self.evidence.lines(framework_id, unit_id).row
        top = points.exactly.maximum(node_id, row)
        if not top:
            return ""
        share, language, mode = (least - missing / top) * 100, self.evidence.language, points.framework.rounding.mode
        sides = (places for places in PERCENT if (round_exact(share, places, mode) >= least * 100) == (missing <= 0))
        shown = show(share, next(sides, PERCENT[-1]), language, mode)
        return self.evidence.say("condition_share", max=short(top, language), share=shown)

    def _least(self, least: Fraction) -> str:
        if isinstance(least, Share):
            return f"{short(Fraction(least) * 100, self.evidence.language)} %"
        return short(Fraction(least), self.evidence.language)

    def comparison(self, framework_id: str, unit_id: str, comparison_id: str) -> Step:
        """A computed value beside a printed one."""
        evidence = self.evidence
        each = next(each for each in evidence.framework(framework_id).comparisons if each.id == comparison_id)
        row = evidence.table(framework_id, "comparisons").one(unit_id, comparison=comparison_id)
        said = {name: row[name] if row else "–" for name in ("computed", "printed", "difference")}
        title = each.label.say(evidence.language) if each.label else comparison_id
        children = (self._computed(framework_id, unit_id, each), self.answers.step(framework_id, unit_id, each.field))
        now = self._difference(framework_id, each, *children)
        note = "" if row and row["difference"] == now else evidence.say("comparison_differs", difference=now or "–")
        at, text = f"{unit_id}/{comparison_id}", evidence.say("comparison", label=title, **said)
        return Step("comparison", at, text, said["difference"], checked(not note), note, children)

    def _computed(self, framework_id: str, unit_id: str, each: Comparison) -> Step:
        if each.on == "rank":
            return self.ranks.rank(framework_id, unit_id, each.against)
        step = self.nodes.share if each.on == "share" else self.nodes.points
        return step(framework_id, unit_id, each.against)

    def _difference(self, framework_id: str, each: Comparison, computed: Step, printed: Step) -> str:
        if not computed.value or not printed.value:
            return ""
        value, mode = from_text(computed.value), self.evidence.framework(framework_id).rounding.mode
        if each.decimals is not None and each.on != "rank":
            value = round_exact(value, each.decimals, mode)
        return exact_text(value - from_text(printed.value))
