"""The tables of a draft that is being built, looked up often: what a trace reads once, the audit pages read for all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from minhbach import tables, trace_tables
from minhbach.editions import Setup
from minhbach.framework import Framework
from minhbach.numbers import show
from minhbach.paths import Edition
from minhbach.trace_evidence import BESIDE, Evidence
from minhbach.trace_manifest import Manifest
from minhbach.trace_tables import Record, Table

# The column of each table by which a unit has what a fact is about, in the order in which `trace` looks.
NAMED = {
    "scores": "node_id",
    "observations": "field_id",
    "levels": "scheme",
    "ranks": "ranking",
    "comparisons": "comparison",
}


class Quick(Table):
    """A table whose rows are made once, and found by all their cells."""

    def of(self, key: str) -> list[Record]:
        """The rows whose first cell is `key`."""
        return self._rows.get(key, [])

    def one(self, key: str, **further: str) -> Record | None:
        """The row with this first cell and these further ones; None if there is none."""
        names = tuple(further)
        if names not in self._indexes:
            index: dict[tuple[str, ...], Record] = {}
            for rows in self._rows.values():
                for row in rows:
                    cells = (row[self.columns[0]], *(row.get(name, "") for name in names))
                    index.setdefault(cells, row)
            self._indexes[names] = index
        return self._indexes[names].get((key, *further.values()))

    def __iter__(self) -> Iterator[Record]:
        """All rows."""
        return iter(self._all)

    @cached_property
    def _all(self) -> list[Record]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.cells]

    @cached_property
    def _rows(self) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = {}
        for row in self._all:
            found.setdefault(row[self.columns[0]], []).append(row)
        return found

    @cached_property
    def _indexes(self) -> dict[tuple[str, ...], dict[tuple[str, ...], Record]]:
        return {}


class Build(Evidence):
    """Everything behind a draft in staging, before its manifest is written; `output` are its folders."""

    def __init__(self, setup: Setup, output: Edition, language: str, earlier: Sequence[Path]) -> None:
        """`earlier` are the files of the edition before that the run read."""
        self.setup, self.output, self.edition = setup, output, setup.edition
        self.folder = self.home = output.draft
        self.language = self.printed = language
        root = setup.edition.root
        received = (*setup.edition.received(), *earlier)
        self.manifest = {
            "inputs": {file.relative_to(root).as_posix(): tables.sha256(file) for file in received},
            "frameworks": {each.id: {"files": dict(each.files)} for each in setup.frameworks},
            "languages": [language],
        }
        self._tables, self._points, self._lines, self._documents = {}, {}, {}, {}
        self._frameworks = {each.id: each for each in setup.frameworks}
        self._shown: dict[tuple[str, str, int], tuple[str, str, str]] = {}
        self._paths: dict[tuple[str, str], Path] = {}

    def path(self, framework_id: str, name: str) -> Path:
        """Where a table of a framework stands in staging."""
        key = (framework_id, name)
        if key not in self._paths:
            own = self.folder / framework_id / f"{name}.csv"
            kept = self.output.validated / framework_id / f"{name}.csv"
            self._paths[key] = own if name in BESIDE or own.is_file() else kept
        return self._paths[key]

    def home_of(self, unit_id: str, name: str) -> str:
        """The framework in which a unit has a node, field, scheme, ranking or comparison of this name; or empty."""
        return self._homes.get((unit_id, name), "")

    @cached_property
    def _homes(self) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for table in NAMED:
            for framework_id in self.framework_ids:
                for row in self.table(framework_id, table):
                    found.setdefault((row["unit_id"], row[NAMED[table]]), framework_id)
        return found

    def points_shown(self, framework: Framework, name: str, at: int) -> tuple[str, str, str]:
        """Points and share of a node as they are shown, and its worked line; `at` is the place of the unit."""
        key = (framework.id, name, at)
        if key not in self._shown:
            points, rounding, mode = self.points(framework.id), framework.rounding, framework.rounding.mode
            value, share = points.exactly.points(name, at), points.exactly.share(name, at)
            line = self.lines(framework.id, points.answers.unit_ids[at]).lines[name]
            shown = "–" if value is None else show(value, rounding.shown, self.language, mode)
            part = "" if share is None else show(share, rounding.share, self.language, mode)
            self._shown[key] = shown, part, line
        return self._shown[key]

    def place(self, path: Path) -> Path:
        """Where a file of staging will stand when the run is done; other files stay where they are."""
        return self.edition.root / path.relative_to(self.output.root) if path.is_relative_to(self.output.root) else path

    @cached_property
    def identity(self) -> str:
        """The SHA-256 of what the numbers rest on and of the ledger of facts: two drafts that share it are the same.

        It is that of compact JSON with sorted keys: `edition`, the parts `inputs` and `frameworks` of manifest.json
        (of the latter only `files`), and `facts`, the hash of facts.csv.
        """
        return identity(self.edition.name, self.manifest, tables.sha256(self.home / "facts.csv"))

    def _read(self, path: Path) -> Table:
        if path not in self._tables:
            read = trace_tables.read(path, self.language)
            self._tables[path] = Quick(read.file, read.columns, read.cells)
        return self._tables[path]


def identity(edition: str, manifest: Manifest, facts: str) -> str:
    """The SHA-256 by which audit pages and reviews name a build (see `Build.identity`)."""
    frameworks = {name: dict(sorted(each.get("files", {}).items())) for name, each in manifest["frameworks"].items()}
    content = {"edition": edition, "inputs": manifest["inputs"], "frameworks": frameworks, "facts": facts}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
