"""All scorecards of 2022-gia-lai, single and bound, against a floor: Typst setting as many pages of plain text."""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path

import typst
from measuring import project
from measuring.clock import seconds, show, span

from minhbach import editions, scorecards
from minhbach.paths import Edition
from minhbach.render.embedded import STANDARDS

EDITION = "2022-gia-lai"
ROUNDS = 3
LIMIT = 20.0  # seconds
LETTERS = 5000  # about as many as a card has
PLAIN = """#set document(title: "x", date: datetime(year: 2022, month: 1, day: 1))
#set text(lang: "vi", size: 7.5pt)
#columns(3, for line in json(bytes(sys.inputs.data)) [#line #parbreak()])
"""


def cards(rounds: int) -> None:
    """Writes all cards of the edition that was run in this folder, and what it took to times.json."""
    edition = Edition(EDITION)
    setup = editions.load(edition)
    taken, made = [], 0
    for number in range(rounds):
        folder = Path(f"cards-{number}")
        taken.append(seconds(lambda folder=folder: scorecards.write(setup, edition, "vi", folder, ["vi"])))
        made = sum(1 for _ in folder.rglob("*.pdf"))
    Path("times.json").write_text(json.dumps([taken, made]), encoding="utf-8")


def plain(folder: Path, pages: int) -> None:
    """Sets as many pages of plain text, each a document of its own, with one compiler."""
    source = folder / "plain.typ"
    source.write_text(PLAIN, encoding="utf-8")
    fonts = typst.Fonts(include_system_fonts=False)
    compiler = typst.Compiler(source, font_paths=fonts, ignore_system_fonts=True, sys_inputs={"data": "[]"})
    for number in range(pages):
        lines = [f"Câu hỏi thứ {number}, dòng {line}: số máy tính đang dùng" for line in range(LETTERS // 50)]
        compiler.compile(format="pdf", pdf_standards=STANDARDS, timestamp=0, sys_inputs={"data": json.dumps(lines)})


def main() -> None:
    """Measures and prints."""
    with project.copied() as copy:
        project.python(copy, "pipeline.py", "run", EDITION)
        project.python(copy, str(Path(__file__).resolve()), "cards", str(ROUNDS))
        taken, made = json.loads((copy / "times.json").read_text(encoding="utf-8"))
        pages = 2 * made - 1  # each card stands in the bound file too, after a first page
        floor = statistics.median(seconds(lambda: plain(copy, pages)) for _ in range(ROUNDS))
    whole = statistics.median(taken)
    rows = [
        ["scorecards.write", span(whole), f"{pages / whole:.1f}", f"{whole / floor:.2f}"],
        ["plain text, one thread", span(floor), f"{pages / floor:.1f}", "1.00"],
    ]
    show(f"{made - 1} cards, {pages} pages ({EDITION})", ("", "time", "pages / s", "ratio"), rows)
    print(f"TARGET all scorecards in one process: {whole:.1f} s, at most {LIMIT:.0f} s: "
          f"{'met' if whole <= LIMIT else 'NOT MET'}")  # fmt: skip


if __name__ == "__main__":
    cards(int(sys.argv[2])) if sys.argv[1:2] == ["cards"] else main()
