"""The page of differences: both PDFs side by side, a box over each changed number, linked with its counterpart."""

import io
import re
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path

import browsing
import differing
import numpy as np
import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from differing import Build
from PIL import Image
from playwright.sync_api import Browser

from minhbach import diff, diff_page, diff_page_list, diff_page_sheets, diff_picture, diff_places, diff_side
from minhbach.diff_places import Box, Mark

# 60 % of `may` and 40 % of `cong`: 70, 48 and 52 points. The facts by id: all/best, then may and total of each unit.
FIRST = {"u1": ("50", "100"), "u2": ("80", "0"), "u3": ("20", "100")}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An edition with v1, of two pages, and v2, of one, in which `may` of u2 is 90 and its total 54."""
    differing.write(tmp_path, "2021-nho", "v1", Build(FIRST, pages=2))
    differing.write(tmp_path, "2021-nho", "v2", Build(FIRST, {"u2": "90"}, pages=1))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def made(earlier: str = "v1", later: str = "v2") -> str:
    """The page."""
    one, two = (diff_side.opened("2021-nho", each, "vi") for each in (earlier, later))
    return diff_page.page(diff.difference(one, two))


def test_a_box_stands_over_each_changed_number(root: Path) -> None:
    """On the line of its number, wide as two digits; the earlier one on both pages, each leading to the later one."""
    page = made()

    boxes = re.findall(r'<a id="(\w+-\d)" href="#(\w+-\d)" aria-label="([^"]*)" style="([^"]*)"></a>', page)
    assert [(own, other, said) for own, other, said, _ in boxes] == [
        ("before-0", "after-0", "Xã U2 – Số máy: 80, nay là 90"),
        ("before-1", "after-1", "Xã U2 – Tổng điểm: 48.00, nay là 54.00"),
        ("after-0", "before-0", "Xã U2 – Số máy: 90, trước là 80"),
        ("after-1", "before-1", "Xã U2 – Tổng điểm: 54.00, trước là 48.00"),
        ("before-2", "after-0", "Xã U2 – Số máy: 80, nay là 90"),
        ("before-3", "after-1", "Xã U2 – Tổng điểm: 48.00, nay là 54.00"),
    ]
    places = {own: {name: float(part) for name, part in re.findall(r"(\w+):([\d.]+)%", style)}
              for own, _, _, style in boxes}  # fmt: skip
    may, total = places["before-0"], places["before-1"]
    assert may["left"] == pytest.approx(39.5 / 210 * 100, abs=0.01)
    assert may["top"] < 60 / 297 * 100 < may["top"] + may["height"]  # the fourth fact: 30 + 3 × 10 mm
    assert total["top"] - may["top"] == pytest.approx(10 / 297 * 100, abs=0.01)
    assert 3 < may["width"] * 2.1 < 7 < total["width"] * 2.1 < 13  # mm


def test_the_boxes_cover_the_ink_of_the_numbers(root: Path) -> None:
    """What differs between the pictures of the first pages lies inside the boxes."""
    one, two = (diff_side.opened("2021-nho", each, "vi") for each in ("v1", "v2"))
    found = [box for side in (one, two) for mark in diff_places.marks(side, {"u2/may", "u2/total"}, ())
             for box in mark.boxes if box.page == 1]  # fmt: skip
    pixels = []
    for side in (one, two):
        with pypdfium2.PdfDocument(side.evidence.home / "report.pdf") as document:
            pixels.append(np.asarray(Image.open(io.BytesIO(diff_picture.png(document[0]))).convert("L"), dtype=int))

    height, width = pixels[0].shape
    changed = np.argwhere(abs(pixels[0] - pixels[1]) > 40)
    assert (width, height) == (893, 1263)  # 210 × 297 mm at 108 pixels to the inch, rounded up
    assert len(changed) > 20
    assert all(any(_inside(box, x / width, y / height) for box in found) for y, x in changed)


def _inside(box: Box, x: float, y: float) -> bool:
    return box.left <= x <= box.left + box.width and box.top <= y <= box.top + box.height


def test_the_list_jumps_to_both_sides(root: Path) -> None:
    """Each change stands in the list with both values and links to its pages; every link leads somewhere, once."""
    page = made()

    text = "Xã U2 – Tổng điểm: <del>48.00</del> → <ins>54.00</ins>"
    links = '(trước, trang <a href="#before-1">1</a>, <a href="#before-3">2</a>; sau, trang <a href="#after-1">1</a>)'
    assert f'<li>{text} <span class="where">{links}</span></li>' in page.replace("48,00", "48.00").replace(
        "54,00", "54.00"
    )
    ids = re.findall(r'\sid="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(ids)


def test_what_stands_on_one_side_only_is_listed_and_marked_there(root: Path) -> None:
    """A unit that is gone has boxes without a link, and its numbers stand in the list."""
    differing.write(root, "2021-nho", "v3", Build({"u1": FIRST["u1"], "u3": FIRST["u3"]}, pages=1))

    page = made("v1", "v3")

    assert '<span id="before-0" role="img" aria-label="Xã U2 – Số máy: 80, không in"' in page
    assert "Xã U2 – Số máy: <del>80</del> → <ins>–</ins>" in page
    assert "Báo cáo sau không có trang tương ứng." in page


def test_without_a_pdf_the_changes_are_listed(root: Path) -> None:
    """A side whose report has no PDF has no pages; the list has all changes."""
    differing.write(root, "2021-nho", "v3", Build(FIRST))
    differing.write(root, "2021-nho", "v4", Build(FIRST, {"u2": "90"}))

    page = made("v3", "v4")

    assert "Không trang PDF nào" in page
    assert "không nằm trên trang nào dưới đây" in page
    assert "<img" not in page


def test_the_page_is_the_same_twice_and_loads_nothing(root: Path) -> None:
    """The same bytes, no script, and pictures inside it that are PNGs of whole pages."""
    page = made()

    assert page == made()
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    pictures = [b64decode(each) for each in re.findall(r'src="data:image/png;base64,([^"]*)"', page)]
    assert [Image.open(io.BytesIO(each)).size for each in pictures] == [(893, 1263)] * 3


@pytest.mark.parametrize(
    ("before", "after", "rows"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 2}, [(1, 1), (2, 2)]),
        ({"a": 1, "b": 2, "c": 3}, {"a": 2, "c": 4}, [(1, 2), (2, 0), (3, 4)]),
        ({"a": 3}, {"b": 1, "a": 3, "c": 5}, [(0, 1), (3, 3), (0, 5)]),
        ({"a": 1, "b": 1, "c": 2}, {"a": 1, "b": 2, "c": 2}, [(1, 1), (2, 2)]),
        ({"a": 2}, {"a": 1, "b": 1}, [(2, 1)]),
        ({"a": 4}, {"b": 4}, [(4, 4)]),
        ({"a": 25, "b": 12}, {"a": 12, "a ": 25}, [(12, 12), (25, 25)]),
        ({}, {"a": 1}, [(0, 1)]),
    ],
)
def test_pages_stand_beside_those_with_the_same_numbers(
    before: Mapping[str, int], after: Mapping[str, int], rows: list[tuple[int, int]]
) -> None:
    """Each page with a change is shown once, in its order, beside the page that shares most of its numbers.

    `a ` stands for a second place of `a`.
    """

    def marks(of: Mapping[str, int]) -> tuple[Mark, ...]:
        return tuple(Mark(key.strip(), (Box(page, 0, 0, 0, 0),)) for key, page in of.items())

    assert diff_page_sheets.rows({"before": marks(before), "after": marks(after)}) == rows


def test_a_number_leads_to_the_nearest_place_of_its_twin() -> None:
    """Places of equal count go together one by one; otherwise the one on the nearest page counts; none without one."""

    def marks(*of: tuple[str, int]) -> tuple[Mark, ...]:
        return tuple(Mark(key, (Box(page, 0, 0, 0, 0),)) for key, page in of)

    marked = {"before": marks(("a", 1), ("b", 2), ("a", 9)), "after": marks(("a", 5), ("b", 4), ("b", 3), ("a", 6))}
    known = diff_page_list.numbers(marked)

    assert [diff_page_sheets.twin(marked, known, "before", number) for number in (0, 1, 2)] == [0, 2, 3]
    assert [diff_page_sheets.twin(marked, known, "after", number) for number in (0, 1, 2, 3)] == [0, 1, 1, 2]
    alone = {"before": marks(("a", 1)), "after": ()}
    assert diff_page_sheets.twin(alone, diff_page_list.numbers(alone), "before", 0) is None


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "light"), (1280, "dark")])
def test_the_page_is_accessible_and_follows_the_keyboard(root: Path, browser: Browser, width: int, scheme: str) -> None:
    """No fault of accessibility, nothing asked for, no scrolling sideways; Enter on a box leads to its counterpart."""
    file = root / "diff.html"
    file.write_text(made(), encoding="utf-8")

    with browsing.opened(browser, file, width=width, color_scheme=scheme) as seen:
        faults = Axe().run(seen.page).response["violations"]
        seen.page.locator("#before-1").focus()
        seen.page.keyboard.press("Enter")
        reached = seen.page.evaluate("document.querySelector(':target').id")
        sight = seen.page.locator("#after-1").bounding_box()
        wide = seen.page.evaluate("document.documentElement.scrollWidth")

    assert [fault["id"] for fault in faults] == []
    assert (seen.asked, seen.complaints) == ([], [])
    assert reached == "after-1"
    assert sight is not None
    assert 0 <= sight["y"] < 800
    assert wide <= width
