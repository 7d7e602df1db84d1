"""The embedded engine: notebook to Markdown, HTML and PDF, with the place of every fact."""

import re
import subprocess
import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pypandoc
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from minhbach.errors import RenderError
from minhbach.markdown import escape
from minhbach.pandoc import REPORT
from minhbach.render.document import to_markdown
from minhbach.render.embedded import Rendered, render, render_pdf

HOSTILE = '#panic() *x* $1$ <b> "q" \\ [a](b) `c` @tbl-x ~h~ {y} -- ... // -5 | <script>alert(1)</script>'
METADATA = {
    "title": f"Báo cáo {HOSTILE}",
    "lang": "vi",
    "date": "2023-06-14",
    "issuer_parent": "Ủy ban nhân dân tỉnh Gia Lai",
    "issuer": "Sở Thông tin và Truyền thông",
    "number": "12/BC-STTTT",
    "place_date": "Gia Lai, ngày 14 tháng 6 năm 2023",
    "type": "Báo cáo",
    "abstract": f"Kết quả xếp hạng {HOSTILE}",
    "draft": "DỰ THẢO",
    "mark": "SỐ LIỆU MINH HỌA",
    "notice": "Số liệu trong báo cáo này là số liệu minh họa.",
    "signature": {"authority": "TM. Ủy ban nhân dân", "post": "Chủ tịch", "name": "Nguyễn Văn A"},
    "recipients": ["Như Điều 3;", "Lưu: VT."],
    "keywords": ["chính quyền điện tử", "xếp hạng"],
}
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="80">'
    '<text x="10" y="40" font-family="DejaVu Sans" font-size="14">Trục điểm số</text></svg>'
)
FIGURE = '![Điểm]({}){{#fig-scores fig-alt="Biểu đồ \\"thanh\\" # < của các đơn vị"}}'
SMALL = {"title": "Báo cáo", "lang": "vi", "date": "2023-06-14"}


def ranking(rows: int) -> str:
    """A table with one fact in the first column and one in the last, and a hostile name in row 3."""
    lines = [
        f'| [{row}]{{fact="u{row}/xep_hang"}} | {escape(HOSTILE) if row == 3 else f"Huyện {row}"} '
        f'| [{row},25]{{fact="u{row}/total"}} |'
        for row in range(1, rows + 1)
    ]
    table = "\n".join(["| Hạng | Tên đơn vị | Tổng điểm |", "|---:|:---|---:|", *lines])
    return f"::: {{#tbl-ranking}}\n\n{table}\n\nXếp hạng các đơn vị\n:::"


BODY = f"""# Kết quả chung

Điểm trung bình là [84,25]{{fact="all/điểm.mean"}}, xem @tbl-ranking và @fig-scores.[^1]
Lần nữa [84,25]{{fact="all/điểm.mean"}}; giảm [-5,2]{{fact="all/change"}} theo [2392/QĐ-BTTTT]{{.declared}}.
**Đậm *nơi* đậm**, *nghiêng **nơi** nghiêng*.

[^1]: Ghi ở cuối trang.

Tên lạ: {escape(HOSTILE)}

$$6 \\times \\frac{{\\text{{số máy}}}}{{20}} = 5{{,}}40$$

::: {{.callout-note}}
## Lưu ý
Chỉ để minh họa.
:::
"""


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Rendered]:
    """Renders Markdown cells in a folder of this test; `folder` and `metadata` may be given."""

    def make(*cells: str, folder: str = "staging", metadata: dict[str, object] = SMALL, svg: str = SVG) -> Rendered:
        figures = tmp_path / folder / "figures"
        figures.mkdir(parents=True)
        (figures / "scores.svg").write_text(svg, encoding="utf-8")
        notebook = tmp_path / "report.ipynb"
        nbformat.write(new_notebook(cells=[new_markdown_cell(text) for text in cells]), notebook)
        return render(notebook, tmp_path / folder, metadata, timestamp=1_686_700_800)

    return make


@pytest.fixture
def report(made: Callable[..., Rendered]) -> Rendered:
    """A report with everything in it: 70 rows, a chart, a formula, a note, hostile text."""
    return made(BODY, ranking(70), FIGURE.format("figures/scores.svg"), metadata=METADATA)


def pages_of(pdf: Path) -> list[str]:
    """The text of each page, with plain spaces and line feeds."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def words_of(text: str) -> str:
    """The text in one line, so that line breaks of the page do not matter."""
    return " ".join(text.split())


class Elements(HTMLParser):
    """Every start tag with its attributes, and all text outside of style elements."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def refusal(made: Callable[..., Rendered], *cells: str, **more: object) -> str:
    """What the RenderError says."""
    with pytest.raises(RenderError) as caught:
        made(*cells, **more)
    return str(caught.value)


# ---- the notebook ----------------------------------------------------------------------------------------


def test_only_what_is_meant_for_the_report_is_taken(tmp_path: Path) -> None:
    """Markdown cells and Markdown outputs are taken in order; front matter, code and printed text are not."""
    printed = new_output("stream", name="stdout", text="printed\n")
    shown = new_output("display_data", data={"text/markdown": "shown", "text/plain": "plain"})
    plain = new_output("execute_result", data={"text/plain": "42"})
    cells = [
        new_raw_cell("---\ntitle: x\n---"),
        new_markdown_cell("first"),
        new_code_cell("#| label: a\nprint()", outputs=[printed, shown, plain]),
        new_code_cell("#| output: false\nprint()", outputs=[shown]),
        new_code_cell("#| output: asis\nprint()", outputs=[printed]),
        new_code_cell('#| echo: true\nprint("```")'),
    ]
    nbformat.write(new_notebook(cells=cells), tmp_path / "n.ipynb")

    assert to_markdown(tmp_path / "n.ipynb") == 'first\n\nshown\n\nprinted\n\n````python\nprint("```")\n````\n'


def test_failed_cells_are_all_named(tmp_path: Path) -> None:
    """A notebook with failed cells is refused, and each of them is named with its label and exception."""
    failed = new_output("error", ename="ValueError", evalue="no data", traceback=[])
    cells = [new_code_cell("#| label: one\nx", outputs=[failed]), new_code_cell("y", outputs=[failed])]
    nbformat.write(new_notebook(cells=cells), tmp_path / "n.ipynb")

    with pytest.raises(RenderError) as caught:
        to_markdown(tmp_path / "n.ipynb")

    assert "n.ipynb, cell 1 (one): ValueError: no data" in str(caught.value)
    assert "n.ipynb, cell 2 (no label): ValueError: no data" in str(caught.value)


def pandoc(markdown: str, target: str, *more: str) -> str:
    """Pandoc's answer, with the reader that the engine uses."""
    command = [pypandoc.get_pandoc_path(), "--from", REPORT, "--to", target, "--wrap=none", *more]
    return subprocess.run(command, input=markdown.encode(), capture_output=True, check=True).stdout.decode()


@given(st.lists(st.text() | st.text("#*_$<>\"'\\[]()`@~^{}|-.:!&%1ă/ +=", max_size=12), min_size=1, max_size=20))
def test_escaped_text_comes_back_word_for_word(texts: list[str]) -> None:
    """Whatever a cell of a workbook holds, the report's table shows just its words, and no markup."""
    lines = "\n".join(f"| {escape(text)} | x |" for text in texts)

    back = Elements(pandoc(f"| A | B |\n|---|---|\n{lines}\n", "html"))

    kept = ["".join(sign for sign in text if sign.isspace() or printable(sign)) for text in texts]
    assert "".join(back.texts).split() == f"A B {' x '.join(kept)} x".split()
    assert {tag for tag, _ in back.tags} <= {"table", "colgroup", "col", "thead", "tbody", "tr", "th", "td"}


def printable(sign: str) -> bool:
    """Whether `escape` promises to keep this character."""
    turning = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
    return unicodedata.category(sign) not in ("Cc", "Cs") and sign not in turning


# ---- the PDF ---------------------------------------------------------------------------------------------


def test_vietnamese_text_reads_back_from_the_pdf(report: Rendered) -> None:
    """Header block, title, body, chart and signature are text with all their accents."""
    text = words_of(" ".join(pages_of(report.pdf)))

    for words in (
        "ỦY BAN NHÂN DÂN TỈNH GIA LAI",
        "SỞ THÔNG TIN VÀ TRUYỀN THÔNG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 12/BC-STTTT",
        "I. KẾT QUẢ CHUNG",
        "xem Bảng 1 và Hình 1.",
        "Đậm nơi đậm, nghiêng nơi nghiêng.",
        "Bảng 1. Xếp hạng các đơn vị",
        "Hình 1. Điểm",
        "Trục điểm số",
        "giảm -5,2 theo 2392/QĐ-BTTTT",
        "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH",
        "Nơi nhận: - Như Điều 3;",
        "Nguyễn Văn A",
    ):
        assert words in text


def test_pdf_says_that_it_is_archivable_and_accessible(report: Rendered) -> None:
    """The PDF's own metadata name PDF/A-3a and PDF/UA-1, and its language is Vietnamese."""
    pikepdf = pytest.importorskip("pikepdf")

    with pikepdf.open(report.pdf) as pdf, pdf.open_metadata() as xmp:
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("3", "A", "1")
        assert str(pdf.Root.Lang) == "vi-VN"
        assert xmp["dc:title"] == f"Báo cáo {HOSTILE}"


def test_same_inputs_give_the_same_bytes(made: Callable[..., Rendered]) -> None:
    """Two runs in different folders write identical Markdown, Typst, PDF and HTML."""
    cells = (BODY, ranking(3), FIGURE.format("figures/scores.svg"))
    first, second = (made(*cells, folder=folder, metadata=METADATA) for folder in ("one", "two"))

    for name in ("markdown", "typst", "pdf", "html"):
        assert getattr(first, name).read_bytes() == getattr(second, name).read_bytes(), name


def test_long_table_repeats_its_header(report: Rendered) -> None:
    """Every page with rows of the 70-row table has its header row, and no row is lost."""
    pages = pages_of(report.pdf)

    with_rows = [page for page in pages if re.search(r"^\d+ Huyện \d+ \d+,25$", page, re.MULTILINE)]
    assert len(with_rows) >= 2
    assert all(page.count("Hạng Tên đơn vị Tổng điểm") == 1 for page in with_rows)
    assert sum(len(re.findall(r"^\d+ Huyện \d+ \d+,25$", page, re.MULTILINE)) for page in pages) == 69


def test_every_fact_is_where_its_place_says(report: Rendered) -> None:
    """At each place of a fact the PDF's text begins with its figure, and all occurrences are in order."""
    expected = [("all/điểm.mean", "84,25"), ("all/điểm.mean", "84,25"), ("all/change", "-5,2")]
    expected += [pair for n in range(1, 71) for pair in ((f"u{n}/xep_hang", f"{n}"), (f"u{n}/total", f"{n},25"))]

    with pypdfium2.PdfDocument(report.pdf) as document:
        found = []
        for place, (_, shown) in zip(report.places, expected, strict=True):
            page = document[place.page - 1]
            x, y = place.x * 72 / 25.4, page.get_height() - place.y * 72 / 25.4
            text = page.get_textpage()
            found.append((place.fact_id, text.get_text_range(text.get_index(x + 1.5, y + 2, 2, 3), len(shown))))
    assert found == expected


def test_marks_and_page_numbers_are_on_the_pages(report: Rendered) -> None:
    """Every page bears the marks; the number stands on every page but the first."""
    first_lines = [page.partition("\n")[0] for page in pages_of(report.pdf)]

    marks = "DỰ THẢO SỐ LIỆU MINH HỌA"
    assert first_lines == [marks, f"2 {marks}", f"3 {marks}"]


def test_font_that_is_not_installed_is_named(made: Callable[..., Rendered]) -> None:
    """A font that does not exist is a warning, and the report is set in the one that ships with Typst."""
    report = made("Chữ.", metadata={**SMALL, "font": ["No Such Serif"]})

    assert report.font == "Libertinus Serif"
    assert report.warnings == ("font No Such Serif is not installed",)


def test_english_report_has_no_national_header(made: Callable[..., Rendered]) -> None:
    """In English the national header is left out, and tables and notes are named in English."""
    report = made(ranking(1), metadata={**SMALL, "lang": "en"})

    text = words_of(" ".join(pages_of(report.pdf)))
    assert "Table 1. Xếp hạng" in text
    assert "VIET NAM" not in text
    assert "VIỆT NAM" not in text


# ---- hostile text ----------------------------------------------------------------------------------------


def test_hostile_text_is_only_text(report: Rendered) -> None:
    """Markup, code and formulas in titles and names are printed as they stand, in the PDF and in HTML."""
    pdf = "".join(" ".join(pages_of(report.pdf)).split())
    page = Elements(report.html.read_text(encoding="utf-8"))

    plain = "".join(HOSTILE.split())
    assert pdf.count(plain) == 3
    assert "".join("".join(page.texts).split()).count(plain) == 4
    assert [tag for tag, _ in page.tags if tag in ("script", "b")] == ["script"]  # the page's own


def test_raw_markup_in_a_cell_is_only_text(made: Callable[..., Rendered]) -> None:
    """Raw Typst and raw HTML in a Markdown cell are printed, and event attributes vanish."""
    inline = '`#panic()`{=typst} <i onclick="a()">x</i> [y]{onclick="a()" style="color:red"}'
    report = made(inline, "```{=typst}\n#panic()\n```")

    page = Elements(report.html.read_text(encoding="utf-8"))
    assert "#panic()" in pages_of(report.pdf)[0]
    assert not [attributes for _, attributes in page.tags if "onclick" in attributes or "style" in attributes]
    assert "i" not in {tag for tag, _ in page.tags}


# ---- HTML ------------------------------------------------------------------------------------------------


def test_html_loads_nothing_from_outside(report: Rendered) -> None:
    """The page names no host but the name space of formulas, and its picture is drawn inside it."""
    text = report.html.read_text(encoding="utf-8")

    pictures = [attributes for tag, attributes in Elements(text).tags if tag in ("svg", "img")]
    assert set(re.findall(r"https?://[^\s\"'<]+", text)) == {"http://www.w3.org/1998/Math/MathML"}
    assert [picture["aria-label"] for picture in pictures] == ['Biểu đồ "thanh" # < của các đơn vị']


def test_html_can_be_used_without_eyes_or_mouse(report: Rendered) -> None:
    """The page has a language, a way past the header, one h1, header cells with scope, and unique ids."""
    tags = Elements(report.html.read_text(encoding="utf-8")).tags

    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert tags[0] == ("html", {"lang": "vi"})
    assert next(attributes["href"] for tag, attributes in tags if tag == "a") == "#report-body"
    assert [tag for tag, _ in tags].count("h1") == 1
    assert [attributes.get("scope") for tag, attributes in tags if tag == "th"] == ["col"] * 3
    assert len(ids) == len(set(ids))


def test_html_links_facts_and_references(report: Rendered) -> None:
    """A fact that is printed twice has one anchor; references lead to the table and the figure."""
    tags = Elements(report.html.read_text(encoding="utf-8")).tags

    facts = [attributes for _, attributes in tags if attributes.get("data-fact") == "all/điểm.mean"]
    links = [attributes["href"] for tag, attributes in tags if tag == "a"]
    assert [fact.get("id") for fact in facts] == ["fact-all/điểm.mean", None]
    assert [link for link in links if link in ("#tbl-ranking", "#fig-scores")] == ["#tbl-ranking", "#fig-scores"]
    assert {"tbl-ranking", "fig-scores"} <= {attributes.get("id") for _, attributes in tags}


def test_html_has_annexes_and_groups(made: Callable[..., Rendered]) -> None:
    """Annexes are numbered where they stand and are cited; rows of groups and subtotals say what they are."""
    rows = "| [Huyện A]{.group} | |\n| Xã B | 1 |\n| [Cộng]{.subtotal} | 1 |\n| [Huyện C]{.group} | |\n| Xã D | 2 |"
    text = (
        f"# Một\n\nXem [](#anx-b).\n\n# Bảng {{#anx-a .annex}}\n\n## Trong\n\n| Tên | Số |\n|---|---|\n{rows}\n\n"
        "# Khác {#anx-b .annex .landscape}\n\n## Trong\n"
    )
    page = made(text).html.read_text(encoding="utf-8").replace("\u00a0", " ")

    tags = Elements(page).tags
    groups = [attributes for tag, attributes in tags if tag == "th" and attributes.get("scope") == "rowgroup"]
    classes = [(attributes.get("class") or "").split() for tag, attributes in tags if tag == "tr"]
    assert [group.get("colspan") for group in groups] == ["2", "2"]
    assert sum("subtotal" in each for each in classes) == 1
    assert sum("group" in each for each in classes) == 2
    assert [re.sub("<[^>]+>", "", each) for each in re.findall(r"<h[23][^>]*>(.*?)</h[23]>", page)] == [
        "I. Một",
        "Phụ lục I. Bảng",
        "1. Trong",
        "Phụ lục II. Khác",
        "1. Trong",
    ]
    assert re.search('<a href="#anx-b">(<[^>]+>)?Phụ lục II<', page)


# ---- what is refused -------------------------------------------------------------------------------------


def test_mistakes_are_told_at_once_with_their_lines(made: Callable[..., Rendered]) -> None:
    """A missing figure, one without words, and dangling references are named together, with lines."""
    cells = (
        FIGURE.format("figures/none.svg"),
        "Xem @tbl-none.",
        "![x](figures/scores.svg){#fig-x}",
        "@fig-none",
    )

    message = refusal(made, *cells)

    assert "report.md, line 1: the figure figures/none.svg does not exist" in message
    assert "report.md, line 3: the reference @tbl-none has no table or figure" in message
    assert 'report.md, line 5: the figure figures/scores.svg has no fig-alt="…"' in message
    assert "report.md, line 7: the reference @fig-none has no table or figure" in message


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (FIGURE.format("../secret.svg"), "is not a file of the report's folder"),
        (FIGURE.format("https://example.org/a.svg"), "is not a file of the report's folder"),
        ("[x](javascript:alert)", "must begin with https:"),
        ("[5]{fact='a b'}", "is not a path of letters"),
        ("Xem $\\nosuchmacro{x}$.", "line 1: Could not convert TeX math \\nosuchmacro{x}"),
        ("::: {#tbl-a}\n\n| A |\n|---|\n| x |\n:::", "tbl-a must hold one table or figure"),
        (f"{ranking(1)}\n\n{ranking(1)}", "tbl-ranking is used twice"),
        ("|  |  |\n|---|---|\n| x | y |", 'begins with "x" has none'),
        ("Xem [](#anx-none).", "line 1: the reference to anx-none has no annex to point to"),
        ("# Phụ lục {#full .annex}", "must be anx- and letters, digits, hyphens"),
    ],
)
def test_what_cannot_be_published_is_refused(made: Callable[..., Rendered], cell: str, words: str) -> None:
    """Each of these in a cell stops the report with a sentence that says what is wrong."""
    assert words in refusal(made, cell)


def test_broken_figure_is_told_with_file_and_line(made: Callable[..., Rendered], tmp_path: Path) -> None:
    """A figure that is no SVG is reported with its file, by Typst with the line, and names no folder of the machine."""
    web = refusal(made, FIGURE.format("figures/scores.svg"), svg="<svg")
    with pytest.raises(RenderError) as caught:
        render_pdf(tmp_path / "staging" / "report.md", SMALL, timestamp=0)

    assert "figures/scores.svg: is not well-formed" in web
    assert " figures/scores.svg:1:0" in str(caught.value)
    assert "staging" not in web + str(caught.value)


def test_wrong_metadata_are_told_at_once(made: Callable[..., Rendered]) -> None:
    """Unknown keys, wrong types and missing texts of the metadata are listed together."""
    message = refusal(made, "x", metadata={"title": "", "lang": "fr", "date": "soon", "colour": "red", "font": "A"})

    lines = [line.strip().partition(":")[0] for line in message.splitlines()[1:]]
    assert lines == ["colour", "font", "title", "lang", "date"]
