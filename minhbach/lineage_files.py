"""The files of a run as lineage names them: by their path inside the draft, or outside it by what they contain."""

from __future__ import annotations

import base64
import hashlib
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

from minhbach.editions import Setup
from minhbach.paths import Edition, framework_file

CRATE, PROV, MANIFEST = "ro-crate-metadata.json", "prov.json", "manifest.json"
WORKFLOW = "workflow"
# One table for all computers: that of the standard library depends on what is installed.
MEDIA_TYPES: Mapping[str, str] = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/markdown",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".py": "text/x-python",
    ".svg": "image/svg+xml",
    ".typ": "text/plain",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".yaml": "application/yaml",
}


@dataclass(frozen=True, order=True)
class Item:
    """A file of a run; `inside` is its path inside the draft and `path` that inside the project."""

    path: str
    inside: str
    sha256: str
    size: int

    @property
    def name(self) -> str:
        """How people find it: from the draft's folder, or else from the project's."""
        return self.inside or self.path

    @property
    def id(self) -> str:
        """Its identifier in the crate: a relative path, or the name of its content (RFC 6920)."""
        if self.inside:
            return identifier(self.inside)
        digest = base64.urlsafe_b64encode(bytes.fromhex(self.sha256)).decode("ascii")
        return f"ni:///sha-256;{digest.rstrip('=')}"

    @property
    def media_type(self) -> str:
        """Its media type, by its ending."""
        return MEDIA_TYPES.get(Path(self.path).suffix.lower(), "application/octet-stream")


@dataclass(frozen=True)
class Files:
    """What went into a run, by kind, and what came out of it."""

    groups: Mapping[str, tuple[Item, ...]]
    outputs: tuple[Item, ...]
    workflow: tuple[Item, ...]

    @property
    def inputs(self) -> tuple[Item, ...]:
        """Everything that went in, each file once."""
        return tuple(sorted({item for items in self.groups.values() for item in items}))


@cache
def identifier(path: str) -> str:
    """A path as part of an identifier: letters as they are, everything else that could be misread as %XX.

    Letters below À (the ordinals of Latin-1) are no letters of a name in PROV.
    """
    return "".join(
        each
        if each in "/-_.~" or (each.isascii() and each.isalnum()) or (each.isalpha() and each >= "À")
        else quote(each)
        for each in path
    )


def copy_workflow(project: Path, output: Edition) -> None:
    """Puts pipeline.py and the notebooks as they were before execution into the draft: the workflow that was run."""
    for file in (project / "pipeline.py", *sorted((project / "notebooks").glob("*.ipynb"))):
        place = output.draft / WORKFLOW / file.relative_to(project)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place)


def gather(setup: Setup, output: Edition, more_inputs: Iterable[Path]) -> Files:
    """Reads and hashes every file that went into a run or came out of it, as far as the draft is made."""
    root, edition = setup.edition.root, setup.edition
    received = _items(edition.received(), root)
    names = {name for each in setup.frameworks for name in each.files}
    settings = {file.relative_to(root).as_posix() for file in (edition.assessment_file, edition.units_file)}
    made = _items((*output.draft.rglob("*"), *output.validated.rglob("*")), output.root, output.draft)
    own = {CRATE, PROV, MANIFEST}
    groups = {
        "received": received,
        "settings": tuple(item for item in received if item.path in settings),
        "commentary": tuple(item for item in received if Path(item.path).name.startswith("commentary.")),
        "frameworks": _items((framework_file(Path(name).stem, root) for name in names), root),
        "previous": _items(more_inputs, root),
    }
    workflow = tuple(item for item in made if item.inside.startswith(f"{WORKFLOW}/"))
    return Files(groups, tuple(item for item in made if item not in workflow and item.inside not in own), workflow)


def item(file: Path, root: Path, draft: Path | None = None) -> Item:
    """A file with its hash and size."""
    content = file.read_bytes()
    inside = file.relative_to(draft).as_posix() if draft and file.is_relative_to(draft) else ""
    return Item(file.relative_to(root).as_posix(), inside, hashlib.sha256(content).hexdigest(), len(content))


def _items(files: Iterable[Path], root: Path, draft: Path | None = None) -> tuple[Item, ...]:
    return tuple(item(file, root, draft) for file in sorted(set(files)) if file.is_file())
