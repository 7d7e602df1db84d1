"""The bound file: finished cards joined page by page, each with its structure, under one outline.

A page of the bound file is the card itself, so that what stands where on a card stands there in the bound file too.
Setting all cards once more as one document would take half as long again, and a gigabyte of memory.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, NumberTree, ObjectStreamMode, OutlineItem, Pdf, String

from minhbach.render.places import Marks, Place
from minhbach.scorecards_pdf import Printed

PAGES = re.compile(rb"(?<=<xmpTPg:NPages>)[0-9]+(?=<)")
INSTANCE = re.compile(rb"(?<=<xmpMM:InstanceID>)[^<]+(?=<)")


@dataclass(frozen=True)
class Entry:
    """A line of the outline: its level from 0, its words, and the page (from 1) to which it leads."""

    level: int
    title: str
    page: int


def bind(front: Printed, cards: Sequence[Printed], outline: Sequence[Entry]) -> Printed:
    """The first pages and all cards in one file; marks of cards stand on the page that a card is there."""
    marks, first = [front.marks], front.pages
    with pikepdf.open(io.BytesIO(front.pdf)) as document:
        for card in cards:
            _add(document, card.pdf, f"c{first}.")
            marks.append(_moved(card.marks, first))
            first += card.pages
        _outline(document, outline)
        _metadata(document, [front.pdf, *(card.pdf for card in cards)])
        pdf = _written(document)
    return Printed(pdf, first, _together(marks), front.warnings)


def _add(document: Pdf, card: bytes, prefix: str) -> None:
    """Adds the pages of a card, and its structure as a part of the document's; `prefix` makes ids unique."""
    source = pikepdf.open(io.BytesIO(card))
    _rename(source, prefix)
    first = len(document.pages)
    document.pages.extend(source.pages)
    own, other = document.Root.StructTreeRoot, source.Root.StructTreeRoot
    top = own.K[0]
    for element in map(document.copy_foreign, other.K):
        element.S, element.P = Name.Part, top
        top.K.append(element)
    _parents(document, source, first)
    if "/IDTree" not in own:
        own.IDTree = NameTree.new(document).obj
    ids = NameTree(own.IDTree)
    for name, element in NameTree(other.IDTree).items():
        ids[prefix + str(name)] = document.copy_foreign(element)


def _rename(source: Pdf, prefix: str) -> None:
    """Puts a prefix before the ids of table headers, and where cells refer to them."""
    for each in source.objects:
        if not isinstance(each, Dictionary) or each.get("/Type") != Name.StructElem:
            continue
        if "/ID" in each:
            each.ID = String(prefix + str(each.ID))
        for attributes in each.get("/A", ()):
            if "/Headers" in attributes:
                attributes.Headers = Array([String(prefix + str(header)) for header in attributes.Headers])


def _parents(document: Pdf, source: Pdf, first: int) -> None:
    """Which elements the marked content of the pages from `first` on belongs to, under keys that are still free."""
    root = document.Root.StructTreeRoot
    shift = int(root.ParentTreeNextKey)
    tree = NumberTree(root.ParentTree)
    for key, value in NumberTree(source.Root.StructTreeRoot.ParentTree).items():
        held = value if value.is_indirect else source.make_indirect(value)
        tree[shift + key] = document.copy_foreign(held)
    for page in list(document.pages)[first:]:
        page.obj.StructParents = int(page.obj.StructParents) + shift
        for link in page.obj.get("/Annots", ()):
            if "/StructParent" in link:
                link.StructParent = int(link.StructParent) + shift
    root.ParentTreeNextKey = shift + int(source.Root.StructTreeRoot.ParentTreeNextKey)


def _outline(document: Pdf, entries: Sequence[Entry]) -> None:
    """Adds the entries after those of the first pages."""
    with document.open_outline() as outline:
        above = [outline.root]
        for entry in entries:
            height = document.pages[entry.page - 1].mediabox[3]
            item = OutlineItem(entry.title, entry.page - 1, "XYZ", left=0, top=float(height))
            del above[entry.level + 1 :]
            above[entry.level].append(item)
            above.append(item.children)


def _metadata(document: Pdf, parts: Sequence[bytes]) -> None:
    """What the first pages said of themselves now says it of the whole: the number of pages, and which file it is."""
    made_of = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()
    written = PAGES.sub(b"%d" % len(document.pages), document.Root.Metadata.read_bytes())
    document.Root.Metadata.write(INSTANCE.sub(base64.b64encode(made_of[:16]), written))


def _written(document: Pdf) -> bytes:
    """The bytes of the file; structure is packed, the metadata stay readable as text."""
    written = io.BytesIO()
    document.save(
        written, object_stream_mode=ObjectStreamMode.generate, deterministic_id=True, fix_metadata_version=False
    )
    return written.getvalue()


def _moved(marks: Marks, pages: int) -> Marks:
    """Marks that stand some pages later."""
    return Marks(*(tuple(_later(place, pages) for place in kind) for kind in _kinds(marks)))


def _later(place: Place, pages: int) -> Place:
    end = place.end and (place.end[0] + pages, *place.end[1:])
    return replace(place, page=place.page + pages, end=end)


def _together(marks: Sequence[Marks]) -> Marks:
    return Marks(*(tuple(place for each in kinds for place in each) for kinds in zip(*map(_kinds, marks), strict=True)))


def _kinds(marks: Marks) -> Iterator[Any]:
    yield from (marks.facts, marks.declared, marks.numbering, marks.drawings)
