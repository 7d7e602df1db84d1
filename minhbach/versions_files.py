"""Files of published versions: written whole, made safe on the disk, and then read-only."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

FILE_RIGHTS: Final = 0o444
FOLDER_RIGHTS: Final = 0o555
OPEN_RIGHTS: Final = 0o755


def files(folder: Path) -> list[Path]:
    """Every file below a folder, sorted."""
    return sorted(file for file in folder.rglob("*") if file.is_file() or file.is_symlink())


def freeze(folder: Path) -> None:
    """Makes sure that a folder has reached the disk, then takes from everyone the right to write in it."""
    for file in files(folder):
        _to_disk(file)
        file.chmod(FILE_RIGHTS)
    for each in _folders(folder):
        _to_disk(each)
        each.chmod(FOLDER_RIGHTS)


def clear(folder: Path) -> None:
    """Removes a folder, also one that is read-only by now; nothing where there is none."""
    if not folder.exists():
        return
    for each in (folder, *(each for each in sorted(folder.rglob("*")) if each.is_dir() and not each.is_symlink())):
        each.chmod(OPEN_RIGHTS)
    shutil.rmtree(folder)


def place(built: Path, folder: Path) -> None:
    """Gives a finished folder its name, in one step that lasts.

    Raises:
        FileExistsError: there is something of this name; nothing is ever written over.
    """
    if folder.exists():
        raise FileExistsError(f"{folder.as_posix()} exists")
    built.rename(folder)
    _to_disk(folder.parent)


def write(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all: a reader sees the old one or the new one."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)
    _to_disk(path.parent)


def _folders(folder: Path) -> Iterator[Path]:
    """The folders from the deepest up to this one."""
    below = (each for each in folder.rglob("*") if each.is_dir())
    yield from sorted(below, key=lambda each: (-len(each.parts), each))
    yield folder


def _to_disk(path: Path) -> None:
    """Waits until the disk has what was written; where a system cannot do that for folders, nothing is lost."""
    try:
        number = os.open(path, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(number)
    except OSError:
        if path.is_file():
            raise
    finally:
        os.close(number)
