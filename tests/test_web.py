"""The report as a web page in a real browser: offline, on a narrow screen, by keyboard, sorted, dark and on paper."""

import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import projects
import pypdfium2
import pytest
from browsing import NAMED, TELEPHONE, WIDE, opened
from playwright.sync_api import Browser
from projects import Ran

from minhbach.errors import RenderError
from minhbach.render.embedded import render_html

ROWS = [
    ("1", "Xã Đak Pơ", "1.084,5", "03/11/2022", "1.10"),
    ("2", "Xã Ăn Bình", "95,25", "28/10/2022", "1.9"),
    ("3", "Xã Ân Thi", "−3,5", "–", "2.1"),
    ("10", "Xã Dương Minh *", "–", "25/10/2021", "1.2"),
    ("11", "Xã An Khê", "100", "01/12/2022", "10.1"),
    ("12", "Xã Bắc Giang", "95,3", "02/11/2022", "2.10"),
]
HEADS = ("Hạng", "Đơn vị", "Điểm", "Ngày nhận", "Mục")
CHART = """kind,label,series,value,shown,fact_id
rank,Xã Ia Ake,xep_hang,1,1,664/xep_hang
value,Xã Ia Ake,Tổng điểm,84.25,"84,25",664/total
rank,Xã Ia Sol,xep_hang,2,2,665/xep_hang
value,Xã Ia Sol,Tổng điểm,67.5,"67,50",665/total
tick,,Tổng điểm,20,20,
threshold,Mức I ≥ 80,Tổng điểm,80,80,method/I
value,Xã Ia Sol,Phần vẽ không ghi số,3,,
"""
SVG = """<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="300pt" viewBox="0 0 300 80">
 <defs><clipPath id="a"><rect width="300" height="80"/></clipPath><path id="m" d="M 0 0 L 5 5"/></defs>
 <rect width="84" height="10" clip-path="url(#a)" style="fill: #4f83a5; stroke: none"/><use xlink:href="#m" x="9"/>
 <text x="10" y="40" style="font: bold 14px 'DejaVu Sans', sans-serif; text-anchor: start">Ia Ake &lt;84,25&gt;</text>
</svg>"""
METADATA = {
    "title": "Báo cáo thử",
    "lang": "vi",
    "date": "2023-06-14",
    "draft": "DỰ THẢO",
    "to": ["Ủy ban nhân dân tỉnh"],
    "closing": "Trên đây là báo cáo.",
    "annex_note": "(Kèm theo Báo cáo thử)",
    "recipients": ["Như trên", "Lưu: VT"],
    "signature": {"authority": "TM. Ủy ban", "post": "Chủ tịch", "name": "Nguyễn Văn A"},
}


def table(label: str, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A table of Markdown; the second column stands left, all others right."""
    rule = [":---" if place == 1 else "---:" for place in range(len(heads))]
    lines = "\n".join(f"| {' | '.join(row)} |" for row in (heads, tuple(rule), *rows))
    return f"::: {{#tbl-{label}}}\n\n{lines}\n\nBảng {label}\n\n:::\n"


BODY = "\n\n".join(
    [
        "# Kết quả chung",
        'Điểm là [84,25]{fact="664/total"}, xem @tbl-units và @fig-scores.[^1]',
        "[^1]: Ghi ở cuối trang.",
        table("units", HEADS, ROWS),
        '![Điểm](figures/scores.svg){#fig-scores fig-alt="Cao nhất là Xã Ia Ake < 85"}',
        '![Lại điểm](figures/again.svg){#fig-again fig-alt="Cùng một biểu đồ"}',
        "## Tỷ lệ",
        "$$6 \\times \\frac{\\text{số máy}}{20}$$",
        "# Bảng đầy đủ {#anx-full .annex .landscape}",
        table("long", ("TT", "Tên"), [(str(row), f"Xã {row}") for row in range(1, 238)]),
    ]
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small report with everything in it that a page can have."""
    return page_of(tmp_path_factory.mktemp("made"), BODY)


@pytest.fixture(scope="module", params=["2019-bo", "2022-dti"])
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A shipped edition after its run."""
    return projects.shipped(tmp_path_factory, request.param)


def page_of(folder: Path, body: str, svg: str = SVG, **more: object) -> Path:
    """The page of a Markdown text with two charts beside it, of which one has a table."""
    (folder / "figures").mkdir(exist_ok=True)
    for name in ("scores", "again"):
        (folder / "figures" / f"{name}.svg").write_text(svg, encoding="utf-8")
    (folder / "figures" / "scores.csv").write_text(CHART, encoding="utf-8")
    source = folder / "report.md"
    source.write_text(body, encoding="utf-8")
    return render_html(source, METADATA | more)


def column(rows: list[str]) -> list[str]:
    """The places that rows have in ROWS, by the mark of Markdown that no row shares: its rank."""
    return [next(str(place) for place, row in enumerate(ROWS) if f"{row[1]} " in f"{text} ") for text in rows]


# ---- nothing from outside, nothing that runs -------------------------------------------------------------


def test_a_report_asks_for_nothing_and_complains_about_nothing(ran: Ran, browser: Browser) -> None:
    """A shipped report opens without a request beside itself and without a message of the browser."""
    with opened(browser, ran.draft / "report.html") as seen:
        page = seen.page
        page.wait_for_load_state("load")

        assert seen.asked == []
        assert seen.complaints == []
        assert page.locator("html").get_attribute("lang") == "vi"
        assert len(page.title()) > 20
        assert page.locator("figure svg[role=img][aria-label]").count() == page.locator("figure").count() > 0
        assert page.locator("img, link, iframe, object, embed, base, form").count() == 0


def test_links_of_a_report_lead_to_places_in_it(ran: Ran, browser: Browser) -> None:
    """Every link of a shipped report begins with # and leads to one element; no id is there twice."""
    with opened(browser, ran.draft / "report.html") as seen:
        links = seen.page.evaluate("[...document.querySelectorAll('a')].map(each => each.getAttribute('href'))")
        places = Counter(seen.page.evaluate("[...document.querySelectorAll('[id]')].map(each => each.id)"))

        assert [link for link in links if link[0] != "#" or link[1:] not in places] == []
        assert [place for place, count in places.items() if count > 1] == []


def test_what_is_added_to_a_page_does_not_run(made: Path, browser: Browser, tmp_path: Path) -> None:
    """A script, an event attribute, a style and a picture that somebody adds to the file are refused by its rules."""
    added = (
        '<script>document.title = "run"</script><p id="added" style="color: red" onclick="document.title = 1">x</p>'
        '<img src="https://example.org/a.png" onerror="document.title = 2"><style>#added { color: red }</style>'
    )
    tampered = tmp_path / "report.html"
    tampered.write_text(made.read_text(encoding="utf-8").replace("<nav", f"{added}<nav", 1), encoding="utf-8")

    with opened(browser, tampered) as seen:
        seen.page.click("#added")

        assert seen.page.title() == "Báo cáo thử"
        assert seen.page.evaluate("getComputedStyle(document.getElementById('added')).color") != "rgb(255, 0, 0)"
        assert seen.asked == []
        assert len([each for each in seen.complaints if "Content Security Policy" in each]) >= 4


# ---- narrow, dark, on paper ------------------------------------------------------------------------------


def test_a_report_fits_a_telephone(ran: Ran, browser: Browser) -> None:
    """At 360 pixels nothing but what scrolls in its own frame is wider than the window; letters have 16 pixels."""
    with opened(browser, ran.draft / "report.html", width=TELEPHONE) as seen:
        wide = seen.page.evaluate(
            """width => [...document.querySelectorAll("body *")].filter(each => {
              for (let one = each; one; one = one.parentElement)
                if (["auto", "scroll", "hidden"].includes(getComputedStyle(one).overflowX)) return false;
              return each.getBoundingClientRect().right > width + 1;
            }).map(each => each.localName + ": " + each.textContent.slice(0, 40))""",
            TELEPHONE,
        )

        assert wide == []
        assert seen.page.evaluate("document.documentElement.scrollWidth") == TELEPHONE
        assert seen.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 16


def test_contents_are_folded_on_a_telephone_only(made: Path, browser: Browser) -> None:
    """The table of contents is folded at 360 pixels and opens by keyboard; on a wide screen it stands open."""
    with opened(browser, made, width=TELEPHONE) as narrow:
        assert not narrow.page.locator(".contents a").first.is_visible()
        narrow.page.focus(".contents summary")
        narrow.page.keyboard.press("Enter")
        assert narrow.page.locator(".contents a").first.is_visible()
    with opened(browser, made) as wide:
        assert wide.page.locator(".contents a").first.is_visible()
        assert wide.texts(".contents a")[0] == "I. Kết quả chung"


def test_a_dark_screen_gets_a_dark_page(made: Path, browser: Browser) -> None:
    """Where a reader asks for dark, the page is dark with light letters; charts stay on white paper."""
    colours = "name => ['color', 'backgroundColor'].map(each => getComputedStyle(document.querySelector(name))[each])"

    with opened(browser, made, color_scheme="dark") as dark, opened(browser, made, color_scheme="light") as light:
        assert dark.page.evaluate(colours, "body") == ["rgb(232, 232, 232)", "rgb(21, 24, 29)"]
        assert light.page.evaluate(colours, "body") == ["rgb(17, 17, 17)", "rgb(255, 255, 255)"]
        assert dark.page.evaluate(colours, "svg")[1] == "rgb(255, 255, 255)"


def test_paper_gets_the_whole_report_and_nothing_to_press(made: Path, browser: Browser) -> None:
    """In print, tables are whole, white, without the contents and the folded data, and the annex has its own page."""
    with opened(browser, made, color_scheme="dark") as seen:
        page = seen.page
        page.emulate_media(media="print")
        style = "([name, property]) => getComputedStyle(document.querySelector(name))[property]"

        assert not page.locator(".contents").is_visible()
        assert not page.locator("details.data").is_visible()
        assert page.evaluate(style, [".scroll.long", "overflowY"]) == "visible"
        assert page.evaluate(style, [".scroll.long", "maxHeight"]) == "none"
        assert page.evaluate(style, ["body", "backgroundColor"]) == "rgb(255, 255, 255)"
        assert page.evaluate(style, ["body", "color"]) == "rgb(0, 0, 0)"
        assert page.evaluate(style, [".landscape", "breakBefore"]) == "page"
        assert page.evaluate(style, [".landscape", "page"]) == "wide"


def test_paper_repeats_the_head_of_a_table(made: Path, browser: Browser, tmp_path: Path) -> None:
    """Printed on A4, every page with rows of the table of 237 rows has its head, and landscape pages are landscape."""
    with opened(browser, made) as seen:
        seen.page.pdf(path=tmp_path / "paper.pdf", prefer_css_page_size=True)

    with pypdfium2.PdfDocument(tmp_path / "paper.pdf") as document:
        pages = [(page.get_size(), page.get_textpage().get_text_bounded()) for page in document]
    long = [(size, text) for size, text in pages if re.search(r"^\d+ Xã \d+\b", text, re.MULTILINE)]
    assert len(long) >= 5
    assert [text.count("TT") for _, text in long] == [1] * len(long)
    assert {(round(width), round(height)) for (width, height), _ in long} == {(842, 595)}
    assert sum(len(re.findall(r"^\d+ Xã \d+\b", text, re.MULTILINE)) for _, text in long) == 237


def test_nothing_moves_by_itself(made: Path, browser: Browser) -> None:
    """The page has no animation and no transition, so that a reader who asked for rest has it."""
    with opened(browser, made, reduced_motion="reduce") as seen:
        moving = seen.page.evaluate(
            """[...document.querySelectorAll("*")].map(each => getComputedStyle(each)).filter(style =>
              style.animationName !== "none" || parseFloat(style.transitionDuration) || style.scrollBehavior !== "auto"
            ).length"""
        )

        assert moving == 0


# ---- keyboard --------------------------------------------------------------------------------------------


def test_the_keyboard_reaches_everything_in_order(made: Path, browser: Browser) -> None:
    """Tab goes over every link, frame, button and fold of the page once, in their order, beginning with the skip."""
    with opened(browser, made) as seen:
        wanted = seen.page.evaluate(
            f"""[...document.querySelectorAll("a, button, summary, [tabindex='0']")]
              .filter(each => each.checkVisibility()).map({NAMED})"""
        )
        reached = []
        for _ in wanted:
            seen.page.keyboard.press("Tab")
            reached.append(seen.focused())

        assert reached == wanted
        assert reached[0] == "a: Chuyển đến nội dung"
        assert len(set(reached)) == len(reached) > 15


def test_the_skip_link_leads_past_the_contents(made: Path, browser: Browser) -> None:
    """The first stop of the keyboard becomes visible and leads to the text, behind all links of the contents."""
    with opened(browser, made) as seen:
        seen.page.keyboard.press("Tab")
        assert seen.page.locator(".skip").bounding_box()["x"] >= 0
        seen.page.keyboard.press("Enter")
        seen.page.keyboard.press("Tab")

        assert seen.focused() == "a: Bảng 1"


def test_focus_can_be_seen(made: Path, browser: Browser) -> None:
    """What the keyboard is at has an outline of three pixels."""
    with opened(browser, made) as seen:
        seen.page.keyboard.press("Tab")

        assert seen.page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"


# ---- sorting ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "ascending", "descending"),
    [
        ("Đơn vị", "412530", "035214"),  # An, Ăn, Ân, Bắc, Dương, Đak
        ("Điểm", "215403", "045123"),  # -3.5, 95.25, 95.3, 100, 1084.5; the dash last
        ("Ngày nhận", "315042", "405132"),  # 2021 first; the dash last
        ("Mục", "310254", "452013"),  # 1.2, 1.9, 1.10, 2.1, 2.10, 10.1
        ("Hạng", "012345", "543210"),
    ],
)
def test_a_column_sorts_by_keyboard(made: Path, browser: Browser, head: str, ascending: str, descending: str) -> None:
    """Enter on a head sorts up, then down, then back: numbers by value, days by date, names as in a dictionary."""
    with opened(browser, made) as seen:
        button = seen.page.locator("#tbl-units th button", has_text=head)
        button.focus()
        found = []
        for key in ("Enter", "Space", "Enter"):
            seen.page.keyboard.press(key)
            state = button.locator("..").get_attribute("aria-sort")
            found.append((state, "".join(column(seen.texts("#tbl-units tbody tr")))))

        assert found == [("ascending", ascending), ("descending", descending), (None, "012345")]
        assert seen.complaints == []


def test_sorting_is_said(made: Path, browser: Browser) -> None:
    """A reader who does not see the table hears by which column it was sorted, and how; one column is marked."""
    with opened(browser, made) as seen:
        seen.page.click("#tbl-units th button >> text=Điểm")
        assert seen.texts("[role=status]") == ["Đã sắp xếp tăng dần theo cột Điểm."]
        seen.page.click("#tbl-units th button >> text=Đơn vị")
        seen.page.click("#tbl-units th button >> text=Đơn vị")

        assert seen.texts("[role=status]") == ["Đã sắp xếp giảm dần theo cột Đơn vị."]
        assert seen.page.locator("#tbl-units [aria-sort]").count() == 1


def test_english_numbers_and_days_sort(browser: Browser, tmp_path: Path) -> None:
    """In an English page the point is the decimal mark, the comma groups thousands, and months have names."""
    rows = [("1,084.5", "A", "3 November 2022"), ("95.25", "B", "28 October 2022"), ("1,005", "C", "1 December 2021")]
    page = page_of(tmp_path, table("units", ("Points", "Unit", "Day"), rows), lang="en", signature={})

    with opened(browser, page) as seen:
        seen.page.click("#tbl-units button >> text=Points")
        assert seen.texts("#tbl-units tbody th") == ["B", "C", "A"]
        seen.page.click("#tbl-units button >> text=Day")

        assert seen.texts("#tbl-units tbody th") == ["C", "B", "A"]


def test_groups_stay_together(browser: Browser, tmp_path: Path) -> None:
    """Units are sorted within their group; the group's heading stays above them and its subtotal below."""
    rows = [
        ("[Huyện B]{.group}", "", ""),
        ("1", "Xã Ia Sol", "5"),
        ("2", "Xã Ia Ake", "9"),
        ("3", "Xã Ia Le", "7"),
        ("[Trung bình]{.subtotal}", "", "7"),
        ("[Huyện A]{.group}", "", ""),
        ("1", "Xã Yang", "6"),
        ("2", "Xã Đăk", "1"),
        ("[Trung bình]{.subtotal}", "", "3,5"),
    ]
    page = page_of(tmp_path, table("units", ("Hạng", "Đơn vị", "Điểm"), rows))

    with opened(browser, page) as seen:
        seen.page.click("#tbl-units button >> text=Điểm")

        lines = ["".join(text.split()) for text in seen.texts("#tbl-units tbody tr")]
        assert lines == [
            *("HuyệnB", "1XãIaSol5", "3XãIaLe7", "2XãIaAke9", "Trungbình7"),
            *("HuyệnA", "2XãĐăk1", "1XãYang6", "Trungbình3,5"),
        ]
        weights = (
            "[...document.querySelectorAll('.group > *, .subtotal > *')].map(each => getComputedStyle(each).fontWeight)"
        )
        assert set(seen.page.evaluate(weights)) == {"700"}


def test_the_head_of_a_long_table_stays_in_sight(made: Path, browser: Browser) -> None:
    """A table of 237 rows scrolls in a frame smaller than the window, and its head stays at the frame's top."""
    with opened(browser, made) as seen:
        frame = seen.page.locator(".scroll.long")
        frame.evaluate("each => { each.scrollTop = 3000; }")

        box, head = frame.bounding_box(), frame.locator("thead").bounding_box()
        assert box["height"] <= 800
        assert abs(frame.locator("thead th").first.bounding_box()["y"] - box["y"]) <= 2
        assert head["height"] < 60


def test_the_page_is_whole_without_its_script(made: Path, browser: Browser) -> None:
    """Where scripts are switched off, every table and chart is there, and nothing that would not work."""
    with opened(browser, made, java_script_enabled=False) as seen:
        assert seen.page.locator("table").count() == 3
        assert seen.page.locator("svg").count() == 2
        assert seen.page.locator("button").count() == 0
        assert seen.page.locator("#tbl-long tbody tr").count() == 237


# ---- structure -------------------------------------------------------------------------------------------


def test_a_report_has_its_structure(ran: Ran, browser: Browser) -> None:
    """A shipped report has one title, headings without gaps, and scopes for all header cells; tables are named."""
    with opened(browser, ran.draft / "report.html") as seen:
        levels = [
            int(name[1])
            for name in seen.page.evaluate(
                "[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(each => each.localName)"
            )
        ]
        named = "table:has(caption), [aria-label] > table"

        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert seen.page.locator("th:not([scope])").count() == 0
        assert seen.page.locator("th").count() > 0
        assert seen.page.locator(named).count() == seen.page.locator("table").count() > 0


def test_the_page_has_the_numbers_of_the_pdf(ran: Ran, browser: Browser) -> None:
    """The facts of the page's text are those of the PDF, in the same order."""
    places = [line.split(",") for line in ran.text("places.csv").splitlines()]
    at = places[0].index("fact_id")
    document = places[0].index("document") if "document" in places[0] else None
    printed = [line[at] for line in places[1:] if document is None or line[document] == "report.pdf"]

    with opened(browser, ran.draft / "report.html") as seen:
        facts = seen.page.evaluate(
            "[...document.querySelectorAll('[data-fact]')].filter(each => !each.closest('.data'))"
            ".map(each => each.dataset.fact)"
        )

        assert list(dict.fromkeys(facts)) == list(dict.fromkeys(printed))


def test_the_signature_stands_before_the_annexes(made: Path, browser: Browser) -> None:
    """Recipients and signature follow the report's own text; annexes come after them, as in the PDF."""
    with opened(browser, made) as seen:
        text = seen.page.locator("main").inner_text()

        parts = ("TỶ LỆ", "TRÊN ĐÂY", "LƯU: VT", "NGUYỄN VĂN A", "BẢNG ĐẦY ĐỦ", "KÈM THEO")
        order = [text.upper().index(words) for words in parts]
        assert order == sorted(order)
        assert seen.texts("header .to") == ["Kính gửi: Ủy ban nhân dân tỉnh"]
        assert seen.texts(".contents a")[-1].endswith("Bảng đầy đủ")


def test_rows_are_named(made: Path, browser: Browser) -> None:
    """The name in a row is its header cell, so that a screen reader says it with every number."""
    with opened(browser, made) as seen:
        assert seen.texts("#tbl-units tbody th[scope=row]") == [row[1] for row in ROWS]


# ---- charts ----------------------------------------------------------------------------------------------


def test_a_chart_is_text_and_one_picture(made: Path, browser: Browser) -> None:
    """A chart's letters can be marked and found, it is named by its alternative text, and it keeps its colours."""
    with opened(browser, made) as seen:
        chart = seen.page.locator("#fig-scores svg")
        look = (
            "each => [getComputedStyle(each).fill, getComputedStyle(each).fontWeight, getComputedStyle(each).fontSize]"
        )

        assert chart.get_attribute("aria-label") == "Cao nhất là Xã Ia Ake < 85"
        assert seen.texts("#fig-scores svg text") == ["Ia Ake <84,25>"]
        assert chart.locator("text").evaluate(look)[1:] == ["700", "14px"]
        assert chart.locator("> rect").evaluate(look)[0] == "rgb(79, 131, 165)"
        assert chart.locator("> rect").get_attribute("clip-path") == "url(#fig-scores-a)"
        assert chart.locator("use").get_attribute("href") == "#fig-scores-m"
        assert seen.page.locator("#fig-again-a").count() == 1


def test_a_chart_has_its_data_behind_it(made: Path, browser: Browser) -> None:
    """A chart's numbers unfold by keyboard: a line for each unit, a column for each series, thresholds, no ticks."""
    with opened(browser, made) as seen:
        data = seen.page.locator("details.data")
        assert data.count() == 1
        assert not data.locator("table").is_visible()
        data.locator("summary").focus()
        seen.page.keyboard.press("Enter")

        assert seen.texts(".data summary") == ["Số liệu của Hình 1"]
        assert seen.texts(".data thead th") == ["Tên", "Hạng", "Tổng điểm"]
        assert seen.texts(".data tbody tr") == ["Xã Ia Ake184,25", "Xã Ia Sol267,50"]
        assert seen.texts(".data p") == ["Tổng điểm: Mức I ≥ 80."]
        assert data.locator("[data-fact='665/total']").is_visible()


def test_units_of_one_name_keep_their_own_lines(browser: Browser, tmp_path: Path) -> None:
    """Two units that are called alike have two lines in a chart's table, each with its own numbers."""
    text = CHART.replace("Xã Ia Sol", "Xã Ia Ake")
    page_of(tmp_path, BODY)
    (tmp_path / "figures" / "scores.csv").write_text(text, encoding="utf-8")
    page = render_html(tmp_path / "report.md", METADATA)

    with opened(browser, page) as seen:
        assert seen.texts(".data tbody tr")[:2] == ["Xã Ia Ake184,25", "Xã Ia Ake267,50"]


def test_series_that_hardly_cross_are_a_list(browser: Browser, tmp_path: Path) -> None:
    """Where every unit has a number in one of many series only, the chart's table has one line for each number."""
    rows = "".join(f"value,Xã {place},Huyện {place},{place},{place},{place}/total\n" for place in range(1, 5))
    page_of(tmp_path, BODY)
    (tmp_path / "figures" / "scores.csv").write_text(CHART.splitlines()[0] + "\n" + rows, encoding="utf-8")
    page = render_html(tmp_path / "report.md", METADATA)

    with opened(browser, page) as seen:
        assert seen.texts(".data thead th") == ["Tên", "Dãy số liệu", "Giá trị"]
        assert seen.texts(".data tbody tr") == [f"Xã {place}Huyện {place}{place}" for place in range(1, 5)]


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("<script>alert(1)</script>", "contains <script>"),
        ("<foreignObject><p>x</p></foreignObject>", "contains <foreignObject>"),
        ("<animate attributeName='x'/>", "contains <animate>"),
        ("<a href='#x'><text>x</text></a>", "contains <a>"),
        ("<rect onload='alert(1)'/>", "contains onload, which a browser would run"),
        ("<use xlink:href='https://example.org/x.svg#a'/>", "refers to https://example.org/x.svg#a"),
        ("<use href='other.svg#a'/>", "refers to other.svg#a"),
        ("<image href='https://example.org/x.png'/>", "refers to https://example.org/x.png"),
        ("<image href='data:image/svg+xml;base64,AAAA'/>", "refers to data:image/svg+xml"),
        ("<rect style='fill: url(https://example.org/x#a)'/>", "refers to url(https://example.org/x#a)"),
        ("<rect fill='URL(//example.org/x#a)'/>", "refers to URL(//example.org/x#a)"),
        ("<rect", "is not well-formed"),
    ],
)
def test_a_chart_that_was_tampered_with_is_refused(tmp_path: Path, inside: str, words: str) -> None:
    """What could run or fetch in a chart's file stops the report with a sentence that names the file."""
    with pytest.raises(RenderError) as caught:
        page_of(tmp_path, BODY, svg=SVG.replace("</svg>", f"{inside}</svg>"))

    assert f"figures/scores.svg: {words}" in str(caught.value)


@pytest.mark.parametrize(
    ("svg", "words"),
    [
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>', "entities"),
        ("<html><svg/></html>", "begins with <html> instead of <svg>"),
        ('<svg xmlns="http://www.w3.org/2000/svg" width="5em"/>', "has neither a viewBox nor a width and height"),
    ],
)
def test_what_is_not_a_chart_is_refused(tmp_path: Path, svg: str, words: str) -> None:
    """A file that is no drawing, has no size, or could grow when it is read, stops the report with a sentence."""
    with pytest.raises(RenderError) as caught:
        page_of(tmp_path, BODY, svg=svg)

    assert words in str(caught.value)


def test_a_chart_cannot_change_the_page_around_it(tmp_path: Path) -> None:
    """Styles, comments, titles and metadata of a drawing do not come into the page."""
    svg = SVG.replace(
        "<defs>", "<!-- note --><metadata>me</metadata><title>t</title><style>* { color: red }</style><defs>"
    )

    text = page_of(tmp_path, BODY, svg=svg).read_text(encoding="utf-8")

    drawing = text[text.index("<svg") : text.index("</svg>")]
    assert not [part for part in ("<!--", "metadata", "title", "<style", "style=", "xlink", "xmlns") if part in drawing]
    assert json.dumps(drawing).count("fig-scores-") == 4


def test_the_same_report_gives_the_same_page(made: Path, tmp_path: Path) -> None:
    """A report made in another folder is the same page, byte for byte."""
    assert page_of(tmp_path, BODY).read_bytes() == made.read_bytes()


def test_wide_windows_show_more_than_narrow_ones(made: Path, browser: Browser) -> None:
    """On a wide screen the contents stand beside the text; a chart is never narrower than its letters allow."""
    with opened(browser, made, width=WIDE) as wide, opened(browser, made, width=TELEPHONE) as narrow:
        box, text = (wide.page.locator(name).bounding_box() for name in (".contents", "main"))
        chart = narrow.page.locator("#fig-scores svg").bounding_box()

        assert box["x"] + box["width"] <= text["x"]
        assert chart["width"] >= 540
