"""Formulas worked out again by a few lines of their own, from what the cells of a chain say; knows no engine."""

import ast
import csv
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from minhbach.trace_chain import Chain
from minhbach.trace_graph import Step, walk

Value = Fraction | str | None


class ByHand:
    """The values of nodes from the worked lines and the cells of their chains; rows are followed to their own cells."""

    def __init__(self, chain: Chain, written: Mapping[str, Any]) -> None:
        """`written` is the content of the framework's file."""
        self.chain, self.nodes, self.fields = chain, written["nodes"], written["fields"]
        self.maxima = {name: Fraction(str(node.get("max_points", 0))) for name, node in self.nodes.items()}
        self.known: dict[str, Value] = {}

    def value(self, reference: str) -> Value:
        """The value of `unit/node` or `unit/field`."""
        if reference not in self.known:
            step = self.chain.unprinted(reference)
            assert step is not None, reference
            self.keep(step)
        return self.known[reference]

    def keep(self, step: Step) -> None:
        """Works out a node or an answer, and what it rests on."""
        for child in step.children:
            if child.kind in ("points", "answer") and child.id not in self.known and child.children:
                self.keep(child)
        if step.kind == "answer":
            field = self.fields[step.id.partition("/")[2]]
            value = answer(step, whole=field["type"] == "count")
            self.known[step.id] = Fraction(0) if value is None and field.get("missing") == "zero" else value
        elif step.kind == "points":
            self.known[step.id] = self.node(step)

    def node(self, step: Step) -> Value:
        unit_id, _, node_id = step.id.partition("/")
        if not self.applies(unit_id, node_id):
            return None
        if "formula" not in self.nodes[node_id]:
            return self.total(unit_id, node_id)
        line = next(child.text for child in step.children if child.kind == "formula").partition(" ⇒ ")[0]
        rows = [row.id for child in step.children if child.kind == "group" for row in child.children]
        units = list(dict.fromkeys(row.partition("/")[0] for row in rows))
        value = self.evaluate(ast.parse(line, mode="eval").body, node_id, unit_id, units)
        return Fraction(0) if value is None and self.nodes[node_id].get("missing") == "zero" else value

    def applies(self, unit_id: str, node_id: str) -> bool:
        condition = self.nodes[node_id].get("applies")
        return condition is None or self.evaluate(ast.parse(condition, mode="eval").body, node_id, unit_id, []) != 0

    def total(self, unit_id: str, node_id: str) -> Value:
        """The sum of the parts that apply, scaled up to the maximum where the framework says so."""
        parts = [child for child in self.nodes[node_id]["children"] if self.applies(unit_id, child)]
        values = [self.value(f"{unit_id}/{child}") for child in parts]
        if any(value is None for value in values):
            return None
        added = sum((value for value in values if isinstance(value, Fraction)), Fraction(0))
        top = sum((self.maxima[child] for child in parts), Fraction(0))
        return added * self.maxima[node_id] / top if self.nodes[node_id].get("rescale") else added

    def evaluate(self, tree: ast.expr, node_id: str, unit_id: str, group: list[str]) -> Value:
        def of(part: ast.expr, unit: str = unit_id) -> Value:
            return self.evaluate(part, node_id, unit, group)

        match tree:
            case ast.Constant(str() as text):
                return text
            case ast.Constant(number):
                return Fraction(str(number))
            case ast.Name("max_points"):
                return self.maxima[node_id]
            case ast.Name(name):
                return self.value(f"{unit_id}/{name}")
            case ast.IfExp(test, then, otherwise):
                met = of(test)
                return None if met is None else of(then if met else otherwise)
            case ast.Compare(left, [sign], [right]):
                return compared(of(left), sign, of(right))
            case ast.BinOp(left, sign, right):
                return combined(of(left), sign, of(right))
            case ast.Call(ast.Name("best"), [argument]):
                return max((each for unit in group if isinstance(each := of(argument, unit), Fraction)), default=None)
            case ast.Call(ast.Name("choice" | "steps" as name), [argument, ast.Dict(keys, points)]):
                pairs = [(of(key), of(each)) for key, each in zip(keys, points, strict=True) if key]
                return looked_up(name, of(argument), pairs)
            case ast.Call(ast.Name(name), arguments):
                return called(name, [of(each) for each in arguments])
        raise AssertionError(ast.dump(tree))


def answer(step: Step, *, whole: bool) -> Value:
    """What the answer's cell says, or the last correction of it; in whole numbers, 8.123 is eight thousand."""
    texts = {each.kind: each.value for each in reversed(list(walk(step))) if each.kind in ("cell", "correction")}
    text = " ".join((texts.get("correction") or texts.get("cell") or "").split())
    words = {"": None, "Có": Fraction(1), "Không": Fraction(0), "yes": Fraction(1), "no": Fraction(0)}
    if text in words:
        return words[text]
    plain = text.replace(".", "").replace(",", "") if whole else text.rstrip("%").replace(",", ".")
    number = plain.replace("/", "", 1).replace(".", "", 1)
    return Fraction(plain) / (100 if "%" in text else 1) if number.isdigit() else text


def compared(left: Value, sign: ast.cmpop, right: Value) -> Value:
    if left is None or right is None:
        return None
    holds = {"Eq": left == right, "NotEq": left != right}
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        holds |= {"Gt": left > right, "GtE": left >= right, "Lt": left < right, "LtE": left <= right}
    return Fraction(holds[type(sign).__name__])


def combined(left: Value, sign: ast.operator, right: Value) -> Value:
    if not isinstance(left, Fraction) or not isinstance(right, Fraction):
        return None
    match sign:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div():
            return left / right if right else None
    raise AssertionError(sign)


def looked_up(name: str, value: Value, pairs: list[tuple[Value, Value]]) -> Value:
    if value is None:
        return None
    if name == "choice":
        yes = {Fraction(1): "Có", Fraction(0): "Không"}
        return dict(pairs)[yes.get(value, value)]  # type: ignore[arg-type]
    assert isinstance(value, Fraction)
    reached = [points for least, points in pairs if isinstance(least, Fraction) and value >= least]
    return reached[-1] if reached else Fraction(0)


def called(name: str, values: list[Value]) -> Value:
    numbers = [each for each in values if isinstance(each, Fraction)]
    if name in ("sum", "mean", "min", "max"):
        many = {"sum": sum, "min": min, "max": max, "mean": lambda each: sum(each) / len(each)}
        return Fraction(many[name](numbers)) if numbers else None
    if name == "if_blank":
        return values[1] if values[0] is None else values[0]
    if name == "weighted_mean":
        pairs = [(x, w) for x, w in zip(values[::2], values[1::2], strict=True) if x is not None and w is not None]
        weight = sum((w for _, w in pairs if isinstance(w, Fraction)), Fraction(0))
        return sum((x * w for x, w in pairs), Fraction(0)) / weight if weight else None  # type: ignore[operator]
    if len(numbers) < len(values):
        return None
    match name, numbers:
        case "ratio", [above, below]:
            return above / below if below else None
        case "capped", [value, top]:
            return min(value, top)
        case "count_points", [count, each, top]:
            return min(count * each, top)
        case "yes", [value]:
            return value
    raise AssertionError(name)


def shown(value: Fraction, places: int) -> str:
    """A number as a Vietnamese document prints it, halves away from zero."""
    whole = (abs(value) * 10**places * 2 + 1) // 2
    digits = str(whole).rjust(places + 1, "0")
    front, back = (digits[:-places], digits[-places:]) if places else (digits, "")
    grouped = f"{int(front):,}".replace(",", ".")
    return ("-" if value < 0 else "") + grouped + ("," + back if back else "")


def cut(value: Fraction, places: int) -> Fraction:
    """A value rounded to so many places, halves away from zero."""
    return Fraction(shown(value, places).replace(".", "").replace(",", "."))


@cache
def rows(file: Path) -> tuple[Mapping[str, str], ...]:
    """The rows of a CSV."""
    with file.open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))
