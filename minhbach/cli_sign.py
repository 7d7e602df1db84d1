"""The command that signs a report or a published version."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from minhbach import cli_key, cli_publish, staging, wording
from minhbach.errors import UsageError
from minhbach.paths import Edition


def add(commands: Any) -> None:
    """Adds `sign FILE` and `sign EDITION VERSION` to the command line."""
    parser = commands.add_parser("sign", help="sign a report.pdf, or a published version, with a key of your own")
    parser.add_argument("file", type=Path, help="the report's PDF; or an edition")
    parser.add_argument("version", nargs="?", default="", help="of an edition: the version such as v1")
    cli_key.add(parser, required=True)
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
    with cli_key.opened(options) as key:
        sign.file(options.file, target, key, options.picture, options.lang, again=options.countersign)
        cli_key.done(options, target, key)


def _version(options: argparse.Namespace) -> None:
    from minhbach import publish, sign, versions

    if options.output:
        raise UsageError(wording.say("sign_output", options.lang))
    if not re.fullmatch(versions.NAME, options.version):
        raise UsageError(wording.say("sign_version", options.lang, edition=options.file))
    version = versions.one(Edition(str(options.file)), options.version, options.lang)
    language = sign.language_of(version, options.lang)
    with staging.alone(version.edition, language):
        publish.refresh(version.edition)
        with cli_key.opened(options) as key:
            target = sign.version(version, key, options.picture, language, again=options.countersign)
            publish.refresh(version.edition)
            cli_key.done(options, target, key)
