"""Findings about the data: how many of each kind in words, and the register where it is short enough to print."""

from __future__ import annotations

from typing import Any

import pandas as pd

from minhbach import tables, wording
from minhbach.book import Book
from minhbach.markdown import declared, paragraphs, table
from minhbach.report_layout import compact, see
from minhbach.results import Results, quoted

MOST_FINDINGS = 60
ABSENCE = ("unit_absent", "unit_absent_known")  # these have a section of their own


def of(results: Results) -> pd.DataFrame:
    """The findings of a framework that are not about absent units."""
    frame = results.frames["findings"]
    return frame[~frame["rule"].isin(ABSENCE)]


def summary(book: Book, results: Results) -> str:
    """A sentence and a row per kind of finding: how many warnings and notes."""
    language, frame = results.language, of(results)
    if not len(frame):
        return wording.say("findings_none", language)
    where = results.rows_where("findings") + " and not starts_with(rule, 'unit_absent') and severity ="
    label = f"kinds-{results.framework.id}"
    intro = wording.say(
        "findings_intro",
        language,
        warnings=results.count("findings.warning.count", f"select count(*) {where} 'warning'"),
        notes=results.count("findings.note.count", f"select count(*) {where} 'note'"),
        table=f"tbl-{label}",
        register=wording.say("register_annex", language, annex=see("findings"))
        if is_printed(book)
        else wording.say("register_file", language, folder=f"[`{results.framework.id}/findings.csv`]{{.declared}}"),
    )
    header = [wording.say(f"col_{each}", language) for each in ("kind", "warnings", "notes")]
    rules = sorted(set(frame["rule"].str.partition(".")[0]), key=lambda rule: (-_number(frame, rule), rule))
    rows = [
        [rule_words(rule, language), *(_count(results, rule, each) for each in ("warning", "note"))] for rule in rules
    ]
    caption = results.caption("kinds_table")
    return paragraphs(intro, table(label, caption, header, rows, "lrr", (64, 18, 18)))


def rule_words(rule: str, language: str) -> str:
    """What a kind of finding is called; the rule's own name where there are no words for it."""
    key = f"kind_{rule}"
    known = key in wording.sentences("en" if language == "en" else "vi")
    return wording.say(key, language) if known else declared(rule.replace("_", " "))


def _number(frame: pd.DataFrame, rule: str) -> int:
    return int((frame["rule"].str.partition(".")[0] == rule).sum())


def _count(results: Results, rule: str, severity: str) -> str:
    where = f"{results.rows_where('findings', severity=severity)} and split_part(rule, '.', 1) = {quoted(rule)}"
    return results.count(f"findings.{rule}.{severity}.count", f"select count(*) {where}")


def register(book: Book) -> str:
    """All findings where they are few enough to print."""
    if not is_printed(book):
        return ""
    rows = [_row(results, row) for results in book for row in tables.rows(of(results))]
    header = [wording.say(f"col_{each}", book.language) for each in ("severity", "message")]
    intro = wording.say("register_printed", book.language, table="tbl-findings")
    body = table("findings", wording.say("findings_table", book.language), header, rows, "ll", (12, 88))
    return paragraphs(intro, compact(body))


def is_printed(book: Book) -> bool:
    """Whether the register has findings, and few enough to print."""
    return 0 < sum(len(of(results)) for results in book) <= MOST_FINDINGS


def _row(results: Results, row: Any) -> list[str]:
    """A finding's severity and its sentence, as the fact it is."""
    source = f"findings.csv: {row.finding_id}"
    said = results.ledger.words(f"finding/{row.finding_id}", row.message, row.message, "finding", source)
    return [wording.say(f"severity_{row.severity}", results.language), said]
