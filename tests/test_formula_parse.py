"""The parser lets the formula language through, names the place of anything else, and always comes back."""

from fractions import Fraction

import make
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from minhbach.errors import FormulaError
from minhbach.formula import Binary, Call, Choose, Name, Number, Text, Unary
from minhbach.formula_parse import parse

PIECES = [
    *("a", "max_points", "sum(", "steps(", "choice(", "capped(", "(", ")", "{", "}", "[", "]", ",", ":", " "),
    *("1", "0.5", "007", "1_0", "0x1", "1e5", "2j", ".", "'", '"', "“", "\\", "\n", "\t", "\0", "\ud800", "\u00a0"),
    *("+", "-", "*", "/", "**", "//", "%", "<", "<=", "==", "=", ":=", "!=", "~", "^", "&", "@", ";", "#", "\u0663"),
    *(" if ", " else ", " and ", " or ", " not ", " in ", " is ", " for ", "lambda ", "f'", "True", "None", "await "),
]


def refusal(text: str) -> str:
    """What the parser says about a text it refuses."""
    with pytest.raises(FormulaError) as caught:
        parse(text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("6", Number(Fraction(6), "6")),
        ("0.10", Number(Fraction(1, 10), "0.10")),
        ("-a", Unary("-", Name("a"))),
        ("not a", Unary("not", Name("a"))),
        ("a + 1", Binary("+", Name("a"), Number(Fraction(1), "1"))),
        ("a < b < c", Binary("and", Binary("<", Name("a"), Name("b")), Binary("<", Name("b"), Name("c")))),
        ("a and b and c", Binary("and", Binary("and", Name("a"), Name("b")), Name("c"))),
        ("a if b else c", Choose(Name("b"), Name("a"), Name("c"))),
        ("ratio(a, b)", Call("ratio", (Name("a"), Name("b")))),
        ("e == 'Có  một nửa'", Binary("==", Name("e"), Text("Có  một nửa"))),
        ('e == "# 1"', Binary("==", Name("e"), Text("# 1"))),
    ],
)
def test_formulas_become_trees(text: str, tree: object) -> None:
    """A formula becomes its tree; texts in quotes keep every space and sign."""
    assert parse(text) == tree


def test_a_table_is_exact_and_sorted() -> None:
    """Steps are sorted by where they begin; fractions and negative numbers are exact."""
    tree = parse("steps(a, {2: 10, 1/3: 5, -1: 0.1})")

    assert isinstance(tree, Call)
    assert [(key.value, points.value) for key, points in tree.table] == [
        (Fraction(-1), Fraction(1, 10)),
        (Fraction(1, 3), Fraction(5)),
        (Fraction(2), Fraction(10)),
    ]


def test_line_breaks_are_spaces() -> None:
    """A formula may stand on several lines, with any spaces between its signs."""
    assert parse(" a\n  +\u00a0\tb\n") == parse("a + b")


@pytest.mark.parametrize(
    "text",
    [
        *("a.b", "a[0]", "a[1:2]", "lambda: 1", "(lambda x: x)", "(a := 1)", "f'{a}'", "a # b", "rb'x'"),
        *("__import__('os')", "1_000", "0x1F", "0b1", "0o7", "1e5", "1E5", "2j", ".5", "5.", "007", "\u0663", "1a"),
        *("capped(x=1, top=2)", "capped(*a)", "sum(**a)", "{**a}", "[a]", "(a, b)", "a, b", "()", "{1: 2}", "{1}"),
        *("True", "None", "True + 1", "...", "a; b", "a = b", "a if b", "a if b else", "a not in b", "a in b"),
        *("a is b", "+a", "~a", "a // b", "a % b", "a @ b", "a & b", "a | b", "a ^ b", "a << b", "a <> b"),
        *("sum(a for a in b)", "yield a", "await a", "a b", "1 2", "'a' 'b'", "a()", "1()", "sum(a)(b)", "(sum)(a,)()"),
        *("", "   ", "(", ")", "a +", "* a", "'a", '"a\nb"', "'a\\'b'", "sum(", "sum(a,,b)", "a:b", "\0", "'\0'"),
        *("'\ud800'", "\ufeffa", "“a”", "a × b", "số_máy", "print('x')", "$a", "a?b:c", "a!b", "`a`"),
        *("9**9**9", "a ** b", "a ** n", "a ** (1 + 1)", "a ** 17", "a ** --1", "a ** 0.00001", "2 ** -99"),
        *("(((((a ** 16) ** 16) ** 16) ** 16) ** 16)", "1" * 31, "0." + "1" * 30),
        *("round_half_up(a, b)", "round_half_up(a, 0.5)", "round_half_up(a, -1)", "round_half_up(a, 13)"),
        *("steps(a)", "steps(a, 1)", "steps(a, {})", "steps({1: 2})", "steps(a, b, {1: 2})", "steps(a, {b: 1})"),
        *("steps(a, {1: b})", "steps(a, {1: 2, 1.0: 3})", "steps(a, {'x': 1})", "choice(e, {1: 2})", "steps(a, {**b})"),
        *("choice(e, {'x': 1, 'x': 2})", "steps(a, {1/0: 2})", "steps(a, {1: sum(1)})"),
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    """What is not in the language is a FormulaError, however much like Python it looks."""
    assert refusal(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a + b.c", ["at character 6, '.c'", "no such sign"]),
        ("a + [1]", ["at character 5, '[1]'"]),
        ("  a + # b", ["at character 5, '# b'"]),
        ("e == 'Có' and lambda: 1", ["out of order here"]),
        ("e == 'Đủ điều kiện' and (a, b)", ["at character 25, '(a, b)'", "not part of the formula language"]),
        ("a +\n  totals(b)", ["at character 7, 'totals(b)'", "no function 'totals'", "blank, capped", "weighted_mean"]),
        ("ratio(a)", ["at character 1", "ratio takes 2 argument(s), here it has 1"]),
        ("weighted_mean(a, 1, b)", ["pairs of value, weight", "it has 3"]),
        ("sum()", ["1 argument(s) or more", "it has 0"]),
        ("steps(a, 5)", ["a table such as {1: 5, 2: 10}"]),
        ("a ** n", ["at character 6, 'n'", "exponent is a written number of at most 16"]),
        ("a < b in c", ["only < <= > >= == != compare"]),
        ("a +", ["breaks off or is out of order"]),
        ("", ["1 to 2000 characters", "has 0"]),
        ("(" * 10_000 + "a" + ")" * 10_000, ["1 to 2000 characters", "has 20001"]),
        ("(" * 41 + "a" + ")" * 41, ["brackets are nested more than 40 deep"]),
        ("-" * 1999 + "a", ["nested more than 40 deep"]),
        ("not " * 400 + "a", ["nested more than 40 deep"]),
        ("a or " * 390 + "a", ["nested more than 40 deep"]),
        ("a < " * 390 + "a", ["nested more than 40 deep"]),
        ("a + " * 390 + "a", ["nested more than 40 deep"]),
        ("1" * 31, ["a number has at most 30 digits"]),
        ("((a ** 16) ** 16) ** 16 + (((b ** 16) ** 16) ** 16) ** 16", ["powers of powers"]),
    ],
)
def test_refusals_name_the_place_and_what_is_allowed(text: str, words: list[str]) -> None:
    """A refusal says at which character, what stands there, and what the language allows instead."""
    message = refusal(text)

    assert [each for each in words if each not in message] == []


def test_chains_within_chains_stay_small() -> None:
    """Comparison chains whose middles are chains are refused before they double without end."""
    text = "a"
    for _ in range(15):
        text = f"a < ({text}) < b"

    assert "comparisons within comparisons" in refusal(text)


def test_forty_terms_are_allowed() -> None:
    """A sum, a conjunction and a chain of forty terms are formulas."""
    for sign in (" + ", " and ", " < "):
        assert parse(sign.join(["a"] * 40))


@given(st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=60).map("".join)))
@example("a" * 3000)
@example("{" * 39 + "1:")
@example("(a if " * 20)
@example("sum(" * 39 + ")" * 39)
def test_any_text_is_a_tree_or_a_refusal(text: str) -> None:
    """For every text the parser gives a tree or a FormulaError, and nothing else."""
    try:
        tree = parse(text)
    except FormulaError:
        return

    assert isinstance(tree, Number | Text | Name | Unary | Binary | Choose | Call)


@given(make.TREES)
def test_a_written_tree_is_read_back(tree: object) -> None:
    """Writing a tree down and parsing it gives the same tree."""
    assert parse(make.unparse(tree)) == tree
