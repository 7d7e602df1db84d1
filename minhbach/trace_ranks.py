"""Ranks as steps, each found again from the points of the whole ranking group."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from minhbach.model import Ranking
from minhbach.numbers import exact_text, from_text, round_exact, show
from minhbach.rank import rank_places
from minhbach.trace_evidence import Evidence
from minhbach.trace_graph import Step, checked
from minhbach.trace_nodes import Nodes, short
from minhbach.trace_tables import Record


class Ranks:
    """The ranks of an edition's units as steps."""

    def __init__(self, evidence: Evidence, nodes: Nodes) -> None:
        self.evidence, self.nodes = evidence, nodes

    def rank(self, framework_id: str, unit_id: str, ranking_id: str) -> Step:
        """A unit's rank, from the exact points of every unit of its group."""
        evidence = self.evidence
        ranking = next(each for each in evidence.framework(framework_id).rankings if each.id == ranking_id)
        kept = evidence.table(framework_id, "ranks").one(unit_id, ranking=ranking_id)
        group = self._group(framework_id, ranking, kept)
        value = kept["rank"] if kept else ""
        now = _place(group, unit_id, ranking.ties) if unit_id in group else ""
        note = "" if now == value else evidence.say("rank_differs", rank=now or "–")
        title = ranking.label.say(evidence.language) if ranking.label else ranking_id
        said = {
            "ranking": title,
            "rank": value or evidence.say("rank_none"),
            "ties": evidence.say(f"ties_{ranking.ties.split()[0]}"),
        }
        by = self.nodes.label(framework_id, ranking.by)
        text = evidence.say("rank", **said, count=len(group), by=by)
        own = self.nodes.share if ranking.on == "share" else self.nodes.points
        children = [own(framework_id, unit_id, ranking.by)]
        if ranking.ties.startswith("first by "):
            children.append(self.nodes.points(framework_id, unit_id, ranking.ties.removeprefix("first by ")))
        others = (self._other(framework_id, ranking, *each) for each in sorted(group.items(), key=_best_first))
        at = f"{unit_id}/{ranking_id}"
        return Step("rank", at, text, value, checked(not note), note, (*children, *others))

    def _group(self, framework_id: str, ranking: Ranking, own: Record | None) -> dict[str, tuple[Fraction, ...]]:
        """What is compared of every ranked unit of the group, from scores.csv."""
        rounding = self.evidence.framework(framework_id).rounding
        places = rank_places(ranking, rounding.rank_on, rounding.shown, rounding.share)
        nodes = [ranking.by, *([ranking.ties.removeprefix("first by ")] if ranking.ties.startswith("first") else [])]
        found = {}
        for row in self.evidence.table(framework_id, "ranks"):
            if own and row["ranking"] == ranking.id and row["rank"] and row["group"] == own["group"]:
                keys = (self._key(framework_id, row["unit_id"], node, ranking.on) for node in nodes)
                found[row["unit_id"]] = tuple(
                    each if places is None else round_exact(each, places, rounding.mode) for each in keys
                )
        return found

    def _key(self, framework_id: str, unit_id: str, node_id: str, on: str) -> Fraction:
        row = self.evidence.table(framework_id, "scores").one(unit_id, node_id=node_id)
        value = from_text(row["exact"] or row["points"] or "0") if row else Fraction(0)
        return value / from_text(row["max_points"]) if on == "share" and row else value

    def _other(self, framework_id: str, ranking: Ranking, unit_id: str, key: tuple[Fraction, ...]) -> Step:
        at = f"{unit_id}/{ranking.by}" + (".share" if ranking.on == "share" else "")
        rounding = self.evidence.framework(framework_id).rounding
        places = rank_places(ranking, rounding.rank_on, rounding.shown, rounding.share)
        language, name = self.evidence.language, self.evidence.unit_name(unit_id)
        shown = short(key[0], language) if places is None else show(key[0], places, language)
        return Step("row", at, f"{name}: {shown}", exact_text(key[0]))


def _best_first(item: tuple[str, tuple[Fraction, ...]]) -> tuple[list[Fraction], str]:
    return [-key for key in item[1]], item[0]


def _place(group: Mapping[str, tuple[Fraction, ...]], unit_id: str, ties: str) -> str:
    """The rank of a unit: 1 more than the units (or, dense, than the different values) before it."""
    before = [key for key in group.values() if key > group[unit_id]]
    return str(1 + len(set(before) if ties == "dense" else before))
