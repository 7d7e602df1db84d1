"""Where a fact is printed, and whether it is printed as its value is rounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from minhbach.numbers import MODES, from_text, show
from minhbach.trace_evidence import Evidence
from minhbach.trace_tables import Record

LONGEST = 60


def places(evidence: Evidence, fact_id: str) -> str:
    """Where a fact is printed: `report.pdf, page 7, 12 (2×)`."""
    pages: dict[str, dict[str, int]] = {}
    for place in evidence.places.get(fact_id, ()):
        counted = pages.setdefault(place["document"], {})
        counted[place["page"]] = counted.get(place["page"], 0) + 1
    if not pages:
        return evidence.say("nowhere")
    return "; ".join(_pages(evidence, document, counted) for document, counted in sorted(pages.items()))


def _pages(evidence: Evidence, document: str, counted: Mapping[str, int]) -> str:
    listed = (page if count == 1 else f"{page} ({count}×)" for page, count in counted.items())
    return evidence.say("places", document=document, pages=", ".join(listed))


def shown_right(evidence: Evidence, fact: Record) -> bool | None:
    """Whether a number is printed as its value is rounded to as many decimals; None for words."""
    language, shown = evidence.printed, fact["shown"]
    if not is_number(fact["value"]) or not shown[-1:].isdigit() or any(map(str.isalpha, shown)):
        return None
    value, places = from_text(fact["value"]), len(shown.partition("." if language == "en" else ",")[2])
    right = [mode for mode in MODES if show(value, places, language, mode) == shown]
    if len(right) in (0, len(MODES)):  # the way of rounding makes no difference, so no framework need be read
        return bool(right)
    return any(mode in right for mode in _modes(evidence))


def _modes(evidence: Evidence) -> Iterator[str]:
    """How numbers are rounded: by the framework of the chain, else by the edition's first, as the report does."""
    yield from {each.rounding.mode for each in evidence.loaded}
    yield evidence.framework(evidence.assessment.frameworks[0].framework).rounding.mode


def cut(text: str) -> str:
    """A printed text on one line, shortened where it is a whole sentence."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def is_number(text: str) -> bool:
    """Whether a text is an exact number as facts.csv has it."""
    try:
        from_text(text)
    except ValueError:
        return False
    return True


def same(first: str, second: str) -> bool:
    """Whether two exact values are the same number, or the same text."""
    if is_number(first) and is_number(second):
        return Fraction(first) == Fraction(second)
    return first == second
