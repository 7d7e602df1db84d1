"""The report as a web page in a real browser: offline, readable on a narrow screen, and with its structure."""

import json
import subprocess
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import projects
import pytest
from projects import LIMIT, Ran

WIDTH = 360  # CSS pixels of a small telephone
# The page itself is framed as it is, with its own rules of security; the frame around it measures.
FRAME = """<!DOCTYPE html><html><body style="margin:0">
<iframe id="page" width="{width}" height="740" style="border:0" src="{address}"></iframe>
<script>
document.getElementById("page").onload = function () {{
  const page = this.contentDocument, view = this.contentWindow;
  const wide = [...page.querySelectorAll("body *")].filter(each => {{
    for (let one = each; one; one = one.parentElement)
      if (["auto", "scroll", "hidden"].includes(view.getComputedStyle(one).overflowX)) return false;
    return each.getBoundingClientRect().right > {width} + 1;
  }});
  document.body.dataset.seen = JSON.stringify({{
    inner: view.innerWidth,
    scroll: page.documentElement.scrollWidth,
    wide: wide.map(each => each.tagName + ": " + each.textContent.slice(0, 40)),
    outside: view.performance.getEntriesByType("resource").map(each => each.name),
    broken: [...page.images].filter(each => !each.naturalWidth).length,
    images: page.images.length + page.querySelectorAll("svg").length,
    lang: page.documentElement.lang,
    title: page.title,
    letters: parseFloat(view.getComputedStyle(page.body).fontSize),
  }});
}};
</script></body></html>"""


class Structure(HTMLParser):
    """The tags of a page with their attributes, and the text of its headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes a tag."""
        self.tags.append((tag, dict(attrs)))


@pytest.fixture(params=["2017-tinh", "2022-dti"])
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A shipped edition after its run."""
    return projects.shipped(tmp_path_factory, request.param)


def browse(program: str, page: Path, folder: Path, *options: str) -> str:
    """What Chromium, for which no host can be found, says about a page."""
    command = [program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    command += [f"--user-data-dir={folder / 'profile'}", "--host-resolver-rules=MAP * ~NOTFOUND"]
    command += ["--allow-file-access-from-files", "--disable-dev-shm-usage", *options, page.as_uri()]
    outcome = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=LIMIT, check=True)
    return outcome.stdout


def test_the_page_fits_a_telephone_and_asks_for_nothing(
    ran: Ran, program: Callable[[str], str], tmp_path: Path
) -> None:
    """At 360 pixels nothing is wider than the window, letters have 16 pixels or more, and nothing is fetched."""
    frame = tmp_path / "frame.html"
    frame.write_text(FRAME.format(width=WIDTH, address=(ran.draft / "report.html").as_uri()), encoding="utf-8")

    shown = Structure(browse(program("chromium"), frame, tmp_path, "--virtual-time-budget=4000", "--dump-dom"))

    seen = json.loads(next(attributes["data-seen"] for tag, attributes in shown.tags if tag == "body") or "")
    assert seen["inner"] == WIDTH
    assert seen["scroll"] <= WIDTH
    assert seen["wide"] == []
    assert seen["outside"] == []
    assert (seen["broken"], seen["images"]) == (0, 1)
    assert seen["lang"] == "vi"
    assert len(seen["title"]) > 20
    assert seen["letters"] >= 16


def test_the_page_is_drawn(ran: Ran, program: Callable[[str], str], tmp_path: Path) -> None:
    """Chromium draws the page: the picture of its top is neither empty nor of one colour."""
    picture = tmp_path / "top.png"

    browse(
        program("chromium"), ran.draft / "report.html", tmp_path, "--window-size=900,1200", f"--screenshot={picture}"
    )

    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 30_000


def test_the_page_has_its_structure(ran: Ran) -> None:
    """The page says its language, has one main part, headings in order, table heads with a scope, and captions."""
    page = Structure(ran.text("report.html"))
    count = Counter(tag for tag, _ in page.tags)
    levels = [int(tag[1]) for tag, _ in page.tags if tag in ("h1", "h2", "h3", "h4", "h5", "h6")]
    heads = [attributes for tag, attributes in page.tags if tag == "th"]
    images = [attributes for tag, attributes in page.tags if tag == "img"]

    assert (count["html"], count["title"], count["main"]) == (1, 1, 1)
    assert len(levels) >= 7
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert heads
    assert [head for head in heads if head.get("scope") not in ("col", "row")] == []
    assert count["table"] == count["thead"] == count["caption"] + count["figcaption"] - len(images)
    assert len(images) == 1
    assert all(image.get("alt") for image in images)


def test_the_page_holds_everything_itself(ran: Ran) -> None:
    """No tag of the page names another file or a host; links lead to places in the page, which exist."""
    page = Structure(ran.text("report.html"))
    places = {attributes["id"] for _, attributes in page.tags if attributes.get("id")}

    links = [attributes["href"] or "" for tag, attributes in page.tags if tag == "a" and "href" in attributes]
    sources = [
        value or ""
        for tag, attributes in page.tags
        for name, value in attributes.items()
        if name in ("src", "srcset", "data", "poster", "action") or (name == "href" and tag != "a")
    ]

    assert [source for source in sources if not source.startswith("data:image/")] == []
    assert [link for link in links if not link.startswith("#") or link[1:] not in places] == []
    assert not {"script", "iframe", "object", "embed", "base", "form"} & {tag for tag, _ in page.tags}
