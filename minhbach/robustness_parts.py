"""The parts of a ranked value that have weights."""

from __future__ import annotations

from minhbach.framework import Framework

MOST_NODES = 12


def weighted(framework: Framework, node_id: str) -> tuple[str, ...]:
    """The parts of a sum whose weights may change: the lowest whole layer below it with at most 12 nodes.

    A node that is no sum of others stays as it is; the node itself alone where it is no sum.
    """
    layer: tuple[str, ...] = (node_id,)
    below = layer
    while len(below) <= MOST_NODES:
        layer = below
        below = tuple(part for each in layer for part in _parts_of(framework, each))
        if below == layer:
            break
    return layer


def _parts_of(framework: Framework, node_id: str) -> tuple[str, ...]:
    """What a sum is made of; the node itself where it is no sum."""
    node = framework.nodes[node_id]
    return node.children if node.formula is None and node.children else (node_id,)
