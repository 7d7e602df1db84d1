"""Reads a framework file and gives a frozen Framework, or all its mistakes at once, by line."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from minhbach import formula, framework_check, shapes, yamlfile
from minhbach.errors import FileError, Problem
from minhbach.formula import Tree
from minhbach.model import Comparison, FrameworkFile, Levels, Node, Question, Ranking, Rounding
from minhbach.paths import framework_file


@dataclass(frozen=True)
class Framework:
    """A checked framework: its file's content, its parsed formulas and the order in which nodes are computed."""

    spec: FrameworkFile
    formulas: Mapping[str, Tree]
    conditions: Mapping[str, Tree]
    check_trees: Mapping[str, Tree]
    order: tuple[str, ...]
    file: str = ""
    sha256: str = ""

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


def load(path: Path) -> Framework:
    """Reads and checks the framework in `path`.

    Raises:
        FileError: with every mistake in the file, by line.
    """
    document = yamlfile.load(path)
    spec = shapes.read(FrameworkFile, document)
    if spec.id != path.stem:
        raise FileError(
            document.name,
            [
                Problem(
                    document.line(("id",)),
                    "id",
                    f"is {spec.id!r}, the file is called {path.stem!r}; make them equal.",
                )
            ],
        )
    return check(spec, document, hashlib.sha256(path.read_bytes()).hexdigest())


def find(framework_id: str, root: Path = Path()) -> Framework:
    """The framework of this id in the project's `frameworks/`."""
    path = framework_file(framework_id, root)
    if not path.is_file():
        known = sorted(file.stem for file in path.parent.glob("*.yaml"))
        hint = shapes.suggestion(framework_id, known) or f"there are: {', '.join(known)}."
        raise FileError(path.as_posix(), [Problem(1, "", f"there is no such framework; {hint}")])
    return load(path)


def check(spec: FrameworkFile, document: yamlfile.YamlFile, sha256: str = "") -> Framework:
    """Checks what shapes cannot say, and puts the formulas and the order of computation beside the content."""
    parsed = framework_check.check(spec, document.line)
    if parsed.problems:
        raise FileError(document.name, parsed.problems)
    return Framework(spec, parsed.formulas, parsed.conditions, parsed.checks, parsed.order, document.name, sha256)
