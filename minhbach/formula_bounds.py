"""How large exact numbers can become in a formula."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

from minhbach.formula import Binary, Call, Choose, Name, Tree, children, exponent

# These give one of their arguments, or something as small; all others combine theirs.
CHOOSING_FUNCTIONS = {
    "capped",
    "steps",
    "choice",
    "yes",
    "min",
    "max",
    "best",
    "worst",
    "if_blank",
    "blank",
    "round_half_up",
}
MAX_DEGREE = 5000


def degree(tree: Tree, of_name: Mapping[str, int] | None = None) -> int:
    """How many times as long as one number its result can be as a rational; names count 1 unless given.

    Sums count like products: a/b + c/d has the denominator b·d.
    """
    known = of_name or {}
    below = [degree(part, known) for part in children(tree)]
    match tree:
        case Name(id):
            return known.get(id, 1)
        case Binary("**", _, _):
            return below[0] * max(1, ceil(abs(exponent(tree))))
        case Call("weighted_mean", _, _):
            return 2 * sum(below)
        case Call(function, _, _) if function in CHOOSING_FUNCTIONS:
            return max(below)
        case Choose():
            return max(below)
        case _:
            return max(1, sum(below))
