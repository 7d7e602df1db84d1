"""The section that puts computed beside published results."""

from __future__ import annotations

from fractions import Fraction

from minhbach import tables, wording
from minhbach.markdown import paragraphs, table
from minhbach.numbers import from_text
from minhbach.report_method import declared
from minhbach.results import Results

MOST_COMPARED = 100


def comparison(results: Results) -> str:
    """Computed beside published results: how many agree, and every difference."""
    language = results.language
    if not results.framework.comparisons:
        return wording.say("comparison_none", language) + "\n"
    return paragraphs(*(_comparison(results, each.id, each.on == "rank") for each in results.framework.comparisons))


def _comparison(results: Results, comparison_id: str, of_ranks: bool) -> str:
    language, framework = results.language, results.framework
    each = next(one for one in framework.comparisons if one.id == comparison_id)
    where = results.rows_where("comparisons", comparison=comparison_id)
    frame = results.frames["comparisons"]
    frame = frame[(frame["comparison"] == comparison_id) & (frame["agrees"] != "")]
    differing = frame[frame["agrees"] == "no"]
    name = declared(each.label.say(language) if each.label else comparison_id)
    summary = wording.say(
        "comparison_summary",
        language,
        label=name,
        agree=results.count(f"{comparison_id}.agree", f"select count(*) {where} and agrees = 'yes'"),
        all=results.count(f"{comparison_id}.all", f"select count(*) {where} and agrees <> ''"),
        tolerance=results.method(f"{comparison_id}.tolerance", each.tolerance),
    )
    label = f"{framework.id}-{comparison_id}"
    if len(differing):
        some = results.count(f"{comparison_id}.differ", f"select count(*) {where} and agrees = 'no'")
        said = wording.say("comparison_some", language, count=some, table=f"tbl-{label}")
    else:
        said = wording.say("comparison_all", language)
    listed = differing if of_ranks or len(frame) > MOST_COMPARED else frame
    if not len(listed):
        return paragraphs(summary + " " + said)
    if not len(differing):
        said += " " + wording.say("comparison_shown", language, table=f"tbl-{label}")
    header = [wording.say(f"col_{each_}", language) for each_ in ("unit", "computed", "printed", "difference")]
    rows = _compared(results, comparison_id, set(listed["unit_id"]))
    return paragraphs(
        summary + " " + said,
        table(
            label,
            wording.say("comparison_table", language, label=name),
            header,
            rows,
            "lrrr",
            (40, 20, 20, 20),
        ),
    )


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
