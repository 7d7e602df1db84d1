"""Certificates: read from files, named, put in order from the signer to the root, and judged."""

from __future__ import annotations

import asyncio
import datetime
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from pyhanko_certvalidator import CertificateValidator
from pyhanko_certvalidator.context import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from minhbach import wording
from minhbach.errors import UsageError

LARGEST: Final = 10_000_000  # bytes of a file of certificates
LONGEST: Final = 10  # certificates from a signer to a root
Certificate = x509.Certificate
FAULTS: Final = (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm)


def of_file(file: Path, language: str) -> list[Certificate]:
    """The certificates of a PEM or DER file.

    Raises:
        UsageError: it cannot be read, or holds none.
    """
    try:
        content = file.read_bytes() if file.stat().st_size <= LARGEST else b""
    except OSError as error:
        raise UsageError(wording.say("sign_no_file", language, file=file, reason=error.strerror)) from None
    try:
        found = of_pem(content) if b"-----BEGIN" in content else [x509.load_der_x509_certificate(content)]
    except ValueError:
        found = []
    if not found:
        raise UsageError(wording.say("sign_no_certificates", language, file=file))
    return found


def of_pem(content: bytes) -> list[Certificate]:
    """The certificates of a PEM text; ValueError where it is none."""
    return list(x509.load_pem_x509_certificates(content))


def pem(certificate: Certificate) -> str:
    """A certificate as text."""
    return certificate.public_bytes(Encoding.PEM).decode("ascii")


def to_asn1(certificate: Certificate) -> asn1.Certificate:
    """A certificate as pyHanko has it."""
    found: asn1.Certificate = asn1.Certificate.load(certificate.public_bytes(Encoding.DER))
    return found


def of_asn1(certificate: asn1.Certificate) -> Certificate:
    """A certificate of pyHanko; ValueError where it is damaged."""
    return x509.load_der_x509_certificate(certificate.dump())


def named(certificate: Certificate) -> str:
    """Whom a certificate is for: the common name, else the whole name."""
    return _named(certificate.subject)


def organisation(certificate: Certificate) -> str:
    """The body that the owner belongs to, as the certificate says; empty where it does not."""
    found = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return _text(found[0].value) if found else ""


def issuer(certificate: Certificate) -> str:
    """Who issued a certificate."""
    return _named(certificate.issuer)


def fingerprint(certificate: Certificate) -> str:
    """The SHA-256 of a certificate."""
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()


def key_id(certificate: Certificate) -> str:
    """The SHA-256 of the public key, by which envelopes name a key."""
    public = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(public).hexdigest()


def ordered(owner: Certificate, others: Iterable[Certificate]) -> tuple[Certificate, ...]:
    """The owner's certificate and, one after the other, those that issued it, as far as they are there."""
    known, found = {fingerprint(each): each for each in others}, [owner]
    while len(found) < LONGEST and found[-1].subject != found[-1].issuer:
        above = next((each for each in known.values() if each not in found and issued(found[-1], each)), None)
        if above is None:
            break
        found.append(above)
    return tuple(found)


def issued(certificate: Certificate, by: Certificate) -> bool:
    """Whether a certificate bears the signature of another."""
    try:
        certificate.verify_directly_issued_by(by)
    except FAULTS:
        return False
    return True


def trust(chain: Sequence[Certificate], roots: Sequence[Certificate], moment: datetime.datetime) -> str:
    """How far a signer is known at a moment: `trusted` by a root that was named, `consistent` (whole up to a root for
    which nobody vouches), `open` (no root is there), `expired`, or `refused` (a rule of RFC 5280 is broken).

    Revocation is not looked at: it would take the network.
    """
    whole = ordered(chain[0], [*chain[1:], *roots])
    if any(not each.not_valid_before_utc <= moment <= each.not_valid_after_utc for each in whole):
        return "expired"
    if roots and _follows(whole, roots, moment):
        return "trusted"
    if not issued(whole[-1], whole[-1]):
        return "open"
    return "consistent" if _follows(whole, whole[-1:], moment) else "refused"


def _follows(chain: Sequence[Certificate], roots: Sequence[Certificate], moment: datetime.datetime) -> bool:
    """Whether a path of RFC 5280 leads from the owner to one of the roots."""
    context = ValidationContext(
        trust_roots=[to_asn1(each) for each in roots],
        other_certs=[to_asn1(each) for each in chain[1:]],
        moment=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    checker = CertificateValidator(to_asn1(chain[0]), validation_context=context)
    try:
        asyncio.run(checker.async_validate_path())
    except (ValidationError, PathError, *FAULTS):
        return False
    return True


def _named(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return _text(found[0].value) if found else name.rfc4514_string()


def _text(value: str | bytes) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
