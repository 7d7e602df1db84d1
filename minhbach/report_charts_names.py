"""The names in a chart that have numerals in them, which its table must have: of units, groups, criteria and levels."""

from __future__ import annotations

from collections.abc import Iterator

from minhbach import tables
from minhbach.figures import Canvas
from minhbach.figures_text import CUT, plain
from minhbach.markdown import has_numeral
from minhbach.results import Results


def note_names(results: Results, canvas: Canvas) -> None:
    """Notes each name of the edition or its framework that a text of the chart is, is a part of, or contains.

    What is written around a name must have no numeral of its own: a typed number is not covered by it.
    """
    known = tuple(dict.fromkeys(name for name in _names(results) if has_numeral(name)))
    for text in dict.fromkeys(filter(has_numeral, canvas.texts)):
        words = text.removesuffix(CUT).strip()
        whole = next((name for name in known if f" {words} " in f" {name} "), "")
        inside = next((name for name in known if name in words and not has_numeral(words.replace(name, ""))), "")
        if any(map(str.isalpha, words)) and (whole or inside):
            canvas.name(whole or words)


def _names(results: Results) -> Iterator[str]:
    """All names that a chart may show, as charts write them."""
    language, framework = results.language, results.framework
    for unit in (*results.units, *results.parents.values()):
        yield plain(unit.called(language))
    yield from (plain(row.group) for row in tables.rows(results.frames["ranks"]))
    labels = [framework.spec.title, *(node.label for node in framework.nodes.values())]
    labels += [ranking.label for ranking in framework.rankings if ranking.label]
    for scheme in framework.levels:
        labels += [label for label in (scheme.label, scheme.otherwise, *scheme.labels.values()) if label]
    yield from (plain(label.say(language)) for label in labels)
