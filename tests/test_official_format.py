"""The finished PDF against Decree 30/2020/NĐ-CP, Annex I: one test for each rule, by positions, sizes and fonts."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from minhbach.errors import FileError
from minhbach.render.embedded import Rendered
from tests import official
from tests.official import MM, Document, Found

Make = Callable[..., Rendered]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """The report of a state body, with two annexes."""
    return official.report(tmp_path_factory.mktemp("official"), official.markdown())


@pytest.fixture(scope="module")
def report(made: Rendered) -> Document:
    """The same report, to be read."""
    return Document(made.pdf)


def is_centred(found: Found, left: float, right: float) -> bool:
    """Whether a text stands in the middle between two distances (mm) from the left edge."""
    return abs(found.middle - (left + right) / 2 * MM) < 1.5


# ---- paper -----------------------------------------------------------------------------------------------


def test_paper_is_a4_and_wide_annexes_are_turned(report: Document) -> None:
    """Pages are A4 upright; only those of the landscape annex lie on their side."""
    sizes = [(round(page.width / MM), round(page.height / MM)) for page in report.pages]

    first = report.page_of("BẢNG KẾT QUẢ ĐẦY ĐỦ")
    last = report.page_of("PHƯƠNG PHÁP") - 1
    turned = {number for number, size in enumerate(sizes, 1) if size == (297, 210)}
    assert set(sizes) == {(210, 297), (297, 210)}
    assert turned == set(range(first, last + 1))


def test_margins_are_those_of_the_decree(report: Document) -> None:
    """Text keeps 30 mm from the left, 15 mm from the right, 20 mm from top and bottom, and uses that room."""
    for page in report.pages:
        body = [char for char in page.chars if char["top"] > 17 * MM]
        assert min(char["x0"] for char in body) >= 30 * MM - 1
        assert max(char["x1"] for char in body if char["text"].strip()) <= page.width - 15 * MM + 1
        assert min(char["top"] for char in body) >= 20 * MM - 4
        assert max(char["bottom"] for char in body) <= page.height - 20 * MM + 4
    first = [char for char in report.pages[0].chars if char["text"].strip()]
    assert abs(min(char["x0"] for char in first) - 30 * MM) < 1
    assert abs(max(char["x1"] for char in first) - 195 * MM) < 2


# ---- header ----------------------------------------------------------------------------------------------


def test_national_name(report: Document) -> None:
    """Quốc hiệu stands at the top right in bold capitals of 12 to 13 points."""
    found = report.find("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")

    assert (found.style, 12 <= found.size <= 13) == ("Bold", True)
    assert found.left > 105 * MM
    assert found.top < 25 * MM


def test_motto_has_a_rule_as_long_as_itself(report: Document) -> None:
    """Tiêu ngữ is bold, 13 to 14 points, centred under Quốc hiệu; its rule is exactly as long as it is."""
    found, above = report.find("Độc lập - Tự do - Hạnh phúc"), report.find("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")

    left, right = report.rule_below(found)
    assert (found.style, 13 <= found.size <= 14) == ("Bold", True)
    assert abs(found.middle - above.middle) < 1
    assert abs(left - found.left) < 1
    assert abs(right - found.right) < 1


def test_parent_body(report: Document) -> None:
    """The parent body stands at the top left in upright capitals of 12 to 13 points."""
    found = report.find("ỦY BAN NHÂN DÂN TỈNH GIA LAI")

    assert (found.style, 12 <= found.size <= 13) == ("Regular", True)
    assert found.right < 105 * MM
    assert abs(found.top - report.find("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM").top) < 1


def test_issuing_body_has_a_rule_below(report: Document) -> None:
    """The issuing body is bold capitals below its parent, with a centred rule of 1/3 to 1/2 of the line."""
    found, above = report.find("SỞ THÔNG TIN VÀ TRUYỀN THÔNG"), report.find("ỦY BAN NHÂN DÂN TỈNH GIA LAI")

    left, right = report.rule_below(found)
    assert (found.style, 12 <= found.size <= 13) == ("Bold", True)
    assert found.top > above.top
    assert abs(found.middle - above.middle) < 1
    assert 1 / 3 <= (right - left) / (found.right - found.left) <= 1 / 2
    assert abs((left + right) / 2 - found.middle) < 1


def test_number_and_symbol(report: Document) -> None:
    """Number and symbol are upright, 13 points; a number below 10 has a leading 0."""
    found = report.find("Số: 07/BC-STTTT")

    assert (found.style, found.size) == ("Regular", 13)
    assert found.right < 105 * MM


def test_draft_leaves_room_for_its_number(tmp_path: Path) -> None:
    """A draft that has only a symbol leaves room before it, in which the number is written by hand."""
    found = Document(official.report(tmp_path, official.markdown(annexes=0), ("  number: 7\n", "")).pdf)

    line = next(line.text for line in found.lines() if line.text.startswith("Số:"))
    words = {word["text"]: word for word in found.pages[0].extract_words()}
    assert line.startswith("Số: ")
    assert "07" not in line
    assert words["/BC-STTTT"]["x0"] - words["Số:"]["x1"] > 15


def test_place_and_date(report: Document) -> None:
    """Place and date are italic, 13 to 14 points, level with the number; day and month 2 have a leading 0."""
    found = report.find("Gia Lai, ngày 05 tháng 02 năm 2023")

    assert (found.style, 13 <= found.size <= 14) == ("Italic", True)
    assert found.left > 105 * MM
    assert abs(found.bottom - report.find("Số: 07/BC-STTTT").bottom) < 1


def test_type_and_abstract(report: Document) -> None:
    """Type in capitals and abstract are bold, 13 to 14 points, centred; a rule of 1/3 to 1/2 of the line follows."""
    kind, abstract = report.find("BÁO CÁO"), report.find("Kết quả đánh giá, xếp hạng mức độ Chính quyền điện tử")

    lines = [line for line in report.lines() if line.top >= kind.top][:3]
    last = lines[2]
    left, right = report.rule_below(last)
    widest = max(line.right - line.left for line in lines)
    assert kind.style == abstract.style == "Bold"
    assert 13 <= kind.size <= 14
    assert 13 <= abstract.size <= 14
    assert all(is_centred(line, 30, 195) for line in lines)
    assert 1 / 3 <= (right - left) / widest <= 1 / 2
    assert abs((left + right) / 2 - 112.5 * MM) < 1.5


def test_addressees_are_listed(report: Document) -> None:
    """Kính gửi is upright, 13 to 14 points; of several addressees each has a line, and the last ends with a stop."""
    head, names = report.find("Kính gửi:"), [line.text for line in report.lines() if line.text.startswith("- ")]

    assert (head.style, 13 <= head.size <= 14) == ("Regular", True)
    assert names == ["- Ủy ban nhân dân tỉnh Gia Lai;", "- Bộ Thông tin và Truyền thông."]
    assert report.find("BÁO CÁO").top < head.top < report.find("I. CĂN CỨ VÀ MỤC ĐÍCH").top


def test_one_addressee_stands_on_the_same_line(tmp_path: Path) -> None:
    """A single addressee follows Kính gửi on its line, in the middle of the page, without a mark at its end."""
    change = ("    - {vi: Bộ Thông tin và Truyền thông, en: Ministry of Information and Communications}\n", "")
    found = Document(official.report(tmp_path, official.markdown(annexes=0), change).pdf)

    line = next(line for line in found.lines() if line.text.startswith("Kính gửi"))
    assert line.text == "Kính gửi: Ủy ban nhân dân tỉnh Gia Lai"
    assert is_centred(line, 30, 195)


# ---- body ------------------------------------------------------------------------------------------------


def body_lines(report: Document, page: int = 1) -> list[Found]:
    """The lines of the first two paragraphs of the body."""
    start, end = report.find("I. CĂN CỨ VÀ MỤC ĐÍCH", page).bottom, report.find("1. Mục đích", page).top
    return [line for line in report.lines(page) if start < line.top and line.bottom < end]


def test_body_is_upright_and_justified(report: Document) -> None:
    """The body is upright, 13 to 14 points; each line but a paragraph's last reaches both margins."""
    lines = body_lines(report)

    assert {(line.style, 13 <= line.size <= 14) for line in lines} == {("Regular", True)}
    full = [line for line, below in pairwise(lines) if below.left < 31 * MM]
    assert len(full) >= 4
    assert all(abs(line.right - 195 * MM) < 3 for line in full)


def test_first_lines_are_indented(report: Document) -> None:
    """The first line of a paragraph begins 10 to 12.7 mm inside the margin, all others at the margin."""
    lefts = [round(line.left / MM - 30, 1) for line in body_lines(report)]

    assert len([left for left in lefts if 9.9 <= left <= 12.8]) == 2
    assert all(9.9 <= left <= 12.8 or abs(left) < 0.5 for left in lefts)


def test_lines_and_paragraphs_keep_their_distance(report: Document) -> None:
    """Lines stand single to one and a half apart; paragraphs are at least 6 points further apart than lines."""
    lines = body_lines(report)

    gaps = {"lines": [], "paragraphs": []}
    for above, below in pairwise(lines):
        gaps["paragraphs" if below.left > 31 * MM else "lines"].append(below.bottom - above.bottom)
    assert len(gaps["paragraphs"]) == 1
    assert all(1.1 <= gap / 13 <= 1.75 for gap in gaps["lines"])
    assert gaps["paragraphs"][0] - max(gaps["lines"]) >= 6 - 0.1


def test_headings_are_numbered_by_level(report: Document) -> None:
    """Sections have Roman numbers and bold capitals, below them 1. in bold, then a) upright; all are indented."""
    upper, bold, plain = (report.find(text) for text in ("I. CĂN CỨ VÀ MỤC ĐÍCH", "1. Mục đích", "a) Điểm thứ nhất"))

    assert [found.style for found in (upper, bold, plain)] == ["Bold", "Bold", "Regular"]
    assert all(13 <= found.size <= 14 for found in (upper, bold, plain))
    assert all(9.9 <= found.left / MM - 30 <= 12.8 for found in (upper, bold, plain))
    assert report.page_of("II. KẾT QUẢ") <= 2


@pytest.mark.parametrize("fill", range(0, 42, 6))
def test_no_heading_ends_a_page(tmp_path: Path, fill: int) -> None:
    """However much text stands before it, a heading has at least a line below it on its page."""
    text = f"# Một\n\n{official.SENTENCE * fill}\n\n# Hai\n\n{official.SENTENCE * 3}\n"
    found = Document(official.report(tmp_path, text).pdf)

    page = found.page_of("II. HAI")
    lines = list(found.lines(page))
    place = next(number for number, line in enumerate(lines) if line.text == "II. HAI")
    assert lines[place + 1].text.startswith("Kết quả được")


# ---- page numbers and marks ------------------------------------------------------------------------------


def top_number(report: Document, page: int) -> list[Found]:
    """Page numbers in the top margin."""
    return [
        Found(word["text"], word["x0"], word["x1"], word["top"], word["bottom"], tuple(word["chars"]))
        for word in report.pages[page - 1].extract_words(return_chars=True)
        if word["bottom"] < 20 * MM and word["text"].isdigit()
    ]


def test_page_numbers_stand_in_the_top_margin(report: Document) -> None:
    """From page 2 the number stands in the middle of the top margin, upright, 13 to 14 points; page 1 has none."""
    (second,) = top_number(report, 2)

    assert top_number(report, 1) == []
    assert (second.text, second.style, 13 <= second.size <= 14) == ("2", "Regular", True)
    assert is_centred(second, 30, 195)


def test_each_annex_has_pages_of_its_own(report: Document) -> None:
    """An annex begins a page, on which no number stands; its further pages are numbered from 2."""
    first, second = report.page_of("BẢNG KẾT QUẢ ĐẦY ĐỦ"), report.page_of("PHƯƠNG PHÁP")

    numbers = [[found.text for found in top_number(report, page)] for page in range(first, second + 1)]
    expected = [[]] + [[str(page)] for page in range(2, second - first + 1)] + [[]]
    assert second - first >= 2
    assert numbers == expected
    assert is_centred(top_number(report, first + 1)[0], 30, 282)


def test_viewers_count_all_pages(made: Rendered) -> None:
    """The PDF labels no pages, so that a viewer counts them from the first to the last, annexes included."""
    with pikepdf.open(made.pdf) as pdf:
        assert "/PageLabels" not in pdf.Root


def test_marks_are_on_every_page(report: Document) -> None:
    """Every page, upright or turned, says that it is a draft of synthetic data."""
    for number in range(1, len(report.pages) + 1):
        assert report.find("DỰ THẢO", number).bottom < 20 * MM
        assert report.find("SỐ LIỆU MINH HỌA", number).bottom < 20 * MM


# ---- annexes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "title", "right"), [("Phụ lục I", "BẢNG KẾT QUẢ ĐẦY ĐỦ", 282), ("Phụ lục II", "PHƯƠNG PHÁP", 195)]
)
def test_annex_heading(report: Document, label: str, title: str, right: int) -> None:
    """An annex begins with its Roman number, 14 points bold, its title in bold capitals, and what it belongs to."""
    page = report.page_of(title)
    lines = list(report.lines(page))[1:]

    assert [line.text for line in lines[:2]] == [label, title]
    assert (lines[0].size, lines[0].style) == (14, "Bold")
    assert (13 <= lines[1].size <= 14, lines[1].style) == (True, "Bold")
    note = " ".join(line.text for line in lines[2:4])
    assert "(Kèm theo Báo cáo số 07/BC-STTTT ngày 05 tháng 02 năm 2023 của Sở Thông tin và Truyền" in note
    assert (13 <= lines[2].size <= 14, lines[2].style) == (True, "Italic")
    assert all(is_centred(line, 30, right) for line in lines[:3])


def test_a_single_annex_has_no_number(tmp_path: Path) -> None:
    """One annex alone is called the annex, without a Roman number, also where the text refers to it."""
    found = Document(official.report(tmp_path, official.markdown(annexes=1)).pdf)

    page = found.page_of("BẢNG KẾT QUẢ ĐẦY ĐỦ")
    assert next(line.text for line in list(found.lines(page))[1:]) == "Phụ lục"
    assert "Xem Phụ lục và Bảng 1" in found.pages[0].extract_text()


def test_annexes_number_their_own_headings(report: Document) -> None:
    """In an annex headings begin again with 1, whatever came before."""
    page = report.page_of("PHƯƠNG PHÁP")

    assert report.find("1. Công thức", page).style == "Bold"
    assert report.find("2. Quy ước", page).style == "Bold"


def test_references_name_what_they_point_to(report: Document) -> None:
    """References to annex, table and figure are printed as these are numbered."""
    assert "Xem Phụ lục I và Bảng 1, Hình 1.1 Theo" in report.pages[0].extract_text()


# ---- the end ---------------------------------------------------------------------------------------------


def test_recipients(report: Document) -> None:
    """Nơi nhận is bold italic, 12 points, level with the authority; its list is 11 points and ends with the archive."""
    page = report.page_of("Nguyễn Văn A")
    head, authority = report.find("Nơi nhận:", page), report.find("KT. GIÁM ĐỐC", page)
    left = report.pages[page - 1].filter(lambda each: each["x1"] < 105 * MM and each.get("size") == 11)
    names = left.extract_text_lines()

    assert head.size == 12
    assert "bold" in head.style.lower()
    assert "Italic" in head.style
    assert abs(head.bottom - authority.bottom) < 3
    assert [name["text"] for name in names] == [
        "- Như trên;",
        "- Ủy ban nhân dân các huyện;",
        "- Lưu: VT, CNTT, NVA (05 bản).",
    ]
    assert {(round(char["size"], 1), char["fontname"][-7:]) for name in names for char in name["chars"]} == {
        (11, "Regular")
    }


def test_signature(report: Document) -> None:
    """Authority and post are bold capitals and the name bold, 13 to 14 points, centred in the right half."""
    page = report.page_of("Nguyễn Văn A")
    found = [report.find(text, page) for text in ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Nguyễn Văn A")]

    assert [each.style for each in found] == ["Bold"] * 3
    assert all(13 <= each.size <= 14 for each in found)
    assert all(each.left > 105 * MM and abs(each.middle - found[0].middle) < 1 for each in found)
    assert found[2].top - found[1].bottom > 18 * MM
    assert page < report.page_of("BẢNG KẾT QUẢ ĐẦY ĐỦ")


@pytest.mark.parametrize("fill", range(8, 24, 2))
def test_signature_never_stands_alone(tmp_path: Path, fill: int) -> None:
    """However long the text, the page of the signature has the last paragraph's lines above it."""
    found = Document(official.report(tmp_path, official.markdown(fill=fill, annexes=0)).pdf)

    page = found.page_of("Nguyễn Văn A")
    lines = [line.text for line in found.lines(page)]
    assert any(line.startswith("Đoạn cuối của báo cáo") for line in lines)
    assert any(line.startswith("Trên đây là báo cáo của Sở Thông tin và Truyền thông./.") for line in lines)


# ---- tables ----------------------------------------------------------------------------------------------


def rows_of(report: Document, page: int) -> list[str]:
    """The rows of the long table on a page, from top to bottom."""
    wanted = re.compile(r"^(Hạng Tên|Huyện [A-H]$|\d+ Xã Ia|Trung bình)")
    return [line.text for line in report.lines(page) if wanted.match(line.text)]


def test_long_table_repeats_header_and_group(report: Document) -> None:
    """Each page of a table begins with its header and its group, no row is lost, and no page ends with a group."""
    first, last = report.page_of("BẢNG KẾT QUẢ ĐẦY ĐỦ"), report.page_of("PHƯƠNG PHÁP") - 1

    rows = [rows_of(report, page) for page in range(first, last + 1)]
    communes = [row for page in rows for row in page if row[0].isdigit()]
    assert len(rows) >= 3
    assert all(page[0] == "Hạng Tên đơn vị Tổng điểm" and page[1].startswith("Huyện") for page in rows)
    assert not any(page[-1].startswith("Huyện") for page in rows)
    assert len(communes) == 8 * 13
    assert sum(row.startswith("Trung bình") for page in rows for row in page) == 8
    order = [row for page in rows for row in page[1:]]
    owners = [
        next(above for above in reversed(order[:place]) if above.startswith("Huyện"))
        for place, row in enumerate(order)
        if row[0].isdigit()
    ]
    assert owners == [f"Huyện {letter}" for letter in "ABCDEFGH" for _ in range(13)]


def test_groups_and_subtotals_are_bold(report: Document) -> None:
    """The names of groups and of subtotals are bold, other rows are not."""
    page = report.page_of("BẢNG KẾT QUẢ ĐẦY ĐỦ")

    assert report.find("Huyện A", page).style == report.find("Trung bình", page).style == "Bold"
    assert report.find("1 Xã Ia Kreng", page).style == "Regular"


def test_nothing_in_a_table_leaves_its_cell(tmp_path: Path) -> None:
    """Long codes break and narrow columns widen: no text crosses a line between cells, and none leaves the page."""
    code, words = "0123456789abcdef" * 4, "Trách nhiệm " * 40
    row = f"| 1 | Ủy ban nhân dân thị trấn Phú Hòa | {code} | 1.234,56 | {words} | qd-2392-2017-huyen/so_may_tinh |"
    head = "| A | Tên | Mã | Điểm | Ghi chú | Tệp |\n|---|---|---|---|---|---|"
    text = f"::: {{#tbl-wide}}\n\n{head}\n{row}\n\nRộng\n\n:::"
    found = Document(official.report(tmp_path, text).pdf)

    (table,) = found.pages[0].find_tables()
    edges = sorted({round(cell[0]) for cell in table.cells} | {round(cell[2]) for cell in table.cells})
    chars = [
        char for char in found.pages[0].chars if table.bbox[1] < char["top"] < table.bbox[3] and char["text"].strip()
    ]
    assert len(edges) == 7
    assert all(any(left <= char["x0"] and char["x1"] <= right + 1 for left, right in pairwise(edges)) for char in chars)
    assert code in "".join(
        found.pages[0].crop((edges[2], table.bbox[1], edges[3], table.bbox[3])).extract_text().split()
    )


# ---- languages and settings ------------------------------------------------------------------------------


def test_english_report_has_the_header_in_english(tmp_path: Path) -> None:
    """An English report of a state body has the national name in English, and English words throughout."""
    found = Document(official.report(tmp_path, official.markdown(), language="en").pdf)

    text = found.pages[0].extract_text()
    assert "SOCIALIST REPUBLIC OF VIET NAM" in text
    assert "Independence - Freedom - Happiness" in text
    assert "No. 07/BC-STTTT" in text
    assert "Gia Lai, 5 February 2023" in text
    assert "See" not in text
    assert [line.text for line in found.lines(found.page_of("PHƯƠNG PHÁP"))][1] == "Annex II"


def test_national_header_can_be_for_vietnamese_only(tmp_path: Path) -> None:
    """With `national_header: vi` the English report has none, while the Vietnamese one has."""
    change = ("  draft: true", "  draft: true\n  national_header: vi")
    english = Document(official.report(tmp_path / "en", "Words.", change, language="en").pdf)
    vietnamese = Document(official.report(tmp_path / "vi", "Chữ.", change).pdf)

    assert "VIET NAM" not in english.pages[0].extract_text()
    assert "VIỆT NAM" in vietnamese.pages[0].extract_text()


def test_size_of_the_body_can_be_14(tmp_path: Path) -> None:
    """With `font_size: 14` the body is 14 points."""
    change = ("  draft: true", "  draft: true\n  font_size: 14")
    found = Document(official.report(tmp_path, "Chữ của văn bản.", change).pdf)

    assert found.find("Chữ của văn bản.").size == 14


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("number: 7", "number: seven"), "must be a number such as 7, or one with its symbol such as 7/BC-STTTT"),
        (("number: 7", "number: 7/BC-STTTT"), "the number '7/BC-STTTT' has a symbol already"),
        (("symbol: BC-STTTT", "symbol: bc-stttt"), "must be in capitals, such as BC-STTTT or TTr-STTTT"),
        (("copies: 5", "copies: 0"), "document.filing.copies"),
        (("draft: true", "national_header: sometimes"), "document.national_header"),
        (("abstract: Phê duyệt kết quả xếp hạng", "colour: red"), "documents.decision"),
    ],
)
def test_wrong_settings_are_told(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    """Each of these in assessment.yaml is a mistake that is told with its place."""
    with pytest.raises(FileError) as caught:
        official.setup(tmp_path, change)

    assert words in str(caught.value)


# ---- the file --------------------------------------------------------------------------------------------


def elements(tree: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All elements of a structure tree, in reading order."""
    return [found for element in tree for found in (element, *elements(element.get("children", [])))]


def test_file_is_archivable_and_accessible_without_a_warning(made: Rendered) -> None:
    """PDF/A-3a and PDF/UA-1 in one file, written without a warning, with title, language and author."""
    with pikepdf.open(made.pdf) as pdf, pdf.open_metadata() as xmp:
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("3", "A", "1")
        assert str(pdf.Root.Lang) == "vi-VN"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.docinfo["/Title"]).startswith("Mức độ ứng dụng công nghệ thông tin")
        assert str(pdf.docinfo["/Author"]) == "Sở Thông tin và Truyền thông"
    assert made.warnings == ()


def test_outline_has_sections_and_annexes(made: Rendered) -> None:
    """The bookmarks are the numbered headings in order, annexes among them."""
    with pikepdf.open(made.pdf) as pdf, pdf.open_outline() as outline:
        titles = [item.title.replace("\u00a0", " ") for item in outline.root]

    assert titles == [
        "I. Căn cứ và mục đích",
        "II. Kết quả",
        "Phụ lục I. Bảng kết quả đầy đủ",
        "Phụ lục II. Phương pháp",
    ]


def test_structure_has_headings_table_headers_and_alternative_text(made: Rendered, report: Document) -> None:
    """The structure tree has headings by level, header cells in tables, lists, and words for the figure."""
    found = elements(report.pdf.structure_tree)

    kinds = [element["type"] for element in found]
    figures = [element for element in found if element["type"] == "Figure"]
    assert {"H1", "H2", "H3", "Table", "TH", "TD", "L", "Note", "Caption"} <= set(kinds)
    assert [element.get("alt_text") for element in figures] == ["Biểu đồ điểm của các đơn vị"]
    # Two headers in the small table; three in the long one and its eight groups.
    assert kinds.count("TH") == 2 + 3 + 8


def test_reading_order_is_the_order_of_the_page(report: Document) -> None:
    """Read by its structure, the first page comes as a person reads it, and the signature before the annexes."""
    text: dict[tuple[int, int], str] = {}
    for number, page in enumerate(report.pages, 1):
        for char in page.chars:
            if char["mcid"] is not None:
                text[number, char["mcid"]] = text.get((number, char["mcid"]), "") + char["text"]
    read = "".join(
        text.get((element["page_number"], mcid), "")
        for element in elements(report.pdf.structure_tree)
        for mcid in element.get("mcids", [])
    )

    read = read.replace("\u00a0", " ")
    expected = (
        "ỦY BAN NHÂN DÂN TỈNH GIA LAI",
        "SỞ THÔNG TIN VÀ TRUYỀN THÔNG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Số: 07/BC-STTTT",
        "Gia Lai, ngày 05 tháng 02 năm 2023",
        "BÁO CÁO",
        "Kính gửi:",
        "CĂN CỨ VÀ MỤC ĐÍCH",
        "Mục đích",
        "Bảng nhỏ",
        "Huyện A",
        "II. KẾT QUẢ",
        "Đoạn cuối của báo cáo",
        "Nơi nhận:",
        "KT. GIÁM ĐỐC",
        "Nguyễn Văn A",
        "BẢNG KẾT QUẢ ĐẦY ĐỦ",
        "PHƯƠNG PHÁP",
    )
    places = [read.find(words) for words in expected]
    assert -1 not in places
    assert places == sorted(places)


# ---- places ----------------------------------------------------------------------------------------------


def text_between(report: Document, place: Any) -> str:
    """The characters of a page that stand from a place's begin to its end, on one line or several."""
    page, (end_page, end_x, end_y) = report.pages[place.page - 1], place.end
    assert end_page == place.page
    chars = []
    for char in page.chars:
        base, middle = (page.height - char["matrix"][5]) / MM, (char["x0"] + char["x1"]) / 2 / MM
        first, last = abs(base - place.y) < 1.3, abs(base - end_y) < 1.3
        inside = place.y < base < end_y and not first and not last
        if abs(place.y - end_y) < 1.3:
            inside = first and place.x - 0.05 < middle < end_x + 0.05
        elif (first and middle > place.x - 0.05) or (last and middle < end_x + 0.05):
            inside = True
        if inside:
            chars.append(char["text"])
    return "".join(chars).replace("\u00a0", " ").strip()


def test_declared_text_has_a_begin_and_an_end(made: Rendered, report: Document) -> None:
    """Between the begin and the end of a declared text stands just that text, also over several lines."""
    found = [text_between(report, place) for place in made.declared if place.page == 1]

    assert "".join(official.LEGAL.split()) in ["".join(text.split()) for text in found]
    assert "2392/QĐ-BTTTT" in found
    assert {"Số: 07/BC-STTTT", "Gia Lai, ngày 05 tháng 02 năm 2023"} <= set(found)


def test_formula_that_is_declared_has_a_place(tmp_path: Path) -> None:
    """A formula that counts as declared text keeps its words for readers and has a begin and an end."""
    made = official.report(tmp_path, 'Cách tính: [$6 \\times x$]{.declared alt="sáu nhân x"}.')

    found = Document(made.pdf)
    formulas = [element for element in elements(found.pdf.structure_tree) if element["type"] == "Formula"]
    assert "6×𝑥" in ["".join(text_between(found, place).split()) for place in made.declared]
    assert [element["alt_text"] for element in formulas] == ["sáu nhân x"]


def test_generated_numbers_have_places_of_their_own(made: Rendered, report: Document) -> None:
    """Numbers of pages, headings, list items, notes, tables, figures, annexes and references are numbering."""
    found = {number: [] for number in range(1, len(report.pages) + 1)}
    for place in made.numbering:
        found[place.page].append(text_between(report, place))

    annex = report.page_of("BẢNG KẾT QUẢ ĐẦY ĐỦ")
    body = [text for page in range(1, annex) for text in found[page]]
    expected = [
        "2",
        "I.",
        "1.",
        "Phụ lục I",
        "Bảng 1",
        "Hình 1",
        "1",
        "a)",
        "1.",
        "2.",
        "Bảng 1.",
        "Hình 1.",
        "II.",
        "1",
    ]
    assert sorted(body) == sorted(expected)
    assert found[annex] == ["Phụ lục I", "Bảng 2."]
    assert found[annex + 1] == ["2"]


def test_texts_of_facts_end_where_they_are_broken(tmp_path: Path) -> None:
    """A fact that is a number has no end; one that is a sentence ends where its last line ends."""
    sentence = "Phát hiện dài " * 20 + "của đơn vị"
    text = f'Có [7]{{fact="a/n"}} và [{sentence}]{{fact="finding/1"}}.'
    made = official.report(tmp_path, text)

    number, finding = made.places
    assert (number.fact_id, number.end) == ("a/n", None)
    assert " ".join(text_between(Document(made.pdf), finding).split()) == sentence


def test_a_header_that_is_repeated_has_a_place_each_time(tmp_path: Path) -> None:
    """Declared text in the header of a long table has a place on every page that repeats it."""
    rows = "\n".join(f"| {'x' * (row % 5 + 1)} | y |" for row in range(120))
    text = f"::: {{#tbl-long}}\n\n| [HT 1]{{.declared}} | B |\n|---|---|\n{rows}\n\nDài\n\n:::"
    made = official.report(tmp_path, text)

    found = Document(made.pdf)
    pages = [place.page for place in made.declared if text_between(found, place) == "HT 1"]
    assert len(found.pages) >= 3
    assert pages == [number for number, page in enumerate(found.pages, 1) if "HT 1" in page.extract_text()]
    assert len(pages) >= 3
