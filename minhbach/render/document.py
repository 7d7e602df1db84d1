"""An executed notebook becomes one Markdown text, by Quarto's conventions; nothing is run here.

A raw cell (front matter) is dropped, a Markdown cell stands as it is, and of a code cell only its
`text/markdown` outputs are taken, plus plain text where the cell says `#| output: asis`. What a cell prints
otherwise is for the reader of the notebook.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from minhbach.errors import RenderError

OPTION = re.compile(r"#\|\s*([A-Za-z][\w-]*)\s*:\s*(.*?)\s*$")


@dataclass(frozen=True)
class Piece:
    """Markdown of one cell, which is named by its label or else its number; `typed` where a person wrote it."""

    cell: str
    text: str
    typed: bool


def to_markdown(notebook: Path) -> str:
    """The report's Markdown: the pieces of all cells in order, a blank line between them, LF at the end.

    Raises RenderError when the notebook cannot be read or a cell ended with an error, naming all such cells.
    """
    return joined(piece.text for piece in pieces(notebook))


def joined(texts: Iterable[str]) -> str:
    """Pieces as one text: a blank line between them, LF at the end."""
    return "\n\n".join(texts) + "\n"


def pieces(notebook: Path) -> list[Piece]:
    """What each cell adds to the report, in order; RenderError as `to_markdown`."""
    cells = _read(notebook).cells
    failures = [text for number, cell in enumerate(cells, 1) for text in _failures(cell, number)]
    if failures:
        lines = "\n".join(f"  {notebook.name}, {failure}" for failure in failures)
        raise RenderError(f"{len(failures)} cell(s) failed; a report is made from a clean run only:\n{lines}")
    found = []
    for number, cell in enumerate(cells, 1):
        typed = cell.cell_type == "markdown"
        label = "" if typed else _options(cell.source).get("label", "")
        texts = (text.replace("\r\n", "\n").strip("\n") for text in _pieces(cell))
        found += [Piece(label or str(number), text, typed=typed) for text in texts if text.strip()]
    return found


def _read(notebook: Path) -> NotebookNode:
    """The notebook in today's format, or a RenderError that says why not."""
    try:
        found: NotebookNode = nbformat.read(notebook, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError, nbformat.reader.NotJSONError) as error:
        raise RenderError(f"{notebook.name}: cannot be read as a notebook: {error}") from error
    return found


def _failures(cell: NotebookNode, number: int) -> Iterator[str]:
    """One line for each error output: cell number, label, exception."""
    label = _options(cell.source).get("label", "no label") if cell.cell_type == "code" else ""
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            yield f"cell {number} ({label}): {output.ename}: {output.evalue}"


def _pieces(cell: NotebookNode) -> Iterator[str]:
    """The Markdown that one cell adds to the report."""
    if cell.cell_type == "markdown":
        yield cell.source
    if cell.cell_type != "code":
        return
    options = _options(cell.source)
    if options.get("include") == "false":
        return
    if options.get("echo") == "true":
        yield _listing(cell.source)
    if options.get("output") != "false":
        yield from _outputs(cell, as_it_is=options.get("output") == "asis")


def _outputs(cell: NotebookNode, *, as_it_is: bool) -> Iterator[str]:
    """Markdown outputs; plain ones too when the cell asked for it."""
    for output in cell.outputs:
        data = output.get("data", {})
        if "text/markdown" in data:
            yield data["text/markdown"]
        elif as_it_is and output.output_type == "stream" and output.name == "stdout":
            yield output.text
        elif as_it_is and "text/plain" in data:
            yield data["text/plain"]


def _options(source: str) -> dict[str, str]:
    """The `#| name: value` lines at the top of a code cell; true and false are written small."""
    options: dict[str, str] = {}
    for line in source.splitlines():
        found = OPTION.match(line.strip())
        if found is None:
            break
        value = found[2].strip("'\"")
        options[found[1]] = value.lower() if value.lower() in ("true", "false") else value
    return options


def _listing(source: str) -> str:
    """The code of a cell without its options, fenced so that nothing inside can close the fence."""
    lines = source.splitlines()
    while lines and OPTION.match(lines[0].strip()):
        del lines[0]
    code = "\n".join(lines).strip("\n")
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", code)), default=0))
    return f"{fence}python\n{code}\n{fence}"
