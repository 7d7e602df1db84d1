"""The pages of both PDFs on which something changed, side by side as pictures, with a box over each change."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2

from minhbach import diff_names, diff_page_list, diff_picture, diff_shown, diff_words
from minhbach.diff import Difference
from minhbach.diff_page_list import SIDES, Marked, Numbers
from minhbach.diff_places import FIGURE, REPORT, Box, Mark
from minhbach.diff_side import Side

OTHER: Final = {"before": "after", "after": "before"}
Rows = tuple[int, tuple[tuple[int, int], ...]]  # how much stands beside each other, and the rows


@dataclass(frozen=True)
class _Sheets:
    """What is drawn: the marks of both sides, by key, and what each is called."""

    diff: Difference
    marked: Marked
    known: Numbers
    names: Mapping[str, str]


def sheets(diff: Difference, marked: Marked) -> Iterator[str]:
    """A row for each pair of pages, in the order of the reports."""
    drawn = _Sheets(diff, marked, diff_page_list.numbers(marked), diff_page_list.names(diff))
    opened = {when: _opened(side) for when, side in zip(SIDES, (diff.earlier, diff.later), strict=True)}
    try:
        for pages in rows(marked):
            sides = "\n".join(_sheet(drawn, when, page, opened[when]) for when, page in zip(SIDES, pages, strict=True))
            yield f'<section class="row" aria-label="{_heading(diff, pages)}">\n{sides}\n</section>'
    finally:
        for document in opened.values():
            if document is not None:
                document.close()


def _opened(side: Side) -> Any:
    pdf = side.evidence.home / REPORT
    return pypdfium2.PdfDocument(pdf) if pdf.is_file() else None


def rows(marked: Marked) -> list[tuple[int, int]]:
    """Which page of the earlier report stands beside which of the later (0: none).

    Every page with a change is there once, the pages of each side stand in their order, and as many of the same
    changes as possible stand beside each other; where that makes no difference, pages of the same number do.
    """
    before, after = (_keys(marked[when]) for when in SIDES)
    firsts, seconds = sorted(before), sorted(after)
    best: dict[tuple[int, int], Rows] = {}
    for one in range(len(firsts), -1, -1):
        for two in range(len(seconds), -1, -1):
            found: list[Rows] = [(0, ())] if one == len(firsts) and two == len(seconds) else []
            if one < len(firsts) and two < len(seconds):
                pair = firsts[one], seconds[two]
                weight = 2 * len(before[pair[0]] & after[pair[1]]) + (pair[0] == pair[1])
                found += [_with(best[one + 1, two + 1], pair, weight)] if weight else []
            found += [_with(best[one + 1, two], (firsts[one], 0), 0)] if one < len(firsts) else []
            found += [_with(best[one, two + 1], (0, seconds[two]), 0)] if two < len(seconds) else []
            best[one, two] = max(found, key=lambda each: each[0])
    return list(best[0, 0][1])


def _with(rest: Rows, pair: tuple[int, int], weight: int) -> Rows:
    return rest[0] + weight, (pair, *rest[1])


def _keys(marks: Sequence[Mark]) -> dict[int, set[str]]:
    """What is marked on each page."""
    found: dict[int, set[str]] = {}
    for mark in marks:
        for box in mark.boxes:
            found.setdefault(box.page, set()).add(mark.key)
    return found


def twin(marked: Marked, known: Numbers, when: str, number: int) -> int | None:
    """Which mark of the other side belongs to a mark: the first to the first and so on; where one side has it more
    often, the one on the nearest page."""
    mark, others = marked[when][number], known[OTHER[when]].get(marked[when][number].key, [])
    own = known[when][mark.key]
    if len(own) == len(others):
        return others[own.index(number)]
    return min(others, key=lambda each: abs(marked[OTHER[when]][each].page - mark.page), default=None)


def _heading(diff: Difference, pages: tuple[int, int]) -> str:
    said = (
        diff_words.say(diff, f"page_{when}_page", page=page) for when, page in zip(SIDES, pages, strict=True) if page
    )
    return html.escape(" – ".join(said))


def _sheet(drawn: _Sheets, when: str, page: int, document: Any) -> str:
    """A page with its boxes; an empty place where the other side has no such page."""
    diff = drawn.diff
    if not page:
        return f'<p class="none">{_say(diff, f"page_{when}_none")}</p>'
    side = diff.earlier if when == "before" else diff.later
    sheet = document[page - 1]
    picture = base64.b64encode(diff_picture.png(sheet)).decode("ascii")
    width, height = (round(size) for size in sheet.get_size())
    boxes = [each for number, mark in enumerate(drawn.marked[when]) for each in _boxes(drawn, when, number, mark, page)]
    name = _say(diff, f"page_{when}", name=side.name, page=page)
    return (
        f'<figure>\n<figcaption>{name}</figcaption>\n<div class="scroll" role="group" tabindex="0" aria-label="{name}">'
        f'<div class="paper {when}"><img src="data:image/png;base64,{picture}" width="{width}" height="{height}" '
        f'alt="{_say(diff, "page_picture", page=page, count=len(boxes))}">\n'
        + "\n".join(boxes)
        + "</div></div>\n</figure>"
    )


def _boxes(drawn: _Sheets, when: str, number: int, mark: Mark, page: int) -> Iterator[str]:
    other = twin(drawn.marked, drawn.known, when, number)
    said = html.escape(_said(drawn, when, mark.key))
    for place, box in enumerate(mark.boxes):
        if box.page != page:
            continue
        own = f' id="{when}-{number}"' if not place else ""
        kind = ' class="figure"' if mark.key.startswith(FIGURE) else ""
        if other is None:
            yield f'<span{own}{kind} role="img" aria-label="{said}" style="{_style(box)}"></span>'
        else:
            yield f'<a{own}{kind} href="#{OTHER[when]}-{other}" aria-label="{said}" style="{_style(box)}"></a>'


def _said(drawn: _Sheets, when: str, key: str) -> str:
    """What a box is about: the name of the number, its value here and on the other side."""
    diff = drawn.diff
    if key.startswith(FIGURE):
        return diff_words.say(diff, "page_figure", label=diff_names.figure(diff, key.removeprefix(FIGURE)))
    here, there = (diff_shown.fact(side, key, diff.language) for side in _sides(diff, when))
    now = diff_words.say(diff, "page_is" if when == "before" else "page_was", value=there)
    name = drawn.names.get(key) or diff_names.fact(diff, key)
    return f"{name}: {here}, {now if there else diff_words.say(diff, 'page_absent')}"


def _sides(diff: Difference, when: str) -> Sequence[Side]:
    return (diff.earlier, diff.later) if when == "before" else (diff.later, diff.earlier)


def _style(box: Box) -> str:
    parts = (("left", box.left), ("top", box.top), ("width", box.width), ("height", box.height))
    return ";".join(f"{name}:{100 * part:.2f}%" for name, part in parts)


def _say(diff: Difference, key: str, **details: object) -> str:
    return html.escape(diff_words.say(diff, key, **details))
