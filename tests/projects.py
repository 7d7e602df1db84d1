"""Projects in a folder of their own: a copy of the code with some editions, in which whole commands run."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from filelock import FileLock

from minhbach.paths import Edition

REPOSITORY = Path(__file__).resolve().parent.parent
CODE = ("minhbach", "notebooks", "frameworks", "_extensions")
LIMIT = 600  # seconds; a command that hangs must not hang the tests


@dataclass(frozen=True)
class Project:
    """A copy of the project, independent of the checkout."""

    folder: Path

    def edition(self, name: str) -> Edition:
        """The folders of an edition of this project."""
        return Edition(name, self.folder)

    def command(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Runs `python pipeline.py …` in this project's folder, with further environment variables."""
        return subprocess.run(
            [sys.executable, "pipeline.py", *arguments],
            cwd=self.folder,
            env=surroundings(environment),
            capture_output=True,
            encoding="utf-8",
            timeout=LIMIT,
            check=False,
        )


@dataclass(frozen=True)
class Ran:
    """A project in which an edition was run, and how that went."""

    project: Project
    edition: Edition
    outcome: "subprocess.CompletedProcess[str]"

    @property
    def draft(self) -> Path:
        """The draft that the run made."""
        return self.edition.draft

    def text(self, name: str) -> str:
        """A text file of the draft."""
        return (self.draft / name).read_text(encoding="utf-8")


def surroundings(more: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without what would change Python's imports, with more variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MINHBACH"))}
    return kept | dict(more)


def project(folder: Path, *editions: str, source: Path = REPOSITORY) -> Project:
    """A copy of the code and the frameworks in `folder`, with the raw data of some editions."""
    for name in CODE:
        shutil.copytree(source / name, folder / name)
    shutil.copy2(source / "pipeline.py", folder)
    for name in editions:
        shutil.copytree(source / "data" / "raw" / name, folder / "data" / "raw" / name)
    return Project(folder)


def shipped(factory: pytest.TempPathFactory, name: str, *options: str) -> Ran:
    """A shipped edition after one run in a project of its own; runs once for all tests, which must not change it.

    The processes among which the tests are divided share the run: the first to ask makes it, the others wait.
    """
    shared = factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else factory.getbasetemp()
    folder = shared / "-".join(("shipped", name, *options)).replace(",", "-")
    said = folder.with_suffix(".json")
    with FileLock(folder.with_suffix(".lock")):
        if not said.is_file():
            made = project(folder, name)
            outcome = made.command("run", name, *options)
            said.write_text(json.dumps([outcome.args, outcome.returncode, outcome.stdout, outcome.stderr]), "utf-8")
    made = Project(folder)
    outcome = subprocess.CompletedProcess(*json.loads(said.read_text("utf-8")))
    return Ran(made, made.edition(name), outcome)


def bytes_of(folder: Path) -> dict[str, bytes]:
    """The content of every file below a folder, by relative path."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(files)}


def pdf_text(file: Path) -> str:
    """The text of a PDF, pages one after the other, with single spaces."""
    with pypdfium2.PdfDocument(file) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return " ".join(" ".join(pages).split())


def change(file: Path, old: str, new: str) -> None:
    """Replaces a text that a file contains once."""
    content = file.read_text(encoding="utf-8")
    assert content.count(old) == 1, f"{file.name} contains {old!r} {content.count(old)} times"
    file.write_text(content.replace(old, new), encoding="utf-8", newline="\n")
