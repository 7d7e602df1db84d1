"""Pandoc as it ships in the wheel, as a reader and writer of document trees; nothing it reads is run or fetched."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pypandoc

from minhbach.errors import RenderError

Node = dict[str, Any]

# What people write: CommonMark, in which every element keeps its line. Extensions that are on but not allowed in a
# commentary are on so that they are found and refused, instead of being printed as stray signs.
WRITTEN: Final = (
    "commonmark+sourcepos+smart+attributes+bracketed_spans+raw_attribute+fenced_divs+footnotes+pipe_tables"
    "+autolink_bare_uris"
)
# What a report is made of. Raw HTML, TeX and Typst of the text stay text; only the filter may write any.
REPORT: Final = (
    "markdown-raw_html-raw_tex-raw_attribute-native_divs-native_spans-markdown_in_html_blocks-latex_macros"
    "-yaml_metadata_block-pandoc_title_block"
)
BETWEEN: Final = "\x1d"


def program() -> Path:
    """Pandoc as it ships in the wheel, never another one that happens to be installed."""
    files = Path(pypandoc.__file__).resolve().parent / "files"
    found = next((files / name for name in ("pandoc", "pandoc.exe") if (files / name).is_file()), None)
    if found is None:
        raise RenderError("Pandoc is missing: install the requirements again (the package pypandoc-binary brings it).")
    return found


def read(text: str) -> tuple[list[Node], list[int]]:
    """The blocks of what a person wrote, with `data-pos` attributes, and the version of Pandoc's tree.

    Raises:
        RecursionError: the text is nested deeper than any person writes.
    """
    tree = json.loads(_run(text, WRITTEN, "json"))
    return tree["blocks"], tree["pandoc-api-version"]


def report(text: str) -> Any:
    """The tree of a report's Markdown, read as the report is."""
    return json.loads(_run(text, REPORT, "json"))


def write(parts: Sequence[Sequence[Node]], version: Sequence[int]) -> list[str]:
    """Each list of blocks as Markdown that a report may take in, all in one call."""
    mark = {"t": "RawBlock", "c": ["markdown", BETWEEN]}
    blocks = [node for part in parts for node in (*part, mark)]
    tree = {"pandoc-api-version": list(version), "meta": {}, "blocks": blocks}
    text = _run(json.dumps(tree, ensure_ascii=False), "json", REPORT)
    return [part.strip("\n") + "\n" for part in text.split(BETWEEN)[: len(parts)]]


def _run(text: str, source: str, target: str) -> str:
    command = [str(program()), "--from", source, "--to", target, "--wrap=none", "--eol=lf", "--sandbox"]
    done = subprocess.run(command, input=text.encode("utf-8"), capture_output=True, check=False)
    if done.returncode != 0:
        raise RenderError(f"Pandoc cannot read this text:\n{done.stderr.decode('utf-8', 'replace').strip()}")
    return done.stdout.decode("utf-8")
