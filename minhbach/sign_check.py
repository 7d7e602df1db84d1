"""The signatures of a report: what each covers, whose it is, by whose clock, and what was changed after it."""

from __future__ import annotations

import datetime
import io
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyhanko.pdf_utils.misc import PdfError, PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel, SuspiciousModification
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator.context import ValidationContext

from minhbach import evidence_seal, sign_certificates, sign_place, sign_update
from minhbach.evidence_reading import UnreadableError
from minhbach.sign_certificates import Certificate
from minhbach.sign_pdf import SEALED
from minhbach.verify_file import Opened
from minhbach.verify_result import Check, Findings, Signer
from minhbach.versions_signed import ZONE

FAULTS: Final = (PdfError, PdfReadError, SignatureValidationError, SigningError, UnreadableError, ValueError, KeyError,
                 TypeError, AttributeError, IndexError, RecursionError, NotImplementedError, OSError)  # fmt: skip
MOST: Final = 20  # signatures that are looked at
LAYER: Final = "signature"
USAGE: Final = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).addHandler(logging.NullHandler())  # what is wrong is told as differences


@dataclass(frozen=True)
class Looked:
    """The layer of signatures, the signers, and whether the file but for them is what was sealed."""

    check: Check
    signers: tuple[Signer, ...]
    sealed_only: bool


def check(found: Opened, language: str, roots: Sequence[Certificate] = ()) -> Looked | None:
    """The signatures of an opened report; None where it has none."""
    known = evidence_seal.read(found.data)
    if not evidence_seal.signed(found.data):
        return None
    told = Findings(LAYER, language)
    alone = known is not None and known.holds and _only_signed(found, known, told)
    try:
        reader = PdfFileReader(io.BytesIO(found.data))
        signatures = list(reader.embedded_signatures)[:MOST]
    except FAULTS as error:
        told.differs("sign_unread", "", reason=error)
        signatures = []
    told.total = max(1, len(signatures))
    signers = tuple(_signers(found, signatures, known.sha256 if known else "", roots, told))
    if not signers and not told.differences:
        told.differs("sign_unread", "", reason="–")
    return Looked(told.check(), signers, alone)


def _only_signed(found: Opened, seal: evidence_seal.Seal, told: Findings) -> bool:
    """Whether nothing but signatures came after the seal; each other change is told."""
    try:
        changed = sign_update.changes(found.data[: seal.end], found.data, sign_place.room(found))
    except (*FAULTS, RuntimeError) as error:
        told.differs("sign_unread", "", reason=error)
        return False
    for kind, place, page in changed:
        told.differs(f"sign_{kind}", place, page)
    return not changed and all(signs for _, _, signs in evidence_seal.revisions(found.data, seal))


def _signers(
    found: Opened, signatures: Sequence[Any], sealed: str, roots: Sequence[Certificate], told: Findings
) -> Iterator[Signer]:
    for number, each in enumerate(signatures, 1):
        try:
            yield _signer(number, each, len(found.data), sealed, roots, told)
        except FAULTS as error:
            told.differs("sign_unread", str(number), reason=error)


def _signer(number: int, embedded: Any, size: int, sealed: str, roots: Sequence[Certificate], told: Findings) -> Signer:
    context = ValidationContext(trust_roots=[], allow_fetching=False, revocation_mode="soft-fail")
    status = validate_pdf_signature(embedded, context, key_usage_settings=USAGE)
    owner = sign_certificates.of_asn1(embedded.signer_cert)
    name, place = sign_certificates.named(owner), f"{number}"
    covered = int(embedded.byte_range[2]) + int(embedded.byte_range[3])
    intact = bool(status.intact and status.valid)
    if not intact:
        told.differs("sign_broken", place, name=name, covered=covered)
    reason = str(embedded.sig_object.get("/Reason", ""))
    if reason.startswith(SEALED) and reason.removeprefix(SEALED) != sealed:
        told.differs("sign_other_seal", place, name=name, other=reason.removeprefix(SEALED)[:16], own=sealed[:16])
    if intact and _changed(embedded, status):
        told.differs("sign_later", place, name=name, covered=covered)
    moment = status.signer_reported_dt
    others = [sign_certificates.of_asn1(each) for each in embedded.other_embedded_certs]
    return signer(owner, others, moment, (covered, size), intact, roots, told, place)


def signer(
    owner: Certificate,
    others: Sequence[Certificate],
    moment: datetime.datetime | None,
    covered: tuple[int, int],
    intact: bool,
    roots: Sequence[Certificate],
    told: Findings,
    place: str,
) -> Signer:
    """Who signed, and how far that is known; a difference where the certificate does not do."""
    at = moment or datetime.datetime.now(datetime.UTC)
    trust = sign_certificates.trust(sign_certificates.ordered(owner, others), roots, at)
    name = sign_certificates.named(owner)
    if trust in ("expired", "refused") or (roots and trust != "trusted"):
        told.differs(f"sign_{trust}", place, name=name, issuer=sign_certificates.issuer(owner))
    return Signer(
        name=name,
        organisation=sign_certificates.organisation(owner),
        issuer=sign_certificates.issuer(owner),
        time=moment.astimezone(ZONE).isoformat(timespec="seconds") if moment else "",
        begins=owner.not_valid_before_utc.date().isoformat(),
        ends=owner.not_valid_after_utc.date().isoformat(),
        certificate_sha256=sign_certificates.fingerprint(owner),
        covered=covered[0],
        size=covered[1],
        intact=intact,
        trust=trust,
    )


def _changed(embedded: Any, status: Any) -> bool:
    """Whether a later update changes what was signed, other than by a further signature."""
    if isinstance(embedded.diff_result, SuspiciousModification):
        return True
    return bool(status.modification_level and status.modification_level > ModificationLevel.FORM_FILLING)
