"""Points and shares as steps: the worked line of each node, computed again, and what it was computed from."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from minhbach import formula, formula_exact
from minhbach.formula import Call, Tree
from minhbach.formula_print import shown_exact, worked
from minhbach.numbers import exact_text, from_text, show
from minhbach.record import decimal
from minhbach.trace_answers import Answers
from minhbach.trace_evidence import Evidence
from minhbach.trace_files import Files
from minhbach.trace_graph import Step, checked

LONG = 14


def short(value: object, language: str) -> str:
    """An exact value in full when it is short, otherwise with 6 decimals."""
    if isinstance(value, Fraction) and len(exact_text(value)) > LONG:
        return "≈ " + show(value, 6, language)
    return shown_exact(value, language)


class Nodes:
    """The nodes of an edition's units as steps. A node that a chain has shown above is named again, not unfolded."""

    def __init__(self, evidence: Evidence, files: Files, answers: Answers) -> None:
        self.evidence, self.files, self.answers = evidence, files, answers
        self._shown: set[str] = set()

    def begin(self) -> None:
        """Starts a new chain, in which nothing was shown yet."""
        self._shown.clear()

    def shown(self, unit_id: str, node_id: str) -> bool:
        """Whether the chain has shown a node already."""
        return f"{unit_id}/{node_id}" in self._shown

    def points(self, framework_id: str, unit_id: str, node_id: str) -> Step:
        """The points of a node, its worked line, and below it the values put in."""
        at, text = f"{unit_id}/{node_id}", self.words(framework_id, unit_id, node_id)
        exactly, row = self.evidence.points(framework_id).exactly, self.evidence.lines(framework_id, unit_id).row
        value = exactly.points(node_id, row)
        known = "" if value is None else exact_text(value)
        holds, note = self._holds(framework_id, unit_id, node_id, value)
        if at in self._shown:
            return Step("points", at, f"{text} {self.evidence.say('above')}", known, checked(holds), note)
        self._shown.add(at)
        if exactly.left_out(node_id, row):
            text += self.evidence.say("left_out")
        children = (self._line(framework_id, unit_id, node_id, known), *self._below(framework_id, unit_id, node_id))
        return Step("points", at, text, known, checked(holds), note, children)

    def share(self, framework_id: str, unit_id: str, node_id: str) -> Step:
        """The share of a node's maximum that a unit has."""
        evidence, row = self.evidence, self.evidence.lines(framework_id, unit_id).row
        exactly = evidence.points(framework_id).exactly
        value, top = exactly.share(node_id, row), exactly.maximum(node_id, row)
        kept = evidence.table(framework_id, "scores").one(unit_id, node_id=node_id)
        holds = kept is not None and kept["share"] == ("" if value is None else decimal(value))
        places = evidence.framework(framework_id).rounding.share
        said = {"share": self._shown_number(value, places), "max": shown_exact(top, evidence.language)}
        text = evidence.say("share", label=self.label(framework_id, node_id), **said)
        note = "" if holds else evidence.say("scores_differ", value=kept["share"] if kept else "–")
        below = self.points(framework_id, unit_id, node_id)
        at, known = f"{unit_id}/{node_id}.share", "" if value is None else exact_text(value)
        return Step("share", at, text, known, checked(holds), note, (below,))

    def words(self, framework_id: str, unit_id: str, node_id: str) -> str:
        """A node's name with the points of a unit and the most it can have."""
        known = self.evidence.framework(framework_id)
        exactly, row = self.evidence.points(framework_id).exactly, self.evidence.lines(framework_id, unit_id).row
        top = exactly.maximum(node_id, row)
        shown = self._shown_number(exactly.points(node_id, row), known.rounding.shown)
        label = " ".join(filter(None, (known.nodes[node_id].number, self.label(framework_id, node_id))))
        if top is None:
            return self.evidence.say("points_alone", label=label, points=shown)
        return self.evidence.say("points", label=label, points=shown, max=shown_exact(top, self.evidence.language))

    def label(self, framework_id: str, node_id: str) -> str:
        """A node's name."""
        return self.evidence.framework(framework_id).nodes[node_id].label.say(self.evidence.language)

    def _shown_number(self, value: Fraction | None, places: int) -> str:
        language = self.evidence.language
        return shown_exact(None, language) if value is None else show(value, places, language)

    def _holds(self, framework_id: str, unit_id: str, node_id: str, value: Fraction | None) -> tuple[bool, str]:
        """Whether scores.csv has the value that the worked line gives now."""
        row = self.evidence.table(framework_id, "scores").one(unit_id, node_id=node_id)
        if row is None:
            return False, self.evidence.say("scores_differ", value="–")
        kept = row["exact"] or row["points"]
        if node_id in self.evidence.framework(framework_id).inexact or not kept:
            holds = row["points"] == ("" if value is None else decimal(value))
        else:
            holds = value is not None and from_text(kept) == value
        return holds, "" if holds else self.evidence.say("scores_differ", value=kept or "–")

    def _line(self, framework_id: str, unit_id: str, node_id: str, value: str) -> Step:
        node = self.evidence.framework(framework_id).nodes[node_id]
        line = self.evidence.lines(framework_id, unit_id).lines[node_id].removeprefix(f"{node_id} = ")
        written = " ".join((node.formula or " + ".join(node.children)).split())
        text = self.evidence.say("formula", formula=written, line=line.replace("= ≈", "≈"))
        return Step("formula", self.files.place(framework_id, "nodes", node_id), text, value)

    def _below(self, framework_id: str, unit_id: str, node_id: str) -> Iterator[Step]:
        """What a node is computed from: a condition, answers, other nodes, values of the whole group."""
        known = self.evidence.framework(framework_id)
        condition, tree = known.conditions.get(node_id), known.formulas.get(node_id)
        if condition is not None:
            yield self._condition(framework_id, unit_id, node_id, condition)
        listed = self._names(tree) if tree is not None else list(known.nodes[node_id].children)
        for name in listed:
            yield self._named(framework_id, unit_id, name)
        for part in formula.walk(tree) if tree is not None else ():
            if isinstance(part, Call) and part.function in ("best", "worst"):
                yield self._group(framework_id, unit_id, node_id, part)

    def _named(self, framework_id: str, unit_id: str, name: str) -> Step:
        if name in self.evidence.framework(framework_id).nodes:
            return self.points(framework_id, unit_id, name)
        return self.answers.step(framework_id, unit_id, name)

    def _names(self, tree: Tree) -> list[str]:
        """The fields and nodes of a formula, each once, in the order they are written."""
        found = [part.id for part in formula.walk(tree) if isinstance(part, formula.Name)]
        return [name for name in dict.fromkeys(found) if name != "max_points"]

    def _condition(self, framework_id: str, unit_id: str, node_id: str, tree: Tree) -> Step:
        """Whether a node applies to the unit."""
        points, row = self.evidence.points(framework_id), self.evidence.lines(framework_id, unit_id).row
        children = tuple(self._named(framework_id, unit_id, name) for name in self._names(tree))
        known = {child.id.partition("/")[2]: child.value for child in children}
        line = worked(tree, self.evidence.language, lambda name: known.get(name, name) or "–")
        met = points.exactly.applies(node_id, row)
        text = self.evidence.say("applies" if met else "applies_not", line=line)
        at = self.files.place(framework_id, "nodes", node_id)
        return Step("condition", at, text, "1" if met else "0", children=children)

    def _group(self, framework_id: str, unit_id: str, node_id: str, call: Call) -> Step:
        """The best or worst value of the unit's group, with what every unit of the group put in."""
        points, row = self.evidence.points(framework_id), self.evidence.lines(framework_id, unit_id).row
        argument = call.arguments[0]
        value = points.exactly.extreme(node_id, call, formula_exact.compiled(argument), row)
        members = [place for place, group in enumerate(points.groups) if group == points.groups[row]]
        rows = [self._row(framework_id, place, name) for place in members for name in self._names(argument)]
        said = {"function": call.function, "argument": worked(argument, self.evidence.language, str)}
        shown = short(value, self.evidence.language)
        text = self.evidence.say("group", count=len(members), value=shown, **said)
        known = exact_text(value) if isinstance(value, Fraction) else ""
        return Step("group", f"{unit_id}/{node_id}", text, known, children=tuple(rows))

    def _row(self, framework_id: str, place: int, name: str) -> Step:
        points = self.evidence.points(framework_id)
        unit = points.answers.units[place]
        is_node = name in points.framework.nodes
        value = points.exactly.points(name, place) if is_node else points.answers.exact(name, place)
        shown = short(value, self.evidence.language)
        known = exact_text(value) if isinstance(value, Fraction) else str(value or "")
        name_of = self.evidence.unit_name(unit.unit_id)
        return Step("row", f"{unit.unit_id}/{name}", f"{name_of}: {name} = {shown}", known)
