"""Small frameworks, answers and points from a few lines of YAML, for the tests of the engine."""

import textwrap
from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest

from minhbach import framework_check, shapes, yamlfile
from minhbach.answers import Answers
from minhbach.errors import FileError
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
