"""The annexes about the data: absent and unconfirmed units, how to check the report, and the files as received."""

from __future__ import annotations

from itertools import groupby

from minhbach import tables, wording
from minhbach.book import Book
from minhbach.markdown import declared, numbered, paragraphs, table
from minhbach.paths import Edition
from minhbach.report_layout import compact, each, see
from minhbach.report_survey import absent_units, late, round_number
from minhbach.results import Results


def absent(book: Book) -> str:
    """Units late, without data (with the reason where one is recorded), or not confirmed."""
    return each(book, lambda results: paragraphs(late(results), _absent(book, results), _open(results)))


def _absent(book: Book, results: Results) -> str:
    language, framework_id = book.language, results.framework.id
    missing = set(absent_units(results))
    if not missing:
        return ""
    reasons = book.setup.assessed(framework_id).absent
    undeclared = wording.say("absent_undeclared", language)
    rows = [
        [
            results.name(unit),
            declared(reasons[unit.unit_id].say(language)) if unit.unit_id in reasons else undeclared,
        ]
        for unit in results.units
        if unit.unit_id in missing
    ]
    label = f"absent-{framework_id}"
    header = [wording.say(f"col_{each}", language) for each in ("unit", "reason")]
    intro = wording.say("absent_ref", language, table=f"tbl-{label}")
    return paragraphs(intro, table(label, results.caption("absent_table"), header, rows, "ll", (34, 66)))


def _open(results: Results) -> str:
    """The state of each confirmation of the units that have not confirmed everything."""
    language, waiting = results.language, [unit for unit in results.units if unit.unit_id in results.unconfirmed]
    if not waiting:
        return ""
    states = {(row.unit_id, row.round): row.state for row in tables.rows(results.frames["confirmations"])}
    rounds = sorted({number for _, number in states})
    rows = [
        [results.name(unit), *(_state(states.get((unit.unit_id, number), ""), language) for number in rounds)]
        for unit in waiting
    ]
    shown = [round_number(results, int(number)) for number in rounds]
    header = [wording.say("col_unit", language)]
    header += [wording.say("col_round", language, round=number) for number in shown]
    label = f"unconfirmed-{results.framework.id}"
    intro = wording.say("unconfirmed_intro", language, table=f"tbl-{label}")
    caption = results.caption("unconfirmed_table")
    return paragraphs(intro, table(label, caption, header, rows, "l" * len(header), (34, *[33] * len(rounds))))


def _state(state: str, language: str) -> str:
    return wording.say(f"state_{state}", language) if state else "–"


def check(book: Book) -> str:
    """How a reader follows any number back to its cell."""
    language = book.language
    name = book.setup.edition.name
    details = {"table": "tbl-raw-files", "method": see("method"), "edition": name}
    items = [_literal(wording.say(f"check_{place}", language, **details)) for place in (1, 2, 3, 4, 5)]
    again = _literal(wording.say("check_rerun", language, edition=name))
    return paragraphs(wording.say("check_intro", language), numbered(items), again)


def files(book: Book) -> str:
    """The files as received and their SHA-256, by folder."""
    language, header = book.language, [wording.say(f"col_{each}", book.language) for each in ("file", "hash")]
    rows = []
    for folder, listed in groupby(raw_files(book.setup.edition), key=lambda each: each[0].rpartition("/")[0]):
        if folder:
            rows.append([f"[{declared(folder)}]{{.group}}", ""])
        rows += [[declared(file.rpartition("/")[2]), f"[`{digest}`]{{.declared}}"] for file, digest in listed]
    intro = wording.say("files_intro", language, table="tbl-raw-files")
    body = table("raw-files", wording.say("check_table", language), header, rows, "ll", (31, 69))
    return paragraphs(intro, compact(body))


def _literal(sentence: str) -> str:
    """A sentence with code in it that contains numerals, marked as declared text piece by piece."""
    parts = sentence.split("`")
    return "".join(
        f"[`{part}`]{{.declared}}"
        if place % 2 and any(map(str.isdigit, part))
        else (f"`{part}`" if place % 2 else part)
        for place, part in enumerate(parts)
    )


def raw_files(edition: Edition) -> list[tuple[str, str]]:
    """Files of the edition's folder and their SHA-256: those of the folder itself, then folder by folder."""
    files = sorted(edition.received(), key=lambda file: (file.parent != edition.raw, file.as_posix()))
    return [(file.relative_to(edition.raw).as_posix(), tables.sha256(file)) for file in files]
