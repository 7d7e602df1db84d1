"""The spreadsheet release: tables.xlsx and tables.ods say what the page says, and anyone can use them."""

from __future__ import annotations

import os
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import openpyxl
import projects
import pytest
import released
from odfdo import Document
from openpyxl.worksheet.worksheet import Worksheet
from projects import Ran

from minhbach import editions, release
from minhbach.editions import Setup
from minhbach.errors import MinhbachError
from minhbach.release_layout import Sheet

FACTS = "fact_id,value,shown,kind,source,page,x,y\n"
CELL = re.compile(r'\[(?P<shown>[^\]]*)\]\{fact="(?P<fact>[^"]+)"\}')


@pytest.fixture(scope="module")
def setup(tmp_path_factory: pytest.TempPathFactory) -> Setup:
    return released.edition(tmp_path_factory.mktemp("release"))


def written(setup: Setup, folder: Path, markdown: str, language: str = "vi") -> Path:
    """The release of a report with this Markdown."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.md").write_text(markdown, encoding="utf-8", newline="\n")
    if not (folder / "facts.csv").exists():
        (folder / "facts.csv").write_text(FACTS, encoding="utf-8", newline="\n")
    release.write(setup, setup.edition, language, folder)
    return folder


def sheets(setup: Setup, folder: Path, markdown: str, language: str = "vi") -> dict[str, Sheet]:
    """The sheets of a report with this Markdown, by name."""
    (folder / "report.md").write_text(markdown, encoding="utf-8", newline="\n")
    (folder / "facts.csv").write_text(FACTS, encoding="utf-8", newline="\n")
    return {sheet.name: sheet for sheet in release.read(setup, language, folder)}


# ---- cells -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "cell", "value", "form"),
    [
        ("vi", '[84,25]{fact="a/b"}', Fraction("84.25"), "#,##0.00"),
        ("vi", '[1.234,5]{fact="a/b"}', Fraction("1234.5"), "#,##0.0"),
        ("en", '[1,234.50]{fact="a/b"}', Fraction("1234.50"), "#,##0.00"),
        ("vi", '[90]{fact="a/b"} %', Fraction("0.9"), "#,##0\\ %"),
        ("vi", '[83,9 %]{fact="a/b"}', Fraction("0.839"), "#,##0.0\\ %"),
        ("vi", '[-0,5]{fact="a/b"}', Fraction("-0.5"), "#,##0.0"),
        ("vi", '[+3]{fact="a/b"}', Fraction(3), "+#,##0;-#,##0;#,##0"),
        ("vi", '**[0]{fact="a/b"}**', None, ""),
        ("vi", '[007]{fact="a/b"}', None, ""),
        ("vi", '[Mức 3]{fact="a/b"}', None, ""),
        ("vi", '[1]{fact="a/b"} – [2]{fact="a/c"}', None, ""),
        ("vi", "[12]{.declared}", None, ""),
        ("vi", "–", None, ""),
        ("vi", '[1234567890123456]{fact="a/b"}', None, ""),
    ],
)
def test_what_is_a_number(
    setup: Setup, tmp_path: Path, language: str, cell: str, value: Fraction | None, form: str
) -> None:
    """Only a cell that prints one numeric fact is a number: as printed, in the language's own way of writing it."""
    made = sheets(setup, tmp_path, released.table("a", [["Cột"], [cell]]), language)

    found = made["Bảng 1" if language == "vi" else "Table 1"].rows[0][0]

    assert (None if found.number is None else Fraction(found.number)) == value
    assert value is None or found.format == form


def test_text_of_cells(setup: Setup, tmp_path: Path) -> None:
    """Line breaks, formulas with words, code, references to tables and annexes read as they are printed."""
    markdown = released.table(
        "first",
        [
            ["A"],
            ["x []{.newline} y"],
            ['[$\\frac{a}{b}$]{.declared alt="a / b"}'],
            ["[`ma_so`]{.declared}"],
            ["xem @tbl-first và [](#anx-x)"],
            ["Xã An \\*"],
        ],
    )

    made = sheets(setup, tmp_path, markdown + "# Phụ {#anx-y .annex}\n\n# Phụ lục {#anx-x .annex}\n")

    texts = [row[0].text for row in made["Bảng 1"].rows]
    assert texts == ["x\ny", "a / b", "ma_so", "xem Bảng 1 và Phụ lục II", "Xã An *"]


def test_groups_become_a_column_and_subtotals_a_sheet(setup: Setup, tmp_path: Path) -> None:
    """A group heading names the group of the rows below it; rows that add up stand apart, numbers of headings too."""
    rows = [
        ["Đơn vị", "Điểm"],
        ["[Huyện A]{.group}", ""],
        ["Xã 1", '[5]{fact="1/total"}'],
        ["[Cộng A]{.subtotal}", '[5]{fact="A/sum"}'],
        ['[Huyện B]{.group} ([2]{fact="B/count"} xã)', ""],
        ["Xã 2", "–"],
    ]

    made = sheets(setup, tmp_path, released.table("a", rows))

    main, apart = made["Bảng 1"], made["Bảng 1 - cộng"]
    assert main.header == apart.header == ("Nhóm", "Đơn vị", "Điểm")
    assert [[each.text for each in row] for row in main.rows] == [["Huyện A", "Xã 1", "5"], ["Huyện B", "Xã 2", "–"]]
    assert [[each.text for each in row] for row in apart.rows] == [
        ["Huyện A", "Cộng A", "5"],
        ["Huyện B", "Huyện B (2 xã)", ""],
    ]


def test_headers_are_unique_and_never_empty(setup: Setup, tmp_path: Path) -> None:
    """Columns that share a name, or have none, get names of their own; an empty table is a table still."""
    made = sheets(setup, tmp_path, released.table("a", [["Mức", "", "mức"]]))

    assert made["Bảng 1"].header == ("Mức", "Cột 2", "mức (2)")
    written(setup, tmp_path, released.table("a", [["Mức", "", "mức"]]))
    assert openpyxl.load_workbook(tmp_path / "tables.xlsx")["Bảng 1"].tables["Bang_3"].ref == "A5:C6"


def test_tables_of_figures_become_sheets(setup: Setup, tmp_path: Path) -> None:
    """A figure with a table beside its image has a sheet, with the numbers as printed; nothing outside is read."""
    (tmp_path / "figures").mkdir()
    table = 'label,series,value,shown,fact_id\nXã An,=1+1,2.345,"2,35",X1/total\n'
    (tmp_path / "figures" / "a.csv").write_text(table, encoding="utf-8")
    (tmp_path.parent / "b.csv").write_text(table, encoding="utf-8")
    figures = '![Hình thử](figures/a.svg){#fig-a fig-alt="x"}\n\n![Ngoài](../b.svg){#fig-b fig-alt="x"}\n'

    made = sheets(setup, tmp_path, figures)

    assert "Hình 2" not in made
    assert [each.text for each in made["Hình 1"].rows[0]] == ["Xã An", "=1+1", "2,35", "X1/total"]
    assert [each.number for each in made["Hình 1"].rows[0]][:2] == [None, None]
    assert float(made["Hình 1"].rows[0][2].number or 0) == 2.35


def test_a_text_that_no_cell_can_hold_is_an_error(setup: Setup, tmp_path: Path) -> None:
    """A text of more than 32,767 characters stops the release with its sheet and column, and is not cut."""
    with pytest.raises(MinhbachError, match=r"Bảng 1: .* 'Cột' has 32768 characters"):
        written(setup, tmp_path, released.table("a", [["Cột"], ["x" * 32_768]]))


# ---- the whole release of a shipped edition --------------------------------------------------------------


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return projects.shipped(tmp_path_factory, "2019-bo")


@pytest.fixture(scope="module")
def shipped(ran: Ran, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of 2019-bo in a folder of its own."""
    folder = tmp_path_factory.mktemp("shipped")
    for name in ("report.md", "facts.csv"):
        (folder / name).write_bytes((ran.draft / name).read_bytes())
    (folder / "figures").mkdir()
    for file in (ran.draft / "figures").glob("*.csv"):
        (folder / "figures" / file.name).write_bytes(file.read_bytes())
    release.write(editions.load(ran.edition), ran.edition, "vi", folder)
    return folder


@pytest.fixture(scope="module")
def pages(shipped: Path) -> list[Worksheet]:
    return [*openpyxl.load_workbook(shipped / "tables.xlsx").worksheets]


def test_every_number_of_the_page_is_in_the_sheets(shipped: Path, pages: list[Worksheet]) -> None:
    """Each table of the report has its sheet, in its order; each cell that prints one fact holds that very number."""
    printed = list(tables_of((shipped / "report.md").read_text(encoding="utf-8")))
    named = [page for page in pages if re.fullmatch(r"Bảng \d+", page.title)]
    counted = 0

    assert [page.title for page in named] == [f"Bảng {place}" for place in range(1, len(printed) + 1)]
    for page, rows in zip(named, printed, strict=True):
        kept = [row for row in rows[2:] if not re.search(r"\{\.(group|subtotal)\}", row[0])]
        moved = len(kept) < len(rows) - 2
        for down, row in enumerate(kept, start=6):
            for across, cell in enumerate(row, start=2 if moved else 1):
                shown = CELL.fullmatch(cell)
                if shown and re.fullmatch(r"-?[0-9.]+(,[0-9]+)?", shown["shown"]):
                    wanted = float(shown["shown"].replace(".", "").replace(",", "."))
                    assert page.cell(down, across).value == wanted, f"{page.title}, row {down}, {cell}"
                    counted += 1
    assert counted > 30


def tables_of(markdown: str) -> Iterator[list[list[str]]]:
    """The cells of each pipe table of a report, header and rule included, read without any of our code."""
    for body in re.findall(r"^::: \{#tbl-[^}]*\}\n\n(.*?)\n\n", markdown, re.DOTALL | re.MULTILINE):
        yield [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in body.split("\n")]


def test_tables_have_the_numbers_that_are_printed(ran: Ran, pages: list[Worksheet]) -> None:
    """The PDF prints each table's title as the sheet does, number and all."""
    printed = ran_text(ran)
    titles = [str(page["A1"].value) for page in pages if page.title.startswith("Bảng ") and "cộng" not in page.title]

    assert titles
    assert [title for title in titles if " ".join(title.split()) not in printed] == []


def ran_text(ran: Ran) -> str:
    return " ".join(projects.pdf_text(ran.draft / "report.pdf").replace("\u00a0", " ").split())


def test_each_sheet_has_one_table_and_can_be_read_aloud(pages: list[Worksheet]) -> None:
    """Each sheet: a title in A1, one marked table below it, a name for each column, nothing merged, no gaps."""
    names = [name for page in pages for name in page.tables]

    assert [page.title for page in pages[:2]] == ["Mục lục", "Ghi chú"]
    assert len(names) == len(set(names)) == len(pages)
    for page in pages:
        (table,) = page.tables.values()
        first, last = re.findall(r"\d+", table.ref)
        header = [cell.value for cell in page[int(first)]]
        assert page["A1"].value
        assert int(last) == page.max_row
        assert page.merged_cells.ranges == set()
        assert len({str(name).casefold() for name in header}) == len(header)
        assert all(isinstance(name, str) and name for name in header)
        assert page.freeze_panes == f"A{int(first) + 1}"
        assert all(any(cell.value is not None for cell in row) for row in page.iter_rows(max_row=page.max_row))
        assert len(page.title) <= 31


def test_links_lead_to_sheets(shipped: Path, pages: list[Worksheet]) -> None:
    """The contents link to every other sheet, every sheet links back, and each link leads to a sheet that exists."""
    names = [page.title for page in pages]
    links = {page.title: [cell.hyperlink.location for row in page.iter_rows() for cell in row if cell.hyperlink]
             for page in pages}  # fmt: skip
    sheets_of_ods, _ = released.ods(shipped / "tables.ods")

    assert links["Mục lục"] == [f"'{name}'!A1" for name in names[1:]]
    assert all("'Mục lục'!A1" in links[name] for name in names[1:])
    assert {link for each in links.values() for link in each} <= {f"'{name}'!A1" for name in names}
    assert sheets_of_ods["Mục lục"].links == [f"#{name}.A1" for name in names[1:]]
    assert {link for each in sheets_of_ods.values() for link in each.links} <= {f"#{name}.A1" for name in names}


def test_both_files_say_title_and_language(shipped: Path, ran: Ran) -> None:
    """The properties of both files name title, publisher and language; the ODS opens in odfdo."""
    title = editions.load(ran.edition).assessment.title.vi
    with zipfile.ZipFile(shipped / "tables.xlsx") as archive:
        core = archive.read("docProps/core.xml").decode()
    about = Document(shipped / "tables.ods").meta

    assert f"<dc:title>{title}</dc:title>" in core
    assert "<dc:language>vi</dc:language>" in core
    assert "<dc:creator>Dự án minhbach</dc:creator>" in core
    assert (about.title, about.language) == (title, "vi")


def test_ods_holds_what_xlsx_holds(shipped: Path, pages: list[Worksheet]) -> None:
    """Cell by cell both files have the same texts and the same numbers; each sheet of the ODS is a database range."""
    of_ods, ranges = released.ods(shipped / "tables.ods")

    assert list(of_ods) == [page.title for page in pages]
    assert [address.partition(".")[0] for address in ranges] == [f"'{page.title}'" for page in pages]
    for page in pages:
        for row, cells in zip(page.iter_rows(values_only=True), of_ods[page.title].rows, strict=True):
            numbers = [float(value) for kind, value in cells if kind in ("float", "percentage")]
            texts = [" ".join(value.split()) for kind, value in cells if kind == "string"]
            assert numbers == [value for value in row if isinstance(value, int | float)]
            assert texts == [" ".join(value.split()) for value in row if isinstance(value, str)]


def test_the_standing_is_said_on_each_sheet(pages: list[Worksheet]) -> None:
    """The mark of a draft stands on the contents and above each table."""
    said = [[str(row[0].value) for row in page.iter_rows(max_row=10)] for page in pages]

    assert [page.title for page, lines in zip(pages, said, strict=True) if not any("DỰ THẢO" in x for x in lines)] == []


def test_facts_sheet_names_every_cell(shipped: Path, pages: list[Worksheet]) -> None:
    """The sheet of facts gives for each fact the cell in which it stands, with the value that the cell shows."""
    by_name = {page.title: page for page in pages}
    rows = [*by_name["Con số"].iter_rows(min_row=6, values_only=True)]

    assert rows
    for sheet, cell, fact_id, shown, _, _ in rows:
        value = by_name[str(sheet)][str(cell)].value
        text = str(value) if isinstance(value, str) else ""
        number = float(str(shown).replace(".", "").replace(",", ".")) if text == "" else 0.0
        alike = value in (number, round(number / 100, 6))  # 35,3 before a percent sign is the number 0.353
        assert str(shown) in text or alike, f"{sheet} {cell} {fact_id}"


# ---- what others make of it ------------------------------------------------------------------------------


def test_libreoffice_reads_the_same(setup: Setup, tmp_path: Path, program: Callable[[str], str]) -> None:
    """LibreOffice reads both files alike: numbers as printed, and no hostile text becomes anything but itself."""
    rows = [["Chữ", "Số"], *([released.escaped(text), f'[{place},50]{{fact="x/{place}"}}'] for place, text in
                              enumerate(released.HOSTILE))]  # fmt: skip
    written(setup, tmp_path, released.table("a", [*rows, ["+5", '[+90]{fact="x/y"} %'], ["–", '[-1]{fact="x/z"}']]))

    read = released.calculated(program("libreoffice"), tmp_path / "tables.xlsx", tmp_path / "tables.ods")

    expected = [[text, place + 0.5] for place, text in enumerate(released.HOSTILE)]
    assert read["xlsx"]["Bảng 1"][5:] == read["ods"]["Bảng 1"][5:] == [*expected, ["+5", 0.9], ["–", -1.0]]
    assert list(read["xlsx"]) == list(read["ods"])


def test_hostile_texts_stay_texts(setup: Setup, tmp_path: Path) -> None:
    """No cell of either file is a formula or a link to outside, whatever texts, headers and titles begin with."""
    rows = [[released.escaped(text) for text in released.HOSTILE]] * 2
    folder = written(setup, tmp_path, released.table("a", rows, caption=released.escaped("=1+1")))

    page = openpyxl.load_workbook(folder / "tables.xlsx")["Bảng 1"]
    kinds = {cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None}
    of_ods, _ = released.ods(folder / "tables.ods")

    assert kinds == {"s"}
    assert [cell.value for cell in page[6]] == list(released.HOSTILE)
    assert [text for _, text in of_ods["Bảng 1"].rows[5]] == list(released.HOSTILE)
    assert {kind for kind, _ in of_ods["Bảng 1"].rows[4]} == {"string"}


def test_the_same_bytes_again(setup: Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folder, time zone and clock leave no trace in the files."""
    markdown = released.table("a", [["Đơn vị", "Số"], ["Xã An", '[1,5]{fact="x/y"}']])
    made = []
    for zone in ("Asia/Ho_Chi_Minh", "America/Lima"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        made.append(written(setup, tmp_path / zone, markdown))
    monkeypatch.undo()
    time.tzset()

    for name in ("tables.xlsx", "tables.ods"):
        first, second = ((folder / name).read_bytes() for folder in made)
        assert first == second
        with zipfile.ZipFile(made[0] / name) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(2022, 12, 31, 0, 0, 0)}
    assert os.environ.get("TZ") != "America/Lima"


def test_synthetic_data_say_so(setup: Setup, tmp_path: Path) -> None:
    """Made-up data are marked on the contents and on every sheet, in both languages."""
    for language, mark in (("vi", "SỐ LIỆU MINH HỌA"), ("en", "SYNTHETIC DATA")):
        made = sheets(setup, tmp_path, released.table("a", [["A"], ["x"]]), language)

        assert len(made) == 4
        assert all(any(mark in line.text for line in sheet.lines) for sheet in made.values())
