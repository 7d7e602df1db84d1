"""The command that reads a reviewer's tick list, as the audit pages export it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from minhbach.paths import Edition
from minhbach.trace_evidence import DRAFT


def add(commands: Any) -> None:
    """Adds `review EDITION FILE` to the command line."""
    parser = commands.add_parser("review", help="read a reviewer's tick list: the questioned numbers with their chains")
    parser.add_argument("edition")
    parser.add_argument("file", type=Path, help="the file that a reviewer exported from the audit pages")
    parser.add_argument("--version", default=DRAFT, help="draft (default) or the published version that was reviewed")
    parser.add_argument("--lang", choices=("vi", "en"), default="", help="default: the language of the report")
    parser.set_defaults(command=_review)


def _review(options: argparse.Namespace, _: object) -> None:
    from minhbach import audit_review
    from minhbach.trace_evidence import Evidence

    evidence = Evidence(Edition(options.edition), options.version, options.lang)
    for line in audit_review.told(evidence, audit_review.read(evidence, options.file)):
        print(line)
