"""Gives the span of any fact by its id: what the report has declared, and whatever can be read from its tables."""

from __future__ import annotations

from fractions import Fraction

from minhbach import report_previous, tables, wording
from minhbach.book import Book
from minhbach.corrections_words import value_words
from minhbach.facts import UnknownFactError
from minhbach.findings import visible
from minhbach.levels import schemes
from minhbach.results import Results
from minhbach.shapes import suggestion

BLANK = "–"
METHOD = "method"
MAXIMUM = ".max_points"


def fact(book: Book, fact_id: str) -> str:
    """The span that prints a fact.

    Answers (`664/so_may_tinh`), points (`664/HT1`), shares (`664/total.share`), ranks, levels, maxima of the framework
    (`method/HT.max_points`) and what changed since the edition before (`change/664/total`) are found by their ids; a
    query must have been declared by the report.

    Raises:
        UnknownFactError: there is no such fact, with the nearest id; or it is blank.
    """
    known = book.ledger.cited(fact_id)
    if known is not None:
        return known
    span = _found(book, fact_id)
    if span is None:
        raise UnknownFactError(wording.say("cite_unknown", book.language, fact_id=fact_id, near=_near(book, fact_id)))
    if span == BLANK:
        raise UnknownFactError(wording.say("cite_blank", book.language, fact_id=fact_id))
    return span


def _found(book: Book, fact_id: str) -> str | None:
    scope, _, name = fact_id.partition("/")
    if scope in report_previous.SCOPES:
        return report_previous.fact(book, scope, *name.split("/", 1)) if "/" in name else None
    for results in book:
        span = _maximum(results, name) if scope == _method(book, results) else _of_unit(results, scope, name)
        if span is not None:
            return span
    return None


def _of_unit(results: Results, unit_id: str, name: str) -> str | None:
    """A number of one unit: answer, points, share, rank or level."""
    if all(unit.unit_id != unit_id for unit in results.units):
        return None
    framework = results.framework
    if name in framework.nodes:
        return results.points(unit_id, name)
    if name.removesuffix(".share") in framework.nodes:
        return results.share(unit_id, name.removesuffix(".share"))
    for ranking in framework.rankings:
        if ranking.id == name:
            return results.rank(unit_id, ranking)
    for scheme in framework.levels:
        if name in schemes(scheme):
            return results.level(unit_id, name, scheme)
    return _answer(results, unit_id, name) if name in framework.fields else None


def _answer(results: Results, unit_id: str, field_id: str) -> str:
    """An answer as people read it, with the cell that it came from; a dash where there is none."""
    table = results.frames["observations"]
    rows = table[(table["unit_id"] == unit_id) & (table["field_id"] == field_id)]
    for row in tables.rows(rows[rows["value"] != ""]):
        shown = visible(value_words(row.value, results.framework.fields[field_id], results.language))
        place = f"{row.file}#{row.sheet}{'!' * bool(row.sheet)}{row.cell}"
        return results.ledger.words(f"{unit_id}/{field_id}", row.value, shown, "answer", place)
    return BLANK


def _maximum(results: Results, name: str) -> str | None:
    """The largest number of points of a node."""
    node = results.framework.nodes.get(name.removesuffix(MAXIMUM))
    if node is None or node.max_points is None or not name.endswith(MAXIMUM):
        return None
    return results.method(name, Fraction(node.max_points))


def _method(book: Book, results: Results) -> str:
    return METHOD if len(book.results) == 1 else f"{METHOD}.{results.framework.id}"


def _near(book: Book, fact_id: str) -> str:
    """The nearest id, asked in two steps: the part before the stroke, then the rest."""
    scope, _, name = fact_id.partition("/")
    declared = {each.fact_id for each in book.ledger.facts}
    scopes = {each.partition("/")[0] for each in declared} | {unit.unit_id for each in book for unit in each.units}
    if scope not in scopes:
        near = suggestion(scope, scopes)
        return near or wording.say("cite_none", book.language)
    names = {each.partition("/")[2] for each in declared if each.partition("/")[0] == scope}
    for results in book:
        if any(unit.unit_id == scope for unit in results.units):
            names |= _names(results)
    near = suggestion(name, names)
    return near or wording.say("cite_none", book.language)


def _names(results: Results) -> set[str]:
    framework = results.framework
    keys = {key for scheme in framework.levels for key in schemes(scheme)}
    return {*framework.nodes, *framework.fields, *(ranking.id for ranking in framework.rankings), *keys}
