"""The command as a whole: the same bytes again, damage, failures inside, wrong use, two runs at once, kills."""

import csv
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import projects
import pytest
import test_damage
from projects import Project, Ran

from minhbach.paths import Edition

FRAMEWORK_OF_DAMAGE = """
id: damage
revision: 1
title: {vi: Hư hỏng, en: Damage}
source: {document: "1/QĐ"}
unit_kind: huyen
basis: sample
fields:
  dem: {label: Đếm, type: count}
  diem: {label: Điểm, type: number, max: 100}
  ty_le: {label: Tỷ lệ, type: percent}
  co: {label: Có, type: yes_no}
  chon: {label: Chọn, type: choice, options: [Đầy đủ, Một phần]}
  ngay: {label: Ngày, type: date}
  ghi: {label: Ghi, type: text}
nodes:
  total: {label: Tổng, max_points: 100, formula: diem}
rankings:
  - {id: xep_hang, by: total, decimals: 2}
"""
ASSESSMENT_OF_DAMAGE = """
title: Hư hỏng
year: 2022
language: vi
frameworks:
  - framework: damage
    table:
      file: bang.xlsx
      unit_column: Đơn vị
      columns: {dem: Đếm, diem: Điểm, ty_le: Tỷ lệ, co: Có, chon: Chọn, ngay: Ngày, ghi: Ghi chú}
document: {issuer: A, place: B, date: 2022-12-31, type: BÁO CÁO, abstract: C}
"""
PAGE = "bang.xlsx#Số liệu"
damaged = test_damage.damaged  # the fixture that makes a workbook with every kind of damage


@pytest.fixture
def good(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A shipped edition after a good run."""
    return projects.shipped(tmp_path_factory, "2022-dti")


@pytest.fixture
def again(good: Ran, tmp_path: Path) -> Ran:
    """A copy of that project, draft and all, that a test may change."""
    shutil.copytree(good.project.folder, tmp_path / "project")
    made = Project(tmp_path / "project")
    return Ran(made, made.edition(good.edition.name), good.outcome)


TWO_FRAMEWORKS = """
title: Hai bộ
year: 2022
language: vi
frameworks:
  - framework: damage
    table: {file: huyen.csv, unit_column: u, columns: {dem: dem}}
  - framework: damage-xa
    table: {file: xa.csv, unit_column: u, columns: {dem: dem}}
document: {issuer: A, place: B, date: 2022-12-31, type: BÁO CÁO, abstract: C}
"""


def test_what_stops_each_framework_is_said_at_once(tmp_path: Path) -> None:
    """An entry of the ledger that does not hold in one framework hides no error of another one."""
    made = projects.project(tmp_path)
    edition = made.edition("2022-hai")
    edition.raw.mkdir(parents=True)
    of_communes = FRAMEWORK_OF_DAMAGE.replace("id: damage", "id: damage-xa").replace("kind: huyen", "kind: xa")
    for name, text in (("damage", FRAMEWORK_OF_DAMAGE), ("damage-xa", of_communes)):
        (made.folder / "frameworks" / f"{name}.yaml").write_text(text, encoding="utf-8")
    columns = "correction_id,unit_id,field_id,expected,value,reason,authority,evidence,by,date,round,finding_id"
    for name, text in (
        ("assessment.yaml", TWO_FRAMEWORKS),
        ("units.csv", "unit_id,name,unit_kind\nh1,Huyện,huyen\nx1,Xã,xa\n"),
        ("huyen.csv", "u,dem\nHuyện,7\n"),
        ("xa.csv", "u,dem\nXã,bảy\n"),
        ("corrections.csv", f"{columns}\nC001,h1,dem,6,5,Đếm lại,CV 1,,Lê A,2022-11-02,1,\n"),
    ):
        (edition.raw / name).write_text(text, encoding="utf-8")

    outcome = made.command("run", edition.name)

    assert outcome.returncode == 1
    assert "Traceback" not in outcome.stderr
    assert "corrections.csv: 1 dòng" in outcome.stderr
    assert [line for line in outcome.stderr.splitlines() if "xa.csv" in line and "“bảy”" in line]


# ---- the same bytes --------------------------------------------------------------------------------------


# Every Python that starts, kernels too, says so in a file, and says there too whatever it looks for outside.
GUARD = """
import os, sys
def say(words):
    with open(os.environ["SEEN"], "a", encoding="utf-8") as stream:
        stream.write(words + chr(10))
def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        if not str(arguments[1][0]).startswith("127."):
            say(f"outside: {arguments[1]}")
    if event == "socket.getaddrinfo" and arguments[0] not in ("localhost", "127.0.0.1", None):
        say(f"outside: {arguments[0]}")
sys.addaudithook(watch)
say("started")
"""


def test_another_place_and_time_gives_the_same_bytes(good: Ran, tmp_path: Path) -> None:
    """Another folder, time zone, locale and hash seed give the same bytes, and nothing outside is looked for."""
    other = projects.project(tmp_path / "Thư mục khác", "2022-dti", source=good.project.folder)
    edition, seen = other.edition("2022-dti"), tmp_path / "seen"
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    surroundings = {"TZ": "Pacific/Auckland", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "4711"}

    outcome = other.command("run", "2022-dti", PYTHONPATH=str(tmp_path / "guard"), SEEN=str(seen), **surroundings)

    assert outcome.returncode == 0, outcome.stderr
    said = seen.read_text(encoding="utf-8").splitlines()
    assert [line for line in said if line != "started"] == []
    assert len(said) >= 4  # the command and three notebooks
    for first, second in ((good.draft, edition.draft), (good.edition.validated, edition.validated)):
        before, after = projects.bytes_of(first), projects.bytes_of(second)
        assert before.keys() == after.keys()
        assert [name for name in before if before[name] != after[name]] == []
    for name in ("report.pdf", "report.html", "facts.csv", "manifest.json", "notebooks/1_validate.ipynb"):
        assert (edition.draft / name).is_file()


def test_a_draft_names_no_folder_of_the_machine(good: Ran) -> None:
    """No file that a run hands over contains the project's folder, the home folder or that of Python."""
    folders = {str(good.project.folder), str(Path.home()), sys.prefix, str(projects.REPOSITORY)} - {"/"}

    handed_over = projects.bytes_of(good.draft) | projects.bytes_of(good.edition.validated)

    assert len(handed_over) > 12
    for folder in folders:
        assert [name for name, content in handed_over.items() if f"{folder}/".encode() in content] == []


def test_locks_of_office_programs_are_not_received(tmp_path: Path) -> None:
    """A table counts as received, in whatever folder; .~lock.…#, ~$… and .DS_Store do not."""
    raw = tmp_path / "data" / "raw" / "a"
    for name in ("b.xlsx", "~$b.xlsx", ".~lock.b.xlsx#", ".DS_Store", "c/d.csv", ".git/e.csv"):
        (raw / name).parent.mkdir(parents=True, exist_ok=True)
        (raw / name).touch()

    received = [file.relative_to(raw).as_posix() for file in Edition("a", tmp_path).received()]

    assert received == ["b.xlsx", "c/d.csv"]


# ---- damaged data ----------------------------------------------------------------------------------------


def test_all_damage_is_said_in_one_run(again: Ran, damaged: Path) -> None:
    """Over twenty kinds of damage stop the run with 1, each with its address, and touch neither data nor draft."""
    edition = again.edition
    (again.project.folder / "frameworks" / "damage.yaml").write_text(FRAMEWORK_OF_DAMAGE, encoding="utf-8")
    edition.assessment_file.write_text(ASSESSMENT_OF_DAMAGE, encoding="utf-8")
    lines = [f"{unit.unit_id},{unit.name},{unit.unit_kind}" for unit in test_damage.UNITS]
    edition.units_file.write_text("\n".join(["unit_id,name,unit_kind", *lines, ""]), encoding="utf-8")
    shutil.copy(damaged / "bang.xlsx", edition.raw)
    before = [projects.bytes_of(folder) for folder in (edition.raw, edition.draft, edition.validated)]

    outcome = again.project.command("run", edition.name)

    assert outcome.returncode == 1
    assert outcome.stdout == ""
    assert "Traceback" not in outcome.stderr
    assert [projects.bytes_of(folder) for folder in (edition.raw, edition.draft, edition.validated)] == before
    found = findings_of(edition, "damage")
    cells = {f"{PAGE}!{column}{row}": rule for row, (column, _, rule) in enumerate(test_damage.CELLS, start=3)}
    rows = {f"{PAGE}!A{row}": rule for row, (_, rule) in enumerate(test_damage.ROWS, start=3 + len(cells))}
    errors = {address: rule for address, rule in (cells | rows).items() if rule != "header_repeated"}
    assert {address: found[address] for address in cells | rows} == cells | rows
    assert [address for address in errors if f"{address}:" not in outcome.stderr] == []
    assert len(re.findall(r"^  \[[0-9a-f]{8}\] ", outcome.stderr, re.MULTILINE)) == len(errors) == 21
    assert not list(edition.failed.rglob("scores.csv"))
    assert (edition.failed / "notebooks" / "1_validate.ipynb").is_file()
    assert not (edition.failed / "notebooks" / "2_score.ipynb").exists()


def findings_of(edition: Edition, framework_id: str) -> dict[str, str]:
    """The rule of each finding of a failed run by its address."""
    with (edition.failed / "validated" / framework_id / "findings.csv").open(encoding="utf-8", newline="") as stream:
        return {f"{row['file']}#{row['sheet']}!{row['cell']}": row["rule"] for row in csv.DictReader(stream)}


# ---- mistakes in the files people write ------------------------------------------------------------------


def test_mistakes_of_all_files_come_in_one_message(again: Ran) -> None:
    """Broken settings, framework and units are said together, with file and line, before anything is run."""
    edition = again.edition
    projects.change(edition.assessment_file, "year: 2022", "year: 1066\ncolour: red")
    projects.change(
        again.project.folder / "frameworks" / "qd-922-2022-dti-tinh.yaml", "max_points: 1000", "max_points: many"
    )
    edition.units_file.write_text(edition.units_file.read_text(encoding="utf-8") + "48,Nữa,tinh\n", encoding="utf-8")
    draft = projects.bytes_of(edition.draft)

    outcome = again.project.command("run", edition.name)

    assert outcome.returncode == 1
    assert "Traceback" not in outcome.stderr
    assert re.search(r"data/raw/2022-dti/assessment.yaml, line \d+: colour", outcome.stderr)
    assert re.search(r"data/raw/2022-dti/assessment.yaml, line \d+: year", outcome.stderr)
    assert re.search(r"data/raw/2022-dti/units.csv, line \d+", outcome.stderr)
    assert re.search(r"frameworks/qd-922-2022-dti-tinh.yaml, line \d+: nodes.total.max_points", outcome.stderr)
    assert projects.bytes_of(edition.draft) == draft


def test_mistakes_between_files_are_said_with_their_line(again: Ran) -> None:
    """An unknown field, a required field without a column and an absent unit that is none are said together."""
    edition = again.edition
    projects.change(edition.assessment_file, "        pdti: pdti_published", "        pdtj: pdti_published")
    projects.change(edition.assessment_file, "        the_che_so: the_che_so\n", "")
    projects.change(edition.assessment_file, "\nlegal_basis:", '    absent: {"99": nowhere}\n\nlegal_basis:')

    outcome = again.project.command("run", edition.name)

    assert outcome.returncode == 1
    assert outcome.stderr.count("assessment.yaml, line ") == 3
    for word in ("pdtj", "the_che_so", "99"):
        assert word in outcome.stderr


# ---- wrong use -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["2023-nowhere", "../2022-dti", "..", "/etc", "2022 dti", "2022-DTI", "", "nul\\a"])
def test_a_wrong_edition_is_refused(name: str, good: Ran) -> None:
    """An edition that is not there, or whose name would leave the folder, ends with 2 and lists those that exist."""
    before = written(good.project)

    outcome = good.project.command("run", name)

    assert outcome.returncode == 2
    assert outcome.stderr.count("\n") == 1
    assert "2022-dti" in outcome.stderr.split("Editions here:")[1]
    assert written(good.project) == before


def written(made: Project) -> set[Path]:
    """Every file and folder of a project but Python's caches."""
    return {path for path in made.folder.rglob("*") if "__pycache__" not in path.parts}


@pytest.mark.parametrize(("arguments", "code"), [(["--help"], 0), (["run", "--help"], 0), ([], 2), (["walk"], 2)])
def test_help_is_given(arguments: list[str], code: int, good: Ran) -> None:
    """`--help` names the commands and the editions; a command that is none shows how it is used and ends with 2."""
    outcome = good.project.command(*arguments)

    assert outcome.returncode == code
    assert "usage: pipeline.py" in outcome.stdout + outcome.stderr
    if arguments == ["run", "--help"]:
        for words in ("2022-dti", "--lang vi|en|vi,en|en,vi", "--engine"):
            assert words in outcome.stdout


def test_an_engine_that_is_missing_is_said_at_once(good: Ran) -> None:
    """An engine that cannot render ends the command with 2 before anything is run or written."""
    before = written(good.project)

    outcome = good.project.command("run", "2022-dti", "--engine", "quarto", QUARTO="no-such-program")

    assert outcome.returncode == 2
    assert "--engine embedded" in outcome.stderr
    assert outcome.stderr.count("\n") == 1
    assert written(good.project) == before


# ---- failures inside -------------------------------------------------------------------------------------


def test_a_failing_cell_is_named(again: Ran) -> None:
    """A cell that fails ends the run with 4; notebook, label and cause are named and the executed copy is kept."""
    notebook = again.project.folder / "notebooks" / "1_validate.ipynb"
    projects.change(notebook, "setup = editions.load(Edition(edition))", "setup = editions.load(Edition(edition)) / 0")
    draft = projects.bytes_of(again.draft)

    outcome = again.project.command("run", "2022-dti")

    assert outcome.returncode == 4
    assert outcome.stdout == ""
    assert outcome.stderr.startswith("1_validate.ipynb, cell 'setup': TypeError: unsupported operand type")
    assert outcome.stderr.count("\n") == 1
    kept = (again.edition.failed / "notebooks" / "1_validate.ipynb").read_text(encoding="utf-8")
    assert '"ename": "TypeError"' in kept
    assert projects.bytes_of(again.draft) == draft
    assert not again.edition.staging.exists()


def test_a_folder_that_cannot_be_written_is_said(again: Ran) -> None:
    """Where the reports' folder is a file, the run ends with 4 and a sentence that names it."""
    shutil.rmtree(again.project.folder / "reports")
    (again.project.folder / "reports").write_text("", encoding="utf-8")

    outcome = again.project.command("run", "2022-dti")

    assert outcome.returncode == 4
    assert "reports" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert outcome.stderr.count("\n") == 1


# ---- two at once, and kills ------------------------------------------------------------------------------

HOLD = """
import sys
from pathlib import Path
from minhbach import staging
from minhbach.paths import Edition
with staging.alone(Edition("2022-dti", Path()), "vi"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_two_runs_exclude_each_other_and_a_kill_releases(again: Ran) -> None:
    """A second run of the edition ends with 3 and says so; when the first is killed, the next one gets the lock."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        cwd=again.project.folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"

        second = again.project.command("run", "2022-dti", "--lang", "en")
        holder.send_signal(signal.SIGKILL)

    assert second.returncode == 3
    assert second.stderr == "Another run of 2022-dti is at work; wait until it has finished and run again.\n"
    assert second.stdout == ""
    command = [sys.executable, "-c", HOLD]
    after = subprocess.run(command, cwd=again.project.folder, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    assert after.stdout == b"held\n"


def test_a_run_killed_while_moving_is_ended_by_the_next(again: Ran) -> None:
    """After a kill with half of the build in place, the next run puts the rest there, then builds the same again."""
    edition = again.edition
    draft, validated = projects.bytes_of(edition.draft), projects.bytes_of(edition.validated)
    built = Edition(edition.name, edition.ready)
    built.draft.parent.mkdir(parents=True)
    edition.draft.rename(built.draft)
    edition.staging.mkdir()
    (edition.staging / "half").write_text("", encoding="utf-8")

    outcome = again.project.command("run", "2022-dti")

    assert outcome.returncode == 0, outcome.stderr
    assert projects.bytes_of(edition.draft) == draft
    assert projects.bytes_of(edition.validated) == validated
    assert {file.name for file in edition.reports.iterdir()} - {".lock"} == {"draft", "run.log"}
