"""One table with all the damage that real tables show: each damage is one finding, at its own address."""

import datetime
import unicodedata

import pytest
import xlsxwriter

from minhbach.assessment import Table
from minhbach.findings import address
from minhbach.ingest import read_table
from minhbach.model import Question
from minhbach.units import Unit, Units

NAMES = [f"Huyện số {number}" for number in range(30)]
UNITS = Units((
    *(Unit(f"h{number:02}", name, "", "huyen") for number, name in enumerate(NAMES)),
    Unit("x1", "Xã Đông", "", "xa"),
))  # fmt: skip
FIELDS = {
    "dem": Question(label="Đếm", type="count"),
    "diem": Question(label="Điểm", type="number", max=100),
    "ty_le": Question(label="Tỷ lệ", type="percent"),
    "co": Question(label="Có", type="yes_no"),
    "chon": Question(label="Chọn", type="choice", options=("Đầy đủ", "Một phần")),
    "ngay": Question(label="Ngày", type="date"),
    "ghi": Question(label="Ghi", type="text"),
    "mat": Question(label="Mất", type="number"),
    "hai": Question(label="Hai", type="number"),
}
COLUMNS = {
    "dem": "Đếm", "diem": "Điểm", "ty_le": "Tỷ lệ", "co": "Có", "chon": "Chọn", "ngay": "Ngày",
    "ghi": "Ghi chú", "mat": "Mất tích", "hai": "Hai lần",
}  # fmt: skip
HEADER = ["Đơn vị", "Đếm", "Điểm", "Tỷ lệ", "Có", "Chọn", "Ngày", "Ghi chú", "Mất tíc", "Hai lần", "hai lần"]
GOOD = [5, 70.5, 0.9, "có", "Đầy đủ", "31/12/2022", "ổn"]
# One damaged cell per row: its column, what stands in it, and the rule it must break.
CELLS = [
    ("B", "l2", "not_a_number"),
    ("B", 2.5, "not_whole"),
    ("B", -3, "negative_number"),
    ("B", True, "truth_in_number"),
    ("B", "1.234", "ambiguous_number"),
    ("B", "9" * 41, "number_too_long"),
    ("C", datetime.date(2022, 4, 23), "date_in_number"),
    ("C", "54/60", "ambiguous_fraction"),
    ("C", "54 %", "percent_in_number"),
    ("C", "=1/0", "error_cell"),
    ("C", "=1+1", "formula_without_value"),
    ("C", "#N/A", "error_cell"),
    ("D", 54, "percent_or_fraction"),
    ("E", "chưa rõ", "not_yes_no"),
    ("F", "Đầy đu", "not_an_option"),
    ("G", "31/02/2022", "not_a_date"),
    ("H", "a\x07b", "control_characters"),
]
# Rows whose unit is wrong, below those.
ROWS = [
    ("Huyện số 99x", "unit_unknown"),
    ("Xã Đông", "unit_of_other_kind"),
    ("HUYỆN  SỐ 1", "unit_twice"),
    ("", "unit_missing"),
    ("Đơn vị", "header_repeated"),
]


@pytest.fixture
def damaged(tmp_path):
    """A workbook with every damage, and what must be found in it."""
    with xlsxwriter.Workbook(tmp_path / "bang.xlsx") as book:
        page = book.add_worksheet("Số liệu")
        date = book.add_format({"num_format": "d/m/yyyy"})
        page.write_row(0, 0, HEADER)
        page.write_row("A2", [NAMES[1] + "\u00a0", *GOOD])
        for row, (column, content, _) in enumerate(CELLS, start=3):
            page.write_row(f"A{row}", [unicodedata.normalize("NFD", NAMES[row]), *GOOD])
            write(page, f"{column}{row}", content, date)
        for row, (name, _) in enumerate(ROWS, start=3 + len(CELLS)):
            page.write_row(f"A{row}", [name, *GOOD])
    return tmp_path


def write(page, cell, content, date):
    if isinstance(content, datetime.date):
        page.write_datetime(cell, content, date)
    elif isinstance(content, str) and content.startswith("="):
        page.write_formula(cell, content, None, "#DIV/0!" if content == "=1/0" else "")
    else:
        page.write(cell, content)


def test_every_damage_is_found_once(damaged):
    """Over twenty kinds of damage give exactly one finding each, at their addresses, in one reading."""
    table = Table(file="bang.xlsx", unit_column="Đơn vị", columns=COLUMNS, skip_units=["Tổng"], stop_at="Hết")

    reading = read_table(damaged, table, FIELDS, UNITS, "huyen", "vi")

    expected = {(f"bang.xlsx#Số liệu!{column}{row}", rule) for row, (column, _, rule) in enumerate(CELLS, start=3)}
    expected |= {(f"bang.xlsx#Số liệu!A{row}", rule) for row, (_, rule) in enumerate(ROWS, start=3 + len(CELLS))}
    expected |= {("bang.xlsx#Số liệu!A1", "header_not_found"), ("bang.xlsx#Số liệu!K1", "header_twice")}
    expected |= {("bang.xlsx#Số liệu", "skip_never_met"), ("bang.xlsx#Số liệu", "stop_never_met")}
    assert sorted((address(each), each.rule) for each in reading.findings) == sorted(expected)
    assert len({each.rule for each in reading.findings}) >= 24
    assert len({each.finding_id for each in reading.findings}) == len(reading.findings)


def test_damage_is_blank_and_the_rest_is_read(damaged):
    """A damaged cell has no value but keeps its text; every other cell of its row is read."""
    table = Table(file="bang.xlsx", unit_column="Đơn vị", columns=COLUMNS)

    observations = read_table(damaged, table, FIELDS, UNITS, "huyen", "vi").observations

    by_key = observations.set_index(["unit_id", "field_id"])
    assert by_key.loc[("h03", "dem"), ["value", "raw_text", "status", "cell"]].tolist() == [
        "",
        "l2",
        "blank",
        "B3",
    ]
    assert by_key.loc[("h12", "diem"), ["value", "raw_text", "status"]].tolist() == ["", "#DIV/0!", "blank"]
    assert by_key.loc[("h03", "ty_le"), ["value", "status", "cell"]].tolist() == ["0.9", "as_received", "D3"]
    # 17 damaged rows and one good unit, 7 columns that are found; the 17 damaged cells are blank.
    assert (observations["status"] == "as_received").sum() == 18 * 7 - 17
    assert observations["unit_id"].nunique() == 18


@pytest.mark.parametrize("language", ["vi", "en"])
def test_messages_say_where_and_what(damaged, language):
    """Each message names its file and ends as a sentence, with no detail left open."""
    table = Table(file="bang.xlsx", unit_column="Đơn vị", columns=COLUMNS)

    findings = read_table(damaged, table, FIELDS, UNITS, "huyen", language).findings

    assert all(each.message.startswith("bang.xlsx") and each.message.endswith((".", "?")) for each in findings)
    assert not any("{" in each.message or "\x07" in each.message for each in findings)
    assert any("23.4" in each.message for each in findings)
