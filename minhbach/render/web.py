"""The report as one web page: rules of security, charts drawn inside it, and the data behind each chart."""

from __future__ import annotations

import html
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Final

from minhbach.errors import RenderError
from minhbach.render import svg, web_data
from minhbach.wording import say, sentences

HERE: Final = Path(__file__).resolve().parent
OPTIONS: Final = ("--mathml", "--toc", "--toc-depth=3", "--lua-filter", str(HERE / "web.lua"))
WORDS: Final = ("contents", "sort", "ascending", "descending", "original", "fact")
DRAWING: Final = re.compile(
    r'<svg data-file="(?P<file>[^"]*)" data-label="(?P<label>[^"]*)" aria-label="(?P<words>[^"]*)"></svg>'
)
DATA: Final = re.compile(r'<details data-file="(?P<file>[^"]*)" data-name="(?P<name>[^"]*)"></details>')
NAMED: Final = re.compile(r'<td(?P<attributes>[^>]* scope="row"[^>]*)>(?P<content>.*?)</td>', re.DOTALL)
ALIGNED: Final = re.compile(r'(<mtd [^>]*?) style="[^"]*"')
CLOSING: Final = re.compile(r"<!--closing-->\n(?P<block>.*)<!--/closing-->\n", re.DOTALL)
ANNEXES: Final = "<!--annexes-->\n"
MARK: Final = "\x00"


def variables(language: str) -> list[tuple[str, str]]:
    """What the template needs beside the metadata: style and script with the hashes that allow them, and words."""
    parts = {"style": (HERE / "report.css"), "script": (HERE / "report.js")}
    texts = {name: path.read_text(encoding="utf-8").strip() for name, path in parts.items()}
    hashes = [(f"{name}-hash", _hash(text)) for name, text in texts.items()]
    words = [(f"web-{word}", html.escape(sentences(language)[f"web_{word}"])) for word in WORDS]
    return [*texts.items(), *hashes, *words, ("pagetitle", "report")]


def finish(page: Path, language: str) -> None:
    """Puts charts, their data and the signature into a page that Pandoc wrote; the files stand below its folder.

    Raises RenderError that names every chart with anything in it that could run or fetch.
    """
    text = page.read_text(encoding="utf-8")
    problems: list[str] = []
    text = DRAWING.sub(lambda found: _drawing(page.parent, found, problems), text)
    if problems:
        raise RenderError("\n".join(["The page cannot take these charts; draw them again with a run:", *problems]))
    text = DATA.sub(lambda found: _data(page.parent, found, language), text)
    text = ALIGNED.sub(r"\1", NAMED.sub(r"<th\g<attributes>>\g<content></th>", text))
    page.write_text(_closed(text), encoding="utf-8", newline="\n")


def _hash(text: str) -> str:
    """What a page's rules of security call a text that may stand in it."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _drawing(folder: Path, found: re.Match[str], problems: list[str]) -> str:
    """The chart in place of its mark."""
    file = html.unescape(found["file"])
    try:
        return svg.inline((folder / file).read_bytes(), found["label"], html.unescape(found["words"]))
    except ValueError as error:
        problems.append(f"  {file}: {error}")
        return ""


def _closed(text: str) -> str:
    """The signature and the recipients stand before the first annex, where there is one."""
    closing = CLOSING.search(text)
    assert closing is not None
    if ANNEXES not in text:
        return text.replace(closing[0], closing["block"])
    return text.replace(closing[0], "").replace(ANNEXES, closing["block"])


def _data(folder: Path, found: re.Match[str], language: str) -> str:
    """The table that a chart is drawn from, folded; nothing where none is saved beside the chart."""
    file = (folder / html.unescape(found["file"])).with_suffix(".csv")
    name = say("web_data", language, figure=html.unescape(found["name"]))
    table = web_data.table(file, name, language) if file.is_file() else ""
    number = f'<span class="numbering">{found["name"]}</span>'
    summary = f"<summary>{html.escape(say('web_data', language, figure=MARK)).replace(MARK, number)}</summary>"
    return f'<details class="data">\n{summary}\n{table}\n</details>' if table else ""
