"""The second engine: Quarto makes PDF and HTML of the same executed notebook, with the same template and filter.

It runs in a folder of its own. As Quarto may fail and say that all is well, only the files that it wrote count: they
are read back and compared with what the embedded engine makes of the notebook.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from minhbach.errors import RenderError
from minhbach.render import embedded, quarto_check, quarto_notebook
from minhbach.render.embedded import Rendered
from minhbach.render.fonts import chart_fonts, find_fonts
from minhbach.render.metadata import complete, fonts_of
from minhbach.render.places import Place, places_of
from minhbach.render.quarto_program import Program
from minhbach.wording import say

HERE: Final = Path(__file__).resolve().parent
EXTENSION: Final = HERE.parent.parent / "_extensions" / "minhbach"
# Files of this folder, of which the extension in the repository has copies for those who call Quarto by hand.
SHARED: Final = ("facts.lua", "quarto.lua", "report.css", "tables.lua", "template.typ", "typst-template.typ")
NOTEBOOK: Final = "report.ipynb"
# A notebook that has been executed is rendered as it is; nothing of it runs again.
RENDER: Final = ("render", NOTEBOOK, "--no-execute", "--to")
FORMATS: Final = {"minhbach-typst": "report.pdf", "minhbach-html": "report.html"}
QUERY: Final = ("typst", "query", "report.typ", "<places>", "--field", "value", "--one", "--root", ".")
OLDER_FONT: Final = "Linux Libertine"  # what ships with Typst 0.11 in place of Libertinus Serif
TITLED: Final = (0, 14)  # the first Typst with alternative text of formulas and a title for readers of screens
TYPST: Final = re.compile(r"typst (\d+)\.(\d+)")


@dataclass(frozen=True)
class Work:
    """One rendering: the program, the folder it works in, and what its environment has more."""

    program: Program
    folder: Path
    variables: dict[str, str]

    def call(self, *arguments: str) -> tuple[bool, str, str]:
        """Whether Quarto says that all is well, what it wrote to stdout, and its words without the folder's name."""
        done = self.program.call(arguments, self.folder, self.variables)
        words = f"{done.stderr.strip()}\n{done.stdout.strip()}".strip()
        for name in (str(self.folder.resolve()), str(self.folder)):
            words = words.replace(name, ".")
        return done.returncode == 0, done.stdout, words


def render(
    notebook: Path, folder: Path, metadata: Mapping[str, object], program: Program, *, timestamp: int
) -> Rendered:
    """Write report.md, report.typ, report.pdf and report.html into `folder`, which holds figures/ already.

    `timestamp` is the second (UNIX) that the PDF names as its making. What this engine cannot do stands in the
    warnings. Raises RenderError with Quarto's own words where a file is missing or broken, and where the result
    says anything else than the embedded engine's.
    """
    with tempfile.TemporaryDirectory(prefix="minhbach-") as name:
        work = _prepared(Path(name) / "quarto", notebook, folder, complete(metadata), program, timestamp)
        for target, file in FORMATS.items():
            _make(work, target, file)
        expected = _embedded(Path(name) / "embedded", notebook, folder, metadata, timestamp)
        made = _checked(work, expected, str(metadata["lang"]))
        for file in ("report.typ", "report.pdf", "report.html"):
            shutil.copyfile(work.folder / file, folder / file)
        shutil.copyfile(expected.markdown, folder / "report.md")
    return replace(
        made,
        markdown=folder / "report.md",
        typst=folder / "report.typ",
        pdf=folder / "report.pdf",
        html=folder / "report.html",
    )


def _prepared(
    folder: Path, notebook: Path, source: Path, filled: dict[str, object], program: Program, timestamp: int
) -> Work:
    """The folder with all that Quarto reads: notebook, figures, extension."""
    extension = folder / "_extensions" / EXTENSION.name
    shutil.copytree(EXTENSION, extension)
    for name in SHARED:
        shutil.copyfile(HERE / name, extension / name)
    _figures(source, folder)
    _, chosen, _ = find_fonts(fonts_of(filled), [])
    fonts = [str(path) for path in chart_fonts()]
    quarto_notebook.write(notebook, folder / NOTEBOOK, filled | {"font": [*chosen, OLDER_FONT]}, fonts)
    variables = {"SOURCE_DATE_EPOCH": str(timestamp)} | ({"TYPST_FONT_PATHS": fonts[0]} if fonts else {})
    return Work(program, folder, variables)


def _figures(source: Path, folder: Path) -> None:
    if (source / "figures").is_dir():
        shutil.copytree(source / "figures", folder / "figures")


def _make(work: Work, target: str, file: str) -> None:
    """One call of Quarto; RenderError with its words unless the file is there and begins as such a file does."""
    well, _, words = work.call(*RENDER, target)
    made = work.folder / file
    content = made.read_bytes() if made.is_file() else b""
    whole = content.startswith(b"%PDF-") if made.suffix == ".pdf" else b"</html>" in content
    if not well or not whole:
        problems = [f"  {found['message']}" for found in embedded.PROBLEM.finditer(words)]
        raise RenderError("\n".join([f"Quarto {work.program.version} has not made {file}:", *(problems or [words])]))


def _embedded(folder: Path, notebook: Path, source: Path, metadata: Mapping[str, object], timestamp: int) -> Rendered:
    folder.mkdir()
    _figures(source, folder)
    return embedded.render(notebook, folder, metadata, timestamp=timestamp)


def _checked(work: Work, expected: Rendered, language: str) -> Rendered:
    """What was made, with its places, as far as this Quarto's Typst can tell them."""
    warnings = list(expected.warnings)
    found = quarto_check.page(work.folder / "report.html", expected.html)
    quarto_check.text(work.folder / "report.pdf", found.facts)
    places = _places(work)
    if places:
        quarto_check.order("report.pdf", places["fact"], expected.places)
    else:
        warnings.append(say("quarto_without_places", language, version=work.program.version))
    return replace(
        expected,
        places=places.get("fact", ()),
        declared=places.get("declared", ()),
        numbering=places.get("numbering", ()),
        drawings=places.get("drawing", ()),
        signatures=places.get("signature", ()),
        warnings=(*warnings, _lacking(work, language)),
    )


def _places(work: Work) -> dict[str, tuple[Place, ...]]:
    """The places that the template gathered, read with the Typst that set the PDF; empty where it cannot tell."""
    fonts = work.variables.get("TYPST_FONT_PATHS")
    well, said, _ = work.call(*QUERY, *(["--font-path", fonts] if fonts else []))
    try:
        gathered = json.loads(said) if well else {}
    except ValueError:
        return {}
    ends = gathered.pop("ends", {})
    return {kind: places_of(marks, ends[kind]) for kind, marks in gathered.items()}


def _lacking(work: Work, language: str) -> str:
    """What a report of this engine does not have, in one sentence."""
    _, said, _ = work.call("typst", "--version")
    found = TYPST.search(said)
    version = (int(found[1]), int(found[2])) if found else (0, 0)
    more = "" if version >= TITLED else say("quarto_lacks_words", language)
    return say("quarto_lacks", language, version=work.program.version, more=more)
