"""Returned forms become one value per unit and field, with the address of each cell, and the evidence given."""

import hashlib
import os
import random
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import forms
import pytest
from forms import EDITION, FILE, FOLDER, UNITS, VALUES, Sheet, found, head, matrix, read, resave, save, small, values

from minhbach import editions, ingest
from minhbach import forms as product_forms
from minhbach.framework import Framework
from minhbach.paths import Edition
from minhbach.responses import EVIDENCE_COLUMNS, FILE_COLUMNS, read_all

OWN, OTHER = UNITS.get("23611"), UNITS.get("23612")
SECOND = f"{FOLDER}/23612-xa-ia-mo.xlsx"


@pytest.fixture(scope="module")
def framework(tmp_path_factory: pytest.TempPathFactory) -> Framework:
    """The small framework of these tests."""
    return small(tmp_path_factory.mktemp("framework"))


def form(framework: Framework, path: Path, unit=OWN, **answers) -> Path:
    """An undamaged form."""
    return save(path, framework, matrix(framework, head(framework, unit), forms.ANSWERS | answers))


def test_observations_evidence_and_files(framework: Framework, tmp_path: Path) -> None:
    """Every value has its text, file, hash, sheet and cell; evidence and files are listed beside them."""
    path = form(framework, tmp_path / FILE)

    responses = read(tmp_path, framework)

    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    place = (FILE, digest, "Phiếu khảo sát")
    rows = responses.observations.to_numpy().tolist()
    assert responses.findings == ()
    assert tuple(responses.observations.columns) == ingest.COLUMNS
    assert rows[0] == ["23611", "co_mang", "yes", "Có", "as_received", *place, "E24", ""]
    assert rows[5] == ["23611", "ngay_chot", "2026-12-31", "31/12/2026", "as_received", *place, "E17", ""]
    assert [row[1] for row in rows] == sorted(VALUES)
    assert values(responses) == VALUES
    assert tuple(responses.evidence.columns) == EVIDENCE_COLUMNS
    assert responses.evidence.loc[7].tolist() == [
        "23611", "so_may", "12/QĐ-UBND", "Quyết định", "2026-01-05", "", FILE, "Phiếu khảo sát", "F21",
    ]  # fmt: skip
    size = str(path.stat().st_size)
    assert tuple(responses.files.columns) == FILE_COLUMNS
    assert responses.files.to_numpy().tolist() == [[FILE, digest, "23611", "python-calamine", "yes", size]]


def test_blank_answers_are_blank(framework: Framework, tmp_path: Path) -> None:
    """A question that was left blank is a blank observation with its cell, and no finding of reading."""
    form(framework, tmp_path / FILE, so_may="", dia_chi="  ")

    responses = read(tmp_path, framework)

    by_field = responses.observations.set_index("field_id")
    assert responses.findings == ()
    assert by_field.loc["so_may", ["value", "raw_text", "status", "cell"]].tolist() == ["", "", "blank", "E21"]
    assert by_field.loc["dia_chi", ["value", "raw_text", "status"]].tolist() == ["", "  ", "blank"]


def test_form_survives_being_rearranged(framework: Framework, tmp_path: Path) -> None:
    """Inserted, sorted and moved rows and columns and another sheet's name change addresses, not values."""
    rows = matrix(framework, head(framework, OWN))
    rows[3:] = sorted(rows[3:], key=lambda row: row[2], reverse=True)
    rows.insert(5, [""] * 9)
    for row in rows:
        row[:] = [row[8], row[4], "", *row[:4], *row[5:8]]
    save(tmp_path / FILE, framework, rows, name="Sheet1")

    responses = read(tmp_path, framework)

    line = next(place for place, row in enumerate(rows, start=1) if "so_may" in row)
    cells = responses.observations.set_index("field_id")
    assert responses.findings == ()
    assert values(responses) == VALUES
    assert cells.loc["so_may", ["sheet", "cell"]].tolist() == ["Sheet1", f"B{line}"]


def test_several_tables_with_columns_of_their_own(framework: Framework, tmp_path: Path) -> None:
    """Each header row holds for the rows below it, so that tables with their columns in another order are read."""
    rows = matrix(framework, head(framework, OWN))
    second = [list(rows[2]), *rows[20:]]
    for row in second:
        row[4], row[8] = row[8], row[4]
    save(tmp_path / FILE, framework, [*rows[:20], *second])

    responses = read(tmp_path, framework)

    assert responses.findings == ()
    assert values(responses) == VALUES
    assert responses.observations.set_index("field_id").loc["so_may", "cell"] == "I22"


def test_questions_on_two_sheets(framework: Framework, tmp_path: Path) -> None:
    """A table that was moved to a sheet of its own is read there."""
    rows = matrix(framework, head(framework, OWN))

    def damage(sheet: Sheet) -> None:
        page = sheet.book.add_worksheet("Bảng 2")
        for line, cells in enumerate([rows[2], *rows[20:]]):
            page.write_row(line, 0, cells)
        page.protect()

    save(tmp_path / FILE, framework, rows[:20], damage)

    responses = read(tmp_path, framework)

    by_field = responses.observations.set_index("field_id")
    assert responses.findings == ()
    assert values(responses) == VALUES
    assert by_field.loc["so_may", ["sheet", "cell"]].tolist() == ["Bảng 2", "E2"]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_another_program_saves_it_again(
    framework: Framework, tmp_path: Path, kind: str, program: Callable[[str], str]
) -> None:
    """After LibreOffice saved it as XLSX, XLS or ODS a form gives the same values and the same odd things."""

    def damage(sheet: Sheet) -> None:
        sheet.sheet.write_formula(*sheet.at("so_may"), "=9*2", None, 18)
        sheet.sheet.write(*sheet.at("kinh_phi"), 12.56, sheet.form("0"))
        sheet.sheet.write(*sheet.at("so_hop"), 4, sheet.form("0%"))
        sheet.sheet.write_comment(*sheet.at("ty_le"), "Theo khảo sát")
        sheet.sheet.set_row(sheet.at("co_mang")[0], None, None, {"hidden": True})
        sheet.sheet.merge_range(*sheet.at("muc_do"), *sheet.at("muc_do", "Số, ký hiệu văn bản"), "Một phần")
        sheet.sheet.write_formula(*sheet.at("dan_so"), "=1/0", None, "#DIV/0!")

    path = save(tmp_path / "sent" / "23611.xlsx", framework, matrix(framework, head(framework, OWN)), damage)
    resave(program("libreoffice"), [path], kind, tmp_path / FOLDER)

    responses = read(tmp_path, framework)

    assert found(responses) == [
        ("error", "error_cell", "E16"),
        ("error", "percent_in_number", "E22"),
        ("warning", "shown_otherwise", "E19"),
        ("warning", "formula_in_answer", "E21"),
        ("warning", "row_hidden", "E24"),
        ("warning", "merged_answer", "E25"),
        ("note", "comment_in_answer", "E23"),
    ]
    assert "Theo khảo sát" in responses.findings[6].value
    assert values(responses) == VALUES | {"dan_so": "", "so_hop": "", "kinh_phi": "12.56"}


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_hidden_and_unprotected_in_other_kinds(
    framework: Framework, tmp_path: Path, kind: str, program: Callable[[str], str]
) -> None:
    """A hidden column of answers, answers merged down and lost protection are seen in XLS and ODS too."""

    def damage(sheet: Sheet) -> None:
        sheet.sheet.set_column("E:E", None, None, {"hidden": True})
        sheet.sheet.merge_range(*sheet.at("so_may"), *sheet.at("so_hop"), 18)
        sheet.protected = False

    path = save(tmp_path / "sent" / "23611.xlsx", framework, matrix(framework, head(framework, OWN)), damage)
    resave(program("libreoffice"), [path], kind, tmp_path / FOLDER)

    responses = read(tmp_path, framework)

    assert found(responses) == [
        ("error", "merged_answers", "E21"),
        ("error", "merged_answers", "E22"),
        ("warning", "column_hidden", "E16"),
        ("note", "protection_removed", ""),
    ]


def test_one_document_for_several_answers(framework: Framework, tmp_path: Path) -> None:
    """A document's cell that is merged over several rows counts for each of them, as a person sees it."""

    def damage(sheet: Sheet) -> None:
        header = "Số, ký hiệu văn bản"
        sheet.sheet.merge_range(*sheet.at("so_may", header), *sheet.at("ty_le", header), "15/QĐ-UBND")

    save(tmp_path / FILE, framework, matrix(framework, head(framework, OWN)), damage)

    responses = read(tmp_path, framework)

    numbers = responses.evidence.set_index("field_id")["number"]
    assert responses.findings == ()
    assert numbers[["so_may", "so_hop", "ty_le", "co_mang"]].tolist() == [*["15/QĐ-UBND"] * 3, "12/QĐ-UBND"]


# ---- folders and files -----------------------------------------------------------------------------------


def test_two_forms_of_a_unit(framework: Framework, tmp_path: Path) -> None:
    """Two forms of one unit are an error that names both, and neither is read, whichever is newer."""
    form(framework, tmp_path / FILE)
    form(framework, tmp_path / FOLDER / "bo-sung" / "23611-lan-2.xlsx", so_may=20)
    form(framework, tmp_path / SECOND, OTHER)

    responses = read(tmp_path, framework)

    assert [(each.severity, each.rule, each.unit_id) for each in responses.findings] == [
        ("error", "several_forms", "23611")
    ]
    assert responses.findings[0].value == f"{FILE}, {FOLDER}/bo-sung/23611-lan-2.xlsx"
    assert set(responses.observations["unit_id"]) == {"23612"}
    assert len(responses.files) == 3


def test_a_decision_says_which_form_counts(framework: Framework, tmp_path: Path) -> None:
    """The form that a decision names is read; the other one is a note, and what is odd in it does not matter."""
    form(framework, tmp_path / FILE, so_may="nhiều")
    form(framework, tmp_path / FOLDER / "23611-lan-2.xlsx", so_may=20)

    responses = read(tmp_path, framework, counted={"23611": f"{FOLDER}/23611-lan-2.xlsx"})

    assert [(each.severity, each.rule, each.file) for each in responses.findings] == [
        ("note", "form_not_counted", FILE)
    ]
    assert values(responses) == VALUES | {"so_may": "20"}


def test_a_decision_about_a_form_that_is_not_there(framework: Framework, tmp_path: Path) -> None:
    """A decision that names no readable form of its unit is an error, also for a unit that sent one form or none."""
    form(framework, tmp_path / FILE)
    counted = {"23611": f"{FOLDER}/khac.xlsx", "23612": SECOND}

    responses = read(tmp_path, framework, counted=counted)

    assert [(each.severity, each.rule, each.unit_id) for each in responses.findings] == [
        ("error", "decision_unmet", "23612"),
        ("error", "decision_unmet", "23611"),
    ]
    assert responses.observations.empty


def test_other_files_of_the_folder(framework: Framework, tmp_path: Path) -> None:
    """Other files are noted, spreadsheets of other kinds are errors, office leftovers are passed over."""
    form(framework, tmp_path / FILE)
    for name in ("README.md", ".DS_Store", "~$23611.xlsx", ".~lock.23611.xlsx#", "Thumbs.db", ".cu/23612.xlsx"):
        (tmp_path / FOLDER / name).parent.mkdir(exist_ok=True)
        (tmp_path / FOLDER / name).write_bytes(b"x")
    for name in ("phieu.xlsb", "phieu.csv", "scan.pdf", "ghi-chu.txt"):
        (tmp_path / FOLDER / name).write_bytes(b"x")

    responses = read(tmp_path, framework)

    assert [(each.severity, each.rule, each.file) for each in responses.findings] == [
        ("error", "form_of_other_type", f"{FOLDER}/phieu.csv"),
        ("error", "form_of_other_type", f"{FOLDER}/phieu.xlsb"),
        ("note", "not_a_workbook", f"{FOLDER}/ghi-chu.txt"),
        ("note", "not_a_workbook", f"{FOLDER}/scan.pdf"),
    ]
    assert responses.files["file"].tolist() == [FILE]


def test_links_on_the_disk_do_not_lead_out(framework: Framework, tmp_path: Path) -> None:
    """A link to a file outside the edition's folder is an error, and not even its hash is taken."""
    form(framework, tmp_path / "outside" / "23612.xlsx", OTHER)
    form(framework, tmp_path / "edition" / FILE)
    (tmp_path / "edition" / FOLDER / "23612.xlsx").symlink_to(tmp_path / "outside" / "23612.xlsx")
    (tmp_path / "edition" / FOLDER / "thu-muc").symlink_to(tmp_path / "outside")

    responses = read(tmp_path / "edition", framework)

    assert [(each.rule, each.file, each.unit_id) for each in responses.findings] == [
        ("outside_folder", f"{FOLDER}/23612.xlsx", "23612")
    ]
    assert responses.files["sha256"].tolist()[1] == ""


def test_a_name_that_is_no_text(framework: Framework, tmp_path: Path) -> None:
    """A file whose name is not text is an error; nothing crashes and the others are read."""
    form(framework, tmp_path / FILE)
    name = os.fsencode(tmp_path / FOLDER) + b"/23612-x\xe3.xlsx"
    try:
        shutil.copyfile(tmp_path / FILE, name)
    except OSError:
        pytest.skip("this disk does not take such names")

    responses = read(tmp_path, framework)

    assert found(responses) == [("error", "file_name_broken", "")]
    assert values(responses) == VALUES


def test_no_folder(framework: Framework, tmp_path: Path) -> None:
    """A folder of forms that is not there is one error, with empty tables."""
    responses = read(tmp_path, framework)

    assert [(each.rule, each.file) for each in responses.findings] == [("responses_missing", FOLDER)]
    assert tuple(responses.observations.columns) == ingest.COLUMNS
    assert responses.observations.empty
    assert responses.files.empty


def test_unit_of_the_file_name(framework: Framework, tmp_path: Path) -> None:
    """A form sent under the name of another unit stays that of its own code, with a warning that names both."""
    form(framework, tmp_path / SECOND)

    responses = read(tmp_path, framework)

    assert [(each.severity, each.rule, each.unit_id) for each in responses.findings] == [
        ("warning", "form_file_named_otherwise", "23611")
    ]
    assert "Xã Ia Mơ" in responses.findings[0].message
    assert values(responses) == VALUES


def test_openpyxl_where_calamine_fails(framework: Framework, tmp_path: Path) -> None:
    """A workbook that calamine cannot open is read by openpyxl, with the same values and a note."""
    path = form(framework, tmp_path / FILE)
    extent = b'<dimension ref="A1:I25"/>'
    forms.rewrite(path, "xl/worksheets/sheet1.xml", extent, extent.replace(b"I25", b"I25:"))

    responses = read(tmp_path, framework)

    assert found(responses) == [("note", "read_with_openpyxl", "")]
    assert responses.files["reader"].tolist() == ["openpyxl"]
    assert values(responses) == VALUES


def test_order_and_network_do_not_matter(framework: Framework, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same files give the same tables and findings in whatever order the disk lists them, without a network."""
    form(framework, tmp_path / FILE, so_may="nhiều")
    form(framework, tmp_path / SECOND, OTHER)
    form(framework, tmp_path / FOLDER / "phieu-a.xlsx", UNITS.get("23613"))
    first = read(tmp_path, framework)
    listed = Path.rglob

    def shuffled(self: Path, pattern: str) -> list[Path]:
        return random.Random(1).sample(paths := list(listed(self, pattern)), len(paths))

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(Path, "rglob", shuffled)
    monkeypatch.setattr(socket, "socket", refuse)

    again = read(tmp_path, framework)

    assert again.findings == first.findings
    for table in ("observations", "evidence", "files"):
        assert getattr(again, table).to_csv() == getattr(first, table).to_csv()


# ---- the forms that the product itself writes ------------------------------------------------------------


def test_the_products_own_forms_are_read_without_a_word(repository: Path, tmp_path: Path) -> None:
    """Every empty form that the product writes for its sample edition is read back: blank, and without findings."""
    setup = editions.load(Edition("2022-gia-lai", repository))
    framework = setup.framework("qd-2392-2017-huyen")
    product_forms.write_all(setup, tmp_path / "responses", "vi")

    responses = read_all(tmp_path, f"responses/{framework.id}", framework, setup.units, setup.edition.name, "vi")

    assert responses.findings == ()
    assert len(responses.files) == 17
    assert set(responses.files["fingerprint_ok"]) == {"yes"}
    assert len(responses.observations) == 17 * len(framework.fields)
    assert set(responses.observations["value"]) == {""}
    assert EDITION not in set(responses.files["file"])
