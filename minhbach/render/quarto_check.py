"""What Quarto made, compared with the embedded engine's: the same facts, numbers and references in the same order."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from itertools import zip_longest
from pathlib import Path
from typing import Final

import pypdfium2

from minhbach.errors import RenderError
from minhbach.render.places import Place

FETCHING: Final = {"script": "src", "link": "href", "img": "src", "iframe": "src", "object": "data", "source": "src"}
ASIDE: Final = ("nav", "details")  # the contents, and the data behind a chart: each engine has them in its own way
REFERENCES: Final = ("#tbl-", "#fig-", "#anx-")
Printed = tuple[str, str]  # fact id or target of a reference, and what stands there


class Page(HTMLParser):
    """The facts and references of a web page in their order, and the addresses that it would fetch."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.printed: list[Printed] = []
        self.fetched: list[str] = []
        self._open: list[tuple[str, str | None]] = []  # elements that may hold text, with what they stand for
        self._aside = 0
        self.feed(file.read_text(encoding="utf-8"))
        self.close()

    @property
    def facts(self) -> list[Printed]:
        """The facts alone."""
        return [(name, text) for name, text in self.printed if not name.startswith("#")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes a fact or a reference, whose text follows."""
        given = {name: value or "" for name, value in attrs}
        address = given.get(FETCHING.get(tag, ""), "")
        if address.lower().startswith(("http:", "https:", "//")):
            self.fetched.append(address)
        self._aside += tag in ASIDE
        if tag in ("span", "a"):
            name = given.get("data-fact") or (given.get("href", "") if tag == "a" else "")
            wanted = not self._aside and ("data-fact" in given or name.startswith(REFERENCES))
            self._open.append((tag, name if wanted else None))
            if wanted:
                self.printed.append((name, ""))

    def handle_endtag(self, tag: str) -> None:
        """Ends what a fact or a reference shows."""
        self._aside -= tag in ASIDE
        if self._open and self._open[-1][0] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Adds to what the innermost fact or reference shows."""
        if self._open and any(name for _, name in self._open):
            name, text = self.printed[-1]
            self.printed[-1] = (name, text + data)


def page(made: Path, expected: Path) -> Page:
    """The web page of the embedded engine, to which that of Quarto is equal in all that is printed.

    Raises:
        RenderError: they differ, or the page would fetch something from another host.
    """
    found, wanted = Page(made), Page(expected)
    _same(made.name, [(name, _bare(text)) for name, text in found.printed], [(n, _bare(t)) for n, t in wanted.printed])
    if found.fetched:
        raise RenderError(f"{made.name}: would fetch {', '.join(sorted(set(found.fetched)))}; it must be complete.")
    return wanted


def order(made: str, found: Sequence[Place], expected: Sequence[Place]) -> None:
    """RenderError where a PDF does not print the facts of the embedded engine's in its order."""
    _same(made, [(place.fact_id, "") for place in found], [(place.fact_id, "") for place in expected])


def text(made: Path, facts: Sequence[Printed]) -> None:
    """RenderError for a PDF without a page, or with a fact of which the text is nowhere in it."""
    whole = _bare(" ".join(_pages(made)))
    missing = [f"  {name}: {shown}" for name, shown in dict.fromkeys(facts) if _bare(shown) not in whole]
    if missing:
        raise RenderError("\n".join([f"{made.name}: {len(missing)} fact(s) are not printed:", *missing[:10]]))


def _pages(file: Path) -> Iterator[str]:
    """The text of each page."""
    try:
        with pypdfium2.PdfDocument(file) as document:
            yield from [sheet.get_textpage().get_text_bounded() for sheet in document]
    except pypdfium2.PdfiumError as error:
        raise RenderError(f"{file.name}: what Quarto wrote cannot be read as a PDF: {error}") from error


def _bare(shown: str) -> str:
    """Letters and figures alone: lines are broken, words divided and letters raised on paper."""
    whole = unicodedata.normalize("NFC", shown).casefold()
    return "".join(sign for sign in whole if sign.isalnum())


def _same(made: str, found: Sequence[Printed], expected: Sequence[Printed]) -> None:
    """RenderError that names the first place at which two lists part."""
    for number, (here, there) in enumerate(zip_longest(found, expected), 1):
        if here != there:
            said, wanted = (" ".join(each).strip() if each else "nothing" for each in (here, there))
            raise RenderError(
                f"{made}: as number {number} of its facts and references Quarto prints {said}; the embedded engine "
                f"prints {wanted}. Use --engine embedded, and report this version of Quarto."
            )
