"""What a submission and a decision say about the result: ranked units, levels, and the tables that are annexed."""

from __future__ import annotations

from collections.abc import Iterator

from minhbach import report_ranks, wording
from minhbach.book import Book
from minhbach.levels import NO_LEVEL, schemes
from minhbach.markdown import declared, paragraphs, table
from minhbach.model import Levels, Ranking
from minhbach.report_layout import title
from minhbach.report_ranks import ranking_label
from minhbach.results import Results, level_words, slug
from minhbach.units import Unit

MOST_LEVELS = 2  # columns of levels in a table of ranks


def count(results: Results, name: str, sql: str, places: int = 0) -> str:
    """The span of a query over all units; the report's own fact where it has cited one of this name."""
    return results.ledger.cited(f"{results.scope}/{slug(name)}") or results.count(name, sql, places)


def each_ranking(book: Book) -> Iterator[tuple[Results, Ranking, str]]:
    """Every ranking of every framework, with the name of the annex that lists it."""
    for results in book:
        for ranking in results.framework.rankings:
            yield results, ranking, f"anx-{results.framework.id}-{ranking.id}"


def named(book: Book, results: Results, ranking: Ranking) -> str:
    """What a ranking is called: the framework's results, with the ranking's own name where there are several."""
    whole = title(book, results)
    return whole if len(results.framework.rankings) == 1 else f"{whole}, {ranking_label(results, ranking)}"


def ranked(results: Results, ranking: Ranking) -> str:
    """How many units a ranking has."""
    where = results.rows_where("ranks", ranking=ranking.id)
    return count(results, f"{ranking.id}.count", f"select count(*) {where} and rank <> ''")


def range_of(results: Results, ranking: Ranking) -> dict[str, str]:
    """Best, worst and mean value of a ranking."""
    value = f"{ranking.on if ranking.on == 'share' else 'points'}::decimal(38,12)"
    places = results.framework.rounding.share if ranking.on == "share" else results.framework.rounding.shown
    where = results.rows_where("scores", node_id=ranking.by) + " and points <> ''"
    asked = {"best": f"max({value})", "worst": f"min({value})", "mean": f"sum({value}), count(*)"}
    return {
        name: count(results, f"{ranking.id}.{name}", f"select {sql} {where}", places) for name, sql in asked.items()
    }


def first(results: Results, ranking: Ranking) -> str:
    """The names of the units with rank 1; nothing where nobody has it."""
    found = [unit for unit in results.ranked if results.rank_of.get((unit.unit_id, ranking.id)) == "1"]
    return ", ".join(results.name(unit) for unit in found)


def each_scheme(results: Results) -> Iterator[tuple[str, Levels, list[tuple[str, str]]]]:
    """Every level scheme: its id, itself, and for each level its name and the number of units."""
    for scheme in results.framework.levels:
        for key, (_, conditions) in schemes(scheme).items():
            levels = [(level_words(scheme, level, results.language), _at(results, key, level)) for level in conditions]
            below = scheme.otherwise.say(results.language) if scheme.otherwise else ""
            if below:
                levels.append((below, _at(results, key, NO_LEVEL)))
            yield key, scheme, [(declared(name), number) for name, number in levels]


def scheme_name(results: Results, scheme: Levels, key: str) -> str:
    """A scheme's name; with the part it is about, where there is one scheme per part."""
    name = declared(scheme.label.say(results.language) if scheme.label else scheme.id)
    node = key.partition(".")[2]
    return f"{name}, {declared(results.framework.nodes[node].label.say(results.language))}" if node else name


def basis_note(results: Results, scheme: Levels) -> str:
    """That a scheme's thresholds are not printed in any decision, where that is so."""
    key = {"sample": "result_illustrated", "inferred": "result_inferred"}.get(scheme.basis or "")
    return wording.say(key, results.language) if key else ""


def _at(results: Results, key: str, level: str) -> str:
    where = results.rows_where("levels", scheme=key, level=level)
    return count(results, f"{key}.{level}.count", f"select count(*) {where}")


def annex(book: Book, results: Results, ranking: Ranking, label: str) -> str:
    """The annex of a decision that lists the units of a ranking by rank, group by group where it has groups."""
    language = results.language
    listed = [unit for unit in results.ranked if results.rank_of.get((unit.unit_id, ranking.id))]
    absent = len(results.units) - len(listed)
    heading = wording.say("annex_ranking", language, title=named(book, results, ranking))
    return paragraphs(
        f"# {heading} {{#{label} .annex}}",
        _table(results, ranking, listed) if listed else "",
        report_ranks.note(ranking, language) if listed else "",
        wording.say("units_unranked", language, count=_unranked(results, ranking)) if absent else "",
        *_below(results, {unit.unit_id for unit in listed}),
        wording.say("annex_unconfirmed", language) if {unit.unit_id for unit in listed} & results.unconfirmed else "",
    )


def _below(results: Results, listed: set[str]) -> Iterator[str]:
    """What a dash among the levels means."""
    for key, scheme, _ in [*each_scheme(results)][:MOST_LEVELS]:
        if any(results.level_of.get((unit_id, key)) == NO_LEVEL for unit_id in listed):
            below = declared(level_words(scheme, NO_LEVEL, results.language))
            yield wording.say("annex_below", results.language, scheme=scheme_name(results, scheme, key), below=below)


def _unranked(results: Results, ranking: Ranking) -> str:
    """How many units of the list have no rank."""
    kind = results.framework.spec.unit_kind
    where = results.rows_where("ranks", ranking=ranking.id)
    inside = f"unit_id not in (select unit_id {where} and rank <> '')"
    name = f"{ranking.id}.without_rank.count"
    return count(results, name, f"select count(*) from units where unit_kind = '{kind}' and {inside}")


def _table(results: Results, ranking: Ranking, listed: list[Unit]) -> str:
    language = results.language
    levels = [(key, scheme) for key, scheme, _ in each_scheme(results)][:MOST_LEVELS]
    parents = any(unit.parent_id in results.parents for unit in listed)
    columns = ["col_rank", "col_unit"] + ["document_parent"] * parents + ["document_value"]
    header = [wording.say(key, language) for key in columns]
    header += [scheme_name(results, scheme, key) for key, scheme in levels]
    rows = []
    for group, units in _groups(ranking, listed).items():
        if group:
            rows.append([f"[{declared(group)}]{{.group}}", *[""] * (len(header) - 1)])
        for unit in units:
            parent = results.parents.get(unit.parent_id)
            row = [results.rank(unit.unit_id, ranking), results.name(unit)]
            row += [results.name(parent) if parent else "–"] * parents
            row.append((results.share if ranking.on == "share" else results.points)(unit.unit_id, ranking.by))
            rows.append(row + [results.level_mark(unit.unit_id, key, scheme) for key, scheme in levels])
    align = "rl" + "l" * parents + "r" + "l" * len(levels)
    widths = (8, 36, *[28] * parents, 14, *[18] * len(levels))
    caption = wording.say("annex_ranking_table", language, ranking=ranking_label(results, ranking))
    return table(f"{results.framework.id}-{ranking.id}", caption, header, rows, align, widths)


def _groups(ranking: Ranking, listed: list[Unit]) -> dict[str, list[Unit]]:
    """The units by the group they are ranked in, each by rank; one group without a name where there is only one."""
    found: dict[str, list[Unit]] = {}
    for unit in listed:
        found.setdefault(unit.groups.get(ranking.within or "", ""), []).append(unit)
    return {name: found[name] for name in sorted(found)} if len(found) > 1 else {"": listed}
