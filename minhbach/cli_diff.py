"""The command that says what differs between two versions of an edition, or between two editions, and why."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from minhbach import wording
from minhbach.errors import UsageError
from minhbach.paths import NAME

VERSION = re.compile(r"draft|v[1-9][0-9]{0,5}")
Named = tuple[str, str]


def add(commands: Any) -> None:
    """Adds `diff EDITION v1 v2` and `diff EDITION OTHER-EDITION` to the command line."""
    parser = commands.add_parser("diff", help="what changed between two versions or editions, and why")
    parser.add_argument("edition")
    parser.add_argument("sides", nargs="+", metavar="SIDE", help="versions (v1, draft), or another edition")
    parser.add_argument("--lang", choices=("vi", "en"), default="", help="default: the language of the later report")
    parser.add_argument("--json", action="store_true", help="everything as JSON (docs/diff.md)")
    parser.add_argument("--markdown", metavar="FILE", type=Path, help="everything as Markdown, for a notice")
    parser.add_argument("--page", metavar="FILE", type=Path, help="both PDFs side by side, changed numbers marked")
    parser.set_defaults(command=_diff)


def sides(names: Sequence[str], language: str) -> tuple[Named, Named]:
    """The two sides that were named, earlier first, each as edition and version ("" for the latest).

    Raises:
        UsageError: there are not two, or one is not an edition or a version.
    """
    found: list[Named] = []
    edition, waiting = "", False
    for name in names:
        if VERSION.fullmatch(name) and edition:
            found.append((edition, name))
            waiting = False
        elif NAME.fullmatch(name) and not VERSION.fullmatch(name):
            found += [(edition, "")] if waiting else []
            edition, waiting = name, True
        else:
            raise UsageError(wording.say("diff_sides", language, name=repr(name[:60])))
    found += [(edition, "")] if waiting else []
    if len(found) == 1 and not waiting:
        found.append((edition, "draft"))
    if len(found) != 2:
        raise UsageError(wording.say("diff_how_many", language))
    if found[0] == found[1]:
        raise UsageError(wording.say("diff_twice", language, name=" ".join(filter(None, found[0]))))
    return found[0], found[1]


def _diff(options: argparse.Namespace, _: object) -> None:
    from minhbach import diff, diff_markdown, diff_page, diff_print, diff_side  # other commands start without these

    earlier, later = sides((options.edition, *options.sides), options.lang)
    for path in filter(None, (options.markdown, options.page)):
        _may_be_written(path, options.lang)
    second = diff_side.opened(*later, options.lang)
    first = diff_side.opened(*earlier, second.evidence.language)
    found = diff.difference(first, second)
    written = []
    for path, make in ((options.markdown, diff_markdown.document), (options.page, diff_page.page)):
        if path is not None:
            path.write_text(make(found), encoding="utf-8", newline="\n")
            written.append(path.as_posix())
    print(diff_print.as_json(found) if options.json else diff_print.text(found, written))
    if written and not options.json:
        print("", *(wording.say("diff_written", found.language, file=file) for file in written), sep="\n")


def _may_be_written(path: Path, language: str) -> None:
    """UsageError for a folder, a file in no folder, and one inside a published version, which never changes."""
    if path.is_dir():
        raise UsageError(wording.say("target_folder", language, file=path.as_posix()))
    if not path.parent.is_dir():
        raise UsageError(wording.say("target_parent", language, file=path.as_posix(), folder=path.parent.as_posix()))
    folders = path.absolute().parents
    if any((each / "manifest.json").is_file() and VERSION.fullmatch(each.name) for each in folders):
        raise UsageError(wording.say("diff_inside", language, file=path.as_posix()))
