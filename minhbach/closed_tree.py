"""The document tree of a report, before any engine sets it: every numeral stands in a fact or in declared text.

The same for both engines. What the engines number themselves (headings, lists, notes, references) has no numeral here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from minhbach import closed_signs, pandoc
from minhbach.closed_faults import Fault
from minhbach.closed_figures import Picture
from minhbach.facts import Fact
from minhbach.pandoc import Node
from minhbach.render.document import Piece, joined

BETWEEN: Final = "\ue000"  # stands alone in a paragraph between the pieces of two cells
LEAVES: Final = ("Para", "Plain", "Header")
SPACES: Final = ("Space", "SoftBreak", "LineBreak")
TYPED, FACT, DECLARED = "typed", "fact", "declared"
# A heading that brings its own number: I., 1.2., a), Điều 4., beside the one that it is given.
OWN_NUMBER: Final = re.compile(r"\s*(?:[IVXLCDM]+|[^\W_])[.)](?:\s|$)")
Part = tuple[str, str]  # kind, text


@dataclass
class Reader:
    """Walks the tree of one document; `pieces` are the cells that wrote it, none where it is no notebook."""

    document: str
    facts: Mapping[str, Fact]
    pictures: Mapping[str, Picture]
    pieces: Sequence[Piece] = ()
    faults: list[Fault] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((FACT, DECLARED, TYPED), 0))
    place: int = 0
    heading: str = ""

    def read(self, text: str) -> None:
        """Notes everything that is wrong in a document's Markdown."""
        between = f"\n\n{BETWEEN}\n\n"
        whole = between.join(piece.text for piece in self.pieces) if self.pieces else text
        self._blocks(pandoc.report(whole + "\n")["blocks"])

    def _say(self, key: str, **details: object) -> None:
        where = self.pieces[self.place].cell if self.place < len(self.pieces) else self.heading or "–"
        self.faults.append(Fault(f"tree_{key}", document=self.document, cell=where, **details))

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
                self._leaf(content)
            case "Header":
                self._heading(content[2])
            case "CodeBlock":
                self.place += content[1].count(BETWEEN)
                self._look([(TYPED, content[1].replace(BETWEEN, ""))])
            case "Figure":
                self._blocks(content[1][1])
                self._blocks(content[2])
            case "Div":
                self._look([(TYPED, dict(content[0][2]).get("title", ""))])
                self._blocks(content[1])
            case "OrderedList":
                if content[0][0] != 1:
                    self._say("list", start=content[0][0])
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
        self.heading = "".join(text for _, text in parts)
        typed = "".join(text if kind == TYPED else "\ufffc" for kind, text in parts)
        if OWN_NUMBER.match(typed):
            self._say("heading", words=self.heading)
        self._look(parts)

    def _leaf(self, inlines: list[Node]) -> None:
        parts = list(self._parts(inlines, TYPED))
        if "".join(text for _, text in parts).strip() == BETWEEN:
            self.place += 1
        else:
            self._look(parts)

    def _look(self, parts: Sequence[Part]) -> None:
        """Notes the numerals that are typed, with the words around them, and counts all."""
        whole = "".join(text for _, text in parts)
        begin = 0
        for kind, text in parts:
            for first, last in closed_signs.runs(text):
                self.counts[kind] += 1
                if kind == TYPED:
                    words = closed_signs.around(whole, begin + first, begin + last)
                    self._say("numeral", numeral=text[first:last], words=words)
            begin += len(text)

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
            case "Link" | "Quoted":
                yield from self._parts(content[1], kind)
            case "Image":
                self._image(content)
            case "Note":
                self._blocks(content)
            case _:
                yield from self._parts(content, kind)

    def _span(self, content: Any, kind: str) -> Iterator[Part]:
        """A fact shows what the ledger says; in a cell that a person typed, declared text has words."""
        (_, classes, attributes), inlines = content
        fact_id, declared = dict(attributes).get("fact"), "declared" in classes
        parts = list(self._parts(inlines, FACT if fact_id is not None else DECLARED if declared else kind))
        text = "".join(text for _, text in parts)
        if fact_id is not None:
            self._fact(fact_id, text)
        elif declared and self._is_typed and closed_signs.numerals(text) and not any(map(str.isalpha, text)):
            self._say("bare", numeral=text)
        yield from parts

    @property
    def _is_typed(self) -> bool:
        return self.place < len(self.pieces) and self.pieces[self.place].typed

    def _fact(self, fact_id: str, text: str) -> None:
        fact = self.facts.get(fact_id)
        if fact is None:
            self._say("unknown", fact=fact_id, numeral=text)
        elif fact.shown.split() != text.split():
            self._say("fact", fact=fact_id, shown=fact.shown, numeral=text)

    def _image(self, content: Any) -> None:
        """The alternative text of a picture has no numbers but those of its table."""
        (_, _, attributes), _, (file, _) = content
        picture = self.pictures.get(file)
        alternative = dict(attributes).get("fig-alt") or dict(attributes).get("alt", "")
        known = picture.numerals if picture else frozenset()
        for first, last in closed_signs.runs(alternative):
            if alternative[first:last] not in known:
                words = closed_signs.around(alternative, first, last)
                self._say("alternative", numeral=alternative[first:last], file=file, words=words)


def pictures(text: str, folder: Path) -> dict[str, Picture]:
    """The pictures of a document's Markdown by their files, which stand in its folder."""
    files = dict.fromkeys(re.findall(r"\]\((figures/[^)\s]+)\)", text))
    return {file: Picture(folder, file) for file in files if (folder / file).is_file()}


def text_of(pieces: Sequence[Piece]) -> str:
    """The Markdown of a notebook's pieces."""
    return joined(piece.text for piece in pieces)
