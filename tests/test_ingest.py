"""Tables in every accepted format become observations with addresses, or findings where unreadable."""

import codecs
import datetime
import hashlib
import io
import subprocess
import tempfile
import zipfile
from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from minhbach.assessment import Table
from minhbach.ingest import COLUMNS, read_table
from minhbach.model import Question
from minhbach.units import Unit, Units

UNITS = Units(
    (
        Unit("48", "Đà Nẵng", "Da Nang", "tinh", ("TP. Đà Nẵng",)),
        Unit("64", "Gia Lai", "", "tinh"),
        Unit("62", "Kon Tum", "", "tinh"),
        Unit("664", "An Khê", "", "huyen"),
    )
)
FIELDS = {
    "so_may": Question(label="Số máy", type="count"),
    "chi_so": Question(label="Chỉ số", type="number"),
}
COLUMN_TEXTS = {"so_may": "Số máy", "chi_so": "Chỉ số"}
SHEET = "xl/worksheets/sheet1.xml"


def table(file, **settings):
    return Table(**{"file": file, "unit_column": "Đơn vị", "columns": COLUMN_TEXTS, **settings})


def read(folder, file, **settings):
    return read_table(folder, table(file, **settings), FIELDS, UNITS, "tinh", "vi")


def write_xlsx(path, rows, sheet="Bảng"):
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(sheet)
        for row, cells in enumerate(rows):
            page.write_row(row, 0, cells)
    return path


def rewrite(path, part, old, new):
    """Puts other bytes into one part of a workbook."""
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            assert name != part or old in content
            target.writestr(name, content.replace(old, new) if name == part else content)
    path.write_bytes(packed.getvalue())
    return path


def convert(program, path, kind):
    """Lets LibreOffice save a workbook as another kind."""
    with tempfile.TemporaryDirectory() as profile:
        home = f"-env:UserInstallation=file://{profile}"
        command = [
            program("libreoffice"),
            "--headless",
            home,
            "--convert-to",
            kind,
            "--outdir",
            path.parent,
            path,
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
    return path.with_suffix(f".{kind}")


def values(reading):
    return {(row.unit_id, row.field_id): row.value for row in reading.observations.itertuples()}


def found(reading):
    return [(each.severity, each.rule, each.cell) for each in reading.findings]


ROWS = [["Đơn vị", "Ghi chú", "Số máy", "Chỉ số"], ["TP. Đà Nẵng", "a", 18, 0.5], ["Gia Lai", "", 7, 0.25]]


def test_csv_observation(tmp_path):
    """An observation carries its text as it stood, its file, the file's hash and its cell."""
    content = "Đơn vị;Ghi chú;Số máy;Chỉ số\nGia Lai;;1.500 ;0,250\n \nTP. Đà Nẵng;x;;70.5\n".encode()
    (tmp_path / "bang.csv").write_bytes(content)

    reading = read(tmp_path, "bang.csv", decimal=",")

    digest = hashlib.sha256(content).hexdigest()
    assert reading.findings == ()
    assert reading.reader == "csv"
    assert tuple(reading.observations.columns) == COLUMNS
    assert reading.observations.to_numpy().tolist() == [
        ["48", "chi_so", "70.5", "70.5", "as_received", "bang.csv", digest, "", "D4", ""],
        ["48", "so_may", "", "", "blank", "bang.csv", digest, "", "C4", ""],
        ["64", "chi_so", "0.25", "0,250", "as_received", "bang.csv", digest, "", "D2", ""],
        ["64", "so_may", "1500", "1.500 ", "as_received", "bang.csv", digest, "", "C2", ""],
    ]
    assert (tmp_path / "bang.csv").read_bytes() == content


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_delimiter_is_found_by_the_headers(tmp_path, delimiter):
    """The delimiter is the one that shows the declared headers, even under a title that has others."""
    rows = [["Bảng 1; a, b; c | d"], ["Đơn vị", "Số máy", "Chỉ số"], ["Gia Lai", "7", "2"]]
    (tmp_path / "a.csv").write_text("\n".join(map(delimiter.join, rows)), encoding="utf-8-sig")

    reading = read(tmp_path, "a.csv", header_row=2)

    assert values(reading) == {("64", "so_may"): "7", ("64", "chi_so"): "2"}


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_utf16_with_mark(tmp_path, mark):
    """UTF-16 is read when its mark says so."""
    encoding = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    (tmp_path / "a.csv").write_bytes(mark + "Đơn vị,Số máy,Chỉ số\nGia Lai,7,2\n".encode(encoding))

    assert values(read(tmp_path, "a.csv")) == {("64", "so_may"): "7", ("64", "chi_so"): "2"}


def test_xlsx(tmp_path):
    """A sheet of an XLSX is read by calamine, with the sheet in the address."""
    write_xlsx(tmp_path / "a.xlsx", ROWS)

    reading = read(tmp_path, "a.xlsx")

    assert reading.reader == "python-calamine"
    assert reading.findings == ()
    assert values(reading) == {
        ("48", "so_may"): "18", ("48", "chi_so"): "0.5", ("64", "so_may"): "7", ("64", "chi_so"): "0.25",
    }  # fmt: skip
    assert set(reading.observations["sheet"]) == {"Bảng"}
    assert list(reading.observations["raw_text"]) == ["0.5", "18", "0.25", "7"]


def test_openpyxl_takes_over(tmp_path):
    """A workbook that calamine refuses is read by openpyxl, with the same values and a note."""
    path = write_xlsx(tmp_path / "a.xlsx", ROWS)
    plain = values(read(tmp_path, "a.xlsx"))
    rewrite(path, SHEET, b'<dimension ref="A1:D3"/>', b'<dimension ref="A1:D3:"/>')

    reading = read(tmp_path, "a.xlsx")

    assert reading.reader == "openpyxl"
    assert found(reading) == [("note", "read_with_openpyxl", "")]
    assert values(reading) == plain


@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_other_workbooks(tmp_path, program, kind):
    """ODS and XLS give what the XLSX gives, and their error cells are found, not read as blank."""
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        page = book.add_worksheet("Bảng")
        for row, cells in enumerate(ROWS):
            page.write_row(row, 0, cells)
        page.write_formula("C4", "=1/0", None, "#DIV/0!")
        page.write("A4", "Kon Tum")
        page.write_datetime("D4", datetime.datetime(2022, 4, 23), book.add_format({"num_format": "d/m/yyyy"}))
    convert(program, tmp_path / "a.xlsx", kind)

    reading, original = read(tmp_path, f"a.{kind}"), read(tmp_path, "a.xlsx")

    assert values(reading) == values(original)
    assert found(reading) == found(original) == [("error", "error_cell", "C4"), ("error", "date_in_number", "D4")]
    assert "23.4" in reading.findings[1].message


def test_ods_truth_is_no_number(tmp_path):
    """A truth value of an ODS, which calamine gives as 1, is not read as the number 1."""
    cell = '<table:table-cell office:value-type="{}" {}><text:p>{}</text:p></table:table-cell>'
    header = "".join(cell.format("string", "", text) for text in ("Đơn vị", "Số máy", "Chỉ số"))
    body = cell.format("string", "", "Gia Lai") + cell.format("boolean", 'office:boolean-value="true"', "TRUE")
    hollow = '<table:table-cell table:formula="of:=1+1"/>'
    rows = (header, body + hollow)
    write_ods(tmp_path / "a.ods", "".join(f"<table:table-row>{row}</table:table-row>" for row in rows))

    reading = read(tmp_path, "a.ods")

    assert found(reading) == [("error", "truth_in_number", "B2"), ("error", "formula_without_value", "C2")]


def write_ods(path, rows):
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    content = (
        f'<office:document-content{names}><office:body><office:spreadsheet><table:table table:name="S">{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")


def test_locked_ods(tmp_path):
    """An ODS whose parts are encrypted has a password, and is not merely broken."""
    write_ods(tmp_path / "a.ods", "")
    rewrite(tmp_path / "a.ods", "META-INF/manifest.xml", b"<manifest/>", b"<manifest:encryption-data/>")

    assert found(read(tmp_path, "a.ods")) == [("error", "password_protected", "")]


def test_formula_that_gives_an_empty_text(tmp_path):
    """A formula whose stored result is an empty text is blank; one without a stored result is not."""
    path = write_xlsx(tmp_path / "a.xlsx", ROWS)
    rewrite(path, SHEET, b'<c r="C2"><v>18</v></c>', b'<c r="C2" t="str"><f>""</f><v></v></c>')
    rewrite(path, SHEET, b'<c r="C3"><v>7</v></c>', b'<c r="C3"><f>3+4</f></c>')

    assert found(read(tmp_path, "a.xlsx")) == [("error", "formula_without_value", "C3")]


def test_sheet_that_is_not_named(tmp_path):
    """Where several sheets exist and none is named, the first is read and a note says so."""
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for name in ("Một", "Hai"):
            for row, cells in enumerate(ROWS):
                book.get_worksheet_by_name(name) or book.add_worksheet(name)
                book.get_worksheet_by_name(name).write_row(row, 0, cells)

    assert found(read(tmp_path, "a.xlsx")) == [("note", "first_sheet", "")]
    assert set(read(tmp_path, "a.xlsx", sheet="hai").observations["sheet"]) == {"Hai"}
    assert found(read(tmp_path, "a.xlsx", sheet="Haj")) == [("error", "missing_sheet", "")]
    assert "“Hai”" in read(tmp_path, "a.xlsx", sheet="Haj").findings[0].message


def test_rows_that_are_no_units(tmp_path):
    """Totals, notes below the table, empty rows and repeated headers are left out as declared."""
    below = [["TỔNG  CỘNG", "", 25, 1], ["Nguồn: Sở", "", "x"], ["?", "", 1]]
    write_xlsx(tmp_path / "a.xlsx", [*ROWS, [], ["Đơn vị", "", "Số máy", "Chỉ số"], *below])

    reading = read(tmp_path, "a.xlsx", skip_units=["Tổng cộng", "Vùng"], stop_at="Nguồn")

    assert sorted({row.unit_id for row in reading.observations.itertuples()}) == ["48", "64"]
    assert found(reading) == [("warning", "skip_never_met", ""), ("note", "header_repeated", "A5")]


def test_stop_that_is_never_met(tmp_path):
    """A declared end of the table that does not come is a warning: rows may be missing."""
    write_xlsx(tmp_path / "a.xlsx", ROWS)

    assert found(read(tmp_path, "a.xlsx", stop_at="Nguồn")) == [("warning", "stop_never_met", "")]


def test_headers(tmp_path):
    """Every header that is missing or stands twice is named at once; its field is blank for every unit."""
    write_xlsx(tmp_path / "a.xlsx", [["đơn  vị", "Số máyy", "Chỉ số", "CHỈ SỐ"], ["Gia Lai", 1, 2, 3]])

    reading = read(tmp_path, "a.xlsx")

    assert found(reading) == [("error", "header_not_found", "A1"), ("error", "header_twice", "D1")]
    assert "“Số máyy”" in reading.findings[0].message
    assert "C1, D1" in reading.findings[1].message
    assert values(reading) == {("64", "so_may"): "", ("64", "chi_so"): ""}


def test_mapped_field_that_no_framework_has(tmp_path):
    """A field that the framework does not have is named with the nearest one that it has."""
    write_xlsx(tmp_path / "a.xlsx", ROWS)

    reading = read(tmp_path, "a.xlsx", columns={**COLUMN_TEXTS, "chi_soo": "Chỉ số"})

    assert found(reading) == [("error", "field_not_in_framework", "")]
    assert "“chi_so”" in reading.findings[0].message


def damaged_files(folder):
    """Files that cannot be read, by name, with the rule of the one finding."""
    good = write_xlsx(folder / "good.xlsx", ROWS).read_bytes()
    (folder / "folder.xlsx").mkdir()
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    contents = {
        "empty.xlsx": (b"", "empty_file"),
        "cut.xlsx": (good[: len(good) // 2], "damaged_file"),
        "rot.xlsx": (good[:200] + b"\0" * 300 + good[500:], "damaged_file"),
        "text.xlsx": ("Đơn vị,Số máy\n".encode(), "wrong_file_type"),
        "page.xls": (b"<html><table><tr><td>1</td></tr></table></html>", "wrong_file_type"),
        "book.xls": (good, "wrong_file_type"),
        "book.csv": (good, "wrong_file_type"),
        "print.csv": (b"%PDF-1.7\n", "wrong_file_type"),
        "table.pdf": (b"%PDF-1.7\n", "unknown_file_type"),
        "locked.xlsx": (ole + "EncryptedPackage".encode("utf-16-le"), "password_protected"),
        "broken.xls": (ole + "Workbook".encode("utf-16-le"), "damaged_file"),
        "old.csv": ("Đơn vị,Số máy\n".replace("ị", "i\u0323").encode("cp1258", "replace"), "not_utf8"),
        "wide.csv": ("Đơn vị,Số máy\n".encode("utf-16-le"), "not_utf8"),
        "quote.csv": ('Đơn vị,Số máy,Chỉ số\n"Gia Lai,1,2\n'.encode(), "broken_csv"),
        "blank.csv": ("\n\nĐơn vị,Số máy\n".encode(), "no_header_row"),
        "columns.csv": (("Đơn vị" + "," * 2000).encode(), "table_too_large"),
    }
    for name, (content, _) in contents.items():
        (folder / name).write_bytes(content)
    rules = {name: rule for name, (_, rule) in contents.items()}
    (folder / "circle.csv").symlink_to(folder / "circle.csv")
    absent = ("goood.xlsx", "folder.xlsx", "circle.csv", "x" * 300 + ".csv")
    return rules | dict.fromkeys(absent, "missing_file")


def test_files_that_cannot_be_read(tmp_path):
    """Each file that cannot be read gives one error finding, no observations, and no exception."""
    rules = damaged_files(tmp_path)

    readings = {name: read(tmp_path, name) for name in rules}

    assert {name: [each.rule for each in reading.findings] for name, reading in readings.items()} == {
        name: [rule] for name, rule in rules.items()
    }
    assert all(reading.findings[0].severity == "error" for reading in readings.values())
    assert all(reading.observations.empty for reading in readings.values())
    assert "good.xlsx" in readings["goood.xlsx"].findings[0].message


def hostile_files(folder):
    """Workbooks made to hurt the reader, by name, with the rule of the one finding."""
    far = write_xlsx(folder / "far.xlsx", ROWS)
    rewrite(far, SHEET, b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    entity = write_xlsx(folder / "entity.xlsx", ROWS)
    rewrite(entity, SHEET, b"<worksheet", b'<!DOCTYPE w [<!ENTITY a "b">]><worksheet')
    bomb = write_xlsx(folder / "bomb.xlsx", ROWS)
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(30_000_000))
    liar = write_xlsx(folder / "liar.xlsx", ROWS)
    with zipfile.ZipFile(liar) as archive:
        size = archive.getinfo(SHEET).file_size
    packed = liar.read_bytes()
    at = packed.rindex(SHEET.encode()) - 46  # the entry of the central directory; the size is its bytes 24 to 27
    assert int.from_bytes(packed[at + 24 : at + 28], "little") == size
    liar.write_bytes(packed[: at + 24] + (20).to_bytes(4, "little") + packed[at + 28 :])
    cell = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>'
    write_ods(folder / "rows.ods", f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>')
    endless = f'<table:table-row table:number-rows-repeated="99999999999">{cell}</table:table-row>'
    write_ods(folder / "endless.ods", endless)
    return {
        "far.xlsx": "table_too_large", "entity.xlsx": "damaged_file", "bomb.xlsx": "expands_too_much",
        "liar.xlsx": "damaged_file", "rows.ods": "table_too_large", "endless.ods": "damaged_file",
    }  # fmt: skip


def test_hostile_files(tmp_path):
    """Far cells, entities, bombs and false sizes are refused before memory is spent on them."""
    rules = hostile_files(tmp_path)

    assert {name: [each.rule for each in read(tmp_path, name).findings] for name in rules} == {
        name: [rule] for name, rule in rules.items()
    }


def test_names_cannot_leave_the_folder(tmp_path):
    """Neither a path nor a symbolic link reads a file outside the edition's folder."""
    inside = tmp_path / "edition"
    inside.mkdir()
    write_xlsx(tmp_path / "secret.xlsx", ROWS)
    (inside / "link.xlsx").symlink_to(tmp_path / "secret.xlsx")
    upward = table("x.xlsx").model_copy(update={"file": "../secret.xlsx"})

    linked, climbed = read(inside, "link.xlsx"), read_table(inside, upward, FIELDS, UNITS, "tinh", "en")

    assert [each.rule for each in (*linked.findings, *climbed.findings)] == [
        "outside_folder",
        "outside_folder",
    ]
    assert linked.observations.empty


@given(st.permutations(["Đà Nẵng;1;0,1", "Gia Lai;2;0,2", "Kon Tum;3;0,3"]))
def test_order_of_rows_changes_no_value(lines):
    """Rows in another order give the same values in the same order."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.csv").write_text("\n".join(["Đơn vị;Số máy;Chỉ số", *lines]), encoding="utf-8")
        reading = read(Path(folder), "a.csv")

    assert list(reading.observations["unit_id"]) == ["48", "48", "62", "62", "64", "64"]
    assert list(reading.observations["value"]) == ["0.1", "1", "0.3", "3", "0.2", "2"]


def test_real_table(shared):
    """The 53 provinces of 2017 that were transcribed from a notice are all read, to the last digit."""
    path = shared("real/provinces_2017_rows_1_to_53.csv")
    names = [line.split(",")[1] for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    units = Units(tuple(Unit(f"u{number}", name, "", "tinh") for number, name in enumerate(names)))
    mapped = Table(file=path.name, unit_column="unit", columns={"chi_so": "index_2017"})

    reading = read_table(path.parent, mapped, FIELDS, units, "tinh", "en")

    assert reading.findings == ()
    assert len(reading.observations) == 53
    assert Fraction(values(reading)["u0", "chi_so"]) == Fraction(727, 1000)
