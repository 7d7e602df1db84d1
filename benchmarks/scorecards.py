"""All scorecards of 2022-gia-lai, single and bound, against a floor: Typst setting as many cards of plain text.

Time and memory of both are taken in turns, each round in a fresh process, so that they compare on any machine.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path
from time import process_time

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


def cards() -> int:
    """Writes all cards of the edition that was run in this folder; gives how many there are."""
    edition, folder = Edition(EDITION), Path("cards")
    scorecards.write(editions.load(edition), edition, "vi", folder, ["vi"])
    return sum(1 for _ in (folder / "scorecards").iterdir())


def plain(pages: int) -> int:
    """Sets as many pages of plain text, each a document of its own, with one compiler."""
    source = Path("plain.typ")
    source.write_text(PLAIN, encoding="utf-8")
    fonts = typst.Fonts(include_system_fonts=False)
    compiler = typst.Compiler(source, font_paths=fonts, ignore_system_fonts=True, sys_inputs={"data": "[]"})
    for number in range(pages):
        lines = [f"Câu hỏi thứ {number}, dòng {line}: số máy tính đang dùng" for line in range(LETTERS // 50)]
        compiler.compile(format="pdf", pdf_standards=STANDARDS, timestamp=0, sys_inputs={"data": json.dumps(lines)})
    return pages


def one(pages: int) -> None:
    """Measures plain pages or, without pages, the cards; prints seconds by wall and processor, MiB and pages."""
    made: list[int] = []
    begun = process_time()
    wall = seconds(lambda: made.append(plain(pages) if pages else cards()))
    unit = 2**20 if sys.platform == "darwin" else 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    print(json.dumps([wall, process_time() - begun, peak, made[0]]))


def fresh(folder: Path, pages: int) -> list[float]:
    """The same in a fresh process."""
    command = [sys.executable, str(Path(__file__).resolve()), str(pages)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(folder), str(Path(__file__).parent)])}
    result = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    found: list[float] = json.loads(result.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measures and prints."""
    with project.copied() as copy:
        project.python(copy, "pipeline.py", "run", EDITION)
        rounds = []
        for _ in range(ROUNDS):
            own = fresh(copy, 0)
            rounds.append((own, fresh(copy, int(own[3]))))
    pages = int(rounds[0][0][3])
    (whole, used, memory), (floor, needed, least) = (
        [statistics.median(each[side][what] for each in rounds) for what in range(3)] for side in (0, 1)
    )
    rows = [
        [
            "scorecards",
            span(whole),
            f"{pages / whole:.1f}",
            span(used),
            f"{used / needed:.2f}",
            f"{memory / least:.2f}",
        ],
        ["plain text, one thread", span(floor), f"{pages / floor:.1f}", span(needed), "1.00", "1.00"],
    ]
    header = ("", "time", "pages / s", "processor", "ratio", "memory")
    show(f"{pages} cards, single and bound ({EDITION}); ratios of processor time and of peak memory", header, rows)
    print(f"Peak memory of a process that writes all cards and nothing else: {memory:.0f} MiB")
    print(f"TARGET all scorecards in one process: {whole:.1f} s, at most {LIMIT:.0f} s: "
          f"{'met' if whole <= LIMIT else 'NOT MET'}")  # fmt: skip


if __name__ == "__main__":
    one(int(sys.argv[1])) if len(sys.argv) > 1 else main()
