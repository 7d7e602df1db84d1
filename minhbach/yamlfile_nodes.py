"""What stands where in a YAML text, by the events of the YAML library: no object is made, no depth without end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import yaml

MAX_DEPTH = 40
TAG = "tag:yaml.org,2002:"
# What plain words mean in YAML 1.2; an underline within a number is taken as the library writes it.
PLAIN = {
    "null": re.compile(r"~|null|Null|NULL|"),
    "bool": re.compile(r"true|True|TRUE|false|False|FALSE"),
    "int": re.compile(r"[-+]?(0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)"),
    "float": re.compile(
        r"[-+]?([0-9][0-9_]*(\.[0-9_]*)?|\.[0-9_]+)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
    ),
}


@dataclass(frozen=True)
class Word:
    """A value that is one text; `tag` is what it says itself, or what a plain word looks like."""

    tag: str
    line: int
    text: str


@dataclass(frozen=True)
class Listed:
    """A list."""

    tag: str
    line: int
    items: list[Node] = field(default_factory=list)


@dataclass(frozen=True)
class Mapped:
    """Keys and values."""

    tag: str
    line: int
    pairs: list[tuple[Node, Node]] = field(default_factory=list)


Node = Word | Listed | Mapped
Kind = TypeVar("Kind", Word, Listed, Mapped)


def compose(text: str) -> Node | None:
    """The only document of a text; None where there is nothing.

    Raises:
        yaml.YAMLError: it is not YAML, nests more than MAX_DEPTH deep, or is more than one document.
    """
    return _Composer(text).document()


class _Composer:
    """Puts the events of a text together; an anchor means what was given it last."""

    def __init__(self, text: str) -> None:
        loader = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=loader)
        self.anchors: dict[str, Node] = {}

    def document(self) -> Node | None:
        next(self.events)
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return None
        root = self.node(next(self.events), 0)
        next(self.events)
        further = next(self.events)
        if not isinstance(further, yaml.StreamEndEvent):
            raise _fault(further, "expected a single document, but found another")
        return root

    def node(self, event: yaml.Event, depth: int) -> Node:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            return self.named(event)
        if isinstance(event, yaml.ScalarEvent):
            return self.known(event, Word(_tag(event), line, event.value))
        if depth == MAX_DEPTH:
            raise _fault(event, f"brackets are nested more than {MAX_DEPTH} deep")
        tag = (event.tag or "").removeprefix(TAG)
        if isinstance(event, yaml.SequenceStartEvent):
            listed = self.known(event, Listed(tag or "seq", line))
            listed.items.extend(self.inside(yaml.SequenceEndEvent, depth))
            return listed
        mapped = self.known(event, Mapped(tag or "map", line))
        inside = self.inside(yaml.MappingEndEvent, depth)
        mapped.pairs.extend(zip(inside, inside, strict=True))
        return mapped

    def inside(self, end: type[yaml.Event], depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self.events), end):
            yield self.node(event, depth + 1)

    def known(self, event: yaml.Event, made: Kind) -> Kind:
        if event.anchor:
            self.anchors[event.anchor] = made
        return made

    def named(self, event: yaml.AliasEvent) -> Node:
        if event.anchor not in self.anchors:
            raise _fault(event, f"there is no anchor {event.anchor!r}")
        return self.anchors[event.anchor]


def _fault(event: yaml.Event, words: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=words, problem_mark=event.start_mark)


def _tag(event: yaml.ScalarEvent) -> str:
    """The kind of a text: what it says itself, or what a plain word looks like."""
    if event.tag and event.tag != "!":
        return str(event.tag).removeprefix(TAG)
    if event.tag or not event.implicit[0]:
        return "str"
    return next((kind for kind, pattern in PLAIN.items() if pattern.fullmatch(event.value)), "str")
