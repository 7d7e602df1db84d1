"""Marks findings in a copy of a workbook: a fill and a comment at each cell, and a sheet that lists all of them.

The fill is a conditional format whose condition always holds, so that cells, values, formulas, validations and
protection stay byte for byte what they were, and the fill can be taken away again when the form comes back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from minhbach import returned_comments
from minhbach.findings import SEVERITIES, cell_name
from minhbach.returned_list import Line, Looks, sheet_of
from minhbach.returned_marks import FINDINGS_SHEET, RULE_SIGN
from minhbach.returned_package import OFFICE, SPREADSHEET, Package
from minhbach.returned_parts import MAIN, Element, Part, UneditableError, escaped

FILLS = {"error": "FFF4A6A6", "warning": "FFFFD966", "note": "FFBDD7EE"}
# The order of a sheet's elements (ECMA-376, part 1, CT_Worksheet) from the one we put in; before these it must stand.
AFTER_FORMATS = (
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks",
    "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing",
    "legacyDrawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
    "AlternateContent",
)  # fmt: skip
AFTER_DRAWING = AFTER_FORMATS[AFTER_FORMATS.index("legacyDrawingHF") :]
SIDES = ("left", "right", "top", "bottom")
LOOK = (
    f'<xf xmlns="{MAIN}" numFmtId="49" fontId="{{}}" fillId="0" borderId="{{}}" xfId="0" quotePrefix="1" '
    'applyNumberFormat="1" applyFont="1" applyBorder="1" applyAlignment="1">{}</xf>'
)
AFTER_CELL_STYLES = ("dxfs", "tableStyles", "colors", "extLst")


@dataclass(frozen=True)
class Mark:
    """What is put at a cell: the fill of the worst severity, and the text of its comment."""

    sheet: str
    cell: str
    severity: str
    text: str


def marked(content: bytes, marks: Sequence[Mark], heading: Sequence[str], lines: Sequence[Line]) -> bytes:
    """The workbook with the marks of this check instead of those of an earlier one, and the list of findings.

    Raises:
        UneditableError: nothing can be put in without changing something else, or a mark's sheet is not there.
    """
    package = Package(content)
    fills, looks = _styles(package)
    by_sheet: dict[str, list[Mark]] = {}
    for mark in marks:
        by_sheet.setdefault(mark.sheet, []).append(mark)
    if missing := by_sheet.keys() - package.sheets.keys():
        raise UneditableError(f"no sheet {', '.join(sorted(missing))}")
    for sheet, part in package.sheets.items():
        if sheet != FINDINGS_SHEET:
            _mark_sheet(package, part, by_sheet.get(sheet, []), fills)
    _put_list(package, sheet_of(heading, lines, looks))
    return package.content()


def _mark_sheet(package: Package, name: str, marks: Sequence[Mark], fills: Mapping[str, int]) -> None:
    returned_comments.clean(package, name)
    if not marks and RULE_SIGN.encode() not in package.parts[name]:
        return
    marks = _seen(package.part(name), marks)
    drawing = returned_comments.write(package, name, {mark.cell: mark.text for mark in marks}) if marks else ""
    part = package.part(name)
    taken = _take_fills(part)
    priority = 1 + max([0, *(int(rule.attributes.get("priority", 0)) for rule in taken)])
    formats = ""
    for index, severity in enumerate(SEVERITIES):
        cells = sorted({mark.cell for mark in marks if mark.severity == severity}, key=returned_comments.place)
        if cells:
            formats += _fill(cells, fills[severity], priority + index)
    if formats:
        part.put(_before(part, AFTER_FORMATS), formats)
    if drawing:
        part.put(_before(part, AFTER_DRAWING), returned_comments.relation(drawing))
    package.save(name, part)


def _seen(part: Part, marks: Sequence[Mark]) -> list[Mark]:
    """One mark per cell; of merged cells nobody sees but the first, so that one bears the marks of all."""
    areas = [
        tuple(returned_comments.place(cell) for cell in ref.split(":"))
        for merged in part.below(part.root, "mergeCells")
        for each in part.below(merged, "mergeCell")
        if (ref := each.attributes.get("ref", "")).count(":") == 1
    ]
    by_cell: dict[str, list[Mark]] = {}
    for mark in marks:
        row, column = returned_comments.place(mark.cell)
        inside = ((a, b) for a, b in areas if a[0] <= row <= b[0] and a[1] <= column <= b[1])
        first = next((cell_name(*a) for a, _ in inside), mark.cell)
        by_cell.setdefault(first, []).append(mark)
    return [_joined(cell, each) for cell, each in by_cell.items()]


def _joined(cell: str, marks: Sequence[Mark]) -> Mark:
    worst = min((mark.severity for mark in marks), key=SEVERITIES.index)
    return Mark(marks[0].sheet, cell, worst, "\n".join(dict.fromkeys(mark.text for mark in marks)))


def _take_fills(part: Part) -> list[Element]:
    """Takes away the fills of an earlier check; gives the rules that stay."""
    kept = []
    for formats in part.below(part.root, "conditionalFormatting"):
        rules = part.below(formats, "cfRule")
        others = [rule for rule in rules if f'"{RULE_SIGN}"' not in _plain(part.bytes_of(rule))]
        kept += others
        for element in [formats] if not others else [rule for rule in rules if rule not in others]:
            part.remove(element)
    return kept


def _plain(xml: bytes) -> str:
    return xml.decode("utf-8").replace("&quot;", '"')


def _fill(cells: Sequence[str], look: int, priority: int) -> str:
    condition = escaped(f'"{RULE_SIGN}"<>""')
    rule = f'<cfRule type="expression" dxfId="{look}" priority="{priority}"><formula>{condition}</formula></cfRule>'
    return f'<conditionalFormatting xmlns="{MAIN}" sqref="{" ".join(cells)}">{rule}</conditionalFormatting>'


def _before(part: Part, later: Sequence[str]) -> int:
    """Where an element is put so that those that must follow it do."""
    following = [each.start for each in part.below(part.root) if each.name in later]
    return min(following, default=part.root.close)


def _styles(package: Package) -> tuple[dict[str, int], Looks]:
    """Adds our looks to the workbook's styles; gives the number of each fill, and those of the list."""
    part = package.part(package.styles)
    formats = part.first(part.root, "dxfs")
    count = len(part.below(formats, "dxf")) if formats else 0
    new = "".join(
        f'<dxf xmlns="{MAIN}"><fill><patternFill patternType="solid"><fgColor rgb="{FILLS[severity]}"/>'
        f'<bgColor rgb="{FILLS[severity]}"/></patternFill></fill></dxf>'
        for severity in SEVERITIES
    )
    if formats:
        _append_counted(part, formats, new, count + len(SEVERITIES))
    else:
        part.put(_before(part, AFTER_CELL_STYLES), f'<dxfs xmlns="{MAIN}" count="{len(SEVERITIES)}">{new}</dxfs>')
    looks = _list_looks(part)
    package.save(package.styles, part)
    return {severity: count + index for index, severity in enumerate(SEVERITIES)}, looks


def _list_looks(part: Part) -> Looks:
    """Adds the looks of the list: text and header row framed and wrapped, lines of heading plain."""
    lists = {name: part.first(part.root, name) for name in ("fonts", "borders", "cellXfs")}
    fonts, borders, cells = lists.values()
    if fonts is None or borders is None or cells is None:
        raise UneditableError("no styles")
    font, frame, look = (len(part.below(each)) for each in (fonts, borders, cells))
    words = '<sz val="11"/><name val="Times New Roman"/><family val="1"/>'
    plain, bold = f'<font xmlns="{MAIN}">{words}</font>', f'<font xmlns="{MAIN}"><b/>{words}</font>'
    _append_counted(part, fonts, plain + bold, font + 2)
    sides = "".join(f'<{side} style="thin"><color rgb="FFA6A6A6"/></{side}>' for side in SIDES)
    _append_counted(part, borders, f'<border xmlns="{MAIN}">{sides}<diagonal/></border>', frame + 1)
    wrapped = '<alignment vertical="top" wrapText="1"/>'
    made = [(font, frame, wrapped), (font + 1, frame, wrapped), (font + 1, 0, "")]
    _append_counted(part, cells, "".join(LOOK.format(*each) for each in made), look + len(made))
    return Looks(text=look, header=look + 1, title=look + 2)


def _append_counted(part: Part, element: Element, xml: str, count: int) -> None:
    """Appends to a list that says how many it holds."""
    tag = part.content[element.start : element.inside]
    at = tag.find(b' count="')
    if at >= 0 and element.close > element.inside:
        start = element.start + at + len(b' count="')
        part.put(start, str(count), part.content.index(b'"', start))
    part.append(element, xml)


def _put_list(package: Package, content: bytes) -> None:
    """Puts the list of findings in as the last sheet, or in place of the list of an earlier check."""
    if there := package.sheets.get(FINDINGS_SHEET):
        package.parts[there] = content
        return
    name = package.free("xl/worksheets/sheet{}.xml")
    kind = f"{SPREADSHEET}.worksheet+xml"
    new = package.add(name, content, owner=package.workbook, kind="worksheet", content_type=kind)
    part = package.part(package.workbook)
    sheets = part.first(part.root, "sheets")
    if sheets is None:
        raise UneditableError("no sheets")
    number = 1 + max((int(each.attributes.get("sheetId", 0)) for each in part.below(sheets)), default=0)
    name_and_id = f'name="{FINDINGS_SHEET}" sheetId="{number}" r:id="{new}"'
    part.append(sheets, f'<sheet xmlns="{MAIN}" xmlns:r="{OFFICE}" {name_and_id}/>')
    package.save(package.workbook, part)
