"""Reads a framework file and gives a frozen Framework, or all its mistakes at once, by line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from minhbach import formula, framework_check, framework_extend, shapes, tables, yamlfile
from minhbach.errors import FileError, Problem
from minhbach.formula import Tree
from minhbach.framework_extend import Difference
from minhbach.model import Comparison, FrameworkFile, Levels, Node, Question, Ranking, Rounding
from minhbach.paths import framework_file
from minhbach.yamlfile import YamlFile

MOST_PARENTS = 5
FRAMEWORK_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True)
class Framework:
    """A checked framework: its content, its parsed formulas and the order in which nodes are computed.

    `files` are the SHA-256 of its file and of those it extends; `differences` what it changes from its parent.
    """

    spec: FrameworkFile
    formulas: Mapping[str, Tree]
    conditions: Mapping[str, Tree]
    check_trees: Mapping[str, Tree]
    order: tuple[str, ...]
    file: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()

    @property
    def id(self) -> str:
        """The framework's id, which is also its file's name."""
        return self.spec.id

    @property
    def fields(self) -> Mapping[str, Question]:
        """Fields by id, in the order of the file."""
        return self.spec.fields

    @property
    def nodes(self) -> Mapping[str, Node]:
        """Nodes by id, in the order of the file."""
        return self.spec.nodes

    @property
    def levels(self) -> tuple[Levels, ...]:
        """Level schemes, in the order of the file."""
        return self.spec.levels

    @property
    def rankings(self) -> tuple[Ranking, ...]:
        """Rankings, in the order of the file."""
        return self.spec.rankings

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Printed results that are compared with computed ones."""
        return self.spec.comparisons

    @property
    def rounding(self) -> Rounding:
        """How numbers are rounded."""
        return self.spec.rounding

    @cached_property
    def inexact(self) -> frozenset[str]:
        """Nodes whose value passes through a logarithm or a root, and therefore stays a float."""
        found: set[str] = set()
        for node_id in self.order:
            tree = self.formulas.get(node_id)
            below = formula.names(tree) if tree else set(self.nodes[node_id].children)
            if (tree and formula.is_inexact(tree)) or found & below:
                found.add(node_id)
        return frozenset(found)

    @cached_property
    def parent(self) -> Mapping[str, str]:
        """The parent of every node that has one."""
        return MappingProxyType({child: parent for parent, node in self.nodes.items() for child in node.children})

    @cached_property
    def results(self) -> tuple[str, ...]:
        """Nodes that rankings, level schemes and comparisons look at, and nodes marked required."""
        used = {ranking.by for ranking in self.rankings}
        used |= {node for scheme in self.levels for node in scheme.of}
        used |= {node for scheme in self.levels for level in scheme.conditions.values() for node in level}
        used |= {comparison.against for comparison in self.comparisons}
        used |= {node_id for node_id, node in self.nodes.items() if node.required}
        return tuple(node_id for node_id in self.nodes if node_id in used)

    def depth(self, node_id: str) -> int:
        """How many nodes stand above this one."""
        return 0 if node_id not in self.parent else 1 + self.depth(self.parent[node_id])


def load(path: Path, override: YamlFile | None = None) -> Framework:
    """Reads and checks the framework in `path`, with what it extends and an edition's changes to it.

    Raises:
        FileError: with every mistake in the file, by line.
    """
    chain = _chain(path)
    base, document = _merged(chain)
    if override is not None:
        base, document = base or document, framework_extend.merge(document, override)
    spec = shapes.read(FrameworkFile, document)
    if spec.id != path.stem:
        message = f"is {spec.id!r}, the file is called {path.stem!r}; make them equal."
        raise FileError(document.name, [Problem(document.line(("id",)), "id", message)])
    parsed = framework_check.check(spec, document.line)
    if parsed.problems:
        raise FileError(document.name, parsed.problems)
    changes = framework_extend.differences(base.content, document.content) if base else []
    files = {file.name: tables.sha256(file) for file, _ in chain}
    trees = (parsed.formulas, parsed.conditions, parsed.checks)
    return Framework(spec, *trees, parsed.order, path.as_posix(), MappingProxyType(files), tuple(changes))


def content(path: Path) -> Mapping[str, Any]:
    """The content of a framework file with what it extends; the framework must be without mistakes."""
    load(path)
    merged: Mapping[str, Any] = _merged(_chain(path))[1].content
    return merged


def _merged(chain: list[tuple[Path, YamlFile]]) -> tuple[YamlFile | None, YamlFile]:
    """The parent (None if there is none) and the whole."""
    base, document = None, chain[0][1]
    for _, child in chain[1:]:
        base, document = document, framework_extend.merge(document, child)
    return base, document


def find(framework_id: str, root: Path = Path(), override: YamlFile | None = None) -> Framework:
    """The framework of this id in the project's `frameworks/`."""
    return load(existing(framework_id, root), override)


def existing(framework_id: str, root: Path = Path()) -> Path:
    """The file of a framework; FileError with the nearest name if there is none."""
    path = framework_file(framework_id, root)
    if path.is_file():
        return path
    known = sorted(file.stem for file in path.parent.glob("*.yaml"))
    hint = shapes.suggestion(framework_id, known) or f"there are: {', '.join(known)}."
    raise FileError(path.as_posix(), [Problem(1, "", f"there is no such framework; {hint}")])


def _chain(path: Path) -> list[tuple[Path, YamlFile]]:
    """The file and what it extends, the oldest parent first."""
    chain = [(path, yamlfile.load(path))]
    while isinstance(chain[0][1].content, dict) and "extends" in chain[0][1].content:
        file, document = chain[0]
        name = str(document.content["extends"])
        parent = file.parent / f"{name}.yaml"
        line = document.line(("extends",))
        if any(known == parent for known, _ in chain) or len(chain) > MOST_PARENTS:
            names = " → ".join(known.stem for known, _ in chain)
            raise FileError(document.name, [Problem(line, "extends", f"goes round in a circle: {names}.")])
        if not FRAMEWORK_ID.fullmatch(name) or not parent.is_file():
            known_ids = sorted(each.stem for each in file.parent.glob("*.yaml"))
            hint = shapes.suggestion(name, known_ids) or f"there are: {', '.join(known_ids)}."
            raise FileError(document.name, [Problem(line, "extends", f"there is no framework {name!r}; {hint}")])
        chain.insert(0, (parent, yamlfile.load(parent)))
    return chain
