"""Verifies a report with nothing but its PDF: the file, what it carries, all that follows from it, and its pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from minhbach import evidence_seal, verify_facts, verify_file, verify_pages, verify_raw, verify_scores, wording
from minhbach.errors import UsageError
from minhbach.evidence_files import FACTS
from minhbach.evidence_reading import UnreadableError
from minhbach.facts import Fact
from minhbach.verify_file import Opened
from minhbach.verify_project import UNREADABLE, Carried, carried
from minhbach.verify_result import LAYERS, Check, Findings, Result, Signer, left_out

if TYPE_CHECKING:
    from minhbach.sign_certificates import Certificate

LANGUAGES = ("vi", "en")
Signers = tuple[Signer, ...]


def verify(path: Path, language: str = "", roots: Sequence[Certificate] = ()) -> Result:
    """Everything that can be said about a report by its PDF alone; told in the report's language if none is given.

    `roots` are the certificates that whoever asks trusts; without them signers are told, but nobody vouches for them.

    Raises:
        UsageError: no such file, no PDF, or a PDF that carries no evidence of ours.
    """
    data = verify_file.content(path, language)
    try:
        found = verify_file.opened(data)
    except UnreadableError as error:
        return _unreadable(path, data, str(error), language)
    if found is None:
        raise UsageError(wording.say("verify_no_evidence", language, file=path))
    spoken = found.own.get("language")
    printed = spoken if spoken in LANGUAGES else "vi"
    told = language or printed
    checks, signers, found = _signed(found, told, roots)
    checks += [verify_file.attachments(found, told), verify_file.pages(found, told)]
    inside = _carried(found, printed, told)
    if isinstance(inside, Check):
        checks += [inside, *left_out(LAYERS[4:], told)]
        return Result(path.name, told, _about(found, None), tuple(checks), (), signers)
    ledger, more = _ledger(inside, told)
    checks += [verify_raw.check(found, inside, told), verify_scores.signatures(inside, told), *more]
    checks += [*verify_scores.checks(inside, told), verify_scores.firmness(inside, told)]
    checks += [*verify_facts.checks(inside, ledger.values(), told)]
    page, counts = verify_pages.check(found, inside, ledger, told)
    return Result(path.name, told, _about(found, inside), (*checks, page), counts, signers)


def _signed(found: Opened, language: str, roots: Sequence[Certificate]) -> tuple[list[Check], Signers, Opened]:
    """Seal and signatures; and the report as it was sealed, where nothing but signatures came after."""
    checks = [verify_file.seal(found.data, language)]
    seal = evidence_seal.read(found.data)
    if seal is None or not evidence_seal.signed(found.data):
        return checks, (), found
    from minhbach import sign_check  # takes long to import, and most reports have no signature

    looked = sign_check.check(found, language, roots)
    if looked is None:
        return checks, (), found
    before = verify_file.opened(found.data[: seal.end]) if looked.sealed_only else None
    return [*checks, looked.check], looked.signers, before or found


def _unreadable(path: Path, data: bytes, reason: str, language: str) -> Result:
    """A damaged file: one of ours by its seal, or else none that can be verified."""
    key, _, details = reason.partition(" ")
    if evidence_seal.MARK not in data:
        raise UsageError(wording.say(f"verify_file_{key}", language, file=path, reason=details))
    found = Findings("attachment", language)
    found.differs("file_unread", path.name, reason=details or key)
    checks = (verify_file.seal(data, language), found.check(), *left_out(LAYERS[2:], language))
    return Result(path.name, language or "vi", {}, checks)


def _carried(found: Opened, printed: str, language: str) -> Carried | Check:
    """The project inside, or why it cannot be put together."""
    try:
        inside = carried(found, printed)
        inside.evidence.facts, inside.evidence.places, inside.recomputed  # noqa: B018 - read once, here
    except UNREADABLE as error:
        told = Findings("raw", language)
        told.differs("no_project", "", reason=error)
        return told.check()
    return inside


def _ledger(inside: Carried, language: str) -> tuple[Mapping[str, Fact], Iterator[Check]]:
    """The attached facts; none, with a difference, where the table is not ours."""
    try:
        return verify_facts.ledger(inside), iter(())
    except UNREADABLE as error:
        told = Findings("fact", language)
        told.differs("not_computed", FACTS, reason=error)
        return {}, iter((told.check(),))


def _about(found: Opened, inside: Carried | None) -> dict[str, str]:
    """What the report says about itself."""
    versions = found.manifest.get("versions")
    known = versions if isinstance(versions, dict) else {}
    return {
        "edition": str(found.manifest.get("edition", "")),
        "title": inside.setup.assessment.title.say(inside.evidence.printed) if inside else "",
        "minhbach": str(known.get("minhbach", "")),
        "pages": str(len(found.pdf.pages)),
        "unchecked": "" if (found.manifest.get("numbers") or {}).get("checked", True) else "yes",
    }
