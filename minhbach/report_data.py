"""The sections about the data: findings, absent units, and how to check the report."""

from __future__ import annotations

from minhbach import tables, wording
from minhbach.book import Book
from minhbach.markdown import declared, numbered, paragraphs, table
from minhbach.paths import Edition
from minhbach.results import Results

MOST_FINDINGS = 60
ABSENCE = ("unit_absent", "unit_absent_known")  # these have a section of their own


def findings(results: Results) -> str:
    """Warnings and notes of the validating stage, each with its address."""
    language, frame = results.language, results.frames["findings"]
    frame = frame[~frame["rule"].isin(ABSENCE)]
    if not len(frame):
        return wording.say("findings_none", language) + "\n"
    where = results.rows_where("findings") + " and not starts_with(rule, 'unit_absent') and severity ="
    label = f"findings-{results.framework.id}"
    intro = wording.say(
        "findings_intro",
        language,
        warnings=results.count("findings.warning.count", f"select count(*) {where} 'warning'"),
        notes=results.count("findings.note.count", f"select count(*) {where} 'note'"),
        table=f"tbl-{label}",
    )
    listed = list(tables.rows(frame.head(MOST_FINDINGS)))
    header = [wording.say(f"col_{each}", language) for each in ("severity", "message")]
    rows = [[wording.say(f"severity_{row.severity}", language), _message(results, row)] for row in listed]
    cut = results.method("findings.printed", len(listed)) if len(frame) > len(listed) else ""
    return paragraphs(
        intro,
        table(label, wording.say("findings_table", language), header, rows, "ll", (12, 88)),
        wording.say("findings_cut", language, count=cut) if cut else "",
    )


def _message(results: Results, row: object) -> str:
    """A finding's sentence, as the fact it is."""
    message, finding_id = str(getattr(row, "message", "")), str(getattr(row, "finding_id", ""))
    return results.ledger.words(f"finding/{finding_id}", message, message, "finding", f"findings.csv: {finding_id}")


def absent(book: Book) -> str:
    """Units of the list that have no row in the data, with the reason where one is recorded."""
    return paragraphs(*(_absent(book, results) for results in book))


def _absent(book: Book, results: Results) -> str:
    language, framework_id = book.language, results.framework.id
    present = set(results.frames["observations"]["unit_id"])
    missing = [unit for unit in results.units if unit.unit_id not in present]
    if not missing:
        return ""
    reasons = book.setup.assessed(framework_id).absent
    kind = results.framework.spec.unit_kind
    listed = f"from units where unit_kind = '{kind}'"
    here = f"(select unit_id from observations where framework = '{framework_id}')"
    intro = wording.say(
        "absent_intro",
        language,
        all=results.count("units.count", f"select count(*) {listed}"),
        absent=results.count("units.absent.count", f"select count(*) {listed} and unit_id not in {here}"),
    )
    undeclared = wording.say("absent_undeclared", language)
    rows = [
        [
            results.name(unit),
            declared(reasons[unit.unit_id].say(language)) if unit.unit_id in reasons else undeclared,
        ]
        for unit in missing
    ]
    header = [wording.say(f"col_{each}", language) for each in ("unit", "reason")]
    return paragraphs(
        intro,
        table(f"absent-{framework_id}", wording.say("absent_table", language), header, rows, "ll", (34, 66)),
    )


def check(book: Book) -> str:
    """How a reader follows any number back to its cell, and the hashes of the files as received."""
    language, edition = book.language, book.setup.edition
    items = [wording.say(f"check_{place}", language, table="tbl-raw-files") for place in (1, 2, 3, 4)]
    items = [_literal(item) for item in items]
    rows = [[declared(file), f"[`{digest}`]{{.declared}}"] for file, digest in raw_files(edition)]
    header = [wording.say(f"col_{each}", language) for each in ("file", "hash")]
    return paragraphs(
        wording.say("check_intro", language),
        numbered(items),
        _literal(wording.say("check_rerun", language, edition=edition.name)),
        table("raw-files", wording.say("check_table", language), header, rows, "ll", (34, 66)),
    )


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
    """Files of the edition's folder and their SHA-256, by name."""
    files = sorted(edition.received())
    return [(file.relative_to(edition.raw).as_posix(), tables.sha256(file)) for file in files]
