"""Which signs of a PDF its marks account for: what stands from begin to end, and nothing that only stands near."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from minhbach.closed_pages import Page
from minhbach.closed_signs import BREAKS, bare, is_numeral, numerals
from minhbach.render.places import Marks, Place

NOTHING, FACT, DECLARED, NUMBERING, DRAWN = range(5)
FIRST_LINES: Final = 6  # on a page, among which a text goes on that began at the end of the page before
Spot = tuple[int, int]  # page from 0, sign


@dataclass(frozen=True)
class Misread:
    """A fact whose mark stands where the page says something else; `found` is what it says."""

    place: Place
    spot: Spot | None
    shown: str
    found: str


@dataclass
class Cover:
    """The pages of a document, and for each sign the kind of mark that accounts for it."""

    pages: Sequence[Page]
    kinds: list[bytearray] = field(init=False)
    misread: list[Misread] = field(default_factory=list)
    moved: dict[Place, tuple[int, float, float]] = field(default_factory=dict)
    begins: set[Spot] = field(default_factory=set)  # of facts

    def __post_init__(self) -> None:
        self.kinds = [bytearray(len(page.signs)) for page in self.pages]

    def take(self, marks: Marks, shown: Mapping[str, str]) -> None:
        """Notes what all marks of the document account for; `shown` is what each fact shows."""
        for place in marks.declared:
            self._text(place, DECLARED)
        for place in marks.numbering:
            self._text(place, NUMBERING)
        for place in marks.facts:
            self._fact(place, shown[place.fact_id])

    def drawn(self, place: Place) -> list[int]:
        """The numerals inside a picture that no other mark accounts for; they are the picture's from now on."""
        assert place.end is not None
        kinds = self.kinds[place.page - 1]
        inside = self.pages[place.page - 1].within((place.x, place.y), place.end[1:])
        own = [sign for sign in inside if not kinds[sign]]
        for sign in own:
            kinds[sign] = DRAWN
        return own

    def left(self) -> list[Spot]:
        """The numerals that nothing accounts for."""
        return [
            (number, sign)
            for number, page in enumerate(self.pages)
            for sign in page.numerals
            if not self.kinds[number][sign]
        ]

    # Texts with a begin and an end ---------------------------------------------------------------------

    def _text(self, place: Place, kind: int) -> None:
        begin, end = self._begin(place, place.words), self._end(place)
        if begin is None or end is None:
            return
        if begin[0] != end[0]:
            self._over_pages(begin, end, bare(place.words), kind)
        elif self._is_said(place, begin, end, kind):
            self._mark(begin[0], begin[1], max(begin[1], end[1] + 1), kind)
        else:
            self._formula(place, begin)

    def _is_said(self, place: Place, begin: Spot, end: Spot, kind: int) -> bool:
        """Whether the page says these words from begin to end or, of what is numbered, a single number."""
        said = self.pages[begin[0]].signs[begin[1] : end[1] + 1]
        return len(numerals(said)) < 2 if kind == NUMBERING else bare(said) == bare(place.words)

    def _formula(self, place: Place, begin: Spot) -> None:
        """Covers the numerals of a formula, whose parts stand above and below each other: those of its words."""
        page, wanted = self.pages[begin[0]], [sign for sign in place.words if is_numeral(sign)]
        found = [sign for sign in page.numerals if sign >= begin[1]][: len(wanted)]
        if sorted(page.signs[sign] for sign in found) == sorted(wanted):
            for sign in found:
                self._mark(begin[0], sign, sign + 1, DECLARED)

    def _begin(self, place: Place, words: str) -> Spot | None:
        """The sign with which a marked text begins; nothing where there is nothing between the marks.

        Where a line ends just before a text, its mark stands at the end of that line, or page.
        """
        if place.end == (place.page, place.x, place.y):
            return None
        number = place.page - 1
        page = self.pages[number]
        found = page.at(place.x, place.y)
        if found is None:
            before = page.before(place.x, place.y)
            found = None if before is None else page.following(before + 1)
        if found is not None:
            return number, found
        return self._on_next_page(number, words)

    def _on_next_page(self, number: int, words: str) -> Spot | None:
        """The begin of a line at the top of the next page that says these words."""
        if number + 1 >= len(self.pages):
            return None
        page, wanted = self.pages[number + 1], bare(words)
        starts = [start for start, _ in zip(page.begins_of_lines(), range(FIRST_LINES), strict=False)]
        said = ((start, bare(page.signs[start : start + len(words) + 9])) for start in starts)
        return next(((number + 1, start) for start, text in said if wanted and text.startswith(wanted[:9])), None)

    def _end(self, place: Place) -> Spot | None:
        """The last sign of a marked text."""
        if place.end is None:
            return None
        number, x, y = place.end
        found = self.pages[number - 1].before(x, y)
        return None if found is None else (number - 1, found)

    def _over_pages(self, begin: Spot, end: Spot, words: str, kind: int) -> int:
        """Covers a text that goes on after the end of a page, by its words; gives how many of them were not found."""
        first, last = self.pages[begin[0]].signs, self.pages[end[0]].signs
        backwards = _agreeing(last[end[1] :: -1], words[::-1])
        forwards = _agreeing(first[begin[1] :], words[: len(words) - len(backwards)])
        if len(backwards) + len(forwards) == len(words):
            for step in forwards:
                self._mark(begin[0], begin[1] + step, begin[1] + step + 1, kind)
            for step in backwards:
                self._mark(end[0], end[1] - step, end[1] - step + 1, kind)
        return len(words) - len(backwards) - len(forwards)

    def _mark(self, number: int, first: int, last: int, kind: int) -> None:
        self.kinds[number][first:last] = bytes((kind,)) * (last - first)

    # Facts ---------------------------------------------------------------------------------------------

    def _fact(self, place: Place, shown: str) -> None:
        """Covers what a fact shows, where the page says it from the fact's mark on."""
        begin, end = self._begin(place, shown), self._end(place)
        if begin is None:
            self.misread.append(Misread(place, None, shown, ""))
            return
        number, first = begin
        if end is not None and end[0] != number:
            if self._over_pages(begin, end, bare(shown), FACT):
                self.misread.append(Misread(place, begin, shown, self._said(begin, shown)))
            return
        length = _reads(self.pages[number].signs, first, shown)
        if not length or (end is not None and first + length != end[1] + 1):
            self.misread.append(Misread(place, begin, shown, self._said(begin, shown, end)))
            return
        self._mark(number, first, first + length, FACT)
        self.begins.add(begin)
        self._note_place(place, begin)

    def _note_place(self, place: Place, begin: Spot) -> None:
        """Remembers where a fact really begins, where a line ended between its mark and itself."""
        page = self.pages[begin[0]]
        spot = (begin[0] + 1, round(float(page.left[begin[1]]), 2), round(float(page.base[begin[1]]), 2))
        if spot[0] != place.page or abs(spot[1] - place.x) > 1 or abs(spot[2] - place.y) > 1:
            self.moved[place] = spot

    def _said(self, begin: Spot, shown: str, end: Spot | None = None) -> str:
        """What the page says in place of a fact."""
        signs, last = self.pages[begin[0]].signs, begin[1] + len(shown)
        return " ".join(signs[begin[1] : end[1] + 1 if end and end > begin else last].split())


def _reads(signs: str, first: int, shown: str) -> int:
    """How many signs from `first` on read `shown`, whatever spaces and ends of lines are in it; 0 where they do not."""
    place, wanted = first, "".join(shown.split())
    for sign in wanted:
        while place < len(signs) and signs[place].isspace():
            place += 1
        if place >= len(signs) or not (signs[place] == sign or (sign in "-\u00ad" and signs[place] in BREAKS)):
            return 0
        place += 1
    return place - first


def _agreeing(signs: str, words: str) -> list[int]:
    """The places, from the first sign on, of those that agree with the words, as far as they do."""
    found: list[int] = []
    for place, sign in enumerate(signs):
        said = bare(sign)
        if not said:
            continue
        if len(found) >= len(words) or said != words[len(found)]:
            break
        found.append(place)
    return found
