"""Verifies the notice beside a version that an erratum made: its files, and its numbers against both versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from minhbach import (
    facts_files,
    tables,
    trace_tables,
    versions,
    versions_errata,
    versions_files,
    versions_history,
    wording,
)
from minhbach.erratum_folder import LANGUAGES, name
from minhbach.errors import MinhbachError
from minhbach.trace_evidence import Evidence
from minhbach.verify_result import Check, Difference, shortened
from minhbach.versions import MANIFEST, Manifest, ManifestError, Version
from minhbach.versions_check import SHORT, Verified
from minhbach.versions_history import NOTICED

LAYER: Final = "notice"
PARTS: Final = ("files", "manifests")


class _Told:
    """Gathers what differs; each sentence is `version_<key>`."""

    def __init__(self, folder: Path, language: str) -> None:
        self.folder, self.language = folder, language
        self.total, self.differences = 0, list[Difference]()

    def differs(self, key: str, file: str, **details: object) -> None:
        place = f"{self.folder.name}/{file}".rstrip("/")
        said = {detail: shortened(value) for detail, value in details.items()}
        text = wording.say(f"version_{key}", self.language, place=place, **said)
        self.differences.append(Difference(LAYER, place, text))


def added(result: Verified) -> Verified:
    """The verification of a version with the layer of its notice, where an erratum made it."""
    version = result.version
    if not version.is_readable:
        return result  # told of the version itself
    line, folder = versions_errata.line(version), versions_errata.folder(version)
    told = _Told(folder, result.language)
    if not folder.is_dir():
        if line is None:
            return result
        told.differs("notice_missing", "", number=line.notice)
    elif line is None:
        told.differs("notice_extra", "")
    else:
        _notice(version, told)
    check = Check(LAYER, told.total, tuple(told.differences))
    return replace(result, checks=(*result.checks, check))


def _notice(version: Version, told: _Told) -> None:
    path = told.folder / MANIFEST
    try:
        content = versions.with_parts(path, PARTS)
    except ManifestError as error:
        told.differs("unread", MANIFEST, folder=told.folder.as_posix(), reason=error.reason(told.language))
        return
    if not versions.says_itself(content, path.read_bytes()):
        told.differs("itself", MANIFEST)
    _listed(version, tables.sha256(path), told)
    _files(content, told)
    for other, digest in content["manifests"].items():
        _made_from(Version(version.edition, str(other)), str(digest), told)
    _numbers(version, content, told)


def _listed(version: Version, now: str, told: _Told) -> None:
    """The manifest of the folder by the list of versions, which has the SHA-256 that it had when it was made."""
    try:
        events = versions_history.read(version.edition)
    except MinhbachError:
        return  # told of the version's own manifest
    listed = versions_history.of(events, version, NOTICED)
    if not listed:
        told.differs("notice_unlisted", MANIFEST)
    elif listed[0].manifest_sha256 != now:
        told.differs("notice_listed", MANIFEST, now=now[:SHORT], before=listed[0].manifest_sha256[:SHORT])


def _files(content: Manifest, told: _Told) -> None:
    """Every file of the folder by its hash in the manifest."""
    known = {str(file): str(digest) for file, digest in content["files"].items()}
    there = {path.relative_to(told.folder).as_posix(): path for path in versions_files.files(told.folder)}
    told.total = len(known) + 1
    for file in sorted((known.keys() | there.keys()) - {MANIFEST}):
        if file not in there:
            told.differs("missing", file)
        elif file not in known:
            told.differs("extra", file)
        elif (now := tables.sha256(there[file])) != known[file]:
            told.differs("changed", file, now=now[:SHORT], before=known[file][:SHORT])


def _made_from(version: Version, digest: str, told: _Told) -> None:
    """The manifest of a version that the notice was made from."""
    path = version.folder / MANIFEST
    now = tables.sha256(path) if versions.NAME.fullmatch(version.name) and path.is_file() else ""
    if now != digest:
        told.differs("notice_of", MANIFEST, version=version.name, now=now[:SHORT] or "–", before=digest[:SHORT])


def _numbers(version: Version, content: Manifest, told: _Told) -> None:
    """The numbers of the notice by the facts of the versions that their ids name; a report of each has one value."""
    known = {each: _values(Version(version.edition, str(each))) for each in content["manifests"]}
    for language in LANGUAGES:
        file = name(Path(facts_files.FACTS).stem, language, "csv")
        if not (told.folder / file).is_file():
            continue
        try:
            rows = trace_tables.read(told.folder / file, told.language)
        except MinhbachError as error:
            told.differs("proof", file, text=error)
            continue
        for row in rows:
            of, _, fact_id = row["fact_id"].partition(":")
            value = known.get(of, {}).get(fact_id)
            if value is not None and value != row["value"]:
                told.differs("notice_number", file, fact=fact_id, version=of, now=row["value"], before=value)


def _values(version: Version) -> Mapping[str, str]:
    """The value of every fact of a version's report."""
    try:
        facts = Evidence(version.edition, version.name).facts
    except MinhbachError:
        return {}  # told of the version itself
    return {fact_id: facts[fact_id]["value"] for fact_id in facts}
