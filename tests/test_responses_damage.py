"""The damage catalogue of returned forms: each kind a real file, its own finding at its own cell, no more."""

import datetime
import hashlib
import random
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import forms
import pytest
from forms import FILE, FOLDER, UNITS, VALUES, Sheet, found, head, matrix, read, save, small, values

from minhbach.forms_layout import SHEET
from minhbach.framework import Framework

OWN = UNITS.get("23611")
ETH = "Ð"  # Icelandic, looks like the Vietnamese Đ
SHEET_PART = "xl/worksheets/sheet1.xml"


@pytest.fixture(scope="module")
def framework(tmp_path_factory: pytest.TempPathFactory) -> Framework:
    """The small framework of these tests."""
    return small(tmp_path_factory.mktemp("framework"))


# ---- one damaged cell ------------------------------------------------------------------------------------
# Field, what is written, the number format, severity and rule of the only finding, and the value read.

CELLS = [
    ("so_may", "mười tám", "", "error", "form_not_a_number", ""),
    ("so_may", "18 máy", "", "error", "form_not_a_number", ""),
    ("so_may", "1О", "", "error", "form_not_a_number", ""),  # a Cyrillic letter for the zero
    ("so_may", "9" * 41, "", "error", "number_too_long", ""),
    ("kinh_phi", "1.234", "", "error", "form_ambiguous_number", ""),
    ("so_may", "2.000", "", "error", "form_ambiguous_number", ""),
    ("so_may", "1.234", "", "note", "read_as_whole", "1234"),
    ("so_may", 2.5, "", "error", "not_whole", ""),
    ("so_may", -3, "", "error", "negative_number", ""),
    ("so_may", True, "", "error", "truth_in_number", ""),
    ("kinh_phi", datetime.date(2026, 4, 23), "dd/mm/yyyy", "error", "date_in_number", ""),
    ("ty_le", 87.5, "", "error", "percent_or_fraction", ""),
    ("ty_le", 87.5, "0.00%", "error", "percent_or_fraction", ""),
    ("so_may", 5, "0%", "error", "percent_in_number", ""),
    ("kinh_phi", "54 %", "", "error", "percent_in_number", ""),
    ("kinh_phi", "54/60", "", "error", "ambiguous_fraction", ""),
    ("so_may", "#N/A", "", "error", "error_cell", ""),
    ("kinh_phi", 12.56, "0", "warning", "shown_otherwise", "12.56"),
    ("kinh_phi", 12500, "0,", "warning", "shown_otherwise", "12500"),
    ("kinh_phi", 12.56, ";;;", "warning", "shown_otherwise", "12.56"),
    ("ty_le", 0.87654, "0.00%", "warning", "shown_otherwise", "0.87654"),
    ("co_mang", "chưa rõ", "", "error", "not_yes_no", ""),
    ("muc_do", "Đầy đu", "", "error", "not_an_option", ""),
    ("ngay_chot", "31/02/2026", "", "error", "not_a_date", ""),
    ("ngay_chot", 46387, "", "error", "not_a_date", ""),
    ("dia_chi", "a\x07b", "", "error", "control_characters", ""),
    ("dia_chi", datetime.date(2026, 2, 1), "dd/mm/yyyy", "warning", "date_in_text", "2026-02-01"),
    ("muc_do", f"{ETH}ầy đủ", "", "warning", "lookalike_letters", "Đầy đủ"),
    ("dia_chi", f"{ETH}ak Pling", "", "warning", "lookalike_letters", f"{ETH}ak Pling"),
    ("muc_do", unicodedata.normalize("NFD", "Một phần"), "", "note", "decomposed_letters", "Một phần"),
    ("dia_chi", unicodedata.normalize("NFD", "Thôn Một"), "", "note", "decomposed_letters", "Thôn Một"),
]
ROWS = {"dan_so": 16, "ngay_chot": 17, "dia_chi": 18, "kinh_phi": 19,
        "so_may": 21, "so_hop": 22, "ty_le": 23, "co_mang": 24, "muc_do": 25}  # fmt: skip


@pytest.mark.parametrize(("field", "content", "code", "severity", "rule", "value"), CELLS)
def test_a_damaged_cell_is_one_finding(
    framework: Framework, tmp_path: Path, field: str, content: Any, code: str, severity: str, rule: str, value: str
) -> None:
    """A cell that is wrong or odd gives one finding at its address; the other answers are read as they stand."""

    def damage(sheet: Sheet) -> None:
        look = sheet.form(code) if code else None
        if isinstance(content, datetime.date):
            sheet.sheet.write_datetime(*sheet.at(field), content, look)
        else:
            sheet.sheet.write(*sheet.at(field), content, look)

    save(tmp_path / FILE, framework, matrix(framework, head(framework, OWN)), damage)

    responses = read(tmp_path, framework)

    assert found(responses) == [(severity, rule, f"E{ROWS[field]}")]
    assert values(responses) == VALUES | {field: value}


# ---- what people do to a sheet ---------------------------------------------------------------------------


def formula(sheet: Sheet) -> None:
    sheet.sheet.write_formula(*sheet.at("so_may"), "=9*2", None, 18)


def formula_without_value(sheet: Sheet) -> None:
    sheet.sheet.write_formula(*sheet.at("so_may"), "=9*2", None, "")


def error_value(sheet: Sheet) -> None:
    sheet.sheet.write_formula(*sheet.at("so_may"), "=1/0", None, "#DIV/0!")


def array_formula(sheet: Sheet) -> None:
    first, last = sheet.at("so_may"), sheet.at("so_hop")
    sheet.sheet.write_array_formula(*first, *last, "{=A1:A2}", None, 18)
    sheet.sheet.write_number(*last, 4)


def merged_down(sheet: Sheet) -> None:
    sheet.sheet.merge_range(*sheet.at("so_may"), *sheet.at("so_hop"), 18)


def merged_across(sheet: Sheet) -> None:
    sheet.sheet.merge_range(*sheet.at("so_may"), *sheet.at("so_may", "Trích yếu văn bản"), 18)


def merged_from_the_left(sheet: Sheet) -> None:
    sheet.sheet.merge_range(*sheet.at("so_may", "Đơn vị tính"), *sheet.at("so_may"), "máy")


def hidden_row(sheet: Sheet) -> None:
    sheet.sheet.set_row(sheet.at("so_may")[0], None, None, {"hidden": True})


def flat_row(sheet: Sheet) -> None:
    sheet.sheet.set_row(sheet.at("so_may")[0], 0)


def hidden_column(sheet: Sheet) -> None:
    sheet.sheet.set_column("E:E", None, None, {"hidden": True})


def hidden_sheet(sheet: Sheet) -> None:
    sheet.book.worksheets()[1].activate()
    sheet.book.worksheets()[1].set_first_sheet()
    sheet.sheet.hide()


def comment(sheet: Sheet) -> None:
    sheet.sheet.write_comment(*sheet.at("so_may"), "Kể cả máy hỏng", {"author": "Xã"})


def unprotected(sheet: Sheet) -> None:
    sheet.protected = False


def beside(sheet: Sheet) -> None:
    row, _ = sheet.at("so_may")
    sheet.sheet.write(row, 9, 20)
    sheet.sheet.write(row + 1, 9, 21)


def below(sheet: Sheet) -> None:
    sheet.sheet.write("E27", 20)


def other_sheet(sheet: Sheet) -> None:
    sheet.book.add_worksheet("Năm 2023").write("A1", 7)


def hidden_other_sheet(sheet: Sheet) -> None:
    old = sheet.book.add_worksheet("Năm 2023")
    old.write("A1", 7)
    old.hide()


def far_cell(sheet: Sheet) -> None:
    sheet.sheet.write("ZZ900000", 1)


def evidence_error(sheet: Sheet) -> None:
    sheet.sheet.write_formula(*sheet.at("so_may", "Số, ký hiệu văn bản"), "=X!A1", None, "#REF!")


DONE: list[tuple[Callable[[Sheet], None], list[tuple[str, str, str]], dict[str, str]]] = [
    (formula, [("warning", "formula_in_answer", "E21")], {}),
    (formula_without_value, [("error", "formula_without_value", "E21")], {"so_may": ""}),
    (error_value, [("error", "error_cell", "E21")], {"so_may": ""}),
    (array_formula, [("warning", "formula_in_answer", "E21"), ("warning", "formula_in_answer", "E22")], {}),
    (merged_down, [("error", "merged_answers", "E21"), ("error", "merged_answers", "E22")],
     {"so_may": "", "so_hop": ""}),
    (merged_across, [("warning", "merged_answer", "E21")], {}),
    (merged_from_the_left, [("error", "merged_answers", "E21")], {"so_may": ""}),
    (hidden_row, [("warning", "row_hidden", "E21")], {}),
    (flat_row, [("warning", "row_hidden", "E21")], {}),
    (hidden_column, [("warning", "column_hidden", "E16")], {}),
    (hidden_sheet, [("warning", "sheet_hidden", "")], {}),
    (comment, [("note", "comment_in_answer", "E21")], {}),
    (unprotected, [("note", "protection_removed", "")], {}),
    (beside, [("warning", "answer_outside", "J21")], {}),
    (below, [("warning", "answer_outside", "E27")], {}),
    (other_sheet, [("note", "sheet_not_read", "")], {}),
    (hidden_other_sheet, [("note", "sheet_not_read", "")], {}),
    (evidence_error, [("warning", "error_cell", "F21")], {}),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "expected", "changed"), DONE, ids=[each[0].__name__ for each in DONE])
def test_what_people_do_to_a_sheet_is_found(
    framework: Framework,
    tmp_path: Path,
    damage: Callable[[Sheet], None],
    expected: list[tuple[str, str, str]],
    changed: dict[str, str],
) -> None:
    """Formulas, merged and hidden cells, comments and stray answers are found where they stand."""
    save(tmp_path / FILE, framework, matrix(framework, head(framework, OWN)), damage)

    responses = read(tmp_path, framework)

    assert found(responses) == expected
    assert values(responses) == VALUES | changed
    assert all(each.file == FILE for each in responses.findings)


# ---- rows and columns ------------------------------------------------------------------------------------


def typo(rows: forms.Matrix) -> None:
    rows[20][0] = "so_mayy"


def cyrillic_code(rows: forms.Matrix) -> None:
    rows[20][0] = "sо_may"  # its second letter is Cyrillic


def stray_code(rows: forms.Matrix) -> None:
    rows.append(["zzz", "", "Câu hỏi thêm", "", 7, "", "", "", ""])


def twice(rows: forms.Matrix) -> None:
    rows.append(list(rows[20]))


def required_gone(rows: forms.Matrix) -> None:
    del rows[20]


def optional_gone(rows: forms.Matrix) -> None:
    del rows[21]


def answers_without_codes(rows: forms.Matrix) -> None:
    rows[20][0] = ""


def sorted_alone(rows: forms.Matrix) -> None:
    rows[20][2], rows[21][2] = rows[21][2], rows[20][2]
    rows[20][3], rows[21][3] = rows[21][3], rows[20][3]


def reworded(rows: forms.Matrix) -> None:
    rows[20][2] = "Số máy tính còn dùng được"


def other_measure(rows: forms.Matrix) -> None:
    rows[18][3] = "nghìn đồng"


def remark_gone(rows: forms.Matrix) -> None:
    for row in rows:
        del row[8]


def evidence_header_twice(rows: forms.Matrix) -> None:
    rows[2][8] = "Trích yếu văn bản"


def filled_new_column(rows: forms.Matrix) -> None:
    for row in rows:
        row.insert(4, "")
    rows[20][4] = "khoảng"


def head_row_gone(rows: forms.Matrix) -> None:
    del rows[7]


def name_changed(rows: forms.Matrix) -> None:
    rows[4][4] = "Xã Đak Plinh"


def no_unit(rows: forms.Matrix) -> None:
    rows[3][4] = "mã mới"


def other_print(rows: forms.Matrix) -> None:
    rows[9][4] = "0123456789abcdef"


ROWS_DONE: list[tuple[Callable[[forms.Matrix], None], list[tuple[str, str, str]], dict[str, str]]] = [
    (typo, [("error", "code_unknown", "A21")], {"so_may": ""}),
    (cyrillic_code, [("error", "code_unknown", "A21")], {"so_may": ""}),
    (stray_code, [("error", "code_unknown", "A26")], {}),
    (twice, [("error", "code_twice", "E26")], {"so_may": ""}),
    (required_gone, [("error", "code_missing", "")], {"so_may": ""}),
    (optional_gone, [("warning", "code_missing", "")], {"so_hop": ""}),
    (answers_without_codes, [("error", "code_missing", ""), ("warning", "answer_outside", "E21")], {"so_may": ""}),
    (reworded, [("warning", "template_altered", "C21")], {}),
    (other_measure, [("warning", "template_altered", "D19")], {}),
    (remark_gone, [("warning", "column_missing", "")], {}),
    (evidence_header_twice, [("warning", "column_missing", ""), ("warning", "column_missing", "")], {}),
    (filled_new_column, [("warning", "answer_outside", "E21")], {}),
    (head_row_gone, [("warning", "head_rows_lost", "")], {}),
    (name_changed, [("warning", "form_name_altered", "E5")], {}),
    (no_unit, [("warning", "form_unit_from_name", "E4")], {}),
    (other_print, [("warning", "fingerprint_differs", "E10")], {}),
]


@pytest.mark.parametrize(("damage", "expected", "changed"), ROWS_DONE, ids=[each[0].__name__ for each in ROWS_DONE])
def test_changed_rows_and_columns_are_found(
    framework: Framework,
    tmp_path: Path,
    damage: Callable[[forms.Matrix], None],
    expected: list[tuple[str, str, str]],
    changed: dict[str, str],
) -> None:
    """Codes, questions, columns and header rows that were altered are found once; what is certain is still read."""
    rows = matrix(framework, head(framework, OWN))
    damage(rows)
    save(tmp_path / FILE, framework, rows)

    responses = read(tmp_path, framework)

    assert found(responses) == expected
    assert values(responses) == VALUES | changed


def test_questions_sorted_without_their_codes(framework: Framework, tmp_path: Path) -> None:
    """Where code and question of a row belong to two fields, nobody knows whose answer it is, and none is read."""
    rows = matrix(framework, head(framework, OWN))
    sorted_alone(rows)
    save(tmp_path / FILE, framework, rows)

    responses = read(tmp_path, framework)

    moved = [("error", "question_moved", "C21"), ("error", "question_moved", "C22")]
    assert [each for each in found(responses) if each[0] == "error"] == moved
    assert values(responses) == VALUES | {"so_may": "", "so_hop": ""}


def test_altered_options_are_named(framework: Framework, tmp_path: Path) -> None:
    """A drop-down list that offers other options than the framework is an altered template."""

    def damage(sheet: Sheet) -> None:
        place = sheet.at("muc_do")
        sheet.sheet.validations.clear()
        sheet.sheet.data_validation(*place, *place, {"validate": "list", "source": ["Đầy đủ", "Một phần", "Không rõ"]})

    save(tmp_path / FILE, framework, matrix(framework, head(framework, OWN)), damage)

    responses = read(tmp_path, framework)

    assert found(responses) == [("warning", "template_altered", "E25")]
    assert responses.findings[0].value == "Đầy đủ, Một phần, Không rõ"
    assert responses.findings[0].expected == "Đầy đủ, Một phần, Chưa có"


# ---- forms that are not read -----------------------------------------------------------------------------


def header_lost(rows: forms.Matrix) -> None:
    rows[2][4] = "Trả lới"


def header_twice(rows: forms.Matrix) -> None:
    rows[2][8] = "Trả lời"


def no_header(rows: forms.Matrix) -> None:
    del rows[2]


def no_known_unit(rows: forms.Matrix) -> None:
    rows[3][4], rows[4][4] = "99999", ""


def other_kind(rows: forms.Matrix) -> None:
    rows[3][4] = "664"


def two_units(rows: forms.Matrix) -> None:
    rows[4][4] = "Xã Ia Mơ"


def other_edition(rows: forms.Matrix) -> None:
    rows[5][4], rows[9][4] = "2025-thu", "0123456789abcdef"


def other_framework(rows: forms.Matrix) -> None:
    rows[6][4], rows[9][4] = "phieu-khac", "0123456789abcdef"


UNREAD = [
    (header_lost, FILE, "form_header_lost", "A3"),
    (header_twice, FILE, "form_header_twice", "I3"),
    (no_header, FILE, "form_not_found", ""),
    (no_known_unit, f"{FOLDER}/phieu.xlsx", "form_unit_unknown", "E4"),
    (other_kind, FILE, "form_unit_of_other_kind", "E4"),
    (two_units, FILE, "form_of_two_units", "E5"),
    (other_edition, FILE, "form_of_other_edition", "E6"),
    (other_framework, FILE, "form_of_other_framework", "E7"),
]


@pytest.mark.parametrize(("damage", "file", "rule", "cell"), UNREAD, ids=[each[2] for each in UNREAD])
def test_a_form_that_cannot_be_trusted_is_not_read(
    framework: Framework, tmp_path: Path, damage: Callable[[forms.Matrix], None], file: str, rule: str, cell: str
) -> None:
    """A form without its columns, of nobody, or of another round gives one error and no values."""
    rows = matrix(framework, head(framework, OWN))
    damage(rows)
    save(tmp_path / file, framework, rows)

    responses = read(tmp_path, framework)

    assert found(responses) == [("error", rule, cell)]
    assert responses.observations.empty
    assert responses.evidence.empty
    assert responses.files[["file", "reader", "fingerprint_ok"]].to_numpy().tolist() == [[file, "", ""]]


def test_form_on_two_sheets(framework: Framework, tmp_path: Path) -> None:
    """A workbook with the form on two sheets is an error that names both; none is read."""

    def damage(sheet: Sheet) -> None:
        copy = sheet.book.add_worksheet("Nháp")
        for line, cells in enumerate(sheet.rows):
            copy.write_row(line, 0, cells)

    save(tmp_path / FILE, framework, matrix(framework, head(framework, OWN)), damage)

    responses = read(tmp_path, framework)

    assert found(responses) == [("error", "form_twice_in_file", "")]
    assert responses.findings[0].value == f"{SHEET}, Nháp"
    assert responses.observations.empty


# ---- files -----------------------------------------------------------------------------------------------


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-800])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def web_page(path: Path) -> None:
    path.write_text("<html><table><tr><td>18</td></tr></table></html>", encoding="utf-8")


def plain_text(path: Path) -> None:
    path.write_text("Mã,Trả lời\nso_may,18\n", encoding="utf-8")


def old_excel(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "Workbook".encode("utf-16-le") + bytes(500))


def locked(path: Path) -> None:
    content = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + content + bytes(500))


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", bytes(40_000_000))


def entities(path: Path) -> None:
    declared = b'<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa">]><worksheet'
    forms.rewrite(path, SHEET_PART, b"<worksheet", declared)


def broken_xml(path: Path) -> None:
    forms.rewrite(path, SHEET_PART, b"</sheetData>", b"")


def word_file(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")


FILES = [
    (truncated, "damaged_file"),
    (empty, "empty_file"),
    (web_page, "wrong_file_type"),
    (plain_text, "wrong_file_type"),
    (old_excel, "wrong_file_type"),
    (word_file, "wrong_file_type"),
    (locked, "password_protected"),
    (bomb, "expands_too_much"),
    (entities, "damaged_file"),
    (broken_xml, "damaged_file"),
]


@pytest.mark.parametrize(("damage", "rule"), FILES, ids=[each[0].__name__ for each in FILES])
def test_a_file_that_is_no_workbook_is_one_error(
    framework: Framework, tmp_path: Path, damage: Callable[[Path], None], rule: str
) -> None:
    """Whatever a file really is, it gives one error that names it and its unit, and other forms are read."""
    rows = matrix(framework, head(framework, OWN))
    other = f"{FOLDER}/23612-xa-ia-mo.xlsx"
    save(tmp_path / other, framework, matrix(framework, head(framework, UNITS.get("23612"))))
    damage(save(tmp_path / FILE, framework, rows))
    sent = (tmp_path / FILE).read_bytes()

    responses = read(tmp_path, framework)

    assert [(each.severity, each.rule, each.file, each.unit_id) for each in responses.findings] == [
        ("error", rule, FILE, "23611")
    ]
    assert values(responses, "23612") == VALUES
    assert responses.files.loc[0, ["sha256", "size"]].tolist() == [hashlib.sha256(sent).hexdigest(), str(len(sent))]
    assert (tmp_path / FILE).read_bytes() == sent


def test_far_cell(framework: Framework, tmp_path: Path) -> None:
    """A stray cell far from the table refuses the form before memory is spent on it."""
    save(tmp_path / FILE, framework, matrix(framework, head(framework, OWN)), far_cell)

    responses = read(tmp_path, framework)

    assert found(responses) == [("error", "table_too_large", "")]


def test_far_cell_on_another_sheet(framework: Framework, tmp_path: Path) -> None:
    """A sheet that is too large is left out with a warning; the form beside it is read."""

    def damage(sheet: Sheet) -> None:
        sheet.book.add_worksheet("Khác").write("ZZ900000", 1)

    save(tmp_path / FILE, framework, matrix(framework, head(framework, OWN)), damage)

    responses = read(tmp_path, framework)

    assert [(each.severity, each.rule, each.sheet) for each in responses.findings] == [
        ("warning", "table_too_large", "Khác")
    ]
    assert values(responses) == VALUES


@pytest.mark.parametrize(
    ("part", "rule"),
    [
        ("xl/vbaProject.bin", "macros_present"),
        ("xl/externalLinks/externalLink1.xml", "links_present"),
        ("xl/connections.xml", "links_present"),
    ],
)
def test_macros_and_links_are_noted(framework: Framework, tmp_path: Path, part: str, rule: str) -> None:
    """Macros and links to other files are noted and never run or followed."""
    save(tmp_path / FILE, framework, matrix(framework, head(framework, OWN)))
    forms.add_part(tmp_path / FILE, part, b"<a/>")

    responses = read(tmp_path, framework)

    assert found(responses) == [("note", rule, "")]
    assert values(responses) == VALUES


def test_every_damage_has_words(framework: Framework, tmp_path: Path) -> None:
    """The catalogue has over thirty kinds, and each finding says in both languages where it is and what to do."""

    def damage(sheet: Sheet) -> None:
        for act in (formula, hidden_row, comment, beside, below, unprotected, hidden_other_sheet):
            act(sheet)
        for field, content, code, *_ in CELLS:
            if field not in ("so_may", "dia_chi") and not isinstance(content, datetime.date):
                sheet.sheet.write(*sheet.at(field), content, sheet.form(code) if code else None)

    rows = matrix(framework, head(framework, OWN))
    for act in (stray_code, name_changed, head_row_gone):
        act(rows)
    save(tmp_path / FILE, framework, rows, damage)
    kinds = {rule for *_, rule, _ in CELLS} | {rule for _, each, _ in DONE + ROWS_DONE for _, rule, _ in each}
    kinds |= {rule for _, _, rule, _ in UNREAD} | {rule for _, rule in FILES}

    responses = {language: read(tmp_path, framework, language).findings for language in ("vi", "en")}

    assert len(kinds) > 50
    assert len({each.rule for each in responses["vi"]}) > 10
    assert [each.finding_id for each in responses["vi"]] == [each.finding_id for each in responses["en"]]
    for each in (*responses["vi"], *responses["en"]):
        assert each.message.startswith(FILE)
        assert each.message.endswith((".", "?"))
        assert not set("{}\x07") & set(each.message)
    assert len({each.finding_id for each in responses["vi"]}) == len(responses["vi"])


# ---- bytes that nobody foresaw -----------------------------------------------------------------------------

PARTS = ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml",
         "xl/_rels/workbook.xml.rels", "xl/comments1.xml")  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_spoilt_parts_never_crash(framework: Framework, tmp_path: Path, seed: int) -> None:
    """Whatever is overwritten inside a workbook, reading ends, and speaks of that file alone."""
    chance = random.Random(seed)
    path = save(tmp_path / FILE, framework, matrix(framework, head(framework, OWN)), comment)
    part = PARTS[seed % len(PARTS)]
    with zipfile.ZipFile(path) as archive:
        old = archive.read(part)
    new = bytearray(old)
    for _ in range(chance.randrange(1, 4)):
        place = chance.randrange(len(new))
        new[place : place + chance.randrange(3)] = bytes(chance.choices(b'0aA"<>/=&;-9', k=chance.randrange(3)))
    forms.rewrite(path, part, old, bytes(new))

    responses = read(tmp_path, framework)

    assert all(each.file == FILE for each in responses.findings)
    assert len(responses.files) == 1


def test_spoilt_old_workbooks_never_crash(framework: Framework, tmp_path: Path, program: Callable[[str], str]) -> None:
    """Bytes overwritten anywhere in an XLS never end in a crash."""
    sent = save(tmp_path / "sent" / "23611.xlsx", framework, matrix(framework, head(framework, OWN)), comment)
    (path,) = forms.resave(program("libreoffice"), [sent], "xls", tmp_path / FOLDER)
    whole = path.read_bytes()
    chance = random.Random(7)

    for _ in range(150):
        content = bytearray(whole)
        for _ in range(chance.randrange(1, 30)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        path.write_bytes(bytes(content))
        responses = read(tmp_path, framework)
        assert len(responses.files) == 1
        assert len(responses.observations) == (len(VALUES) if responses.files.loc[0, "reader"] else 0)
