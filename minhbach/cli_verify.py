"""The command that verifies a report with nothing but its PDF."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from minhbach import cli_publish, wording
from minhbach.errors import DataError, UsageError

if TYPE_CHECKING:
    from minhbach.sign_certificates import Certificate


def add(commands: Any) -> None:
    """Adds `verify FILE` to the command line."""
    parser = commands.add_parser("verify", help="verify a report.pdf with nothing but that file, or a version")
    parser.add_argument("file", type=Path, help="the report's PDF, wherever it stands; or an edition")
    parser.add_argument("version", nargs="?", default="", help="of an edition: the version (default: the latest)")
    parser.add_argument("--rebuild", action="store_true", help="of a version: run everything again and compare")
    parser.add_argument("--trust", type=Path, metavar="ROOTS.pem", help="certificates that you trust for signatures")
    parser.add_argument("--lang", choices=("vi", "en"), default="", help="default: the language of the report")
    parser.add_argument("--json", action="store_true", help="the whole result as JSON (docs/verify.md)")
    parser.set_defaults(command=_verify)


def _verify(options: argparse.Namespace, _: object) -> None:
    from minhbach import verify, verify_print  # other commands start without what this one needs

    if options.version or (not options.file.is_file() and cli_publish.is_edition(str(options.file))):
        cli_publish.verify(options, _roots(options))
        return
    if options.rebuild:
        raise UsageError(wording.say("version_rebuild_file", options.lang))
    result = verify.verify(options.file, options.lang, _roots(options))
    print(verify_print.as_json(result) if options.json else verify_print.text(result))
    if not result.agrees:
        count = len(result.differences)
        raise DataError(wording.say("verify_failed", result.language, file=options.file, count=count))


def _roots(options: argparse.Namespace) -> list[Certificate]:
    """The certificates that are trusted; none are built in."""
    if options.trust is None:
        return []
    from minhbach import sign_certificates

    return sign_certificates.of_file(options.trust, options.lang)
