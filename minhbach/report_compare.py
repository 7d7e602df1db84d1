"""The section that puts computed beside published results."""

from __future__ import annotations

from fractions import Fraction

from minhbach import tables, wording
from minhbach.markdown import declared, paragraphs, table
from minhbach.model import Comparison
from minhbach.numbers import from_text
from minhbach.results import Results

MOST_COMPARED = 100


def comparison(results: Results) -> str:
    """Computed beside published results: how many agree, and every difference."""
    language = results.language
    if not results.framework.comparisons:
        return wording.say("comparison_none", language) + "\n"
    return paragraphs(*(_comparison(results, each) for each in results.framework.comparisons))


def _comparison(results: Results, each: Comparison) -> str:
    language, frame = results.language, results.frames["comparisons"]
    frame = frame[(frame["comparison"] == each.id) & (frame["agrees"] != "")]
    differing = frame[frame["agrees"] == "no"]
    name = declared(each.label.say(language) if each.label else each.id)
    label = f"{results.framework.id}-{each.id}"
    said = [_summary(results, each, name)]
    if len(differing):
        some = results.count(f"{each.id}.differ", _counted(results, each, "agrees = 'no'"))
        said.append(wording.say("comparison_some", language, count=some, table=f"tbl-{label}"))
    else:
        said.append(wording.say("comparison_all", language))
    listed = differing if each.on == "rank" or len(frame) > MOST_COMPARED else frame
    if not len(listed):
        return " ".join(said)
    if not len(differing):
        said.append(wording.say("comparison_shown", language, table=f"tbl-{label}"))
    header = [wording.say(f"col_{kind}", language) for kind in ("unit", "computed", "printed", "difference")]
    rows = _compared(results, each.id, set(listed["unit_id"]))
    caption = wording.say("comparison_table", language, label=name)
    return paragraphs(" ".join(said), table(label, caption, header, rows, "lrrr", (40, 20, 20, 20)))


def _summary(results: Results, each: Comparison, name: str) -> str:
    return wording.say(
        "comparison_summary",
        results.language,
        label=name,
        agree=results.count(f"{each.id}.agree", _counted(results, each, "agrees = 'yes'")),
        all=results.count(f"{each.id}.all", _counted(results, each, "agrees <> ''")),
        tolerance=results.method(f"{each.id}.tolerance", each.tolerance),
    )


def _counted(results: Results, each: Comparison, condition: str) -> str:
    return f"select count(*) {results.rows_where('comparisons', comparison=each.id)} and {condition}"


def _compared(results: Results, comparison_id: str, listed: set[str]) -> list[list[str]]:
    frame = results.frames["comparisons"]
    known = {row.unit_id: row for row in tables.rows(frame[frame["comparison"] == comparison_id])}
    rows = []
    for unit in results.ranked:
        if unit.unit_id in listed:
            row, kinds = known[unit.unit_id], ("computed", "printed", "difference")
            values = [from_text(getattr(row, kind)) for kind in kinds]
            places = max(_decimals(value) for value in values)
            spans = [
                results.ledger.number(
                    f"{unit.unit_id}/{comparison_id}.{kind}",
                    value,
                    places,
                    "comparison",
                    f"comparisons.csv: {kind}",
                )
                for kind, value in zip(kinds, values, strict=True)
            ]
            rows.append([results.name(unit), *spans])
    return rows


def _decimals(value: Fraction) -> int:
    return next((places for places in range(9) if (value * 10**places).denominator == 1), 8)
