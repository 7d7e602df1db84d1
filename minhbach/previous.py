"""The edition before: where its results stand, and what of it means the same as in this edition."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from minhbach import bridges, causes_read, framework, framework_hash, previous_units, tables, units, yamlfile
from minhbach.bridges import SAME, Bridge
from minhbach.editions import Setup
from minhbach.errors import FileError, Problem
from minhbach.framework import Framework
from minhbach.paths import Edition, editions, framework_file
from minhbach.shapes import suggestion
from minhbach.units import Unit, Units
from minhbach.versions_layers import INPUTS, VALIDATED

Hashes = Mapping[str, Mapping[str, str]]
MANIFEST = "manifest.json"
RESULTS = ("scores", "levels", "ranks")
COMPARABLE = ["kind", "id", "comparable", "why"]
VERSION = re.compile(r"v([1-9][0-9]*)")
KINDS = {"node": "wholes", "levels": "levels", "ranking": "rankings"}


@dataclass(frozen=True)
class Origin:
    """The framework of the edition before that one of this edition is compared with, and how names lead to it."""

    framework_id: str
    bridge: Bridge = SAME
    file: Path | None = None


@dataclass(frozen=True)
class Previous:
    """The results of the edition before; `folder` is its latest version, or its draft.

    `edition` is where its settings and units stand: beside the results of a version, in the project for a draft.
    `hashes` and `origins` are by the ids of this edition's frameworks; `inputs` is what its results were made from.
    """

    edition: Edition
    folder: Path
    hashes: Mapping[str, Hashes]
    origins: Mapping[str, Origin]
    inputs: tuple[Path, ...] = ()

    @property
    def units(self) -> Units:
        """Its units."""
        return units.load(self.edition.units_file)

    @property
    def files(self) -> list[Path]:
        """All files that a comparison reads."""
        ids = [each.framework_id for each in self.origins.values()]
        found = [self.folder / each / f"{name}.csv" for each in ids for name in RESULTS]
        declared = [each.file for each in self.origins.values() if each.file]
        settled = [self.edition.assessment_file, self.edition.units_file]
        return list(dict.fromkeys([self.folder / MANIFEST, *settled, *found, *declared, *self.inputs]))

    @property
    def validated(self) -> Path:
        """Where the answers stand that its results were made from."""
        kept = self.folder / VALIDATED
        return kept if kept.is_dir() else self.edition.validated

    def frames(self, own: Framework, members: Iterable[Unit] = ()) -> dict[str, pd.DataFrame]:
        """Scores, levels and ranks of a framework under this edition's names, carried on to its units (`members`)."""
        origin = self.origins[own.id]
        read = {name: tables.read(self.folder / origin.framework_id / f"{name}.csv") for name in RESULTS}
        named = bridges.renamed(origin.bridge, read)
        return previous_units.carried(named, previous_units.used(members, named["scores"]))

    def comparable(self, own: Framework) -> pd.DataFrame:
        """For every node, level scheme and ranking of either edition, whether it means the same in both, and why not.

        `why` is same, declared (a bridge says so), changed, below (something that a node is computed from has
        changed), new or gone.
        """
        bridge, now = self.origins[own.id].bridge, framework_hash.hashes(own)
        then = {group: _renamed(bridge, group, known) for group, known in self.hashes[own.id].items()}
        said = {group: set(_names(bridge, group).values()) for group in KINDS.values()}
        rows = [
            (kind, each, "yes" if why in ("same", "declared") else "no", why)
            for kind, group in KINDS.items()
            for each in [*now[group], *(each for each in then[group] if each not in now[group])]
            for why in ["declared" if each in said[group] else _why(then, now, group, each)]
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
    folder, then = _folder(before), source(before)
    if name == setup.edition.name or not then.exists():
        known = [each for each in editions(setup.edition.root) if each != setup.edition.name]
        near = suggestion(name, known) or f"editions here: {', '.join(known) or 'none'}."
        raise _mistake(setup, f"there is no edition {name!r} before this one; {near}")
    hashes = _hashes(folder) if folder else None
    if folder is None or hashes is None:
        raise _mistake(setup, f"{name} has no results to compare with; first run it: python pipeline.py run {name}")
    origins = {each.id: origin for each in setup.frameworks if (origin := _origin(setup, each, then, hashes))}
    if not origins:
        raise _mistake(setup, f"{name} has no framework in common; it has {', '.join(sorted(hashes))}.")
    shared = {framework_id: hashes[origin.framework_id] for framework_id, origin in origins.items()}
    found = Previous(then, folder, shared, origins)
    return dataclasses.replace(found, inputs=tuple(_inputs(setup, found)))


def _origin(setup: Setup, own: Framework, before: Edition, hashes: Mapping[str, Any]) -> Origin | None:
    """What a framework is compared with: the one that a bridge names, or else the one of the same id."""
    root = setup.edition.root
    declared = [each for each in sorted(hashes) if bridges.path(root, each, own.id).is_file()]
    if declared:
        bridge = bridges.load(root, framework.find(declared[0], before.root), own)
        return Origin(declared[0], bridge or SAME, bridges.path(root, declared[0], own.id))
    return Origin(own.id) if own.id in hashes else None


def _inputs(setup: Setup, found: Previous) -> Iterator[Path]:
    """What the results before were made from, as far as it is there, without this edition's own frameworks."""
    own = {framework_file(Path(name).stem, setup.edition.root) for each in setup.frameworks for name in each.files}
    for origin in found.origins.values():
        if (found.validated / origin.framework_id / causes_read.OBSERVATIONS).is_file():
            listed = causes_read.files(found.edition, found.validated, origin.framework_id)
            yield from (each for each in listed if each not in own)


def _names(bridge: Bridge, group: str) -> Mapping[str, str]:
    names: Mapping[str, str] = getattr(bridge, "nodes" if group == "wholes" else group)
    return names


def _renamed(bridge: Bridge, group: str, known: Mapping[str, str]) -> dict[str, str]:
    """The hashes of the edition before under this edition's names."""
    names = _names(bridge, group)
    return {names.get(each, each): text for each, text in known.items()}


def source(before: Edition) -> Edition:
    """Where the settings and units stand that the results of an edition before were made from."""
    folder = _folder(before)
    return Edition(before.name, folder / INPUTS) if folder and (folder / INPUTS).is_dir() else before


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
