"""The command line of a survey round: forms out, corrections into the ledger, confirmation sheets."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import Any

ENTRY = ("reason", "authority", "evidence", "by", "date", "round", "finding_id", "expected")
REQUIRED = ("reason", "authority", "by", "date")


def add(commands: Any) -> None:
    """Adds `forms`, `check`, `correct` and `confirm` to the command line."""
    write = commands.add_parser("forms", help="write the survey forms and the annex of the letter")
    check = commands.add_parser("check", help="check what units sent; write marked workbooks to send back")
    correct = commands.add_parser("correct", help="show what a correction would change, then add it to the ledger")
    confirm = commands.add_parser("confirm", help="write the confirmation sheets of a round, and the register")
    named = ((write, "write_forms"), (check, "check"), (correct, "correct"), (confirm, "confirm"))
    for parser, name in named:
        parser.add_argument("edition")
        parser.add_argument("--lang", choices=("vi", "en"), default="")
        parser.set_defaults(command=_run, named=name)
    correct.add_argument("--unit", required=True, help="the unit's id")
    correct.add_argument("--field", required=True, help="the field's id, or _file for which of two forms counts")
    correct.add_argument("--value", required=True, help="the new value; an empty text makes it blank")
    for name in ENTRY:
        correct.add_argument(f"--{name.removesuffix('_id')}", dest=name, required=name in REQUIRED)
    correct.add_argument("--yes", action="store_true", help="write the entry; without it, only show what would change")
    confirm.add_argument("--round", type=int, choices=(1, 2), required=True)


def _run(options: argparse.Namespace, _: object) -> None:
    # Great Expectations takes seconds to import, and only these commands need it.
    module = "cli_check" if options.named == "check" else "cli_survey_commands"
    getattr(import_module(f"minhbach.{module}"), options.named)(options)
