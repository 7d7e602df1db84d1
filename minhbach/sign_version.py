"""The signatures of a published version: the statement on all its files, and the signed reports beside it."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from minhbach import (
    sign,
    sign_check,
    sign_statement,
    tables,
    verify_file,
    versions_files,
    versions_history,
    versions_signed,
)
from minhbach.errors import DataError, UsageError
from minhbach.evidence_reading import UnreadableError
from minhbach.sign_certificates import Certificate, fingerprint
from minhbach.verify_result import Check, Findings, Signer
from minhbach.versions import MANIFEST, Version
from minhbach.versions_check import Verified
from minhbach.versions_signed import LAYER


def check(version: Version, language: str, roots: Sequence[Certificate] = ()) -> tuple[Check, tuple[Signer, ...]]:
    """Every signature of a version: who made it, and whether files and reports are those that were signed."""
    told, signers = Findings(LAYER, language), list[Signer]()
    for folder in versions_signed.folders(version):
        told.total += len(version.languages) + 1
        envelope = _envelope(version, folder, roots, told, signers)
        for position, each in enumerate(version.languages):
            inner = f"{each}/{sign.REPORT}" if position else sign.REPORT
            _report(version, folder, inner, envelope, roots, told)
        _extra(version, folder, told)
    _listed(version, told)
    return told.check(), tuple(signers)


def added(result: Verified, roots: Sequence[Certificate] = ()) -> tuple[Verified, tuple[Signer, ...]]:
    """The verification of a version with the layer of signatures, where it has any, and who signed."""
    if not result.version.is_readable:
        return result, ()  # told of the version itself
    made, signers = check(result.version, result.language, roots)
    return (replace(result, checks=(*result.checks, made)) if made.total or made.differences else result), signers


def _envelope(
    version: Version, folder: Path, roots: Sequence[Certificate], told: Findings, signers: list[Signer]
) -> dict[str, str]:
    """The files that a statement names, with their hashes; none where it cannot be read."""
    place = f"{folder.name}/{versions_signed.STATEMENT}"
    try:
        envelope = sign_statement.read((folder / versions_signed.STATEMENT).read_bytes())
        subjects, about = envelope.subjects, envelope.predicate
        moment = datetime.datetime.fromisoformat(str(about["signedAt"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        told.differs("sign_unread", place, reason=error)
        return {}
    owner = envelope.certificates[0]
    if not envelope.holds or about.get("certificateSha256") != fingerprint(owner):
        told.differs("sign_statement", place)
    if (about.get("edition"), about.get("version")) != (version.edition.name, version.name):
        told.differs("sign_named", place, now=f"{about.get('edition')} {about.get('version')}")
    expected = {**version.files, MANIFEST: tables.sha256(version.folder / MANIFEST)}
    expected |= {name: digest for name, digest in sign.noticed(version).items() if name in subjects}
    for name in sorted(expected.keys() | {name for name in subjects if not name.startswith(f"{folder.name}/")}):
        if subjects.get(name) != expected.get(name):
            told.differs("sign_subject", f"{folder.name}: {name}")
    covered = (len(subjects), 0)
    others = envelope.certificates[1:]
    signers.append(sign_check.signer(owner, others, moment, covered, envelope.holds, roots, told, place))
    return subjects


def _report(
    version: Version, folder: Path, inner: str, subjects: dict[str, str], roots: Sequence[Certificate], told: Findings
) -> None:
    """A signed report by the statement, by the version's own, and by its signatures."""
    place = f"{folder.name}/{inner}"
    try:
        content, own = (folder / inner).read_bytes(), (version.folder / inner).read_bytes()
        found = verify_file.opened(content)
    except (OSError, UnreadableError, UsageError) as error:
        told.differs("sign_unread", place, reason=error)
        return
    if subjects.get(place) != hashlib.sha256(content).hexdigest():
        told.differs("sign_subject", place)
    if not content.startswith(own):
        told.differs("sign_other_report", place)
    looked = sign_check.check(found, told.language, roots) if found else None
    if looked is None:
        told.differs("sign_unread", place, reason="–")
        return
    told.differences += looked.check.differences


def _listed(version: Version, told: Findings) -> None:
    """The statements by versions.csv, which has a line for each signature of a version."""
    try:
        events = versions_history.read(version.edition)
    except DataError:
        return  # told of the version's manifest
    lines = versions_history.of(events, version, versions_history.SIGNED)
    there = {folder.name: folder / versions_signed.STATEMENT for folder in versions_signed.folders(version)}
    names = [versions_signed.name(version, number) for number in range(1, versions_signed.MOST + 1)]
    for position, name in enumerate(names):
        listed = lines[position].manifest_sha256 if position < len(lines) else ""
        now = tables.sha256(there[name]) if name in there and there[name].is_file() else ""
        if listed != now:
            key = "sign_gone" if not now else "sign_unlisted" if not listed else "sign_listed"
            told.differs(key, f"{name}/{versions_signed.STATEMENT}", by=lines[position].by if listed else "–")


def _extra(version: Version, folder: Path, told: Findings) -> None:
    """Files that no signature made."""
    known = {versions_signed.STATEMENT, *(f"{each}/{sign.REPORT}" for each in version.languages[1:]), sign.REPORT}
    for path in versions_files.files(folder):
        name = path.relative_to(folder).as_posix()
        if name not in known:
            told.differs("sign_extra", f"{folder.name}/{name}")
