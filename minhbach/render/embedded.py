"""The engine that publishes: Pandoc and Typst from their wheels make Markdown, HTML and PDF of one notebook.

The PDF is PDF/A-3a and PDF/UA-1 in one file; the same inputs give the same bytes; nothing is fetched.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pypandoc
import typst

from minhbach.errors import RenderError
from minhbach.render.document import to_markdown
from minhbach.render.metadata import DEFAULT_FONT, complete, fonts_of, html_variables, typst_literal

HERE: Final = Path(__file__).resolve().parent
STANDARDS: Final[list[typst.PDFStandard]] = ["a-3a", "ua-1"]
# Raw HTML, TeX and Typst of the text stay text; only the filter may write any.
READER: Final = (
    "markdown-raw_html-raw_tex-raw_attribute-native_divs-native_spans-markdown_in_html_blocks-latex_macros"
    "-yaml_metadata_block-pandoc_title_block"
)
PROBLEM: Final = re.compile(r"^problem: (?P<needle>.*?)\t(?P<message>.*)$", re.MULTILINE)
FORMULA: Final = re.compile(
    r"^\[WARNING\] (?P<message>Could not convert TeX math (?P<needle>.+?), rendering.*)$", re.MULTILINE
)


@dataclass(frozen=True)
class Place:
    """Where a fact is printed: page from 1, mm from the left edge and from the top edge to its base line."""

    fact_id: str
    page: int
    x: float
    y: float


@dataclass(frozen=True)
class Rendered:
    """The files that were written, where facts and declared text are printed, the font, the warnings.

    `html` is written by `render` only.
    """

    markdown: Path
    typst: Path
    pdf: Path
    html: Path
    places: tuple[Place, ...]
    declared: tuple[Place, ...]
    font: str
    warnings: tuple[str, ...]


def render(
    notebook: Path,
    folder: Path,
    metadata: Mapping[str, object],
    *,
    timestamp: int,
    font_paths: Sequence[Path] = (),
) -> Rendered:
    """Write report.md, report.typ, report.pdf and report.html into `folder`, which holds figures/ already.

    `timestamp` is the second (UNIX) that the PDF names as its making. Raises RenderError for a notebook with
    failed cells, unusable metadata, and whatever Pandoc or Typst refuse, with file and line where known.
    """
    source = folder / "report.md"
    source.write_text(to_markdown(notebook), encoding="utf-8", newline="\n")
    _pandoc(source, "html", complete(metadata), [("style", (HERE / "report.css").read_text(encoding="utf-8"))])
    return render_pdf(source, metadata, timestamp=timestamp, font_paths=font_paths)


def render_pdf(
    source: Path, metadata: Mapping[str, object], *, timestamp: int, font_paths: Sequence[Path] = ()
) -> Rendered:
    """Write the Typst and the PDF of a Markdown file beside it, under its name: for annexes and sheets.

    Raises RenderError as `render` does.
    """
    filled = complete(metadata)
    fonts, filled["font"], missing = _fonts(fonts_of(filled), font_paths)
    _pandoc(source, "typst", filled, [("report-meta", typst_literal(filled))])
    places, warnings = _compile(source.with_suffix(".typ"), fonts, timestamp)
    return Rendered(
        markdown=source,
        typst=source.with_suffix(".typ"),
        pdf=source.with_suffix(".pdf"),
        html=source.with_suffix(".html"),
        places=places["fact"],
        declared=places["declared"],
        font=fonts_of(filled)[0],
        warnings=(*missing, *warnings),
    )


def _pandoc(source: Path, target: str, filled: Mapping[str, object], more: list[tuple[str, str]]) -> None:
    """One call of Pandoc from `source` to the file beside it."""
    ending, template = {"html": (".html", "template.html"), "typst": (".typ", "template.typ")}[target]
    output = source.with_suffix(ending).name
    variables = more + ([*html_variables(filled), ("pagetitle", "report")] if target == "html" else [])
    command = [str(_program()), "--from", READER, "--to", target, "--standalone", "--output", output]
    command += [
        "--data-dir",
        str(HERE),
        "--template",
        str(HERE / template),
        "--lua-filter",
        str(HERE / "facts.lua"),
    ]
    command += ["--wrap=none", "--eol=lf", "--fail-if-warnings", "--syntax-highlighting=none", "--sandbox"]
    command += ["--metadata", f"lang={filled['lang']}"]
    command += ["--mathml"] if target == "html" else []
    command += [f"--variable={name}:{value}" for name, value in variables]
    result = subprocess.run([*command, source.name], cwd=source.parent, capture_output=True, check=False)
    if result.returncode != 0:
        raise RenderError(_pandoc_message(source, result.stderr.decode("utf-8", "replace")))


def _pandoc_message(source: Path, words: str) -> str:
    """The filter's problems, each with its line of the Markdown, or else Pandoc's own words."""
    lines = source.read_text(encoding="utf-8").splitlines()
    told = []
    for found in (*PROBLEM.finditer(words), *FORMULA.finditer(words)):
        number = next((place for place, line in enumerate(lines, 1) if found["needle"] in line), 0)
        place = f"{source.name}, line {number}" if number else source.name
        told.append(f"  {place}: {found['message']}")
    if told:
        return "\n".join([f"The report has {len(told)} mistake(s); correct the cells that write them:", *told])
    return f"Pandoc cannot read {source.name}:\n{words.strip()}"


def _program() -> Path:
    """Pandoc as it ships in the wheel, never another one that happens to be installed."""
    files = Path(pypandoc.__file__).resolve().parent / "files"
    program = next((files / name for name in ("pandoc", "pandoc.exe") if (files / name).is_file()), None)
    if program is None:
        raise RenderError("Pandoc is missing: install the requirements again (the package pypandoc-binary brings it).")
    return program


def _fonts(wanted: list[str], font_paths: Sequence[Path]) -> tuple[typst.Fonts, list[str], list[str]]:
    """The fonts to search, those of `wanted` that exist (the default last), and a warning for each other.

    Fonts of the machine are looked at only when one is asked for that does not ship with us: other machines
    would otherwise give other bytes.
    """
    folders = [str(path) for path in (*font_paths, *_chart_fonts())]
    fonts = typst.Fonts(include_system_fonts=False, font_paths=folders)
    if not set(wanted) <= set(fonts.families()):
        fonts = typst.Fonts(include_system_fonts=True, font_paths=folders)
    families = set(fonts.families())
    chosen = [name for name in wanted if name in families]
    missing = [f"font {name} is not installed" for name in wanted if name not in families]
    return fonts, list(dict.fromkeys([*chosen, DEFAULT_FONT])), missing


def _chart_fonts() -> list[Path]:
    """The folder of matplotlib's own fonts, in which charts are lettered; found without importing it."""
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:
        return []
    return [Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"]


def _compile(source: Path, fonts: typst.Fonts, timestamp: int) -> tuple[dict[str, tuple[Place, ...]], list[str]]:
    """Write the PDF of a Typst file; give the places that the template gathered, by kind of mark, and warnings."""
    folder = source.parent
    try:
        compiler = typst.Compiler(source, root=folder, font_paths=fonts, ignore_system_fonts=True)
        pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=STANDARDS, timestamp=timestamp)
        gathered = json.loads(compiler.query("<places>", field="value", one=True))
    except typst.TypstError as error:
        words = error.diagnostic.strip()
        for here in (os.path.relpath(folder), str(folder.resolve())):
            words = words.replace(f"{here}{os.sep}", "")
        raise RenderError(f"Typst cannot set {source.name}:\n{words}") from error
    assert isinstance(pdf, bytes)
    source.with_suffix(".pdf").write_bytes(pdf)
    return {kind: _places(marks) for kind, marks in gathered.items()}, [
        warning.diagnostic.strip() for warning in warnings
    ]


def _places(marks: list[dict[str, Any]]) -> tuple[Place, ...]:
    """The marks of one kind in the order of the document."""
    return tuple(Place(mark["id"], mark["page"], round(mark["x"], 2), round(mark["y"], 2)) for mark in marks)
