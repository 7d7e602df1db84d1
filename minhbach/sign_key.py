"""The key that signs, here from a PKCS#12 file, opened with a password that is written nowhere."""

from __future__ import annotations

import datetime
import getpass
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from asn1crypto import keys
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from pyhanko.sign.signers import Signer, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from minhbach import wording
from minhbach.errors import DataError, UsageError
from minhbach.sign_certificates import Certificate, named, of_file, ordered, to_asn1

LARGEST: Final = 1_000_000  # bytes of a key file, and of a password
DIGEST: Final = "sha256"
_KINDS: Final = (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)


@dataclass(frozen=True)
class Key:
    """A private key that can sign, with the certificate of its owner and those that vouch for it."""

    signer: Signer
    certificates: tuple[Certificate, ...]

    @property
    def certificate(self) -> Certificate:
        """The certificate of the owner."""
        return self.certificates[0]


def password(descriptor: int | None, asked: str, language: str) -> str:
    """The password: the first line of a file descriptor, or what is typed where nobody sees it.

    Raises:
        UsageError: the descriptor cannot be read, or there is no terminal to ask on.
    """
    if descriptor is not None:
        try:
            with os.fdopen(descriptor, "rb") as stream:
                return stream.readline(LARGEST).rstrip(b"\r\n").decode("utf-8")
        except (OSError, UnicodeDecodeError, OverflowError):
            raise UsageError(wording.say("sign_descriptor", language, number=descriptor)) from None
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(f"{asked}: ")
        except (getpass.GetPassWarning, EOFError):
            raise UsageError(wording.say("sign_no_terminal", language)) from None


@contextmanager
def of_pkcs12(file: Path, secret: str, more: Sequence[Certificate], language: str) -> Iterator[Key]:
    """The key of a PKCS#12 file; `more` are further certificates of its chain.

    Raises:
        UsageError: the file cannot be read.
        DataError: wrong password, no private key, no certificate, or one that is not valid now.
    """
    private, certificate, others = _unlocked(file, secret, language)
    if private is None:
        raise DataError(wording.say("sign_no_key", language, file=file))
    if certificate is None:
        raise DataError(wording.say("sign_no_certificate", language, file=file))
    if not isinstance(private, _KINDS):
        raise DataError(wording.say("sign_kind", language, file=file))
    content = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    store = SimpleCertificateStore()
    store.register_multiple([to_asn1(each) for each in (*others, *more)])
    signer = SimpleSigner(
        signing_cert=to_asn1(certificate), signing_key=keys.PrivateKeyInfo.load(content), cert_registry=store
    )
    yield usable(signer, certificate, (*others, *more), language)


def _unlocked(file: Path, secret: str, language: str) -> tuple[Any, Certificate | None, list[Certificate]]:
    try:
        content = file.read_bytes() if file.stat().st_size <= LARGEST else b""
    except OSError as error:
        raise UsageError(wording.say("sign_no_file", language, file=file, reason=error.strerror)) from None
    try:
        return pkcs12.load_key_and_certificates(content, secret.encode("utf-8") or None)
    except (ValueError, TypeError):
        raise DataError(wording.say("sign_password", language, file=file)) from None


def chain(file: Path | None, language: str) -> list[Certificate]:
    """The further certificates of a PEM file; none where no file is named."""
    return of_file(file, language) if file is not None else []


def usable(signer: Signer, owner: Certificate, others: Sequence[Certificate], language: str) -> Key:
    """The key with its chain in order.

    Raises:
        DataError: the certificate is not valid now.
    """
    now = datetime.datetime.now(datetime.UTC)
    begins, ends = owner.not_valid_before_utc, owner.not_valid_after_utc
    if not begins <= now <= ends:
        said = {"name": named(owner), "begins": begins.date().isoformat(), "ends": ends.date().isoformat()}
        raise DataError(wording.say("sign_expired", language, **said))
    return Key(signer, ordered(owner, others))
