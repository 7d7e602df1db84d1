"""Which criteria of two frameworks mean the same: `bridges/<earlier>--<later>.yaml`, declared by people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final

import pandas as pd
from pydantic import AfterValidator, Field

from minhbach import shapes, yamlfile
from minhbach.errors import FileError
from minhbach.framework import Framework
from minhbach.model import Basis
from minhbach.parts import Id, Label, Part, freeze, nothing
from minhbach.shapes import Mistakes

FOLDER: Final = "bridges"
PARTS: Final = ("nodes", "fields", "levels", "rankings")
Names = Annotated[Mapping[Id, Id], AfterValidator(freeze)]


class Bridge(Part):
    """Ids of the earlier framework by kind, each with the id of the later one that means the same.

    Parts with the same id in both need no line. `basis` says where the claim comes from.
    """

    nodes: Names = Field(default_factory=nothing)
    fields: Names = Field(default_factory=nothing)
    levels: Names = Field(default_factory=nothing)
    rankings: Names = Field(default_factory=nothing)
    basis: Basis
    note: Label | None = None


SAME: Final = Bridge(basis="inferred")


def path(root: Path, earlier: str, later: str) -> Path:
    """Where the bridge from one framework to another stands."""
    return root / FOLDER / f"{earlier}--{later}.yaml"


def load(root: Path, earlier: Framework, later: Framework) -> Bridge | None:
    """The bridge between two frameworks; None where none is declared.

    Raises:
        FileError: with every mistake of the file: a part that a framework does not have, or one named twice.
    """
    file = path(root, earlier.id, later.id)
    if not file.is_file():
        return None
    document = yamlfile.load(file)
    bridge = shapes.read(Bridge, document)
    mistakes = Mistakes(document.line)
    for kind in PARTS:
        _check(mistakes, kind, getattr(bridge, kind), _ids(earlier, kind), _ids(later, kind))
    if mistakes.problems:
        raise FileError(document.name, mistakes.problems)
    return bridge


def between(root: Path, earlier: Framework, later: Framework) -> Bridge | None:
    """The bridge that is declared, or the same ids where a framework has only been revised; None where one is needed.

    A revision has the id of the framework and the same nodes.
    """
    declared = load(root, earlier, later)
    if declared is not None:
        return declared
    revised = earlier.id == later.id and set(earlier.nodes) == set(later.nodes)
    return SAME if revised else None


def back(names: Mapping[str, str]) -> dict[str, str]:
    """The ids of the later framework, each with the earlier one."""
    return {later: earlier for earlier, later in names.items()}


def _ids(framework: Framework, kind: str) -> tuple[str, ...]:
    """The ids that a framework has of a kind."""
    parts = getattr(framework, kind)
    return tuple(parts) if isinstance(parts, Mapping) else tuple(each.id for each in parts)


def _check(
    mistakes: Mistakes, kind: str, names: Mapping[str, str], earlier: Sequence[str], later: Sequence[str]
) -> None:
    """Every id must be one of its framework, and no two may become one."""
    seen: dict[str, str] = {}
    for old, new in names.items():
        mistakes.known(old, earlier, (kind, old), f"{kind[:-1]} of the earlier framework")
        mistakes.known(new, later, (kind, old), f"{kind[:-1]} of the later framework")
        if seen.setdefault(new, old) != old:
            mistakes.say((kind, old), f"{new!r} already stands for {seen[new]!r}; each may be named once.")


def scheme(bridge: Bridge, scheme_id: str) -> str:
    """The later name of a level scheme, with its node where it has several."""
    name, dot, node = scheme_id.partition(".")
    return bridge.levels.get(name, name) + dot + bridge.nodes.get(node, node)


def renamed(bridge: Bridge, frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Scores, levels and ranks of the earlier side under the names of the later."""
    scores, levels, ranks = (frames[name] for name in ("scores", "levels", "ranks"))
    return {
        "scores": scores.assign(node_id=[bridge.nodes.get(each, each) for each in scores["node_id"]]),
        "levels": levels.assign(scheme=[scheme(bridge, each) for each in levels["scheme"]]),
        "ranks": ranks.assign(ranking=[bridge.rankings.get(each, each) for each in ranks["ranking"]]),
    }
