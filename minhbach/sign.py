"""Signs a finished report, or a published version: its reports and, with the same key, the list of all its files."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from minhbach import (
    evidence_seal,
    sign_pdf,
    sign_place,
    sign_statement,
    tables,
    verify,
    verify_file,
    verify_project,
    versions,
    versions_files,
    wording,
)
from minhbach.errors import DataError, UsageError
from minhbach.sign_certificates import fingerprint, named
from minhbach.sign_key import Key
from minhbach.verify_file import Opened
from minhbach.versions import MANIFEST, Version

REPORT: Final = "report.pdf"
ENDING: Final = ".signed"
MOST: Final = 2  # the signer's signature, and that of the body


def report(content: bytes, key: Key, picture: Path | None, language: str, moment: datetime.datetime) -> bytes:
    """A sealed report with one more signature, in its signature block where it has one."""
    found, seal = verify_file.opened(content), evidence_seal.read(content)
    assert found is not None
    assert seal is not None
    room = sign_place.room(found)
    second = evidence_seal.signed(content)
    box = sign_place.part(room, second=second, picture=picture is not None) if room else None
    return sign_pdf.signed(content, key, sign_pdf.Look(box, picture, language), seal.sha256, moment)


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
    if count >= MOST:
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


def version(of: Version, key: Key, picture: Path | None, language: str, *, again: bool) -> Path:
    """Signs a version: the signed reports and the statement stand beside it, in a folder that is never changed again.

    Raises:
        DataError: as `may` does for each report.
    """
    before = signed_folders(of)
    if before and not again:
        raise DataError(wording.say("sign_again", language, file=of.name, name=before[-1].name))
    source = before[-1] if before else of.folder
    target = of.folder.with_name(of.name + ENDING + (f"-{len(before) + 1}" if before else ""))
    building = of.edition.reports / ".signing"
    versions_files.clear(building)
    building.mkdir(parents=True)
    folder(of, source, building, target.name, key, picture, language, again=again)
    versions_files.freeze(building)
    versions_files.place(building, target)
    return target


def folder(
    of: Version, source: Path, building: Path, name: str, key: Key, picture: Path | None, language: str, *, again: bool
) -> None:
    """Writes the signed reports of `source` and the statement on all files of a version into `building`."""
    moment, files = datetime.datetime.now(datetime.UTC).replace(microsecond=0), dict(of.files)
    files[MANIFEST] = tables.sha256(of.folder / MANIFEST)
    for position, each in enumerate(of.languages):
        inner = f"{each}/{REPORT}" if position else REPORT
        content, spoken = may(source / inner, language, again=again)
        made = report(content, key, picture, spoken, moment)
        (building / inner).parent.mkdir(exist_ok=True)
        (building / inner).write_bytes(made)
        files[f"{name}/{inner}"] = hashlib.sha256(made).hexdigest()
    (building / sign_statement.FILE).write_bytes(sign_statement.written(files, _about(of, key, moment), key))


def signed_folders(of: Version) -> list[Path]:
    """The folders with signatures of a version, oldest first."""
    first = of.folder.with_name(of.name + ENDING)
    more = (first.with_name(f"{first.name}-{number}") for number in range(2, MOST + 1))
    return [each for each in (first, *more) if each.is_dir()]


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
    return asked or versions.languages(of.manifest)[0]
