"""Reads what a PDF carries, without trusting it: sizes are limited before anything is unpacked."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pikepdf

MOST_FILES: Final = 5_000
MOST_BYTES: Final = 64_000_000  # of one attachment or stream, unpacked
MOST_TOGETHER: Final = 512_000_000
LARGEST: Final = 512_000_000  # of the PDF itself
DEEPEST: Final = 12  # levels of the tree of names


class UnreadableError(Exception):
    """A part of a PDF that cannot be unpacked; the text says why, as `verify_why_…` has it."""


@dataclass(frozen=True)
class Inside:
    """An attachment as it is found: its content, or why it cannot be read."""

    name: str
    content: bytes = b""
    fault: str = ""


def opened(pdf: bytes) -> pikepdf.Pdf:
    """The PDF.

    Raises:
        UnreadableError: no PDF, damaged, or locked with a password.
    """
    try:
        found = pikepdf.open(io.BytesIO(pdf), suppress_warnings=True)
        len(found.pages)
    except pikepdf.PasswordError:
        raise UnreadableError("locked") from None
    except (pikepdf.PdfError, ValueError, RuntimeError, TypeError, AttributeError, KeyError) as error:
        raise UnreadableError(f"damaged {error}") from None
    return found


def attachments(pdf: pikepdf.Pdf) -> Iterator[Inside]:
    """Every attachment, by name, unpacked within the limits."""
    left = MOST_TOGETHER
    for name, specification in sorted(_named(pdf), key=lambda each: each[0])[: MOST_FILES + 1]:
        try:
            content = unpacked(specification["/EF"].get("/UF") or specification["/EF"]["/F"], min(left, MOST_BYTES))
        except UnreadableError as error:
            yield Inside(name, fault=str(error))
            continue
        except (pikepdf.PdfError, ValueError, RuntimeError, TypeError, AttributeError, KeyError):
            yield Inside(name, fault="damaged")
            continue
        left -= len(content)
        yield Inside(name, content)


def unpacked(stream: Any, most: int = MOST_BYTES) -> bytes:
    """The content of a stream, of no more than `most` bytes.

    Raises:
        UnreadableError: it is larger, damaged, or packed otherwise than our files are.
    """
    raw: bytes = stream.read_raw_bytes()
    packing = stream.get("/Filter")
    names = [str(each) for each in packing] if isinstance(packing, pikepdf.Array) else [str(packing)] * bool(packing)
    if stream.get("/DecodeParms") is not None or any(name != "/FlateDecode" for name in names):
        return raw  # pictures stay as they are: the digest of what is packed does as well
    for _ in names:
        raw = _inflated(raw, most)
    if len(raw) > most:
        raise UnreadableError("large")
    return raw


def _inflated(packed: bytes, most: int) -> bytes:
    reader = zlib.decompressobj()
    try:
        content = reader.decompress(packed, most + 1)
    except zlib.error:
        raise UnreadableError("damaged") from None
    if len(content) > most:
        raise UnreadableError("large")
    if not reader.eof:
        raise UnreadableError("damaged")
    return content


def _named(pdf: pikepdf.Pdf) -> Iterator[tuple[str, Any]]:
    """The names of attachments and their specifications, in the order of the tree."""
    try:
        names = pdf.Root.get("/Names")
        tree = names.get("/EmbeddedFiles") if names is not None else None
        yield from _branch(tree, 0) if tree is not None else ()
    except (pikepdf.PdfError, ValueError, RuntimeError, TypeError, AttributeError, KeyError):
        return


def _branch(tree: Any, depth: int) -> Iterator[tuple[str, Any]]:
    listed = tree.get("/Names")
    if listed is not None:
        for place in range(0, len(listed) - 1, 2):
            specification = listed[place + 1]
            yield str(specification.get("/UF") or specification.get("/F") or listed[place]), specification
    for kid in tree.get("/Kids") or ():
        if depth < DEEPEST:
            yield from _branch(kid, depth + 1)
