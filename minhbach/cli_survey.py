"""The command line of a survey round: forms out, corrections into the ledger, confirmation sheets."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import Any

ENTRY = ("reason", "authority", "evidence", "by", "date", "round", "finding_id", "expected")
REQUIRED = ("reason", "authority", "by", "date")


def add(commands: Any) -> None:
    """Adds `forms`, `correct` and `confirm` to the command line."""
    write = commands.add_parser("forms", help="write the survey forms and the annex of the letter")
    correct = commands.add_parser("correct", help="show what a correction would change, then add it to the ledger")
    confirm = commands.add_parser("confirm", help="write the confirmation sheets of a round, and the register")
    for parser, command in ((write, "write_forms"), (correct, "correct"), (confirm, "confirm")):
        parser.add_argument("edition")
        parser.add_argument("--lang", choices=("vi", "en"), default="")
        parser.set_defaults(command=_run, named=command)
    correct.add_argument("--unit", required=True, help="the unit's id")
    correct.add_argument("--field", required=True, help="the field's id, or _file for which of two forms counts")
    correct.add_argument("--value", required=True, help="the new value; an empty text makes it blank")
    for name in ENTRY:
        correct.add_argument(f"--{name.removesuffix('_id')}", dest=name, required=name in REQUIRED)
    correct.add_argument("--yes", action="store_true", help="write the entry; without it, only show what would change")
    confirm.add_argument("--round", type=int, choices=(1, 2), required=True)


def _run(options: argparse.Namespace, _: object) -> None:
    getattr(import_module("minhbach.cli_survey_commands"), options.named)(options)
