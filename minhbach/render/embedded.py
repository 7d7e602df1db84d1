"""The engine that publishes: Pandoc and Typst from their wheels make Markdown, HTML and PDF of one notebook.

The PDF is PDF/A-3a and PDF/UA-1 in one file; the same inputs give the same bytes; nothing is fetched.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from minhbach import pandoc
from minhbach.errors import RenderError
from minhbach.render import web
from minhbach.render.document import to_markdown
from minhbach.render.fonts import Search, find_fonts
from minhbach.render.metadata import complete, fonts_of, html_variables, typst_literal
from minhbach.render.places import Place as Place
from minhbach.render.places import places_of as places_of

if TYPE_CHECKING:  # takes long, and works in a process of its own
    from typst import PDFStandard

HERE: Final = Path(__file__).resolve().parent
STANDARDS: Final[list[PDFStandard]] = ["a-3a", "ua-1"]
PROBLEM: Final = re.compile(r"^problem: (?P<needle>.*?)\t(?P<message>.*)$", re.MULTILINE)
FORMULA: Final = re.compile(
    r"^\[WARNING\] (?P<message>Could not convert TeX math (?P<needle>.+?), rendering.*)$", re.MULTILINE
)


@dataclass(frozen=True)
class Rendered:
    """The files that were written, the places of facts, declared text, numbering and pictures, the font, the warnings.

    `numbering` is what nobody wrote: numbers of headings, tables, figures, annexes (and references to them), list
    items, footnotes and pages. `html` is written by `render` only.
    """

    markdown: Path
    typst: Path
    pdf: Path
    html: Path
    places: tuple[Place, ...]
    declared: tuple[Place, ...]
    numbering: tuple[Place, ...]
    drawings: tuple[Place, ...]
    signatures: tuple[Place, ...]
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
    render_html(source, metadata)
    return render_pdf(source, metadata, timestamp=timestamp, font_paths=font_paths)


def render_html(source: Path, metadata: Mapping[str, object]) -> Path:
    """Write the web page of a Markdown file beside it, under its name, with the charts of its folder in it.

    Raises RenderError as `render` does.
    """
    filled = complete(metadata)
    language, page = str(filled["lang"]), source.with_suffix(".html")
    _pandoc(source, "html", filled, [*html_variables(filled), *web.variables(language)])
    web.finish(page, language)
    return page


def render_pdf(
    source: Path, metadata: Mapping[str, object], *, timestamp: int, font_paths: Sequence[Path] = ()
) -> Rendered:
    """Write the Typst and the PDF of a Markdown file beside it, under its name: for annexes and sheets.

    Raises RenderError as `render` does.
    """
    filled = complete(metadata)
    search, filled["font"], missing = find_fonts(fonts_of(filled), font_paths)
    _pandoc(source, "typst", filled, [("report-meta", typst_literal(filled))])
    places, warnings = _compile(source.with_suffix(".typ"), search, timestamp)
    return Rendered(
        markdown=source,
        typst=source.with_suffix(".typ"),
        pdf=source.with_suffix(".pdf"),
        html=source.with_suffix(".html"),
        places=places["fact"],
        declared=places["declared"],
        numbering=places["numbering"],
        drawings=places["drawing"],
        signatures=places["signature"],
        font=fonts_of(filled)[0],
        warnings=(*missing, *warnings),
    )


def _pandoc(source: Path, target: str, filled: Mapping[str, object], more: list[tuple[str, str]]) -> None:
    """One call of Pandoc from `source` to the file beside it."""
    ending, template = {"html": (".html", "template.html"), "typst": (".typ", "template.typ")}[target]
    output = source.with_suffix(ending).name
    command = [str(pandoc.program()), "--from", pandoc.REPORT, "--to", target, "--standalone", "--output", output]
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
    command += web.OPTIONS if target == "html" else []
    command += [f"--variable={name}:{value}" for name, value in more]
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


def _compile(source: Path, search: Search, timestamp: int) -> tuple[dict[str, tuple[Place, ...]], list[str]]:
    """Write the PDF of a Typst file; give the places that the template gathered, by kind of mark, and warnings."""
    asked = {"source": str(source), "standards": STANDARDS, "timestamp": timestamp} | asdict(search)
    command = [sys.executable, "-I", str(HERE / "setting.py")]
    told = subprocess.run(command, input=json.dumps(asked), capture_output=True, encoding="utf-8", check=False)
    if told.returncode != 0:  # a crash of Typst itself, or no memory
        words = (told.stderr.strip().splitlines() or [f"exit code {told.returncode}"])[-1]
        raise RenderError(f"Typst stopped while it set {source.name}: {words}")
    made = json.loads(told.stdout)
    if "problem" in made:
        words = made["problem"].strip()
        for here in (os.path.relpath(source.parent), str(source.parent.resolve())):
            words = words.replace(f"{here}{os.sep}", "")
        raise RenderError(f"Typst cannot set {source.name}:\n{words}")
    ends = made["places"].pop("ends")
    places = {kind: places_of(marks, ends[kind]) for kind, marks in made["places"].items()}
    return places, [warning.strip() for warning in made["warnings"]]
