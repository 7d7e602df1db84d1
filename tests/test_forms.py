"""Survey forms as workbooks, and the annex of the covering letter."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from minhbach import editions, forms, forms_book, forms_letter, forms_plan, forms_rules
from minhbach.editions import Setup
from minhbach.errors import UsageError
from minhbach.paths import Edition

REPOSITORY = Path(__file__).resolve().parent.parent
LONG = [f"Lựa chọn thứ {place} có lời giải thích khá dài để danh sách vượt quá giới hạn" for place in range(1, 6)]

FRAMEWORK = f"""
id: khao-sat
revision: 1
title: {{vi: Bộ tiêu chí thử, en: Trial criteria}}
source: {{document: thử}}
unit_kind: xa
sections: {{chung: {{vi: Thông tin chung, en: General}}, HT: {{vi: Hạ tầng, en: Infrastructure}}}}
fields:
  ghi_chu: {{label: {{vi: "=1+1", en: "=1+1"}}, type: text, section: chung}}
  so_may: {{label: {{vi: Số máy, en: Computers}}, type: count, section: HT, required: true, min: 1, max: 20000,
    unit: {{vi: máy, en: computers}}, evidence: required}}
  bang_thong: {{label: {{vi: Băng thông, en: Bandwidth}}, type: number, section: HT, min: 0.5,
    unit: {{vi: Mbps, en: Mbps}}}}
  ty_le: {{label: {{vi: Tỷ lệ, en: Share}}, type: percent, section: HT, min: 0, max: 1, evidence: optional}}
  co_mang: {{label: {{vi: Có mạng, en: Network}}, type: yes_no, section: HT}}
  ngay: {{label: {{vi: Ngày, en: Day}}, type: date, section: chung}}
  trinh_do: {{label: {{vi: Trình độ, en: Qualification}}, type: choice, section: HT, options: ["Đại học", "Khác"]}}
  loai: {{label: {{vi: Loại, en: Kind}}, type: choice, section: HT, options: ["Một, hai", "Ba"]}}
  dai: {{label: {{vi: Dài, en: Long}}, type: choice, section: HT, options: {LONG!r}}}
nodes:
  total: {{label: {{vi: Tổng, en: Total}}, max_points: 1, formula: "capped(so_may, 1)"}}
rankings: [{{id: xep_hang, by: total, within: unit_kind}}]
"""

ASSESSMENT = """
title: {vi: Kỳ thử & nghiệm, en: Trial round}
year: 2022
SYNTHETIC
survey: {letter_date: 2022-10-03, period: {vi: Năm 2022, en: Year 2022}, contact: {vi: Sở Thử, en: Trial office}}
frameworks: [{framework: khao-sat, responses: responses/xa}]
legal_basis: [{text: {vi: Quyết định số 2392/QĐ-BTTTT, en: Decision 2392/QĐ-BTTTT}, basis: inferred}]
document:
  issuer: {vi: Sở Thử, en: Trial office}
  place: {vi: Gia Lai, en: Gia Lai}
  date: 2022-12-31
  type: {vi: BÁO CÁO, en: REPORT}
  abstract: {vi: Kết quả, en: Results}
"""

UNITS = 'unit_id,name,unit_kind\n00001,"=HYPERLINK(""http://x"",1) & Xã Đăk Pơ",xa\n00002,Phường Hòa Bình,xa\n'


def trial(root: Path, *, synthetic: bool = False) -> Setup:
    """A small edition with names and options that invite mistakes."""
    raw = root / "data" / "raw" / "2022-thu"
    raw.mkdir(parents=True)
    (root / "frameworks").mkdir()
    (root / "frameworks" / "khao-sat.yaml").write_text(FRAMEWORK, encoding="utf-8")
    settings = ASSESSMENT.replace("SYNTHETIC", f"synthetic: {str(synthetic).lower()}")
    (raw / "assessment.yaml").write_text(settings, encoding="utf-8")
    (raw / "units.csv").write_text(UNITS, encoding="utf-8")
    return editions.load(Edition("2022-thu", root))


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    return trial(tmp_path / "project")


def sheet_of(file: Path) -> Worksheet:
    return load_workbook(file)["Phiếu khảo sát"]


def by_code(sheet: Worksheet) -> dict[str, int]:
    """The row of every code."""
    return {str(cell.value): cell.row for cell in sheet["A"] if cell.value is not None}


def validations(sheet: Worksheet) -> dict[str, object]:
    """The validation of every cell that has one."""
    return {area.coord: each for each in sheet.data_validations.dataValidation for area in each.sqref.ranges}


def test_every_unit_gets_its_own_form(setup: Setup, tmp_path: Path) -> None:
    """There is one workbook per unit, named by the unit's id and its name in plain letters."""
    written = forms.write_all(setup, tmp_path / "out", "vi")

    assert [file.relative_to(tmp_path / "out").as_posix() for file in written.files] == [
        "khao-sat/00001-hyperlink-http-x-1-xa-dak-po.xlsx",
        "khao-sat/00002-phuong-hoa-binh.xlsx",
    ]
    assert all(file.is_file() for file in written.files)


def test_the_same_edition_gives_the_same_bytes(setup: Setup, tmp_path: Path) -> None:
    """Writing forms and annex twice gives identical files."""
    first = [
        *forms.write_all(setup, tmp_path / "a", "vi").files,
        *forms_letter.letter(setup, tmp_path / "a", "vi").files,
    ]
    second = [
        *forms.write_all(setup, tmp_path / "b", "vi").files,
        *forms_letter.letter(setup, tmp_path / "b", "vi").files,
    ]

    assert len(first) == 3
    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in second]


def test_the_code_column_holds_every_code_once(setup: Setup, tmp_path: Path) -> None:
    """The first column has its header, the codes of the header block and the field ids by table, and no more."""
    sheet = sheet_of(forms.write_all(setup, tmp_path, "vi").files[1])

    codes = [cell.value for cell in sheet["A"] if cell.value is not None]

    assert codes[:3] == ["Mã", "_unit", "_name"]
    assert codes[12:] == [
        *("ghi_chu", "ngay"),
        *("so_may", "bang_thong", "ty_le", "co_mang", "trinh_do", "loai", "dai"),
    ]
    assert len(codes) == len(set(codes))


def test_the_header_block_is_filled_in(setup: Setup, tmp_path: Path) -> None:
    """Unit, edition, framework, period and deadline (15 working days after 3 October 2022) are there and locked."""
    sheet = sheet_of(forms.write_all(setup, tmp_path, "vi").files[1])
    row = by_code(sheet)

    values = {code: sheet.cell(row[code], 5).value for code in row if code.startswith("_")}

    fingerprint = values.pop("_fingerprint")
    assert len(str(fingerprint)) == 16
    assert {code: value for code, value in values.items() if value is not None} == {
        "_unit": "00002",
        "_name": "Phường Hòa Bình",
        "_edition": "2022-thu",
        "_framework": "khao-sat",
        "_period": "Năm 2022",
        "_deadline": "24/10/2022",
    }
    assert sheet.cell(row["_unit"], 5).protection.locked
    assert not sheet.cell(row["_contact_name"], 5).protection.locked


def test_only_answers_evidence_and_remarks_can_be_changed(setup: Setup, tmp_path: Path) -> None:
    """The sheet is protected without a password, and unlocked cells are exactly those that a unit fills in."""
    sheet = sheet_of(forms.write_all(setup, tmp_path, "vi").files[1])
    row = by_code(sheet)

    unlocked = {cell.coordinate for line in sheet.iter_rows() for cell in line if not cell.protection.locked}

    questions = ["ghi_chu", "ngay", "so_may", "bang_thong", "ty_le", "co_mang", "trinh_do", "loai", "dai"]
    contact = [f"_contact_{part}" for part in ("name", "post", "phone", "email")]
    expected = {f"E{row[code]}" for code in questions + contact} | {f"I{row[code]}" for code in questions}
    expected |= {f"{column}{row[code]}" for code in ("so_may", "ty_le") for column in "FGH"}
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert unlocked == expected
    assert all(sheet[place].fill.fgColor.rgb not in ("00000000", "FFFFFFFF") for place in unlocked)


def test_ranges_and_lists_come_from_the_framework(setup: Setup, tmp_path: Path) -> None:
    """Counts are whole and in range, shares 0 to 1, dates dates; options are offered as a list."""
    sheet = sheet_of(forms.write_all(setup, tmp_path, "vi").files[1])
    row, rules = by_code(sheet), validations(sheet)

    def rule(code: str) -> tuple[str, str | None, str | None]:
        found = rules[f"E{row[code]}"]
        return found.type, found.formula1, found.formula2  # type: ignore[attr-defined]

    assert rule("so_may") == ("whole", "1", "20000")
    assert rule("bang_thong") == ("decimal", "0.5", "1000000000000000")
    assert rule("ty_le") == ("decimal", "0", "1")
    assert rule("co_mang")[:2] == ("list", '"Có,Không"')
    assert rule("trinh_do")[:2] == ("list", '"Đại học,Khác"')
    assert rule("ngay")[0] == "date"
    assert sheet.cell(row["ty_le"], 5).number_format == "0.00%"
    assert sheet.cell(row["ngay"], 5).number_format == "dd/mm/yyyy"
    assert {sheet.cell(row["so_may"], column).number_format for column in (6, 7, 9)} == {"@"}


def test_options_that_do_not_fit_stand_on_a_hidden_sheet(setup: Setup, tmp_path: Path) -> None:
    """Options with a comma and lists of more than 255 characters are offered whole, from a sheet nobody sees."""
    book = load_workbook(forms.write_all(setup, tmp_path, "vi").files[1])
    sheet = book["Phiếu khảo sát"]
    row, rules = by_code(sheet), validations(sheet)

    lists = book["Danh mục lựa chọn"]

    assert lists.sheet_state == "veryHidden"
    assert [cell.value for cell in lists["A"]][:2] == ["Một, hai", "Ba"]
    assert [cell.value for cell in lists["B"]] == LONG
    assert rules[f"E{row['loai']}"].formula1 == "'Danh mục lựa chọn'!$A$1:$A$2"  # type: ignore[attr-defined]
    assert rules[f"E{row['dai']}"].formula1 == "'Danh mục lựa chọn'!$B$1:$B$5"  # type: ignore[attr-defined]


def test_questions_say_what_they_accept(setup: Setup, tmp_path: Path) -> None:
    """The input message of a cell names question, range, unit of measure and whether an answer is required."""
    sheet = sheet_of(forms.write_all(setup, tmp_path, "vi").files[1])
    row, rules = by_code(sheet), validations(sheet)

    message = rules[f"E{row['so_may']}"]

    assert message.promptTitle == "Số máy"  # type: ignore[attr-defined]
    assert message.prompt == (  # type: ignore[attr-defined]
        "Số máy.\nNhập số nguyên từ 1 đến 20.000 (máy).\nCâu bắt buộc trả lời."
    )
    assert "từ 0% đến 100%" in rules[f"E{row['ty_le']}"].prompt  # type: ignore[attr-defined]
    assert "từ 0,50 trở lên (Mbps)" in rules[f"E{row['bang_thong']}"].prompt  # type: ignore[attr-defined]
    assert f"F{row['so_may']}" in rules
    assert f"F{row['ty_le']}" not in rules


@pytest.mark.parametrize("framework", ["qd-2392-2017-huyen", "qd-2392-2017-xa"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_messages_fit_into_a_cell_of_excel(framework: str, language: str) -> None:
    """No title of a shipped question's message passes 32 characters, and no message 255."""
    fields = editions.framework.find(framework, REPOSITORY).fields

    rules = [forms_rules.rule_of(question, language).validation for question in fields.values()]

    assert max(len(rule[key]) for rule in rules for key in ("input_title", "error_title")) <= 32
    assert max(len(rule[key]) for rule in rules for key in ("input_message", "error_message")) <= 255
    assert all(rule["input_message"] and rule["error_message"] for rule in rules)


def test_long_titles_are_cut_after_a_word() -> None:
    """A text that is too long ends after a word, with an ellipsis."""
    assert forms_rules.clipped("Số máy tính, máy chủ", 13) == "Số máy tính…"
    assert forms_rules.clipped("Số máy", 6) == "Số máy"


def test_text_never_becomes_a_formula(setup: Setup, tmp_path: Path) -> None:
    """Names and labels that look like formulas or links are written as text; no workbook holds a formula."""
    file = forms.write_all(setup, tmp_path, "vi").files[0]
    sheet = sheet_of(file)
    row = by_code(sheet)

    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}

    assert sheet.cell(row["_name"], 5).value == '=HYPERLINK("http://x",1) & Xã Đăk Pơ'
    assert sheet.cell(row["ghi_chu"], 3).value == "=1+1"
    assert {sheet.cell(row["_name"], 5).data_type, sheet.cell(row["ghi_chu"], 3).data_type} == {"s"}
    assert not [name for name, content in parts.items() if b"<f>" in content or b"<hyperlink" in content]


def test_forms_are_made_for_printing(setup: Setup, tmp_path: Path) -> None:
    """A form prints on A4, one page wide, with header row, title and page number on each page, and is frozen."""
    sheet = sheet_of(forms.write_all(setup, tmp_path, "vi").files[1])
    header = next(cell.row for cell in sheet["A"] if cell.value == "Mã")

    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == f"${header}:${header}"
    assert sheet.freeze_panes == f"A{header + 1}"
    assert sheet.oddHeader.left.text.strip().replace("&&", "&") == "Kỳ thử & nghiệm"
    assert "Trang &P/&N" in sheet.oddFooter.right.text.replace("&[Page]", "&P").replace("&[Pages]", "&N")
    assert not sheet.merged_cells.ranges


def test_a_synthetic_edition_says_so(tmp_path: Path) -> None:
    """SỐ LIỆU MINH HỌA stands in title block, print header and guide of a synthetic edition, and of no other."""
    real = forms.write_all(trial(tmp_path / "real"), tmp_path / "a", "vi").files[1]
    synthetic = forms.write_all(trial(tmp_path / "synthetic", synthetic=True), tmp_path / "b", "vi").files[1]

    book = load_workbook(synthetic)
    sheet = book["Phiếu khảo sát"]
    with zipfile.ZipFile(real) as archive:
        texts = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")

    assert "SỐ LIỆU MINH HỌA" in [sheet.cell(row, 2).value for row in range(1, 5)]
    assert "SỐ LIỆU MINH HỌA" in sheet.oddHeader.right.text
    assert "SỐ LIỆU MINH HỌA" in [cell.value for cell in book["Hướng dẫn"]["A"]]
    assert "SỐ LIỆU MINH HỌA" not in texts


def test_the_guide_names_deadline_and_contact(setup: Setup, tmp_path: Path) -> None:
    """The second sheet explains how to fill in the form, until when, and who answers questions."""
    book = load_workbook(forms.write_all(setup, tmp_path, "vi").files[1])

    guide = "\n".join(str(cell.value) for cell in book["Hướng dẫn"]["A"])

    assert book.sheetnames[:2] == ["Phiếu khảo sát", "Hướng dẫn"]
    assert book.active.title == "Phiếu khảo sát"
    assert "24/10/2022" in guide
    assert "Sở Thử" in guide


def test_an_english_form_keeps_the_codes_and_headers(setup: Setup, tmp_path: Path) -> None:
    """In English the questions are English; codes, headers and options stay, so that it is read like any other."""
    sheet = sheet_of(forms.write_all(setup, tmp_path, "en").files[1])
    row = by_code(sheet)

    assert sheet.cell(row["so_may"], 3).value == "Computers"
    assert sheet.cell(row["Mã"], 5).value == "Trả lời"
    assert "from 1 to 20,000 (computers)" in validations(sheet)[f"E{row['so_may']}"].prompt  # type: ignore[attr-defined]


def test_an_edition_without_forms_is_told_so() -> None:
    """Asking for the forms of an edition that reads tables is refused with what to write instead."""
    setup = editions.load(Edition("2019-bo", REPOSITORY))

    with pytest.raises(UsageError) as refused:
        forms.write_all(setup, Path("nowhere"), "vi")

    assert "2019-bo" in str(refused.value)
    assert "responses:" in str(refused.value)


def test_the_annex_says_what_why_and_until_when(setup: Setup, tmp_path: Path) -> None:
    """The annex names basis, deadline and every question with its unit and evidence; markup in labels is text."""
    written = forms_letter.letter(setup, tmp_path, "vi")

    pages = pypdfium2.PdfDocument(written.files[0])
    text = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pages).split())

    assert [file.name for file in written.files] == ["khao-sat.pdf"]
    for expected in ("2392/QĐ-BTTTT", "24/10/2022", "15 ngày làm việc", "=1+1", "Số máy", "(máy)", "Bắt buộc"):
        assert expected in text
    assert "suy luận" in text
    assert [file.name for file in tmp_path.glob("*.md")] == []


def test_codes_survive_libreoffice(tmp_path: Path, program: Callable[[str], str]) -> None:
    """LibreOffice, which takes _xa_ for an escaped line end, opens and saves a form without changing any code."""
    setup = editions.load(Edition("2022-gia-lai", REPOSITORY))
    framework = setup.framework("qd-2392-2017-huyen")
    file = forms_book.write(next(forms_plan.forms_of(setup, framework, "vi")), tmp_path / "form.xlsx")

    saved = converted(file, "xlsx:Calc MS Excel 2007 XML", tmp_path / "saved", program)

    codes = [cell.value for cell in sheet_of(saved)["A"] if cell.value]
    assert "so_xa_tslcd" in codes
    assert codes == [cell.value for cell in sheet_of(file)["A"] if cell.value]


def converted(file: Path, kind: str, folder: Path, program: Callable[[str], str]) -> Path:
    """The file as LibreOffice saves it in another format."""
    profile = f"-env:UserInstallation={(file.parent / 'profile').as_uri()}"
    command = [program("libreoffice"), profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(file)]
    subprocess.run(command, check=True, capture_output=True)
    return folder / file.with_suffix(f".{kind.partition(':')[0]}").name


def test_libreoffice_opens_a_form(setup: Setup, tmp_path: Path, program: Callable[[str], str]) -> None:
    """LibreOffice prints a form with its questions, its unit and page numbers."""
    file = forms.write_all(setup, tmp_path, "vi").files[1]
    document = pypdfium2.PdfDocument(converted(file, "pdf", tmp_path, program))
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)

    # Vietnamese letters come from a second font where Times New Roman is missing, and are then read apart.
    assert all(f" {code} " in f" {' '.join(text.split())} " for code in ("_unit", "so_may", "co_mang", "dai"))
    assert "00002 Ph" in text
    assert f"1/{len(document)}" in text
