"""The layers of a version, from what was received to the manifest: each follows from those before it."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

INPUTS: Final = "inputs"
VALIDATED: Final = "validated"
LAYERS: Final = (
    "raw", "previous", "framework", "notebook", "module", "validated", "scores", "levels", "ranks", "results", "facts",
    "figures", "source", "places", "pdf", "workbooks", "web", "data", "executed", "lineage", "manifest", "other",
)  # fmt: skip
RESULTS: Final = {"scores": "scores", "levels": "levels", "ranks": "ranks"}
NAMES: Final = {
    "facts.csv": "facts",
    "places.csv": "places",
    "closed.csv": "places",
    "manifest.json": "manifest",
    "prov.json": "lineage",
    "ro-crate-metadata.json": "lineage",
}
FOLDERS: Final = {
    VALIDATED: "validated",
    "figures": "figures",
    "audit": "web",
    "open-data": "data",
    "notebooks": "executed",
}
ENDINGS: Final = {
    ".md": "source",
    ".typ": "source",
    ".pdf": "pdf",
    ".xlsx": "workbooks",
    ".ods": "workbooks",
    ".html": "web",
}


def layer(name: str, edition: str, frameworks: frozenset[str]) -> str:
    """The layer of a file of a version, by its path there."""
    path = PurePosixPath(name)
    top = path.parts[0] if path.parts else ""
    if top == INPUTS:
        return _of_input(path, edition)
    if top == "workflow":
        return "notebook" if path.suffix == ".ipynb" else "module"
    if top in ("vi", "en") and len(path.parts) > 1:
        return layer(PurePosixPath(*path.parts[1:]).as_posix(), edition, frameworks)
    if top in frameworks and path.suffix == ".csv":
        return RESULTS.get(path.stem, "results")
    if top in FOLDERS and len(path.parts) > 1:
        return FOLDERS[top]
    return NAMES.get(name) or ENDINGS.get(path.suffix, "other")


def _of_input(path: PurePosixPath, edition: str) -> str:
    parts = path.parts[1:]
    if parts[:3] == ("data", "raw", edition):
        return "raw"
    return "framework" if parts[:1] == ("frameworks",) else "previous"
