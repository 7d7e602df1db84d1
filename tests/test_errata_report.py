"""A report that replaces a published one by an erratum: its first page, its annex, its place in the list, its proof."""

import dataclasses
import html
import json
import re
from pathlib import Path

import pdfplumber
import pikepdf
import published
import pytest
from projects import Project

from minhbach import (
    corrections_entry,
    editions,
    errata,
    publish_checks,
    report_errata,
    versions,
    versions_files,
    versions_page,
)
from minhbach.book import Book
from minhbach.corrections_entry import Correction
from minhbach.errata import Erratum
from minhbach.facts import Ledger
from minhbach.versions import Version

NAME = published.FIRST
LINE = Erratum("v2", "v1", "01/BC-SA", "2021-12-31", ("C001",), "9", "2022-01-14", "10", "Nguyễn Văn A")
ENTRY = Correction("C001", "u1", "may", "50", "90", "Gõ nhầm", "Biên bản 3/BB-SA", "Tổ giúp việc", "2022-01-10")
WRITTEN = (
    "version,replaces,replaced_number,replaced_date,corrections,number,date,notice_number,by\n"
    "v2,v1,01/BC-SA,2021-12-31,C001,9,2022-01-14,10,Nguyễn Văn A\n"
)
REPLACES = (
    "Thay thế Báo cáo số 01/BC-SA ngày 31 tháng 12 năm 2021 (phiên bản v1), do đính chính số liệu; "
    "xem Thông báo số 10/TB-SA và Phụ lục V."
)
REPLACES_ENGLISH = (
    "Replaces Báo cáo No. 01/BC-SA of 31 December 2021 (version v1), because data were corrected; "
    "see Notice No. 10/TB-SA and Annex V."
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project with v1 of two editions, and v2 of the earlier one, which corrects an answer of v1."""
    parts = ("pipeline.py", "minhbach", "notebooks", "_extensions", "frameworks", "data", f"reports/{NAME}")
    own = published.copied(published.both(tmp_path_factory), tmp_path_factory.mktemp("erratum"), *parts)
    edition = own.edition(NAME)
    corrections_entry.append(edition.raw / "corrections.csv", ENTRY)
    errata.append(edition.errata_file, LINE)
    for command in (("run", NAME, "--lang", "vi,en"), ("publish", NAME)):
        outcome = own.command(*command)
        assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    return own


@pytest.fixture
def second(made: Project) -> Version:
    """The version that replaces the first."""
    return versions.one(made.edition(NAME), "v2", "en")


def first_page(file: Path) -> str:
    """The text of a PDF's first page on one line."""
    with pdfplumber.open(file) as pdf:
        return " ".join(pdf.pages[0].extract_text().split())


def shown(page: Path) -> str:
    """The text of a web page on one line."""
    words = re.sub(r"<(style|script)\b.*?</\1>|<[^>]+>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(html.unescape(words).split())


def test_the_document_in_force_has_the_number_and_date_of_the_line(made: Project) -> None:
    """Settings that say number 1 become document 9 of the day of the erratum; without the file they stay as written."""
    setup = editions.load(made.edition(NAME))

    assert (setup.assessment.document.number, setup.assessment.document.date) == ("09/BC-SA", "2022-01-14")
    assert (setup.erratum, setup.errata) == (LINE, (LINE,))
    before = editions.load(Version(made.edition(NAME), "v1").inputs)
    assert (before.assessment.document.number, before.erratum) == ("1", None)


@pytest.mark.parametrize(("folder", "words"), [("", REPLACES), ("en/", REPLACES_ENGLISH)])
def test_the_first_page_says_what_the_report_replaces(second: Version, folder: str, words: str) -> None:
    """The PDF's first page and the web page say it above all sections, in the language of each."""
    page = first_page(second.folder / f"{folder}report.pdf")
    web = shown(second.folder / f"{folder}report.html")

    assert words in page
    assert page.index(words) < page.index("I. ")
    assert words in web.replace("\u00a0", " ")


def test_only_the_report_says_it(second: Version, made: Project) -> None:
    """Score cards carry the new number and no line about what the report replaces; neither has the first version."""
    cards = first_page(second.folder / "scorecards.pdf")

    assert "Thay thế" not in cards
    assert "Thay thế" not in first_page(made.edition(NAME).reports / "v1" / "report.pdf")


def test_the_annex_marks_what_was_corrected(second: Version) -> None:
    """The entry of the erratum begins with a mark, and the annex says by which notice."""
    text = (second.folder / "report.md").read_text(encoding="utf-8")
    annex = text[text.index("{#anx-corrections") :]

    (row,) = (line for line in annex.splitlines() if "C001" in line)
    assert "**Đính chính phiên bản [v1]{.declared}.** [Gõ nhầm" in row
    assert "theo [Thông báo số 10/TB\\-SA]{.declared}" in annex


def test_a_mark_names_the_version_that_was_wrong(second: Version) -> None:
    """Of two errata in a chain each entry bears the mark of its own, others none; the first page names the last."""
    line = Erratum("v3", "v2", "09/BC-SA", "2022-01-14", ("C002",), "12", "2022-02-01", "13", "Nguyễn Văn A")
    setup = dataclasses.replace(editions.load(second.inputs), errata=(LINE, line))
    book = Book(setup, "en", Ledger("en", "half_up", {}), ())

    assert [report_errata.mark(book, f"C00{each}") for each in (1, 2, 3)] == [
        "**Erratum to version [v1]{.declared}.** ",
        "**Erratum to version [v2]{.declared}.** ",
        "",
    ]
    assert report_errata.marked(book, {"C002"}) == (
        "Rows that say “Erratum to version [v2]{.declared}” are what was corrected by "
        "[Notice No\\. 13/TB\\-SA]{.declared}."
    )
    assert report_errata.first(book, {}, {}) == (
        "::: {.replaces}\nReplaces [Báo cáo No\\. 09/BC\\-SA of 14 January 2022 \\(version v2\\)]{.declared}, "
        "because data were corrected; see [Notice No\\. 13/TB\\-SA]{.declared}.\n:::\n"
    )


def test_every_numeral_of_the_line_has_an_address(second: Version) -> None:
    """The closed world of v2 leaves no numeral without a source, with the line and the marks on its pages."""
    numbers = second.manifest["numbers"]

    assert (numbers["checked"], numbers["left"]) == (True, 0)
    assert numbers["numerals"] > 0


def test_the_ledger_of_errata_is_an_input(second: Version) -> None:
    """errata.csv is recorded by its hash, kept with the version, and has a page among the audit pages."""
    name = f"data/raw/{NAME}/errata.csv"

    assert second.manifest["inputs"][name] == second.files[f"inputs/{name}"]
    assert (second.folder / "inputs" / name).read_bytes() == WRITTEN.encode()
    assert f"audit/sources/data-raw-{NAME}-errata.csv.html" in second.files


def test_the_chain_of_a_corrected_answer_names_the_erratum(made: Project) -> None:
    """`trace` says of a correction that it belongs to the erratum, and on which line of errata.csv that stands."""
    outcome = made.command("trace", NAME, "u1/a", "--lang", "vi")

    said = " ".join(outcome.stdout.split())
    assert outcome.returncode == 0, outcome.stderr
    assert "thuộc nội dung đính chính Báo cáo số 01/BC-SA ngày 31 tháng 12 năm 2021 (phiên bản v1)" in said
    assert f"data/raw/{NAME}/errata.csv:2" in said


def test_the_list_of_versions_names_the_notice(made: Project, second: Version) -> None:
    """v2 says what it corrects, linked once the notice is there; v1 says that it is replaced, and nothing else."""
    edition = made.edition(NAME)
    versions_page.write(edition)
    plain = edition.index.read_text(encoding="utf-8")
    folder = edition.reports / "v2.erratum"
    folder.mkdir()
    (folder / "notice.pdf").write_bytes(b"%PDF")
    (folder / "notice.en.pdf").write_bytes(b"%PDF")

    versions_page.write(edition)
    versions_files.clear(folder)

    page = edition.index.read_text(encoding="utf-8")
    english = edition.index.with_name("index.en.html").read_text(encoding="utf-8")
    assert "<dt>Đính chính</dt><dd>Phiên bản 1: Thông báo số 10/TB-SA</dd>" in plain
    assert '<dd><a href="v2.erratum/notice.pdf">Phiên bản 1: Thông báo số 10/TB-SA</a></dd>' in page
    assert '<dd><a href="v2.erratum/notice.en.pdf">Version 1: Notice No. 10/TB-SA</a></dd>' in english
    assert page.count("Thông báo số") == 1
    assert second.name in page


def test_a_document_that_replaces_is_published_once(made: Project) -> None:
    """A later draft with the number of the erratum is refused, naming both versions; the same draft has other words."""
    edition = made.edition(NAME)
    setup, content = editions.load(edition), publish_checks.draft(edition, "en")
    changed = {**content, "numbers": {**content["numbers"], "numerals": 1}}

    again, later = (publish_checks.refusals(setup, each, "en") for each in (content, changed))
    other = dataclasses.replace(setup, errata=(dataclasses.replace(LINE, version="v3", replaces="v2"),))

    refusal = "version v2 replaces version v1, but the next version would be v3, which replaces v2"
    assert not any("next version" in each for each in again)
    assert any(refusal in each for each in later)
    assert not any("next version" in each for each in publish_checks.refusals(other, changed, "en"))


def test_v2_is_reproduced_from_its_inputs_alone(made: Project) -> None:
    """Number, date, line and marks of v2 come from its own inputs: running them again gives the same bytes.

    It was published here without the command erratum, and so without a notice; that alone does not agree.
    """
    outcome = made.command("verify", NAME, "v2", "--rebuild", "--json")

    said = json.loads(outcome.stdout)
    assert (said["rebuild"]["reproduced"], said["rebuild"]["differences"]) == (True, [])
    assert [each["layer"] for each in said["differences"]] == ["notice"]
    assert outcome.returncode == 1


def test_the_pdf_proves_itself(made: Project) -> None:
    """The report of v2 carries errata.csv, so that its number is explained by the file alone."""
    outcome = made.command("verify", f"reports/{NAME}/v2/report.pdf", "--json")

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    with pikepdf.open(made.edition(NAME).reports / "v2" / "report.pdf") as document:
        attached = {str(each.UF): bytes(each.EF.F.read_bytes()) for each in document.Root.AF}
    assert attached["errata.csv"].decode() == WRITTEN
