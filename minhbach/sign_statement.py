"""What a signature says of a version: an in-toto statement with the hash of every file, in a signed DSSE envelope."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from minhbach import sign_certificates, wording
from minhbach.errors import DataError
from minhbach.sign_certificates import Certificate, pem
from minhbach.sign_key import DIGEST, Key
from minhbach.versions_signed import LARGEST

PAYLOAD: Final = "application/vnd.in-toto+json"
STATEMENT: Final = "https://in-toto.io/Statement/v1"
# in-toto's own "release" needs the package registry's address of a package, which a report has not.
PREDICATE: Final = "urn:x-minhbach:publication:1"


@dataclass(frozen=True)
class Envelope:
    """An envelope as it was read: the statement, the certificates inside, and whether its signature holds."""

    statement: Mapping[str, Any]
    certificates: tuple[Certificate, ...]
    holds: bool

    @property
    def subjects(self) -> dict[str, str]:
        """The SHA-256 of each file by its name."""
        return {str(each["name"]): str(each["digest"][DIGEST]) for each in self.statement["subject"]}

    @property
    def predicate(self) -> Mapping[str, Any]:
        """What is said of the version."""
        found: Mapping[str, Any] = self.statement["predicate"]
        return found


def written(files: Mapping[str, str], about: Mapping[str, object], key: Key, language: str) -> bytes:
    """The envelope for files by their SHA-256, signed: RSA with PKCS#1 v1.5, or ECDSA, over SHA-256.

    Raises:
        DataError: what the key signs does not fit its certificate.
    """
    statement = {
        "_type": STATEMENT,
        "subject": [{"name": name, "digest": {DIGEST: files[name]}} for name in sorted(files)],
        "predicateType": PREDICATE,
        "predicate": dict(about),
    }
    payload = json.dumps(statement, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8")
    signature = asyncio.run(key.signer.async_sign_raw(encoded(PAYLOAD, payload), DIGEST))
    if not fits(key.certificate, signature, encoded(PAYLOAD, payload)):
        raise DataError(wording.say("sign_unfit", language, name=sign_certificates.named(key.certificate)))
    said = {
        "keyid": sign_certificates.key_id(key.certificate),
        "sig": base64.b64encode(signature).decode("ascii"),
        "certificates": [pem(each) for each in key.certificates],
    }
    whole = {"payloadType": PAYLOAD, "payload": base64.b64encode(payload).decode("ascii"), "signatures": [said]}
    return (json.dumps(whole, indent=1) + "\n").encode("utf-8")


def encoded(kind: str, payload: bytes) -> bytes:
    """What DSSE signs: kind and payload with their lengths, so that neither can pass for the other."""
    return b"DSSEv1 %d %s %d %s" % (len(kind.encode()), kind.encode(), len(payload), payload)


def read(content: bytes) -> Envelope:
    """An envelope of ours.

    Raises:
        ValueError: it is something else.
    """
    try:
        whole = json.loads(content[:LARGEST].decode("utf-8"))
        payload = base64.b64decode(whole["payload"], validate=True)
        (said,) = whole["signatures"]
        certificates = tuple(sign_certificates.of_pem("".join(said["certificates"]).encode("ascii")))
        statement, kind = json.loads(payload.decode("utf-8")), str(whole["payloadType"])
        signature = base64.b64decode(said["sig"], validate=True)
        holds = kind == PAYLOAD and fits(certificates[0], signature, encoded(kind, payload))
        found = Envelope(statement, certificates, holds)
        if (statement["_type"], statement["predicateType"]) != (STATEMENT, PREDICATE) or not found.subjects:
            raise ValueError("_type")
        found.predicate["version"]
    except (KeyError, TypeError, IndexError, AttributeError, RecursionError, binascii.Error) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None
    return found


def fits(certificate: Certificate, signature: bytes, signed: bytes) -> bool:
    """Whether a signature over bytes was made with the key of a certificate."""
    public = certificate.public_key()
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, signed, ec.ECDSA(hashes.SHA256()))
        else:
            return False
    except (InvalidSignature, ValueError):
        return False
    return True
