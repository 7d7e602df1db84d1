"""Publishing: the draft becomes `v1/`, `v2/` … with everything it was made from, whole or not at all, for good."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Mapping
from pathlib import Path

from minhbach import (
    assessment_words,
    editions,
    publish_checks,
    publish_inputs,
    tables,
    versions,
    versions_files,
    versions_history,
    versions_page,
    wording,
)
from minhbach.editions import Setup
from minhbach.errors import DataError, UsageError
from minhbach.paths import Edition
from minhbach.versions import MANIFEST, OWN, Manifest, Version
from minhbach.versions_layers import INPUTS, VALIDATED


def publish(edition: Edition, language: str = "") -> Version:
    """Freezes the draft as the next version; the caller holds the edition's lock.

    Raises:
        DataError: as `ready` does.
    """
    setup, content = ready(edition, language)
    made = build(edition, content, about(setup, edition))
    refresh(edition)
    return made


def ready(edition: Edition, language: str = "") -> tuple[Setup, Manifest]:
    """The settings and the manifest of a draft that may be published.

    Raises:
        DataError: with everything that the draft still lacks, or the reason why there is nothing new to publish.
    """
    setup = editions.load(edition)
    spoken = language or setup.assessment.language
    refresh(edition)
    content = publish_checks.draft(edition, spoken)
    refused = publish_checks.refusals(setup, content, spoken)
    if refused:
        head = wording.say("publish_refused", spoken, edition=edition.name, count=len(refused))
        raise DataError("\n".join([head, *(f"  - {each}" for each in refused)]))
    publish_checks.changed(edition, content, spoken)
    return setup, content


def refresh(edition: Edition) -> None:
    """Brings the list and the pages of versions up to date with the folders there are, as after a kill."""
    if versions.of(edition) or edition.versions_file.is_file():
        versions_history.refresh(edition)
        versions_page.write(edition)


def withdraw(edition: Edition, name: str, reason: str, date: str, language: str) -> None:
    """Marks a version as withdrawn; its folder stays as it is. The caller holds the edition's lock.

    Raises:
        UsageError: there is no such version, it is withdrawn already, or no reason or day is given.
    """
    refresh(edition)
    version = versions.one(edition, name, language)
    states = versions_history.states(edition)
    if states[version.name].withdrawn:
        raise UsageError(wording.say("withdraw_already", language, version=version.name))
    if not reason.strip():
        raise UsageError(wording.say("withdraw_reason", language, version=version.name))
    try:
        day = datetime.date.fromisoformat(date).isoformat()
    except ValueError:
        raise UsageError(wording.say("withdraw_date", language, date=date)) from None
    versions_history.withdraw(edition, version.name, day, " ".join(reason.split()))
    versions_page.write(edition)


def about(setup: Setup, edition: Edition) -> dict[str, object]:
    """What a manifest says of its version, but for the hashes of the files: no clock, the document's own date."""
    document, title = setup.assessment.document, setup.assessment.title
    before = versions.of(edition)
    return {
        "version": versions_history.following(edition),
        "replaces": before[-1].name if before else "",
        "number": assessment_words.number(document),
        "date": document.date,
        "title": {"vi": title.vi, "en": title.en},
    }


def build(edition: Edition, content: Manifest, said: Mapping[str, object]) -> Version:
    """Puts a version together beside its place, and then gives it its name in one step.

    Raises:
        DataError: a file changed while it was copied.
    """
    version, folder = Version(edition, str(said["version"])), edition.publishing
    versions_files.clear(folder)
    hashes = _copy(edition, content, folder)
    written = versions.sealed({**content, OWN: {**said, "files": hashes}})
    (folder / MANIFEST).write_bytes(written)
    versions_files.freeze(folder)
    versions_files.place(folder, version.folder)
    return version


def _copy(edition: Edition, content: Manifest, folder: Path) -> dict[str, str]:
    """Copies every file of a version and gives their hashes, which are those that the run recorded."""
    recorded = dict(_copies(edition, content))
    for name, (source, _) in recorded.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    hashes = {name: tables.sha256(folder / name) for name in sorted(recorded)}
    torn = [name for name, digest in hashes.items() if digest != recorded[name][1]]
    if torn:
        versions_files.clear(folder)
        raise DataError(wording.say("publish_torn", "", files=", ".join(torn)))
    return hashes


def _copies(edition: Edition, content: Manifest) -> list[tuple[str, tuple[Path, str]]]:
    """Every file of a version by its path there: where it is copied from, and the hash that the run recorded."""
    found = []
    for name, digest in content["outputs"].items():
        path = edition.root / name
        inner = path.relative_to(edition.draft) if path.is_relative_to(edition.draft) else None
        inside = inner or Path(VALIDATED) / path.relative_to(edition.validated)
        found.append((inside.as_posix(), (path, digest)))
    inputs = publish_inputs.recorded(content)
    return [*found, *((f"{INPUTS}/{name}", (edition.root / name, digest)) for name, digest in inputs.items())]
