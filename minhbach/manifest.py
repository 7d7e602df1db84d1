"""manifest.json: what went into a draft, what came out, and with which tools; relative paths, no clock."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from minhbach import __version__, tables
from minhbach.editions import Setup
from minhbach.paths import Edition

FORMAT = 1
PACKAGES = (
    "duckdb", "great-expectations", "ipykernel", "matplotlib", "nbclient", "nbformat", "numpy", "openpyxl", "pandas",
    "papermill", "pydantic", "pypandoc-binary", "python-calamine", "ruamel.yaml", "typst", "XlsxWriter", "holidays",
)  # fmt: skip


def write(setup: Setup, output: Edition, command: str) -> None:
    """Writes the manifest of a staged draft."""
    project = Path(__file__).parent.parent
    root = setup.edition.root
    content = {
        "format": FORMAT,
        "edition": setup.edition.name,
        "command": command,
        "inputs": _hashes(root, setup.edition.received()),
        "frameworks": {
            each.id: {"revision": each.spec.revision, "files": dict(each.files)} for each in setup.frameworks
        },
        "notebooks": _hashes(project, (project / "notebooks").glob("*.ipynb")),
        "modules": _hashes(project, (*(project / "minhbach").rglob("*"), project / "pipeline.py")),
        "outputs": _hashes(output.root, (*output.draft.rglob("*"), *output.validated.rglob("*"))),
        "recalculation": {"done": False},
        "versions": versions(),
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    (output.draft / "manifest.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def versions() -> dict[str, str]:
    """Versions of Python, the platform, packages, and the programs and fonts that come inside them."""
    import pypandoc

    known = {name: _version(name) for name in PACKAGES}
    return known | {
        "minhbach": __version__,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "pandoc": str(pypandoc.get_pandoc_version()),
        "fonts": f"Libertinus Serif in typst {known['typst']}; DejaVu Sans in matplotlib {known['matplotlib']}",
    }


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "absent"


def _hashes(root: Path, files: Iterable[Path]) -> dict[str, str]:
    kept = (file for file in files if file.is_file() and "__pycache__" not in file.parts)
    return {file.relative_to(root).as_posix(): tables.sha256(file) for file in sorted(kept)}
