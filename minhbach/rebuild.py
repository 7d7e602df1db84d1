"""The proof of a version: everything is run again from what it keeps, in an empty folder, and compared by layers."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from minhbach import manifest, rebuild_compare, rebuild_run, versions, versions_files, wording
from minhbach.errors import DataError
from minhbach.paths import Edition
from minhbach.rebuild_first import KINDS, First, Kind
from minhbach.rebuild_run import StoppedError
from minhbach.verify_result import Check, Difference, shortened
from minhbach.versions import MANIFEST, Version
from minhbach.versions_layers import INPUTS, LAYERS, VALIDATED, layer


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild found: how many files of each layer are the same, what differs first, and of which kind it is."""

    checks: tuple[Check, ...] = ()
    kind: Kind | None = None
    stopped: str = ""

    @property
    def same(self) -> bool:
        """Whether every file is the same, byte for byte."""
        return not self.stopped and not self.differences

    @property
    def differences(self) -> tuple[Difference, ...]:
        """All files that differ, each with its first difference, from the first layer to the last."""
        return tuple(each for check in self.checks for each in check.differences)

    @property
    def total(self) -> int:
        """How many files were compared."""
        return sum(check.total for check in self.checks)


def rebuild(version: Version, language: str) -> Rebuilt:
    """Runs the edition again from the version's own inputs and compares what comes out with what was published."""
    try:
        asked = rebuild_run.command(version)
    except DataError as error:
        return Rebuilt(stopped=wording.say("rebuild_stopped", language, code="–", reason=shortened(error)))
    if asked is None:
        said = {"file": MANIFEST, "command": shortened(version.manifest.get("command"))}
        return Rebuilt(stopped=wording.say("rebuild_command", language, **said))
    with tempfile.TemporaryDirectory(prefix="minhbach-") as place:
        root = Path(place).resolve()
        rebuild_run.copy(version.folder / INPUTS, root)
        try:
            rebuild_run.run(root, asked)
        except StoppedError as error:
            said = {"code": error.code, "reason": error.reason}
            return Rebuilt(stopped=wording.say("rebuild_stopped", language, **said))
        return compare(version, Edition(version.edition.name, root), language)


def compare(version: Version, made: Edition, language: str) -> Rebuilt:
    """Compares every file but the inputs."""
    before, now = _published(version), _made(made)
    totals: dict[str, int] = {}
    found: dict[str, list[Difference]] = {}
    kinds: set[Kind] = set()
    for name in sorted(before.keys() | now.keys()):
        of = layer(name, version.edition.name, version.frameworks)
        totals[of] = totals.get(of, 0) + 1
        first = _first(name, of, before.get(name), now.get(name))
        if first:
            kinds.add(first.kind)
            said = {detail: shortened(value) for detail, value in first.details.items()}
            text = wording.say(f"rebuild_{first.key}", language, file=name, **said)
            found.setdefault(of, []).append(Difference(of, name, text))
    checks = tuple(Check(name, totals[name], tuple(found.get(name, ()))) for name in LAYERS if name in totals)
    return Rebuilt(checks, min(kinds, key=KINDS.index) if kinds else None)


def _first(name: str, of: str, before: Path | None, now: Path | None) -> First | None:
    if before is None or now is None:
        return rebuild_compare.lone(name, of, missing=now is None)
    then, later = before.read_bytes(), now.read_bytes()
    if name == MANIFEST:
        content = versions.as_draft(versions.read(before))
        then = manifest.written(content)
    return None if then == later else rebuild_compare.first(name, of, then, later)


def _published(version: Version) -> Mapping[str, Path]:
    found = {path.relative_to(version.folder).as_posix(): path for path in versions_files.files(version.folder)}
    return {name: path for name, path in found.items() if _comparable(name, path)}


def _comparable(name: str, path: Path) -> bool:
    """Whether a file of a version is one that a run makes."""
    return not name.startswith(f"{INPUTS}/") and path.is_file()


def _made(edition: Edition) -> Mapping[str, Path]:
    draft, validated = versions_files.files(edition.draft), versions_files.files(edition.validated)
    found = {path.relative_to(edition.draft).as_posix(): path for path in draft}
    return found | {f"{VALIDATED}/{path.relative_to(edition.validated).as_posix()}": path for path in validated}
