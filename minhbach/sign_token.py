"""A key on a PKCS#11 token: found by its label, with the certificate that stands beside it; it never leaves the token.

What a token refuses is told in our words only: its own may hold anything.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from minhbach import wording
from minhbach.errors import DataError, UsageError
from minhbach.sign_certificates import Certificate, of_asn1, to_asn1
from minhbach.sign_key import Key, usable

PINS: Final = ("PinIncorrect", "PinInvalid", "PinLenRange")


@dataclass(frozen=True)
class Token:
    """A token: the library that speaks to it, its label, the label of the key where it has several."""

    library: Path
    label: str
    key: str = ""


def ready(language: str) -> None:
    """UsageError where python-pkcs11, which speaks to tokens, is not installed."""
    if importlib.util.find_spec("pkcs11") is None:
        raise UsageError(wording.say("sign_no_pkcs11", language))


@contextmanager
def opened(of: Token, secret: str, more: Sequence[Certificate], language: str) -> Iterator[Key]:
    """The key of a token, as long as the session with it lasts; `more` are further certificates of its chain.

    Raises:
        UsageError: python-pkcs11 is not installed.
        DataError: there is no such token, key or certificate, the token refuses, or the certificate is not valid now.
    """
    ready(language)
    from pkcs11.exceptions import PKCS11Error
    from pyhanko.sign.general import SigningError

    with ExitStack() as stack:
        try:
            device = _device(of, language)
            session = stack.enter_context(device.open(user_pin=secret))
            key = _key(of, session, device.slot.get_mechanisms(), more, language)
        except (PKCS11Error, SigningError, OSError, RuntimeError, ValueError) as error:
            raise _refused(of, error, language) from None
        try:
            yield key
        except (PKCS11Error, SigningError) as error:
            raise _refused(of, error, language) from None


def _device(of: Token, language: str) -> Any:
    """The token of a label, or the only one there is."""
    import pkcs11

    there = [slot.get_token() for slot in pkcs11.lib(str(of.library)).get_slots(token_present=True)]
    known = [each for each in there if each.label]  # a slot without one is a token that nobody set up
    found = [each for each in known if of.label in ("", each.label)]
    if len(found) == 1:
        return found[0]
    raise DataError(wording.say("sign_token_which", language, token=of.label or "–", known=_labels(known)))


def _key(of: Token, session: Any, mechanisms: Any, more: Sequence[Certificate], language: str) -> Key:
    from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
    from pyhanko.sign.pkcs11 import PKCS11Signer

    keys = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.SIGN: True}))
    found = [each for each in keys if of.key in ("", each.label)]
    if len(found) != 1:
        raise DataError(wording.say("sign_token_key", language, label=of.key or "–", known=_labels(keys)))
    (key,) = found
    if key.key_type not in (KeyType.RSA, KeyType.EC):
        raise DataError(wording.say("sign_kind", language, file=key.label))
    certificates = list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}))
    owner = _owner(key, certificates)
    if owner is None:
        raise DataError(wording.say("sign_no_certificate", language, file=f"{of.label or '–'}: {key.label}"))
    whole = {KeyType.RSA: Mechanism.SHA256_RSA_PKCS, KeyType.EC: Mechanism.ECDSA_SHA256}[key.key_type]
    others = [*(_certificate(each) for each in certificates), *more]
    signer = PKCS11Signer(
        session,
        signing_cert=to_asn1(owner),
        ca_chain=[to_asn1(each) for each in others],
        key_label=key.label if not key.id else None,
        key_id=key.id or None,
        use_raw_mechanism=whole not in mechanisms,  # a token that cannot hash gets the hash
    )
    return usable(signer, owner, others, language)


def _owner(key: Any, certificates: Sequence[Any]) -> Certificate | None:
    """The certificate of a key: that of its id, or of its label."""
    from pkcs11 import Attribute

    for attribute, wanted in ((Attribute.ID, key.id), (Attribute.LABEL, key.label)):
        for each in certificates if wanted else ():
            if each[attribute] == wanted:
                return _certificate(each)
    return None


def _certificate(of: Any) -> Certificate:
    from asn1crypto import x509
    from pkcs11 import Attribute

    return of_asn1(x509.Certificate.load(of[Attribute.VALUE]))


def _labels(of: Sequence[Any]) -> str:
    return ", ".join(sorted({str(each.label) for each in of})) or "–"


def _refused(of: Token, error: Exception, language: str) -> DataError:
    """What a token refused: the PIN, or something of which we say the kind only."""
    kind = type(error).__name__
    key = "sign_token_pin" if kind in PINS else "sign_token_locked" if kind == "PinLocked" else "sign_token"
    return DataError(wording.say(key, language, token=of.label or "–", reason=kind))
