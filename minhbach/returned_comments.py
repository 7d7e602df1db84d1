"""Comments of a sheet: our block is put into the comment of a cell, or a new one is made; our old blocks go."""

from __future__ import annotations

import re
from collections.abc import Mapping

from minhbach.findings import column_number
from minhbach.ingest_scan import REFERENCE
from minhbach.returned_marks import BLOCK
from minhbach.returned_package import OFFICE, SPREADSHEET, Package
from minhbach.returned_parts import MAIN, Element, Part, UneditableError, cell_text

AUTHOR = "minhbach"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
EMPTY = f'{HEAD}\n<comments xmlns="{MAIN}"><authors/><commentList/></comments>'
BLOCK_BYTES = re.compile(BLOCK.pattern.encode())
TAGS = re.compile(rb"<[^>]*>")
SHAPE = re.compile(rb"<v:shape\b(?:(?!</v:shape>).)*</v:shape>", re.DOTALL)
SHAPE_NUMBER = re.compile(rb"_x0000_s([0-9]{1,9})")
SPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
SHAPE_TYPE = (
    f'<v:shapetype {SPACES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
DRAWING = f'<xml {SPACES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'


def clean(package: Package, sheet: str) -> None:
    """Takes our blocks out of the comments of a sheet; a comment that held nothing else goes with its box."""
    name = package.related(sheet, "comments")
    if not name or not BLOCK_BYTES.search(package.parts[name]):
        return
    package.parts[name] = BLOCK_BYTES.sub(b"", package.parts[name])
    part = package.part(name)
    drawing = package.related(sheet, "vmlDrawing")
    for comment in _comments(part):
        if not TAGS.sub(b"", part.bytes_of(comment)).strip():
            part.remove(comment)
            if drawing:
                package.parts[drawing] = _without_box(package.parts[drawing], comment.attributes.get("ref", ""))
    package.save(name, part)


def write(package: Package, sheet: str, texts: Mapping[str, str]) -> str:
    """Puts a text into the comment of each cell (A1 addresses); gives the relation id of a new drawing, if any."""
    name = package.related(sheet, "comments")
    if not name:
        name = package.free("xl/comments{}.xml")
        package.add(name, EMPTY.encode(), owner=sheet, kind="comments", content_type=f"{SPREADSHEET}.comments+xml")
    part = package.part(name)
    there = {comment.attributes.get("ref", ""): comment for comment in _comments(part)}
    fresh = [cell for cell in texts if cell not in there]
    for cell in texts.keys() & there.keys():
        _extend(part, there[cell], texts[cell])
    author = _author(part)
    listed = part.first(part.root, "commentList")
    if listed is None:
        raise UneditableError("comments without a list")
    part.append(listed, "".join(_comment(cell, author, texts[cell]) for cell in sorted(fresh, key=place)))
    package.save(name, part)
    return _boxes(package, sheet, sorted(fresh, key=place)) if fresh else ""


def place(cell: str) -> tuple[int, int]:
    """Row and column of an A1 address, from 0."""
    match = REFERENCE.fullmatch(cell)
    if match is None:
        raise UneditableError(f"{cell} is no cell")
    return int(match[2]) - 1, column_number(match[1]) - 1


def _comments(part: Part) -> list[Element]:
    return [each for listed in part.below(part.root, "commentList") for each in part.below(listed, "comment")]


def _extend(part: Part, comment: Element, text: str) -> None:
    """The unit's own words stay first, as they are."""
    words = part.first(comment, "text")
    if words is None:
        raise UneditableError("a comment without text")
    part.append(words, f'<r xmlns="{MAIN}"><t xml:space="preserve">\n{cell_text(text)}</t></r>')


def _author(part: Part) -> int:
    authors = part.first(part.root, "authors")
    if authors is None:
        raise UneditableError("comments without authors")
    part.append(authors, f'<author xmlns="{MAIN}">{AUTHOR}</author>')
    return len(part.below(authors, "author"))


def _comment(cell: str, author: int, text: str) -> str:
    words = f'<text><t xml:space="preserve">{cell_text(text)}</t></text>'
    return f'<comment xmlns="{MAIN}" ref="{cell}" authorId="{author}">{words}</comment>'


def _boxes(package: Package, sheet: str, cells: list[str]) -> str:
    name, new = package.related(sheet, "vmlDrawing"), ""
    if not name:
        name = package.free("xl/drawings/vmlDrawing{}.vml")
        kind = "application/vnd.openxmlformats-officedocument.vmlDrawing"
        new = package.add(name, DRAWING.encode(), owner=sheet, kind="vmlDrawing", content_type=kind)
    drawing = package.parts[name]
    end = drawing.rfind(b"</xml>")
    if end < 0:
        raise UneditableError("a drawing without an end")
    number = max([1024, *(int(each) for each in SHAPE_NUMBER.findall(drawing))]) + 1
    boxes = "".join(_box(cell, number + index) for index, cell in enumerate(cells))
    kind_of_box = "" if b'id="_x0000_t202"' in drawing else SHAPE_TYPE
    package.parts[name] = drawing[:end] + (kind_of_box + boxes).encode() + drawing[end:]
    return new


def _box(cell: str, number: int) -> str:
    row, column = place(cell)
    anchor = f"{column + 1}, 15, {row}, 2, {column + 3}, 80, {row + 6}, 4"
    return (
        f'<v:shape {SPACES} id="_x0000_s{number}" type="#_x0000_t202" fillcolor="#ffffe1" o:insetmode="auto" '
        'style="position:absolute;width:330pt;height:150pt;z-index:1;visibility:hidden"><v:fill color2="#ffffe1"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox '
        'style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox><x:ClientData '
        f'ObjectType="Note"><x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row>'
        f"<x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )


def _without_box(drawing: bytes, cell: str) -> bytes:
    row, column = place(cell)
    here = re.compile(rb"<x:Row>\s*%d\s*</x:Row>\s*<x:Column>\s*%d\s*</x:Column>" % (row, column))
    return SHAPE.sub(lambda box: b"" if here.search(box[0]) else box[0], drawing)


def relation(identifier: str) -> str:
    """The element of a sheet that names its comments' drawing."""
    return f'<legacyDrawing xmlns="{MAIN}" xmlns:r="{OFFICE}" r:id="{identifier}"/>'
