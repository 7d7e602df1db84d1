"""tables.ods: the same sheets as OpenDocument, each table a database range; the same bytes every time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from minhbach import release_files
from minhbach.findings import cell_name
from minhbach.release_cells import Cell
from minhbach.release_layout import Sheet
from minhbach.release_ods_parts import MANIFEST, MIMETYPE, NAMESPACES, SHEET_STYLES, STYLES, settings
from minhbach.release_xlsx import About

INVALID = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
CHARACTER = 0.24  # cm that a character of 12 points takes, on the average
START = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write(path: Path, sheets: Sequence[Sheet], about: About) -> None:
    """Writes the workbook."""
    parts = {
        "mimetype": MIMETYPE,
        "META-INF/manifest.xml": MANIFEST,
        "meta.xml": _meta(about),
        "settings.xml": settings([(sheet.name, sheet.head_row + 1) for sheet in sheets]),
        "styles.xml": STYLES.format(namespaces=NAMESPACES, language=quoteattr(about.language)),
        "content.xml": _content(sheets),
    }
    texts = {name: text if name == "mimetype" else START + text for name, text in parts.items()}
    release_files.write(path, {name: text.encode("utf-8") for name, text in texts.items()}, about.when)


def _meta(about: About) -> str:
    day = f"{about.when.isoformat()}T00:00:00"
    texts = {
        "dc:title": about.title,
        "dc:subject": about.subject,
        "meta:initial-creator": about.publisher,
        "dc:creator": about.publisher,
        "meta:creation-date": day,
        "dc:date": day,
        "dc:language": about.language,
        "meta:generator": "minhbach",
    }
    inner = "".join(f"<{name}>{_plain(text)}</{name}>" for name, text in texts.items())
    return (
        f'<office:document-meta {NAMESPACES} office:version="1.3"><office:meta>{inner}'
        "</office:meta></office:document-meta>"
    )


def _content(sheets: Sequence[Sheet]) -> str:
    formats = sorted({_key(cell) for sheet in sheets for row in sheet.rows for cell in row if cell.number is not None})
    widths = sorted({width for sheet in sheets for width in sheet.widths})
    styles = "".join([SHEET_STYLES, *map(_number_style, formats), *map(_column_style, widths)])
    tables = "".join(_table(sheet) for sheet in sheets)
    ranges = "".join(_range(sheet, number) for number, sheet in enumerate(sheets, start=1))
    return (
        f'<office:document-content {NAMESPACES} office:version="1.3">'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{tables}"
        f"<table:database-ranges>{ranges}</table:database-ranges>"
        "</office:spreadsheet></office:body></office:document-content>"
    )


def _key(cell: Cell) -> tuple[bool, bool, int]:
    """What a number's style depends on."""
    return cell.percent, cell.signed, cell.places


def _style_name(key: tuple[bool, bool, int]) -> str:
    percent, signed, places = key
    return f"{'p' if percent else 'n'}{'s' if signed else 'u'}{places}"


def _number_style(key: tuple[bool, bool, int]) -> str:
    """How a number is shown, and the cell style that shows it so."""
    percent, signed, places = key
    name = _style_name(key)
    kind = "number:percentage-style" if percent else "number:number-style"
    digits = f'<number:number number:decimal-places="{places}" number:min-decimal-places="{places}"'
    digits += ' number:min-integer-digits="1" number:grouping="true"/>'
    digits += "<number:text> %</number:text>" if percent else ""
    plain = f'<{kind} style:name="{name}p" style:volatile="true"><number:text>+</number:text>{digits}</{kind}>'
    condition = f'<style:map style:condition="value()&gt;0" style:apply-style-name="{name}p"/>'
    shown = f'{plain}<{kind} style:name="{name}d">{digits}{condition}</{kind}>'
    style = shown if signed else f'<{kind} style:name="{name}d">{digits}</{kind}>'
    return (
        f'{style}<style:style style:name="{name}" style:family="table-cell" style:parent-style-name="number"'
        f' style:data-style-name="{name}d"/>'
    )


def _column_style(width: int) -> str:
    return (
        f'<style:style style:name="w{width}" style:family="table-column"><style:table-column-properties'
        f' style:column-width="{width * CHARACTER:.2f}cm"/></style:style>'
    )


def _table(sheet: Sheet) -> str:
    """A sheet: its columns, the lines above, the header row (repeated in print), the rows."""
    columns = "".join(f'<table:table-column table:style-name="w{width}"/>' for width in sheet.widths)
    line = "line" if sheet.wrapped else "over"
    looks = ["title" if sheet.wrapped else "head1", *[line] * len(sheet.lines[1:])]
    lines = "".join(_row([_cell(cell, look)]) for cell, look in zip(sheet.lines, looks, strict=True))
    header = _row(_cell(Cell(name), "head") for name in sheet.header)
    rows = "".join(_row(_cell(cell, "text") for cell in row) for row in sheet.rows)
    empty = "" if sheet.rows else _row(["<table:table-cell/>"])
    return (
        f'<table:table table:name={quoteattr(sheet.name)} table:style-name="{_page(sheet)}">'
        f"<table:title>{_plain(sheet.lines[0].text)}</table:title>{columns}{lines}"
        f"<table:table-header-rows>{header}</table:table-header-rows>{rows}{empty}</table:table>"
    )


def _page(sheet: Sheet) -> str:
    return "landscape" if sum(sheet.widths) > 90 else "portrait"


def _row(cells: Iterable[str]) -> str:
    return f'<table:table-row table:style-name="row">{"".join(cells)}</table:table-row>'


def _cell(cell: Cell, look: str) -> str:
    """A cell; only what the report prints as one number becomes a number."""
    if cell.number is not None:
        kind = "percentage" if cell.percent else "float"
        value = f'office:value-type="{kind}" office:value="{cell.number:f}"'
        style = _style_name(_key(cell))
        return f'<table:table-cell table:style-name="{style}" {value}>{_lines(cell.text)}</table:table-cell>'
    if not cell.text:
        return f'<table:table-cell table:style-name="{look}"/>'
    inner = _lines(cell.text)
    if cell.link:
        target = quoteattr(f"#{cell.link}.A1")
        inner = f'<text:p><text:a xlink:type="simple" xlink:href={target}>{_plain(cell.text)}</text:a></text:p>'
    return f'<table:table-cell table:style-name="{look}" office:value-type="string">{inner}</table:table-cell>'


def _lines(text: str) -> str:
    return "".join(f"<text:p>{_plain(line)}</text:p>" for line in text.split("\n"))


def _plain(text: str) -> str:
    """Text for XML; spaces that a reader would fold stand as elements."""
    safe = escape(INVALID.sub("�", text))
    return re.sub(" ( +)", lambda found: f' <text:s text:c="{len(found[1])}"/>', safe)


def _range(sheet: Sheet, number: int) -> str:
    """The range that makes a table of the cells: with a header, and buttons to filter."""
    first, last = cell_name(sheet.head_row, 0), cell_name(sheet.last_row, len(sheet.header) - 1)
    name = "'" + sheet.name + "'"
    address = quoteattr(f"{name}.{first}:{name}.{last}")
    return (
        f'<table:database-range table:name="Bang_{number}" table:target-range-address={address}'
        ' table:contains-header="true" table:display-filter-buttons="true"/>'
    )
