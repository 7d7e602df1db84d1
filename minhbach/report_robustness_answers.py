"""The answers of which a single one would change a rank or a level, as a table of the annex on firmness."""

from __future__ import annotations

from collections.abc import Iterator

from minhbach import wording
from minhbach.markdown import declared, paragraphs, table
from minhbach.report_layout import compact
from minhbach.report_robustness_facts import Firmness
from minhbach.robustness_answers import UNCONFIRMED
from minhbach.units import Unit

DASH = "–"


def answers(firmness: Firmness) -> str:
    """The answers whose loss alone changes a rank or a level, unit by unit."""
    results, language = firmness.results, firmness.results.language
    rows = [row for unit in results.ranked for row in (*_warned(firmness, unit), *_unconfirmed(firmness, unit))]
    if not rows:
        return ""
    label = f"{results.framework.id}-answers"
    names = ("answer", "why", "rank", "rank_then", "level", "level_then")
    header = [wording.say("col_unit", language), *(wording.say(f"col_robust_{name}", language) for name in names)]
    body = table(label, results.caption("robust_answers_table"), header, rows, "lllrrll", (22, 36, 10, 7, 8, 10, 10))
    return paragraphs(firmness.say("answers", table=f"tbl-{label}"), compact(body))


def _warned(firmness: Firmness, unit: Unit) -> Iterator[list[str]]:
    """The answers of a unit with an open warning that would change its rank or its level."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in firmness.by_unit("warning", unit.unit_id):
        if row.worst != row.now:
            found.setdefault((row.reading, row.field_id), {})[row.outcome] = row.worst
    for (finding_id, field_id), worse in found.items():
        label = declared(firmness.results.framework.fields[field_id].label.say(firmness.results.language))
        rank = _ranked(firmness, unit, finding_id, field_id, worse)
        yield [firmness.results.name(unit), label, firmness.say("why_warned"), *rank, *_level(firmness, unit, worse)]


def _ranked(firmness: Firmness, unit: Unit, finding_id: str, field_id: str, worse: dict[str, str]) -> list[str]:
    """The unit's first rank that changes, now and then."""
    ranking = next((each for each in firmness.results.framework.rankings if each.id in worse), None)
    if ranking is None:
        return [DASH, DASH]
    where = {"kind": "warning", "outcome": ranking.id, "reading": finding_id, "field_id": field_id}
    fact = f"{unit.unit_id}/{ranking.id}.if.{finding_id}.{field_id}"
    then = firmness.number(fact, "worst::integer", "if", where | {"unit_id": unit.unit_id})
    return [firmness.results.rank(unit.unit_id, ranking), then]


def _level(firmness: Firmness, unit: Unit, worse: dict[str, str]) -> list[str]:
    """The unit's first level that changes, now and then."""
    key = next((each for each in firmness.keys if each in worse), "")
    if not key:
        return [DASH, DASH]
    return [firmness.results.level(unit.unit_id, key, firmness.keys[key][0]), firmness.level(key, worse[key])]


def _unconfirmed(firmness: Firmness, unit: Unit) -> Iterator[list[str]]:
    """One row for a unit without confirmation: how many of its answers alone carry its level, and how low it falls."""
    for key, (scheme, _) in firmness.keys.items():
        own = [
            row for row in firmness.by_unit("single", unit.unit_id) if (row.outcome, row.reading) == (key, UNCONFIRMED)
        ]
        if own:
            order = firmness.order(key)
            lowest = max((row.result for row in own), key=order.index)
            where = {"kind": "single", "outcome": key, "reading": UNCONFIRMED, "unit_id": unit.unit_id}
            count = firmness.number(f"{unit.unit_id}/{key}.any", "count(*)", "any", where)
            level = firmness.results.level(unit.unit_id, key, scheme)
            said = [firmness.say("any", count=count), firmness.say("why_unconfirmed"), DASH, DASH]
            yield [firmness.results.name(unit), *said, level, firmness.level(key, lowest)]
