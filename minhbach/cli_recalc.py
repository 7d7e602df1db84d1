"""The command that lets LibreOffice recalculate a draft's workbook and compares every cell."""

from __future__ import annotations

import argparse
from typing import Any

from minhbach import editions, recalc, staging
from minhbach.paths import Edition


def add(commands: Any) -> None:
    """Adds `recalc EDITION` to the command line."""
    parser = commands.add_parser("recalc", help="recalculate the draft's workbook with LibreOffice and compare")
    parser.add_argument("edition")
    parser.add_argument("--lang", choices=("vi", "en"), default="")
    parser.set_defaults(command=_recalc)


def _recalc(options: argparse.Namespace, _: object) -> None:
    edition = Edition(options.edition).required()
    language = options.lang or editions.load(edition).assessment.language
    with staging.alone(edition, language):
        outcome = recalc.recalculate(edition, language)
        recalc.note(edition, outcome)
    print(recalc.said(outcome, language))
