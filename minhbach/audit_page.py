"""One page of the audit pages: its frame, its links to the others, and the pieces that all of them are made of."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

from minhbach.wording import say

HERE: Final = Path(__file__).resolve().parent / "audit"
SCRIPTS: Final = ("core.js", "ticks.js", "panel.js")
LOOK: Final = ("audit.css", *SCRIPTS, "search.js", "list.js")
PAGES: Final = ("index", "units", "criteria", "notebooks", "register", "search", "list")


@dataclass(frozen=True)
class Book:
    """The folder of the audit pages of one edition, in one language."""

    folder: Path
    edition: str
    language: str
    stamp: str = ""  # above every page but that of the report, which brings its own

    def say(self, key: str, **details: object) -> str:
        """A sentence of the audit pages, as text."""
        return say(f"audit_{key}", self.language, **details)

    def write(self, name: str, title: str, content: str, *, kind: str = "plain", scripts: Sequence[str] = ()) -> None:
        """Writes a page; `name` is its path, `scripts` are those beyond the ones that every page has."""
        root = ".." if name.count("/") == 1 else "../.." if "/" in name else "."
        listed = [f"look/{SCRIPTS[0]}", "data/site.js", *(f"look/{each}" for each in (*SCRIPTS[1:], *scripts))]
        page = Template((HERE / "page.html").read_text(encoding="utf-8")).substitute(
            lang=self.language,
            root=root,
            title=escape(f"{title} – {self.edition}"),
            scripts="\n".join(f'<script src="{root}/{each}" defer></script>' for each in listed),
            kind=kind,
            target="report-body" if kind == "report" else "content",
            skip=escape(self.say("skip")),
            bar=escape(self.say("bar")),
            edition=escape(self.edition),
            links="\n".join(self._link(root, each, name) for each in PAGES),
            content=content if kind == "report" else self._main(content),
            panel=escape(self.say("panel")),
            noscript=escape(self.say("noscript")),
        )
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8", newline="\n")

    def _main(self, content: str) -> str:
        stamp = f'<p class="stamp">{escape(self.stamp)}</p>\n' if self.stamp else ""
        return f'<main id="content" tabindex="-1">\n{stamp}{content}\n</main>'

    def _link(self, root: str, page: str, name: str) -> str:
        here = ' aria-current="page"' if name == f"{page}.html" else ""
        return f'<a href="{root}/{page}.html"{here}>{escape(self.say(f"page_{page}"))}</a>'


def escape(text: object) -> str:
    """A text that may stand anywhere in a page."""
    return html.escape(str(text))


def number(reference: str, shown: str) -> str:
    """A number that opens its chain."""
    return f'<button type="button" class="fact" data-fact="{escape(reference)}">{escape(shown)}</button>'


def link(address: str, text: str) -> str:
    """A link of which both parts are texts."""
    return f'<a href="{escape(address)}">{escape(text)}</a>'


def table(caption: str, heads: Sequence[str], rows: Iterable[str], *, marks: str = "") -> str:
    """A table in a frame that scrolls; `rows` are made by `row`, `heads` are texts."""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    label, body = escape(caption), "\n".join(rows)
    frame = f'<div class="scroll" role="group" tabindex="0" aria-label="{label}"{marks}>'
    return (
        f"{frame}\n<table>\n<caption>{label}</caption>"
        f"\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</div>"
    )


def row(cells: Sequence[str], *, name: str = "", marks: str = "") -> str:
    """A row of cells that are HTML already; the first one heads it, `name` is its place in the page."""
    first, *others = cells
    place = f' id="{escape(name)}"' if name else ""
    return f'<tr{place}{marks}><th scope="row">{first}</th>{"".join(map(cell, others))}</tr>'


def cell(content: str) -> str:
    """A cell; numbers stand on the right."""
    right = ' class="right"' if content.startswith("<button") or content.replace(",", "").isdecimal() else ""
    return f"<td{right}>{content}</td>"
