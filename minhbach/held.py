"""A project that exists in memory alone: its paths read like files, and nothing of it ever touches the disk."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO, Any, ClassVar, cast


class HeldPath(PurePosixPath):
    """A path below which files are held in memory; it can be read like any other path, and not be written.

    Files that came from elsewhere have no way out: a path that climbs above its folder names nothing, and is no
    path of the disk either.
    """

    held: ClassVar[Mapping[str, bytes]] = {}

    def __fspath__(self) -> str:
        """No program may take it for a path of the disk."""
        raise TypeError(f"{self.as_posix()} is held in memory")

    def resolve(self) -> HeldPath:
        """The path without `.` and `..`."""
        parts: list[str] = []
        for part in self.parts:
            if part == "..":
                parts = parts[:-1] if parts and parts[-1] != ".." else [*parts, part]
            else:
                parts.append(part)
        return type(self)(*parts)

    def is_file(self) -> bool:
        """Whether there is such a file."""
        return self.as_posix() in self.held

    def is_dir(self) -> bool:
        """Whether there are files below it."""
        return any(name.startswith(f"{self.as_posix()}/") for name in self.held)

    def exists(self) -> bool:
        """Whether there is anything of this name."""
        return self.is_file() or self.is_dir()

    def iterdir(self) -> Iterator[HeldPath]:
        """What stands directly in this folder."""
        head = f"{self.as_posix()}/"
        names = {name.removeprefix(head).partition("/")[0] for name in self.held if name.startswith(head)}
        return (self / name for name in sorted(names))

    def glob(self, pattern: str) -> Iterator[HeldPath]:
        """The files below this folder whose path fits a pattern."""
        below = (type(self)(name) for name in sorted(self.held))
        return (path for path in below if path.is_relative_to(self) and path.relative_to(self).match(pattern))

    def read_bytes(self) -> bytes:
        """The content of the file; FileNotFoundError if it is not held."""
        try:
            return self.held[self.as_posix()]
        except KeyError:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), self.as_posix()) from None

    def read_text(self, encoding: str = "utf-8") -> str:
        """The text of the file."""
        return self.read_bytes().decode(encoding)

    def open(self, mode: str = "r", *, encoding: str = "utf-8", newline: str | None = None) -> IO[Any]:
        """The file, opened to read."""
        content = io.BytesIO(self.read_bytes())
        return content if "b" in mode else io.TextIOWrapper(content, encoding=encoding, newline=newline)


def folder(files: Mapping[str, bytes]) -> Path:
    """The folder that holds these files, by relative path; it serves wherever a path to read from is asked for."""
    held = type("HeldPath", (HeldPath,), {"held": dict(files)})
    return cast("Path", held())
