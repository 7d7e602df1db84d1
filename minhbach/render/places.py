"""Where a document prints its facts, declared texts, generated numbers and pictures, as the template gathers them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Place:
    """Where a fact is printed: page from 1, mm from the left edge and from the top edge to its base line.

    `end` is the page, x and y at which a text ends that may go over several lines; a number ends with its figures.
    `words` are those of a declared text, and of a picture its file: from its upper left corner to its lower right.
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


def places_of(marks: list[dict[str, Any]], ends: list[dict[str, Any]]) -> tuple[Place, ...]:
    """The marks of one kind in the order of the document; texts that may be broken have an end each."""
    closing = iter(ends)
    return tuple(
        Place(
            mark.get("id", ""),
            *_spot(mark),
            _spot(next(closing)) if mark.get("long", True) else None,
            mark.get("words") or "",
        )
        for mark in marks
    )


def _spot(mark: dict[str, Any]) -> tuple[int, float, float]:
    """Page, and mm from the left and from the top."""
    return mark["page"], round(mark["x"], 2), round(mark["y"], 2)
