"""The closed world: before a draft counts, every numeral that it prints is shown to have an address.

A numeral stands on a fact that is shown as its value is rounded, on declared text, on generated numbering, or in a
chart whose table has it. That holds for the PDFs sign by sign, for the text before it is set, and for the web page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from typing import Final

import pandas as pd

from minhbach import closed_facts, closed_figures, closed_tree, closed_web, facts, tables
from minhbach.closed_documents import Checked, Numbers, Reader
from minhbach.closed_faults import Fault, told
from minhbach.closed_figures import Picture
from minhbach.closed_words import Words
from minhbach.errors import DataError
from minhbach.facts import Fact
from minhbach.facts_files import FACTS, PLACES, REPORT
from minhbach.render import document
from minhbach.render.places import Marks, Place

TABLE: Final = "closed.csv"
PAGE: Final = "report.html"
BOUND: Final = "scorecards.pdf"
CARDS: Final = "scorecards/"
SPOT: Final = ["page", "x", "y"]
KINDS: Final = ("facts", "declared", "numbering", "charts", "left")


@dataclass(frozen=True)
class Papers:
    """What a draft has in one language: its folder, that folder's name in the draft, notebook, marks by document.

    `skipped` are files that another engine made in a manner of its own.
    """

    language: str
    folder: Path
    prefix: str
    notebook: Path
    marks: Mapping[str, Marks]
    skipped: frozenset[str] = frozenset()


@dataclass
class Work:
    """The check of one language: counts by document, faults, and the facts that stand elsewhere than marked."""

    papers: Papers
    counts: dict[str, Numbers] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    moved: dict[str, Mapping[Place, tuple[int, float, float]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        table = tables.read(self.papers.folder / FACTS)
        self.facts: dict[str, Fact] = {fact.fact_id: fact for fact in facts.read(table)}
        self.pictures: dict[str, Picture] = {}

    def run(self) -> None:
        """Checks facts, texts, charts, the web page and the PDFs."""
        prefix, language = self.papers.prefix, self.papers.language
        self.faults += closed_facts.faults(self.facts.values(), prefix + FACTS, language)
        self._texts()
        for file, picture in self.pictures.items():
            self.faults += closed_figures.faults(picture, prefix + file, self.facts, language)
        self._page()
        self._documents()

    def _texts(self) -> None:
        """The Markdown of the report cell by cell, and that of every other document."""
        folder = self.papers.folder
        for path in sorted(folder.glob("*.md")):
            report = path.stem == Path(REPORT).stem
            text = path.read_text(encoding="utf-8")
            pieces = document.pieces(self.papers.notebook) if report else []
            words = Words(self.papers.prefix + path.name, pieces)
            closed_tree.Reader(words, folder, self.facts, self.pictures).read(text)
            self._count(path.name, {"facts": words.counts["fact"], "declared": words.counts["declared"]})
            self.faults += words.faults

    def _page(self) -> None:
        path = self.papers.folder / PAGE
        if PAGE not in self.papers.skipped:
            name = self.papers.prefix + PAGE
            reader = closed_web.read(path.read_text(encoding="utf-8"), name, self.facts, self.pictures)
            names = {"fact": "facts", "chart": "charts"}
            self._count(PAGE, {names.get(kind, kind): count for kind, count in reader.counts.items()})
            self.faults += reader.faults

    def _documents(self) -> None:
        shown = {fact_id: fact.shown for fact_id, fact in self.facts.items()}
        reader = Reader(self.papers.folder, self.papers.prefix, shown, self.pictures)
        marks = {name: each for name, each in self.papers.marks.items() if name not in self.papers.skipped}
        cards = {name: each for name, each in marks.items() if name.startswith(CARDS)}
        for name, each in marks.items():
            if name not in cards and name != BOUND:
                self._take(name, reader.read(name, each)[0])
        if BOUND in marks:
            for name, checked in reader.read_alike(cards, BOUND, marks[BOUND]).items():
                self._take(name, checked)

    def _take(self, name: str, checked: Checked) -> None:
        self._count(name, checked.counts)
        self.faults += checked.faults
        if checked.moved:
            self.moved[name] = checked.moved

    def _count(self, name: str, counts: Numbers) -> None:
        self.counts[self.papers.prefix + name] = {kind: counts.get(kind, 0) for kind in KINDS}


def check(papers: Sequence[Papers], language: str) -> pd.DataFrame:
    """Checks all languages of a draft; gives closed.csv. Facts are noted where they stand, by the PDF itself.

    Raises:
        DataError: with every numeral that has no address, and every fact that is shown otherwise, in `language`.
    """
    works = [Work(each) for each in papers]
    for work in works:
        work.run()
    if said := told((fault for work in works for fault in work.faults), language):
        raise DataError(said)
    for work in works:
        _put_right(work.papers.folder, work.moved)
    return _table(works)


def totals(table: pd.DataFrame) -> Numbers:
    """The sums over all PDFs: documents, numerals and each kind."""
    kept = table[table["document"].str.endswith(".pdf")]
    return {"documents": len(kept)} | {name: int(kept[name].astype(int).sum()) for name in ("numerals", *KINDS)}


def _table(works: Sequence[Work]) -> pd.DataFrame:
    rows = [(name, str(sum(counts.values())), *map(str, counts.values())) for name, counts in _counts(works)]
    return pd.DataFrame(rows, columns=["document", "numerals", *KINDS], dtype="str")


def _counts(works: Sequence[Work]) -> Iterator[tuple[str, Numbers]]:
    return ((name, counts) for work in works for name, counts in sorted(work.counts.items()))


def _put_right(folder: Path, moved: Mapping[str, Mapping[Place, tuple[int, float, float]]]) -> None:
    """Corrects facts.csv and places.csv where a line ended between a fact's mark and the fact."""
    if not moved:
        return
    known = {
        (name, place.fact_id, *_texts(place.page, place.x, place.y)): _texts(*spot)
        for name, found in moved.items()
        for place, spot in found.items()
    }
    for file, only in ((PLACES, ""), (FACTS, REPORT)):
        table = tables.read(folder / file)
        columns = [table[name] for name in ("fact_id", *SPOT)]
        keys = zip(repeat(only) if only else table["document"], *columns, strict=False)
        for row, key in enumerate(keys):
            if key in known:
                table.loc[row, SPOT] = known[key]
        tables.write(table, folder / file)


def _texts(page: int, x: float, y: float) -> tuple[str, str, str]:
    """A place as facts.csv and places.csv have it."""
    return str(page), f"{x:.2f}", f"{y:.2f}"
