"""Small drafts to be checked: a report of a few cells in a folder of its own, and readers of what the check says."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from minhbach import closed, facts, facts_files, tables
from minhbach.errors import DataError
from minhbach.facts import Ledger
from minhbach.figures import Canvas, Number
from minhbach.render.embedded import Rendered, _compile, render
from minhbach.render.fonts import find_fonts
from minhbach.render.places import Marks

METADATA = {
    "title": "Báo cáo năm 2023",
    "lang": "vi",
    "date": "2023-06-14",
    "issuer": "Sở Thông tin và Truyền thông",
    "number": "12/BC-STTTT",
    "place_date": "Gia Lai, ngày 14 tháng 6 năm 2023",
    "type": "Báo cáo",
    "abstract": "Kết quả năm 2022",
    "draft": "DỰ THẢO",
    "annex_note": "(Kèm theo Báo cáo số 12/BC-STTTT)",
    "recipients": ["Như Điều 3;", "Lưu: VT, KS (02 bản)."],
    "signature": {"authority": "KT. GIÁM ĐỐC", "post": "PHÓ GIÁM ĐỐC", "name": "Nguyễn Văn A"},
}
POINTS = '[84,25]{fact="a/points"}'
COUNT = '[1.234]{fact="a/count"}'


def ledger() -> Ledger:
    """Facts: 84,25 (of 84.254), 1.234, 12, 34, and a level."""
    made = Ledger("vi", "half_up", {})
    made.number("a/points", Fraction(84254, 1000), 2, "points", "scores.csv")
    made.number("a/count", 1234, 0, "query", "select 1234")
    made.number("u1/n", 12, 0, "points", "scores.csv")
    made.number("u2/n", 34, 0, "points", "scores.csv")
    made.words("a/level", "II", "Mức 2", "level", "levels")
    return made


@dataclass
class Draft:
    """A folder with the report's notebook and what was made of it."""

    folder: Path
    made: Rendered
    marks: Marks

    def check(self, **more: Marks) -> pd.DataFrame:
        """closed.csv of this draft; `more` are marks of further documents by name without ending."""
        marks = {"report.pdf": self.marks} | {f"{name}.pdf": each for name, each in more.items()}
        papers = closed.Papers("vi", self.folder, "", self.folder / "report.ipynb", marks)
        return closed.check([papers], "vi")

    def faults(self) -> str:
        """What the check refuses."""
        with pytest.raises(DataError) as caught:
            self.check()
        return str(caught.value)

    def set_again(self, old: str, new: str) -> None:
        """Sets report.typ again after a change that no cell made; the marks stay those of the first setting."""
        file = self.folder / "report.typ"
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, (old, text.count(old))
        file.write_text(text.replace(old, new), encoding="utf-8")
        _compile(file, find_fonts(["Libertinus Serif"], ())[0], 0)

    def change_facts(self, fact_id: str, **columns: str) -> None:
        """Changes cells of a fact in facts.csv."""
        table = tables.read(self.folder / "facts.csv")
        for name, text in columns.items():
            table.loc[table["fact_id"] == fact_id, name] = text
        tables.write(table, self.folder / "facts.csv")


def draft(
    folder: Path, *cells: str, typed: str = "", metadata: Mapping[str, object] = METADATA, figure: Canvas | None = None
) -> Draft:
    """A report whose code cells, labelled one, two, …, write these texts; `typed` is a Markdown cell at the end."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    names = ("one", "two", "three", "four")
    notebook = new_notebook(
        cells=[
            new_code_cell(
                f"#| label: {name}\nshow()", outputs=[new_output("display_data", data={"text/markdown": text})]
            )
            for name, text in zip(names, cells, strict=False)
        ]
    )
    if typed:
        notebook.cells.append(new_markdown_cell(typed))
    nbformat.write(notebook, folder / "report.ipynb")
    (figure or chart()).save(folder / "figures" / "small.svg")
    tables.write(facts.frame(ledger().facts), folder / "facts.csv")
    made = render(folder / "report.ipynb", folder, dict(metadata), timestamp=1_686_700_800)
    marks = Marks(made.places, made.declared, made.numbering, made.drawings)
    facts_files.add(folder, {"report.pdf": made.places})
    return Draft(folder, made, marks)


def chart(*texts: str) -> Canvas:
    """A chart of one bar with its number, which is the fact a/points, and two ticks; `texts` are written above."""
    canvas = Canvas(height=90)
    number = Number(Fraction(84254, 1000), "84,25", "a/points")
    ticks = [Number(Fraction(0), "0"), Number(Fraction(1, 2), "0,5")]
    canvas.note("value", "Huyện 7", "Điểm", [number])
    canvas.note("tick", "", "Điểm", ticks)
    for place, text in enumerate(("Huyện 7", number.shown, *(tick.shown for tick in ticks), *texts)):
        canvas.text(20.0 + 70 * place, 40, text)
    return canvas


FIGURE = '![Điểm của từng đơn vị](figures/small.svg){#fig-small fig-alt="Huyện 7 có 84,25 điểm."}'


def cells_of(notebook: Path) -> list[str]:
    """The sources of a notebook's cells."""
    return ["".join(cell["source"]) for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]]
