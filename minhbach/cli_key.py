"""The options that name a key for signing, and the key that they name. No option takes a password."""

from __future__ import annotations

import argparse
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from minhbach import wording
from minhbach.errors import UsageError

if TYPE_CHECKING:
    from minhbach.sign_key import Key


def add(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """Adds the options; a key must be named where it is `required`."""
    key = parser.add_mutually_exclusive_group(required=required)
    key.add_argument("--pkcs12", type=Path, metavar="KEY.p12", help="sign with a file that has key and certificate")
    key.add_argument("--pkcs11", type=Path, metavar="LIBRARY", help="sign with a token: the library that speaks to it")
    parser.add_argument("--token", default="", metavar="LABEL", help="of --pkcs11: the token's label")
    parser.add_argument("--key", default="", metavar="LABEL", help="of --pkcs11: the key's label, if it has several")
    parser.add_argument("--password-fd", type=int, metavar="N", help="read the password from this file descriptor")
    parser.add_argument("--certificates", type=Path, metavar="CHAIN.pem", help="certificates that vouch for yours")
    parser.add_argument("--picture", type=Path, metavar="FILE.png", help="what the signature shows (docs/signing.md)")


def named(options: argparse.Namespace) -> bool:
    """Whether a key is named.

    Raises:
        UsageError: none is, and yet something about one.
    """
    if options.pkcs12 or options.pkcs11:
        return True
    about = (options.token, options.key, options.certificates, options.picture)
    if any(about) or options.password_fd is not None:
        raise UsageError(wording.say("sign_no_key_named", options.lang))
    return False


def opened(options: argparse.Namespace) -> AbstractContextManager[Key]:
    """The key that the options name, with its password asked for.

    Raises:
        UsageError: a file or library is not there, or there is no way to ask for the password.
    """
    from minhbach import sign_key, sign_token  # they take long to import

    more = sign_key.chain(options.certificates, options.lang)
    _there(options.pkcs12 or options.pkcs11, options.lang)
    if options.pkcs12:
        asked = wording.say("sign_ask", options.lang, file=options.pkcs12.name)
        secret = sign_key.password(options.password_fd, asked, options.lang)
        return sign_key.of_pkcs12(options.pkcs12, secret, more, options.lang)
    sign_token.ready(options.lang)
    asked = wording.say("sign_ask_pin", options.lang, token=options.token or "–")
    secret = sign_key.password(options.password_fd, asked, options.lang)
    token = sign_token.Token(options.pkcs11, options.token, options.key)
    return sign_token.opened(token, secret, more, options.lang)


def _there(file: Path, language: str) -> None:
    if not file.is_file():
        reason = wording.say("sign_absent", language)
        raise UsageError(wording.say("sign_no_file", language, file=file, reason=reason))


def done(options: argparse.Namespace, target: Path, key: Key) -> None:
    """Says what was signed, by whom and by whose clock."""
    from minhbach.sign_certificates import named as name_of

    print(wording.say("sign_done", options.lang, target=target.as_posix(), name=name_of(key.certificate)))
    print(wording.say("sign_clock", options.lang))
