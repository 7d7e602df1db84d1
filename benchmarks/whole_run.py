"""Whole runs against their floor: the same notebooks reduced to their imports (with forms: reading, rendering)."""

from __future__ import annotations

import ast
import os
import shutil
import sys
from pathlib import Path

import nbformat
from measuring import project
from measuring.clock import against, in_turns, show, target

from minhbach import editions, notebooks, publication, responses
from minhbach.editions import Setup
from minhbach.paths import Edition
from minhbach.stages_run import OUTPUT_VARIABLE

NAMES = ("1_validate", "2_score", "3_report")
ROUNDS = {"2019-bo": 5, "2022-gia-lai": 3}
MOST = 1.6


def imports(edition: str) -> None:
    """Executes the reduced notebooks as a run executes the whole ones."""
    setup = editions.load(Edition(edition))
    environment = {OUTPUT_VARIABLE: "out", "PYTHONPATH": str(Path.cwd())}
    for name in NAMES:
        for framework in [""] if name == "3_report" else [each.id for each in setup.frameworks]:
            parameters = {"edition": edition, "language": "vi"} | ({"framework": framework} if framework else {})
            file = f"{name}.ipynb"
            notebooks.execute(Path("reduced", file), Path("executed", file), parameters, environment)


def reading_and_rendering(edition: str) -> None:
    """Reads all returned forms, and renders the report of the draft that is there."""
    setup = editions.load(Edition(edition))
    for framework in setup.frameworks:
        _read(setup, framework.id)
    draft = Path("rendered")
    shutil.copytree(setup.edition.draft, draft, dirs_exist_ok=True)
    publication.embedded(setup, "vi", draft)


def _read(setup: Setup, framework_id: str) -> None:
    framework, folder = setup.framework(framework_id), setup.assessed(framework_id).responses
    if folder:
        responses.read_all(setup.edition.raw, folder, framework, setup.units, setup.edition.name, "vi")


def reduce(copy: Path) -> None:
    """Writes the notebooks with nothing but their parameters and import lines."""
    (copy / "reduced").mkdir()
    for name in NAMES:
        notebook = nbformat.read(copy / "notebooks" / f"{name}.ipynb", as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", ()):
                cell.source = import_lines(cell.source)
        nbformat.write(notebook, copy / "reduced" / f"{name}.ipynb")


def import_lines(source: str) -> str:
    """The import statements of a cell, also those inside functions."""
    nodes = [each for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Import | ast.ImportFrom)]
    return "\n".join(map(ast.unparse, nodes))


def measure(copy: Path, edition: str) -> None:
    """A run and its floor in turns, each a fresh process."""
    project.python(copy, "pipeline.py", "run", edition)
    tasks = {
        "imports of the notebooks": lambda: project.python(copy, __file__, "imports", edition),
        "whole run": lambda: project.python(copy, "pipeline.py", "run", edition),
    }
    if any(each.responses for each in editions.load(Edition(edition, copy)).assessment.frameworks):
        tasks["reading and rendering"] = lambda: project.python(copy, __file__, "reading_and_rendering", edition)
    times = in_turns(tasks, ROUNDS[edition])
    show(f"Whole run of {edition}", ("", "median", "× imports"), against(times, "imports of the notebooks"))
    floor = times["imports of the notebooks"] + times.get("reading and rendering", 0.0)
    target(f"{edition}: whole run / floor", times["whole run"] / floor, MOST)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        {"imports": imports, "reading_and_rendering": reading_and_rendering}[sys.argv[1]](sys.argv[2])
    else:
        with project.copied() as copy:
            os.environ["PYTHONPATH"] = str(copy)
            reduce(copy)
            for edition in ROUNDS:
                measure(copy, edition)
