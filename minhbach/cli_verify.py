"""The command that verifies a report with nothing but its PDF."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from minhbach import wording
from minhbach.errors import DataError


def add(commands: Any) -> None:
    """Adds `verify FILE` to the command line."""
    parser = commands.add_parser("verify", help="verify a report.pdf with nothing but that file")
    parser.add_argument("file", type=Path, help="the report's PDF, wherever it stands")
    parser.add_argument("--lang", choices=("vi", "en"), default="", help="default: the language of the report")
    parser.add_argument("--json", action="store_true", help="the whole result as JSON (docs/verify.md)")
    parser.set_defaults(command=_verify)


def _verify(options: argparse.Namespace, _: object) -> None:
    from minhbach import verify, verify_print  # other commands start without what this one needs

    result = verify.verify(options.file, options.lang)
    print(verify_print.as_json(result) if options.json else verify_print.text(result))
    if not result.agrees:
        count = len(result.differences)
        raise DataError(wording.say("verify_failed", result.language, file=options.file, count=count))
