"""The tree of a framework as a reader meets it: total, parts, groups and criteria, and short names for table heads.

Groups are the lowest nodes that level conditions or bands look at. A framework without levels has the nodes below its
parts as groups where they are few, otherwise the parts themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from minhbach.framework import Framework
from minhbach.model import Ranking
from minhbach.numbers import exact_text

MOST_COLUMNS = 12
CODE = re.compile(r"[A-ZĐ]{1,3}[0-9]{0,2}")


def groups(framework: Framework) -> tuple[str, ...]:
    """The groups of criteria, in the order of the framework; none where there is a single node."""
    named = {node for scheme in framework.levels for node in scheme.of}
    named |= {node for scheme in framework.levels for rules in scheme.conditions.values() for node in rules}
    below = tuple(
        node
        for node in framework.nodes
        if node in named and framework.nodes[node].children and not any(_above(framework, node, each) for each in named)
    )
    return below if len(below) > 1 else _by_depth(framework)


def _by_depth(framework: Framework) -> tuple[str, ...]:
    parts = tuple(node for node in framework.nodes if _scored(framework, node) and framework.depth(node) == 1)
    below = tuple(node for node in framework.nodes if _scored(framework, node) and framework.depth(node) == 2)
    whole = all(framework.nodes[part].children for part in parts)
    return below if below and whole and len(below) <= MOST_COLUMNS else parts


def criteria(framework: Framework) -> tuple[str, ...]:
    """The criteria: what stands directly below the groups and can be given points."""
    found = (child for group in groups(framework) for child in framework.nodes[group].children)
    return tuple(node for node in found if _scored(framework, node))


def columns(framework: Framework, ranking: Ranking) -> tuple[str, ...]:
    """The nodes that a table of results shows before the ranked node: groups, each part after its groups."""
    known = set(groups(framework))
    found = tuple(_below(framework, ranking.by, known))
    return found if len(found) <= MOST_COLUMNS else parts(framework, ranking)


def parts(framework: Framework, ranking: Ranking) -> tuple[str, ...]:
    """What stands directly below the ranked node."""
    few = tuple(child for child in framework.nodes[ranking.by].children if _counts(framework, child))
    return few if len(few) <= MOST_COLUMNS else ()


def code(framework: Framework, node_id: str, language: str) -> str:
    """A node's short name: its id where that is a code such as HT, else its number, else its label."""
    node = framework.nodes[node_id]
    return node_id if CODE.fullmatch(node_id) else node.number or node.label.say(language)


def title(framework: Framework, every: Iterable[Framework], language: str) -> str:
    """What results are called: the ranked node where no other framework of the edition has it, else the framework."""
    names = [_ranked(each, language) for each in every]
    own = _ranked(framework, language)
    return own if own and names.count(own) == 1 else framework.spec.title.say(language)


def _ranked(framework: Framework, language: str) -> str:
    nodes = {ranking.by for ranking in framework.rankings}
    return framework.nodes[nodes.pop()].label.say(language) if len(nodes) == 1 else ""


def kind(framework: Framework, node_id: str) -> str:
    """total, part, group, criterion (whatever stands below a group) or information."""
    known = groups(framework)
    if framework.nodes[node_id].information:
        return "information"
    if node_id in known:
        return "group"
    if any(_above(framework, node_id, group) for group in known):
        return "part" if node_id in framework.parent else "total"
    return "criterion" if node_id in framework.parent else "total"


def table(frameworks: Iterable[Framework]) -> pd.DataFrame:
    """All nodes as a table of texts that queries may select from."""
    rows = [
        (each.id, node_id, kind(each, node_id), node.number, _maximum(node.max_points), each.parent.get(node_id, ""))
        for each in frameworks
        for node_id, node in each.nodes.items()
    ]
    return pd.DataFrame(rows, columns=["framework", "node_id", "kind", "number", "max_points", "parent"], dtype="str")


def _maximum(value: object) -> str:
    return "" if value is None else exact_text(value)  # type: ignore[arg-type]


def _below(framework: Framework, node_id: str, stop: set[str]) -> Iterable[str]:
    for child in framework.nodes[node_id].children:
        if not _counts(framework, child):
            continue
        if child not in stop and node_id not in stop and any(_above(framework, child, each) for each in stop):
            yield from _below(framework, child, stop)
        yield child


def _counts(framework: Framework, node_id: str) -> bool:
    """Whether a node adds to a total."""
    node = framework.nodes[node_id]
    return not node.information and node.max_points != 0


def _scored(framework: Framework, node_id: str) -> bool:
    """Whether a node has a share of a maximum, too."""
    return _counts(framework, node_id) and framework.nodes[node_id].max_points is not None


def _above(framework: Framework, node_id: str, other: str) -> bool:
    """Whether `node_id` stands above `other`."""
    parent = framework.parent.get(other)
    return parent is not None and (parent == node_id or _above(framework, node_id, parent))
