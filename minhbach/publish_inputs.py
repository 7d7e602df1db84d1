"""What a run read: files of the project by their recorded hashes, and the program's own files."""

from __future__ import annotations

from pathlib import Path

from minhbach import tables
from minhbach.versions import Manifest

PROJECT = Path(__file__).parent.parent


def recorded(content: Manifest) -> dict[str, str]:
    """The files of the project that a run read (received, settings, edition before, frameworks), with their hashes."""
    listed = [each.get("files") for each in content["frameworks"].values() if isinstance(each, dict)]
    frameworks = {
        f"frameworks/{name}": digest for each in listed if isinstance(each, dict) for name, digest in each.items()
    }
    return {str(name): str(digest) for name, digest in sorted({**content["inputs"], **frameworks}.items())}


def program() -> dict[str, dict[str, str]]:
    """The hashes of this program's notebooks and modules, as a manifest has them."""
    modules = (*(PROJECT / "minhbach").rglob("*"), PROJECT / "pipeline.py")
    return {
        "notebooks": _hashes(tuple((PROJECT / "notebooks").glob("*.ipynb"))),
        "modules": _hashes(modules),
    }


def changes(before: dict[str, str], now: dict[str, str]) -> list[tuple[str, str]]:
    """What is not as it was, sorted by name: missing, extra or changed."""
    found = [(name, "missing") for name in before.keys() - now.keys()]
    found += [(name, "extra") for name in now.keys() - before.keys()]
    found += [(name, "changed") for name in before.keys() & now.keys() if before[name] != now[name]]
    return sorted(found)


def present(root: Path, names: dict[str, str]) -> dict[str, str]:
    """The hashes that these files of a folder have now; those that are not there are left out."""
    return {name: tables.sha256(root / name) for name in names if (root / name).is_file()}


def _hashes(files: tuple[Path, ...]) -> dict[str, str]:
    kept = (file for file in files if file.is_file() and "__pycache__" not in file.parts)
    return {file.relative_to(PROJECT).as_posix(): tables.sha256(file) for file in sorted(kept)}
