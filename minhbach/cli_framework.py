"""The commands about frameworks: check a file, show one, compare two."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from rich.console import Console

from minhbach import framework, framework_extend, framework_show
from minhbach.errors import UsageError


def add(commands: Any) -> None:
    """Adds `framework check FILE`, `framework show ID` and `framework diff A B` to the command line."""
    parser = commands.add_parser("framework", help="check, show or compare frameworks")
    actions = parser.add_subparsers(title="actions", required=True)
    check = actions.add_parser("check", help="say every mistake of a framework file, by line")
    check.add_argument("file", type=Path)
    check.set_defaults(command=_check)
    show = actions.add_parser("show", help="the tree of criteria with maxima, formulas and basis")
    show.add_argument("framework", help="the id of a framework in frameworks/")
    show.add_argument("--lang", choices=("vi", "en"), default="vi")
    show.set_defaults(command=_show)
    diff = actions.add_parser("diff", help="every difference between two frameworks")
    diff.add_argument("before")
    diff.add_argument("after")
    diff.set_defaults(command=_diff)


def _check(options: argparse.Namespace, _: object) -> None:
    if not options.file.is_file():
        raise UsageError(f"There is no file {options.file}; name a framework file such as frameworks/NAME.yaml.")
    read = framework.load(options.file)
    criteria = sum(not node.children for node in read.nodes.values())
    print(f"{options.file}: no mistakes. {len(read.fields)} fields, {len(read.nodes)} nodes, {criteria} criteria.")


def _show(options: argparse.Namespace, _: object) -> None:
    Console(highlight=False).print(framework_show.tree(framework.find(options.framework), options.lang))


def _diff(options: argparse.Namespace, _: object) -> None:
    contents = [framework.content(framework.existing(name)) for name in (options.before, options.after)]
    rows = framework_extend.differences(*contents)
    if rows:
        Console(highlight=False).print(framework_show.changes(rows, options.before, options.after))
    else:
        print(f"{options.before} and {options.after} do not differ.")
