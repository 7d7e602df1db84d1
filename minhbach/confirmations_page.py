"""The Markdown of a confirmation sheet: values with their cells, findings, corrections, the hash, places to sign."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from minhbach import forms_layout, tables, wording
from minhbach.confirmations import digest
from minhbach.corrections_entry import Correction
from minhbach.corrections_words import value_words
from minhbach.findings import visible
from minhbach.framework import Framework
from minhbach.markdown import escape, paragraphs, table
from minhbach.units import Unit

LONG_WORD = re.compile(r"\S{16}(?=\S)")
MAY_BREAK = "\u200b"
EMPTY_ROWS = 4
SIGNING_LINES = 6
WRITING_LINES = 3
GRID_WIDTH = 72


@dataclass(frozen=True)
class Page:
    """What one unit confirms: its observations, findings and corrections of one framework, all as handed over."""

    framework: Framework
    unit: Unit
    observations: pd.DataFrame
    findings: pd.DataFrame
    corrections: Sequence[Correction]


def markdown(page: Page, introduction: str, language: str) -> str:
    """The text of the sheet; every text from outside is escaped."""

    def say(key: str, **details: object) -> str:
        return escape(wording.say(f"sheet_{key}", language, **details))

    file = f"{page.unit.unit_id}.txt"
    return paragraphs(
        introduction,
        say("unit", unit=page.unit.name, unit_id=page.unit.unit_id),
        *(
            escape(_breakable(wording.say("sheet_source", language, file=name, sha256=sha256)))
            for name, sha256 in sorted({(row.file, row.sha256) for row in tables.rows(page.observations)})
        ),
        f"# {say('values')}",
        *_values(page, language),
        f"# {say('findings')}",
        _findings(page, language),
        f"# {say('corrections')}",
        _corrections(page, language),
        f"# {say('changes')}",
        say("changes_note"),
        _changes(language),
        f"# {say('hash')}",
        say("hash_note", file=file),
        f"`{digest(page.observations)}`",
        say("void_note"),
        say("statement"),
        _signatures(language),
    )


def cell_text(text: str) -> str:
    """A text from outside for a narrow cell: escaped, shortened when very long, and long words may break."""
    return escape(_breakable(visible(text)))


def headings(language: str, *keys: str) -> list[str]:
    """Column headings."""
    return [escape(wording.say(f"sheet_col_{key}", language)) for key in keys]


def _values(page: Page, language: str) -> Iterator[str]:
    """A table per section of the form: number, question, value, text as it stood, cell."""
    known = {row.field_id: row for row in tables.rows(page.observations)}
    header = headings(language, "number", "question", "value", "raw", "cell")
    for place, section in enumerate(forms_layout.sections(page.framework), start=1):
        asked = [(question, known[field_id]) for field_id, question in section.fields if field_id in known]
        rows = []
        for index, (question, row) in enumerate(asked, start=1):
            value = cell_text(value_words(row.value, question, language))
            mark = f" ({escape(row.correction_id)})" if row.correction_id else ""
            label = escape(question.label.say(language))
            rows.append([f"{place}.{index}", label, value + mark, cell_text(row.raw_text), escape(row.cell)])
        if rows:
            title = _section(page.framework, section, language)
            yield table(f"section-{place}", escape(title), header, rows, "lllll", (7, 44, 20, 20, 9))


def _section(framework: Framework, section: forms_layout.Section, language: str) -> str:
    label = framework.spec.sections.get(section.code)
    if label is None and section.code in framework.nodes:
        label = framework.nodes[section.code].label
    return label.say(language) if label else wording.say("sheet_other_section", language)


def _findings(page: Page, language: str) -> str:
    if not len(page.findings):
        return escape(wording.say("sheet_no_findings", language))
    rows = [
        [
            escape(wording.say(f"sheet_severity_{row.severity}", language)),
            escape(" ".join(filter(None, (row.sheet, row.cell)))),
            escape(_breakable(row.message)),
            escape(row.answer),
        ]
        for row in tables.rows(page.findings)
    ]
    header = headings(language, "severity", "cell", "message", "answer")
    caption = escape(wording.say("sheet_findings_table", language))
    return table("findings", caption, header, rows, "llll", (12, 16, 60, 12))


def _corrections(page: Page, language: str) -> str:
    entries = [each for each in page.corrections if each.field_id in page.framework.fields]
    if not entries:
        return escape(wording.say("sheet_no_corrections", language))
    rows = []
    for each in sorted(entries, key=lambda entry: (entry.round, entry.correction_id)):
        question = page.framework.fields[each.field_id]
        why = "; ".join(filter(None, (each.reason, each.authority, each.evidence)))
        who = f"{wording.say_date(each.date, language)}, {each.by}"
        rows.append(
            [
                escape(f"{each.correction_id}"),
                escape(question.label.say(language)),
                cell_text(each.expected or wording.say("value_blank", language)),
                cell_text(value_words(each.value, question, language)),
                escape(_breakable(f"{why} ({who})")),
            ]
        )
    header = headings(language, "number", "question", "before", "after", "reason")
    caption = escape(wording.say("sheet_corrections_table", language))
    return table("corrections", caption, header, rows, "lllll", (10, 30, 14, 14, 32))


def _changes(language: str) -> str:
    """An empty table in which the unit writes what is not right."""
    header = headings(language, "number", "question", "right_value", "document")
    return _grid(header, [[("\u00a0",) * WRITING_LINES] * 4] * EMPTY_ROWS, (6, 34, 14, 18), "l")


def _signatures(language: str) -> str:
    """Two places to sign, side by side, with a narrow column between them."""
    header = [escape(wording.say(key, language)) for key in ("sheet_drafter", "sheet_head")]
    below = [f"*{escape(wording.say(key, language))}*" for key in ("sheet_drafter_sign", "sheet_head_sign")]
    room = ("\u00a0",) * SIGNING_LINES
    cells = [(below[0], *room), ("",), (below[1], *room)]
    return _grid([header[0], "", header[1]], [cells], (34, 1, 34), "c")


def _grid(header: Sequence[str], rows: Sequence[Sequence[Sequence[str]]], widths: Sequence[int], align: str) -> str:
    """A grid table; each cell is a sequence of lines."""
    marks = {"l": ":{}=", "c": ":{}:"}[align]
    wide = [max(width, *(len(line) for line in _lines(header, rows, place))) + 3 for place, width in enumerate(widths)]
    rule = "+" + "+".join("-" * (width + 2) for width in wide) + "+"
    under = "+" + "+".join(marks.format("=" * width) for width in wide) + "+"
    lines = [rule, _grid_line(header, wide), under]
    for row in rows:
        height = max(len(cell) for cell in row)
        for number in range(height):
            last = number == height - 1
            texts = [cell[number] if number < len(cell) else "" for cell in row]
            lines.append(_grid_line([text if last or not text else text + "\\" for text in texts], wide))
        lines.append(rule)
    return "\n".join(lines)


def _lines(header: Sequence[str], rows: Sequence[Sequence[Sequence[str]]], place: int) -> list[str]:
    return [header[place], *(line for row in rows for line in row[place])]


def _grid_line(texts: Sequence[str], widths: Sequence[int]) -> str:
    return "|" + "|".join(f" {text:<{width}} " for text, width in zip(texts, widths, strict=True)) + "|"


def _breakable(text: str) -> str:
    """The text with places where words that are too long for a column may break."""
    return LONG_WORD.sub(rf"\g<0>{MAY_BREAK}", text)
