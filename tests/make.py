"""Small frameworks, answers and points from a few lines of YAML, and random formulas, for the tests of the engine."""

import textwrap
from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import strategies as st

from minhbach import framework_check, shapes, yamlfile
from minhbach.answers import Answers
from minhbach.errors import FileError
from minhbach.formula import Binary, Call, Choose, Name, Number, Text, Tree, Unary
from minhbach.framework import Framework
from minhbach.model import FrameworkFile
from minhbach.score import Points
from minhbach.units import Unit

HEAD = "id: test\nrevision: 1\ntitle: Test\nsource: {document: Test}\nunit_kind: xa\n"
FIELDS = """
fields:
  a: {label: A, type: number}
  b: {label: B, type: number}
  c: {label: C, type: number}
  n: {label: N, type: count}
  d: {label: D, type: yes_no}
  e: {label: E, type: choice, options: [Có, Một phần, Không]}
  t: {label: T, type: text}
"""
Rows = Sequence[Mapping[str, str]]


def text(body: str, fields: str = FIELDS) -> str:
    """A framework file: the head, the fields a b c n d e t, and the body."""
    return HEAD + textwrap.dedent(fields) + textwrap.dedent(body)


def checked(whole: str) -> Framework:
    """A framework from the text of its file; FileError with all its mistakes."""
    document = yamlfile.loads(whole, "test.yaml")
    spec = shapes.read(FrameworkFile, document)
    parsed = framework_check.check(spec, document.line)
    if parsed.problems:
        raise FileError(document.name, parsed.problems)
    return Framework(spec, parsed.formulas, parsed.conditions, parsed.checks, parsed.order)


def framework(body: str, fields: str = FIELDS) -> Framework:
    """A framework of the fields a b c n d e t and the body."""
    return checked(text(body, fields))


def mistakes(whole: str) -> list[str]:
    """Every mistake of a framework file, as `line N: place: message`."""
    with pytest.raises(FileError) as caught:
        checked(whole)
    return [str(problem) for problem in caught.value.problems]


def answers(of: Framework, rows: Rows, groups: Sequence[str] = (), ranked: Sequence[bool] = ()) -> Answers:
    """Answers of the units u1, u2, …: one mapping of field to text per unit, "" or absent is blank."""
    units = tuple(
        Unit(
            unit_id=f"u{place}",
            name=f"Xã {place}",
            name_en="",
            unit_kind=groups[place - 1] if groups else "xa",
            ranked=ranked[place - 1] if ranked else True,
        )
        for place in range(1, len(rows) + 1)
    )
    return Answers(of, units, {field: tuple(row.get(field, "") for row in rows) for field in of.fields})


def points(body: str, rows: Rows, groups: Sequence[str] = (), ranked: Sequence[bool] = ()) -> Points:
    """The points of the units u1, u2, … under the fields a b c n d e t and the body."""
    return Points(answers(framework(body), rows, groups, ranked))


def values(formula: str, rows: Rows, groups: Sequence[str] = ()) -> list[Fraction | None]:
    """What a formula gives for each unit, exactly; the columns of floats must say the same."""
    quoted = formula.replace("'", "''")
    scored = points(f"nodes:\n  result: {{label: R, formula: '{quoted}', information: true}}\n" + WITHIN, rows, groups)
    return exact_and_float(scored, "result")


WITHIN = "best_within: unit_kind\n"


def value(formula: str, **row: str) -> Fraction | None:
    """What a formula gives for one unit with these answers."""
    return values(formula, [row])[0]


def exact_and_float(scored: Points, node_id: str) -> list[Fraction | None]:
    """The exact points of all units; asserts that the floats are blank where they are, and as near as they promise."""
    column = scored.values[node_id]
    exact = [scored.exactly.points(node_id, row) for row in range(len(scored.answers.units))]
    for known, fast in zip(exact, column.array, strict=True):
        assert (known is None) == (fast != fast), (node_id, known, fast)
        assert known is None or abs(Fraction(float(fast)) - known) <= Fraction(column.error), (node_id, known, fast)
    return exact


# ---- random formulas -------------------------------------------------------------------------------------

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
