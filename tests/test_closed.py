"""The closed world: every numeral of a report has an address, and each that has none is told by name."""

import re
from fractions import Fraction
from itertools import count
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from closing import COUNT, FIGURE, METADATA, POINTS, Draft, chart, draft
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from minhbach import closed, closed_signs, tables
from minhbach.errors import DataError
from minhbach.figures import Canvas, Number
from minhbach.markdown import table

BODY = f"""# Kết quả

Điểm là {POINTS} của {COUNT} đơn vị, theo [Quyết định 2392 ngày 25/12/2017]{{.declared}}; xem @tbl-all, @fig-small,
[](#anx-more).[^1]

[^1]: Theo [Điều 4]{{.declared}}.

1. Một
2. Hai

## Chi tiết

### Nhỏ hơn
"""
TABLE = table("all", "Kết quả", ["Đơn vị", "Điểm"], [["[Huyện 7]{.declared}", POINTS]], "lr", (20, 10))
ANNEX = f"# Phụ lục {{#anx-more .annex}}\n\nCòn {COUNT}.\n"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Draft:
    """A draft with everything that is numbered, declared, cited or drawn."""
    return draft(tmp_path_factory.mktemp("whole") / "draft", BODY, TABLE, FIGURE, ANNEX)


def sentence(*parts: str) -> str:
    """A paragraph."""
    return "# Kết quả\n\n" + " ".join(parts) + "\n"


# ---- a report in which every number has an address -----------------------------------------------------


def test_nothing_is_left_over(whole: Draft) -> None:
    """Numerals of facts, declared text, numbering and charts are counted, in the text, on the page and in the PDF."""
    table = whole.check()

    rows = {row.document: row for row in tables.rows(table)}
    assert set(rows) == {"report.md", "report.html", "report.pdf"}
    # In the text: 84,25 twice, 1.234 twice | 2392, 25, 12, 2017, Điều 4, Huyện 7.
    assert (rows["report.md"].facts, rows["report.md"].declared) == ("4", "6")
    # Header: 12, 14, 6, 2023, 2022; recipients 3 and 02; annex 12. The chart: Huyện 7, 84,25, 0, 0,5.
    assert (rows["report.pdf"].facts, rows["report.pdf"].declared, rows["report.pdf"].charts) == ("4", "14", "4")
    # Bảng 1., Hình 1., two references, the note and its mark, two items of the list, the heading 1.; and page 2.
    assert int(rows["report.pdf"].numbering) in (9, 10)
    assert {row.left for row in rows.values()} == {"0"}


def test_sums_are_over_the_pdfs(whole: Draft) -> None:
    """The sums that a run says are those of its PDF files, and every numeral is in one of the kinds."""
    sums = closed.totals(whole.check())

    assert sums["documents"] == 1
    assert sums["numerals"] == sums["facts"] + sums["declared"] + sums["numbering"] + sums["charts"] + sums["left"]
    with pypdfium2.PdfDocument(whole.made.pdf) as document:
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
    assert sums["numerals"] == len(re.findall(r"\d+(?:[.,]\d+)*", text))


# ---- seeded faults, each caught by name ----------------------------------------------------------------


def test_a_numeral_typed_in_a_code_cell_is_named(tmp_path: Path) -> None:
    """A number in what a cell writes is told with the cell, in the web page, and with page and line of the PDF."""
    said = draft(tmp_path / "d", sentence("Chữ."), f"Có {POINTS} và 77 đơn vị khác.").faults()

    assert "report.md, ô two: “77” trong “Có 84,25 và 77 đơn vị khác.” là số gõ tay" in said
    assert "report.html: “77” trong “Có 84,25 và 77 đơn vị khác.”" in said
    found = re.search(r"report\.pdf, trang 1, dòng (\d+): “77” trong “… (.*)”", said)
    assert found
    assert "Có 84,25 và 77 đơn vị khác." in found[2]
    assert "3 chỗ có con số" in said


def test_the_line_is_that_of_the_page(tmp_path: Path) -> None:
    """The line that is named is the one that a reader counts to."""
    made = draft(tmp_path / "d", "Dòng chữ.\n\nDòng chữ.\n\nCó 77 đơn vị.", metadata={**METADATA, "recipients": []})

    said = made.faults()

    with pypdfium2.PdfDocument(made.made.pdf) as document:
        lines = [line for line in document[0].get_textpage().get_text_range().splitlines() if line.strip()]
    # Two pairs of lines stand beside each other: stamp and issuing body are single, number and date are one line.
    beside = sum(line.startswith(("Gia Lai", "CỘNG HÒA", "Độc lập")) for line in lines[: lines.index("Có 77 đơn vị.")])
    line = int(re.search(r"trang 1, dòng (\d+)", said)[1])  # type: ignore[index]
    assert lines.index("Có 77 đơn vị.") + 1 - beside <= line <= lines.index("Có 77 đơn vị.") + 1


def test_a_numeral_typed_in_a_markdown_cell_is_named(tmp_path: Path) -> None:
    """A number in a Markdown cell is told with the number of the cell; a bare one may not be declared there."""
    said = draft(tmp_path / "d", sentence("Chữ."), typed="Có 77 đơn vị và [84,25]{.declared} điểm.").faults()

    assert "report.md, ô 2: “77” trong “Có 77 đơn vị và 84,25 điểm.”" in said
    assert "report.md, ô 2: “84,25” chỉ là một con số mà khai báo là lời văn" in said


def test_a_numeral_typed_in_a_table_is_named(tmp_path: Path) -> None:
    """A number in a caption, a head or a cell of a table is told, with the words around it."""
    made = table("all", "Kết quả năm 2021", ["Đơn vị", "Cột 31"], [["Huyện 41", POINTS]], "lr", (20, 10))

    said = draft(tmp_path / "d", made).faults()

    for numeral, words in (("2021", "Kết quả năm 2021"), ("31", "Cột 31"), ("41", "Huyện 41")):
        assert f"report.md, ô one: “{numeral}” trong “{words}”" in said
        assert re.search(rf"report\.pdf, trang 1, dòng \d+: “{numeral}” trong", said)


def test_a_numeral_typed_in_a_figures_caption_is_named(tmp_path: Path) -> None:
    """A number in the caption of a figure is told; one in its alternative text must be in the figure's table."""
    figure = '![Điểm năm 2021](figures/small.svg){#fig-small fig-alt="Huyện 7 có 84,25 điểm, hơn 66 đơn vị."}'

    said = draft(tmp_path / "d", figure).faults()

    assert "report.md, ô one: “2021” trong “Điểm năm 2021”" in said
    assert re.search(r"report\.pdf, trang 1, dòng \d+: “2021”", said)
    assert "“66” trong lời mô tả hình “Huyện 7 có 84,25 điểm, hơn 66 đơn vị.” không có trong bảng số liệu" in said
    assert "“84,25”" not in said


def test_a_numeral_drawn_without_the_table_is_named(tmp_path: Path) -> None:
    """A number that is written in a picture, such as in its title, and not in its table is told with its words."""
    said = draft(tmp_path / "d", FIGURE, figure=chart("Năm 2021", "7")).faults()

    assert "figures/small.svg: “2021” trong “Năm 2021” được viết trên hình nhưng không có trong bảng" in said
    assert "figures/small.svg: “7” trong “7” được viết trên hình nhưng không có trong bảng" in said  # not Huyện 7
    assert said.count("figures/small.svg:") == 2


def test_a_chart_whose_table_contradicts_the_ledger_is_named(tmp_path: Path) -> None:
    """A row of a chart's table that names a fact has its value and shown text; another is rounded from its value."""
    canvas = Canvas(height=40)
    canvas.note("value", "Huyện A", "", [Number(Fraction(8425), "84,25", "a/points")])
    canvas.note("tick", "", "trục", [Number(Fraction(1, 4), "0,2"), Number(Fraction(1, 4), "0,3")])
    canvas.note("tick", "", "trục", [Number(Fraction(1, 4), "0,4"), Number(Fraction(1, 4), "")])
    figure = FIGURE.replace("Huyện 7 có ", "")

    said = draft(tmp_path / "d", figure, figure=canvas).faults()

    assert "có “84,25” (8425) cho “Huyện A” theo số a/points, trong sổ là 84,25 (84.254)" in said
    assert "ghi “0,4” cho “trục”, giá trị là 0.25" in said
    assert "“0,2”" not in said
    assert "“0,3”" not in said


def test_a_picture_that_is_not_its_file_is_named(tmp_path: Path) -> None:
    """A picture in the PDF has the numbers of its SVG: after a change of the file alone the two differ."""
    made = draft(tmp_path / "d", FIGURE)
    svg = made.folder / "figures" / "small.svg"
    svg.write_text(svg.read_text(encoding="utf-8").replace(">0,5<", ">0<"), encoding="utf-8")

    said = made.faults()

    assert "report.pdf, trang 1: hình figures/small.svg không in đúng các số của tệp hình, đúng chỗ: 0; 0,5" in said


def test_a_name_may_be_broken_before_its_number(tmp_path: Path) -> None:
    """A name such as Huyện 7 may stand on two lines of a picture; its number elsewhere is no name."""
    made = draft(tmp_path / "d", FIGURE, figure=chart("Huyện", "7"))

    assert closed.totals(made.check())["charts"] == 5


def test_swapped_numbers_of_a_picture_are_named(tmp_path: Path) -> None:
    """Two numbers that change places in a picture of the PDF are told, though the picture still has both."""
    made = draft(tmp_path / "d", FIGURE)
    svg = made.folder / "figures" / "small.svg"
    text = svg.read_text(encoding="utf-8")
    svg.write_text(text.replace(">84,25<", ">?<").replace(">0,5<", ">84,25<").replace(">?<", ">0,5<"), encoding="utf-8")

    said = made.faults()

    assert "report.pdf, trang 1: hình figures/small.svg không in đúng các số của tệp hình, đúng chỗ: " in said
    assert "84,25" in said


@pytest.mark.parametrize(
    "drawn", ['<image href="data:image/png;base64,AAAA"/>', '<g><use xlink:href="#DejaVuSans-31"/></g>']
)
def test_numbers_that_are_no_text_of_a_picture_are_refused(tmp_path: Path, drawn: str) -> None:
    """A picture with letters drawn as lines, or with a photograph inside, is told: nobody can read its numbers."""
    made = draft(tmp_path / "d", FIGURE)
    svg = made.folder / "figures" / "small.svg"
    svg.write_text(svg.read_text(encoding="utf-8").replace("</svg>", f"{drawn}</svg>"), encoding="utf-8")

    assert "figures/small.svg: không đọc được các số trên hình này" in made.faults()


def test_a_fact_with_wrong_rounding_is_named(tmp_path: Path) -> None:
    """A fact that is not shown as its value, its decimals and its rounding say is told with what it should be."""
    made = draft(tmp_path / "d", sentence("Điểm là", POINTS))
    made.change_facts("a/points", value="84.255")

    assert (
        "số a/points có giá trị 84.255 và được ghi là “84,25”; với 2 chữ số thập phân, làm tròn kiểu half_up, "
        "phải là “84,26”"
    ) in made.faults()


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"decimals": "1"}, "84,3"),
        ({"rounding": "up"}, "–"),
        ({"value": "?"}, "–"),
        ({"language": "en"}, "84,25 (vi)"),
        ({"decimals": "", "rounding": ""}, "84.254"),
        ({"decimals": "", "rounding": "", "value": "không rõ"}, "không rõ"),
    ],
)
def test_a_fact_declares_how_it_is_shown(tmp_path: Path, columns: dict[str, str], expected: str) -> None:
    """Decimals, way of rounding, and language of a fact must give what it shows; without them all digits are shown."""
    made = draft(tmp_path / "d", sentence("Điểm là", POINTS))
    made.change_facts("a/points", **columns)

    assert f"phải là “{expected}”" in made.faults()


def test_a_fact_printed_by_hand_is_named(tmp_path: Path) -> None:
    """Text that bears a fact's id and says another number, or the id of no fact, is told from the text on."""
    said = draft(tmp_path / "d", sentence('Điểm là [84,26]{fact="a/points"}.')).faults()

    assert "report.md, ô one: số a/points được in là “84,26”, trong sổ là “84,25”" in said
    assert "report.html: số a/points được in là “84,26”, trong sổ là “84,25”" in said
    assert re.search(r"report\.pdf, trang 1, dòng \d+: có “84,26” ở chỗ số a/points phải là “84,25”", said)


def test_swapped_numbers_are_named(tmp_path: Path) -> None:
    """Two facts whose numbers are swapped in the PDF are both told, at the places where they stand."""
    made = draft(tmp_path / "d", sentence(f'Có [12]{{fact="u1/n"}} và [34]{{fact="u2/n"}} đơn vị; {POINTS}.'))
    made.check()
    made.set_again('#fact("u1/n")[12]; và #fact("u2/n")[34];', '#fact("u1/n")[34]; và #fact("u2/n")[12];')

    said = made.faults()

    assert re.search(r"trang 1, dòng \d+: có “34” ở chỗ số u1/n phải là “12”", said)
    assert re.search(r"trang 1, dòng \d+: có “12” ở chỗ số u2/n phải là “34”", said)
    assert "a/points" not in said


def test_a_mark_around_nothing_covers_nothing(tmp_path: Path) -> None:
    """An empty declared text beside a typed number, on either side, does not account for it."""
    said = draft(tmp_path / "d", sentence("Có []{.declared}77[]{.declared} đơn vị, [chữ]{.declared}88.")).faults()

    assert re.search(r"report\.pdf, trang 1, dòng \d+: “77”", said)
    assert re.search(r"report\.pdf, trang 1, dòng \d+: “88”", said)


def test_a_number_that_touches_a_fact_is_named(tmp_path: Path) -> None:
    """Figures typed before or after a fact, so that another number is read, are told as the number that is read."""
    said = draft(tmp_path / "d", sentence(f"Có {POINTS}7 hay 1{COUNT} điểm.")).faults()

    assert re.search(r"report\.pdf, trang 1, dòng \d+: “84,257”", said)
    assert re.search(r"report\.pdf, trang 1, dòng \d+: “11\.234”", said)


def test_numbers_side_by_side_are_named(tmp_path: Path) -> None:
    """Two facts, or declared text and a fact, that are read as one number are told; the mark of a note is no part."""
    both = f'Có [12]{{fact="u1/n"}}[34]{{fact="u2/n"}} và [12]{{fact="u1/n"}},[34]{{fact="u2/n"}} và {POINTS}.[^1]'

    said = draft(tmp_path / "d", sentence(both, f"[Điều 4]{{.declared}}{COUNT} m.\n\n[^1]: Chữ.")).faults()

    found = re.findall(r"report\.pdf, trang 1, dòng \d+: “([^”]*)” trong “[^”]*” đọc thành một số", said)
    assert found == ["1234", "12,34", "41.234"]


def test_a_minus_typed_before_a_fact_is_named(tmp_path: Path) -> None:
    """A sign that a person typed before a fact makes another number of it; a dash between two words does not."""
    said = draft(tmp_path / "d", sentence("Chữ."), typed=f"Có −{POINTS} điểm, A-{COUNT} và - {COUNT}.").faults()

    assert "report.md, ô 2: “−84,25” trong “Có −84,25 điểm" in said
    assert "1 chỗ có con số" in said


@pytest.mark.parametrize(
    "text",
    [
        'Chữ [ở đây](https://example.vn "Có 77 đơn vị").',
        '[$x$]{alt="bảy mươi bảy, 77"}',
        '[chữ]{title="Có 77"} và [chữ]{aria-label="Có 77"}',
        '![Điểm](figures/small.svg "Có 77 đơn vị"){#fig-small fig-alt="Huyện"}',
        "::: {.callout-note}\n## Năm 77\n\nChữ.\n:::",
        "~~77~~ và `77` và x^77^",
        "&#55;&#55; và 7\u200b7",
        "[77]{.numbering}\n\n::: {.declared}\n77\n:::",
        "```{=typst}\n77\n```",
    ],
)
def test_a_numeral_in_any_disguise_is_named(tmp_path: Path, text: str) -> None:
    """Words that are read aloud or shown on a pointer's rest, code, raw text, signs and classes hide no number."""
    said = draft(tmp_path / "d", f"# Kết quả\n\n{text}\n").faults()

    assert re.search(r"report\.md, ô one: “77?” trong", said)


def test_bare_numbers_are_no_declared_text(tmp_path: Path) -> None:
    """A cell that writes a number with decimals or a share as declared text is told; codes and dates pass."""
    bare = "[84,25]{.declared} [12 %]{.declared} [4.11]{.declared} [25/12/2017]{.declared} [Điều 4,5]{.declared}"

    said = draft(tmp_path / "d", sentence(bare)).faults()

    assert re.findall("ô one: “([^”]*)” chỉ là một con số", said) == ["84,25", "12 %"]


def test_the_outline_says_what_the_pages_say(tmp_path: Path) -> None:
    """An entry of the PDF's outline with a number that its page does not say is told."""
    made = draft(tmp_path / "d", "# Kết quả của [Điều 4]{.declared}\n\nChữ.\n")
    made.check()
    with pikepdf.open(made.made.pdf, allow_overwriting_input=True) as document:
        with document.open_outline() as outline:
            outline.root[0].title = "I. Kết quả của Điều 5"
        document.save()

    assert "report.pdf: mục lục của tệp ghi “I. Kết quả của Điều 5”, trang 1 không có lời này" in made.faults()


TYPED_HEADINGS = ["I. Kết quả", "1\\. Kết quả", "a) Kết quả", "IV) Kết quả", "2.1. Kết quả", "(b) Kết quả"]
TYPED_HEADINGS += ["II – Kết quả", "C/ Kết quả", "Phần I Kết quả", "Phụ lục A: Kết quả"]


@pytest.mark.parametrize("typed", TYPED_HEADINGS)
def test_a_typed_number_of_a_heading_is_named(tmp_path: Path, typed: str) -> None:
    """A heading that brings a number, also of letters, is told: headings are numbered by the template."""
    made = draft(tmp_path / "d", "Chữ.\n")
    (made.folder / "submission.md").write_text(f"# {typed}\n\nChữ.\n\n**{typed} nữa**\n", encoding="utf-8")

    said = made.faults()

    assert said.count("” tự mang số thứ tự") == 2 or said.count("là số gõ tay") == 2


@pytest.mark.parametrize(
    "heading",
    ["Kết quả", "Y tế và giáo dục", "A", "[Điều 4.]{.declared} Kết quả", "I", "Mix. Hai", "MIC – Bộ", "X-quang"],
)
def test_a_heading_of_words_passes(tmp_path: Path, heading: str) -> None:
    """Words at the start of a heading are no number, nor is declared text."""
    made = draft(tmp_path / "d", f"# {heading}\n\nChữ.\n")

    assert closed.totals(made.check())["left"] == 0


@pytest.mark.parametrize("numeral", ["\u0663", "\uff17", "½", "²", "④", "\u2163", "\u09e9", "\u3007"])
def test_numerals_of_every_script_are_named(tmp_path: Path, numeral: str) -> None:
    """Digits of other scripts, fractions, superscripts, circled and Roman numerals are numerals."""
    made = draft(tmp_path / "d", sentence("Chữ."))

    (made.folder / "submission.md").write_text(f"Có {numeral} đơn vị.\n", encoding="utf-8")

    assert f"submission.md, ô –: “{numeral}” trong “Có {numeral} đơn vị.”" in made.faults()


def test_hidden_text_is_named(tmp_path: Path) -> None:
    """Text that nobody sees, invisible, white, or outside of the page, is text of the PDF."""
    made = draft(tmp_path / "d", sentence("Chữ."))
    invisible, white = "3 Tr 300 300 Td (99) Tj", "0 Tr 1 g 300 200 Td (98) Tj"
    hidden = "".join(f"BT /F9 9 Tf {each} ET " for each in (invisible, white, "900 200 Td (97) Tj"))
    with pikepdf.open(made.made.pdf, allow_overwriting_input=True) as document:
        page = document.pages[0]
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page.Resources.Font["/F9"] = font
        page.contents_add(hidden.encode())
        document.save()

    said = made.faults()

    assert all(re.search(rf"report\.pdf, trang 1, dòng \d+: “{number}”", said) for number in (99, 98, 97))


def test_a_list_that_begins_elsewhere_is_named(tmp_path: Path) -> None:
    """A list whose first number is typed is told; so are the title of a note and a block of code."""
    text = '5. Năm\n6. Sáu\n\n::: {.callout-note title="Lưu ý 31"}\nChữ.\n:::\n\n```\nx = 41\n```\n'

    said = draft(tmp_path / "d", text).faults()

    assert "danh sách bắt đầu từ 5" in said
    assert "“31” trong “Lưu ý 31”" in said
    assert "“41” trong “x = 41”" in said


def test_mathematics_is_declared_or_named(tmp_path: Path) -> None:
    """A formula that is declared passes with its numbers, one that is not is told."""
    text = 'Cách tính: [$\\frac{6 \\times x}{20}$]{.declared alt="sáu nhân x trên hai mươi"} và $7 + x$.\n'

    said = draft(tmp_path / "d", text).faults()

    assert "“7” trong" in said
    assert "“6”" not in said
    assert "“20”" not in said


def test_a_raster_picture_is_refused(tmp_path: Path) -> None:
    """A picture whose numbers nobody can read is told."""
    made = draft(tmp_path / "d", FIGURE)
    Image.new("RGB", (4, 4)).save(made.folder / "figures" / "photo.png")
    (made.folder / "submission.md").write_text('![A](figures/photo.png){#fig-a fig-alt="A"}\n', encoding="utf-8")

    assert "figures/photo.png: không đọc được các số trên hình này" in made.faults()


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    """All faults stand in one message, below their number and above what to do; very many are counted."""
    made = draft(tmp_path / "d", sentence(*(f"số {number}" for number in range(300, 420))))

    said = made.faults().splitlines()

    assert said[0].startswith("360 chỗ")  # in the text, in the page and in the PDF
    assert said[-2] == "… và 160 chỗ nữa."
    assert said[-1].startswith("Cách sửa:")
    assert len(said) == 203


# ---- places --------------------------------------------------------------------------------------------


def test_declared_text_over_two_pages_is_known(tmp_path: Path) -> None:
    """Declared text that begins on one page and ends on the next is accounted for; what stands between is not."""
    words = " ".join(f"điều {number}" for number in range(1, 420))
    text = f"{'Chữ. ' * 900}\n\nTheo [{words}]{{.declared}}.[^1]\n\n[^1]: Ghi chú 55.\n"

    said = draft(tmp_path / "d", text).faults()

    lines = [line for line in said.splitlines() if line.startswith("  report.pdf")]
    assert [re.search("“([^”]*)”", line)[1] for line in lines] == ["55"]  # type: ignore[index]


def test_a_fact_after_a_broken_line_gets_its_own_place(tmp_path: Path) -> None:
    """Where a line ends just before a fact, facts.csv and places.csv say where the fact itself begins."""
    for words in count(29):  # a line takes 30 of them
        made = draft(tmp_path / "d", "m " * words + POINTS + " m" * 40)
        if made.made.places[0].x > 186:  # the margin stands at 195 mm, and the number is 10 mm wide
            break

    made.check()

    (place,), ledger = tables.rows(tables.read(made.folder / "places.csv")), tables.read(made.folder / "facts.csv")
    fact = next(row for row in tables.rows(ledger) if row.fact_id == "a/points")
    assert abs(float(place.x) - 30) < 0.5
    assert float(place.y) > made.made.places[0].y + 4
    assert (fact.page, fact.x, fact.y) == (place.page, place.x, place.y)


def test_a_broken_check_changes_nothing(tmp_path: Path) -> None:
    """A draft that is refused keeps facts.csv and places.csv as they were."""
    made = draft(tmp_path / "d", sentence(POINTS, "77"))
    before = [(made.folder / name).read_bytes() for name in ("facts.csv", "places.csv")]

    with pytest.raises(DataError):
        made.check()

    assert [(made.folder / name).read_bytes() for name in ("facts.csv", "places.csv")] == before


# ---- numerals ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("84,25 và 1.234.567,8", ["84,25", "1.234.567,8"]),
        ("5–7, 3/4; 12.", ["5", "7", "3", "4", "12"]),
        ("1.,2", ["1", "2"]),
        ("Mức II, không có số", []),
        ("m² và ½", ["²", "½"]),
    ],
)
def test_numerals_are_read_as_people_read_them(text: str, expected: list[str]) -> None:
    """A numeral goes on over a single point or comma between figures."""
    assert closed_signs.numerals(text) == expected


def test_words_around_a_numeral_are_whole() -> None:
    """The words around a numeral are cut at spaces, and say that they are cut."""
    text = "một hai ba bốn năm sáu bảy tám chín mười mười một 77 một hai ba bốn năm sáu bảy tám chín mười mười một"

    said = closed_signs.around(text, text.index("77"), text.index("77") + 2)

    assert said.startswith("… ")
    assert said.endswith(" …")
    assert said.strip("… ") in text
    assert set(said.strip("… ").split()) <= set(text.split())


# ---- random reports ------------------------------------------------------------------------------------

WORDS = st.sampled_from(["đơn vị", "điểm,", "Huyện Đăk Pơ", "kết quả", "và", "*nghiêng*", "**đậm**", "(trong ngoặc)"])
TYPED = st.integers(100, 999).map(str)
PIECES = st.one_of(
    WORDS.map(lambda text: ("", text)),
    st.sampled_from([POINTS, COUNT, '[Mức 2]{fact="a/level"}', f"**{POINTS}**"]).map(lambda text: ("", text)),
    st.sampled_from(["Điều 4", "ngày 25/12/2017", "2392/QĐ-BTTTT"]).map(lambda text: ("", f"[{text}]{{.declared}}")),
    TYPED.map(lambda text: (text, text)),
    TYPED.map(lambda text: (text, f"*x{text}*")),
)


@given(paragraphs=st.lists(st.lists(PIECES, min_size=1, max_size=14), min_size=1, max_size=5))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_exactly_the_typed_numerals_are_found(tmp_path: Path, paragraphs: list[list[tuple[str, str]]]) -> None:
    """In a random text with facts, declared text and typed numbers, the typed ones are told, each, and nothing else."""
    made = draft(tmp_path / "d", "\n\n".join(" ".join(text for _, text in parts) for parts in paragraphs))
    typed = [numeral for parts in paragraphs for numeral, _ in parts if numeral]

    said = made.faults() if typed else str(made.check() is None)

    for document in ("report.md", "report.html", "report.pdf"):
        lines = [line for line in said.splitlines() if line.startswith(f"  {document}")]
        found = {re.search("“([^”]*)”", line)[1] for line in lines}  # type: ignore[index]
        assert found == set(typed)
