"""The summary of a check as one page: no script, no outside host, every text escaped, readable on a phone."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote

from minhbach import findings as found
from minhbach import forms_plan, wording
from minhbach import returned_summary as summary
from minhbach.editions import Setup
from minhbach.findings import SEVERITIES
from minhbach.returned import Checked
from minhbach.returned_words import severity, without_address

STYLE = """
:root { color-scheme: light; }
body {
  font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff;
  margin: 0 auto; max-width: 76rem; padding: 1rem;
}
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2rem; } h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #8a8a8a; padding: .3rem .5rem; text-align: left; vertical-align: top; }
tbody th { font-weight: 400; } thead th { background: #dde6f0; }
td, tbody th { overflow-wrap: break-word; } .number { text-align: right; }
.mark { color: #b00020; font-weight: 700; } code { font-size: .9em; } a { color: #0b4f9e; }
.error, .warning, .note { font-weight: 600; border-left: .5rem solid; padding-left: .4rem; white-space: nowrap; }
.error { border-color: #c62828; } .warning { border-color: #c98a00; } .note { border-color: #2f6fb3; }
@media (max-width: 40rem) {
  .cards thead { position: absolute; clip-path: inset(50%); height: 1px; overflow: hidden; }
  .cards tr { display: block; border: 1px solid #8a8a8a; margin: .5rem 0; }
  .cards td, .cards th { display: block; border: 0; text-align: left; }
  .cards td::before { content: attr(data-label) ": "; color: #555; }
}
@media print { .wide { overflow: visible; } h3, tr { break-inside: avoid; } }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
BREAK_AFTER = re.compile(r"(?<=[/_#!.-])(?=\w)")
Cell = tuple[str, str]  # what stands in it, as HTML, and its class


def write(setup: Setup, parts: Sequence[Checked], language: str, path: Path) -> None:
    """Writes the page; links to workbooks are relative, so that the folder can be moved."""
    path.write_text(_page(setup, parts, language), encoding="utf-8", newline="\n")


def _page(setup: Setup, parts: Sequence[Checked], language: str) -> str:
    say = _Words(language)
    title = f"{say('check_title')}: {html.escape(setup.assessment.title.say(language))}"
    mark = html.escape(forms_plan.mark(setup, language))
    body = [
        f"<h1>{title}</h1>",
        *([f'<p class="mark">{mark}</p>'] if mark else []),
        *(f"<p>{text}</p>" for text in _counted(setup, parts, say)),
        _severities(parts, say),
        _rules(parts, say),
        _receipts(setup, parts, say),
        _units(setup, parts, say),
        _details(setup, parts, say),
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(filter(None, body))
        + "\n</main>\n</body>\n</html>\n"
    )


class _Words:
    """Sentences of a language, escaped."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **details: object) -> str:
        return html.escape(wording.say(key, self.language, **details))


def _counted(setup: Setup, parts: Sequence[Checked], say: _Words) -> list[str]:
    answered = sum(1 for finding in summary.findings_of(parts) if finding.answer)
    files = sum(len(part.files) for part in parts)
    units = sum(len(tuple(setup.units_of(part.framework.id))) for part in parts)
    books = sum(len(part.workbooks) for part in parts)
    said = [say("check_forms", files=files, units=units, workbooks=books)] if files else []
    said += [say("check_answered", count=answered)] if answered else []
    return [*said, say("check_only")]


def _severities(parts: Sequence[Checked], say: _Words) -> str:
    counts = summary.severities(summary.findings_of(parts))
    rows = [[_severity(name, say), (str(count), "number")] for name, count in zip(SEVERITIES, counts, strict=True)]
    nothing = "" if any(counts) else f"<p>{say('check_none')}</p>"
    return f"<h2>{say('check_severities')}</h2>{nothing}" + _table(("check_severity", "check_count#"), rows, say)


def _rules(parts: Sequence[Checked], say: _Words) -> str:
    rows = [
        [_severity(each.severity, say), _code(each.rule), (str(each.count), "number"), _text(each.example)]
        for each in summary.by_rule(parts, say.language)
    ]
    header = ("check_severity", "check_rule", "check_count#", "check_example")
    return f"<h2>{say('check_rules')}</h2>" + _table(header, rows, say, cards=True) if rows else ""


def _receipts(setup: Setup, parts: Sequence[Checked], say: _Words) -> str:
    rows = [
        [
            _text(f"{each.unit.unit_id} · {each.unit.name}"),
            (say(f"check_{each.state}", days=each.days), ""),
            _text(wording.say_date(each.received, say.language)),
        ]
        for each in summary.receipts(parts, tuple(setup.units))
    ]
    header = ("check_unit", "check_state", "check_received")
    return f"<h2>{say('check_receipts')}</h2>" + _table(header, rows, say) if rows else ""


def _units(setup: Setup, parts: Sequence[Checked], say: _Words) -> str:
    books: dict[str, list[str]] = {}
    for book in (book for part in parts for book in part.workbooks):
        books.setdefault(book.unit.unit_id, []).append(book.path)
    rows = []
    for each in summary.by_unit(parts, tuple(setup.units)):
        anchor, name = _named(each, say)
        links = "<br>".join(_link(path) for path in books.get(each.unit.unit_id if each.unit else "", ()))
        counts = [(str(count), "number") for count in each.counts]
        rows.append([(f'<a href="#{anchor}">{name}</a>', ""), *counts, (links, "")])
    header = ("check_unit", "found_error#", "found_warning#", "found_note#", "check_workbook")
    return f"<h2>{say('check_units')}</h2>" + _table(header, rows, say) if rows else ""


def _details(setup: Setup, parts: Sequence[Checked], say: _Words) -> str:
    sections = []
    for each in summary.by_unit(parts, tuple(setup.units)):
        rows = [
            [
                _severity(finding.severity, say),
                _code(found.address(finding)),
                _text(without_address(finding)),
                _code(finding.rule),
                _code(finding.finding_id),
            ]
            for finding in found.ordered(each.findings)
        ]
        anchor, name = _named(each, say)
        header = ("check_severity", "check_address", "check_finding", "check_rule", "check_id")
        sections.append(f'<h3 id="{anchor}">{name}</h3>' + _table(header, rows, say, cards=True))
    return f"<h2>{say('check_details')}</h2>" + "\n".join(sections) if sections else ""


def _named(each: summary.OfUnit, say: _Words) -> tuple[str, str]:
    """An anchor and the name of a unit."""
    if each.unit is None:
        return "unit", say("check_no_unit")
    return f"unit-{quote(each.unit.unit_id)}", html.escape(f"{each.unit.unit_id} · {each.unit.name}")


def _link(path: str) -> str:
    return f'<a href="{html.escape(quote(path))}">{html.escape(path.rpartition("/")[2])}</a>'


def _severity(name: str, say: _Words) -> Cell:
    return f'<span class="{name}">{html.escape(severity(name, say.language))}</span>', ""


def _code(text: str) -> Cell:
    """An id or an address; it may break after signs, so that it fits a phone."""
    return f"<code>{BREAK_AFTER.sub('<wbr>', html.escape(text))}</code>", ""


def _text(text: str) -> Cell:
    return html.escape(text), ""


def _table(header: Sequence[str], rows: Iterable[Sequence[Cell]], say: _Words, *, cards: bool = False) -> str:
    """A table whose first column names the row; a header that ends in # stands over numbers."""
    head = "".join(
        f'<th scope="col"{_class("number" if key.endswith("#") else "")}>{say(key.rstrip("#"))}</th>' for key in header
    )
    lines = []
    for row in rows:
        (first, look), rest = row[0], zip(header[1:], row[1:], strict=True)
        cells = "".join(
            f'<td{_class(look)} data-label="{say(key.rstrip("#"))}">{text}</td>' for key, (text, look) in rest
        )
        lines.append(f'<tr><th scope="row"{_class(look)}>{first}</th>{cells}</tr>')
    body = "\n".join(lines)
    inner = f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>"
    return f'<div class="wide">\n<table{_class("cards" if cards else "")}>\n{inner}\n</table>\n</div>\n'


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""
