"""Returned forms for tests, written independently of the product's own writer: a matrix of cells, and what was done."""

import io
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from minhbach import framework as frameworks
from minhbach.forms_layout import HEAD, HEADERS, NO, SHEET, YES, fingerprint
from minhbach.framework import Framework
from minhbach.responses import Responses, read_all
from minhbach.units import Unit, Units

EDITION = "2026-thu"
SMALL = """
id: phieu-thu
revision: 1
title: {vi: Phiếu thử, en: Test form}
source: {document: "1/QĐ"}
unit_kind: xa
basis: sample
sections:
  chung: {vi: Thông tin chung, en: General}
  ha_tang: {vi: Hạ tầng, en: Infrastructure}
fields:
  dan_so: {label: {vi: Dân số trên địa bàn, en: Population}, type: count, required: true, section: chung,
           unit: {vi: người, en: people}}
  ngay_chot: {label: {vi: Ngày chốt số liệu, en: Date}, type: date, section: chung}
  dia_chi: {label: {vi: Địa chỉ trụ sở, en: Address}, type: text, section: chung}
  kinh_phi: {label: {vi: Kinh phí thực hiện, en: Budget}, type: number, section: chung,
             unit: {vi: triệu đồng, en: million dong}}
  so_may: {label: {vi: Số máy tính, en: Computers}, type: count, required: true, section: ha_tang,
           evidence: required, unit: {vi: máy, en: computers}}
  so_hop: {label: {vi: Số cuộc họp, en: Meetings}, type: count, section: ha_tang, evidence: optional}
  ty_le: {label: {vi: Tỷ lệ hài lòng, en: Satisfaction}, type: percent, section: ha_tang, evidence: optional,
          unit: {vi: "%", en: "%"}}
  co_mang: {label: {vi: Có mạng nội bộ, en: Local network}, type: yes_no, section: ha_tang, evidence: optional}
  muc_do: {label: {vi: Mức độ trang bị, en: Equipment}, type: choice, section: ha_tang,
           options: [Đầy đủ, Một phần, Chưa có]}
nodes:
  total: {label: {vi: Tổng, en: Total}, max_points: 10, formula: 0 * so_may}
"""
UNITS = Units((
    Unit("23611", "Xã Đak Pling", "", "xa", ("Đăk Pling",)),
    Unit("23612", "Xã Ia Mơ", "", "xa"),
    Unit("23613", "Phường Hoa Lư", "", "xa"),
    Unit("664", "Huyện Đak Đoa", "", "huyen"),
))  # fmt: skip
FOLDER = "responses/xa"
FILE = f"{FOLDER}/23611-xa-dak-pling.xlsx"
ANSWERS = {
    "dan_so": 5120, "ngay_chot": "31/12/2026", "dia_chi": "Thôn 2", "kinh_phi": 12.5, "so_may": 18,
    "so_hop": 4, "ty_le": 0.875, "co_mang": YES, "muc_do": "Một phần",
}  # fmt: skip
# What those answers are, read.
VALUES = {
    "dan_so": "5120", "ngay_chot": "2026-12-31", "dia_chi": "Thôn 2", "kinh_phi": "12.5", "so_may": "18",
    "so_hop": "4", "ty_le": "0.875", "co_mang": "yes", "muc_do": "Một phần",
}  # fmt: skip
FORMATS = {"count": "#,##0", "number": "General", "percent": "0.00%", "date": "dd/mm/yyyy"}
Matrix = list[list[Any]]
Damage = Callable[..., None]


def small(folder: Path, text: str = SMALL) -> Framework:
    """The small framework above."""
    file = folder / "phieu-thu.yaml"
    file.write_text(text, encoding="utf-8")
    return frameworks.load(file)


def head(framework: Framework, unit: Unit, edition: str = EDITION) -> dict[str, str]:
    """The filled rows of the header block."""
    return {
        "_unit": unit.unit_id,
        "_name": unit.name,
        "_edition": edition,
        "_framework": framework.id,
        "_period": "Năm 2026",
        "_deadline": "24/10/2026",
        "_fingerprint": fingerprint(framework, edition),
        "_contact_name": "Nguyễn Văn A",
    }


def matrix(framework: Framework, cover: Mapping[str, str], answers: Mapping[str, Any] = ANSWERS) -> Matrix:
    """A form as rows of nine cells: titles, the header row, the header block, the questions under their bands."""
    rows: Matrix = [["", "PHIẾU KHẢO SÁT", *[""] * 7], [""] * 9, list(HEADERS)]
    rows += [[code, "", words, "", cover.get(code, ""), "", "", "", ""] for code, words in HEAD.items()]
    section = None
    for field_id, field in framework.fields.items():
        if field.section != section:
            section = field.section
            rows.append(["", f"Bảng {section}", *[""] * 7])
        unit = field.unit.vi if field.unit else ""
        document = ["12/QĐ-UBND", "Quyết định", "05/01/2026"] if field.evidence != "none" else [""] * 3
        rows.append([field_id, "1", field.label.vi, unit, answers.get(field_id, ""), *document, ""])
    return rows


class Sheet:
    """The sheet of answers while it is written, so that a test can do to it what people do."""

    def __init__(self, book: Any, sheet: Any, rows: Matrix) -> None:
        self.book, self.sheet, self.rows = book, sheet, rows
        self.protected = True

    def at(self, code: str, header: str = "Trả lời") -> tuple[int, int]:
        """Row and column, from 0, of a code's cell."""
        header_row = next(row for row in self.rows if "Mã" in row)
        column = header_row.index("Mã")
        line = next(line for line, row in enumerate(self.rows) if row[column] == code)
        return line, header_row.index(header)

    def form(self, number_format: str) -> Any:
        """A cell format."""
        return self.book.add_format({"num_format": number_format})


def save(path: Path, framework: Framework, rows: Matrix, damage: Damage | None = None, name: str = SHEET) -> Path:
    """Writes the rows as a protected workbook; number cells have the format of their field."""
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        page = book.add_worksheet(name)
        sheet = Sheet(book, page, rows)
        formats = {kind: book.add_format({"num_format": code}) for kind, code in FORMATS.items()}
        for line, cells in enumerate(rows):
            field = next((framework.fields[cell] for cell in cells if cell in framework.fields), None)
            look = formats.get(field.type) if field else None
            for column, cell in enumerate(cells):
                if cell != "":
                    page.write(line, column, cell, look if isinstance(cell, (int, float)) else None)
        offer(sheet, framework)
        book.add_worksheet("Hướng dẫn").write("A1", "Cách điền phiếu")
        if damage:
            damage(sheet)
        if sheet.protected:
            page.protect()
    return path


def offer(sheet: Sheet, framework: Framework) -> None:
    """The drop-down lists of the answers that have one."""
    for field_id, field in framework.fields.items():
        options = (YES, NO) if field.type == "yes_no" else field.options
        if options and any(field_id in row for row in sheet.rows) and any("Trả lời" in row for row in sheet.rows):
            place = sheet.at(field_id)
            sheet.sheet.data_validation(*place, *place, {"validate": "list", "source": list(options)})


def read(folder: Path, framework: Framework, language: str = "vi", **settings: Any) -> Responses:
    """What the product reads in an edition's folder."""
    return read_all(folder, FOLDER, framework, UNITS, EDITION, language, **settings)


def values(responses: Responses, unit_id: str = "23611") -> dict[str, str]:
    """The values of one unit, by field."""
    rows = responses.observations.itertuples()
    return {row.field_id: row.value for row in rows if row.unit_id == unit_id}


def found(responses: Responses) -> list[tuple[str, str, str]]:
    """Severity, rule and cell of every finding."""
    return [(each.severity, each.rule, each.cell) for each in responses.findings]


def rewrite(path: Path, part: str, old: bytes, new: bytes) -> None:
    """Puts other bytes into one part of a workbook."""
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            assert name != part or old in content
            target.writestr(name, content.replace(old, new) if name == part else content)
    path.write_bytes(packed.getvalue())


def add_part(path: Path, part: str, content: bytes) -> None:
    """Adds a part to a workbook."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, content)


def resave(libreoffice: str, paths: list[Path], kind: str, folder: Path) -> list[Path]:
    """Lets LibreOffice save workbooks as another kind, or as its own XLSX, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        home = f"-env:UserInstallation=file://{profile}"
        command = [libreoffice, "--headless", home, "--convert-to", kind, "--outdir", str(folder)]
        subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=300)
    return [folder / f"{path.stem}.{kind}" for path in paths]
