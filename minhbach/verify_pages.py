"""What stands on the pages, sign by sign: every fact at its place and as it is shown, and no other number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import pypdfium2

from minhbach import closed_pages, closed_signs, evidence_marks, wording
from minhbach.closed_cover import FACT, Cover, Misread
from minhbach.closed_pages import Page
from minhbach.errors import DataError
from minhbach.evidence_files import FACTS, MARKS, PLACES
from minhbach.facts import Fact
from minhbach.render.places import Marks, Place
from minhbach.verify_file import Opened
from minhbach.verify_project import UNREADABLE, Carried
from minhbach.verify_result import Check, Findings, PageCount

DOCUMENT: Final = "report.pdf"
Spot = tuple[str, str, str, str]  # fact, page, x, y as places.csv has them


def check(
    found: Opened, carried: Carried | None, ledger: Mapping[str, Fact], language: str
) -> tuple[Check, tuple[PageCount, ...]]:
    """The pages beside the attached facts: what differs, and the counts of each page."""
    told = Findings("page", language)
    try:
        marks = evidence_marks.read(found.files.get(MARKS, b""))
        pages = closed_pages.read(found.data)
    except (DataError, pypdfium2.PdfiumError, *UNREADABLE) as error:
        told.differs("pages_unread", MARKS, reason=error)
        return told.check(), ()
    if not marks.facts and not any(fact.page for fact in ledger.values()):
        return told.check(wording.say("verify_no_marks", language), done=False), ()
    kept = _usable(marks, pages, ledger, told)
    cover = Cover(pages)
    cover.take(kept, {fact_id: fact.shown for fact_id, fact in ledger.items()})
    for place in kept.drawings:
        if place.end is not None:
            cover.drawn(place)
    told.total = len(marks.facts)
    for misread in cover.misread:
        _misread(told, misread, pages)
    left = _left(told, cover)
    if carried is not None:
        _places(told, kept.facts, cover, carried, ledger)
    return told.check(), tuple(_counts(kept, cover, left))


def _usable(marks: Marks, pages: list[Page], ledger: Mapping[str, Fact], told: Findings) -> Marks:
    """The marks of pages and facts that there are."""

    def inside(place: Place) -> bool:
        numbers = (place.page, place.end[0] if place.end else place.page)
        return all(1 <= number <= len(pages) for number in numbers)

    for place in marks.facts:
        if not inside(place) or place.fact_id not in ledger:
            told.differs("fact_nowhere", place.fact_id, place.page)
    return Marks(
        tuple(place for place in marks.facts if inside(place) and place.fact_id in ledger),
        tuple(filter(inside, marks.declared)),
        tuple(filter(inside, marks.numbering)),
        tuple(filter(inside, marks.drawings)),
    )


def _misread(told: Findings, misread: Misread, pages: list[Page]) -> None:
    place, spot = misread.place, misread.spot
    number = spot[0] + 1 if spot else place.page
    line = pages[spot[0]].line(spot[1]) if spot else 0
    said = closed_signs.visible(misread.found) or "–"
    at = f"{place.fact_id}@{place.page},{place.x:.2f},{place.y:.2f}"
    told.differs("misread", at, number, fact=place.fact_id, line=line or "–", shown=misread.shown, found=said)


def _left(told: Findings, cover: Cover) -> Counter[int]:
    """The numerals of each page that nothing accounts for."""
    counts: Counter[int] = Counter()
    known = {misread.spot for misread in cover.misread}  # told already, by the fact that should stand there
    for number, page in enumerate(cover.pages, 1):
        for begin, end in closed_signs.runs(page.signs):
            kinds = cover.kinds[number - 1][begin:end]
            signs = zip(kinds, page.signs[begin:end], strict=True)
            if any(not kind and closed_signs.is_numeral(sign) for kind, sign in signs):
                counts[number] += 1
                if (number - 1, begin) in known:
                    continue
                numeral = closed_signs.visible(page.signs[begin:end])
                words, line = closed_signs.around(page.signs, begin, end), page.line(begin)
                told.differs("left", f"{number}:{begin}", number, line=line, numeral=numeral, words=words)
    return counts


def _places(told: Findings, facts: Iterable[Place], cover: Cover, carried: Carried, ledger: Mapping[str, Fact]) -> None:
    """places.csv and facts.csv say where the facts of this report stand."""
    spots = [_spot(place, cover) for place in facts]
    rows = [place for places in carried.evidence.places.values() for place in places]
    listed = [(row["fact_id"], row["page"], row["x"], row["y"]) for row in rows if row["document"] == DOCUMENT]
    for spot in sorted((Counter(spots) - Counter(listed)) | (Counter(listed) - Counter(spots))):
        told.differs("place", "/".join(spot), _number(spot[1]), fact=spot[0], file=PLACES)
    first = {spot[0]: spot[1:] for spot in reversed(spots)}
    for fact_id, fact in ledger.items():
        if first.get(fact_id, ("", "", "")) != (fact.page, fact.x, fact.y):
            told.differs("place", f"{FACTS}/{fact_id}", _number(fact.page), fact=fact_id, file=FACTS)


def _spot(place: Place, cover: Cover) -> Spot:
    page, x, y = cover.moved.get(place, (place.page, place.x, place.y))
    return place.fact_id, str(page), f"{x:.2f}", f"{y:.2f}"


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else 0


def _counts(marks: Marks, cover: Cover, left: Counter[int]) -> Iterable[PageCount]:
    """The counts of every page."""
    facts = Counter(place.page for place in marks.facts)
    wrong = Counter(misread.place.page for misread in cover.misread)
    for number, page in enumerate(cover.pages, 1):
        kinds = cover.kinds[number - 1]
        declared = sum(kinds[begin] not in (FACT, 0) for begin, _ in closed_signs.runs(page.signs))
        yield PageCount(number, facts[number], facts[number] - wrong[number], declared, left[number])
