"""The edition before: where its results stand, and what of it means the same as in this edition."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from minhbach import framework_hash, tables, units, yamlfile
from minhbach.editions import Setup
from minhbach.errors import FileError, Problem
from minhbach.framework import Framework
from minhbach.paths import Edition, editions
from minhbach.shapes import suggestion
from minhbach.units import Units

MANIFEST = "manifest.json"
RESULTS = ("scores", "levels", "ranks")
COMPARABLE = ["kind", "id", "comparable", "why"]
VERSION = re.compile(r"v([1-9][0-9]*)")
KINDS = {"node": "wholes", "levels": "levels", "ranking": "rankings"}


@dataclass(frozen=True)
class Previous:
    """The results of the edition before; `folder` is its latest version, or its draft."""

    edition: Edition
    folder: Path
    hashes: Mapping[str, Mapping[str, Mapping[str, str]]]

    @property
    def units(self) -> Units:
        """Its units."""
        return units.load(self.edition.units_file)

    @property
    def files(self) -> list[Path]:
        """All files that a comparison reads."""
        found = [self.folder / framework_id / f"{name}.csv" for framework_id in self.hashes for name in RESULTS]
        return [self.folder / MANIFEST, self.edition.assessment_file, self.edition.units_file, *found]

    def frames(self, framework_id: str) -> dict[str, pd.DataFrame]:
        """Scores, levels and ranks of a framework."""
        return {name: tables.read(self.folder / framework_id / f"{name}.csv") for name in RESULTS}

    def comparable(self, framework: Framework) -> pd.DataFrame:
        """For every node, level scheme and ranking of either edition, whether it means the same in both, and why not.

        `why` is same, changed, below (something that a node is computed from has changed), new or gone.
        """
        then, now = self.hashes[framework.id], framework_hash.hashes(framework)
        rows = [
            (kind, each, "yes" if why == "same" else "no", why)
            for kind, group in KINDS.items()
            for each in [*now[group], *(each for each in then[group] if each not in now[group])]
            for why in [_why(then, now, group, each)]
        ]
        return pd.DataFrame(rows, columns=COMPARABLE, dtype="str")


def find(setup: Setup) -> Previous | None:
    """The edition before, or None where assessment.yaml names none.

    Raises:
        FileError: it does not exist, has not been run, or has no framework in common with this edition.
    """
    name = setup.assessment.previous
    if name is None:
        return None
    before = Edition(name, setup.edition.root)
    if name == setup.edition.name or not before.exists():
        known = [each for each in editions(setup.edition.root) if each != setup.edition.name]
        near = suggestion(name, known) or f"editions here: {', '.join(known) or 'none'}."
        raise _mistake(setup, f"there is no edition {name!r} before this one; {near}")
    folder = _folder(before)
    hashes = _hashes(folder) if folder else None
    if folder is None or hashes is None:
        raise _mistake(setup, f"{name} has no results to compare with; first run it: python pipeline.py run {name}")
    shared = {each.id: hashes[each.id] for each in setup.frameworks if each.id in hashes}
    if not shared:
        raise _mistake(setup, f"{name} has no framework in common; it has {', '.join(sorted(hashes))}.")
    return Previous(before, folder, shared)


def _folder(before: Edition) -> Path | None:
    """The latest version, or else the draft."""
    found = {int(match[1]): each for each in before.reports.glob("v*") if (match := VERSION.fullmatch(each.name))}
    folder = found[max(found)] if found else before.draft
    return folder if (folder / MANIFEST).is_file() else None


def _hashes(folder: Path) -> dict[str, Any] | None:
    """The hashes by framework as the manifest has them; None where an older program wrote it or a table is missing."""
    try:
        frameworks = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["frameworks"]
        hashes = {framework_id: each["hashes"] for framework_id, each in frameworks.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    there = all((folder / framework_id / f"{name}.csv").is_file() for framework_id in hashes for name in RESULTS)
    return hashes if there else None


def _why(then: Mapping[str, Mapping[str, str]], now: Mapping[str, Mapping[str, str]], group: str, each: str) -> str:
    if each not in then[group]:
        return "new"
    if each not in now[group]:
        return "gone"
    if then[group][each] == now[group][each]:
        return "same"
    return "below" if group == "wholes" and then["nodes"][each] == now["nodes"][each] else "changed"


def _mistake(setup: Setup, message: str) -> FileError:
    document = yamlfile.load(setup.edition.assessment_file)
    return FileError(document.name, [Problem(document.line(("previous",)), "previous", message)])
