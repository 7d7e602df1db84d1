"""The report as a web page: every numeral that is a text of it stands in a fact, in declared text, or in numbering.

Numbers in a chart, and in the folded table below it, are those of the chart's own table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

from minhbach import closed_signs
from minhbach.closed_faults import Fault
from minhbach.closed_figures import Picture
from minhbach.closed_words import SPOKEN
from minhbach.facts import Fact

EMPTY: Final = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
UNSEEN: Final = frozenset({"head", "script", "style", "template"})
# Elements whose text is a line of its own, for the words around a numeral.
LEAVES: Final = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "caption", "figcaption", "summary", "dt", "dd", "text"}
)
TYPED, FACT, DECLARED, NUMBERING, CHART, SKIPPED = "typed", "fact", "declared", "numbering", "chart", "skipped"
NOTES: Final = frozenset({"footnote-ref", "footnote-back"})


@dataclass(frozen=True)
class Open:
    """An element that is not closed yet: its name, what accounts for its text, and the fact that it is."""

    name: str
    kind: str
    fact_id: str = ""


@dataclass
class Piece:
    """A stretch of text of one kind."""

    kind: str
    text: str
    fact_id: str


class Reader(HTMLParser):
    """Walks a page; `pictures` are its charts by label."""

    def __init__(self, document: str, facts: Mapping[str, Fact], pictures: Mapping[str, Picture]) -> None:
        super().__init__(convert_charrefs=True)
        self.document, self.facts, self.pictures = document, facts, pictures
        self.faults: list[Fault] = []
        self.counts = dict.fromkeys((FACT, DECLARED, NUMBERING, CHART, TYPED), 0)
        self._open: list[Open] = []
        self._pieces: list[Piece] = []
        self._label = ""
        self._aloud: list[tuple[str, frozenset[str]]] = []
        self._numbered: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens an element."""
        given = {name: value or "" for name, value in attrs}
        if tag in LEAVES:
            self._look()
        in_chart = self._open and self._open[-1].kind == CHART  # where patterns and clips have ids like its own
        if given.get("id", "").startswith("fig-") and not in_chart:
            self._label = given["id"]
        opened = self._opened(tag, given)
        self._listen(given, opened)
        if tag not in EMPTY:
            self._open.append(opened)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without content, as SVG has them."""
        given = {name: value or "" for name, value in attrs}
        self._listen(given, self._opened(tag, given))

    def handle_endtag(self, tag: str) -> None:
        """Closes an element, and what was left open in it."""
        names = [each.name for each in self._open]
        if tag not in names:
            return
        del self._open[len(names) - 1 - names[::-1].index(tag) :]
        if tag in LEAVES:
            self._look()

    def handle_data(self, data: str) -> None:
        """A text, accounted for by the element around it."""
        around = self._open[-1] if self._open else Open("", TYPED)
        if around.kind == SKIPPED:
            return
        last = self._pieces[-1] if self._pieces else None
        if last and (last.kind, last.fact_id) == (around.kind, around.fact_id) and around.kind != FACT:
            last.text += data
        else:
            self._pieces.append(Piece(around.kind, data, around.fact_id))

    def close(self) -> None:
        """Looks at what is left, and at what is read aloud, where a table or figure is called by its number."""
        super().close()
        self._look()
        for text, known in self._aloud:
            rest = text
            for name in sorted(self._numbered, key=len, reverse=True):
                rest = rest.replace(name, " ")
            for numeral in set(closed_signs.numerals(rest)) - known:
                self.faults.append(Fault("web", document=self.document, numeral=numeral, words=text))

    def _listen(self, given: Mapping[str, str], element: Open) -> None:
        """Keeps the words of an element that are read aloud, or shown when the pointer rests."""
        picture = self.pictures.get(self._label) if element.kind == CHART else None
        known = picture.numerals if picture else frozenset[str]()
        if element.kind in (TYPED, CHART, FACT):
            self._aloud += [(text, known) for name, text in given.items() if SPOKEN.fullmatch(name)]

    def _opened(self, tag: str, given: Mapping[str, str]) -> Open:
        """What accounts for the text in an element: what it says itself, else the element around it."""
        above = self._open[-1] if self._open else Open("", TYPED)
        classes = set(given.get("class", "").split())
        if tag in UNSEEN or above.kind == SKIPPED:
            return Open(tag, SKIPPED)
        if "data-fact" in given:
            return Open(tag, FACT, given["data-fact"])
        if above.kind not in (TYPED, CHART):
            return Open(tag, above.kind, above.fact_id)
        if "declared" in classes:
            return Open(tag, DECLARED)
        if "numbering" in classes or classes & NOTES:
            return Open(tag, NUMBERING)
        if tag == "svg" or (tag == "details" and "data" in classes):
            return Open(tag, CHART)
        return Open(tag, above.kind)

    def _look(self) -> None:
        """Notes what is wrong in the text since the last time, with the words around it."""
        whole, begin = "".join(piece.text for piece in self._pieces), 0
        for piece in self._pieces:
            if piece.kind == FACT:
                self._fact(piece)
            if piece.kind == NUMBERING and any(map(str.isalpha, piece.text)):
                self._numbered.add(piece.text.strip(".\u00a0 "))
            for first, last in closed_signs.runs(piece.text):
                self.counts[piece.kind] += 1
                if not self._accounted(piece, piece.text[first:last]):
                    words = closed_signs.around(whole, begin + first, begin + last)
                    said = {"numeral": piece.text[first:last], "words": words, "label": self._label}
                    self.faults.append(
                        Fault("web_chart" if piece.kind == CHART else "web", document=self.document, **said)
                    )
            begin += len(piece.text)
        self._pieces.clear()

    def _accounted(self, piece: Piece, numeral: str) -> bool:
        if piece.kind == CHART:
            return self._label in self.pictures and numeral in self.pictures[self._label].numerals
        return piece.kind != TYPED

    def _fact(self, piece: Piece) -> None:
        """A fact shows what the ledger says."""
        fact = self.facts.get(piece.fact_id)
        shown = fact.shown if fact else "–"
        if shown.split() != piece.text.split():
            details = {"document": self.document, "fact": piece.fact_id, "shown": shown, "numeral": piece.text}
            self.faults.append(Fault("web_fact", **details))


def read(page: str, document: str, facts: Mapping[str, Fact], pictures: Mapping[str, Picture]) -> Reader:
    """What is wrong in a page, and how many numerals it has of each kind; `pictures` by file."""
    labels = {f"fig-{file.removeprefix('figures/').rpartition('.')[0]}": each for file, each in pictures.items()}
    reader = Reader(document, facts, labels)
    reader.feed(page)
    reader.close()
    return reader
