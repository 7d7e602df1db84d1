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


def test_received_files_are_never_changed(played: Player) -> None:
    """Every raw file has the same bytes before and after every command; `correct --yes` alone adds to its ledger."""
    for said in played.said:
        adds = " correct " in said.command and said.command.endswith(" --yes")
        kept = {name: content for name, content in said.after.items() if not (adds and name == LEDGER)}

        assert kept == {name: content for name, content in said.before.items() if not (adds and name == LEDGER)}
        assert said.after.get(LEDGER, b"").startswith(said.before.get(LEDGER, b""))
        assert (len(said.after.get(LEDGER, b"")) > len(said.before.get(LEDGER, b""))) == adds

    suffixes = {Path(name).suffix for name in played.said[-1].after if name.startswith("responses/")}
    assert suffixes == {".xlsx", ".xls", ".ods"}


def test_every_unit_gets_a_form_and_the_letter_its_annex(played: Player) -> None:
    """`forms` writes the four workbooks and the PDF that the page names."""
    written = set(projects.bytes_of(played.edition.reports / "forms"))

    names = ("X1-xa-an-binh", "X2-xa-hoa-lac", "X3-xa-tan-son", "X4-xa-vinh-hao")
    assert written == {*(f"{FRAMEWORK}/{name}.xlsx" for name in names), f"{FRAMEWORK}.pdf"}
    assert f"`{FRAMEWORK}.pdf`" in PAGE
    assert f"`{FRAMEWORK}/X1-xa-an-binh.xlsx`" in PAGE


def test_the_wrong_answer_goes_back_to_its_unit(played: Player) -> None:
    """The first check writes one workbook, of X2, with both cells of the broken condition marked and its answers."""
    checks = [said for said in played.said if said.command.endswith(f"check {EDITION}")]
    books = [name for name in checks[0].checked if name.endswith(".xlsx")]
    sheet = openpyxl.load_workbook(io.BytesIO(checks[0].checked[books[0]])).worksheets[0]
    answers = {str(row[0].value): row[4] for row in sheet.iter_rows() if row[0].value}

    assert books == [f"{FRAMEWORK}/X2-xa-hoa-lac.xlsx"]
    assert [code for code, cell in answers.items() if cell.comment] == ["may_tinh", "may_noi_mang"]
    assert (answers["may_tinh"].value, answers["may_noi_mang"].value) == (15, 21)
    assert "There are more computers online than computers" in str(answers["may_noi_mang"].comment)
    assert [said.code for said in checks] == [1, 0, 1, 0]
    assert [name for name in checks[1].checked if name.endswith(".xlsx")] == []


def test_observations_are_what_was_typed(played: Player) -> None:
    """Each answer is read from LibreOffice's .xlsx, .xls and .ods as typed, with its cell; corrections say so."""
    rows = rows_of(played.edition.validated / FRAMEWORK / "observations.csv")
    read = {(row["unit_id"], row["field_id"]): (row["value"], Path(row["file"]).suffix, row["status"]) for row in rows}

    assert read["X1", "may_noi_mang"] == ("15", ".xlsx", "as_received")
    assert read["X1", "truc_tuyen"] == ("0.6", ".xlsx", "corrected")
    assert read["X2", "truc_tuyen"] == ("0.725", ".xls", "as_received")
    assert read["X2", "may_noi_mang"] == ("12", ".xls", "corrected")
    assert read["X3", "trang_tin"] == ("yes", ".xlsx", "as_received")
    assert len(read) == 3 * 6
    assert all(row["cell"] and len(row["sha256"]) == 64 for row in rows)


def test_signatures_are_for_the_values(played: Player) -> None:
    """The SHA-256 of each row of confirmations.csv is that of the unit's values, written out by hand."""
    texts = {
        ("X1", "1"): "can_bo 18|may_noi_mang 15|may_tinh 20|thu_tuc 40|trang_tin yes|truc_tuyen 0.9",
        ("X1", "2"): "can_bo 18|may_noi_mang 15|may_tinh 20|thu_tuc 40|trang_tin yes|truc_tuyen 0.6",
        ("X2", "1"): "can_bo 20|may_noi_mang 12|may_tinh 15|thu_tuc 36|trang_tin yes|truc_tuyen 0.725",
        ("X2", "2"): "can_bo 20|may_noi_mang 12|may_tinh 15|thu_tuc 36|trang_tin yes|truc_tuyen 0.725",
        ("X3", "1"): "can_bo 16|may_noi_mang 12|may_tinh 16|thu_tuc 25|trang_tin yes|truc_tuyen 0.75",
    }

    lines = {
        key: "".join(f"{key[0]}\t{line}\n".replace(" ", "\t") for line in text.split("|"))
        for key, text in texts.items()
    }
    signed = {
        (row["unit_id"], row["round"]): row["sha256"] for row in rows_of(played.edition.raw / "confirmations.csv")
    }
    assert signed == {key: hashlib.sha256(text.encode()).hexdigest() for key, text in lines.items()}
    assert f"```text\n{lines['X1', '1']}```\n" in PAGE
    for number, unit_id in ((1, "X1"), (2, "X1"), (2, "X2")):
        file = played.edition.reports / f"confirm-{number}" / f"{unit_id}.txt"
        assert file.read_text(encoding="utf-8") == lines[unit_id, str(number)]


def test_a_later_correction_makes_a_confirmation_void(played: Player) -> None:
    """X1's first signature is listed as void, its second stands; X3 has not signed twice, and the report marks it."""
    states = rows_of(played.edition.validated / FRAMEWORK / "confirmations.csv")
    report = projects.pdf_text(played.edition.draft / "report.pdf")

    assert {(row["unit_id"], row["round"]): row["state"] for row in states} == {
        ("X1", "1"): "void",
        ("X1", "2"): "confirmed",
        ("X2", "1"): "confirmed",
        ("X2", "2"): "confirmed",
        ("X3", "1"): "confirmed",
        ("X3", "2"): "missing",
    }
    assert "Confirmation 1: 2 units have confirmed, 1 confirmations became void" in report
    assert "Confirmation 2: 2 units have confirmed, 0 confirmations became void" in report
    assert "Tan Son *" in report
    assert "An Binh *" not in report


def test_points_and_ranks_are_those_of_the_page(played: Player) -> None:
    """Points are the sums of the page, exactly; the report's table has them, and X4 has neither points nor rank."""
    draft = played.edition.draft
    scores = [row for row in rows_of(draft / FRAMEWORK / "scores.csv") if row["node_id"] == "total"]
    ranks = {row["unit_id"]: row["rank"] for row in rows_of(draft / FRAMEWORK / "ranks.csv")}
    report = projects.pdf_text(draft / "report.pdf")

    assert {row["unit_id"]: Fraction(row["exact"]) for row in scores} == {
        "X1": 2 * 1 + 2 * Fraction(15, 20) + 4 * Fraction(60, 100) + 1 + 1,
        "X2": 2 * Fraction(15, 20) + 2 * Fraction(12, 15) + 4 * Fraction(725, 1000) + Fraction(1, 2) + 1,
        "X3": 2 * Fraction(16, 16) + 2 * Fraction(12, 16) + 4 * Fraction(75, 100) + Fraction(1, 2) + 1,
    }
    assert ranks == {"X3": "1", "X1": "2", "X2": "3"}
    assert "1 Tan Son * 3.50 4.50 8.00 B 2 An Binh 3.50 4.40 7.90 B 3 Hoa Lac 3.10 4.40 7.50 B" in report
    for row in ("= 8.00 | 1 |", "= 7.90 | 2 |", "= 7.50 | 3 |"):
        assert row in PAGE
    assert "Vinh Hao Sent no form in spite of two reminders" in report


def test_the_report_tells_the_course_of_the_survey(played: Player) -> None:
    """Deadline, late and absent units, the contradiction with quarter IV and each correction stand in the report."""
    report = projects.pdf_text(played.edition.draft / "report.pdf")

    assert "by 22 October 2026" in report
    assert "Forms were sent to 4 units: 2 returned them in time, 1 late, 1 not at all." in report
    assert "Hoa Lac late 26 October 2026 2" in report
    assert f"Both periods need {15 + 120} working days" in report
    assert "C001 Hoa Lac: Computers online 21 → 12 Wrong figure copied" in report
    assert "C003 An Binh: Share of files online" in report
