"""Parses the formulas of a framework and checks the names and kinds in them."""

from __future__ import annotations

from minhbach import formula, formula_parse
from minhbach.errors import FormulaError
from minhbach.formula import Binary, Call, Name, Text, Tree
from minhbach.model import FrameworkFile
from minhbach.shapes import Mistakes, Place, suggestion


class Formulas:
    """The parsed formulas, applicability conditions and checks of a framework, by id of their node or check."""

    def __init__(self, spec: FrameworkFile, mistakes: Mistakes) -> None:
        self.spec = spec
        self.mistakes = mistakes
        self.printed = {comparison.field for comparison in spec.comparisons}
        self.nodes: dict[str, Tree] = {}
        self.applies: dict[str, Tree] = {}
        self.checks: dict[str, Tree] = {}
        self.parse()

    def parse(self) -> None:
        for name, node in self.spec.nodes.items():
            for key, trees in (("formula", self.nodes), ("applies", self.applies)):
                text = getattr(node, key)
                if text is not None:
                    self.read(text, ("nodes", name, key), trees, name, node.max_points is not None)
        for index, each in enumerate(self.spec.checks):
            self.read(each.expect, ("checks", index, "expect"), self.checks, each.id, False)

    def read(self, text: str, place: Place, trees: dict[str, Tree], key: str, has_maximum: bool) -> None:
        try:
            tree = formula_parse.parse(text)
        except FormulaError as error:
            self.mistakes.say(place, str(error))
            return
        trees[key] = tree
        for name in sorted(formula.names(tree) - {"max_points"}):
            known = self.mistakes.known(name, {*self.spec.fields, *self.spec.nodes}, place, "field or node")
            if known and name in self.printed and place[0] != "checks":
                self.mistakes.say(place, f"{name!r} is a printed result; it may be compared, never calculated with.")
        if "max_points" in formula.names(tree) and not has_maximum:
            self.mistakes.say(place, "max_points is used, but there is none here.")
        if place[-1] != "formula" and formula.is_inexact(tree):
            self.mistakes.say(place, "a condition is decided exactly; it has no log, geometric_mean or root.")
        self.kinds(tree, place)

    def kinds(self, tree: Tree, place: Place) -> None:
        """Texts are only compared, chosen from, or asked whether they are blank."""
        for part in formula.walk(tree):
            if isinstance(part, Call) and part.function == "choice":
                self.options(part, place)
            if isinstance(part, Call) and part.function == "yes" and not self.is_yes_no(part.arguments[0]):
                self.mistakes.say(place, "yes(…) takes one yes_no field.")
            allowed = isinstance(part, Call) and part.function in ("choice", "blank")
            texts = [below for below in formula.children(part) if self.is_text(below)]
            if isinstance(part, Binary) and part.operator in ("==", "!="):
                allowed = len(texts) == 2
                self.offered(part, place)
            if texts and not allowed:
                what = texts[0].id if isinstance(texts[0], Name) else repr(texts[0].value)  # type: ignore[union-attr]
                self.mistakes.say(
                    place,
                    f"{what} is a text and cannot be calculated with; use choice(…), yes(…), == or blank(…).",
                )
        if self.is_text(tree):
            self.mistakes.say(place, "the formula gives a text, not a number.")

    def offered(self, part: Binary, place: Place) -> None:
        """A text that a choice is compared with must be one of its options."""
        for name, text in ((part.left, part.right), (part.right, part.left)):
            if isinstance(name, Name) and isinstance(text, Text) and self.is_text(name):
                options = self.spec.fields[name.id].options
                if options:
                    self.mistakes.known(text.value, options, place, f"option of {name.id}")

    def is_text(self, tree: Tree) -> bool:
        return isinstance(tree, Text) or (
            isinstance(tree, Name)
            and tree.id in self.spec.fields
            and self.spec.fields[tree.id].type in ("choice", "text", "date")
        )

    def is_yes_no(self, tree: Tree) -> bool:
        return isinstance(tree, Name) and tree.id in self.spec.fields and self.spec.fields[tree.id].type == "yes_no"

    def options(self, call: Call, place: Place) -> None:
        name = call.arguments[0]
        if not isinstance(name, Name) or name.id not in self.spec.fields or self.spec.fields[name.id].type != "choice":
            self.mistakes.say(place, "choice(…) takes one field of type choice and its table.")
            return
        offered, priced = set(self.spec.fields[name.id].options), {key.value for key, _ in call.table}
        for option in sorted(offered - priced):
            self.mistakes.say(place, f"the option {option!r} of {name.id} has no points in choice(…).")
        for option in sorted(map(str, priced - offered)):
            self.mistakes.say(
                place,
                f"{name.id} has no option {option!r}; {suggestion(option, offered) or 'see its options.'}",
            )

    def referred(self) -> set[str]:
        """Nodes that a formula, ranking, comparison or level looks at."""
        trees = (*self.nodes.values(), *self.applies.values())
        used = {name for tree in trees for name in formula.names(tree)}
        used |= {ranking.by for ranking in self.spec.rankings} | {each.against for each in self.spec.comparisons}
        used |= {node for scheme in self.spec.levels for node in scheme.of}
        return used | {node for scheme in self.spec.levels for rule in scheme.conditions.values() for node in rule}

    def below(self, name: str) -> set[str]:
        """Nodes that must be computed before this one."""
        trees = [known[name] for known in (self.nodes, self.applies) if name in known]
        found = {each for tree in trees for each in formula.names(tree)} | set(self.spec.nodes[name].children)
        return found & set(self.spec.nodes)
