"""A whole survey round, from an empty folder to the report, by following docs/survey-round.md and nothing else."""

import csv
import hashlib
import io
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import forms
import openpyxl
import projects
import pytest
from projects import Project

PAGE = (projects.REPOSITORY / "docs" / "survey-round.md").read_text(encoding="utf-8")
STEP = re.compile(
    r"^`(?P<path>[^`\n]+)`(?:, (?P<how>at the end|below the line `[^`\n]+`))?:?\n\n```\w+\n(?P<content>.*?)^```$"
    r"|^```console\n(?P<console>.*?)^```$"
    r"|^\| saved as \|(?P<answers>.*?)\n\n",
    re.MULTILINE | re.DOTALL,
)
EDITION, FRAMEWORK = "2026-khao-sat", "vi-du-khao-sat"
LEDGER = "corrections.csv"


@dataclass(frozen=True)
class Said:
    """A command of the page: what the page shows, how it ended, the raw files before and after, the check's folder."""

    command: str
    shown: str
    code: int
    output: str
    before: dict[str, bytes]
    after: dict[str, bytes]
    checked: dict[str, bytes]


@dataclass
class Player:
    """Does what the page says, in a project of its own."""

    project: Project
    program: Callable[[str], str]

    def __post_init__(self) -> None:
        self.edition = self.project.edition(EDITION)
        self.said: list[Said] = []

    def play(self) -> None:
        for step in STEP.finditer(PAGE):
            if step["path"]:
                self._write(self.project.folder / step["path"], step["how"] or "", step["content"])
            elif step["console"]:
                for command, shown in re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", step["console"], re.MULTILINE):
                    self._run(command, shown)
            else:
                self._return(list(table_of("| saved as |" + step["answers"])))

    def _write(self, file: Path, how: str, content: str) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        old = file.read_text(encoding="utf-8") if how else ""
        if how.startswith("below"):
            line = how.split("`")[1]
            assert old.count(f"{line}\n") == 1, line
            content = old.replace(f"{line}\n", f"{line}\n{content}")
        elif how:
            content = old + content
        file.write_text(content, encoding="utf-8", newline="\n")

    def _run(self, command: str, shown: str) -> None:
        before, words = self._raw(), shlex.split(command)
        if words[:2] == ["python", "pipeline.py"]:
            ended = self.project.command(*words[2:])
        else:
            words[0] = self.program(words[0])
            ended = subprocess.run(
                words, cwd=self.project.folder, capture_output=True, encoding="utf-8", timeout=60, check=False
            )
        folder = self.edition.reports / "check"
        checked = projects.bytes_of(folder) if folder.exists() else {}
        output = ended.stdout + ended.stderr
        self.said.append(Said(command, shown, ended.returncode, output, before, self._raw(), checked))

    def _return(self, rows: list[dict[str, str]]) -> None:
        """Fills in each form and lets LibreOffice save it under the name and type that the table says."""
        typed = self.project.folder / "typed"
        typed.mkdir(exist_ok=True)
        for row in rows:
            name = Path(row.pop("saved as").strip("`"))
            (blank,) = (self.edition.reports / "forms" / FRAMEWORK).glob(f"{name.stem.split('-')[0]}-*.xlsx")
            file = fill(blank, row, typed / f"{name.stem}.xlsx")
            forms.resave(
                self.program("libreoffice"), [file], name.suffix.removeprefix("."), self.edition.raw / "responses"
            )

    def _raw(self) -> dict[str, bytes]:
        return projects.bytes_of(self.edition.raw)


def table_of(text: str) -> Iterator[dict[str, str]]:
    """The rows of a Markdown table by column."""
    header, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines())
    return (dict(zip(header, row, strict=True)) for row in rows)


def typed(text: str) -> int | float | str:
    """What a spreadsheet program makes of typed text: 18 and 72,5% become numbers."""
    if text.endswith("%"):
        return float(Fraction(text[:-1].replace(",", ".")) / 100)
    return int(text) if text.isdigit() else text


def fill(blank: Path, answers: dict[str, str], file: Path) -> Path:
    """Types answers into the unlocked cells of a form; the document proves the answer `truc_tuyen`."""
    book: Any = openpyxl.load_workbook(blank)
    sheet = book.worksheets[0]
    rows = {str(cell.value): cell.row for cell in sheet["A"]}
    columns = {str(cell.value): cell.column for cell in sheet[rows["Mã"]]}
    for code, text in answers.items():
        row, header = ("truc_tuyen", "Số, ký hiệu văn bản") if code == "document" else (code, "Trả lời")
        cell = sheet.cell(rows[row], columns[header])
        assert not cell.protection.locked, f"{code} cannot be filled in"
        cell.value = typed(text)
    book.save(file)
    return file


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, program: Callable[[str], str]) -> Player:
    """The round after everything that the page says was done."""
    program("libreoffice")
    player = Player(projects.project(tmp_path_factory.mktemp("round")), program)
    player.play()
    return player


def rows_of(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by column."""
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))


def squeezed(text: str) -> str:
    """A text with single spaces."""
    return " ".join(text.split())


def test_every_command_ends_as_the_page_shows(played: Player) -> None:
    """Each command has the exit code and the output of the page, in which … stands for anything."""
    for said in played.said:
        code = re.search(r"^\(exit code (\d)\)$", said.shown, re.MULTILINE)
        shown = squeezed(re.sub(r"^\(exit code \d\)$", "", said.shown, flags=re.MULTILINE))
        pattern = re.escape(shown).replace("…", ".*?")

        assert said.code == int(code[1] if code else 0), f"{said.command}\n{said.output}"
        assert re.fullmatch(pattern, squeezed(said.output)), f"{said.command}\n{said.output}"

    done = [said.command.split()[2] for said in played.said if "pipeline.py" in said.command]
    assert list(dict.fromkeys(done)) == ["forms", "check", "correct", "confirm", "run"]
