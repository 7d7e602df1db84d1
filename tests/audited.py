"""Audit pages in a browser that reaches nothing but their own folder, and a small edition that has some."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import unquote

import nbformat
import traced
from browsing import WIDE, window
from nbformat import v4
from playwright.sync_api import Browser, Page

from minhbach import audit_stage, editions
from minhbach.paths import Edition
from minhbach.render.embedded import render_html

HOSTILE = "Xã <img src=x onerror='document.title=1'>&lt</script><b>"
NOTE = "</textarea><script>document.title = 1</script> “ghi chú” \u202e"
LINK = re.compile(r'(?:href|src)="([^"]*)"')
ID = re.compile(r' id="([^"]*)"')
CHAIN = """async reference => {
  const found = await minhbach.find(reference);
  if (!found) return null;
  return minhbach.all(await minhbach.chain(found)).map(each => [each.kind, each.id, each.text, each.note]);
}"""


@dataclass(frozen=True)
class Seen:
    """A page, every address outside the folder that it asked for, and every complaint of the browser."""

    page: Page
    root: Path
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, name: str) -> None:
        """Opens a page of the folder; its scripts have run when it is loaded."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.root.as_uri()}/{name}")

    def chain(self, reference: str) -> list[list[str]] | None:
        """Kind, id, text and note of every step that the panel of a reference shows."""
        found: list[list[str]] | None = self.page.evaluate(CHAIN, reference)
        return found

    def panel(self) -> list[str]:
        """The texts of the panel's steps, all unfolded, without the signs of checks and without notes."""
        self.page.click("#panel button.all")
        texts = self.page.locator("#panel .text").all_text_contents()
        return [text.removeprefix("✓ ").removeprefix("✗ ") for text in texts]


@contextmanager
def opened(browser: Browser, audit: Path, name: str, *, width: int = WIDE, **options: Any) -> Iterator[Seen]:
    """A page of audit pages, with a browser's memory of its own."""
    own = (f"{audit.as_uri()}/", "blob:", "about:")
    with window(browser, lambda address: address.startswith(own), width, **options) as bare:
        seen = Seen(bare.page, audit, bare.asked, bare.complaints)
        seen.go(name)
        yield seen


def small(folder: Path, *, hostile: bool = False) -> Edition:
    """The small edition of the tests of `trace`, with a report, a notebook and audit pages."""
    files = {name: text.replace("Xã An Bình", HOSTILE) for name, text in traced.FILES.items()} if hostile else {}
    with mock.patch.dict(traced.FILES, files):
        edition = traced.build(folder)
    numbers = " ".join(f'[{each["shown"]}]{{fact="{name}"}}' for name, each in traced.facts(edition.draft).items())
    text = f"# Kết quả\n\n{numbers}\n\n"
    (edition.draft / "report.md").write_text(text, encoding="utf-8")
    render_html(edition.draft / "report.md", {"title": "Thử", "lang": "vi", "date": "2026-12-01"})
    notebook(edition.draft / "notebooks" / "3_report.ipynb", text)
    audit_stage.write(editions.load(edition), edition, "vi")
    return edition


def notebook(path: Path, text: str) -> None:
    """An executed notebook that says a text, with a hostile Markdown cell."""
    output = v4.new_output("display_data", {"text/markdown": text, "text/html": "<script>x</script>"})
    cell = v4.new_code_cell("#| label: results\nshow('<b>')", outputs=[output])
    path.parent.mkdir()
    told = v4.new_markdown_cell("# Báo cáo\n\n<script>document.title = 1</script> [x](javascript:alert(1))")
    nbformat.write(v4.new_notebook(cells=[told, cell]), path)


def broken_links(audit: Path) -> list[str]:
    """Every link of the pages that leads to no file, or to no place in a page; a fragment of a chain is no place."""
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(audit.rglob("*.html"))}
    places = {path: set(ID.findall(text)) for path, text in pages.items()}
    broken = []
    for path, text in pages.items():
        for address in set(LINK.findall(text)):
            name, _, fragment = address.partition("#")
            target = (path.parent / unquote(name)).resolve() if name else path
            known = target.is_file() and (not fragment or target.suffix != ".html" or fragment in places[target])
            if not known:
                broken.append(f"{path.relative_to(audit)}: {address}")
    return broken
