"""What depends on an answer: nodes, levels, ranks and comparisons, of the unit itself and of others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from minhbach import formula, levels, merge
from minhbach.formula import Call
from minhbach.framework import Framework
from minhbach.trace_evidence import Evidence
from minhbach.trace_tables import Record

Reached = dict[str, set[str]]


def carriers(evidence: Evidence, known: Framework, row: Record) -> Iterator[str]:
    """The unit of an answer, and units formed by a merger whose mean takes the answer."""
    yield row["unit_id"]
    averaged = known.spec.merged
    for unit in evidence.units if averaged and row["field_id"] in averaged.mean_of else ():
        own = evidence.table(known.id, "observations").one(unit.unit_id, field_id=row["field_id"])
        if row["unit_id"] in merge.predecessors(unit) and own and " " in own["cell"]:
            yield unit.unit_id


def closure(evidence: Evidence, framework_id: str, start: Iterable[tuple[str, str]]) -> Reached:
    """For every unit that is reached, the fields and nodes that depend on the answers at the start.

    `best` and `worst` carry a change to every unit of the group.
    """
    known, points = evidence.framework(framework_id), evidence.points(framework_id)
    group = dict(zip(points.answers.unit_ids, points.groups.tolist(), strict=True))
    reached: Reached = {}
    for unit_id, field_id in start:
        reached.setdefault(unit_id, set()).add(field_id)
    for node_id in known.order:
        own, shared = _rests_on(known, node_id)
        spread = {group[unit_id] for unit_id, names in reached.items() if unit_id in group and names & shared}
        hit = {unit_id for unit_id, names in reached.items() if names & own}
        hit |= {unit_id for unit_id, code in group.items() if code in spread}
        for unit_id in hit:
            reached.setdefault(unit_id, set()).add(node_id)
    return reached


def _rests_on(known: Framework, node_id: str) -> tuple[set[str], set[str]]:
    """What a node is computed from, of the unit itself and of all units of the group."""
    trees = [trees[node_id] for trees in (known.formulas, known.conditions) if node_id in trees]
    own = set(known.nodes[node_id].children).union(*map(formula.names, trees))
    calls = [part for tree in trees for part in formula.walk(tree) if isinstance(part, Call)]
    shared = [formula.names(call) for call in calls if call.function in ("best", "worst")]
    return own, set().union(*shared)


def outcomes(evidence: Evidence, framework_id: str, reached: Reached) -> Reached:
    """The levels, ranks and comparisons that depend on what was reached; a rank depends on all of its group."""
    known, found = evidence.framework(framework_id), {unit_id: set[str]() for unit_id in reached}
    for scheme in known.levels:
        for key, (_, rules) in levels.schemes(scheme).items():
            nodes = {node for rule in rules.values() for node in rule}
            for unit_id in (unit_id for unit_id, names in reached.items() if names & nodes):
                found[unit_id].add(key)
    for ranking in known.rankings:
        nodes = {ranking.by, ranking.ties.removeprefix("first by ")}
        rows = [row for row in evidence.table(framework_id, "ranks") if row["ranking"] == ranking.id and row["rank"]]
        moved = {row["group"] for row in rows if reached.get(row["unit_id"], set()) & nodes}
        for row in rows:
            if row["group"] in moved:
                found.setdefault(row["unit_id"], set()).add(ranking.id)
    for each in known.comparisons:
        for unit_id in list(found):
            if (reached.get(unit_id, set()) | found[unit_id]) & {each.field, each.against}:
                found[unit_id].add(each.id)
    return found
