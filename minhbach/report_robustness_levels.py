"""How near levels are to their thresholds, which rest on one answer, and what open warnings could change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minhbach.levels import schemes
from minhbach.model import Levels
from minhbach.report_layout import see
from minhbach.report_levels import scheme_name
from minhbach.report_robustness_facts import Firmness
from minhbach.results import quoted

MOST_NAMED = 5


def thresholds(firmness: Firmness, scheme: Levels) -> str:
    """The unit nearest to losing its level, the one nearest to a better one, and levels that rest on one answer."""
    keys = list(schemes(scheme))
    rows = [row for row in firmness.of("threshold") if row.outcome in keys]
    if not rows:
        return ""
    said = [firmness.say("thresholds", scheme=scheme_name(firmness.results, scheme))]
    said += [
        _spare(firmness, scheme, _nearest(firmness, rows, "down")),
        _lack(firmness, _nearest(firmness, rows, "up")),
    ]
    if any(row.outcome in keys for row in firmness.of("single")):
        end, select = _among(keys), "count(distinct unit_id)"
        count = firmness.count(f"{scheme.id}.single.count", "singles", select, end=end, kind="single")
        said.append(firmness.say("singles", count=count, annex=see("robustness")))
    elif firmness.of("warning") or firmness.results.unconfirmed:
        said.append(firmness.say("singles_none"))
    return " ".join(filter(None, said))


def _nearest(firmness: Firmness, rows: Sequence[Any], way: str) -> list[Any]:
    """The rows that look down or up, the nearest first."""
    found = [row for row in rows if row.reading == way]
    return sorted(found, key=lambda row: (firmness.scale(row), row.unit_id, row.outcome))


def _spare(firmness: Firmness, scheme: Levels, rows: Sequence[Any]) -> str:
    """The unit with the least to spare, or all that have nothing to spare."""
    tight = list(dict.fromkeys(row.unit_id for row in rows if not firmness.scale(row)))
    if not tight:
        return _said(firmness, "spare", rows[0], rows[0].now) if rows else ""
    where = {"kind": "threshold", "reading": "down"}
    end = f"{_among(list(schemes(scheme)))} and distance::decimal(38,12) = 0"
    count = firmness.count(f"{scheme.id}.tight.count", "tight", "count(distinct unit_id)", end=end, **where)
    names = ", ".join(map(firmness.name, tight[:MOST_NAMED])) + ("…" if len(tight) > MOST_NAMED else "")
    return firmness.say("spare_none", count=count, units=names)


def _lack(firmness: Firmness, rows: Sequence[Any]) -> str:
    return _said(firmness, "lack", rows[0], rows[0].result) if rows else ""


def _said(firmness: Firmness, key: str, row: Any, level: str) -> str:
    """A unit, its condition and how far away that is."""
    distance = firmness.distance(row.unit_id, row.outcome, row.reading)
    unit = "share" if firmness.keys[row.outcome][1] == "share" else "points"
    return firmness.say(
        key,
        unit=firmness.name(row.unit_id),
        level=firmness.level(row.outcome, level),
        distance=firmness.say(unit, value=distance),
        node=firmness.node(row.node_id),
    )


def warnings(firmness: Firmness) -> str:
    """How many open warnings could lower a level or a rank, one at a time, and by how many places."""
    if not firmness.of("warning"):
        return firmness.say("warnings_none")
    framework = firmness.results.framework
    ranks, levels = _among([each.id for each in framework.rankings]), _among(list(firmness.keys))
    each, worse = "count(distinct reading)", " and worst <> now"
    lost = "coalesce(max(worst::integer - now::integer), 0)"
    return firmness.say(
        "warnings",
        open=firmness.count("warning.count", "open", each, kind="warning"),
        levels=firmness.count("warning.levels.count", "warned", each, end=levels + worse, kind="warning"),
        ranks=firmness.count("warning.ranks.count", "warned", each, end=ranks + worse, kind="warning"),
        most=firmness.count("warning.most", "fall", lost, end=ranks, kind="warning"),
    )


def _among(outcomes: Sequence[str]) -> str:
    """The condition that a row is about one of these outcomes."""
    return f" and outcome in ({', '.join(map(quoted, outcomes)) or quoted('')})"
