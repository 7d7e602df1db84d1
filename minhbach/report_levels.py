"""The section about levels: thresholds, where they come from, and how many units stand at each level."""

from __future__ import annotations

from fractions import Fraction

from minhbach import wording
from minhbach.levels import NO_LEVEL, schemes
from minhbach.markdown import paragraphs, table
from minhbach.model import Levels
from minhbach.parts import Share
from minhbach.report_method import declared
from minhbach.results import Results, level_words


def levels(results: Results) -> str:
    """Each level scheme: its thresholds, where they come from, and how many units stand at each level."""
    parts = []
    for scheme in results.framework.levels:
        for key, (_, conditions) in schemes(scheme).items():
            parts.append(_levels(results, scheme, key, conditions))
    return paragraphs(*parts)


def _levels(results: Results, scheme: Levels, key: str, conditions: object) -> str:
    language = results.language
    assert isinstance(conditions, dict)
    name = declared(scheme.label.say(language) if scheme.label else key)
    warning = {"sample": "levels_sample", "inferred": "levels_inferred"}.get(scheme.basis or "")
    rows = []
    for level, rules in conditions.items():
        shown = [_least(results, f"{key}.{level}", node, least) for node, least in rules.items()]
        rows.append(
            [
                declared(level_words(scheme, level, language)),
                "; ".join(shown),
                _level_count(results, key, level),
            ]
        )
    below = scheme.otherwise.say(language) if scheme.otherwise else wording.say("levels_below", language)
    rows.append([declared(below), "", _level_count(results, key, NO_LEVEL)])
    header = [wording.say(f"col_{each}", language) for each in ("level", "threshold", "count")]
    label = f"{results.framework.id}-{key.replace('.', '-')}"
    return paragraphs(
        wording.say("levels_intro", language, scheme=name, table=f"tbl-{label}"),
        wording.say(warning, language) if warning else "",
        declared(scheme.note.say(language)) if scheme.note else "",
        table(label, wording.say("levels_table", language, scheme=name), header, rows, "llr", (22, 58, 20)),
    )


def _least(results: Results, level: str, node: str, least: Fraction) -> str:
    name = declared(results.framework.nodes[node].label.say(results.language))
    if isinstance(least, Share):
        return f"{name} ≥ {results.method(f'{level}.{node}.least', Fraction(least) * 100)} %"
    return f"{name} ≥ {results.method(f'{level}.{node}.least', Fraction(least))}"


def _level_count(results: Results, key: str, level: str) -> str:
    sql = "select count(*) " + results.rows_where("levels", scheme=key, level=level)
    return results.count(f"{key}.{level}.count", sql)
