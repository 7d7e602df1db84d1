"""The document tree of a report, before any engine sets it: every numeral stands in a fact or in declared text.

The same for both engines. What the engines number themselves (headings, lists, notes, references) has no numeral here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from minhbach import closed_signs, pandoc
from minhbach.closed_figures import Picture
from minhbach.closed_words import DECLARED, FACT, TYPED, Part, Words
from minhbach.facts import Fact
from minhbach.pandoc import Node

BETWEEN: Final = "\ue000"  # stands alone in a paragraph between the pieces of two cells
SPACES: Final = ("Space", "SoftBreak", "LineBreak")


@dataclass
class Reader:
    """Walks the tree of one document; `pictures` by file takes in those that it shows, which stand in `folder`."""

    words: Words
    folder: Path
    facts: Mapping[str, Fact]
    pictures: dict[str, Picture]

    def read(self, text: str) -> None:
        """Notes everything that is wrong in a document's Markdown."""
        between = f"\n\n{BETWEEN}\n\n"
        whole = between.join(piece.text for piece in self.words.pieces) if self.words.pieces else text
        self._blocks(pandoc.report(whole + "\n")["blocks"])

    # Blocks --------------------------------------------------------------------------------------------

    def _blocks(self, node: Any) -> None:
        """Looks at every block below a part of the tree."""
        if isinstance(node, list):
            for each in node:
                self._blocks(each)
        elif isinstance(node, dict):
            self._block(node.get("t", ""), node.get("c"))

    def _block(self, kind: str, content: Any) -> None:
        match kind:
            case "Para" | "Plain":
                self._leaf(content, is_heading=kind == "Para" and [node["t"] for node in content] == ["Strong"])
            case "Header":
                self.words.look_aloud(content[1])
                self._heading(content[2])
            case "CodeBlock":
                self.words.look_aloud(content[0])
                self.words.place += content[1].count(BETWEEN)
                self.words.look([(TYPED, content[1].replace(BETWEEN, ""))])
            case "Figure":
                self._blocks(content[1][1])
                self._blocks(content[2])
            case "Div":
                self.words.look_aloud(content[0])
                self._blocks(content[1])
            case "OrderedList":
                if content[0][0] != 1:
                    self.words.say("list", start=content[0][0])
                self._blocks(content[1])
            case "DefinitionList":
                for term, meanings in content:
                    self._leaf(term)
                    self._blocks(meanings)
            case "LineBlock":
                for line in content:
                    self._leaf(line)
            case _:
                self._blocks(content)

    def _heading(self, inlines: list[Node]) -> None:
        parts = list(self._parts(inlines, TYPED))
        self.words.heading = "".join(text for _, text in parts)
        self.words.look_at_number(parts)
        self.words.look(parts)

    def _leaf(self, inlines: list[Node], *, is_heading: bool = False) -> None:
        """A paragraph; one in bold letters alone is meant as a heading."""
        parts = list(self._parts(inlines, TYPED))
        if "".join(text for _, text in parts).strip() == BETWEEN:
            self.words.place += 1
            return
        if is_heading:
            self.words.look_at_number(parts)
        self.words.look(parts)

    # Inlines -------------------------------------------------------------------------------------------

    def _parts(self, inlines: Any, kind: str) -> Iterator[Part]:
        """The text of inlines piece by piece, each with what accounts for its numerals."""
        for node in inlines:
            yield from self._inline(node["t"], node.get("c"), kind)

    def _inline(self, name: str, content: Any, kind: str) -> Iterator[Part]:
        match name:
            case "Str":
                yield kind, content
            case "Code" | "Math" | "RawInline":
                yield kind, content[1]
            case _ if name in SPACES:
                yield kind, " "
            case "Span":
                yield from self._span(content, kind)
            case "Cite":
                for cited in content[0]:
                    yield from self._parts([*cited["citationPrefix"], *cited["citationSuffix"]], kind)
            case "Link":
                self.words.look_aloud(content[0], kind)
                self.words.look([(kind, content[2][1])])
                yield from self._parts(content[1], kind)
            case "Quoted":
                yield from self._parts(content[1], kind)
            case "Image":
                self._image(content)
            case "Note":
                self._blocks(content)
            case _:
                yield from self._parts(content, kind)

    def _span(self, content: Any, kind: str) -> Iterator[Part]:
        """A fact shows what the ledger says; declared text has words, or is a code or date that no person typed."""
        (_, classes, attributes), inlines = content
        fact_id, declared = dict(attributes).get("fact"), "declared" in classes
        inner = FACT if fact_id is not None else DECLARED if declared else kind
        self.words.look_aloud(content[0], TYPED if inner == FACT else inner)
        parts = list(self._parts(inlines, inner))
        text = "".join(text for _, text in parts)
        if fact_id is not None:
            self._fact(fact_id, text)
        elif declared:
            self.words.look_at_declared(text)
        yield from parts

    def _fact(self, fact_id: str, text: str) -> None:
        fact = self.facts.get(fact_id)
        if fact is None:
            self.words.say("unknown", fact=fact_id, numeral=text)
        elif fact.shown.split() != text.split():
            self.words.say("fact", fact=fact_id, shown=fact.shown, numeral=text)

    def _image(self, content: Any) -> None:
        """The alternative text of a picture has no numbers but those of its table."""
        (_, _, attributes), _, (file, title) = content
        self.words.look([(TYPED, title)])
        picture = self.pictures.setdefault(file, Picture(self.folder, file))
        alternative = dict(attributes).get("fig-alt") or dict(attributes).get("alt", "")
        for first, last in closed_signs.runs(alternative):
            if alternative[first:last] not in picture.numerals:
                words = closed_signs.around(alternative, first, last)
                self.words.say("alternative", numeral=alternative[first:last], file=file, words=words)
