"""The executed notebooks of a draft as pages with an anchor at every cell, and the cell that prints each fact."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat

from minhbach.audit_page import Book, escape, link
from minhbach.errors import RenderError
from minhbach.pandoc import REPORT, program

LABEL = re.compile(r"^#\|\s*label:\s*([A-Za-z][A-Za-z0-9_-]*)\s*$", re.MULTILINE)
CITED = re.compile(r"\{fact=\"([^\"]+)\"\}")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
BETWEEN = "<p>\x1d</p>"
Cell = Mapping[str, Any]


def write(book: Book, folder: Path) -> dict[str, str]:
    """Writes the pages of all notebooks in `folder`; gives for each fact the cell of the report that prints it first.

    The cell is named as `3_report.html#results`.
    """
    notebooks = {path.stem: nbformat.read(path, as_version=4).cells for path in sorted(folder.glob("*.ipynb"))}
    told = [cell for cells in notebooks.values() for cell in cells if cell.cell_type == "markdown"]
    prose = dict(zip(map(id, told), markdown(["".join(cell.source) for cell in told]), strict=True))
    facts: dict[str, str] = {}
    for name, cells in notebooks.items():
        body = [_cell(cell, anchor, prose) for anchor, cell in _anchored(cells)]
        book.write(f"notebooks/{name}.html", name, "\n".join([f"<h1>{escape(name)}</h1>", *body]))
        if name == "3_report":
            facts = _facts(name, cells)
    title = book.say("page_notebooks")
    items = "".join(f"<li>{link(f'notebooks/{name}.html', name)}</li>" for name in notebooks)
    book.write("notebooks.html", title, f"<h1>{escape(title)}</h1>\n<ul>{items}</ul>")
    return facts


def markdown(texts: Sequence[str]) -> list[str]:
    """Texts of Markdown cells as HTML, in one call; HTML in them stays text."""
    if not texts:
        return []
    command = [str(program()), "--from", REPORT, "--to", "html", "--wrap=none", "--eol=lf", "--sandbox", "--mathml"]
    joined = "\n\n\x1d\n\n".join(text.replace("\x1d", "") for text in texts)
    done = subprocess.run(command, input=joined.encode("utf-8"), capture_output=True, check=False)
    if done.returncode != 0:
        raise RenderError(f"Pandoc cannot read the notebooks' texts:\n{done.stderr.decode('utf-8', 'replace').strip()}")
    parts = done.stdout.decode("utf-8").split(BETWEEN)
    return [_lower(part.strip()) for part in parts]


def _lower(text: str) -> str:
    """Headings one step lower, because the page has its own; links and pictures of the text are left out."""
    text = re.sub(r"<(/?)h([1-5])\b", lambda found: f"<{found[1]}h{int(found[2]) + 1}", text)
    return re.sub(r"<(a|img)\b[^>]*>|</a>", "", text)


def _anchored(cells: Sequence[Cell]) -> Iterator[tuple[str, Cell]]:
    """Cells with their anchors: the label, or else the id."""
    for place, cell in enumerate(cells):
        label = LABEL.search("".join(cell["source"]))
        yield (label[1] if label else f"cell-{cell.get('id') or place}"), cell


def _facts(name: str, cells: Sequence[Cell]) -> dict[str, str]:
    found: dict[str, str] = {}
    for anchor, cell in _anchored(cells):
        for output in cell.get("outputs", ()):
            for fact_id in CITED.findall("".join(output.get("data", {}).get("text/markdown", ""))):
                found.setdefault(fact_id, f"{name}.html#{anchor}")
    return found


def _cell(cell: Cell, anchor: str, prose: Mapping[int, str]) -> str:
    if cell["cell_type"] == "markdown":
        body = prose[id(cell)]
    else:
        source = f'<pre tabindex="0"><code>{escape("".join(cell["source"]))}</code></pre>'
        body = "\n".join([source, *map(_output, cell.get("outputs", ()))])
    return f'<div class="cell" id="{escape(anchor)}">\n{body}\n</div>'


def _output(output: Cell) -> str:
    """What a cell said, as the text it is; only text is shown, so that nothing of an output can run."""
    data = output.get("data", {})
    text = output.get("text") or data.get("text/markdown") or data.get("text/plain") or output.get("traceback") or ""
    joined = ("\n" if output.get("output_type") == "error" else "").join(text)
    return f'<pre class="said" tabindex="0">{escape(COLOURS.sub("", joined))}</pre>'
