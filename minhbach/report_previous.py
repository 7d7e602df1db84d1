"""The section that compares with the edition before: what rose and fell, who changed level, what cannot be compared."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from minhbach import assessment, previous, report_charts_change, report_previous_causes, units, wording
from minhbach.book import Book
from minhbach.markdown import declared, paragraphs, table
from minhbach.model import Ranking
from minhbach.numbers import from_text
from minhbach.paths import Edition
from minhbach.report_layout import see, title
from minhbach.report_previous_rows import DASH, TABLE, Changes, register, what
from minhbach.units import Unit

SCOPES: Final = ("previous", "change")
MOST_IN_BODY: Final = 40
MOST_MOVED: Final = 5


def section(book: Book, folder: Path) -> str:
    """What changed since the edition before; empty where there is none."""
    if book.setup.assessment.previous is None:
        return ""
    register(book)
    return paragraphs(_intro(book), *(_framework(Changes(book, results), folder) for results in book))


def annex(book: Book) -> str:
    """All units where the section shows only those that moved most, and changes by cause; empty without either."""
    if book.setup.assessment.previous is None:
        return ""
    pairs = [(each, ranking) for each in (Changes(book, results) for results in book) for ranking in each.rankings]
    whole = [_table(each, ranking, shown, "-all") for each, ranking in pairs if _is_long(shown := each.both(ranking))]
    return paragraphs(*whole, report_previous_causes.annex(book))


def fact(book: Book, scope: str, unit_id: str, about: str) -> str | None:
    """The span of a unit's number in the edition before, or of its change; None where there is none."""
    spans = (Changes(book, results).span(scope, unit_id, about) for results in book)
    return next((span for span in spans if span != DASH), None)


def _intro(book: Book) -> str:
    """Which edition is compared with."""
    before = previous.source(Edition(book.setup.assessment.previous or "", book.setup.edition.root))
    named = declared(assessment.load(before).title.say(book.language))
    edition = f"[`{before.name}`]{{.declared}}"
    return wording.say("previous_intro", book.language, title=named, edition=edition)


def _framework(changes: Changes, folder: Path) -> str:
    book, results = changes.book, changes.results
    heading = f"## {title(book, results)}" if len(book.results) > 1 else ""
    if not len(changes.comparable):
        return paragraphs(heading, wording.say("previous_not_assessed", book.language))
    parts = [_ranking(changes, ranking, folder) for ranking in changes.rankings]
    formed, causes = report_previous_causes.formed(changes), report_previous_causes.said(changes)
    return paragraphs(heading, formed, *parts, _levels(changes), causes, _incomparable(changes), _only_once(changes))


def _ranking(changes: Changes, ranking: Ranking, folder: Path) -> str:
    """A sentence with counts, the table of the units (or of those that moved most), and the chart."""
    both, language = changes.both(ranking), changes.results.language
    if not both:
        return wording.say("previous_nobody", language)
    shown = _moved(changes, ranking, both) if _is_long(both) else both
    key = "previous_table_moved" if _is_long(both) else "previous_table_all"
    intro = wording.say(key, language, table=f"tbl-{_label(changes, ranking)}", annex=see("changes"))
    before = {unit.unit_id: from_text(changes.rows[unit.unit_id, what(ranking)].before) for unit in both}
    drawn = report_charts_change.change(changes.results, ranking, before, folder)
    chart = wording.say("previous_figure", language, figure=drawn[0][0]) if drawn else ""
    said = f"{_counts(changes, ranking)} {intro} {chart}".strip()
    return paragraphs(said, _table(changes, ranking, shown, ""), *(text for _, text in drawn))


def _is_long(both: Sequence[Unit]) -> bool:
    return len(both) > MOST_IN_BODY


def _moved(changes: Changes, ranking: Ranking, both: Sequence[Unit]) -> list[Unit]:
    """The units that rose most, then those that fell most, the largest change first."""
    by_change = sorted(both, key=lambda unit: -from_text(changes.rows[unit.unit_id, what(ranking)].change))
    return [*by_change[:MOST_MOVED], *by_change[-MOST_MOVED:]]


def _label(changes: Changes, ranking: Ranking) -> str:
    return f"{changes.results.framework.id}-{ranking.id}-previous"


def _counts(changes: Changes, ranking: Ranking) -> str:
    """How many units rose, fell and stayed, and the mean change."""
    results, about = changes.results, what(ranking)
    where = results.rows_where(TABLE, what=about) + " and change <> ''"
    value = "change::decimal(38,12)"
    conditions = {"both": "", "up": f" and {value} > 0", "down": f" and {value} < 0", "same": f" and {value} = 0"}
    said = {
        name: results.count(f"{about}.change.{name}.count", f"select count(*) {where}{condition}")
        for name, condition in conditions.items()
    }
    places = changes.places("share" if ranking.on == "share" else "points")
    mean = results.count(f"{about}.change.mean", f"select sum({value}), count(*) {where}", places)
    node = declared(results.framework.nodes[ranking.by].label.say(results.language))
    return wording.say("previous_counts", results.language, node=node, mean=mean, **said)


def _levels(changes: Changes) -> str:
    """How many units gained or lost a level."""
    results, said = changes.results, []
    for key, scheme in changes.schemes.items():
        where = results.rows_where(TABLE, what=key, kind="level") + " and change <> ''"
        if not results.ledger.select(f"select count(*) {where}"):
            continue
        counts = {
            name: results.count(f"{key}.change.{name}.count", f"select count(*) {where} and change::integer {sign} 0")
            for name, sign in (("up", ">"), ("down", "<"))
        }
        label = declared(scheme.label.say(results.language) if scheme.label else key)
        said.append(wording.say("previous_levels", results.language, scheme=label, **counts))
    return " ".join(said)


def _table(changes: Changes, ranking: Ranking, shown: Sequence[Unit], suffix: str) -> str:
    """Value, rank and level of units, before and now, each with its change."""
    results, language = changes.results, changes.results.language
    keys = [key for key in changes.schemes if any((unit.unit_id, key) in changes.rows for unit in shown)][:1]
    ranked = any((unit.unit_id, ranking.id) in changes.rows for unit in shown)
    rows = []
    for unit in shown:
        value = results.share if ranking.on == "share" else results.points
        row = [results.name(unit), *_cells(changes, unit, what(ranking), value(unit.unit_id, ranking.by))]
        row += _cells(changes, unit, ranking.id, results.rank(unit.unit_id, ranking)) if ranked else []
        rows.append(row + [cell for key in keys for cell in _level_cells(changes, unit, key)])
    kinds = ["unit", "before", "now", "change"]
    kinds += ["rank_before", "rank_now", "rank_gained"] * ranked + ["level_before", "level_now"] * len(keys)
    header = [wording.say(f"col_previous_{kind}", language) for kind in kinds]
    widths = (30, *[11] * 3, *[9] * 3 * ranked, *[16] * 2 * len(keys))
    align = "lrrr" + "rrr" * ranked + "ll" * len(keys)
    node = declared(results.framework.nodes[ranking.by].label.say(language))
    caption = wording.say("previous_caption", language, node=node)
    return table(_label(changes, ranking) + suffix, caption, header, rows, align, widths)


def _cells(changes: Changes, unit: Unit, about: str, now: str) -> list[str]:
    before = changes.span("previous", unit.unit_id, about)
    return [before, now, changes.signed(unit.unit_id, about)]


def _level_cells(changes: Changes, unit: Unit, key: str) -> list[str]:
    now = changes.results.level(unit.unit_id, key, changes.schemes[key])
    return [changes.span("previous", unit.unit_id, key), now]


def _incomparable(changes: Changes) -> str:
    """What does not mean the same in both editions, by why."""
    frame, language = changes.comparable, changes.results.language
    said = []
    for why in ("declared", "changed", "new", "gone", "below"):
        listed = frame[(frame["why"] == why) & (frame["kind"] == "node")]["id"]
        names = ", ".join(declared(_node(changes, node_id)) for node_id in listed)
        said.append(wording.say(f"previous_nodes_{why}", language, names=names) if names else "")
    schemes = frame[(frame["kind"] != "node") & (frame["comparable"] == "no")]["id"]
    names = ", ".join(declared(_scheme(changes, each)) for each in schemes)
    said.append(wording.say("previous_schemes", language, names=names) if names else "")
    return " ".join(filter(None, said))


def _node(changes: Changes, node_id: str) -> str:
    node = changes.results.framework.nodes.get(node_id)
    return node.label.say(changes.results.language) if node else node_id


def _scheme(changes: Changes, each: str) -> str:
    """The name of a level scheme or a ranking, or its id where this edition does not have it."""
    framework, language = changes.results.framework, changes.results.language
    labels = {known.id: known.label for known in framework.levels}
    labels |= {known.id: known.label for known in framework.rankings}
    label = labels.get(each)
    return label.say(language) if label else each


def _only_once(changes: Changes) -> str:
    """The units that only one of the editions has."""
    language, book = changes.results.language, changes.book
    before = previous.source(Edition(book.setup.assessment.previous or "", book.setup.edition.root))
    then = units.load(before.units_file)
    found = {"before": set[str](), "now": set[str]()}
    for (unit_id, _), row in changes.rows.items():
        for when, seen in found.items():
            seen |= {unit_id} if getattr(row, when) else set()
    new = [
        changes.results.name(each) for each in changes.results.units if each.unit_id in found["now"] - found["before"]
    ]
    gone = [changes.results.name(each) for each in then if each.unit_id in found["before"] - found["now"]]
    said = [("previous_units_new", new), ("previous_units_gone", gone)]
    return " ".join(wording.say(key, language, names=", ".join(names)) for key, names in said if names)
