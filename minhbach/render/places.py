"""Where a document prints its facts, declared texts, generated numbers and pictures, as the template gathers them."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)  # a run holds hundreds of thousands of them
class Place:
    """Where a fact is printed: page from 1, mm from the left edge and from the top edge to its base line.

    `end` is the page, x and y at which a text ends that may go over several lines; a number ends with its figures.
    `words` are those of a declared text, and of a picture its file: from its upper left corner to its lower right, as
    also the room for a signature.
    """

    fact_id: str
    page: int
    x: float
    y: float
    end: tuple[int, float, float] | None = None
    words: str = ""


@dataclass(frozen=True)
class Marks:
    """All that a document marks, by kind, in its own order."""

    facts: tuple[Place, ...]
    declared: tuple[Place, ...] = ()
    numbering: tuple[Place, ...] = ()
    drawings: tuple[Place, ...] = ()
    signatures: tuple[Place, ...] = ()


def places_of(marks: list[dict[str, Any]], ends: list[dict[str, Any]]) -> tuple[Place, ...]:
    """The marks of one kind in the order of the document; texts that may be broken have an end each.

    An end belongs to the first mark of the same fact or words that is still open: where a text goes on after the end
    of a page, the head of the next page has marks of its own before its end, and so have cells beside it.
    """
    closing: dict[str, deque[dict[str, Any]]] = defaultdict(deque)
    for end in ends:
        closing[_key(end)].append(end)
    return tuple(
        Place(
            mark.get("id", ""),
            *_spot(mark),
            _spot(closing[_key(mark)].popleft()) if mark.get("long", True) else None,
            mark.get("words") or "",
        )
        for mark in marks
    )


def _key(mark: dict[str, Any]) -> str:
    """What a mark is about; generated numbers say nothing, and never go over the end of a line."""
    return mark.get("id") or mark.get("words") or ""


def _spot(mark: dict[str, Any]) -> tuple[int, float, float]:
    """Page, and mm from the left and from the top."""
    return mark["page"], round(mark["x"], 2), round(mark["y"], 2)
