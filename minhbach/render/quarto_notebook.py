"""An executed notebook as Quarto reads it: front matter in a raw first cell, and nothing that Quarto would obey."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import nbformat
from nbformat import NotebookNode

from minhbach import pandoc
from minhbach.errors import RenderError
from minhbach.markdown import escape
from minhbach.render import web
from minhbach.render.metadata import html_variables, typst_literal
from minhbach.wording import say

HEADER: Final = re.compile(r"<header>.*</header>", re.DOTALL)
SHORTCODE: Final = "{{<"  # Quarto would include files and variables of the machine for it


def write(notebook: Path, target: Path, filled: Mapping[str, object], fonts: Sequence[str]) -> None:
    """Writes a copy of an executed notebook with front matter from complete metadata (see `metadata.complete`)."""
    found = nbformat.read(notebook, as_version=4)
    first = nbformat.v4.new_raw_cell(front_matter(filled, fonts), id="front-matter")
    cells = found.cells[1:] if found.cells and found.cells[0].cell_type == "raw" else found.cells
    for cell in cells:
        _silence(cell)
    found.cells = [first, *cells]
    nbformat.write(found, target)


def front_matter(filled: Mapping[str, object], fonts: Sequence[str]) -> str:
    """The particulars as YAML, each value on one line: for Typst one literal, for the web page finished pieces.

    Both are raw, so that no text in them is read as markup; `fonts` are folders.
    """
    header, closing, annexed = _pieces(filled)
    settings = {
        "title": escape(str(filled["title"])),
        "lang": filled["lang"],
        "toc-title": say("web_contents", str(filled["lang"])),
        "execute": {"echo": False, "enabled": False},
        "font-paths": list(fonts),
        "report-meta": raw("typst", typst_literal(filled).replace(SHORTCODE, "\\u{7b}{<")),
        "report-header": raw("html", header),
        "report-closing": raw("html", closing),
        "report-annexed": raw("html", annexed),
    }
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in settings.items() if value]
    return "\n".join(["---", *lines, "---"])


def raw(target: str, text: str) -> str:
    """Markdown that prints `text` as it is where the document becomes `target`; nothing for an empty text."""
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{ticks}{text}{ticks}{{={target}}}" if text else ""


def _pieces(filled: Mapping[str, object]) -> tuple[str, str, str]:
    """What stands above the text, below it, and below each annex's heading, as the template of the page writes it."""
    page = _page(filled)
    header, closing = HEADER.search(page), web.CLOSING.search(page)
    assert header is not None
    assert closing is not None
    note = dict(html_variables(filled)).get("annex_note")
    annexed = f'<p class="belonging">{note}</p>' if note else ""
    # A line end would be read as a space, and an empty line as the end of the value.
    above, below, under = (text.strip().replace("\n", "&#10;") for text in (header[0], closing["block"], annexed))
    return above, below, under


def _page(filled: Mapping[str, object]) -> str:
    """The page of a report without any text."""
    command = [
        str(pandoc.program()),
        "--from",
        pandoc.REPORT,
        "--to",
        "html",
        "--standalone",
        "--wrap=none",
        "--sandbox",
    ]
    command += ["--sandbox", "--template", str(web.HERE / "template.html"), "--metadata", f"lang={filled['lang']}"]
    command += [f"--variable={name}:{value}" for name, value in [*html_variables(filled), ("pagetitle", "report")]]
    result = subprocess.run(command, input=b"", capture_output=True, check=False)
    if result.returncode != 0:
        raise RenderError(
            f"Pandoc cannot write the head of the page:\n{result.stderr.decode('utf-8', 'replace').strip()}"
        )
    return result.stdout.decode("utf-8").replace("\r\n", "\n")


def _silence(cell: NotebookNode) -> None:
    """A backslash keeps Quarto from obeying what a name or an alternative text of a workbook may say."""
    silent = SHORTCODE.replace("{<", "\\{<")
    if cell.cell_type != "code":
        cell.source = cell.source.replace(SHORTCODE, silent)
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        if "text/markdown" in data:
            data["text/markdown"] = data["text/markdown"].replace(SHORTCODE, silent)
