"""manifest.json: what went into a draft, what came out, and with which tools; relative paths, no clock."""

from __future__ import annotations

import json
import platform
from collections.abc import Collection, Iterable, Mapping, Sequence
from importlib import metadata
from pathlib import Path

from minhbach import __version__, framework_hash, tables
from minhbach.editions import Setup
from minhbach.framework import Framework
from minhbach.paths import Edition

FORMAT = 1
PACKAGES = (
    "duckdb", "great-expectations", "ipykernel", "matplotlib", "nbclient", "nbformat", "numpy", "odfdo", "openpyxl",
    "pandas", "papermill", "pikepdf", "pydantic", "pypandoc-binary", "python-calamine", "pyyaml", "typst",
    "XlsxWriter", "holidays",
)  # fmt: skip


def write(
    setup: Setup,
    output: Edition,
    command: str,
    languages: Sequence[str],
    more_inputs: Sequence[Path],
    closed: Mapping[str, bool | int],
) -> None:
    """Writes the manifest of a staged draft; `more_inputs` are files of the edition before that were read.

    `closed` says whether every number was shown to have an address, and how many have which.
    """
    whole = content(setup, output, command, languages, more_inputs, closed)
    (output.draft / "manifest.json").write_bytes(written(whole))


def content(
    setup: Setup,
    output: Edition,
    command: str,
    languages: Sequence[str],
    more_inputs: Sequence[Path],
    closed: Mapping[str, bool | int],
    not_yet: Collection[Path] = (),
) -> dict[str, object]:
    """What `write` writes; outputs `not_yet` done are left out, as in the manifest that a report carries inside."""
    project = Path(__file__).parent.parent
    root = setup.edition.root
    made = (file for file in (*output.draft.rglob("*"), *output.validated.rglob("*")) if file not in not_yet)
    return {
        "format": FORMAT,
        "edition": setup.edition.name,
        "command": command,
        "languages": list(languages),
        "numbers": dict(closed),
        "inputs": _hashes(root, (*setup.edition.received(), *more_inputs)),
        "frameworks": {each.id: _framework(each) for each in setup.frameworks},
        "notebooks": _hashes(project, (project / "notebooks").glob("*.ipynb")),
        "modules": _hashes(project, (*(project / "minhbach").rglob("*"), project / "pipeline.py")),
        "outputs": _hashes(output.root, made),
        "recalculation": {"done": False},
        "versions": versions(),
    }


def written(content: Mapping[str, object]) -> bytes:
    """The bytes of a manifest."""
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def _framework(framework: Framework) -> dict[str, object]:
    """Revision, files and the hashes by which a later edition tells what can be compared."""
    hashes = framework_hash.hashes(framework)
    return {"revision": framework.spec.revision, "files": dict(framework.files), "hashes": hashes}


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
