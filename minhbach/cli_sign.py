"""The command that signs a report or a published version."""

from __future__ import annotations

import argparse
import re
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from minhbach import cli_publish, staging, wording
from minhbach.errors import UsageError
from minhbach.paths import Edition

if TYPE_CHECKING:
    from minhbach.sign_key import Key


def add(commands: Any) -> None:
    """Adds `sign FILE` and `sign EDITION VERSION` to the command line. No option takes a password."""
    parser = commands.add_parser("sign", help="sign a report.pdf, or a published version, with a key of your own")
    parser.add_argument("file", type=Path, help="the report's PDF; or an edition")
    parser.add_argument("version", nargs="?", default="", help="of an edition: the version such as v1")
    key = parser.add_mutually_exclusive_group(required=True)
    key.add_argument("--pkcs12", type=Path, metavar="KEY.p12", help="a file with key and certificate")
    key.add_argument("--pkcs11", type=Path, metavar="LIBRARY", help="the library of a token")
    parser.add_argument("--token", default="", metavar="LABEL", help="of --pkcs11: the token's label")
    parser.add_argument("--key", default="", metavar="LABEL", help="of --pkcs11: the key's label, if it has several")
    parser.add_argument("--password-fd", type=int, metavar="N", help="read the password from this file descriptor")
    parser.add_argument("--certificates", type=Path, metavar="CHAIN.pem", help="certificates that vouch for yours")
    parser.add_argument("--picture", type=Path, metavar="FILE.png", help="what the signature shows (docs/signing.md)")
    parser.add_argument("--countersign", action="store_true", help="add the second signature, that of the body")
    parser.add_argument("--output", type=Path, metavar="FILE", help="of a PDF: the signed file (default: beside it)")
    parser.add_argument("--lang", choices=("vi", "en"), default="", help="default: the language of the report")
    parser.set_defaults(command=_sign)


def _sign(options: argparse.Namespace, _: object) -> None:
    if options.version or (not options.file.is_file() and cli_publish.is_edition(str(options.file))):
        _version(options)
        return
    from minhbach import sign  # other commands start without what this one needs

    target = options.output or options.file.with_name(f"{options.file.stem}.signed.pdf")
    if target.exists():
        raise UsageError(wording.say("sign_exists", options.lang, file=target))
    if target.parent.is_dir() and not target.parent.stat().st_mode & 0o222:
        raise UsageError(wording.say("sign_frozen", options.lang, folder=target.parent))
    sign.may(options.file, options.lang, again=options.countersign)  # before anybody types a password
    with _key(options) as key:
        sign.file(options.file, target, key, options.picture, options.lang, again=options.countersign)
        _done(options, target, key)


def _version(options: argparse.Namespace) -> None:
    from minhbach import sign, versions

    if options.output:
        raise UsageError(wording.say("sign_output", options.lang))
    if not re.fullmatch(versions.NAME, options.version):
        raise UsageError(wording.say("sign_version", options.lang, edition=options.file))
    version = versions.one(Edition(str(options.file)), options.version, options.lang)
    language = sign.language_of(version, options.lang)
    with staging.alone(version.edition, language), _key(options) as key:
        target = sign.version(version, key, options.picture, language, again=options.countersign)
        _done(options, target, key)


def _key(options: argparse.Namespace) -> AbstractContextManager[Key]:
    """The key that the options name, with its password asked for."""
    from minhbach import sign_key

    more = sign_key.chain(options.certificates, options.lang)
    if options.pkcs12:
        if not options.pkcs12.is_file():
            reason = wording.say("sign_absent", options.lang)
            raise UsageError(wording.say("sign_no_file", options.lang, file=options.pkcs12, reason=reason))
        asked = wording.say("sign_ask", options.lang, file=options.pkcs12.name)
        secret = sign_key.password(options.password_fd, asked, options.lang)
        return sign_key.of_pkcs12(options.pkcs12, secret, more, options.lang)
    sign_key.tokens(options.lang)
    asked = wording.say("sign_ask_pin", options.lang, token=options.token or "–")
    secret = sign_key.password(options.password_fd, asked, options.lang)
    token = sign_key.Token(options.pkcs11, options.token, options.key)
    return sign_key.of_token(token, secret, more, options.lang)


def _done(options: argparse.Namespace, target: Path, key: Key) -> None:
    from minhbach.sign_certificates import named

    print(wording.say("sign_done", options.lang, target=target.as_posix(), name=named(key.certificate)))
    print(wording.say("sign_clock", options.lang))
