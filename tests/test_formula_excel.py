"""The Excel printer: LibreOffice gives what the language means, for every function, with blanks, zeros and quotes."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
import recalculated
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from recalculated import Computed

from minhbach import formula_parse
from minhbach.answers import Answers
from minhbach.errors import FormulaError
from minhbach.formula_excel import excel
from minhbach.formula_excel_parts import Cells, nesting, quoted, reading

NUMBERS = ("a", "b", "c", "d")
FRAMEWORK = """\
id: {id}
revision: 1
title: Language
source: {{document: D}}
unit_kind: k
fields:
  a: {{label: A, type: number}}
  b: {{label: B, type: number}}
  c: {{label: C, type: number}}
  d: {{label: D, type: number}}
  n: {{label: N, type: count}}
  y: {{label: Y, type: yes_no}}
  z: {{label: Z, type: number, missing: zero}}
  t: {{label: T, type: choice, options: ["Có", "có", 'a "b"', "_xa_", "1"]}}
  u: {{label: U, type: text}}
nodes:
"""
UNITS = {
    "plain": {"a": "2", "b": "3", "c": "0.5", "d": "10", "n": "4", "y": "yes", "z": "1", "t": "Có", "u": "Có"},
    "blank": {},
    "mixed": {"a": "", "b": "3", "c": "0", "d": "-2.5", "n": "0", "y": "no", "z": "", "t": "có", "u": "CÓ"},
    "tenths": {
        "a": "0.1",
        "b": "0.2",
        "c": "0.3",
        "d": "0.7",
        "n": "7",
        "y": "yes",
        "z": "0.1",
        "t": 'a "b"',
        "u": "x",
    },
    "ties": {
        "a": "2.675",
        "b": "-2.675",
        "c": "1.005",
        "d": "0.285",
        "n": "3",
        "y": "no",
        "z": "-1",
        "t": "_xa_",
        "u": "FILTER(a)",
    },
    "negative": {"a": "-2", "b": "-1", "c": "-0.5", "d": "0", "n": "1", "y": "yes", "t": "1", "u": 'a "b"'},
    "thirds": {"a": "1/3", "b": "2/3", "c": "1", "d": "3", "n": "9", "y": "", "z": "0.05", "t": "", "u": "_xa_"},
}
# formula, unit, what it is worked out by hand; None is blank
CASES: list[tuple[str, str, Fraction | float | None]] = [
    ("a + b * c - d", "plain", 2 + 1.5 - 10),
    ("a - (b - c)", "plain", -0.5),
    ("a - b - c", "plain", -1.5),
    ("d / a / c", "plain", 10.0),
    ("d / (a / c)", "plain", 2.5),
    ("-a ** 2", "plain", -4.0),
    ("(-a) ** 2", "plain", 4.0),
    ("2 ** -1 * a", "plain", 1.0),
    ("a ** 0", "blank", None),
    ("c ** 0", "mixed", 1.0),
    ("c ** -1", "mixed", None),
    ("a ** 3", "negative", -8.0),
    ("a ** 0.5", "negative", None),
    ("d ** 0.5", "plain", 10**0.5),
    ("a + b", "mixed", None),
    ("b / c", "mixed", None),
    ("b / (a + b - c)", "tenths", None),
    ("ratio(b, c)", "mixed", None),
    ("ratio(b, d)", "mixed", -1.2),
    ("capped(d, 4)", "plain", 4.0),
    ("capped(a, 4)", "blank", None),
    ("yes(y) * 3", "plain", 3.0),
    ("yes(y) * 3", "mixed", 0.0),
    ("yes(y)", "blank", None),
    ("count_points(n, 0.3, 1)", "plain", 1.0),
    ("count_points(n, 0.3, 1)", "ties", 0.9),
    ("sum(a, b, c)", "mixed", 3.0),
    ("sum(a, b, c)", "blank", None),
    ("sum(a, 0)", "blank", 0.0),
    ("mean(a, b, c, d)", "mixed", 0.5 / 3),
    ("mean(a, b)", "blank", None),
    ("weighted_mean(a, 2, b, 3)", "mixed", 3.0),
    ("weighted_mean(b, 2, c, 4)", "mixed", 1.0),
    ("weighted_mean(a, b, c, d)", "blank", None),
    ("geometric_mean(a, b)", "plain", 6**0.5),
    ("geometric_mean(a, b)", "mixed", 3.0),
    ("geometric_mean(b, c)", "mixed", 0.0),
    ("geometric_mean(a, d)", "negative", None),
    ("log(d)", "plain", 2.302585092994046),
    ("log(d)", "negative", None),
    ("min(a, b, d)", "mixed", -2.5),
    ("max(a, b, d)", "mixed", 3.0),
    ("max(a, b)", "blank", None),
    ("min(a, 5)", "blank", 5.0),
    ("if_blank(a, b)", "mixed", 3.0),
    ("if_blank(a, 7)", "blank", 7.0),
    ("blank(a) + blank(b)", "mixed", 1.0),
    ("blank(t)", "blank", 1.0),
    ("blank(u)", "plain", 0.0),
    ("blank(a / c)", "mixed", 1.0),
    ("round_half_up(a, 2)", "ties", 2.68),
    ("round_half_up(b, 2)", "ties", -2.68),
    ("round_half_up(c, 2)", "ties", 1.01),
    ("round_half_up(d, 2)", "ties", 0.29),
    ("round_half_up(c * 100, 0)", "ties", 101.0),
    ("round_half_up(a * 3 + 0.2, 0)", "tenths", 1.0),
    ("steps(n, {1: 5, 4: 10, 8: 20})", "plain", 10.0),
    ("steps(n, {1: 5, 4: 10, 8: 20})", "mixed", 0.0),
    ("steps(n, {1: 5, 4: 10, 8: 20})", "blank", None),
    ("steps(a + b, {0.3: 1, 0.4: 2})", "tenths", 1.0),
    ("steps(a * 3, {1: 4, 2: 8})", "thirds", 4.0),
    ("steps(a, {1/3: 4, 2/3: 8})", "thirds", 4.0),
    ("steps(a, {-2: 1/3, 0: 1})", "negative", 1 / 3),
    ("choice(t, {'Có': 1, 'có': 2, 'a \"b\"': 3, '_xa_': 4, '1': 5})", "plain", 1.0),
    ("choice(t, {'Có': 1, 'có': 2, 'a \"b\"': 3, '_xa_': 4, '1': 5})", "mixed", 2.0),
    ("choice(t, {'Có': 1, 'có': 2, 'a \"b\"': 3, '_xa_': 4, '1': 5})", "tenths", 3.0),
    ("choice(t, {'Có': 1, 'có': 2, 'a \"b\"': 3, '_xa_': 4, '1': 5})", "ties", 4.0),
    ("choice(t, {'Có': 1, 'có': 2, 'a \"b\"': 3, '_xa_': 4, '1': 5})", "negative", 5.0),
    ("choice(t, {'Có': 1, 'có': 2, 'a \"b\"': 3, '_xa_': 4, '1': 5})", "blank", None),
    ("1 if t == u else 0", "plain", 1.0),
    ("1 if t == u else 0", "mixed", 0.0),
    ("t != 'có'", "plain", 1.0),
    ("t == 'a \"b\"'", "tenths", 1.0),
    ("t == 'Có'", "blank", None),
    ("u == 'FILTER(a)'", "ties", 1.0),
    ("u == '_xa_'", "thirds", 1.0),
    ("1 if a + b == c else 2", "tenths", 1.0),
    ("1 if a + b > c else 2", "tenths", 2.0),
    ("1 if a + b >= c else 2", "tenths", 1.0),
    ("a < b < c", "tenths", 1.0),
    ("1 if a < b else 2", "blank", None),
    ("a + 1 if b else c", "plain", 3.0),
    ("5 if a + b - c else 6", "tenths", 6.0),
    ("not (a + b - c)", "tenths", 1.0),
    ("not a", "blank", None),
    ("a and d", "negative", 0.0),
    ("a or d", "negative", 1.0),
    ("a or b", "mixed", None),
    ("1 if c > 0 and a / b > 0 else 2", "mixed", None),
    ("z + 1", "mixed", 1.0),
    ("100 * z / (z + 1)", "mixed", 0.0),
    ("sum(a, mean(b, max(c, d)), min(a, weighted_mean(b, c, d, n)))", "plain", 2 + 6.5 + 2),
    ("b * best(a)", "plain", 3 * 2.675),
    ("worst(a)", "blank", -2.0),
    ("ratio(n, best(n))", "plain", 4 / 9),
    ("best(a) - worst(b / 1)", "mixed", 2.675 + 2.675),
    (" + ".join(f"max(a, b, c * {n})" for n in range(1, 38)), "plain", sum(max(3, n / 2) for n in range(1, 38))),
    (f"sum({', '.join(f'a * {n}' for n in range(1, 150))})", "plain", 2.0 * sum(range(1, 150))),
    (f"mean({', '.join(f'n + {n}' for n in range(1, 30))})", "plain", 19.0),
    (f"steps(n * 2, {{{', '.join(f'{n}: {n * n}' for n in range(1, 90))}}})", "plain", 64.0),
    ("1 if " + " and ".join(f"d > {n} / 20" for n in range(35)) + " else 2", "plain", 1.0),
]  # fmt: skip

ATOMS = st.sampled_from([*NUMBERS, "n", "z", "yes(y)", "0", "1", "2", "0.1", "0.3", "10", "best(a)", "worst(b - c)"])


def larger(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Formulas made of smaller ones."""
    pairs = st.tuples(parts, parts)
    triples = st.tuples(parts, parts, parts)
    signs = st.sampled_from(["+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=", "and", "or"])
    many = st.sampled_from(["sum", "mean", "min", "max"])
    return st.one_of(
        st.builds(lambda pair, sign: f"({pair[0]} {sign} {pair[1]})", pairs, signs),
        st.builds(lambda function, three: f"{function}({', '.join(three)})", many, triples),
        st.builds(lambda x, power: f"({x}) ** {power}", parts, st.sampled_from(["0", "2", "3", "-1", "-2"])),
        st.builds(lambda three: f"({three[0]} if {three[1]} else {three[2]})", triples),
        st.builds(lambda pair: f"weighted_mean({pair[0]}, {pair[1]}, a, 2)", pairs),
        st.builds(lambda pair: f"ratio({pair[0]}, {pair[1]})", pairs),
        st.builds(lambda pair: f"if_blank({pair[0]}, {pair[1]})", pairs),
        st.builds(lambda pair: f"capped({pair[0]}, {pair[1]})", pairs),
        st.builds(lambda x: f"steps({x}, {{-1: 1, 0.3: 2, 1: 3, 2.675: 4}})", parts),
        st.builds(lambda x, places: f"round_half_up({x}, {places})", parts, st.sampled_from([0, 1, 2])),
        st.builds(lambda x, sign: f"({sign} {x})", parts, st.sampled_from(["-", "not"])),
        st.builds(lambda x: f"blank({x})", parts),
    )


def generated(count: int) -> list[str]:
    """Formulas of the language, as Hypothesis makes them."""
    found: list[str] = []

    @settings(max_examples=count, phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck))
    @given(st.recursive(ATOMS, larger, max_leaves=9))
    def collect(text: str) -> None:
        found.append(text)

    collect()
    return sorted(set(found))


def language(folder: Path, framework_id: str, formulas: list[str]) -> Answers:
    """A framework with one node per formula, answered by UNITS."""
    lines = [FRAMEWORK.format(id=framework_id)]
    for number, text in enumerate(formulas):
        doubled = text.replace("'", "''")
        lines.append(f"  f{number}:\n    label: F\n    information: true\n    formula: '{doubled}'\n")
    lines.append("rounding: {shown: 6, share: 6, mode: half_up, level_on: exact, rank_on: exact}\n")
    return recalculated.given(recalculated.load(folder, "".join(lines)), UNITS)


WRITTEN = list(dict.fromkeys(text for text, _, _ in CASES))


@pytest.fixture(scope="module")
def found(program: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Computed:
    """Every written formula and a few hundred generated ones, computed once by LibreOffice."""
    folder = tmp_path_factory.mktemp("language")
    every = [language(folder, "written", WRITTEN), language(folder, "generated", generated(400))]
    return recalculated.computed(program("libreoffice"), every, folder)


@pytest.mark.parametrize(("text", "unit", "wanted"), CASES)
def test_libreoffice_gives_what_is_worked_out_by_hand(
    found: Computed, text: str, unit: str, wanted: Fraction | float | None
) -> None:
    """The Excel formula of each formula gives the value that its meaning has; None is an empty cell."""
    cell = found.cells["written", unit, f"f{WRITTEN.index(text)}"]

    assert cell == ("" if wanted is None else pytest.approx(float(wanted), rel=1e-12, abs=1e-12))


def test_libreoffice_agrees_with_exact_evaluation_on_generated_formulas(found: Computed) -> None:
    """No formula of the language, generated or written, gives another value in LibreOffice than with rationals."""
    assert found.compared > 3000
    assert list(found.differences) == []


def printed(text: str, certain: int | None = None) -> str:
    """A formula whose names stand in cells called after them."""
    cells = Cells(
        read=str.upper,
        helper=lambda _: "HELPER",
        group=lambda _: "GROUP",
        certain=lambda _: certain,
        fields=set("abcd"),
        texts={"t"},
    )
    return excel(formula_parse.parse(text), cells)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("-a ** 2", "-POWER(A,2)"),
        ("a - (b - c)", "A-(B-C)"),
        ("(a + b) * c / d", "(A+B)*C/D"),
        ("a / (b * c)", "A/(B*C)"),
        ("a * -2", "A*(-2)"),
        ("t == 'a \"b\"'", 'IF(EXACT(T,"a ""b"""),1,0)'),
        ("1 if a >= 2 and not b else 0", "IF(AND(A>=2,NOT(B<>0)),1,0)"),
        ("capped(ratio(a, b), 1)", "MIN(A/B,1)"),
        ("sum(a, b)", "IF(COUNT(A,B)=0,NA(),SUM(IFERROR(A,0),IFERROR(B,0)))"),
    ],
)
def test_a_formula_reads_as_an_analyst_would_write_it(text: str, wanted: str) -> None:
    """Brackets stand only where they are needed, a power is a function, texts are compared exactly."""
    assert printed(text) == wanted


def test_decisions_on_floats_first_round_to_what_is_certain() -> None:
    """Where numbers are not whole, the difference is rounded before it is compared, and a divisor before it is zero."""
    assert printed("1 if a >= 0.9 else 0", certain=12) == "IF(ROUND(A-0.9,12)>=0,1,0)"
    assert printed("a / (b - c)", certain=12) == "IF(ROUND((B-C),12)=0,NA(),A/(B-C))"
    assert printed("round_half_up(a, 2)", certain=12) == "ROUND(ROUND(A,12),2)"


def test_a_text_is_a_literal_whatever_it_contains() -> None:
    """Quotes are doubled, and a text that is longer than Excel allows is put together from pieces."""
    assert quoted('=1+"x"') == '"=1+""x"""'
    assert quoted("x" * 300) == '("' + "x" * 255 + '"&"' + "x" * 45 + '")'


def test_a_cell_is_blank_only_when_it_is_empty() -> None:
    """Reading an empty cell gives an error, or what the framework says a blank counts."""
    assert reading("B7") == 'IF(B7="",NA(),B7)'
    assert reading("B7", "0") == 'IF(B7="",0,B7)'


def test_brackets_inside_texts_do_not_nest() -> None:
    """Only brackets of the formula itself count as levels."""
    assert nesting('IF(EXACT(A1,"((("),1,(2))') == 2


def test_a_formula_that_no_cell_can_hold_is_refused() -> None:
    """A formula that is too long even with columns for its parts is an error that says what to do."""
    cells = Cells(lambda _: "X" * 800, lambda _: "Y" * 9000, lambda _: "", lambda _: None, set(), set())

    with pytest.raises(FormulaError, match="nodes of their own"):
        excel(formula_parse.parse("a + b"), cells)
