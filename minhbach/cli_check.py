"""The command that checks what units sent, before anything is scored, and writes what is sent back to them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from minhbach import editions, returned, returned_page, staging, wording
from minhbach import returned_summary as summary
from minhbach.editions import Setup
from minhbach.errors import DataError
from minhbach.findings import SEVERITIES
from minhbach.paths import Edition
from minhbach.returned import Checked
from minhbach.returned_words import severity

WIDTH = 80
MOST_RULES, MOST_UNITS, MOST_NAMED = 10, 10, 12
PAGE = "summary.html"


def check(options: argparse.Namespace) -> None:
    """Checks what units sent and writes marked workbooks; DataError where there are errors."""
    setup = editions.load(Edition(options.edition).required())
    language = options.lang or setup.assessment.language
    with staging.alone(setup.edition, language), returned.building(setup.edition) as folder:
        parts = returned.check(setup, language, folder)
        returned_page.write(setup, parts, language, folder / PAGE)
    folder = returned.folder_of(setup.edition)
    console = Console(width=WIDTH, highlight=False)
    for piece in said(setup, parts, folder, language):
        console.print(piece)
    errors = summary.severities(summary.findings_of(parts))[0]
    if errors:
        raise DataError(wording.say("check_stop", language, count=errors, page=(folder / PAGE).as_posix()))


def said(setup: Setup, parts: Sequence[Checked], folder: Path, language: str) -> Iterator[Table | Text]:
    """The summary for a terminal of 80 columns, piece by piece."""
    counts = summary.severities(summary.findings_of(parts))
    pairs = zip(SEVERITIES, counts, strict=True)
    yield Text(" · ".join(f"{severity(name, language)}: {count}" for name, count in pairs))
    if any(counts):
        yield _rules(parts, language)
        yield _units(setup, parts, language)
    else:
        yield Text(wording.say("check_none", language))
    yield from _receipts(setup, parts, language)
    books = sum(len(part.workbooks) for part in parts)
    yield Text(wording.say("check_sent", language, count=books, folder=folder.as_posix()))
    yield Text(wording.say("check_written", language, page=(folder / PAGE).as_posix()))


def _rules(parts: Sequence[Checked], language: str) -> Table:
    rules = sorted(summary.by_rule(parts, language), key=lambda each: -each.count)
    table = _table("check_most_rules", ("check_severity", "check_rule", "check_count", "check_example"), language)
    for each in rules[:MOST_RULES]:
        table.add_row(*map(Text, (severity(each.severity, language), each.rule, str(each.count), each.example)))
    _more(table, len(rules) - MOST_RULES, language)
    return table


def _units(setup: Setup, parts: Sequence[Checked], language: str) -> Table:
    units = summary.by_unit(parts, tuple(setup.units))
    table = _table("check_most_units", ("check_unit", *(f"found_{name}" for name in SEVERITIES)), language)
    for each in units[:MOST_UNITS]:
        name = f"{each.unit.unit_id} {each.unit.name}" if each.unit else wording.say("check_no_unit", language)
        table.add_row(*map(Text, (name, *map(str, each.counts))))
    _more(table, len(units) - MOST_UNITS, language)
    return table


def _receipts(setup: Setup, parts: Sequence[Checked], language: str) -> Iterator[Text]:
    """One paragraph for absent units, one for late ones, one for those without a date of receipt."""
    listed = summary.receipts(parts, tuple(setup.units))
    for state in ("absent", "late", "undated"):
        names = [f"{each.unit.unit_id} {each.unit.name}" for each in listed if each.state == state]
        if names:
            more = f", … ({len(names)})" if len(names) > MOST_NAMED else ""
            words = wording.say(f"check_of_{state}", language)
            yield Text(f"{words} ({len(names)}): {', '.join(names[:MOST_NAMED])}{more}")


def _table(title: str, columns: Sequence[str], language: str) -> Table:
    table = Table(title=wording.say(title, language), title_justify="left", box=None, pad_edge=False, width=WIDTH)
    for key in columns:
        words = wording.say(key, language)
        number = key == "check_count" or key.startswith("found_")
        long = key in ("check_example", "check_unit")
        table.add_column(words, justify="right" if number else "left", ratio=1 if long else None, no_wrap=True)
    return table


def _more(table: Table, count: int, language: str) -> None:
    if count > 0:
        table.caption, table.caption_justify = wording.say("check_more", language, count=count), "left"
