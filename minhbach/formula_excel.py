"""Prints a formula as an Excel formula with the same meaning, for the workbook that LibreOffice recalculates.

Inside a formula a blank is an error (``NA()``), so it passes through operators and comparisons just as our blanks do,
and so does a division by zero; whoever puts the formula in a cell wraps it as ``IFERROR(…,"")``. Only functions that
Excel 2010 and LibreOffice 7 both know are used.

Floats: a decision (comparison, step, rounding) first rounds the number it looks at to decimals that are certain
(`Cells.certain`), so that a value that exactly reaches a threshold reaches it in floats too.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from minhbach.errors import FormulaError
from minhbach.formula import Binary, Call, Choose, Name, Number, Tree, Unary
from minhbach.formula_excel_parts import ATOM, Cells, Parts, Written, nesting

MOST_CHARACTERS = 8000  # Excel's own limits are 8192 characters and 64 levels
MOST_NESTED = 60
MOST_ARGUMENTS = 8
FILLERS = {"sum": "0", "min": "1E+300", "max": "-1E+300"}
ZERO, ONE = Number(Fraction(0), "0"), Number(Fraction(1), "1")


def excel(tree: Tree, cells: Cells) -> str:
    """The formula without its equals sign; an error where the formula is blank.

    Parts that are long, deeply nested or needed more than once are asked of `cells.helper`.

    Raises:
        FormulaError: it does not fit into a cell.
    """
    return fitting(Excel(cells).written(tree)[0])


def fitting(text: str) -> str:
    """The formula itself if a cell can hold it; FormulaError otherwise."""
    if len(text) > MOST_CHARACTERS or nesting(text) > MOST_NESTED:
        raise FormulaError(
            f"As an Excel formula this has {len(text)} characters and {nesting(text)} levels of brackets; a cell holds "
            f"{MOST_CHARACTERS} and {MOST_NESTED}. Put parts of it into nodes of their own."
        )
    return text


class Excel(Parts):
    """Writes one formula."""

    def call(self, tree: Call, function: str, arguments: tuple[Tree, ...]) -> Written:
        """A call of one of the language's functions."""
        match function, arguments:
            case "ratio", (a, b):
                return self.quotient(a, b)
            case "yes", (x,):
                return self.written(x)
            case "capped", (x, top):
                return f"MIN({self.number(x)},{self.number(top)})", ATOM
            case "count_points", (n, each, top):
                return f"MIN({self.number(Binary('*', n, each))},{self.number(top)})", ATOM
            case "if_blank", (x, y):
                return f"IFERROR({self.number(x)},{self.number(y)})", ATOM
            case "blank", (x,):
                return f"IF(ISERROR({self.number(x)}),1,0)", ATOM
            case "log", (x,):
                return f"LN({self.number(x)})", ATOM
            case "round_half_up", (x, Number(places, _)):
                return self.rounded(x, int(places))
            case (("steps" | "choice"), (x,)):
                return self.written(self.table(tree, x))
            case (("sum" | "min" | "max"), _):
                return self.present(function, arguments)
        return self.average(function, arguments)

    def rounded(self, x: Tree, places: int) -> Written:
        """Halves away from zero; the inner ROUND takes off what floats have added or lost."""
        certain, text = self.cells.certain(x), self.number(x)
        if certain is None:
            return self.written(x)
        return (f"ROUND(ROUND({text},{certain}),{places})" if certain > places else f"ROUND({text},{places})"), ATOM

    def table(self, tree: Call, x: Tree) -> Tree:
        """Steps and choices as conditions within conditions: the highest step stands outermost."""
        self.repeated(x)
        steps = tree.function == "steps"
        chosen: Tree = ZERO if steps else Binary("/", ZERO, ZERO)
        for key, points in tree.table if steps else reversed(tree.table):
            chosen = Choose(Binary(">=" if steps else "==", x, key), points, chosen)
        return chosen

    def present(self, function: str, arguments: tuple[Tree, ...]) -> Written:
        """A sum, minimum or maximum of what is not blank; blank when everything is."""
        if len(arguments) == 1:
            return self.written(arguments[0])
        if len(arguments) > MOST_ARGUMENTS:
            size = max(MOST_ARGUMENTS, -(-len(arguments) // MOST_ARGUMENTS))
            edges = pairwise([*range(0, len(arguments), size), len(arguments)])
            return self.present(function, tuple(Call(function, arguments[start:end]) for start, end in edges))
        sure = [isinstance(each, Number) or each == Name("max_points") for each in arguments]
        texts = [self.repeated(each) for each in arguments]
        filler = FILLERS[function]
        filled = [text if known else f"IFERROR({text},{filler})" for text, known in zip(texts, sure, strict=True)]
        body = f"{function.upper()}({','.join(filled)})"
        return (body if any(sure) else f"IF(COUNT({','.join(texts)})=0,NA(),{body})"), ATOM

    def average(self, function: str, arguments: tuple[Tree, ...]) -> Written:
        """A mean of what is not blank, by its definition."""
        match function:
            case "mean":
                count = tuple(Unary("not", Call("blank", (each,))) for each in arguments)
                return self.quotient(Call("sum", arguments), Call("sum", count))
            case "weighted_mean":
                pairs = list(zip(arguments[::2], arguments[1::2], strict=True))
                weights = tuple(Binary("+", Binary("*", ZERO, x), w) for x, w in pairs)  # blank where x is
                return self.quotient(Call("sum", tuple(Binary("*", x, w) for x, w in pairs)), Call("sum", weights))
            case "geometric_mean":
                low = self.repeated(Call("min", arguments))
                mean = self.number(Call("mean", tuple(Call("log", (each,)) for each in arguments)))
                return f"IF({low}<0,NA(),IF({low}=0,0,EXP({mean})))", ATOM
        raise AssertionError(function)
