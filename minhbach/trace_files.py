"""Files at the end of a chain: their SHA-256 now and when the run read them, and the line on which something stands."""

from __future__ import annotations

import re
from pathlib import Path

from minhbach import paths, tables
from minhbach.trace_evidence import Evidence
from minhbach.trace_graph import Step, checked

SECTION = re.compile(r"([A-Za-z_]+):")
KEY = re.compile(r"(\s*)(?:-\s*)?(?:\{\s*)?(?:id:\s*[\"']?([A-Za-z0-9_.-]+)|[\"']?([A-Za-z0-9_.]+)[\"']?\s*:)")
Index = dict[tuple[str, str], int]


class Files:
    """The files of a trace; each is hashed once."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self._hashed: dict[tuple[Path, str], Step] = {}
        self._indexes: dict[Path, Index] = {}

    def step(self, path: Path, recorded: str = "", line: int = 0) -> Step:
        """A file with its hash now, compared with that of the run (`recorded`, or what the manifest says)."""
        before = recorded or self.evidence.recorded(path)
        if (path, before) not in self._hashed:
            self._hashed[path, before] = self._hash(path, before)
        whole = self._hashed[path, before]
        if not line:
            return whole
        at = f"{whole.id}:{line}"
        text = self.evidence.say("file", file=at, sha256=whole.value or "?")
        return Step("file", at, text, whole.value, whole.check, whole.note)

    def _hash(self, path: Path, before: str) -> Step:
        say, shown = self.evidence.say, self.inside(path)
        try:
            now = tables.sha256(path)
        except OSError as error:
            note = say("file_gone", file=shown, reason=error.strerror or "?")
            return Step("file", shown, say("file", file=shown, sha256=before or "?"), before, checked(False), note)
        text = say("file", file=shown, sha256=now)
        if not before:
            return Step("file", shown, text, now, "", say("file_unrecorded"))
        note = "" if now == before else say("file_changed", file=shown, before=before)
        return Step("file", shown, text, now, checked(now == before), note)

    def inside(self, path: Path) -> str:
        """A path as it is written relative to the project."""
        try:
            return path.relative_to(self.evidence.edition.root).as_posix()
        except ValueError:
            return path.as_posix()

    def of_framework(self, framework_id: str) -> list[Path]:
        """The file of a framework and then those it extends, nearest first."""
        own = paths.framework_file(framework_id, self.evidence.edition.root)
        names = [Path(name).name for name in self.evidence.framework(framework_id).files]
        return [own, *(own.parent / name for name in reversed(names) if name != own.name)]

    def part(self, framework_id: str, section: str, key: str) -> tuple[Path, int]:
        """Where a node, scheme or ranking begins: the file (of the framework, or one it extends) and the line."""
        files = self.of_framework(framework_id)
        for path in files:
            if line := self._index(path).get((section, key)):
                return path, line
        return files[0], 0

    def place(self, framework_id: str, section: str, key: str) -> str:
        """`frameworks/x.yaml:12`, the place of a part of a framework."""
        path, line = self.part(framework_id, section, key)
        return f"{self.inside(path)}:{line}" if line else self.inside(path)

    def _index(self, path: Path) -> Index:
        if path not in self._indexes:
            self._indexes[path] = index(lines_of(path))
        return self._indexes[path]


def index(lines: list[str]) -> Index:
    """The line of every part by section and key; of keys that stand at several depths, the outermost.

    Read from the text, because reading a large framework as YAML takes longer than all the rest of a trace.
    """
    found: dict[tuple[str, str], tuple[int, int]] = {}
    section = ""
    for number, line in enumerate(lines, start=1):
        if top := SECTION.match(line):
            section = top[1]
        elif match := KEY.match(line):
            place = (section, match[2] or match[3])
            found[place] = min(found.get(place, (999, 0)), (len(match[1]), number))
    return {place: number for place, (_, number) in found.items()}


def lines_of(path: Path) -> list[str]:
    """The lines of a text file; none when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return []


def line_of_row(path: Path, *cells: str) -> int:
    """The line of a CSV in which these cells stand; 0 if there is none."""
    for number, line in enumerate(lines_of(path), start=1):
        parts = {part.strip(' "') for part in line.replace(";", ",").split(",")}
        if parts.issuperset(cells):
            return number
    return 0
