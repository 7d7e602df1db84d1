"""The finished PDFs of a draft: what accounts for each numeral, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from minhbach import closed_drawn, closed_pages, closed_signs
from minhbach.closed_cover import DECLARED, DRAWN, FACT, NOTHING, NUMBERING, Cover, Misread
from minhbach.closed_faults import Fault
from minhbach.closed_figures import Picture
from minhbach.closed_pages import Page
from minhbach.render.places import Marks, Place

KINDS: Final = {FACT: "facts", DECLARED: "declared", NUMBERING: "numbering", DRAWN: "charts", NOTHING: "left"}
Numbers = dict[str, int]


@dataclass
class Checked:
    """How many numerals of a document each kind of mark accounts for, its faults, and facts that stand elsewhere."""

    counts: Numbers = field(default_factory=lambda: dict.fromkeys(KINDS.values(), 0))
    faults: list[Fault] = field(default_factory=list)
    moved: Mapping[Place, tuple[int, float, float]] = field(default_factory=dict)


@dataclass
class Reader:
    """Reads the PDFs of one language, which stand in `folder`, called `prefix`; `shown` is what each fact shows."""

    folder: Path
    prefix: str
    shown: Mapping[str, str]
    pictures: Mapping[str, Picture]

    def read(self, name: str, marks: Marks) -> tuple[Checked, Cover]:
        """A document by its marks."""
        cover = Cover(closed_pages.read(self.folder / name))
        cover.take(marks, self.shown)
        checked = Checked(moved=cover.moved)
        document = self.prefix + name
        checked.faults += [_misread(document, each, cover.pages) for each in cover.misread]
        checked.faults += _outlined(document, closed_pages.outline(self.folder / name), cover)
        for place in marks.drawings:
            checked.faults += self._drawn(document, place, cover)
        for number, page in enumerate(cover.pages):
            for begin, end in closed_signs.runs(page.signs):
                kinds = cover.kinds[number][begin:end]
                kind = _kind(kinds, page.signs[begin:end])
                checked.counts[KINDS[kind]] += 1
                if kind == NOTHING:
                    checked.faults.append(_left("pdf", document, number, page, begin, end))
                elif _is_joined(cover, number, begin, end):
                    checked.faults.append(_left("pdf_joined", document, number, page, begin, end))
        return checked, cover

    def _drawn(self, document: str, place: Place, cover: Cover) -> Iterator[Fault]:
        """The numerals inside a picture are those of its file."""
        if other := closed_drawn.other(cover, place, self.pictures.get(place.words)):
            details = {"document": document, "page": place.page, "file": place.words, "numerals": "; ".join(other)}
            yield Fault("drawn", **details)

    def read_alike(self, names: Mapping[str, Marks], whole: str, marks: Marks) -> dict[str, Checked]:
        """Documents of one page each that also stand, as pages, in the document `whole`, and this itself.

        A page that has the same signs and the same marks in the same order needs no second look at places.
        """
        checked, cover = self.read(whole, marks)
        found = {whole: checked}
        pages = _by_facts(marks)
        for name, own in names.items():
            number = pages.get(tuple(place.fact_id for place in own.facts))
            same = number is not None and self._is_same(name, own, number, marks, cover)
            found[name] = _page_counts(cover, number) if same and number is not None else self.read(name, own)[0]
        return found

    def _is_same(self, name: str, own: Marks, number: int, marks: Marks, cover: Cover) -> bool:
        """Whether a document is a page of another."""
        texts, page = closed_pages.texts(self.folder / name), cover.pages[number]
        declared = [place.words for place in marks.declared if place.page == number + 1]
        if len(texts) != 1 or declared != [place.words for place in own.declared]:
            return False
        return "".join(page.signs.split()) == "".join(texts[0].split())


def _outlined(document: str, outline: Sequence[tuple[str, int]], cover: Cover) -> Iterator[Fault]:
    """Entries of the outline with numerals, and with other words than their page."""
    for title, page in outline:
        if closed_signs.numerals(title) and closed_signs.bare(title) not in closed_signs.bare(cover.pages[page].signs):
            yield Fault("pdf_outline", document=document, page=page + 1, words=title)


def _by_facts(marks: Marks) -> dict[tuple[str, ...], int]:
    """The pages of a document, from 0, by the facts that they print."""
    pages: dict[int, list[str]] = {}
    for place in marks.facts:
        pages.setdefault(place.page - 1, []).append(place.fact_id)
    return {tuple(facts): page for page, facts in pages.items()}


def _page_counts(cover: Cover, number: int) -> Checked:
    """The counts of one page."""
    checked, page, kinds = Checked(), cover.pages[number], cover.kinds[number]
    for begin, end in closed_signs.runs(page.signs):
        checked.counts[KINDS[_kind(kinds[begin:end], page.signs[begin:end])]] += 1
    return checked


def _kind(kinds: Sequence[int], signs: str) -> int:
    """What accounts for a numeral: nothing, unless all of its signs but points and commas are accounted for."""
    found = [kind for kind, sign in zip(kinds, signs, strict=True) if closed_signs.is_numeral(sign)]
    return NOTHING if NOTHING in found else found[0]


def _is_joined(cover: Cover, number: int, begin: int, end: int) -> bool:
    """Whether what is read as one number is put together, of several kinds of text or of several facts.

    What is numbered is not part of it: the raised mark of a note may follow at once.
    """
    signs, kinds = cover.pages[number].signs, cover.kinds[number]
    marked = {kinds[place] for place in range(begin, end) if closed_signs.is_numeral(signs[place])}
    return len(marked - {NUMBERING}) > 1 or any((number, place) in cover.begins for place in range(begin + 1, end))


def _left(key: str, document: str, number: int, page: Page, begin: int, end: int) -> Fault:
    words = closed_signs.around(page.signs, begin, end)
    numeral = closed_signs.visible(page.signs[begin:end])
    return Fault(key, document=document, page=number + 1, line=page.line(begin), numeral=numeral, words=words)


def _misread(document: str, misread: Misread, pages: Sequence[Page]) -> Fault:
    place, spot = misread.place, misread.spot
    details: dict[str, object] = {"document": document, "fact": place.fact_id, "shown": misread.shown}
    if spot is None:
        return Fault("pdf_lost", **details, page=place.page, x=place.x, y=place.y)
    page = pages[spot[0]]
    words = closed_signs.around(page.signs, spot[1], spot[1] + len(misread.shown))
    found = closed_signs.visible(misread.found)
    return Fault("pdf_fact", **details, page=spot[0] + 1, line=page.line(spot[1]), numeral=found, words=words)
