"""Random formulas as trees, and their texts."""

from fractions import Fraction

from hypothesis import strategies as st

from minhbach.formula import Binary, Call, Choose, Name, Number, Text, Tree, Unary

NUMBERS = ("0", "1", "2", "3", "0.1", "0.2", "0.3", "0.5", "2.675", "100", "0.00001", "123456789012")
OPTIONS = ("Có", "Một phần", "Không")
OPERATORS = ("+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=", "and", "or")


def number(text: str) -> Number:
    """A written number, also negative or a fraction as in a table."""
    return Number(Fraction(text), text)


def table(pairs: dict[str, str]) -> tuple[tuple[Number, Number], ...]:
    """A table of steps as the parser sorts it."""
    rows = {number(key).value: (number(key), number(points)) for key, points in pairs.items()}
    return tuple(rows[key] for key in sorted(rows))


POINTS = st.sampled_from((*NUMBERS, "-1", "1/3"))
TABLES = st.dictionaries(st.sampled_from((*NUMBERS, "-2", "1/3", "2/3")), POINTS, min_size=1, max_size=4).map(table)
CHOICES = st.tuples(POINTS, POINTS, POINTS).map(
    lambda points: tuple((Text(option), number(each)) for option, each in zip(OPTIONS, points, strict=True))
)
LEAVES: st.SearchStrategy[Tree] = st.one_of(
    st.sampled_from(NUMBERS).map(number),
    st.sampled_from(("a", "b", "c", "n")).map(Name),
    st.just(Call("yes", (Name("d"),))),
    st.sampled_from(("e", "t", "d")).map(lambda name: Call("blank", (Name(name),))),
    CHOICES.map(lambda rows: Call("choice", (Name("e"),), rows)),
    st.sampled_from(OPTIONS).map(lambda option: Binary("==", Name("e"), Text(option))),
    st.sampled_from(OPTIONS).map(lambda option: Binary("!=", Text(option), Name("e"))),
)


def _larger(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.one_of(
        st.builds(Unary, st.sampled_from(("-", "not")), inner),
        st.builds(Binary, st.sampled_from(OPERATORS), inner, inner),
        st.builds(Binary, st.just("**"), inner, st.sampled_from(("0", "1", "2", "3")).map(number)),
        st.builds(Binary, st.just("**"), inner, st.just(Unary("-", number("2")))),
        st.builds(Choose, inner, inner, inner),
        st.builds(lambda x, rows: Call("steps", (x,), rows), inner, TABLES),
        st.builds(lambda f, x, y: Call(f, (x, y)), st.sampled_from(("ratio", "capped", "if_blank")), inner, inner),
        st.builds(lambda x, y, z: Call("count_points", (x, y, z)), inner, inner, inner),
        st.builds(lambda f, x: Call(f, (x,)), st.sampled_from(("best", "worst", "blank")), inner),
        st.builds(
            lambda f, each: Call(f, tuple(each)),
            st.sampled_from(("sum", "mean", "min", "max")),
            st.lists(inner, min_size=1, max_size=3),
        ),
        st.builds(lambda x, w, y, v: Call("weighted_mean", (x, w, y, v)), inner, inner, inner, inner),
        st.builds(
            lambda x, places: Call("round_half_up", (x, number(places))), inner, st.sampled_from(("0", "1", "2"))
        ),
    )


TREES: st.SearchStrategy[Tree] = st.recursive(LEAVES, _larger, max_leaves=10)


def unparse(tree: Tree) -> str:
    """The text of a formula, with brackets around every part."""
    match tree:
        case Number(_, text):
            return text
        case Text(text):
            return f'"{text}"'
        case Name(name):
            return name
        case Unary(operator, operand):
            return f"({operator} {unparse(operand)})"
        case Binary("**", left, Unary(_, Number(_, text))):
            return f"({unparse(left)} ** -{text})"
        case Binary(operator, left, right):
            return f"({unparse(left)} {operator} {unparse(right)})"
        case Choose(condition, then, otherwise):
            return f"({unparse(then)} if {unparse(condition)} else {unparse(otherwise)})"
        case Call(function, arguments, rows):
            parts = [unparse(each) for each in arguments]
            if rows:
                parts.append("{" + ", ".join(f"{unparse(key)}: {points.text}" for key, points in rows) + "}")
            return f"{function}({', '.join(parts)})"
    raise AssertionError(tree)
