"""What makes a node, a level scheme or a ranking the same as one of another edition, as short hashes.

A node's own hash is about its maximum, its formula and its fields; its whole hash is about all that stands below it
as well. Labels, notes and numbers on paper may differ.
"""

from __future__ import annotations

import hashlib

from minhbach import formula
from minhbach.formula_print import worked
from minhbach.framework import Framework
from minhbach.model import Levels, Ranking
from minhbach.numbers import exact_text

LENGTH = 16
Hashes = dict[str, str]


def hashes(framework: Framework) -> dict[str, Hashes]:
    """Hashes of a framework by kind: nodes (own), wholes (nodes with all below), levels, rankings."""
    own: Hashes = {}
    whole: Hashes = {}
    for node_id in framework.order:
        own[node_id] = _hash(*_node(framework, node_id))
        whole[node_id] = _hash(own[node_id], *(whole[each] for each in _below(framework, node_id)))
    levels = {scheme.id: _hash(*_levels(framework, scheme, whole)) for scheme in framework.levels}
    rankings = {ranking.id: _hash(*_ranking(framework, ranking, whole)) for ranking in framework.rankings}
    return {"nodes": own, "wholes": whole, "levels": levels, "rankings": rankings}


def _node(framework: Framework, node_id: str) -> list[str]:
    """All that the node's own line says about its points."""
    node = framework.nodes[node_id]
    top = "" if node.max_points is None else exact_text(node.max_points)
    trees = [framework.formulas.get(node_id), framework.conditions.get(node_id)]
    texts = ["" if tree is None else worked(tree, "en", str) for tree in trees]
    fields = sorted({name for tree in trees if tree for name in formula.names(tree)} & set(framework.fields))
    asked = [_field(framework, field_id) for field_id in fields]
    among = (framework.spec.best_within or "") if any("best(" in text or "worst(" in text for text in texts) else ""
    return [node_id, top, *texts, " ".join(sorted(node.children)), node.missing, str(node.rescale), among, *asked]


def _field(framework: Framework, field_id: str) -> str:
    field = framework.fields[field_id]
    out_of = "" if field.out_of is None else exact_text(field.out_of)
    return "|".join((field_id, field.type, field.missing, out_of, *field.options))


def _below(framework: Framework, node_id: str) -> list[str]:
    """The nodes that a node is computed from."""
    trees = [framework.formulas.get(node_id), framework.conditions.get(node_id)]
    named = {name for tree in trees if tree for name in formula.names(tree)} & set(framework.nodes)
    return sorted(named | set(framework.nodes[node_id].children))


def _levels(framework: Framework, scheme: Levels, whole: Hashes) -> list[str]:
    """The levels from the best down, each with its conditions, and the nodes that these are about."""
    said = [f"{level}:{rules!r}" for level, rules in _rules(scheme).items()]
    nodes = sorted({*scheme.of, *(node for level in scheme.conditions.values() for node in level)})
    rounding = framework.rounding
    how = [rounding.level_on, rounding.mode, str(rounding.shown), str(rounding.share)]
    return [scheme.on, *said, *(whole[node] for node in nodes), *how]


def _rules(scheme: Levels) -> dict[str, list[str]]:
    if scheme.bands:
        return {level: [f"{type(least).__name__} {least}"] for level, least in scheme.bands.items()}
    return {
        level: [f"{node} {type(least).__name__} {least}" for node, least in sorted(scheme.conditions[level].items())]
        for level in scheme.order
    }


def _ranking(framework: Framework, ranking: Ranking, whole: Hashes) -> list[str]:
    rounding = framework.rounding
    how = [rounding.rank_on, rounding.mode, str(rounding.shown), str(rounding.share), str(ranking.decimals)]
    return [ranking.by, ranking.on, ranking.ties, ranking.within or "", whole[ranking.by], *how]


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:LENGTH]
