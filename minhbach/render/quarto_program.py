"""Quarto as it is installed on this machine: found, asked for its version, and run without the network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from minhbach.errors import RenderError, UsageError
from minhbach.wording import say

VARIABLE: Final = "QUARTO"  # names the program where it is not on the PATH
LEAST: Final = (1, 6)
NUMBERS: Final = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")
LIMIT: Final = 1200  # seconds; a program that hangs must not hang the run


@dataclass(frozen=True)
class Program:
    """A Quarto that is new enough, and its version."""

    path: str
    version: str

    def call(self, arguments: Sequence[str], folder: Path, more: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """Runs it in `folder`, where its home and caches are as well; `more` goes into the environment.

        Raises:
            RenderError: it could not be started or did not end.
        """
        try:
            return _call([self.path, *arguments], folder, environment(folder) | more)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise RenderError(f"Quarto could not be run: {error}") from error


def find(language: str) -> Program:
    """The program that QUARTO names, or the one on the PATH.

    Raises:
        UsageError: there is none, or it is older than 1.6; one sentence that says what to do.
    """
    path = shutil.which(os.environ.get(VARIABLE) or "quarto")
    if path is None:
        raise UsageError(say("quarto_missing", language))
    try:
        said = _call([path, "--version"], Path.cwd(), dict(os.environ)).stdout
    except (OSError, subprocess.TimeoutExpired):
        said = ""
    found = NUMBERS.search(said)
    if found is None:
        raise UsageError(say("quarto_silent", language))
    if (int(found[1]), int(found[2])) < LEAST:
        raise UsageError(say("quarto_old", language, version=found[0]))
    return Program(path, found[0])


def environment(folder: Path) -> dict[str, str]:
    """This process's environment with home and caches below `folder`: nothing of the user's changes the page."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    places = ("HOME", "USERPROFILE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
    return (
        dict(os.environ)
        | dict.fromkeys(places, str(home))
        | {"NO_COLOR": "1", "QUARTO_PYTHON": sys.executable, "TZ": "UTC"}
    )


def _call(command: list[str], folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=LIMIT,
        check=False,
    )
