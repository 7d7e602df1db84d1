"""A whole run of 2019-bo against the floor: the same notebooks reduced to their imports.

Two floors: the import lines of the cells alone, and everything that the notebooks have loaded by their end, since
Great Expectations, matplotlib and DuckDB are imported inside the functions that need them.
"""

from __future__ import annotations

import ast
import json
import os
import sys
from pathlib import Path

import nbformat
from measuring import project
from measuring.clock import against, in_turns, show, target

from minhbach import notebooks
from minhbach.paths import Edition
from minhbach.stages import OUTPUT_VARIABLE

EDITION, FRAMEWORK, LANGUAGE = "2019-bo", "ict-index-2019-bo", "vi"
NAMES = ("1_validate", "2_score", "3_report")
ROUNDS = 5
LOADED = "import pathlib, sys\npathlib.Path({path!r}).write_text(chr(10).join(sys.modules))"
LOAD = """import contextlib, importlib
for name in {names!r}:
    with contextlib.suppress(ImportError):
        importlib.import_module(name)"""


def execute(folder: str) -> None:
    """Executes the three notebooks of `folder` as a run does."""
    environment = {OUTPUT_VARIABLE: "out", "PYTHONPATH": str(Path.cwd())}
    for name in NAMES:
        parameters = {"edition": EDITION, "language": LANGUAGE}
        parameters |= {} if name == "3_report" else {"framework": FRAMEWORK}
        notebooks.execute(Path(folder, f"{name}.ipynb"), Path("executed", f"{name}.ipynb"), parameters, environment)


def prepare(copy: Path) -> None:
    """Writes the reduced notebooks: `written` has import lines only, `loaded` all that the full ones load."""
    for name in NAMES:
        _write(copy, name, "noting", add=LOADED.format(path=f"{name}.modules"))
        _write(copy, name, "written", imports_only=True)
    output = Edition(EDITION, copy / "out")
    for folder in (output.draft, output.validated):
        folder.mkdir(parents=True)
    project.python(copy, __file__, "noting")
    for name in NAMES:
        modules = (copy / f"{name}.modules").read_text(encoding="utf-8").split("\n")
        _write(copy, name, "loaded", imports_only=True, add=LOAD.format(names=modules))


def _write(copy: Path, name: str, folder: str, *, imports_only: bool = False, add: str = "") -> None:
    notebook = nbformat.read(copy / "notebooks" / f"{name}.ipynb", as_version=4)
    for cell in notebook.cells:
        if imports_only and cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", ()):
            cell.source = _imports(cell.source)
    if add:
        notebook.cells.append(nbformat.v4.new_code_cell(add))
    (copy / folder).mkdir(exist_ok=True)
    nbformat.write(notebook, copy / folder / f"{name}.ipynb")


def _imports(source: str) -> str:
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom))
    return "\n".join(map(ast.unparse, nodes))


def main() -> None:
    """Measures and prints."""
    with project.copied() as copy:
        os.environ["PYTHONPATH"] = str(copy)
        prepare(copy)
        times = in_turns(
            {
                "floor, import lines": lambda: project.python(copy, __file__, "written"),
                "floor, all that is loaded": lambda: project.python(copy, __file__, "loaded"),
                "whole run": lambda: project.python(copy, "pipeline.py", "run", EDITION),
            },
            ROUNDS,
        )
        log = (copy / "reports" / EDITION / "run.log").read_text(encoding="utf-8").splitlines()
    rows = [[*row, f"{times['whole run'] / times[row[0]]:.2f}"] for row in against(times, "floor, all that is loaded")]
    show(f"Whole run of {EDITION}, fresh processes", ("", "median", "× floor", "run is"), rows)
    print("  stages of the last run: " + json.dumps(log)[1:-1].replace('"', ""))
    target("whole run / floor (all that is loaded)", times["whole run"] / times["floor, all that is loaded"], 1.6)
    print(f"       whole run / import lines alone: {times['whole run'] / times['floor, import lines']:.2f}")


if __name__ == "__main__":
    execute(sys.argv[1]) if len(sys.argv) > 1 else main()
