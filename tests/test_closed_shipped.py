"""The closed world in whole runs: shipped editions leave nothing over, faults stop a run, drafts may go unchecked."""

import csv
import json
import re
import subprocess
import zipfile
from pathlib import Path

import nbformat
import openpyxl
import projects
import pypdfium2
import pytest
from nbformat.v4 import new_markdown_cell

CAPTION = ("kết quả của từng đơn vị, xếp từ cao xuống thấp; nét", "kết quả 4712 của từng đơn vị; nét")
MARK = {"vi": "CHƯA KIỂM TRA SỐ LIỆU", "en": "FIGURES NOT CHECKED"}


def rows_of(draft: Path) -> dict[str, dict[str, str]]:
    """The rows of closed.csv by document."""
    with (draft / "closed.csv").open(encoding="utf-8", newline="") as stream:
        return {row["document"]: row for row in csv.DictReader(stream)}


def pages_of(pdf: Path) -> list[str]:
    """The text of each page."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


@pytest.mark.parametrize(
    ("edition", "options", "least"), [("2019-bo", ("--lang", "vi,en"), 1_500), ("2022-gia-lai", (), 50_000)]
)
def test_nothing_is_left_over(
    tmp_path_factory: pytest.TempPathFactory, edition: str, options: tuple[str, ...], least: int
) -> None:
    """Every numeral of every PDF, of every text and of the page is accounted for, and the run says so in one line."""
    ran = projects.shipped(tmp_path_factory, edition, *options)

    rows = rows_of(ran.draft)
    pdfs = {file.relative_to(ran.draft).as_posix() for file in ran.draft.rglob("*.pdf")}
    numbers = json.loads(ran.text("manifest.json"))["numbers"]
    assert {name for name in rows if name.endswith(".pdf")} == pdfs
    assert {"report.md", "report.html"} <= set(rows)
    assert {row["left"] for row in rows.values()} == {"0"}
    kinds = ("facts", "declared", "numbering", "charts")
    assert all(int(row["numerals"]) == sum(int(row[kind]) for kind in kinds) for row in rows.values())
    assert numbers["numerals"] == sum(int(rows[name]["numerals"]) for name in pdfs) >= least
    assert (numbers["checked"], numbers["left"], numbers["documents"]) == (True, 0, len(pdfs))
    assert "Mọi con số đều truy được nguồn: " in ran.outcome.stdout
    assert "; còn lại 0." in ran.outcome.stdout


def test_counts_are_those_of_the_pages(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A document has as many numerals as its text has, and as many places of facts with numerals as are counted."""
    ran = projects.shipped(tmp_path_factory, "2019-bo", "--lang", "vi,en")
    rows = rows_of(ran.draft)

    for name in ("report.pdf", "scorecards.pdf", "en/report.pdf", "scorecards/bo-tai-chinh.pdf"):
        text = "\n".join(pages_of(ran.draft / name))
        assert int(rows[name]["numerals"]) == len(re.findall(r"\d+(?:[.,]\d+)*", text)), name
    with (ran.draft / "facts.csv").open(encoding="utf-8", newline="") as stream:
        shown = {row["fact_id"]: row["shown"] for row in csv.DictReader(stream)}
    with (ran.draft / "places.csv").open(encoding="utf-8", newline="") as stream:
        places = [row["fact_id"] for row in csv.DictReader(stream) if row["document"] == "report.pdf"]
    assert int(rows["report.pdf"]["facts"]) == sum(
        len(re.findall(r"\d+(?:[.,]\d+)*", shown[fact_id])) for fact_id in places
    )


def test_faults_stop_a_run(tmp_path: Path) -> None:
    """Numbers typed in a Markdown cell, in captions of a table and a figure, and in a chart stop a run, all at once."""
    project = projects.project(tmp_path, "2019-bo")
    notebook = project.folder / "notebooks" / "3_report.ipynb"
    content = nbformat.read(notebook, as_version=4)
    content.cells.insert(-2, new_markdown_cell("Có 4711 đơn vị tham gia."))
    nbformat.write(content, notebook)
    charts, report = (project.folder / "minhbach" / "wording" / f"{name}.vi.yaml" for name in ("charts", "report"))
    projects.change(charts, *CAPTION)
    source = project.folder / "minhbach" / "report_charts.py"
    projects.change(source, "    plan.note(canvas)\n", '    plan.note(canvas)\n    canvas.text(2, 5, "Năm 4713")\n')
    projects.change(report, 'levels_table: "{scheme}: số', 'levels_table: "{scheme} 4714: số')

    outcome = project.command("run", "2019-bo")

    assert outcome.returncode == 1
    assert "Traceback" not in outcome.stderr
    for number in ("4711", "4712", "4714"):
        assert re.search(rf"report\.md, ô [\w-]+: “{number}” trong “.*{number}", outcome.stderr), number
        assert re.search(rf"report\.pdf, trang \d+, dòng \d+: “{number}”", outcome.stderr), number
        assert f"report.html: “{number}” trong" in outcome.stderr, number
    assert "figures/ict-index-2019-bo-xep_hang.svg: “4713” trong “Năm 4713”" in outcome.stderr
    assert not project.edition("2019-bo").draft.exists()


@pytest.fixture(scope="module")
def unchecked(tmp_path_factory: pytest.TempPathFactory) -> projects.Ran:
    """A draft that nobody checked, with a number that nobody knows."""
    project = projects.project(tmp_path_factory.mktemp("unchecked"), "2019-bo")
    words = project.folder / "minhbach" / "wording" / "charts.vi.yaml"
    projects.change(words, *CAPTION)
    outcome = project.command("run", "2019-bo", "--lang", "vi,en", "--unchecked")
    return projects.Ran(project, project.edition("2019-bo"), outcome)


def test_an_unchecked_draft_says_so_on_every_page(unchecked: projects.Ran) -> None:
    """Without the check a draft is made, and every page of every document, and the web page, says that it was not."""
    assert unchecked.outcome.returncode == 0, unchecked.outcome.stderr
    assert "Chưa kiểm tra số liệu (--unchecked)" in unchecked.outcome.stdout

    pdfs = sorted(unchecked.draft.rglob("*.pdf"))
    assert len(pdfs) >= 4
    for pdf in pdfs:
        language = "en" if pdf.relative_to(unchecked.draft).parts[0] == "en" else "vi"
        assert [MARK[language] in text for text in pages_of(pdf)] == [True] * len(pages_of(pdf)), pdf.name
    assert f'<p class="stamp">{MARK["vi"]}</p>' in unchecked.text("report.html")
    assert f'<p class="stamp">{MARK["en"]}</p>' in unchecked.text("en/report.html")


def test_every_web_page_of_an_unchecked_draft_says_so(unchecked: projects.Ran) -> None:
    """The mark stands once on every page of a browser: reports, audit pages, those of units, criteria and sources."""
    pages = {file.relative_to(unchecked.draft).as_posix(): file for file in unchecked.draft.rglob("*.html")}
    marked = f'<p class="stamp">{MARK["vi"]}</p>', f'<p class="stamp">{MARK["en"]}</p>'

    found = {name: sum(map(file.read_text(encoding="utf-8").count, marked)) for name, file in pages.items()}

    assert {name.rpartition("/")[0] for name in pages} >= {"", "en", "audit", "audit/units", "audit/sources"}
    assert {name: count for name, count in found.items() if count != 1} == {}


def test_the_data_of_an_unchecked_draft_say_so(unchecked: projects.Ran) -> None:
    """The mark stands in the title and the description of the data package and on the first sheet of both workbooks."""
    package = json.loads(unchecked.text("open-data/datapackage.json"))

    for each in (package, *package["resources"]):
        assert each["title"].endswith(f"[{MARK['vi']} / {MARK['en']}]")
    assert [MARK[language] in package["description"].splitlines() for language in MARK] == [True, True]
    for folder, language in (("", "vi"), ("en", "en")):
        with zipfile.ZipFile(unchecked.draft / folder / "tables.ods") as archive:
            assert MARK[language] in archive.read("content.xml").decode("utf-8").partition("</table:table>")[0]
        sheet = openpyxl.load_workbook(unchecked.draft / folder / "tables.xlsx").worksheets[0]
        assert any(MARK[language] in str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)


def test_an_unchecked_draft_is_recorded(unchecked: projects.Ran) -> None:
    """The manifest says that the numbers were not checked, and with which command; there is no closed.csv."""
    manifest = json.loads(unchecked.text("manifest.json"))

    assert manifest["numbers"] == {"checked": False}
    assert manifest["command"].endswith("--unchecked")
    assert not (unchecked.draft / "closed.csv").exists()


def test_only_drafts_may_go_unchecked(tmp_path: Path) -> None:
    """A document that is no draft is always checked: the command is refused before anything runs."""
    project = projects.project(tmp_path, "2019-bo")
    settings = project.edition("2019-bo").assessment_file
    projects.change(settings, "draft: true", "draft: false")

    outcome: subprocess.CompletedProcess[str] = project.command("run", "2019-bo", "--unchecked")

    assert outcome.returncode == 2
    assert "--unchecked chỉ dùng cho dự thảo; assessment.yaml ghi report không phải dự thảo" in outcome.stderr
    assert not project.edition("2019-bo").reports.exists()
