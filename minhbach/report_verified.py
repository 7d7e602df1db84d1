"""What verification changed: the values as received and as corrected, and what that does to points, rank and level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from minhbach import corrections_impact, ingest_values, report_errata, tables, wording
from minhbach.book import Book
from minhbach.corrections_entry import RULES
from minhbach.corrections_impact import Change, Impact
from minhbach.corrections_words import value_words
from minhbach.findings import visible
from minhbach.levels import schemes
from minhbach.markdown import declared, paragraphs, table
from minhbach.numbers import from_text
from minhbach.report_layout import see
from minhbach.results import Results, level_words
from minhbach.units import Unit, Units

MOST_UNITS = 20


def verified(book: Book, results: Results) -> str:
    """The corrected units with the largest effect on the total first: what they declared, and what was verified."""
    used = [row for row in tables.rows(results.frames["corrections"]) if row.field_id in results.framework.fields]
    if not used or not results.framework.rankings:
        return ""
    language, impact = results.language, _impact(book, results)
    by_unit: dict[str, list[Any]] = {}
    for row in used:
        by_unit.setdefault(row.unit_id, []).append(row)
    units = [unit for unit in results.units if unit.unit_id in by_unit]
    listed = sorted(units, key=lambda unit: -_effect(results, impact, unit))[:MOST_UNITS]
    header = [wording.say(f"col_{each}", language) for each in ("unit", "declared_verified")]
    header += [wording.say(f"col_{each}", language) for each in ("total_change", "rank_change")]
    header += [wording.say("col_level_change", language)] * bool(results.framework.levels)
    rows = [
        [results.name(unit), _values(results, by_unit[unit.unit_id]), *_effects(results, impact, unit)]
        for unit in listed
    ]
    label = f"verified-{results.framework.id}"
    source = "corrections_impact: other units that move"
    others = results.ledger.number(f"{results.scope}/verified.others.count", len(impact.others), 0, "received", source)
    intro = wording.say("verified_intro", language, table=f"tbl-{label}", annex=see("corrections"))
    moved = wording.say("verified_others", language, count=others) if impact.others else ""
    cut = wording.say("verified_cut", language) if len(units) > MOST_UNITS else ""
    widths = (20, 40, 16, 10, 14)[: len(header)]
    caption = results.caption("verified_table")
    return paragraphs(
        " ".join(filter(None, (intro, moved, cut))), table(label, caption, header, rows, "llrrl"[: len(header)], widths)
    )


def as_received(book: Book, results: Results) -> pd.DataFrame:
    """The observations with every corrected value as it was received; blank where what stood there is no answer."""
    frame, fields = results.frames["observations"], results.framework.fields
    given = book.setup.assessed(results.framework.id).table or RULES
    values = [
        ingest_values.read_answer(row.raw_text, fields[row.field_id], given).value if row.correction_id else row.value
        for row in tables.rows(frame)
    ]
    return frame.assign(value=values)


def _impact(book: Book, results: Results) -> Impact:
    units = Units(results.units)
    return corrections_impact.impact(
        results.framework, units, as_received(book, results), results.frames["observations"]
    )


def _changes(impact: Impact, unit: Unit, kind: str) -> Mapping[str, Change]:
    return {change.of: change for change in impact.of(unit.unit_id, kind)}


def _effect(results: Results, impact: Impact, unit: Unit) -> Any:
    """How far the corrections moved the total of a unit; the farthest first where a total was or is missing."""
    change = _changes(impact, unit, "points").get(results.framework.rankings[0].by)
    if change is None:
        return 0
    return abs(from_text(change.after) - from_text(change.before)) if change.before and change.after else 10**9


def _values(results: Results, rows: list[Any]) -> str:
    """Each corrected answer: as declared → as verified."""
    return " []{.newline} ".join(_value(results, row) for row in rows)


def _value(results: Results, row: Any) -> str:
    label = declared(results.framework.fields[row.field_id].label.say(results.language))
    return f"{label}: {corrected(results, row)}"


def corrected(results: Results, row: Any) -> str:
    """What stood → what stands, of one correction; both are facts."""
    language, field = results.language, results.framework.fields.get(row.field_id)
    at, source = f"correction/{row.correction_id}", f"corrections.csv: {row.correction_id}"
    before = visible(row.expected) or wording.say("value_blank", language)
    value = visible(value_words(row.value, field, language) if field else row.value)
    ledger = results.ledger
    stood = ledger.words(f"{at}.expected", row.expected, before, "correction", f"{source}, expected")
    return f"{stood} → {ledger.words(f'{at}.value', row.value, value, 'correction', f'{source}, value')}"


def _effects(results: Results, impact: Impact, unit: Unit) -> Iterator[str]:
    """Total, rank and level before → after, each once where nothing changed."""
    ranking, places = results.framework.rankings[0], results.framework.rounding.shown
    source = "scored with the values as received"
    at = f"{unit.unit_id}/{ranking.by}.received"
    change = _changes(impact, unit, "points").get(ranking.by)
    before = None if change is None or not change.before else from_text(change.before)
    said = "–" if before is None else results.ledger.number(at, before, places, "received", source)
    yield _arrow(change, said, results.points(unit.unit_id, ranking.by))
    change = _changes(impact, unit, "rank").get(ranking.id)
    at = f"{unit.unit_id}/{ranking.id}.received"
    known = bool(change and change.before)
    said = results.ledger.number(at, int(change.before), 0, "received", source) if change and known else "–"
    yield _arrow(change, said, results.rank(unit.unit_id, ranking))
    for scheme in results.framework.levels[:1]:
        key = next(iter(schemes(scheme)))
        change = _changes(impact, unit, "level").get(key)
        words = level_words(scheme, change.before, results.language) if change and change.before else ""
        at = f"{unit.unit_id}/{key}.received"
        said = results.ledger.words(at, change.before, words, "received", source) if change and words else "–"
        yield _arrow(change, said, results.level(unit.unit_id, key, scheme))


def _arrow(change: Change | None, before: str, after: str) -> str:
    return after if change is None else f"{before} → {after}"


def corrections(book: Book, results: Results) -> str:
    """Every correction that was used: what stood, what stands now, why, on whose authority, and by which erratum."""
    language, used = results.language, results.frames["corrections"]
    if not len(used):
        return ""
    names = {unit.unit_id: results.name(unit) for unit in results.units}
    rows = []
    for row in tables.rows(used):
        field = results.framework.fields.get(row.field_id)
        label = declared(field.label.say(language)) if field else wording.say("which_file", language)
        why = declared(f"{row.reason} ({row.authority}, {wording.say_date(row.date, language)})")
        why = report_errata.mark(book, row.correction_id) + why
        rows.append([declared(row.correction_id), f"{names[row.unit_id]}: {label}", corrected(results, row), why])
    label = f"corrections-{results.framework.id}"
    header = [wording.say(f"col_{each}", language) for each in ("correction", "field", "change", "reason")]
    count = results.count("corrections.count", f"select count(*) {results.rows_where('corrections')}")
    intro = wording.say("corrections_intro", language, count=count, table=f"tbl-{label}")
    marked = report_errata.marked(book, set(used["correction_id"]))
    listed = table(label, results.caption("corrections_table"), header, rows, "llll", (10, 36, 20, 34))
    return paragraphs(" ".join(filter(None, (intro, marked))), listed)
