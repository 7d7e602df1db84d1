"""The audit pages in real Chromium: chains, search, tick list, offline, by keyboard, on a narrow screen, accessible."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import audited
import projects
import pytest
import traced
from audited import HOSTILE, NOTE, broken_links, opened
from axe_playwright_python.sync_playwright import Axe
from browsing import TELEPHONE
from playwright.sync_api import Browser, expect
from projects import Ran
from test_web_accessibility import RULES

from minhbach import audit_stage, editions
from minhbach.paths import Edition
from minhbach.trace_chain import Chain
from minhbach.trace_evidence import Evidence
from minhbach.trace_graph import Step, walk

PAGES = ("index.html", "units.html", "criteria.html", "register.html", "search.html", "list.html", "notebooks.html")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """A small edition with everything that a chain can meet, and its audit pages."""
    return audited.small(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The audit pages of the small edition with a unit whose name is a program."""
    return audited.small(tmp_path_factory.mktemp("hostile"), hostile=True).draft / "audit"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A shipped edition after its run."""
    return projects.shipped(tmp_path_factory, "2019-bo")


def audit_of(edition: Edition) -> Path:
    return edition.draft / "audit"


def told(step: Step) -> list[list[str]]:
    """A chain of `trace` as the panel has it."""
    return [[each.kind, each.id, each.text, each.note] for each in walk(step)]


def texts(step: Step) -> list[str]:
    return [each.text + (f" ({each.note})" if each.note else "") for each in walk(step)]


# ---- the same chain as trace -----------------------------------------------------------------------------


def test_the_panel_has_the_chain_of_trace(small: Edition, browser: Browser) -> None:
    """For every printed number of the small edition, the pages' steps are those of `trace`, word for word."""
    chain = Chain(Evidence(small))
    with opened(browser, audit_of(small), "index.html") as seen:
        for fact_id in chain.evidence.facts:
            assert seen.chain(fact_id) == told(chain.printed(fact_id)), fact_id


def test_what_is_not_printed_has_its_chain_too(small: Edition, browser: Browser) -> None:
    """Answers and criteria that no page prints open as `trace` shows them; what nothing bears gives nothing."""
    chain = Chain(Evidence(small))
    with opened(browser, audit_of(small), "index.html") as seen:
        for reference in ("X2/may", "X4/can_bo", "X3/B3", "X5/ke_hoach"):
            assert seen.chain(reference) == told(chain.unprinted(reference)), reference  # type: ignore[arg-type]
        for reference in ("X9/total", "constructor", "X1/__proto__", "__proto__/x", "../x", "all/none"):
            assert seen.chain(reference) is None


def test_a_shipped_edition_has_the_chains_of_trace(ran: Ran, browser: Browser) -> None:
    """For every printed number of 2019-bo, the pages' steps are those of `trace`, word for word."""
    chain = Chain(Evidence(ran.edition))
    with opened(browser, ran.draft / "audit", "index.html") as seen:
        different = [name for name in chain.evidence.facts if seen.chain(name) != told(chain.printed(name))]

        assert different == []
        assert len(chain.evidence.facts) > 150


def test_a_click_on_a_number_shows_its_cell(ran: Ran, browser: Browser) -> None:
    """A click on a rank opens the panel, whose unfolded steps end at the cell and the file that `trace` gives."""
    chain = Chain(Evidence(ran.edition))
    with opened(browser, ran.draft / "audit", "index.html") as seen:
        fact_id = str(seen.page.locator("main tbody button.fact").first.get_attribute("data-fact"))
        seen.page.locator("main tbody button.fact").first.click()
        seen.page.wait_for_selector("#panel .chain")
        shown = seen.panel()

        expected = chain.printed(fact_id)
        cells = [each.id for each in walk(expected) if each.kind == "cell"]
        assert fact_id.endswith("/xep_hang")
        assert shown == texts(expected)
        assert cells
        assert all(any(cell in text for text in shown) for cell in cells)
        assert seen.page.locator("#panel a[href*='#answer-']").count() > 0


def test_every_number_of_the_report_is_a_button(ran: Ran, browser: Browser) -> None:
    """The page shows the words of the published report, and each of its facts is one button."""
    with opened(browser, ran.draft / "audit", "index.html") as seen:
        page = seen.page
        buttons = page.locator("main button.fact").count()
        words = " ".join(page.locator("main").inner_text().split())

    report = ran.text("report.html")
    assert buttons == report.count('class="fact"')
    assert words.startswith("I. CĂN CỨ VÀ MỤC ĐÍCH")


# ---- addresses, keyboard ---------------------------------------------------------------------------------


def test_an_address_opens_a_number_and_back_closes_it(small: Edition, browser: Browser) -> None:
    """`#fact=X1/total` opens the number directly; following a row and going back returns; unknown ones are said."""
    with opened(browser, audit_of(small), "index.html#fact=X1/total") as seen:
        page = seen.page
        page.wait_for_selector("#panel h2")
        assert page.inner_text("#panel p code") == "X1/total"

        page.evaluate("location.hash = '#fact=X2/hang'")
        expect(page.locator("#panel p code")).to_have_text("X2/hang")
        page.click("#panel button.all")
        page.click("#panel a[href='#fact=X1/total']")
        expect(page.locator("#panel p code")).to_have_text("X1/total")
        page.go_back()
        expect(page.locator("#panel p code")).to_have_text("X2/hang")

        page.evaluate("location.hash = '#fact=X1/nothing'")
        expect(page.locator("#panel")).to_contain_text("X1/nothing trong bản này")


def test_a_number_opens_and_closes_by_keyboard(small: Edition, browser: Browser) -> None:
    """Enter on a number opens its chain, Escape closes it and returns to the number without moving the page."""
    with opened(browser, audit_of(small), "index.html") as seen:
        page = seen.page
        page.focus("main button.fact >> nth=3")
        fact_id = page.locator("main button.fact").nth(3).get_attribute("data-fact")
        page.keyboard.press("Enter")
        page.wait_for_selector("#panel .chain")
        assert page.evaluate("document.activeElement.localName") == "h2"

        page.keyboard.press("Escape")
        page.wait_for_selector("#panel", state="hidden")

        assert page.evaluate("document.activeElement.dataset.fact") == fact_id


# ---- search and filters ----------------------------------------------------------------------------------


def test_search_finds_numbers_units_and_criteria(ran: Ran, browser: Browser) -> None:
    """A number as printed, a unit's name without its marks, and a criterion's name each find what they mean."""
    facts = traced.facts(ran.draft)
    shown = facts["bo-tai-chinh/total"]["shown"]
    with opened(browser, ran.draft / "audit", "search.html") as seen:
        page = seen.page
        page.fill("#search", shown)
        page.wait_for_selector("#results button.fact")
        found = page.locator("#results button.fact").evaluate_all("all => all.map(each => each.dataset.fact)")
        page.fill("#search", "bo tai chinh")
        page.wait_for_selector("#results a[href$='units/bo-tai-chinh.html']")
        page.fill("#search", "chi so TONG the")
        page.wait_for_selector("#results a[href*='criteria/ict-index-2019-bo/']")
        page.fill("#search", "constructor")
        expect(page.locator("#message")).to_have_text("Không tìm thấy.")

    assert set(found) == {name for name, each in facts.items() if each["shown"] == shown}


def test_the_register_is_filtered(small: Edition, browser: Browser) -> None:
    """Filters of the register leave the rows that fit, and say how many."""
    with opened(browser, audit_of(small), "register.html") as seen:
        page = seen.page
        assert page.locator("[data-rows] tbody tr:visible").count() == 2

        page.select_option("[data-filter=unit]", "X1")
        assert page.locator("[data-rows] tbody tr:visible").count() == 1
        assert page.inner_text("#message") == "1 dòng."
        page.fill("[data-filter=text]", "kiem ke")
        assert page.locator("[data-rows] tbody tr:visible").count() == 0


# ---- the tick list ---------------------------------------------------------------------------------------


def marked(seen: audited.Seen, fact: str, status: str, note: str = "") -> None:
    """Marks a number in the panel."""
    seen.go(f"index.html#fact={fact}")
    seen.page.wait_for_selector("#panel fieldset")
    seen.page.check(f"#panel input[value={status}]")
    if note:
        seen.page.fill("#note", note)
        seen.page.locator("#note").blur()


def exported(seen: audited.Seen) -> Any:
    """What the export button saves."""
    with seen.page.expect_download() as coming:
        seen.page.click("#export")
    return json.loads(Path(coming.value.path()).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def review(small: Edition, browser: Browser) -> dict[str, Any]:
    """A tick list with a checked and a questioned number, as the browser exports it."""
    with opened(browser, audit_of(small), "list.html") as seen:
        seen.page.fill("#reviewer", "Trần Thị <b>")
        seen.page.locator("#reviewer").blur()
        marked(seen, "X1/total", "checked")
        marked(seen, "X2/total", "questioned", NOTE)
        seen.page.reload()
        seen.page.wait_for_selector("button.fact.questioned")
        seen.go("list.html")
        assert seen.page.inner_text("#counted").endswith("1 đã kiểm tra, 1 có câu hỏi.")
        assert seen.page.title().startswith("Danh sách kiểm tra")
        content = exported(seen)
        assert seen.complaints == []
    return content


def test_marks_are_kept_and_exported(review: dict[str, Any], small: Edition) -> None:
    """The exported file names edition and build, and of each mark the number, its value, page, note, reviewer, time."""
    facts = traced.facts(small.draft)
    items = {item.pop("fact"): item for item in json.loads(json.dumps(review["items"]))}

    assert (review["kind"], review["format"], review["edition"]) == ("minhbach-review", 1, "2026-thu")
    assert len(review["build"]) == 64
    assert set(items) == {"X1/total", "X2/total"}
    assert items["X1/total"]["status"] == "checked"
    assert items["X2/total"]["status"] == "questioned"
    assert items["X2/total"]["note"] == NOTE
    assert items["X2/total"]["shown"] == facts["X2/total"]["shown"]
    assert "report.pdf, trang" in items["X2/total"]["page"]
    assert items["X2/total"]["reviewer"] == "Trần Thị <b>"
    assert items["X2/total"]["time"][:2] == "20"


def test_a_list_comes_back(review: dict[str, Any], small: Edition, browser: Browser, tmp_path: Path) -> None:
    """In another browser the file brings the same marks; a newer mark there stays, and the note is only text."""
    file = tmp_path / "list.json"
    file.write_text(json.dumps(review), encoding="utf-8")
    with opened(browser, audit_of(small), "list.html") as seen:
        marked(seen, "X1/total", "questioned", "mới hơn")
        seen.go("list.html")
        seen.page.set_input_files("#import", file)
        expect(seen.page.locator("#message")).to_contain_text("Đã nhập 1 mục; 1 mục")
        rows = seen.page.locator("#list tr").all_inner_texts()

        assert len(rows) == 2
        assert "mới hơn" in rows[0]
        assert "<script>document.title = 1</script>" in rows[1]
        assert seen.page.title().startswith("Danh sách kiểm tra")
        assert seen.complaints == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"edition": "2022-gia-lai"}, "Tệp này là của kỳ 2022-gia-lai, không phải kỳ 2026-thu"),
        ({"build": "0" * 64}, "Tệp này là của một bản khác"),
        ({"kind": "other"}, "Tệp này không phải là danh sách kiểm tra"),
        ({"items": [{"fact": "X1/total", "status": "checked"}]}, "Mục thứ 1 của tệp không đúng dạng"),
        ({"items": "x"}, "Mục thứ 1 của tệp không đúng dạng"),
        (None, "Tệp này không phải là danh sách kiểm tra"),
    ],
)
def test_a_foreign_list_is_refused(
    review: dict[str, Any], small: Edition, browser: Browser, tmp_path: Path, change: dict[str, Any] | None, words: str
) -> None:
    """A list of another edition or build, or a file that is no list, is refused with a sentence and changes nothing."""
    file = tmp_path / "list.json"
    file.write_text("{" if change is None else json.dumps(review | change), encoding="utf-8")
    with opened(browser, audit_of(small), "list.html") as seen:
        seen.page.set_input_files("#import", file)

        expect(seen.page.locator("#message")).to_contain_text(words)
        assert seen.page.locator("#list tr").count() == 0


# ---- offline, narrow, hostile, accessible ----------------------------------------------------------------


def test_the_pages_ask_for_nothing_outside(ran: Ran, browser: Browser) -> None:
    """Every kind of page opens from the file system without a request outside its folder and without a complaint."""
    audit = ran.draft / "audit"
    names = [*PAGES, "units/bo-tai-chinh.html", "notebooks/3_report.html", "criteria/ict-index-2019-bo/total.html"]
    with opened(browser, audit, "index.html") as seen:
        for name in names:
            seen.go(f"{name}#fact=bo-tai-chinh/total")
            seen.page.wait_for_selector("#panel .chain")

        assert seen.asked == []
        assert seen.complaints == []


def test_links_lead_to_pages_and_places(small: Edition, ran: Ran) -> None:
    """Every link of every page leads to a file of the draft, and to a place that the page has."""
    assert broken_links(audit_of(small)) == []
    assert broken_links(ran.draft / "audit") == []


def test_links_of_a_chain_lead_to_pages_and_places(small: Edition, browser: Browser) -> None:
    """Every link of the unfolded chains of all numbers leads to a page that is there and to a place in it."""
    audit = audit_of(small)
    found = set()
    with opened(browser, audit, "index.html") as seen:
        for fact_id in traced.facts(small.draft):
            seen.go(f"index.html#fact={fact_id}")
            seen.page.wait_for_selector("#panel .chain")
            seen.page.click("#panel button.all")
            found |= set(
                seen.page.locator("#panel a").evaluate_all("all => all.map(each => each.getAttribute('href'))")
            )

    addresses = [address.partition("#")[::2] for address in found if not address.startswith("#")]
    absent = [
        (name, place)
        for name, place in addresses
        if place and f' id="{place}"' not in (audit / name).read_text(encoding="utf-8")
    ]
    kinds = {name.split("/")[1] for name, _ in addresses}
    assert absent == []
    assert {"units", "criteria", "notebooks", "sources", "register.html", "index.html"} <= kinds


@pytest.mark.parametrize("name", ["index.html", "units/bo-tai-chinh.html", "register.html", "list.html", "search.html"])
def test_the_pages_fit_a_telephone(ran: Ran, browser: Browser, name: str) -> None:
    """At 360 pixels no page is wider than the window, and the panel is a sheet at the bottom."""
    with opened(browser, ran.draft / "audit", f"{name}#fact=bo-tai-chinh/total", width=TELEPHONE) as seen:
        seen.page.wait_for_selector("#panel .chain")
        box = seen.page.locator("#panel").bounding_box()

        assert seen.page.evaluate("document.documentElement.scrollWidth") == TELEPHONE
        assert box is not None
        assert (box["x"], box["width"]) == (0, TELEPHONE)
        assert 0 < box["y"] == 800 - box["height"]


def test_a_hostile_name_is_only_text(hostile: Path, browser: Browser) -> None:
    """A unit whose name is HTML is printed as its letters on every page, in the panel and in the search."""
    with opened(browser, hostile, "index.html#fact=X1/hang") as seen:
        page = seen.page
        page.wait_for_selector("#panel .chain")
        page.click("#panel button.all")
        for name in (
            "units.html",
            "units/X1.html",
            "register.html",
            "criteria/thu-xa/total.html",
            "notebooks/3_report.html",
        ):
            seen.go(name)
            assert page.locator("img, main script, main b, iframe").count() == 0
        seen.go("search.html")
        page.fill("#search", "onerror")
        page.wait_for_selector("#results a")

        assert page.inner_text("#results a") == HOSTILE
        assert page.title().startswith("Tìm kiếm")
        assert (seen.asked, seen.complaints) == ([], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_break_no_rule_of_accessibility(ran: Ran, browser: Browser, scheme: Any) -> None:
    """axe-core finds nothing on any kind of page, with the panel open, in light and dark."""
    names = [*PAGES, "units/bo-tai-chinh.html", "notebooks/2_score.html", "criteria/ict-index-2019-bo/total.html"]
    broken = []
    with opened(browser, ran.draft / "audit", "index.html", color_scheme=scheme) as seen:
        marked(seen, "bo-tai-chinh/total", "questioned", "xem lại")
        for name in names:
            seen.go(f"{name}#fact=bo-tai-chinh/total")
            seen.page.wait_for_selector("#panel .chain")
            seen.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
            # What is not laid out yet, because it is off the screen, would count as lying over its neighbours.
            seen.page.evaluate(
                "document.querySelectorAll('main *').forEach(each => each.style.contentVisibility = 'visible')"
            )
            seen.page.evaluate("document.querySelectorAll('.scroll').forEach(each => { each.scrollTo(0, 0); })")
            found = Axe().run(seen.page, options=RULES).response["violations"]
            broken += [f"{name}: {each['id']}: {[node['html'][:160] for node in each['nodes'][:2]]}" for each in found]

    assert broken == []


def test_the_same_draft_gives_the_same_pages(small: Edition, tmp_path: Path) -> None:
    """Pages written again are the same, byte for byte."""
    before = projects.bytes_of(audit_of(small))

    audit_stage.write(editions.load(small), small, "vi")

    assert projects.bytes_of(audit_of(small)) == before
