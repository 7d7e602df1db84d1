"""Reads a formula: a closed grammar, bounded in length, nesting and powers.

Python's `ast` does the parsing, after our own tokeniser has let only the tokens of the language through; of its
node types only those named here survive.
"""

from __future__ import annotations

import ast
import re
import warnings
from fractions import Fraction

from minhbach.errors import FormulaError
from minhbach.formula import FUNCTIONS, Binary, Call, Choose, Name, Number, Text, Tree, Unary, walk
from minhbach.formula_bounds import MAX_DEGREE, degree

MAX_LENGTH = 2000
MAX_DEPTH = 40
MAX_POWER = 16
MAX_DIGITS = 30
MAX_PLACES = 12
MAX_PARTS = 2000

TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>[0-9]+(?:\.[0-9]+)?)(?![\w.])
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)(?!["'])
      | (?P<text>"[^"\\\x00-\x1f\x7f\ud800-\udfff]*"|'[^'\\\x00-\x1f\x7f\ud800-\udfff]*')(?!\s*["'])
      | (?P<sign>\*\*|[-+*/(),:{}]|<=|>=|==|!=|<|>)
    )""",
    re.VERBOSE,
)
COMPARISONS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}


def parse(text: str) -> Tree:
    """Parses a formula.

    Raises:
        FormulaError: with the place (character, from 1), what stands there and what is allowed.
    """
    line = _one_line(text.strip())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(line, mode="eval").body
        tree = _Reader(line).read(body, 0)
    except SyntaxError as error:
        raise FormulaError(
            f"{_place(line, (error.offset or 1) - 1)}: the formula breaks off or is out of order here."
        ) from None
    except (ValueError, RecursionError, MemoryError):
        raise FormulaError("The formula is nested too deeply.") from None
    return tree


def _place(line: str, offset: int) -> str:
    return f"at character {offset + 1}, {line[offset : offset + 20]!r}" if offset < len(line) else "at the end"


def _one_line(text: str) -> str:
    """The formula on one line, texts in quotes untouched, every character in its place.

    Lets only the tokens of the language reach Python's parser: no comments, no exotic literals, bounded nesting.
    """
    if not text or len(text) > MAX_LENGTH:
        raise FormulaError(f"A formula has 1 to {MAX_LENGTH} characters; this one has {len(text)}.")
    line, depth = "", 0
    while len(line) < len(text):
        match = TOKEN.match(text, len(line))
        if match is None:
            start = len(text) - len(text[len(line) :].lstrip())
            raise FormulaError(f"{_place(text, start)}: no such sign or number in the formula language.")
        token, start = match[match.lastindex or 0], match.start(match.lastindex or 0)
        if match["number"] and len(token) > MAX_DIGITS:
            raise FormulaError(f"{_place(text, start)}: a number has at most {MAX_DIGITS} digits.")
        depth += (token in ("(", "{")) - (token in (")", "}"))
        if depth > MAX_DEPTH:
            raise FormulaError(f"{_place(text, start)}: brackets are nested more than {MAX_DEPTH} deep.")
        line += " " * (start - len(line)) + token
    return line


class _Reader:
    """Turns Python's syntax tree into ours, refusing whatever is not in the language."""

    def __init__(self, line: str) -> None:
        self.line, self.encoded = line, line.encode()  # Python counts bytes, readers count characters

    def fail(self, node: ast.AST, message: str) -> FormulaError:
        before = self.encoded[: getattr(node, "col_offset", 0)]
        return FormulaError(f"{_place(self.line, len(before.decode()))}: {message}")

    def read(self, node: ast.AST, depth: int) -> Tree:
        if depth > MAX_DEPTH:
            raise self.fail(node, f"nested more than {MAX_DEPTH} deep.")
        match node:
            case ast.Constant(value=str() as text):
                return Text(text)
            case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
                return self.number(node)
            case ast.Name(id=name):
                return Name(name)
            case ast.UnaryOp(op=ast.USub() | ast.Not() as operator, operand=operand):
                return Unary("-" if isinstance(operator, ast.USub) else "not", self.read(operand, depth + 1))
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in ARITHMETIC:
                return self.arithmetic(node, self.read(left, depth + 1), self.read(right, depth + 1))
            case ast.BoolOp(op=operator, values=values):
                return self.chain("and" if isinstance(operator, ast.And) else "or", values, depth)
            case ast.Compare():
                return self.comparison(node, depth)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return Choose(*(self.read(part, depth + 1) for part in (test, body, orelse)))
            case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]):
                return self.call(node, function, arguments, depth)
        raise self.fail(node, "this is not part of the formula language.")

    def number(self, node: ast.Constant) -> Number:
        text = self.encoded[node.col_offset : node.end_col_offset].decode()
        return Number(Fraction(text), text)

    def arithmetic(self, node: ast.BinOp, left: Tree, right: Tree) -> Tree:
        tree = Binary(ARITHMETIC[type(node.op)], left, right)
        if tree.operator == "**":
            bare = right.operand if isinstance(right, Unary) and right.operator == "-" else right
            if not isinstance(bare, Number) or bare.value > MAX_POWER or bare.value.denominator > 1000:
                raise self.fail(node.right, f"an exponent is a written number of at most {MAX_POWER}.")
            if degree(tree) > MAX_DEGREE:
                raise self.fail(node, "powers of powers grow too large here.")
        return tree

    def chain(self, operator: str, values: list[ast.expr], depth: int) -> Tree:
        first, *rest = (self.read(value, depth + len(values) - 1) for value in values)
        for part in rest:
            first = Binary(operator, first, part)
        return first

    def comparison(self, node: ast.Compare, depth: int) -> Tree:
        parts = [self.read(part, depth + len(node.ops)) for part in (node.left, *node.comparators)]
        steps: list[Tree] = []
        for index, operator in enumerate(node.ops):
            if type(operator) not in COMPARISONS:
                raise self.fail(node, "only < <= > >= == != compare.")
            steps.append(Binary(COMPARISONS[type(operator)], parts[index], parts[index + 1]))
        tree = steps[0]
        for step in steps[1:]:
            tree = Binary("and", tree, step)
        # a < b < c names b twice, so chains within chains would double without end
        if len(steps) > 1 and sum(1 for _ in walk(tree)) > MAX_PARTS:
            raise self.fail(node, "too many comparisons within comparisons; compare two values at a time.")
        return tree

    def call(self, node: ast.Call, function: str, arguments: list[ast.expr], depth: int) -> Tree:
        if function not in FUNCTIONS:
            raise self.fail(node, f"there is no function {function!r}; there are: {', '.join(sorted(FUNCTIONS))}.")
        fewest, most, takes_table = FUNCTIONS[function]
        table = self.table(arguments.pop() if takes_table and arguments else node, function) if takes_table else ()
        given = len(arguments)
        if given < fewest or (most is not None and given > most) or (function == "weighted_mean" and given % 2):
            wanted = "pairs of value, weight" if function == "weighted_mean" else f"{fewest} argument(s)"
            wanted += " or more" if most is None else ""
            wanted += " and a table such as {1: 5, 2: 10}" if takes_table else ""
            raise self.fail(node, f"{function} takes {wanted}, here it has {given}.")
        read = tuple(self.read(argument, depth + 1) for argument in arguments)
        if function == "round_half_up":
            places = read[1]
            if not isinstance(places, Number) or places.value.denominator != 1 or places.value > MAX_PLACES:
                raise self.fail(node, f"round_half_up takes a written number of places, 0 to {MAX_PLACES}.")
        return Call(function, read, table)

    def table(self, node: ast.AST, function: str) -> tuple[tuple[Number | Text, Number], ...]:
        if not isinstance(node, ast.Dict) or not node.keys:
            raise self.fail(node, f"{function} takes a table such as {{1: 5, 2: 10}} as its last argument.")
        rows = zip(node.keys, node.values, strict=True)
        pairs = [(self.key(key or node, function), self.constant(value)) for key, value in rows]
        keys = [key.value for key, _ in pairs]
        if len(set(keys)) != len(keys):
            raise self.fail(node, f"a table of {function} names the same value twice.")
        return tuple(sorted(pairs, key=lambda pair: pair[0].value)) if function == "steps" else tuple(pairs)

    def key(self, node: ast.AST, function: str) -> Number | Text:
        if function == "choice":
            key = self.read(node, 0)
            if isinstance(key, Text):
                return key
            raise self.fail(node, 'the left side of a choice is a text in quotes, such as "Có".')
        return self.constant(node)

    def constant(self, node: ast.AST) -> Number:
        """A written number, with a minus sign or as a fraction such as 1/2."""
        match self.read(node, 0):
            case Number() as number:
                return number
            case Unary("-", Number(value, text)):
                return Number(-value, f"-{text}")
            case Binary("/", Number(above, first), Number(below, second)) if below:
                return Number(above / below, f"{first}/{second}")
        raise self.fail(node, "a table holds written numbers only.")
