"""Fixtures that all tests share: the files beside the checkout, system programs, the Hypothesis profile."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

REPOSITORY = Path(__file__).resolve().parent.parent
REQUIRE_PROGRAMS = "MINHBACH_REQUIRE_PROGRAMS"

# What a program may be called, where that is not simply its name.
PROGRAM_NAMES = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "libreoffice": ("soffice", "libreoffice"),
}
# Debian has no package of these, so no script can promise them.
NEVER_REQUIRED = {"quarto"}

settings.register_profile("minhbach", deadline=None, max_examples=60, derandomize=bool(os.environ.get("CI")))
settings.load_profile("minhbach")


@dataclass(frozen=True)
class SharedFolder:
    """The folder `shared` beside the checkout: real tables that are not part of the repository."""

    folder: Path

    def __call__(self, name: str) -> Path:
        """The path of one file or folder in it; the test that asks is skipped where it is absent."""
        path = self.folder / name
        if not path.exists():
            pytest.skip(f"shared/{name} is not beside this checkout; put it there to run this test")
        return path

    def __truediv__(self, name: str) -> Path:
        return self(name)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The top folder of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> SharedFolder:
    """`shared("real/a.csv")` or `shared / "real/a.csv"`: a file beside the checkout, or a skipped test."""
    return SharedFolder(REPOSITORY.parent / "shared")


@pytest.fixture(scope="session")
def program() -> Callable[[str], str]:
    """`program("libreoffice")`: the path of a system program; without it the test is skipped, or fails."""
    return find_program


# Only for one module at a time: while it is open, nothing else in this process could run an event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, in which a test opens pages of its own."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=find_program("chromium"), args=["--no-sandbox"])
        yield started
        started.close()


def find_program(name: str) -> str:
    """The path of a system program; skips, or fails where MINHBACH_REQUIRE_PROGRAMS=1, when it is missing."""
    for candidate in PROGRAM_NAMES.get(name, (name,)):
        if found := shutil.which(candidate):
            return found
    message = f"the program {name} is not installed here; `make system` installs what the tests use"
    if os.environ.get(REQUIRE_PROGRAMS) == "1" and name not in NEVER_REQUIRED:
        pytest.fail(f"{message} ({REQUIRE_PROGRAMS}=1 forbids skipping)")
    pytest.skip(message)
