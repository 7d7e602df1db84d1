"""The command `check`: each unit's own workbook comes back marked, with a summary, and nothing is scored."""

import argparse
import io
import shutil
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import forms
import openpyxl
import pytest

from minhbach import cli_check, cli_survey, editions, findings, intake, returned, returned_words, tables
from minhbach.editions import Setup
from minhbach.errors import BusyError, DataError
from minhbach.forms_layout import SHEET
from minhbach.framework import Framework
from minhbach.paths import Edition
from minhbach.returned_book import Mark, marked
from minhbach.returned_list import Line
from minhbach.returned_marks import BLOCK, CLOSING, FINDINGS_SHEET, OPENING, own_words
from minhbach.returned_parts import Part, UneditableError
from minhbach.staging import alone

CHECKED = f"""{forms.SMALL}
checks:
  - id: hop_va_may
    expect: so_hop <= so_may
    severity: error
    message: {{vi: Số cuộc họp nhiều hơn số máy tính, en: more meetings than computers}}
"""
ASSESSMENT = """
title: {vi: Đợt thử <b>, en: Trial <b>}
year: 2026
synthetic: true
survey: {letter_date: 2026-10-05, period: {vi: Năm 2026, en: The year 2026}}
frameworks:
  - {framework: phieu-thu, responses: responses/xa}
document:
  issuer: {vi: Dự án, en: Project}
  place: {vi: Việt Nam, en: Viet Nam}
  date: 2026-12-01
  type: {vi: BÁO CÁO, en: REPORT}
  abstract: {vi: Thử, en: Trial}
"""
ONE, TWO, THREE = tuple(forms.UNITS)[:3]
# Rows of the form in forms.py: three lines, the header block, then each field below its band.
ROWS = {"dan_so": "E16", "kinh_phi": "E19", "so_may": "E21", "so_hop": "E22", "co_mang": "E24"}
LINES = [Line(("TT", "=1+1"))]


class Round:
    """An edition with returned forms in a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.edition = Edition(forms.EDITION, root)
        for file, text in (
            (root / "frameworks" / "phieu-thu.yaml", CHECKED),
            (self.raw / "assessment.yaml", ASSESSMENT),
        ):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        rows = [f"{unit.unit_id},{unit.name},{unit.unit_kind}" for unit in forms.UNITS]
        (self.raw / "units.csv").write_text("\n".join(["unit_id,name,unit_kind", *rows, ""]), encoding="utf-8")
        self.setup: Setup = editions.load(self.edition)
        self.framework: Framework = self.setup.framework("phieu-thu")

    @property
    def raw(self) -> Path:
        return self.edition.raw

    def send(self, unit: Any, damage: forms.Damage | None = None, name: str = "", **answers: Any) -> Path:
        """A unit's form, with its answers instead of the usual ones."""
        rows = forms.matrix(self.framework, forms.head(self.framework, unit), {**forms.ANSWERS, **answers})
        path = self.raw / forms.FOLDER / f"{unit.unit_id}{name}.xlsx"
        return forms.save(path, self.framework, rows, damage)

    def check(self, language: str = "vi") -> None:
        """Runs the command in this folder."""
        cli_check.check(argparse.Namespace(edition=self.edition.name, lang=language))

    @property
    def folder(self) -> Path:
        return self.edition.root / "reports" / forms.EDITION / "check"

    def book(self, name: str) -> Path:
        return self.folder / "phieu-thu" / name


@pytest.fixture
def survey(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Round:
    """An edition without any form; the current folder is its project."""
    made = Round(tmp_path)
    monkeypatch.chdir(tmp_path)
    (made.raw / forms.FOLDER).mkdir(parents=True)
    return made


def test_a_form_that_cannot_be_read_is_named_beside_the_corrections_that_rest_on_it(survey: Round) -> None:
    """Entries that found nothing to correct, the form that cannot be read, and errors elsewhere come in one error."""
    columns = "correction_id,unit_id,field_id,expected,value,reason,authority,evidence,by,date,round,finding_id"
    entry = f"C001,{ONE.unit_id},so_may,20,18,Đếm lại,CV 1,,Lê A,2026-11-02,1,"
    (survey.raw / "corrections.csv").write_text(f"{columns}\n{entry}\n", encoding="utf-8")
    survey.send(ONE).write_bytes(b"PK\x03\x04 broken")
    survey.send(TWO, so_may=3, so_hop=5)

    with pytest.raises(DataError) as caught:
        survey.check()

    said = str(caught.value).splitlines()
    assert said[0].startswith("corrections.csv: 1 dòng")
    assert said[1].lstrip().startswith("dòng 2, C001")
    assert len([line for line in said[2:] if f"{ONE.unit_id}.xlsx" in line]) == 1
    assert len([line for line in said[2:] if "Số cuộc họp nhiều hơn số máy tính" in line]) == 1
    assert not survey.folder.exists()


def parts(content: bytes) -> dict[str, bytes]:
    """All parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def comments(path: Path, sheet: str = SHEET) -> dict[str, str]:
    """The comments of a sheet, by cell."""
    page = openpyxl.load_workbook(path)[sheet]
    return {cell.coordinate: cell.comment.text for row in page.iter_rows() for cell in row if cell.comment}


def fills(path: Path, sheet: str = SHEET) -> dict[str, str]:
    """The colour of each cell that our conditional formats fill."""
    page = openpyxl.load_workbook(path)[sheet]
    return {
        cell: rule.dxf.fill.bgColor.rgb
        for area in page.conditional_formatting
        for rule in area.rules
        for cell in str(area.sqref).split()
    }


def listed(path: Path) -> list[tuple[Any, ...]]:
    """The rows below the header of the list of findings, without their empty cells."""
    rows = list(openpyxl.load_workbook(path)[FINDINGS_SHEET].iter_rows(values_only=True))
    start = next(place for place, row in enumerate(rows) if row[0] == "STT")
    return rows[start + 1 :]


def without_marks(sheet: bytes) -> bytes:
    """A sheet without the two kinds of elements that a check puts in."""
    part = Part(sheet)
    for element in part.below(part.root):
        if element.name in ("conditionalFormatting", "legacyDrawing"):
            part.remove(element)
    return part.edited()


def test_a_finding_is_filled_and_commented_at_its_cell(survey: Round) -> None:
    """A broken answer is filled red and commented: severity, sentence without an address, advice to the unit, id."""
    survey.send(ONE, so_may="mười")

    with pytest.raises(DataError):
        survey.check()

    book = survey.book("23611-xa-dak-pling.xlsx")
    text = comments(book)[ROWS["so_may"]]
    assert text.startswith(
        f"{OPENING}\nLỖI: “mười” không phải là số; cần số nguyên từ 0 trở lên.\nViệc cần làm: Sửa lại"
    )
    assert text.endswith(f"]\n{CLOSING}")
    assert "Hỏi đơn vị" not in text
    assert fills(book)[ROWS["so_may"]] == "FFF4A6A6"


def test_everything_else_of_the_workbook_is_byte_for_byte_the_same(survey: Round) -> None:
    """Only lists of parts, styles and the marked sheet change, and the sheet by its marks alone."""
    sent = survey.send(ONE, lambda sheet: sheet.sheet.write_formula("K40", "=1+2", None, 3), so_may=-4)

    with pytest.raises(DataError):
        survey.check()

    before, after = parts(sent.read_bytes()), parts(survey.book("23611-xa-dak-pling.xlsx").read_bytes())
    changed = {name for name in before if before[name] != after[name]}
    page = "xl/worksheets/sheet1.xml"
    lists = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
    assert changed == {page, *lists}
    assert without_marks(after[page]) == before[page]
    assert b"<f>1+2</f>" in after[page]


def test_the_marked_workbook_still_refuses_and_protects(survey: Round) -> None:
    """Drop-down lists and the protection of the sheet survive, and the elements stand in the order of the format."""
    survey.send(ONE, so_may=-4)

    with pytest.raises(DataError):
        survey.check()

    book = survey.book("23611-xa-dak-pling.xlsx")
    page = openpyxl.load_workbook(book)[SHEET]
    part = Part(parts(book.read_bytes())["xl/worksheets/sheet1.xml"])
    names = [each.name for each in part.below(part.root)]
    assert page.protection.sheet
    assert len(page.data_validations.dataValidation) == 2
    marks = ("sheetData", "sheetProtection", "conditionalFormatting", "dataValidations", "pageMargins", "legacyDrawing")
    assert [name for name in dict.fromkeys(names) if name in marks] == list(marks)


def test_several_findings_of_a_cell_stand_in_one_comment(survey: Round) -> None:
    """Two findings at one cell make one comment, the worse first, and the worse decides the fill."""
    note = findings.make("row_hidden", "vi", severity="warning", file="a.xlsx", sheet="S", cell="E5", value="7")
    error = findings.make("error_cell", "vi", severity="error", file="a.xlsx", sheet="S", cell="E5", value="#REF!")

    text = returned_words.comment([note, error], "vi")

    assert text.index("LỖI: Ô có lỗi bảng tính #REF!") < text.index("CẢNH BÁO: Câu trả lời “7” nằm ở dòng bị ẩn")
    assert text.count(OPENING) == 1
    assert returned_words.worst([note, error]) == "error"


def test_a_check_across_answers_marks_all_its_cells(survey: Round) -> None:
    """More meetings than computers is marked at both answers."""
    survey.send(ONE, so_may=3, so_hop=4)

    with pytest.raises(DataError):
        survey.check()

    book = survey.book("23611-xa-dak-pling.xlsx")
    both = {ROWS["so_may"], ROWS["so_hop"]}
    assert set(comments(book)) == both
    assert set(fills(book)) == both


def test_the_list_names_every_finding_with_its_address(survey: Round) -> None:
    """The sheet “Phát hiện” lists findings with and without a cell; an address leads to its cell."""
    survey.send(ONE, _unprotect, so_may="mười")

    with pytest.raises(DataError):
        survey.check()

    book = survey.book("23611-xa-dak-pling.xlsx")
    rows = [(row[1], row[2], row[3]) for row in listed(book)]
    cells = [cell for row in openpyxl.load_workbook(book)[FINDINGS_SHEET].iter_rows() for cell in row]
    assert rows == [("Lỗi", SHEET, ROWS["so_may"]), ("Lưu ý", SHEET, "")]
    assert [cell.hyperlink.location for cell in cells if cell.hyperlink] == [f"'{SHEET}'!{ROWS['so_may']}"]


def _unprotect(sheet: forms.Sheet) -> None:
    sheet.protected = False


def test_text_of_a_unit_never_becomes_a_formula(survey: Round) -> None:
    """An answer such as =1+1 typed as text stays text in the list and in the comment."""
    survey.send(ONE, so_may="=1+1")

    with pytest.raises(DataError):
        survey.check()

    content = parts(survey.book("23611-xa-dak-pling.xlsx").read_bytes())
    assert any("=1+1" in str(cell) for row in listed(survey.book("23611-xa-dak-pling.xlsx")) for cell in row)
    assert not any(b"<f>" in text or b"<f " in text for name, text in content.items() if "sheet" in name)


def test_a_unit_without_findings_gets_no_workbook(survey: Round) -> None:
    """Good forms come back to nobody; the command then ends without an error, and the page says so."""
    for unit in (ONE, TWO, THREE):
        survey.send(unit)

    survey.check()

    assert [path.name for path in survey.folder.rglob("*") if path.is_file()] == ["summary.html"]
    assert "Không có phát hiện nào." in (survey.folder / "summary.html").read_text(encoding="utf-8")


def test_warnings_alone_are_no_error(survey: Round) -> None:
    """A form with a warning is sent back, and the command ends well."""
    for unit in (ONE, TWO, THREE):
        survey.send(unit, lambda sheet: sheet.sheet.set_row(20, None, None, {"hidden": True}))

    survey.check()

    assert fills(survey.book("23611-xa-dak-pling.xlsx")) == {"E21": "FFFFD966"}


def test_raw_files_are_never_touched(survey: Round) -> None:
    """The bytes of everything that was received are the same before and after."""
    survey.send(ONE, so_may="mười")
    (survey.raw / forms.FOLDER / "23612.xlsx").write_bytes(b"PK\x03\x04 damaged")
    before = {path: tables.sha256(path) for path in survey.edition.received()}

    with pytest.raises(DataError):
        survey.check()

    assert {path: tables.sha256(path) for path in survey.edition.received()} == before


def test_the_last_check_is_replaced_whole(survey: Round) -> None:
    """A second check leaves nothing of the first, and the same forms give the same bytes."""
    survey.send(ONE, so_may="mười")
    with pytest.raises(DataError):
        survey.check()
    first = survey.book("23611-xa-dak-pling.xlsx").read_bytes()
    (survey.folder / "old.txt").write_text("old", encoding="utf-8")

    with pytest.raises(DataError):
        survey.check()

    assert not (survey.folder / "old.txt").exists()
    assert survey.book("23611-xa-dak-pling.xlsx").read_bytes() == first
    assert sorted(path.name for path in survey.edition.reports.iterdir()) == [".lock", "check"]


def test_a_check_that_fails_keeps_the_last_one(survey: Round) -> None:
    """When the ledger does not hold, the last check stays as it was and nothing lies beside it."""
    survey.send(ONE)
    survey.check()
    (survey.raw / "corrections.csv").write_text("wrong,header\n", encoding="utf-8")

    with pytest.raises(Exception, match=r"corrections\.csv"):
        survey.check()

    assert sorted(path.name for path in survey.edition.reports.iterdir()) == [".lock", "check"]


def test_a_check_takes_the_lock_of_the_edition(survey: Round) -> None:
    """While a run holds the edition, a check ends at once."""
    with alone(survey.edition, "vi"), pytest.raises(BusyError):
        survey.check()


def test_a_unit_keeps_its_own_comment(survey: Round) -> None:
    """The words of a comment that was there stay first, ours follow, and there is still one comment."""
    survey.send(ONE, lambda sheet: sheet.sheet.write_comment(*sheet.at("so_may"), "Theo kiểm kê"), so_may=-4)

    with pytest.raises(DataError):
        survey.check()

    text = comments(survey.book("23611-xa-dak-pling.xlsx"))[ROWS["so_may"]]
    assert text.startswith("Theo kiểm kê")
    assert own_words(text) == "Theo kiểm kê"
    assert text.count(OPENING) == 1


def test_marking_again_replaces_the_marks(tmp_path: Path) -> None:
    """A workbook that comes back marked gets the new marks only: fills, comments and list of the old check go."""
    sent = forms.save(tmp_path / "a.xlsx", forms.small(tmp_path), [["Mã", "Trả lời"], ["so_may", 3], ["so_hop", 4]])
    first = marked(sent.read_bytes(), _marks("B2", "B3"), ["x"], LINES)

    again = tmp_path / "again.xlsx"
    again.write_bytes(marked(first, _marks("B3"), ["x"], LINES))

    assert set(comments(again)) == {"B3"}
    assert set(fills(again)) == {"B3"}
    assert comments(again)["B3"].count(OPENING) == 1
    assert openpyxl.load_workbook(again).sheetnames == [SHEET, "Hướng dẫn", FINDINGS_SHEET]


def _marks(*cells: str) -> list[Mark]:
    return [Mark(SHEET, cell, "error", f"{OPENING}\nLỖI: {cell}\n{CLOSING}") for cell in cells]


def test_marks_survive_a_save_in_libreoffice_and_are_replaced(program: Callable[[str], str], tmp_path: Path) -> None:
    """After LibreOffice has saved a marked workbook, the next check still knows and replaces its own marks."""
    sent = forms.save(tmp_path / "a.xlsx", forms.small(tmp_path), [["Mã", "Trả lời"], ["so_may", 3], ["so_hop", 4]])
    sent.write_bytes(marked(sent.read_bytes(), _marks("B2", "B3"), ["x"], LINES))

    (saved,) = forms.resave(program("libreoffice"), [sent], "xlsx", tmp_path / "saved")
    assert set(comments(saved)) == set(fills(saved)) == {"B2", "B3"}
    saved.write_bytes(marked(saved.read_bytes(), _marks("B3"), ["x"], LINES))

    assert set(comments(saved)) == set(fills(saved)) == {"B3"}
    assert comments(saved)["B3"].count(OPENING) == 1


@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_another_kind_of_file_comes_back_as_a_new_form(
    kind: str, survey: Round, program: Callable[[str], str], tmp_path: Path
) -> None:
    """An .ods or .xls comes back as an .xlsx form with the unit's answers, documents and contact, marked there."""
    sent = survey.send(ONE, so_hop="nhiều")
    (other,) = forms.resave(program("libreoffice"), [sent], kind, tmp_path / "other")
    sent.unlink()
    shutil.copy(other, sent.with_suffix(f".{kind}"))

    with pytest.raises(DataError):
        survey.check()

    book = survey.book("23611-xa-dak-pling.xlsx")
    page = openpyxl.load_workbook(book)[SHEET]
    answers = {row[0].value: row[4].value for row in page.iter_rows() if row[0].value}
    wanted = {"dan_so": 5120, "kinh_phi": 12.5, "ty_le": 0.875, "co_mang": "Có", "so_hop": "nhiều"}
    assert {code: answers[code] for code in wanted} == wanted
    assert answers["_contact_name"] == "Nguyễn Văn A"
    assert next(row[5].value for row in page.iter_rows() if row[0].value == "so_may") == "12/QĐ-UBND"
    (cell,) = comments(book)
    assert page[cell].value == "nhiều"


def test_an_unreadable_file_comes_back_as_an_empty_form(survey: Round) -> None:
    """Nobody can mark a broken file; its unit, known by the file's name, gets an empty form and the reason."""
    path = survey.raw / forms.FOLDER / "23612-xa-ia-mo.xlsx"
    path.write_bytes(b"")

    with pytest.raises(DataError):
        survey.check()

    book = survey.book("23612-xa-ia-mo.xlsx")
    answers = {row[0].value: row[4].value for row in openpyxl.load_workbook(book)[SHEET].iter_rows()}
    assert (answers["_unit"], answers["so_may"]) == ("23612", None)
    assert [row[6] for row in listed(book)] == ["Tệp rỗng (0 byte)."]


def test_the_form_of_another_round_is_answered_with_the_right_one(survey: Round) -> None:
    """A unit that filled in last year's form gets this year's, empty."""
    rows = forms.matrix(survey.framework, forms.head(survey.framework, ONE, "2025-thu"))
    forms.save(survey.raw / forms.FOLDER / "23611.xlsx", survey.framework, rows)

    with pytest.raises(DataError):
        survey.check()

    page = openpyxl.load_workbook(survey.book("23611-xa-dak-pling.xlsx"))[SHEET]
    answers = {row[0].value: row[4].value for row in page.iter_rows()}
    assert (answers["_edition"], answers["so_may"]) == (forms.EDITION, None)


def test_what_a_correction_answers_is_not_sent_back(survey: Round) -> None:
    """A finding that the ledger has put right is no mark any more; with nothing else, no workbook is sent."""
    for unit in (ONE, TWO, THREE):
        survey.send(unit, so_may="mười" if unit == ONE else 18)
    header = "correction_id,unit_id,field_id,expected,value,reason,authority,evidence,by,date,round,finding_id\n"
    entry = "C001,23611,so_may,mười,10,Gọi điện,Tổ công tác,,Nguyễn Văn B,2026-11-01,1,\n"
    (survey.raw / "corrections.csv").write_text(header + entry, encoding="utf-8")

    survey.check()

    assert not list(survey.folder.rglob("*.xlsx"))
    assert "đã có điều chỉnh trả lời: 1" in (survey.folder / "summary.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<?xml version", b"<!DOCTYPE a []><?xml version"),
        (b"spreadsheetml/2006/main", b"spreadsheetml/2006/other"),
    ],
)
def test_a_workbook_of_an_unknown_kind_is_not_edited(old: bytes, new: bytes, tmp_path: Path) -> None:
    """A sheet with a document type or of another language of XML is left alone rather than guessed at."""
    sent = forms.save(tmp_path / "a.xlsx", forms.small(tmp_path), [["Mã", "Trả lời"], ["so_may", 3]])
    forms.rewrite(sent, "xl/worksheets/sheet1.xml", old, new)

    with pytest.raises(UneditableError):
        marked(sent.read_bytes(), _marks("B2"), ["x"], LINES)


def test_macros_are_not_sent_back(tmp_path: Path) -> None:
    """A workbook with macros is not edited, so that none is sent to a unit."""
    sent = forms.save(tmp_path / "a.xlsm", forms.small(tmp_path), [["Mã", "Trả lời"], ["so_may", 3]])
    forms.add_part(sent, "xl/vbaProject.bin", b"macro")

    with pytest.raises(UneditableError):
        marked(sent.read_bytes(), _marks("B2"), ["x"], LINES)


class Page(HTMLParser):
    """What a page names: tags, links and attributes."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of all elements of a kind."""
        return [attributes for name, attributes in self.tags if name == tag]


def test_the_summary_needs_nothing_from_outside(survey: Round) -> None:
    """The page has its language, one heading, headers with scope; each link leads to a place or file that is there."""
    survey.send(ONE, so_may="mười")
    with pytest.raises(DataError):
        survey.check()

    page = Page(survey.folder / "summary.html")

    links = [str(each["href"]) for each in page.of("a")]
    anchors = {each["id"] for each in page.of("h3")}
    assert page.of("html") == [{"lang": "vi"}]
    assert len(page.of("h1")) == 1
    assert {each.get("scope") for each in page.of("th")} == {"col", "row"}
    assert {link[1:] for link in links if link.startswith("#")} <= anchors
    assert [link for link in links if not link.startswith("#")] == ["phieu-thu/23611-xa-dak-pling.xlsx"]
    assert not [tag for tag, _ in page.tags if tag in ("script", "img", "link", "iframe", "object")]
    assert all((survey.folder / link).is_file() for link in links if not link.startswith("#"))


def test_the_summary_escapes_what_units_wrote(survey: Round) -> None:
    """Signs of HTML in answers, titles and file names are shown, never taken as such."""
    survey.send(ONE, so_may="<script>alert(1)</script>", name="-<img src=x>")
    with pytest.raises(DataError):
        survey.check()

    text = (survey.folder / "summary.html").read_text(encoding="utf-8")

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script" not in text
    assert "<img" not in text
    assert "Đợt thử &lt;b&gt;" in text


def test_the_summary_counts_and_names_absent_and_late_units(survey: Round) -> None:
    """Deadline 26 October 2026: a form of the 28th is two working days late; a unit without a form is absent."""
    survey.send(ONE)
    survey.send(TWO)
    lines = ["file,unit_id,received,channel,note", f"{forms.FOLDER}/23611.xlsx,23611,2026-10-26,,"]
    lines += [f"{forms.FOLDER}/23612.xlsx,23612,2026-10-28,,", ""]
    (survey.raw / "received.csv").write_text("\n".join(lines), encoding="utf-8")

    survey.check()

    text = (survey.folder / "summary.html").read_text(encoding="utf-8")
    assert "muộn 2 ngày làm việc" in text
    assert text.index("23613 · Phường Hoa Lư") < text.index(">chưa gửi<") < text.index("23612 · Xã Ia Mơ")


def test_a_form_without_a_date_of_receipt_is_not_absent(survey: Round) -> None:
    """A unit whose form is there is not called absent because received.csv does not name it yet."""
    survey.send(ONE)
    survey.send(TWO)
    lines = ["file,unit_id,received,channel,note", f"{forms.FOLDER}/23611.xlsx,23611,2026-10-26,,", ""]
    (survey.raw / "received.csv").write_text("\n".join(lines), encoding="utf-8")

    survey.check()

    text = (survey.folder / "summary.html").read_text(encoding="utf-8")
    assert text.count(">chưa gửi<") == 1
    assert text.count(">chưa ghi ngày nhận trong received.csv<") == 1


def test_the_terminal_has_80_columns(survey: Round, capsys: pytest.CaptureFixture[str]) -> None:
    """Counts by severity, rules, units and files are printed, no line wider than 80 columns."""
    survey.send(ONE, so_may="mười")
    survey.send(TWO, so_may=-4)

    with pytest.raises(DataError, match="2 lỗi"):
        survey.check()

    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("Lỗi: 2 · Cảnh báo: 1 · Lưu ý: 0")
    assert any("form_not_a_number" in line for line in lines)
    assert any(line.startswith("23612 Xã Ia Mơ") for line in lines)


def test_a_check_in_english(survey: Round) -> None:
    """The comments, the list and the page are in the language that is asked for."""
    survey.send(ONE, so_may="mười")

    with pytest.raises(DataError, match="errors"):
        survey.check("en")

    text = comments(survey.book("23611-xa-dak-pling.xlsx"))[ROWS["so_may"]]
    assert "ERROR: “mười” is not a number" in text
    assert Page(survey.folder / "summary.html").of("html") == [{"lang": "en"}]


def test_every_form_of_a_unit_that_sent_two_comes_back(survey: Round) -> None:
    """Two marked workbooks have two names; the finding about the choice stands in the first."""
    survey.send(ONE, name="-a", so_may="mười")
    survey.send(ONE, name="-b", so_may="mười")

    with pytest.raises(DataError):
        survey.check()

    first, second = survey.book("23611-xa-dak-pling.xlsx"), survey.book("23611-xa-dak-pling-2.xlsx")
    assert [row[1] for row in listed(first)] == ["Lỗi", "Lỗi"]
    assert [row[1] for row in listed(second)] == ["Lỗi"]


def test_an_address_of_a_finding_is_not_repeated_to_its_unit() -> None:
    """A sentence loses its address and the advice to the department, and keeps everything between."""
    where = {"file": "responses/a.xlsx", "sheet": "S", "cell": "E5"}
    found = findings.make("percent_or_fraction", "vi", severity="error", value="85", share="0,85", **where)

    assert returned_words.sentence(found, "vi") == "85 lớn hơn 1 mà không có dấu %; có phải là 85 %, tức 0,85? Cần ."
    assert returned_words.to_do(found, "vi") == "Gõ tỷ lệ có dấu %, ví dụ 85 %."


def test_our_blocks_in_comments_are_known_again() -> None:
    """What stands outside our block is the unit's own; a block alone leaves nothing."""
    ours = f"{OPENING}\nLỖI: a\n{CLOSING}"

    assert own_words(ours) == ""
    assert own_words(f"Của xã\n{ours}\nTrả lời") == "Của xã\nTrả lời"
    assert BLOCK.search(f"{OPENING}\nx") is None


def test_the_command_line_knows_the_command() -> None:
    """`check EDITION --lang en` names edition and language."""
    parser = argparse.ArgumentParser()
    cli_survey.add(parser.add_subparsers())

    options = parser.parse_args(["check", "2026-thu", "--lang", "en"])

    assert (options.edition, options.lang) == ("2026-thu", "en")


def test_a_table_edition_has_no_workbooks(repository: Path, tmp_path: Path) -> None:
    """Where one table holds all units, its findings belong to no returned file, and nothing is written for units."""
    setup = editions.load(Edition("2019-bo", repository))

    (part,) = returned.check(setup, "vi", tmp_path)

    assert (part.files, part.workbooks) == ((), ())
    assert part.findings
    assert not list(tmp_path.iterdir())


def test_a_marked_workbook_reads_as_the_unit_sent_it(survey: Round, tmp_path: Path) -> None:
    """The reader finds the same values and documents at the same cells in a marked copy as in what was sent."""
    sent = survey.send(ONE, so_hop=40)
    before = forms.read(survey.raw, survey.framework)
    with pytest.raises(DataError):
        survey.check()

    sent.write_bytes(survey.book("23611-xa-dak-pling.xlsx").read_bytes())

    after = forms.read(survey.raw, survey.framework)
    columns = ["field_id", "value", "raw_text", "sheet", "cell"]
    assert after.observations[columns].equals(before.observations[columns])
    assert after.evidence.equals(before.evidence)


def _merged(sheet: forms.Sheet) -> None:
    sheet.sheet.merge_range("B2:B3", 3)


def test_a_merged_answer_is_marked_where_it_is_seen(tmp_path: Path) -> None:
    """Marks inside merged cells are put at the first of them, the only one that anybody sees."""
    rows = [["Mã", "Trả lời"], ["so_may", 3], ["so_hop", ""]]
    sent = forms.save(tmp_path / "a.xlsx", forms.small(tmp_path), rows, _merged)
    marks = [Mark(SHEET, "B2", "note", "một"), Mark(SHEET, "B3", "error", "hai")]

    sent.write_bytes(marked(sent.read_bytes(), marks, ["x"], LINES))

    assert comments(sent) == {"B2": "một\nhai"}
    assert fills(sent) == {"B2": "FFF4A6A6"}


def test_a_workbook_that_lacks_a_sheet_is_not_edited(tmp_path: Path) -> None:
    """A list of parts that names a sheet which is not there makes the workbook one to write anew."""
    sent = forms.save(tmp_path / "a.xlsx", forms.small(tmp_path), [["Mã", "Trả lời"], ["so_may", 3]])
    forms.rewrite(sent, "xl/_rels/workbook.xml.rels", b"worksheets/sheet2.xml", b"worksheets/sheet9.xml")

    with pytest.raises(UneditableError):
        marked(sent.read_bytes(), _marks("B2"), ["x"], LINES)


def test_a_workbook_with_a_broken_part_is_not_edited(tmp_path: Path) -> None:
    """A part that is no XML, even one that holds no answers, would keep programs from opening the copy."""
    sent = forms.save(tmp_path / "a.xlsx", forms.small(tmp_path), [["Mã", "Trả lời"], ["so_may", 3]])
    forms.rewrite(sent, "xl/theme/theme1.xml", b"</a:theme>", b"")

    with pytest.raises(UneditableError):
        marked(sent.read_bytes(), _marks("B2"), ["x"], LINES)


def test_what_we_wrote_into_a_form_is_not_a_finding_when_it_comes_back(survey: Round) -> None:
    """A marked form that the unit sends again gives the same findings as before: none about our notes and our list."""
    sent = survey.send(ONE, so_may="mười")
    before = {each.rule for each in intake.judged(survey.setup, "phieu-thu", "vi")[1]}
    with pytest.raises(DataError):
        survey.check()

    sent.write_bytes(survey.book("23611-xa-dak-pling.xlsx").read_bytes())
    again = {each.rule for each in intake.judged(survey.setup, "phieu-thu", "vi")[1]}

    assert again == before
    assert "form_not_a_number" in again
