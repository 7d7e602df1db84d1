"""What the updates after a report's seal change: nothing but signatures may, and these stand in their room only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Stream

from minhbach import sign_place
from minhbach.evidence_reading import opened
from minhbach.sign_place import Box

ROOT_KEYS: Final = frozenset(
    {"/AcroForm", "/DSS", "/Extensions", "/Version"}
)  # what a signature may put into the catalogue
FORM_KEYS: Final = frozenset({"/Fields", "/SigFlags", "/DR", "/DA"})
ACTIONS: Final = ("/A", "/AA")
Change = tuple[str, str, int]  # the kind, its place, and the page if it stands on one


def changes(sealed: bytes, whole: bytes, room: Box | None) -> list[Change]:
    """What a file has that it had not when it was sealed, but for signatures; told as `verify_sign_…` has it.

    Raises:
        UnreadableError: one of the two is damaged.
    """
    old, new = opened(sealed), opened(whole)
    touched = {page.obj.objgen: number for number, page in enumerate(old.pages, 1)}
    kept = (page.obj.get("/Annots") for page in old.pages)
    lists = {each.objgen for each in kept if each is not None} - {(0, 0)}
    found: list[Change] = []
    if len(old.pages) != len(new.pages) or old.trailer.Root.objgen != new.trailer.Root.objgen:
        found.append(("object", "Root", 0))
    for before in old.objects:
        key = before.objgen
        now, free = new.get_object(key), _free(old, touched, key)
        if key not in lists and not _same(before, now, free):
            found.append(("object", f"{key[0]} {key[1]}", touched.get(key, 0)))
    return [*found, *_form(new), *_annotations(old, new, room)]


def _free(old: pikepdf.Pdf, pages: dict[tuple[int, int], int], key: tuple[int, int]) -> frozenset[str]:
    """The entries of an object that a signature may change."""
    if key == old.trailer.Root.objgen:
        return ROOT_KEYS
    return frozenset({"/Annots"}) if key in pages else frozenset()


def _same(before: Any, now: Any, free: frozenset[str]) -> bool:
    """Whether an object is what it was."""
    if isinstance(before, Stream):
        same = isinstance(now, Stream) and before.read_raw_bytes() == now.read_raw_bytes()
        return same and before.stream_dict.unparse() == now.stream_dict.unparse()
    if isinstance(before, Dictionary) and free:
        kept = set(before.keys()) - free
        there = isinstance(now, Dictionary) and kept == set(now.keys()) - free
        return there and all(_entry(before[key]) == _entry(now[key]) for key in kept)
    return _written(before) == _written(now)


def _entry(value: Any) -> bytes:
    """An entry as it is written; another object by its number."""
    return bytes(value.unparse()) if isinstance(value, pikepdf.Object) else repr(value).encode()


def _written(value: Any) -> bytes:
    return bytes(value.unparse(resolved=True)) if isinstance(value, pikepdf.Object) else repr(value).encode()


def _form(new: pikepdf.Pdf) -> Iterator[Change]:
    """A form that does more than to hold signatures."""
    form = new.Root.get("/AcroForm")
    for key in sorted(set(form.keys()) - FORM_KEYS) if isinstance(form, Dictionary) else ():
        yield "object", f"AcroForm{key}", 0


def _annotations(old: pikepdf.Pdf, new: pikepdf.Pdf, room: Box | None) -> Iterator[Change]:
    """Annotations that went, or came and are no signatures, or stand outside their room."""
    for number, (before, now) in enumerate(zip(old.pages, new.pages, strict=False), 1):
        known, there = _list(before), _list(now)
        if [_written(each) for each in there[: len(known)]] != [_written(each) for each in known]:
            yield "object", "Annots", number
        for each in there[len(known) :]:
            if not _signature(each):
                yield "annotation", f"Annots {number}", number
            elif not _inside(each, number, now, room):
                yield "elsewhere", f"Annots {number}", number


def _list(page: pikepdf.Page) -> list[Any]:
    found = page.obj.get("/Annots")
    return list(found) if isinstance(found, Array) else []


def _signature(annotation: Any) -> bool:
    """Whether an annotation is the field of a signature and does nothing else."""
    if not isinstance(annotation, Dictionary) or annotation.get("/Subtype") != "/Widget":
        return False
    kind = annotation.get("/FT") or annotation.get("/Parent", Dictionary()).get("/FT")
    return kind == "/Sig" and not any(each in annotation for each in ACTIONS)


def _inside(annotation: Any, number: int, page: pikepdf.Page, room: Box | None) -> bool:
    """Whether a signature shows itself in its room, or nowhere."""
    left, low, right, high = sign_place.corners(annotation.get("/Rect"))
    if right - left <= 0 or high - low <= 0:
        return True
    height = float(page.obj["/MediaBox"][3])
    return room is not None and room.page == number and room.holds((left, low, right, high), height)
