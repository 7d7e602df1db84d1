"""A run from the inputs that a version keeps: copied into an empty folder, and run there in a process of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from minhbach import publish_inputs, versions_files
from minhbach.errors import DataError
from minhbach.verify_result import shortened
from minhbach.versions import Version

COMMAND: Final = re.compile(r"python pipeline\.py run ([a-z0-9-]+) --lang ([a-z,]+) --engine (embedded|quarto)")
LAST: Final = 12  # lines of what a run says when it stops


@dataclass(frozen=True)
class Command:
    """The recorded command of a version: its edition, its languages as written, its engine."""

    edition: str
    languages: str
    engine: str


def command(version: Version) -> Command | None:
    """How a version was made; None where its manifest says something else than a run of this edition.

    Raises:
        DataError: the manifest cannot be read.
    """
    match = COMMAND.fullmatch(str(version.manifest.get("command")))
    return Command(match[1], match[2], match[3]) if match and match[1] == version.edition.name else None


def copy(inputs: Path, root: Path) -> None:
    """Copies inputs so that they can be written: versions are read-only."""
    for file in versions_files.files(inputs):
        if not file.is_symlink():
            target = root / file.relative_to(inputs)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)


def run(root: Path, asked: Command) -> None:
    """Runs the command in a process whose folder is `root`.

    Raises:
        DataError: the run stopped; the text is its exit code and what it said last.
    """
    program = (publish_inputs.PROJECT / "pipeline.py").resolve()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MINHBACH")}
    ran = subprocess.run(
        [sys.executable, str(program), "run", asked.edition, "--lang", asked.languages, "--engine", asked.engine],
        cwd=root,
        env=kept,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if ran.returncode:
        words = " ".join(ran.stderr.replace(f"{root.as_posix()}/", "").strip().splitlines()[-LAST:])
        raise StoppedError(str(ran.returncode), shortened(words))


class StoppedError(DataError):
    """A run stopped, with its exit code and its last words."""

    def __init__(self, code: str, reason: str) -> None:
        self.code, self.reason = code, reason
        super().__init__(f"{code}: {reason}")
