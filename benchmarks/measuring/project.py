"""A copy of the project to run in, so that measuring never touches a draft."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
PARTS = ("pipeline.py", "minhbach", "notebooks", "frameworks", "data/raw")


@contextmanager
def copied() -> Iterator[Path]:
    """The project without its results, in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        for part in PARTS:
            source, place = PROJECT / part, Path(folder, part)
            if source.is_dir():
                shutil.copytree(source, place)
            else:
                shutil.copy(source, place)
        yield Path(folder)


def python(folder: Path, *arguments: str) -> None:
    """Runs a fresh Python process in `folder`; ends the benchmark with its words if it fails."""
    result = subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"{' '.join(arguments)} ended with {result.returncode}:\n{result.stdout}{result.stderr}")
