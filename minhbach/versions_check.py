"""Verifies a published version: every file by its recorded hash, layer by layer, and the reports' own proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from minhbach import (
    publish_inputs,
    tables,
    verify,
    verify_file,
    versions,
    versions_files,
    versions_history,
    wording,
)
from minhbach.errors import DataError, UsageError
from minhbach.evidence_reading import UnreadableError
from minhbach.verify_result import Check, Difference, shortened
from minhbach.versions import MANIFEST, OWN, SELF, ManifestError, Version
from minhbach.versions_history import PUBLISHED, REPORT
from minhbach.versions_layers import INPUTS, LAYERS, VALIDATED, layer

PROOF = "proof"
SHORT = 16  # hex digits that are shown of a hash
LINK = "symbolic link"


@dataclass(frozen=True)
class Verified:
    """What the verification of a version found; `program` says how this program differs from the one that made it."""

    version: Version
    language: str
    about: Mapping[str, str]
    checks: tuple[Check, ...]
    program: Mapping[str, object] = field(default_factory=dict)

    @property
    def differences(self) -> tuple[Difference, ...]:
        """All differences, from the first layer to the last."""
        return tuple(each for check in self.checks for each in check.differences)


class _Found:
    """Gathers differences by layer."""

    def __init__(self, language: str) -> None:
        self.language, self.all = language, dict[tuple[str, str, str], Difference]()

    def differs(self, of: str, key: str, place: str, **details: object) -> None:
        """Notes a difference in a layer; its sentence is `version_<key>`."""
        short = {name: shortened(detail) for name, detail in details.items()}
        text = wording.say(f"version_{key}", self.language, place=shortened(place), **short)
        self.all.setdefault((of, place, key), Difference(of, place, text))

    def of(self, layer_name: str) -> tuple[Difference, ...]:
        """The differences of a layer, by place."""
        return tuple(sorted((each for each in self.all.values() if each.layer == layer_name), key=lambda d: d.place))


def check(version: Version, language: str = "") -> Verified:
    """Everything about a version; told in the language of its report if none is given."""
    try:
        languages = versions.languages(version.manifest)
    except ManifestError as error:
        found = _Found(language or "vi")
        said = {"folder": version.folder.as_posix(), "reason": error.reason(found.language)}
        found.differs("manifest", "unread", MANIFEST, **said)
        return Verified(version, found.language, _about(version), (Check("manifest", 1, found.of("manifest")),))
    found = _Found(language or languages[0])
    totals = _files(version, found)
    _manifest(version, found)
    _recorded(version, found)
    totals[PROOF] = len(languages)
    for position, each in enumerate(languages):
        _proof(version, f"{each}/{REPORT}" if position else REPORT, found)
    names = [name for name in (*LAYERS, PROOF) if totals.get(name) or found.of(name)]
    checks = tuple(Check(name, totals.get(name, 0), found.of(name)) for name in names)
    return Verified(version, found.language, _about(version), checks, program(version))


def program(version: Version) -> dict[str, object]:
    """How this program differs from the one that made a version: tools with both versions, and its changed files."""
    from minhbach import manifest  # it asks every package for its version

    then, now = {str(k): str(v) for k, v in version.manifest["versions"].items()}, manifest.versions()
    tools = {
        name: (then.get(name, "–"), now.get(name, "–"))
        for name in sorted(then.keys() | now.keys())
        if then.get(name) != now.get(name)
    }
    own = publish_inputs.program()
    files = [name for part in own for name, _ in publish_inputs.changes(dict(version.manifest[part]), own[part])]
    return {"tools": tools, "files": files}


def _about(version: Version) -> dict[str, str]:
    state = versions_history.states_by(versions_history.readable(version.edition)).get(version.name)
    own = version.own if version.is_readable else {}
    return {"state": state.name if state else "", **{name: str(own.get(name, "")) for name in ("number", "date")}}


def _files(version: Version, found: _Found) -> dict[str, int]:
    """Every file by its hash in the manifest; gives how many files each layer has."""
    recorded, totals = version.files, dict[str, int]()
    there = {path.relative_to(version.folder).as_posix(): path for path in versions_files.files(version.folder)}
    for name in sorted((recorded.keys() | there.keys()) - {MANIFEST}):
        of = _layer(version, name)
        totals[of] = totals.get(of, 0) + (name in recorded)
        if name not in there:
            found.differs(of, "missing", name)
        elif name not in recorded:
            found.differs(of, "extra", name)
        elif (now := _hash(there[name])) != recorded[name]:
            found.differs(of, "changed", name, now=now[:SHORT], before=recorded[name][:SHORT])
    return {**totals, "manifest": 1}


def _hash(path: Path) -> str:
    return LINK if path.is_symlink() else tables.sha256(path)


def _layer(version: Version, name: str) -> str:
    return layer(name, version.edition.name, version.frameworks)


def _manifest(version: Version, found: _Found) -> None:
    """The manifest by its own hash, by what it is about, and by the list of versions."""
    path = version.folder / MANIFEST
    now, content = tables.sha256(path), version.manifest
    if SELF not in content or not versions.says_itself(content, path.read_bytes()):
        found.differs("manifest", "itself", MANIFEST)
    about = (str(content.get("edition")), str(version.own.get("version")))
    if about != (version.edition.name, version.name):
        found.differs("manifest", "named", MANIFEST, kept=" ".join(about), now=f"{version.edition.name} {version.name}")
    _listed(version, now, found)


def _listed(version: Version, now: str, found: _Found) -> None:
    """The SHA-256 of the manifest by the list of versions."""
    try:
        events = versions_history.read(version.edition, found.language)
    except DataError as error:
        found.differs("manifest", "list", version.edition.versions_file.name, text=error)
        return
    listed = next(iter(versions_history.of(events, version, PUBLISHED)), None)
    if listed is None:
        found.differs("manifest", "unlisted", MANIFEST)
    elif listed.manifest_sha256 != now:
        found.differs("manifest", "listed", MANIFEST, now=now[:SHORT], before=listed.manifest_sha256[:SHORT])


def _recorded(version: Version, found: _Found) -> None:
    """What the manifest says of the files with what it says of the run."""
    for name, digest in _of_run(version.manifest, version.edition.name):
        if version.files.get(name) != digest:
            found.differs(_layer(version, name), "recorded", name, where=MANIFEST, before=digest[:SHORT])


def _of_run(content: Mapping[str, object], edition: str) -> Iterator[tuple[str, str]]:
    """The files that the run of a manifest read and made, by their path in a version, with their hashes."""
    for name, digest in publish_inputs.recorded(content).items():
        yield f"{INPUTS}/{name}", str(digest)
    outputs = content.get("outputs")
    draft, validated = f"reports/{edition}/draft/", f"data/validated/{edition}/"
    for name, digest in outputs.items() if isinstance(outputs, dict) else ():
        inside = name.removeprefix(draft)
        yield (f"{VALIDATED}/{name.removeprefix(validated)}" if name == inside else inside), str(digest)


def _proof(version: Version, report: str, found: _Found) -> None:
    """What a report proves by itself, and whether the manifest that it carries says the same as that of the version."""
    path = version.folder / report
    try:
        proved = verify.verify(path, found.language)
        inside = verify_file.opened(path.read_bytes())
    except (UsageError, UnreadableError, OSError) as error:
        found.differs(PROOF, "proof", report, text=error)
        return
    for each in proved.differences:
        found.differs(PROOF, "proof", f"{report}: {each.layer} {each.place}", text=each.text)
    if inside is None or OWN not in version.manifest:
        return
    try:
        carried = list(_of_run(inside.manifest, version.edition.name))
    except (KeyError, TypeError, AttributeError):
        return  # told already: its manifest is not what its own hash says
    for name, digest in carried:
        if version.files.get(name) != digest:
            found.differs(_layer(version, name), "inside", name, report=report, before=digest[:SHORT])
