"""A part of a workbook as bytes into which something is put: every byte that is not edited stays as it is.

Writing a workbook anew would lose what the library that writes it does not know; so nothing is written anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DEEPEST = 4
START_TAG = re.compile(rb"""<[^\s/>]+(?:"[^"]*"|'[^']*'|[^>"'])*>""")
TAG_NAME = re.compile(rb"<([^\s/>]+)")
OTHER_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding=["'](?!utf-8["']|us-ascii["'])""", re.IGNORECASE)
ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Attributes = Mapping[str, str]


class UneditableError(Exception):
    """A workbook into which nothing can be put for certain without changing something else."""


@dataclass
class Element:
    """An element by the places of its tags in bytes; an empty one has `inside`, `close` and `end` in the same place."""

    space: str
    name: str
    attributes: Attributes
    parent: Element | None
    start: int
    inside: int
    close: int = 0
    end: int = 0


class Part:
    """A part of a workbook, its elements down to the fourth level, and the edits that are made."""

    def __init__(self, content: bytes, space: str = "") -> None:
        self.content = content
        self.elements: list[Element] = []
        self.edits: list[tuple[int, int, bytes]] = []
        self._read()
        if not self.elements or (space and self.root.space != space):
            raise UneditableError(f"not of the kind {space}")

    @property
    def root(self) -> Element:
        """The outermost element."""
        return self.elements[0]

    def below(self, parent: Element | None, name: str = "") -> list[Element]:
        """The elements directly below another, in order."""
        return [each for each in self.elements if each.parent is parent and (not name or each.name == name)]

    def first(self, parent: Element, name: str) -> Element | None:
        """The first element of a name directly below another."""
        return next(iter(self.below(parent, name)), None)

    def bytes_of(self, element: Element) -> bytes:
        """An element as it stands, with its tags."""
        return self.content[element.start : element.end]

    def put(self, place: int, xml: str, until: int | None = None) -> None:
        """Puts text in a place, instead of what stands up to `until`."""
        self.edits.append((place, place if until is None else until, xml.encode("utf-8")))

    def append(self, element: Element, xml: str) -> None:
        """Puts text at the end of an element."""
        if element.close > element.inside or not self._is_empty(element):
            self.put(element.close, xml)
            return
        tag = self.content[element.start : element.inside]
        name = TAG_NAME.match(tag)
        opened = tag[: tag.rindex(b"/")].decode() + ">"
        self.put(element.start, f"{opened}{xml}</{name[1].decode() if name else ''}>", element.end)

    def remove(self, element: Element) -> None:
        """Takes an element away."""
        self.put(element.start, "", element.end)

    def edited(self) -> bytes:
        """The part with all edits; they must not overlap."""
        pieces, place = [], 0
        for start, end, new in sorted(self.edits, key=lambda edit: edit[:2]):
            pieces += [self.content[place:start], new]
            place = end
        return b"".join([*pieces, self.content[place:]])

    def _is_empty(self, element: Element) -> bool:
        return self.content[element.start : element.inside].endswith(b"/>")

    def _read(self) -> None:
        if self.content[:2] in (b"\xff\xfe", b"\xfe\xff") or OTHER_ENCODING.match(self.content):
            raise UneditableError("not UTF-8")
        parser = expat.ParserCreate(namespace_separator=" ")
        open_elements: list[Element | None] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            deep = len(open_elements) >= DEEPEST
            open_elements.append(
                None if deep else self._opened(parser.CurrentByteIndex, name, attributes, open_elements)
            )

        def end(_: str) -> None:
            if element := open_elements.pop():
                empty = self._is_empty(element)
                element.close = element.inside if empty else parser.CurrentByteIndex
                element.end = element.inside if empty else self.content.index(b">", element.close) + 1

        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.StartDoctypeDeclHandler = _refuse
        try:
            parser.Parse(self.content, True)
        except (expat.ExpatError, ValueError) as error:
            raise UneditableError(str(error)) from None

    def _opened(self, place: int, name: str, attributes: Attributes, above: list[Element | None]) -> Element:
        tag = START_TAG.match(self.content, place)
        if tag is None:
            raise UneditableError(f"no tag at {place}")
        space, _, local = name.rpartition(" ")
        short = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        element = Element(space, local, short, above[-1] if above else None, place, tag.end())
        self.elements.append(element)
        return element


def _refuse(*_: object) -> None:
    raise UneditableError("DOCTYPE")


def check_well_formed(content: bytes) -> None:
    """Refuses a part that no program can read, since a copy of its workbook could not be opened either."""
    try:
        expat.ParserCreate().Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        raise UneditableError(str(error)) from None


def escaped(text: str) -> str:
    """A text that may stand in XML, between tags or quotes; what XML cannot hold is left out."""
    plain = ILLEGAL.sub("", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return plain.replace('"', "&quot;")


def cell_text(text: str) -> str:
    """A text for a cell or a comment: what looks like an escape of the format, such as _x0041_, stays as it is."""
    return ESCAPE_LIKE.sub("_x005F_", escaped(text))
