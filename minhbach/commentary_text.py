"""Reads the department's own words: sections of plain Markdown in which a number stands only as a fact.

What may stand there is a closed set of elements; everything else is a mistake, told with its line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from minhbach.commentary_inlines import NOTHING, Inlines, own, plain
from minhbach.pandoc import Node
from minhbach.shapes import suggestion

SECTION: Final = 1  # the level of a heading that names a section
DEEPEST: Final = 2


@dataclass
class Reader:
    """Walks the blocks of one file; `names` are the sections that there are."""

    words: Inlines
    names: Sequence[str]

    def read(self, blocks: Sequence[Node]) -> Mapping[str, list[Node]]:
        """The blocks of each section that is not empty, facts filled in, in the order of the file."""
        found: dict[str, list[Node]] = {}
        for node in self._flat(blocks):
            if node["t"] == "Header" and node["c"][0] == SECTION:
                self._begin(node["c"], found)
                continue
            if not found:
                self.words.say("before")
                found[""] = []
            found[self.words.section] += self._block(node)
        return {name: made for name, made in found.items() if made}

    def _begin(self, content: list[Any], found: dict[str, list[Node]]) -> None:
        """A heading of the first level opens the section that it names."""
        words = self.words
        words.at(content[1])
        words.section = ""
        name = plain(words.checked(content[2], declared=True)).strip()
        if own(content[1]):
            words.say("attributes")
        if name in found:
            words.say("twice", section=name)
        elif name not in self.names:
            near = suggestion(name, self.names)
            words.say("section", section=name, near=f"{near} " if near else "", known=", ".join(self.names))
        words.section = name
        found.setdefault(name, [])

    def _flat(self, nodes: Sequence[Node]) -> Iterator[Node]:
        """Blocks without the boxes that only carry their position."""
        for node in nodes:
            if node["t"] == "Div" and not own(node["c"][0]):
                self.words.at(node["c"][0])
                yield from self._flat(node["c"][1])
            else:
                yield node

    def _blocks(self, nodes: Sequence[Node]) -> list[Node]:
        return [made for node in self._flat(nodes) for made in self._block(node)]

    def _block(self, node: Node) -> list[Node]:
        """A block, checked; nothing where it may not stand."""
        kind: str = node["t"]
        content: Any = node.get("c")
        match kind:
            case "Para" | "Plain":
                return [{"t": kind, "c": self.words.checked(content)}]
            case "BulletList":
                return [{"t": kind, "c": [self._blocks(item) for item in content]}]
            case "OrderedList":
                if content[0][0] != 1:
                    self.words.say("list", start=content[0][0])
                return [{"t": kind, "c": [content[0], [self._blocks(item) for item in content[1]]]}]
            case "Header":
                return [self._heading(content)]
        if kind in ("Div", "CodeBlock", "Table"):
            self.words.at(content[0])
        self.words.refuse(kind)
        return []

    def _heading(self, content: list[Any]) -> Node:
        """A heading inside a section."""
        self.words.at(content[1])
        if content[0] != DEEPEST:
            self.words.say("depth")
        if own(content[1]):
            self.words.say("attributes")
        return {"t": "Header", "c": [DEEPEST, NOTHING, self.words.checked(content[2])]}
