"""Where two PDFs differ first: a page and its words, an attachment, or what belongs to no page."""

from __future__ import annotations

from typing import Final

import pikepdf
import pypdfium2

from minhbach import evidence_reading
from minhbach.evidence_files import MANIFEST, MARKS, PLACES, unflat
from minhbach.evidence_pages import Digests
from minhbach.evidence_reading import UnreadableError
from minhbach.rebuild_first import First

UNREADABLE: Final = (pikepdf.PdfError, UnreadableError, pypdfium2.PdfiumError, ValueError, RuntimeError, TypeError,
                     AttributeError, KeyError)  # fmt: skip


def first(before: bytes, now: bytes) -> First:
    """The first page that differs; where none does, the first attachment or other part."""
    try:
        one, other = evidence_reading.opened(before), evidence_reading.opened(now)
        then, later = Digests(one), Digests(other)
        pages = then.pages(), later.pages()
        attached = _attached(one, other)
        if pages[0] != pages[1]:
            return _page(before, now, *pages)
        if attached:
            return _attachment(attached)
        parts = then.parts(), later.parts()
        named = sorted(name for name in {**parts[0], **parts[1]} if parts[0].get(name) != parts[1].get(name))
        return First("metadata", "part", {"name": ", ".join(named) or "%%EOF"})
    except UNREADABLE:
        return First("rendering", "part", {"name": "PDF"})


def _page(before: bytes, now: bytes, then: list[str], later: list[str]) -> First:
    if len(then) != len(later):
        return First("rendering", "pages", {"before": len(then), "now": len(later)})
    number = next(at for at, pair in enumerate(zip(then, later, strict=True), start=1) if pair[0] != pair[1])
    one, other = _lines(before, number), _lines(now, number)
    for line, again in zip([*one, ""], [*other, ""], strict=False):
        if line != again:
            return First("rendering", "page", {"page": number, "before": line, "now": again})
    return First("rendering", "page_look", {"page": number})


def _lines(pdf: bytes, number: int) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        text: str = document[number - 1].get_textpage().get_text_bounded()
    return text.splitlines()


def _attached(one: pikepdf.Pdf, other: pikepdf.Pdf) -> list[str]:
    """The attachments that differ."""
    then, later = (
        {unflat(each.name): each.content for each in evidence_reading.attachments(pdf)} for pdf in (one, other)
    )
    return sorted(name for name in {**then, **later} if then.get(name) != later.get(name))


def _attachment(names: list[str]) -> First:
    tables = [name for name in names if name.endswith(".csv") and name not in (PLACES, MARKS)]
    if tables:
        return First("values", "attached", {"name": tables[0]})
    others = [name for name in names if name != MANIFEST]
    return First("rendering" if others else "metadata", "attached", {"name": (others or names)[0]})
