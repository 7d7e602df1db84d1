"""The submission and the draft decision that approve a result: their format, and that they say what the report says."""

import dataclasses
import re
from pathlib import Path

import pikepdf
import pytest

from minhbach import book, publication, report_documents
from minhbach.errors import RenderError
from minhbach.render.embedded import Rendered
from tests import official, projects
from tests.official import MM, Document

FACT = re.compile(r'\[([^\]]*)\]\{fact="([^"]+)"\}')


@dataclasses.dataclass(frozen=True)
class Made:
    """The documents of a state body about the ministries of 2019."""

    folder: Path
    names: list[str]
    rendered: dict[str, Rendered]

    def text(self, name: str) -> str:
        """The Markdown of a document."""
        return (self.folder / f"{name}.md").read_text(encoding="utf-8")

    def pdf(self, name: str) -> Document:
        """A document, to be read."""
        return Document(self.rendered[name].pdf)


def make(factory: pytest.TempPathFactory, language: str, *changes: tuple[str, str]) -> Made:
    """The documents in one language, from the draft of 2019-bo and the settings of a state body."""
    ran = projects.shipped(factory, "2019-bo")
    folder = factory.mktemp("documents")
    found = official.setup(folder / "project", *changes)
    report = dataclasses.replace(book.load(ran.edition, language, ran.edition), setup=found)
    names = report_documents.write(report, folder)
    return Made(folder, names, publication.documents(found, language, folder))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The Vietnamese documents."""
    return make(tmp_path_factory, "vi")


def test_both_documents_are_made(made: Made) -> None:
    """A submission and a decision are written as Markdown and PDF, in PDF/A-3a and PDF/UA-1, without a warning."""
    assert made.names == ["submission.md", "decision.md"]
    assert list(made.rendered) == ["submission", "decision"]
    for found in made.rendered.values():
        with pikepdf.open(found.pdf) as pdf, pdf.open_metadata() as xmp:
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("3", "A", "1")
        assert found.warnings == ()


def test_numbers_are_the_facts_of_the_report(made: Made, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where a document cites a fact that the report cites too, it is printed the same."""
    report = {
        fact: shown for shown, fact in FACT.findall(projects.shipped(tmp_path_factory, "2019-bo").text("report.md"))
    }

    for name in ("submission", "decision"):
        cited = {fact: shown for shown, fact in FACT.findall(made.text(name))}
        assert {fact: report[fact] for fact in cited if fact in report} == {
            fact: shown for fact, shown in cited.items() if fact in report
        }
        assert len(set(cited) & set(report)) >= 5


def test_submission_says_the_result(made: Made) -> None:
    """It names how many of the 21 bodies have results, the best, worst and mean index, who is first, and the levels."""
    text = " ".join(made.pdf("submission").pages[0].extract_text().split())

    assert "có kết quả của 17 trên 21 đơn vị" in text
    # 17 published indices from 0.9291 to 0.6885 with the sum 13.9120, so the mean is 0.81835 and prints as 0.8184.
    assert "giá trị cao nhất 0,9291, thấp nhất 0,6885, trung bình 0,8184. Đứng đầu: Bộ Tài chính." in text
    assert "Tốt 6 Khá 10 Trung bình 1 Không xếp loại 0" in text


def test_submission_has_the_format_of_the_decree(made: Made) -> None:
    """It has the national header, its own symbol with room for a number, one addressee, sections, and a signature."""
    found = made.pdf("submission")
    text = found.pages[0].extract_text()

    assert found.find("Độc lập - Tự do - Hạnh phúc").style == "Bold"
    assert re.search(r"Số:\s+/TTr-STTTT", text)
    assert (found.find("TỜ TRÌNH").style, found.find("Về việc phê duyệt kết quả xếp hạng").style) == ("Bold", "Bold")
    assert "Kính gửi: Ủy ban nhân dân tỉnh Gia Lai\n" in text
    assert [found.find(head).style for head in ("I. QUÁ TRÌNH THỰC HIỆN", "II. KẾT QUẢ")] == ["Bold", "Bold"]
    assert found.find("Nguyễn Văn B", found.page_of("Nguyễn Văn B")).style == "Bold"
    assert "dự thảo Quyết định.)" in " ".join(page.extract_text().replace("\n", " ") for page in found.pages)


def test_legal_bases_are_italic_lines(made: Made) -> None:
    """Each Căn cứ is a paragraph in italics, 13 to 14 points, that ends with a semicolon, the last with a full stop."""
    found = made.pdf("decision")
    start = found.find("CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH GIA LAI").bottom
    end = found.find("QUYẾT ĐỊNH:").top
    lines = [line for line in found.lines() if start < line.top and line.bottom < end]
    paragraphs = [line for line in lines if line.left > 31 * MM]
    last_of_each = [lines[lines.index(line) - 1] for line in paragraphs[1:]] + [lines[-1]]

    assert {line.style for line in lines} == {"Italic"}
    assert all(13 <= line.size <= 14 for line in lines)
    assert [line.text.split()[0] for line in paragraphs] == ["Căn", "Căn", "Theo"]
    assert [line.text[-1] for line in last_of_each] == [";", ";", "."]
    assert "Tờ trình số" in " ".join(line.text for line in lines)


def test_decision_has_articles(made: Made) -> None:
    """Above its articles stands who decides, and QUYẾT ĐỊNH:, in bold; Điều 1, 2 and 3 are bold and indented."""
    found = made.pdf("decision")

    assert "SỞ THÔNG TIN" not in found.pages[0].crop((0, 0, 300, 150)).extract_text()
    for text in ("CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH GIA LAI", "QUYẾT ĐỊNH:"):
        line = found.find(text)
        assert line.style == "Bold"
        assert abs(line.middle - 112.5 * MM) < 1.5
    for text in ("Điều 1. Phê duyệt kết quả", "Điều 2. Tổ chức thực hiện", "Điều 3. Hiệu lực và trách nhiệm thi hành"):
        article = found.find(text)
        assert (article.style, article.size) == ("Bold", 13)
        assert 9.9 <= article.left / MM - 30 <= 12.8
    assert "chi tiết tại Phụ lục" in found.pages[0].extract_text()
    assert "thi hành Quyết định này./." in " ".join(found.pages[0].extract_text().split())


def test_decision_ranks_the_units_in_its_annex(made: Made) -> None:
    """The annex lists the 17 ranked units in the order of their ranks, and says how many are not in it."""
    found = made.pdf("decision")
    page = found.page_of("BẢNG XẾP HẠNG")
    rows = [line.text for line in found.lines(page) if re.match(r"\d+ (Bộ|Ngân)", line.text)]

    assert "(Kèm theo Quyết định số" in found.pages[page - 1].extract_text()
    assert [int(row.split()[0]) for row in rows] == list(range(1, 18))
    assert rows[0].startswith("1 Bộ Tài chính 0,9291")
    assert rows[-1].startswith("17 Bộ Xây dựng 0,6885")
    assert "Còn 4 đơn vị" in found.pages[page - 1].extract_text()


def test_articles_may_be_the_editions_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Articles and the proposal in assessment.yaml take the place of the usual ones, as text and never as markup."""
    own = (
        "    recipients: [Như Điều 3]",
        "    recipients: [Như Điều 3]\n    proposal: Theo đề nghị của Giám đốc Sở\n"
        '    articles: [{title: "Thi hành #x", text: "Giao *Sở* thực hiện trước ngày 01 tháng 3 năm 2023."}]',
    )
    text = make(tmp_path_factory, "vi", own).pdf("decision").pages[0].extract_text()

    assert "Theo đề nghị của Giám đốc Sở." in text
    assert "Điều 2. Thi hành #x" in text
    assert "Giao *Sở* thực hiện trước ngày 01 tháng 3 năm 2023." in text
    assert "Điều 3." not in text


def test_english_documents_have_the_same_facts(made: Made, tmp_path_factory: pytest.TempPathFactory) -> None:
    """In English both documents cite the same facts in the same order."""
    english = make(tmp_path_factory, "en")

    for name in ("submission", "decision"):
        facts = [[fact for _, fact in FACT.findall(each.text(name))] for each in (made, english)]
        assert facts[0] == facts[1]
        assert len(facts[0]) > 5
    assert "Article 1. Approval of the result" in english.pdf("decision").pages[0].extract_text()


def test_no_numeral_stands_outside_facts_and_declared_text(made: Made) -> None:
    """Without facts, declared texts, numbers of lists and ids, neither document has a digit left."""
    for name in ("submission", "decision"):
        rest = re.sub(r'\[[^\]]*\]\{(fact="[^"]+"|\.declared)\}', "", made.text(name))
        rest = re.sub(r"\{#[^}]+\}|@[\w.-]+|\]\(#[^)]+\)|^\d+\. ", "", rest, flags=re.MULTILINE)
        assert not re.findall(r".*\d.*", rest)


def test_document_without_its_markdown_is_refused(tmp_path: Path) -> None:
    """Where the report's notebook has not written a document, that is told with the file and what to do."""
    with pytest.raises(RenderError) as caught:
        publication.documents(official.setup(tmp_path), "vi", tmp_path)

    assert "submission.md, decision.md: not there" in str(caught.value)


def test_an_edition_without_documents_makes_none(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    """2019-bo asks for neither document, and none is written."""
    ran = projects.shipped(tmp_path_factory, "2019-bo")
    report = book.load(ran.edition, "vi", ran.edition)

    assert report_documents.write(report, tmp_path) == []
    assert publication.documents(report.setup, "vi", tmp_path) == {}
