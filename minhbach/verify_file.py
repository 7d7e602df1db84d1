"""The file itself: its seal, what it carries by the manifest's hashes, and its pages by their digests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pikepdf

from minhbach import evidence, evidence_reading, evidence_seal, wording
from minhbach.errors import UsageError
from minhbach.evidence_files import FACTS, MANIFEST, SETTINGS, unflat
from minhbach.evidence_pages import Digests
from minhbach.evidence_reading import LARGEST, MOST_FILES, Inside, UnreadableError
from minhbach.verify_result import Check, Findings

HEAD = 1_024  # bytes in which a PDF says what it is
Manifest = Mapping[str, Any]


@dataclass(frozen=True)
class Opened:
    """A PDF that carries evidence: its bytes, what it carries by path, the manifest, and what cannot be read."""

    data: bytes
    pdf: pikepdf.Pdf
    files: Mapping[str, bytes]
    faults: tuple[Inside, ...]
    manifest: Manifest

    @property
    def own(self) -> Manifest:
        """What the manifest says about this very file."""
        found = self.manifest.get("evidence")
        return found if isinstance(found, dict) else {}


def content(path: Path, language: str) -> bytes:
    """The bytes of a PDF.

    Raises:
        UsageError: there is no such file, or it is no PDF.
    """
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= LARGEST else b""
    except OSError as error:
        raise UsageError(wording.say("verify_no_file", language, file=path, reason=error.strerror)) from None
    if size > LARGEST:
        raise UsageError(wording.say("verify_too_large", language, file=path, limit=LARGEST // 1_000_000))
    if b"%PDF-" not in data[:HEAD] and evidence_seal.MARK not in data:
        raise UsageError(wording.say("verify_no_pdf", language, file=path))
    return data


def opened(data: bytes) -> Opened | None:
    """The PDF with what it carries; None where it carries nothing of ours.

    Raises:
        UnreadableError: it is damaged, or locked with a password.
    """
    pdf = evidence_reading.opened(data)
    inside = list(evidence_reading.attachments(pdf))
    files = {unflat(each.name): each.content for each in inside if not each.fault}
    known = {unflat(each.name) for each in inside}
    if not known & {MANIFEST, FACTS}:
        return None
    return Opened(data, pdf, files, tuple(each for each in inside if each.fault), _manifest(files.get(MANIFEST, b"")))


def _manifest(content: bytes) -> Manifest:
    try:
        found = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


# The seal ---------------------------------------------------------------------------------------------------


def seal(data: bytes, language: str) -> Check:
    """Whether every byte of the file is as it was when it was sealed, and what was added to it."""
    found = Findings("seal", language)
    found.total = 1
    known = evidence_seal.read(data)
    if known is None:
        found.differs("seal_missing", MANIFEST)
        return found.check()
    if not known.holds and not known.broken:
        found.differs("seal_itself", f"{known.covered}–{known.end}", first=known.covered, last=known.end)
    for block in known.broken:
        first, last = block * evidence_seal.BLOCK, min((block + 1) * evidence_seal.BLOCK, known.covered)
        touched = evidence_seal.objects(data, first, last)
        objects = f"{touched[0]}–{touched[-1]}" if touched else "–"
        found.differs("seal_block", f"{first}–{last}", first=first, last=last, objects=objects)
    for first, last, signs in evidence_seal.revisions(data, known):
        if not signs:
            found.differs("seal_added", f"{first}–{last}", first=first, last=last)
    return found.check(wording.say("verify_seal_note", language, bytes=known.covered, sha256=known.sha256[:16]))


# What it carries --------------------------------------------------------------------------------------------


def attachments(found: Opened, language: str) -> Check:
    """Every attachment by the hash that the manifest has: changed, missing, added, unreadable."""
    told = Findings("attachment", language)
    listed = found.own.get("attachments")
    known = {str(name): str(digest) for name, digest in listed.items()} if isinstance(listed, dict) else {}
    told.total = len(known) + 1
    for fault in found.faults:
        told.differs(f"why_{fault.fault}", unflat(fault.name))
    _manifest_itself(found, told)
    broken = {unflat(fault.name) for fault in found.faults}
    for name in sorted(known.keys() - found.files.keys() - broken):
        told.differs("missing", name)
    for name in sorted(found.files.keys() - known.keys() - {MANIFEST}) if known else ():
        told.differs("extra", name)
    for name in sorted(known.keys() & found.files.keys()):
        now = hashlib.sha256(found.files[name]).hexdigest()
        if now != known[name]:
            told.differs("changed", name, now=now[:16], before=known[name][:16])
    for name, digest in _recorded(found):
        if name in found.files and hashlib.sha256(found.files[name]).hexdigest() != digest:
            told.differs("recorded", name, before=digest[:16])
    if len(found.files) > MOST_FILES:
        told.differs("too_many", MANIFEST, limit=MOST_FILES)
    return told.check()


def _manifest_itself(found: Opened, told: Findings) -> None:
    if MANIFEST not in found.files:
        told.differs("missing", MANIFEST)
    elif not found.own or not evidence.says_itself(found.manifest, found.files[MANIFEST]):
        told.differs("manifest", MANIFEST)


def _recorded(found: Opened) -> Iterator[tuple[str, str]]:
    """The hashes that the run took of settings, units, received files and frameworks, by the attachment's path."""
    inputs, frameworks = found.manifest.get("inputs"), found.manifest.get("frameworks")
    head = f"data/raw/{found.manifest.get('edition')}/"
    for name, digest in inputs.items() if isinstance(inputs, dict) else ():
        inner = str(name).removeprefix(head)
        yield (inner if inner in SETTINGS else f"raw/{inner}"), str(digest)
    for each in frameworks.values() if isinstance(frameworks, dict) else ():
        files = each.get("files") if isinstance(each, dict) else None
        for name, digest in files.items() if isinstance(files, dict) else ():
            yield f"frameworks/{PurePosixPath(str(name)).name}", str(digest)


# Its pages --------------------------------------------------------------------------------------------------


def pages(found: Opened, language: str) -> Check:
    """Every page, and what belongs to no page, by the digest of what it draws."""
    told = Findings("content", language)
    known, parts = found.own.get("pages"), found.own.get("parts")
    if not isinstance(known, list) or not isinstance(parts, dict):
        return told.check(wording.say("verify_not_done", language), done=False)
    told.total = len(known) + len(parts)
    digests = Digests(found.pdf)
    try:
        now, others = digests.pages(), digests.parts()
    except (UnreadableError, pikepdf.PdfError, ValueError, RuntimeError, TypeError, AttributeError, KeyError) as error:
        told.differs("content_unread", "", reason=error)
        return told.check()
    for number in range(1, max(len(known), len(now)) + 1):
        if known[number - 1 : number] != now[number - 1 : number]:
            told.differs("page_content", str(number), number)
    for name in sorted(parts.keys() | others.keys()):
        if parts.get(name) != others.get(name):
            told.differs("part", str(name), what=name)
    return told.check()
