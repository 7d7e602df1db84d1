"""Digests of the pages of a PDF, and of its other parts, which do not depend on how the file numbers its objects."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final

import pikepdf

from minhbach.evidence_reading import unpacked

LEFT_OUT: Final = frozenset({"/Length", "/Filter", "/DecodeParms", "/Parent", "/P", "/StructParent", "/StructParents"})
DRAWN: Final = ("/Contents", "/Resources", "/Annots", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group")
OTHER: Final = {
    "metadata": "/Metadata",
    "outline": "/Outlines",
    "structure": "/StructTreeRoot",
    "labels": "/PageLabels",
}
DEEPEST: Final = 200
MOST: Final = 2_000_000  # objects looked at, more than any report has


class Digests:
    """Digests of parts of one PDF; what several pages share is looked at once."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self._known: dict[tuple[int, int], bytes] = {}
        self._numbers: dict[tuple[int, int], int] = {
            page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)
        }
        self._looked = 0

    def pages(self) -> list[str]:
        """What each page draws: its content, fonts, pictures, links and size.

        Raises:
            ValueError: a page cannot be read.
        """
        return [self._page(page) for page in self.pdf.pages]

    def parts(self) -> dict[str, str]:
        """What belongs to no page: particulars, outline, structure for screen readers, labels of pages.

        Raises:
            ValueError: a part cannot be read.
        """
        found = {name: self.pdf.Root.get(key) for name, key in OTHER.items()}
        found["information"] = self.pdf.trailer.get("/Info")
        return {name: _hex(self._bytes(part, 0)) for name, part in found.items() if part is not None}

    def _page(self, page: pikepdf.Page) -> str:
        digest = hashlib.sha256()
        for key in DRAWN:
            value = page.obj.get(key)
            if key == "/Contents" and value is not None:
                streams = list(value) if isinstance(value, pikepdf.Array) else [value]
                digest.update(b"\n".join(unpacked(each) for each in streams))
            else:
                digest.update(key.encode() + self._bytes(value, 0))
        return digest.hexdigest()

    def _bytes(self, value: Any, depth: int) -> bytes:
        """A value as bytes that stay the same however the file is written; objects on their own by their digest."""
        self._looked += 1
        if depth > DEEPEST or self._looked > MOST:
            raise ValueError("its parts are nested too deep")
        if not isinstance(value, pikepdf.Object):
            return repr(value).encode()
        if not value.is_indirect:
            return self._direct(value, depth)
        key = value.objgen
        if key in self._numbers:
            return b"page %d" % self._numbers[key]
        if key not in self._known:
            self._known[key] = b"above"  # what an object says about those around it does not count twice
            self._known[key] = hashlib.sha256(self._direct(value, depth)).digest()
        return self._known[key]

    def _direct(self, value: Any, depth: int) -> bytes:
        if isinstance(value, pikepdf.Array):
            return b"[" + b" ".join(self._bytes(each, depth + 1) for each in value) + b"]"
        if isinstance(value, pikepdf.Stream | pikepdf.Dictionary):
            whole = b"<<" + b" ".join(self._entries(value, depth)) + b">>"
            return whole + hashlib.sha256(unpacked(value)).digest() if isinstance(value, pikepdf.Stream) else whole
        return bytes(value.unparse())

    def _entries(self, value: Any, depth: int) -> Iterator[bytes]:
        for name in sorted(set(value.keys()) - LEFT_OUT):
            yield name.encode() + b" " + self._bytes(value[name], depth + 1)


def _hex(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
