"""The section that says how firm a result is: under other weights and readings, near thresholds, by single answers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress
from pathlib import Path

from minhbach import report_robustness_chart, wording
from minhbach.book import Book
from minhbach.levels import schemes
from minhbach.markdown import paragraphs, table
from minhbach.model import Ranking
from minhbach.report_layout import each, see
from minhbach.report_levels import scheme_name
from minhbach.report_ranks import ranking_label
from minhbach.report_robustness_annex import has_annex
from minhbach.report_robustness_facts import Firmness
from minhbach.report_robustness_levels import thresholds, warnings
from minhbach.results import quoted
from minhbach.robustness_parts import weighted
from minhbach.robustness_readings import BY_TOTALS, WITHOUT, level_reading, parts, rank_reading

DASH = "–"


def section(book: Book, folder: Path) -> str:
    """What is firm and what is not, of every framework; empty where the edition does not want it printed."""
    if not book.setup.assessment.robustness.printed:
        return ""
    intro = wording.say("robust_intro", book.language)
    if any(has_annex(Firmness(book, results)) for results in book):
        intro += " " + wording.say("robust_intro_annex", book.language, annex=see("robustness"))
    return paragraphs(intro, each(book, lambda results: _framework(Firmness(book, results), folder)))


def _framework(firmness: Firmness, folder: Path) -> str:
    framework = firmness.results.framework
    return paragraphs(
        *(_weights(firmness, ranking, folder) for ranking in framework.rankings),
        _readings(firmness),
        *(thresholds(firmness, scheme) for scheme in framework.levels),
        warnings(firmness),
    )


# Weights ----------------------------------------------------------------------------------------------------


def _weights(firmness: Firmness, ranking: Ranking, folder: Path) -> str:
    """How many units keep their rank, which has the widest interval, whether the first stays first; and the chart."""
    rows = firmness.of("weights", ranking.id)
    if not rows:
        return firmness.say("no_weights", node=firmness.node(ranking.by))
    wide = max(rows, key=lambda row: (int(row.high) - int(row.low), int(row.worst) - int(row.best), -int(row.now)))
    first = min(rows, key=lambda row: (int(row.now), row.unit_id))
    ends = {which: firmness.rank(wide.unit_id, ranking, which) for which in ("low", "high")}
    rank = firmness.results.rank(wide.unit_id, ranking)
    said = [_kept(firmness, ranking)]
    if wide.low != wide.high:
        said.append(firmness.say("widest", unit=firmness.name(wide.unit_id), rank=rank, **ends))
    if first.worst == first.now:
        said.append(firmness.say("first_firm", unit=firmness.name(first.unit_id)))
    else:
        worst = firmness.rank(first.unit_id, ranking, "worst")
        said.append(firmness.say("first", unit=firmness.name(first.unit_id), worst=worst))
    figures = report_robustness_chart.intervals(firmness, ranking, folder)
    said += [firmness.say("figure", figure=reference) for reference, _ in figures]
    return paragraphs(" ".join(said), *(text for _, text in figures))


def _kept(firmness: Firmness, ranking: Ranking) -> str:
    results, where = firmness.results, {"kind": "weights", "outcome": ranking.id}
    nodes = weighted(results.framework, ranking.by)
    moved = "greatest(now::integer - low::integer, high::integer - now::integer)"
    return firmness.say(
        "weights",
        draws=firmness.setting("draws"),
        spread=firmness.setting("spread"),
        parts=results.method(f"robust.{ranking.id}.parts", len(nodes)),
        node=firmness.node(ranking.by),
        same=firmness.count(f"{ranking.id}.same.count", "same", end=f" and {moved} = 0", **where),
        near=firmness.count(f"{ranking.id}.near.count", "near", end=f" and {moved} <= 3", **where),
        all=firmness.count(f"{ranking.id}.all.count", "best", **where),
    )


# Readings ---------------------------------------------------------------------------------------------------


def _readings(firmness: Firmness) -> str:
    """A row per reading: how many units have another rank or level, and the largest move."""
    results, label = firmness.results, f"{firmness.results.framework.id}-readings"
    rows = [*_rank_readings(firmness), *_level_readings(firmness)]
    if not rows:
        return ""
    ranked, levelled = bool(results.framework.rankings), bool(results.framework.levels)
    kept = [True, ranked, ranked, levelled]  # no column of dashes alone
    keys = compress(("reading", "rank_moved", "rank_most", "level_moved"), kept)
    header = [wording.say(f"col_robust_{key}", results.language) for key in keys]
    cells = [list(compress(row, kept)) for row in rows]
    caption, widths = results.caption("robust_readings_table"), (52, 16, 16, 16)[: len(header)]
    body = table(label, caption, header, cells, "lrrr"[: len(header)], widths)
    return paragraphs(firmness.say("readings", table=f"tbl-{label}"), body)


def _rank_readings(firmness: Firmness) -> Iterator[list[str]]:
    framework = firmness.results.framework
    for ranking in framework.rankings:
        readings = [(f"{WITHOUT}.{node}", firmness.say("reading_without", part=firmness.node(node)))
                    for node in parts(framework, ranking)]  # fmt: skip
        other = rank_reading(framework)
        for reading, said in [*readings, (other, firmness.say(f"reading_{other.replace('_on.', '_')}"))]:
            name, where = f"{ranking.id}.{reading}", {"kind": "reading", "outcome": ranking.id, "reading": reading}
            if len(framework.rankings) > 1:
                said = firmness.say("reading_of", reading=said, ranking=ranking_label(firmness.results, ranking))
            moved = firmness.count(f"{name}.moved.count", "moved", **where)
            largest = "coalesce(max(abs(result::integer - now::integer)), 0)"
            most = firmness.count(f"{name}.most", "most", largest, end=" and result <> '' and now <> ''", **where)
            yield [said, moved, most, DASH]


def _level_readings(firmness: Firmness) -> Iterator[list[str]]:
    results = firmness.results
    other = level_reading(results.framework)
    for scheme in results.framework.levels:
        keys = list(schemes(scheme))
        said = [(other, firmness.say(f"reading_{other.replace('_on.', '_')}"))]
        levels = results.frames["levels"]
        if (levels[levels["scheme"].isin(keys)]["by_totals"] != "").any():
            said.append((BY_TOTALS, firmness.say("reading_totals")))
        for reading, words in said:
            if len(results.framework.levels) > 1:
                words = firmness.say("reading_of", reading=words, ranking=scheme_name(results, scheme))
            end = f" and outcome in ({', '.join(map(quoted, keys))})"
            where = {"kind": "reading", "reading": reading}
            name = f"{scheme.id}.{reading}.moved.count"
            moved = firmness.count(name, "levelled", "count(distinct unit_id)", end=end, **where)
            yield [words, DASH, DASH, moved]
