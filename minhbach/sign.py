"""Signs a finished report, or a published version: its reports and, with the same key, the list of all its files."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from minhbach import (
    evidence_seal,
    sign_check,
    sign_pdf,
    sign_place,
    sign_statement,
    tables,
    verify,
    verify_file,
    verify_project,
    versions_errata,
    versions_files,
    versions_signed,
    wording,
)
from minhbach.errors import DataError, UsageError
from minhbach.sign_certificates import fingerprint, named
from minhbach.sign_key import Key
from minhbach.verify_file import Opened
from minhbach.versions import MANIFEST, Version

REPORT: Final = "report.pdf"


def report(content: bytes, key: Key, picture: Path | None, language: str, moment: datetime.datetime) -> bytes:
    """A sealed report with one more signature, in its signature block where it has one.

    Raises:
        DataError: `verify` would not accept the signature; the text says why.
    """
    found, seal = verify_file.opened(content), evidence_seal.read(content)
    assert found is not None
    assert seal is not None
    room = sign_place.room(found)
    second = evidence_seal.signed(content)
    box = sign_place.part(room, second=second, picture=picture is not None) if room else None
    made = sign_pdf.signed(content, key, sign_pdf.Look(box, picture, language), seal.sha256, moment)
    _accepted(made, key, language)
    return made


def _accepted(made: bytes, key: Key, language: str) -> None:
    """DataError where a signature that was just made is not one that `verify` accepts."""
    found = verify_file.opened(made)
    looked = sign_check.check(found, language) if found else None
    if looked is None or looked.check.differences:
        reason = looked.check.differences[0].text if looked else "–"
        raise DataError(wording.say("sign_refused", language, name=named(key.certificate), reason=reason))


def may(path: Path, language: str, *, again: bool) -> tuple[bytes, str]:
    """The bytes of a report that may be signed, and its language.

    Raises:
        UsageError: it cannot be read, or is no report.
        DataError: it does not verify, is a draft, or is signed (not signed, where it is to be countersigned).
    """
    content = verify_file.content(path, language)
    result = verify.verify(path, language)
    spoken = result.language
    if result.differences:
        said = {"count": len(result.differences), "first": result.differences[0].text}
        raise DataError(wording.say("sign_unverified", spoken, file=path, **said))
    found = verify_file.opened(content)
    assert found is not None
    if _draft(found):
        raise DataError(wording.say("sign_draft", spoken, file=path))
    count = len(result.signers)
    if count and not again:
        raise DataError(wording.say("sign_again", spoken, file=path, name=result.signers[-1].name))
    if again and not count:
        raise DataError(wording.say("sign_first", spoken, file=path))
    if count >= versions_signed.MOST:
        raise DataError(wording.say("sign_most", spoken, file=path, count=count))
    return content, str(found.own.get("language") or spoken)


def _draft(found: Opened) -> bool:
    carried = verify_project.carried(found, "vi")
    return carried.setup.assessment.document.draft or bool(carried.setup.unchecked)


def file(path: Path, target: Path, key: Key, picture: Path | None, language: str, *, again: bool) -> None:
    """Signs one report into a new file.

    Raises:
        UsageError: the new file is there already; and as `may` does.
    """
    if target.exists():
        raise UsageError(wording.say("sign_exists", language, file=target))
    content, spoken = may(path, language, again=again)
    made = report(content, key, picture, spoken, datetime.datetime.now(datetime.UTC))
    versions_files.write(target, made)


@dataclass(frozen=True)
class Reports:
    """Signed reports by their path in a version, and the moment at which all of them were signed."""

    files: Mapping[str, bytes]
    moment: datetime.datetime


def version(of: Version, key: Key, picture: Path | None, language: str, *, again: bool) -> Path:
    """Signs a version: the signed reports and the statement stand beside it, in a folder that is never changed again.

    Raises:
        DataError: as `may` does for each report.
    """
    before = versions_signed.folders(of)
    if before and not again:
        raise DataError(wording.say("sign_again", language, file=of.name, name=before[-1].name))
    source = before[-1] if before else of.folder
    return beside(of, reports(source, of.languages, key, picture, language, again=again), key, language)


def reports(
    source: Path, languages: Sequence[str], key: Key, picture: Path | None, language: str, *, again: bool
) -> Reports:
    """The reports of a folder in all languages, signed; nothing is written.

    Raises:
        DataError: as `may` and `report` do.
    """
    moment, files = datetime.datetime.now(datetime.UTC).replace(microsecond=0), dict[str, bytes]()
    for position, each in enumerate(languages):
        inner = f"{each}/{REPORT}" if position else REPORT
        content, spoken = may(source / inner, language, again=again)
        files[inner] = report(content, key, picture, spoken, moment)
    return Reports(files, moment)


def beside(of: Version, made: Reports, key: Key, language: str) -> Path:
    """Puts signed reports of a version and the statement on all its files beside it, whole or not at all.

    The statement is on the manifest of the notice too, where an erratum has made one.
    """
    target = of.folder.with_name(versions_signed.name(of, len(versions_signed.folders(of)) + 1))
    building = of.edition.reports / ".signing"
    versions_files.clear(building)
    files = {**of.files, MANIFEST: tables.sha256(of.folder / MANIFEST), **noticed(of)}
    for inner, content in made.files.items():
        (building / inner).parent.mkdir(parents=True, exist_ok=True)
        (building / inner).write_bytes(content)
        files[f"{target.name}/{inner}"] = hashlib.sha256(content).hexdigest()
    said = sign_statement.written(files, _about(of, key, made.moment), key, language)
    (building / versions_signed.STATEMENT).write_bytes(said)
    versions_files.freeze(building)
    versions_files.place(building, target)
    return target


def noticed(of: Version) -> dict[str, str]:
    """The SHA-256 of the manifest of a version's notice by its path beside the version; nothing without a notice."""
    file = versions_errata.folder(of) / MANIFEST
    return {f"{file.parent.name}/{MANIFEST}": tables.sha256(file)} if file.is_file() else {}


def _about(of: Version, key: Key, moment: datetime.datetime) -> Mapping[str, object]:
    said = {name: of.own.get(name, "") for name in ("version", "replaces", "number", "date", "title")}
    return {
        "edition": of.edition.name,
        **said,
        "signer": named(key.certificate),
        "certificateSha256": fingerprint(key.certificate),
        "signedAt": moment.isoformat().replace("+00:00", "Z"),
        "clock": "signer",
    }


def language_of(of: Version, asked: str) -> str:
    """The language in which a version is told."""
    return asked or of.languages[0]
