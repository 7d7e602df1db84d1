"""The formula language as a small frozen tree, and what can be asked of it.

A formula is a text such as ``max_points * capped(ratio(so_may_tinh, so_cbcc), 1)``. `formula_parse` reads it into
this tree once; the tree is evaluated over columns and with rationals (`formula_eval`, `formula_exact`) and printed
(`formula_print`). Nothing is ever evaluated as Python.

Blank rule: an operator or function with a blank argument is blank; only `sum`, `mean`, `weighted_mean`,
`geometric_mean`, `min`, `max`, `best` and `worst` leave blanks out, and `if_blank` and `blank` look at them.
A condition is a number, and counts as met when it is not 0; comparisons give 1 or 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from minhbach.errors import FormulaError


@dataclass(frozen=True, slots=True)
class Number:
    """A literal; `text` is how the author wrote it."""

    value: Fraction
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text literal, for comparing with an answer."""

    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """A field, a node, or `max_points`."""

    id: str


@dataclass(frozen=True, slots=True)
class Unary:
    """`-x` or `not x`."""

    operator: str
    operand: Tree


@dataclass(frozen=True, slots=True)
class Binary:
    """`+ - * / **`, the comparisons, `and`, `or`: always two operands."""

    operator: str
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Choose:
    """`then if condition else otherwise`."""

    condition: Tree
    then: Tree
    otherwise: Tree


@dataclass(frozen=True, slots=True)
class Call:
    """One of FUNCTIONS with its arguments; `table` for `steps` and `choice`."""

    function: str
    arguments: tuple[Tree, ...]
    table: tuple[tuple[Number | Text, Number], ...] = ()


Tree = Number | Text | Name | Unary | Binary | Choose | Call

# name: (fewest arguments, most arguments or None, takes a table as its last argument)
FUNCTIONS: dict[str, tuple[int, int | None, bool]] = {
    "ratio": (2, 2, False),
    "capped": (2, 2, False),
    "steps": (1, 1, True),
    "choice": (1, 1, True),
    "yes": (1, 1, False),
    "count_points": (3, 3, False),
    "sum": (1, None, False),
    "mean": (1, None, False),
    "weighted_mean": (2, None, False),
    "geometric_mean": (1, None, False),
    "min": (1, None, False),
    "max": (1, None, False),
    "best": (1, 1, False),
    "worst": (1, 1, False),
    "if_blank": (2, 2, False),
    "blank": (1, 1, False),
    "round_half_up": (2, 2, False),
    "log": (1, 1, False),
}
INEXACT_FUNCTIONS = {"log", "geometric_mean"}
RESERVED = {*FUNCTIONS, "max_points", "and", "or", "not", "if", "else", "true", "false", "none"}


def names(tree: Tree) -> frozenset[str]:
    """The fields and nodes a formula refers to (`max_points` too)."""
    return frozenset(part.id for part in walk(tree) if isinstance(part, Name))


def walk(tree: Tree) -> Iterator[Tree]:
    """The tree and everything below it, in the order it is written."""
    yield tree
    for part in children(tree):
        yield from walk(part)


def children(tree: Tree) -> tuple[Tree, ...]:
    """What stands directly below a part of a formula."""
    match tree:
        case Unary(_, operand):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case Choose(condition, then, otherwise):
            return (condition, then, otherwise)
        case Call(_, arguments, _):
            return arguments
        case _:
            return ()


def rewritten(tree: Tree, change: Callable[[Tree], Tree | None]) -> Tree:
    """The tree with every part that `change` answers replaced by its answer; what is replaced is not looked into."""
    new = change(tree)
    if new is not None:
        return new
    match tree:
        case Unary(operator, operand):
            return Unary(operator, rewritten(operand, change))
        case Binary(operator, left, right):
            return Binary(operator, rewritten(left, change), rewritten(right, change))
        case Choose(condition, then, otherwise):
            return Choose(*(rewritten(part, change) for part in (condition, then, otherwise)))
        case Call(function, arguments, table):
            return Call(function, tuple(rewritten(each, change) for each in arguments), table)
        case _:
            return tree


def is_inexact(tree: Tree) -> bool:
    """Whether a formula has a logarithm, a geometric mean or a fractional power, which rationals cannot hold."""
    return any(
        (isinstance(part, Call) and part.function in INEXACT_FUNCTIONS)
        or (isinstance(part, Binary) and part.operator == "**" and exponent(part).denominator != 1)
        for part in walk(tree)
    )


def exponent(tree: Binary) -> Fraction:
    """The written exponent of a power."""
    match tree.right:
        case Number(value, _):
            return value
        case Unary("-", Number(value, _)):
            return -value
        case _:  # the reader lets no other exponent through
            raise FormulaError("An exponent must be a number.")
