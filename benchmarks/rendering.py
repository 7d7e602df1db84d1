"""What rendering (PDFs, page, workbooks) and proving (closed world, audit, evidence, lineage) take of a whole run."""

from __future__ import annotations

import re
import statistics
from pathlib import Path

import pypdfium2
from measuring import project
from measuring.clock import show, span, target

from minhbach.paths import Edition

EDITION = "2022-gia-lai"
ROUNDS = 3
RENDERING = ("workbook", "render", "scorecards", "release")
PROVING = ("close", "audit", "evidence", "lineage")
LINE = re.compile(r"^(\w+): (\d+\.\d+) s$", re.MULTILINE)
MOST_RENDERING, MOST_PROVING = 0.5, 0.4


def stages(edition: Edition) -> dict[str, float]:
    """Seconds by stage of the last run."""
    return {name: float(taken) for name, taken in LINE.findall(edition.log.read_text(encoding="utf-8"))}


def pages(folder: Path) -> int:
    """The pages of all PDF files below a folder."""
    found = 0
    for file in folder.rglob("*.pdf"):
        with pypdfium2.PdfDocument(file) as document:
            found += len(document)
    return found


def main() -> None:
    """Measures and prints."""
    with project.copied() as copy:
        edition = Edition(EDITION, copy)
        rounds = []
        for _ in range(ROUNDS):
            project.python(copy, "pipeline.py", "run", EDITION)
            rounds.append(stages(edition))
        set_pages = pages(edition.draft)
    times = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
    whole = sum(times.values())
    rendering, proving = (sum(times.get(name, 0.0) for name in names) for names in (RENDERING, PROVING))
    rows = [[name, span(taken), f"{taken / whole:.2f}"] for name, taken in times.items()]
    show(f"Stages of a whole run of {EDITION}", ("", "median", "share"), rows)
    print(f"  {set_pages} pages of PDF, {set_pages / rendering:.1f} pages per second of rendering")
    target("rendering / whole run", rendering / whole, MOST_RENDERING)
    target("closed world, audit, evidence, lineage / all else", proving / (whole - proving), MOST_PROVING)


if __name__ == "__main__":
    main()
