"""Prints a formula as an Excel formula with the same meaning, for the workbook that LibreOffice recalculates.

Inside a formula a blank is an error (``NA()``), so it passes through operators and comparisons just as our blanks do,
and so does a division by zero; whoever puts the formula in a cell wraps it as ``IFERROR(…,"")``. Only functions that
Excel 2010 and LibreOffice 7 both know are used.

Floats: a decision (comparison, step, rounding) first rounds the number it looks at to decimals that are certain
(`Cells.certain`), so that a value that exactly reaches a threshold reaches it in floats too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from minhbach import formula
from minhbach.errors import FormulaError
from minhbach.formula import Binary, Call, Choose, Name, Number, Text, Tree, Unary
from minhbach.numbers import exact_text

MOST_CHARACTERS = 700
MOST_NESTED = 16
MOST_REPEATED = 70
MOST_ARGUMENTS = 8
MOST_LITERAL = 255  # Excel refuses longer texts inside a formula
ATOM, MINUS, PLUS, TIMES = 9, 4, 5, 6
STRENGTH = {"+": PLUS, "-": PLUS, "*": TIMES, "/": TIMES}
SIGNS = {"==": "=", "!=": "<>"}
BLANK = Binary("/", Number(Fraction(0), "0"), Number(Fraction(0), "0"))
FILLERS = {"sum": "0", "min": "1E+300", "max": "-1E+300"}
QUOTED = re.compile(r'"[^"]*"')
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


def excel(tree: Tree, cells: Cells) -> str:
    """The formula without its equals sign; an error where the formula is blank.

    Parts that are long, deeply nested or needed more than once are asked of `cells.helper`.

    Raises:
        FormulaError: it cannot be written within Excel's 8192 characters and 64 levels.
    """
    text = _Excel(cells).written(tree)[0]
    if len(text) > 8000 or nesting(text) > 60:
        raise FormulaError("The formula is too long for a workbook; put parts of it into nodes of their own.")
    return text


def nesting(text: str) -> int:
    """How deep the brackets of a formula are nested."""
    depth = deepest = 0
    for character in QUOTED.sub("", text):
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest


def literal(value: Fraction) -> str:
    """A number; one that does not end is written as a quotient."""
    return exact_text(value)


def quoted(text: str) -> str:
    """A text literal, in pieces if it is long."""
    pieces = [text[at : at + MOST_LITERAL] for at in range(0, max(1, len(text)), MOST_LITERAL)]
    doubled = ['"' + piece.replace('"', '""') + '"' for piece in pieces]
    return doubled[0] if len(doubled) == 1 else f"({'&'.join(doubled)})"


@dataclass
class _Excel:
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
        text = self.number(tree, ATOM)
        if len(text) > MOST_REPEATED:
            self.moved.add(tree)
        return self.number(tree, ATOM)

    def written(self, tree: Tree) -> Written:
        match tree:
            case Number(value, _):
                return literal(value), MINUS if value < 0 else ATOM if value.denominator in (1, 10, 100) else TIMES
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
                return f"IF({self.test(tree)},1,0)", ATOM
            case Choose(condition, then, otherwise):
                return f"IF({self.test(condition)},{self.number(then)},{self.number(otherwise)})", ATOM
            case Call("best" | "worst", _, _):
                return self.cells.group(tree), ATOM
            case Call(function, arguments, _):
                return _call(self, tree, function, arguments)
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
            return f"IF({text}<0,NA(),POWER({text},{literal(exponent)}))", ATOM
        if exponent < 0:
            upper = Number(-exponent, str(-exponent))
            return self.quotient(Number(Fraction(1), "1"), Binary("**", base, upper))
        return (f"POWER({self.number(base)},{exponent})", ATOM) if exponent else (f"0*{self.number(base, ATOM)}+1", PLUS)

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


def _call(to: _Excel, tree: Call, function: str, arguments: tuple[Tree, ...]) -> Written:
    match function, arguments:
        case "ratio", (a, b):
            return to.quotient(a, b)
        case "yes", (x,):
            return to.written(x)
        case "capped", (x, top):
            return f"MIN({to.number(x)},{to.number(top)})", ATOM
        case "count_points", (n, each, top):
            return f"MIN({to.number(Binary('*', n, each))},{to.number(top)})", ATOM
        case "if_blank", (x, y):
            return f"IFERROR({to.number(x)},{to.number(y)})", ATOM
        case "blank", (x,):
            return f"IF(ISERROR({to.number(x)}),1,0)", ATOM
        case "log", (x,):
            return f"LN({to.number(x)})", ATOM
        case "round_half_up", (x, Number(places, _)):
            return _rounded(to, x, int(places))
        case ("steps" | "choice"), (x,):
            return to.written(_table(tree, function, x, to))
        case ("sum" | "min" | "max"), _:
            return _present(to, function, arguments)
        case "mean", _:
            count = tuple(Unary("not", Call("blank", (each,))) for each in arguments)
            return to.quotient(Call("sum", arguments), Call("sum", count))
        case "weighted_mean", _:
            return _weighted(to, arguments)
        case "geometric_mean", _:
            return _geometric(to, arguments)
    raise AssertionError(tree)


def _rounded(to: _Excel, x: Tree, places: int) -> Written:
    certain = to.cells.certain(x)
    if certain is None:
        return to.written(x)
    text = to.number(x)
    return (f"ROUND(ROUND({text},{certain}),{places})" if certain > places else f"ROUND({text},{places})"), ATOM


def _table(tree: Call, function: str, x: Tree, to: _Excel) -> Tree:
    """Steps and choices as conditions within conditions: the highest step stands outermost."""
    to.repeated(x)
    chosen: Tree = Number(Fraction(0), "0") if function == "steps" else BLANK
    for key, points in tree.table if function == "steps" else reversed(tree.table):
        chosen = Choose(Binary(">=" if function == "steps" else "==", x, key), points, chosen)
    return chosen


def _present(to: _Excel, function: str, arguments: tuple[Tree, ...]) -> Written:
    """A sum, minimum or maximum of what is not blank; blank when everything is."""
    if len(arguments) == 1:
        return to.written(arguments[0])
    if len(arguments) > MOST_ARGUMENTS:
        size = max(MOST_ARGUMENTS, -(-len(arguments) // MOST_ARGUMENTS))
        edges = pairwise([*range(0, len(arguments), size), len(arguments)])
        return _present(to, function, tuple(Call(function, arguments[start:end]) for start, end in edges))
    sure = [isinstance(each, Number) or each == Name("max_points") for each in arguments]
    texts = [to.repeated(each) for each in arguments]
    filler = FILLERS[function]
    filled = [text if known else f"IFERROR({text},{filler})" for text, known in zip(texts, sure, strict=True)]
    body = f"{function.upper()}({','.join(filled)})"
    return (body if any(sure) else f"IF(COUNT({','.join(texts)})=0,NA(),{body})"), ATOM


def _weighted(to: _Excel, arguments: tuple[Tree, ...]) -> Written:
    pairs = list(zip(arguments[::2], arguments[1::2], strict=True))
    zero = Number(Fraction(0), "0")
    weights = tuple(Binary("+", Binary("*", zero, x), w) for x, w in pairs)  # blank where x is
    return to.quotient(Call("sum", tuple(Binary("*", x, w) for x, w in pairs)), Call("sum", weights))


def _geometric(to: _Excel, arguments: tuple[Tree, ...]) -> Written:
    """Blank where a value is below zero, zero where one is zero."""
    low = to.repeated(Call("min", arguments))
    mean = to.number(Call("mean", tuple(Call("log", (each,)) for each in arguments)))
    return f"IF({low}<0,NA(),IF({low}=0,0,EXP({mean})))", ATOM
