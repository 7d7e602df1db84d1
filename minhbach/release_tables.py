"""The published tables: read from the rendered report's Markdown, so that a sheet says what the page says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from minhbach import pandoc, release_cells, release_table, wording
from minhbach.release_cells import Names
from minhbach.release_table import Published

KINDS = ("tbl", "fig")
ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True)
class Drawn:
    """A numbered figure of the report, and the image it shows."""

    label: str
    caption: str
    image: str


@dataclass(frozen=True)
class Found:
    """What was found in a report, each in the order of the page."""

    tables: tuple[Published, ...]
    figures: tuple[Drawn, ...]


@dataclass
class _Counted:
    """The numbered things of a report while they are being numbered."""

    language: str
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*KINDS, "anx"), 0))
    names: dict[str, str] = field(default_factory=dict)

    def name(self, kind: str, label: str) -> None:
        """Gives the next number of its kind to a table, figure or annex."""
        self.counts[kind] += 1
        number = roman(self.counts[kind]) if kind == "anx" else str(self.counts[kind])
        self.names[label] = wording.say(f"release_{kind}", self.language, number=number)


def read(markdown: Path, language: str) -> Found:
    """Every numbered table and figure of a report, under the numbers that are printed.

    Raises:
        RenderError: Pandoc cannot read the report.
    """
    blocks = pandoc.report(markdown.read_text(encoding="utf-8"))["blocks"]
    counted = _Counted(language)
    floats = []
    for kind, label, block, caption in _numbered(blocks):
        counted.name(kind, label)
        floats.append((kind, label, block, caption))
    names = Names(counted.names, language)
    tables = [release_table.published(*each[1:], names) for each in floats if each[0] == "tbl"]
    figures = [_figure(*each[1:], names) for each in floats if each[0] == "fig"]
    return Found(tuple(tables), tuple(each for each in figures if each.image))


def roman(number: int) -> str:
    """A small Roman number."""
    letters = ""
    for value, letter in ROMAN:
        letters += letter * (number // value)
        number %= value
    return letters


def _numbered(blocks: Sequence[Any]) -> Iterator[tuple[str, str, Any, list[Any]]]:
    """Tables, figures and annexes in the order of the page: kind, id, the block, the caption's inlines."""
    for block in blocks:
        kind, content = block["t"], block.get("c")
        if kind == "Header" and "annex" in content[1][1]:
            yield "anx", content[1][0], block, content[2]
        elif kind == "Div" and content[0][0][:4] in ("tbl-", "fig-"):
            yield content[0][0][:3], content[0][0], *_held(content[1])
        elif kind in ("Table", "Figure") and content[0][0][:4] in ("tbl-", "fig-"):
            yield content[0][0][:3], content[0][0], block, release_table.plain(content[1][1])
        elif kind in ("Div", "BlockQuote"):
            yield from _numbered(content[1] if kind == "Div" else content)


def _held(blocks: Sequence[Any]) -> tuple[Any, list[Any]]:
    """The table or figure of a cross-reference div, and the caption, which is its last paragraph."""
    held = next((each for each in blocks if each["t"] in ("Table", "Figure", "Para")), blocks[0])
    return held, list(blocks[-1]["c"]) if blocks[-1]["t"] == "Para" else []


def _figure(label: str, block: Any, caption: list[Any], names: Names) -> Drawn:
    found = list(_images(block))
    return Drawn(names.shown[label], release_cells.text(caption, names), found[0] if found else "")


def _images(part: Any) -> Iterator[str]:
    """The source of every image inside a part of Pandoc's JSON."""
    if isinstance(part, dict) and part.get("t") == "Image":
        yield part["c"][2][0]
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _images(inner)
