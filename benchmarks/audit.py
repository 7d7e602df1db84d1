"""The audit pages of the largest edition: time to write, time to open in Chromium, and bytes as units are more."""

from __future__ import annotations

import csv
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from measuring import project
from measuring.clock import in_turns, show, span
from playwright.sync_api import Page, sync_playwright

from minhbach import audit_stage, editions
from minhbach.paths import Edition

EDITION, UNIT, FRAMEWORK = "2022-gia-lai", "622", "qd-2392-2017-xa"
ROUNDS, MOST_WRITING, MOST_OPENING = 3, 10.0, 1.0  # seconds
SIZES = (30, 60, 120, 237)
PAGES = {
    "the report": "index.html",
    "the report at a number": f"index.html#fact={UNIT}/total",
    "a unit": f"units/{UNIT}.html",
    "a criterion": f"criteria/{FRAMEWORK}/HT1.html",
    "the register": "register.html",
    "the tick list": "list.html",
}


def write(edition: Edition) -> Path:
    """Writes the audit pages of a draft; gives their folder."""
    folder = edition.draft / audit_stage.FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    audit_stage.write(editions.load(edition), edition, "vi")
    return folder


def reduced(source: Path, folder: Path, count: int) -> Edition:
    """A copy of the project in which only every so many-th unit is left, in all tables, without queries over units."""
    for name in ("data", "frameworks", "reports"):
        shutil.copytree(source / name, folder / name, ignore=shutil.ignore_patterns("audit", "*.pdf"))
    edition = Edition(EDITION, folder)
    units = _rows(edition.units_file)
    assessed = [row[0] for row in units[1:]]
    kept = {assessed[place * len(assessed) // count] for place in range(count)}
    kept |= {unit_id for each in editions.load(edition).assessment.frameworks for unit_id in each.absent}
    parent = units[0].index("parent_id")  # a parent may be gone
    _write(edition.units_file, [units[0], *(_blank(row, parent) for row in units[1:] if row[0] in kept)])
    tables = [*edition.validated.rglob("*.csv"), *edition.draft.glob("qd-*/*.csv")]
    for path in tables:
        header, *rows = _rows(path)
        place = header.index("unit_id") if "unit_id" in header else 0
        _write(path, [header, *(row for row in rows if row[place] in kept)])
    header, *rows = _rows(edition.draft / "facts.csv")
    _write(edition.draft / "facts.csv", [header, *(row for row in rows if row[0].partition("/")[0] in kept)])
    return edition


def _blank(row: list[str], place: int) -> list[str]:
    return [*row[:place], "", *row[place + 1 :]]


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def _write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def opening(page: Page, address: str) -> None:
    """Opens a page until it is drawn, and its panel if it has one to show."""
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("#panel .chain" if "#fact=" in address else "main h1, main h2")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def opened(folder: Path) -> dict[str, float]:
    """Seconds until each page is open, in a browser that is running."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        tasks: dict[str, Callable[[], object]] = {
            name: lambda file=file: opening(page, f"{folder.as_uri()}/{file}")  # type: ignore[misc]
            for name, file in PAGES.items()
        }
        times = in_turns(tasks, ROUNDS, time.perf_counter)
        browser.close()
    return times


def main() -> None:
    """Measures and prints."""
    with project.copied() as copy:
        project.python(copy, "pipeline.py", "run", EDITION)
        edition = Edition(EDITION, copy)
        written = in_turns({"writing": lambda: write(edition)}, ROUNDS, time.process_time)["writing"]
        pages = opened(edition.draft / audit_stage.FOLDER)
        sizes = []
        for count in SIZES:
            small = copy / f"of{count}"
            folder = write(reduced(copy, small, count))
            size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            sizes.append([str(count), f"{size / 1e6:.1f} MB", f"{size / count / 1e3:.0f} kB"])
            shutil.rmtree(small)
    show(f"Audit pages of {EDITION}", ("", "time"), [["writing, time of this process", span(written)]])
    show("Opening in Chromium", ("", "time"), [[name, span(seconds)] for name, seconds in pages.items()])
    show("Size without queries over many units", ("units", "all", "per unit"), sizes)
    slowest = max(pages.values())
    print(f"TARGET writing: {written:.1f} s, at most {MOST_WRITING} s: {_met(written <= MOST_WRITING)}")
    print(f"TARGET slowest page: {slowest:.2f} s, at most {MOST_OPENING} s: {_met(slowest <= MOST_OPENING)}")


def _met(holds: bool) -> str:
    return "met" if holds else "NOT MET"


if __name__ == "__main__":
    main()
