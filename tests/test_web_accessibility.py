"""The web page under axe-core, the checker of the WCAG rules, in a real browser."""

from pathlib import Path

import projects
import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import TELEPHONE, WIDE, opened
from playwright.sync_api import Browser
from test_web import BODY, page_of, table

# All rules of WCAG 2.2 A and AA, and the best practices.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
GROUPS = table(
    "groups",
    ("Hạng", "Đơn vị", "Điểm"),
    [
        ("[Huyện A]{.group}", "", ""),
        ("1", "Xã Ia Ake", "5"),
        ("2", "Xã Ia Sol", "4"),
        ("[Trung bình]{.subtotal}", "", "4,5"),
    ],
)


def violations(browser: Browser, file: Path, *, contrast: bool = True, **options: object) -> list[str]:
    """Each broken rule with the first elements that break it, with every fold of the page open."""
    rules = RULES | {"rules": {"color-contrast": {"enabled": contrast}}}
    with opened(browser, file, **options) as seen:
        seen.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
        found = Axe().run(seen.page, options=rules).response["violations"]
    return [f"{each['id']}: {[node['html'][:200] for node in each['nodes'][:3]]}" for each in found]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small page with everything in it."""
    return page_of(tmp_path_factory.mktemp("made"), BODY.replace("## Tỷ lệ", f"{GROUPS}\n\n## Tỷ lệ"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [TELEPHONE, WIDE])
def test_a_page_keeps_all_rules(made: Path, browser: Browser, scheme: str, width: int) -> None:
    """axe-core finds nothing on a page with tables, groups, charts, formulas and annexes, narrow, wide or dark."""
    assert violations(browser, made, color_scheme=scheme, width=width) == []


def test_the_checker_sees_what_is_wrong(browser: Browser, made: Path, tmp_path: Path) -> None:
    """A page that says no language, with a chart that has no words, breaks those two rules."""
    text = made.read_text(encoding="utf-8").replace(' lang="vi"', "", 1).replace('aria-label="Cao nhất', 'lang="Cao', 1)
    (tmp_path / "report.html").write_text(text, encoding="utf-8")

    found = violations(browser, tmp_path / "report.html")

    assert {each.partition(":")[0] for each in found} == {"html-has-lang", "svg-img-alt"}


@pytest.mark.parametrize("name", ["report.html", "en/report.html"])
def test_a_shipped_report_keeps_all_rules(
    name: str, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """axe-core finds nothing on the page of a shipped edition, in both languages."""
    ran = projects.shipped(tmp_path_factory, "2019-bo", "--lang", "vi,en")

    assert violations(browser, ran.draft / name, width=TELEPHONE) == []


def test_the_largest_report_keeps_all_rules(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    """axe-core finds nothing on the page of 237 units; its colours, which take longest, are those of smaller pages."""
    ran = projects.shipped(tmp_path_factory, "2022-gia-lai")

    assert violations(browser, ran.draft / "report.html", contrast=False, width=TELEPHONE) == []
