"""The annex on firmness: how it is computed, and every unit's interval and distances."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from minhbach import report_tree, wording
from minhbach.book import Book
from minhbach.markdown import bullets, declared, paragraphs, table
from minhbach.model import Ranking
from minhbach.report_columns import class_heading, in_order
from minhbach.report_layout import compact, each, legend
from minhbach.report_parents import parent_name
from minhbach.report_robustness_answers import answers
from minhbach.report_robustness_facts import Firmness
from minhbach.robustness_parts import weighted
from minhbach.robustness_readings import parts
from minhbach.units import Unit

MOST_SCHEMES = 2
DASH = "–"


def annex(book: Book) -> str:
    """What the annex says of every framework; empty where nothing is drawn, no level is near and no answer matters."""
    if not book.setup.assessment.robustness.printed:
        return ""
    known = [firmness for results in book if has_annex(firmness := Firmness(book, results))]
    return paragraphs(_how(known), each(book, lambda results: _framework(Firmness(book, results)))) if known else ""


def has_annex(firmness: Firmness) -> bool:
    """Whether the annex has something to say of a framework."""
    return any(firmness.of(kind) for kind in ("weights", "threshold", "warning", "single"))


def _framework(firmness: Firmness) -> str:
    return paragraphs(_units(firmness), answers(firmness)) if has_annex(firmness) else ""


def _how(known: Sequence[Firmness]) -> str:
    """How everything is computed, once for all frameworks."""
    first, said = known[0], []
    if any(each.of("weights") for each in known):
        spread, seed = first.setting("spread"), first.setting("seed")
        said.append(first.say("how_weights", spread=spread, seed=seed, generator=declared("PCG64")))
    said.append(first.say("how_readings"))
    if any(parts(each.results.framework, ranking) for each in known for ranking in each.results.framework.rankings):
        said[-1] += " " + first.say("how_without")
    if any(each.of("warning") or each.of("single") for each in known):
        said.append(first.say("how_answers"))
    return bullets(said)


# Units ------------------------------------------------------------------------------------------------------


def _units(firmness: Firmness) -> str:
    """A table for each ranking: rank, interval, extremes, level, what there is to spare and what is missing."""
    return paragraphs(*(_ranking(firmness, ranking) for ranking in firmness.results.framework.rankings))


def _ranking(firmness: Firmness, ranking: Ranking) -> str:
    results, language = firmness.results, firmness.results.language
    drawn, keys = bool(firmness.of("weights", ranking.id)), _keys(firmness)
    if not drawn and not keys:
        return ""
    heads = [wording.say(f"col_{name}", language) for name in ("unit", "rank")]
    heads += [wording.say(f"col_robust_{name}", language) for name in ("interval", "ends")] * drawn
    for key in keys:
        heads.append(_level_heading(firmness, key))
        heads += [wording.say(f"col_robust_{name}", language) for name in ("spare", "lack")]
    label = f"{results.framework.id}-{ranking.id}-firmness"
    align, widths = "lr" + "rr" * drawn + "lll" * len(keys), (28, 7, *[11, 13] * drawn, *[13, 15, 15] * len(keys))
    rows = list(_grouped(firmness, ranking, keys, len(heads)))
    caption = results.caption("robust_units_table")
    said = [firmness.say("units", table=f"tbl-{label}")]
    said += [firmness.say("units_weights", nodes=_weighted(firmness, ranking))] * drawn
    said += [firmness.say("units_thresholds")] * bool(keys)
    several = [key for key in keys if len(firmness.nodes(key)) > 1]
    nodes = dict.fromkeys(row.node_id for key in several for row in firmness.of("threshold", key))
    codes = {node: report_tree.code(results.framework, node, language) for node in nodes}
    return paragraphs(
        " ".join(said), legend(results, codes), compact(table(label, caption, heads, rows, align, widths))
    )


def _weighted(firmness: Firmness, ranking: Ranking) -> str:
    """The parts whose weights are drawn: by their codes, such as HT, otherwise by their names."""
    nodes = weighted(firmness.results.framework, ranking.by)
    return ", ".join(declared(node) if report_tree.CODE.fullmatch(node) else firmness.node(node) for node in nodes)


def _level_heading(firmness: Firmness, key: str) -> str:
    """A short heading where there is one scheme alone, and its thresholds are the decision's own."""
    scheme = firmness.keys[key][0]
    short = len(firmness.keys) == 1 and scheme.basis not in ("sample", "inferred")
    return (
        wording.say("col_level", firmness.results.language)
        if short
        else class_heading(scheme, firmness.results.language)
    )


def _keys(firmness: Firmness) -> list[str]:
    """The schemes that have columns: all where they are few."""
    return list(firmness.keys) if len(firmness.keys) <= MOST_SCHEMES else []


def _grouped(firmness: Firmness, ranking: Ranking, keys: list[str], width: int) -> Iterator[list[str]]:
    results = firmness.results
    for parent_id, units in (results.by_parent or {"": results.ranked}).items():
        if results.by_parent:
            yield [f"[{parent_name(results, parent_id)}]{{.group}}", *[""] * (width - 1)]
        for unit in in_order(results, ranking, units):
            yield _unit(firmness, ranking, keys, unit)


def _unit(firmness: Firmness, ranking: Ranking, keys: list[str], unit: Unit) -> list[str]:
    results, unit_id = firmness.results, unit.unit_id
    row = [results.name(unit), results.rank(unit_id, ranking)]
    if firmness.of("weights", ranking.id):
        row += [firmness.interval(unit_id, ranking, *ends) for ends in (("low", "high"), ("best", "worst"))]
    for key in keys:
        row.append(results.level_mark(unit_id, key, firmness.keys[key][0]))
        row += [_distance(firmness, unit_id, key, way) for way in ("down", "up")]
    return row


def _distance(firmness: Firmness, unit_id: str, key: str, way: str) -> str:
    """The condition that decides, by its short name, and the distance."""
    row = firmness.rows.get(("threshold", key, way, unit_id))
    if row is None:
        return DASH
    distance = firmness.distance(unit_id, key, way)
    if len(firmness.nodes(key)) == 1:
        return distance
    return (
        f"{declared(report_tree.code(firmness.results.framework, row.node_id, firmness.results.language))} {distance}"
    )
