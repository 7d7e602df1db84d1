"""The parts of a formula as Excel writes them: operators, conditions, brackets, and what is moved elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from fractions import Fraction

from minhbach import formula
from minhbach.formula import Binary, Call, Choose, Name, Number, Text, Tree, Unary
from minhbach.numbers import exact_text

MOST_CHARACTERS = 700
MOST_NESTED = 16
MOST_REPEATED = 70
MOST_LITERAL = 255  # Excel refuses longer texts inside a formula
ATOM, MINUS, PLUS, TIMES = 9, 4, 5, 6
STRENGTH = {"+": PLUS, "-": PLUS, "*": TIMES, "/": TIMES}
SIGNS = {"==": "=", "!=": "<>"}
QUOTED = re.compile(r'"[^"]*"')
CALL_LIKE = re.compile(r"(?<=[A-Za-z])(?=\()")
Written = tuple[str, int]


@dataclass(frozen=True)
class Cells:
    """What a formula needs to know about the sheet.

    `read` gives the text that reads a name (see `reading`), `helper` and `group` the one that reads a column of its
    own for a part of the formula, or for a `best` or `worst`. `certain` gives the decimals up to which floats surely
    are right, None for whole numbers. `fields` are names whose zero is exact, `texts` names of texts.
    """

    read: Callable[[str], str]
    helper: Callable[[Tree], str]
    group: Callable[[Call], str]
    certain: Callable[[Tree], int | None]
    fields: Container[str]
    texts: Container[str]


def reading(cell: str, blank: str = "NA()") -> str:
    """A formula that gives a cell's value, and an error (or what `blank` says) where the cell is blank."""
    return f'IF({cell}="",{blank},{cell})'


def nesting(text: str) -> int:
    """How deep the brackets of a formula are nested."""
    depth = deepest = 0
    for character in QUOTED.sub("", text):
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest


def quoted(text: str) -> str:
    """A text literal; in pieces if it is long, or if a writer of workbooks could take a part of it for a function."""
    parts = CALL_LIKE.split(text)
    pieces = [part[at : at + MOST_LITERAL] for part in parts for at in range(0, max(1, len(part)), MOST_LITERAL)]
    doubled = ['"' + piece.replace('"', '""') + '"' for piece in pieces]
    return doubled[0] if len(doubled) == 1 else f"({'&'.join(doubled)})"


@dataclass
class Parts:
    """Writes the parts of one formula; `moved` are those that were given a column of their own."""

    cells: Cells
    moved: set[Tree] = field(default_factory=set)

    def number(self, tree: Tree, outer: int = 0) -> str:
        """A part of a formula, in brackets where what stands around it binds more tightly."""
        if tree in self.moved:
            return self.cells.helper(tree)
        text, own = self.written(tree)
        if self.too_long(text):
            return self.cells.helper(tree)
        return f"({text})" if own < outer else text

    def too_long(self, text: str) -> bool:
        return len(text) > MOST_CHARACTERS or nesting(text) > MOST_NESTED

    def repeated(self, tree: Tree) -> str:
        """A part that is needed more than once: moved to a column of its own unless it is short."""
        if len(self.number(tree, ATOM)) > MOST_REPEATED and not isinstance(tree, Name):
            self.moved.add(tree)
        return self.number(tree, ATOM)

    def written(self, tree: Tree) -> Written:
        match tree:
            case Number(value, _):
                text = exact_text(value)
                return text, MINUS if value < 0 else TIMES if "/" in text else ATOM
            case Text(text):
                return quoted(text), ATOM
            case Name(name):
                return self.cells.read(name), ATOM
            case Unary("-", operand):
                return f"-{self.number(operand, ATOM)}", MINUS
            case Binary("+" | "-" | "*" as operator, left, right):
                own = STRENGTH[operator]
                return self.number(left, own) + operator + self.number(right, own + 1), own
            case Binary("/", left, right):
                return self.quotient(left, right)
            case Binary("**", left, _):
                return self.power(left, formula.exponent(tree))
            case Unary() | Binary():
                return f"IF({self.condition(tree)},1,0)", ATOM
            case Choose(condition, then, otherwise):
                return f"IF({self.test(condition)},{self.number(then)},{self.number(otherwise)})", ATOM
            case Call("best" | "worst", _, _):
                return self.cells.group(tree), ATOM
            case Call(function, arguments, _):
                return self.call(tree, function, arguments)
        raise AssertionError(tree)

    def quotient(self, above: Tree, below: Tree) -> Written:
        """A division; what is zero only up to rounding counts as zero."""
        if isinstance(below, Number) and not below.value:
            return "NA()", ATOM
        places = None if self.sharp(below) else self.cells.certain(below)
        if places is None:
            return f"{self.number(above, TIMES)}/{self.number(below, TIMES + 1)}", TIMES
        text = self.repeated(below)
        return f"IF(ROUND({text},{places})=0,NA(),{self.number(above, TIMES)}/{text})", ATOM

    def sharp(self, tree: Tree) -> bool:
        """Whether a float is 0 exactly when the value is."""
        return isinstance(tree, Number) or (isinstance(tree, Name) and tree.id in self.cells.fields)

    def power(self, base: Tree, exponent: Fraction) -> Written:
        """A power as a function: Excel's ^ binds less tightly than a minus sign; 0 to the power of 0 is 1."""
        if exponent.denominator != 1:
            text = self.repeated(base)
            return f"IF({text}<0,NA(),POWER({text},{exact_text(exponent)}))", ATOM
        if exponent < 0:
            upper = Number(-exponent, str(-exponent))
            return self.quotient(Number(Fraction(1), "1"), Binary("**", base, upper))
        if exponent == 0:
            return f"0*{self.number(base, ATOM)}+1", PLUS
        return f"POWER({self.number(base)},{exponent})", ATOM

    def test(self, tree: Tree) -> str:
        """A condition as Excel's true or false."""
        text = f"{self.cells.helper(tree)}<>0" if tree in self.moved else self.condition(tree)
        return f"{self.cells.helper(tree)}<>0" if self.too_long(text) else text

    def condition(self, tree: Tree) -> str:
        match tree:
            case Unary("not", operand):
                return f"NOT({self.test(operand)})"
            case Binary("and" | "or" as operator, left, right):
                return f"{operator.upper()}({self.test(left)},{self.test(right)})"
            case Binary("==" | "!=" as operator, left, right) if self.is_text(left) or self.is_text(right):
                same = f"EXACT({self.number(left)},{self.number(right)})"
                return same if operator == "==" else f"NOT({same})"
            case Binary("<" | "<=" | ">" | ">=" | "==" | "!=" as operator, left, right):
                return self.compared(SIGNS.get(operator, operator), left, right)
        places = None if self.sharp(tree) else self.cells.certain(tree)
        return f"{self.number(tree, PLUS)}<>0" if places is None else f"ROUND({self.number(tree)},{places})<>0"

    def is_text(self, tree: Tree) -> bool:
        return isinstance(tree, Text) or (isinstance(tree, Name) and tree.id in self.cells.texts)

    def compared(self, sign: str, left: Tree, right: Tree) -> str:
        """Whole numbers as they are; otherwise the difference is rounded, so that equal values cannot fall apart."""
        difference = Binary("-", left, right)
        places = self.cells.certain(difference)
        if places is None:
            return f"{self.number(left, PLUS)}{sign}{self.number(right, PLUS)}"
        zero = isinstance(right, Number) and not right.value
        return f"ROUND({self.number(left if zero else difference)},{places}){sign}0"

    def call(self, tree: Call, function: str, arguments: tuple[Tree, ...]) -> Written:
        """A call of one of the language's functions."""
        raise NotImplementedError
