"""The README and its Vietnamese twin: every command, file and example in them works as it says."""

import csv
import re
import shlex
from fractions import Fraction
from pathlib import Path

import projects
import pytest
from projects import Ran

from minhbach import cli

REPOSITORY = Path(__file__).resolve().parent.parent
TWINS = ("README.md", "README.vi.md")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED_BLOCK = re.compile(r"^`([^`\n]+)`\n\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLE = ("frameworks/vi-du-xa.yaml", *(f"data/raw/2026-vi-du/{name}" for name in
           ("assessment.yaml", "units.csv", "bang.csv")))  # fmt: skip
ONLY_AFTER_A_FAILURE = "reports/2019-bo/failed/"
ONLY_AFTER_A_RUN = "reports/2022-gia-lai/draft/report.pdf"  # the file is looked at in test_survey_report


def text(name: str) -> str:
    """One of the twins."""
    return (REPOSITORY / name).read_text(encoding="utf-8")


def commands(name: str, start: str) -> list[str]:
    """Every line of code and every code in a sentence or table that begins with `start`."""
    lines = [line for _, body in BLOCK.findall(text(name)) for line in body.splitlines()]
    codes = re.findall(r"`([^`\n]+)`", BLOCK.sub("", text(name)))
    return sorted({each for each in (*lines, *codes) if each.startswith(start)})


@pytest.fixture(scope="module")
def ministries(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The edition of which the README speaks, after one run."""
    return projects.shipped(tmp_path_factory, "2019-bo")


def test_twins_have_the_same_parts() -> None:
    """Both languages have as many sections and table rows, and the same code, character by character."""
    english, vietnamese = (text(name) for name in TWINS)

    assert BLOCK.findall(english) == BLOCK.findall(vietnamese)
    for mark in ("## ", "|", "- ", "1. ", "`reports/", "[docs/"):
        assert english.count(f"\n{mark}") == vietnamese.count(f"\n{mark}"), mark
    codes = [set(re.findall(r"`([^`\n]+)`", BLOCK.sub("", each))) for each in (english, vietnamese)]
    assert codes[0] <= codes[1]


@pytest.mark.parametrize("name", TWINS)
def test_files_exist(name: str, ministries: Ran) -> None:
    """Every path and link in the text exists, in the repository, after a run, or in the example."""
    prose = BLOCK.sub("", text(name))
    paths = {code for code in re.findall(r"`([^`\s]+)`", prose) if "/" in code and not code.startswith("bo-")}
    links = set(re.findall(r"\]\(([^)]+)\)", prose))

    places = (REPOSITORY, ministries.project.folder)
    wanted = (paths | links) - {*EXAMPLE, ONLY_AFTER_A_FAILURE, ONLY_AFTER_A_RUN}
    missing = sorted(path for path in wanted if not any((place / path).exists() for place in places))

    assert len(wanted) > 20
    assert [path for path in missing if not re.fullmatch(r"\d+/\d+", path)] == []


@pytest.mark.parametrize("name", TWINS)
def test_commands_of_make_exist(name: str) -> None:
    """Every `make …` of the text is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):.*## ", text("Makefile"), re.MULTILINE))

    named = {command.split()[1] for command in commands(name, "make ")}

    assert {"report", "test", "check", "bench", "lab", "lock", "system"} <= named <= targets


@pytest.mark.parametrize("name", TWINS)
def test_commands_of_the_pipeline_are_understood(name: str) -> None:
    """The command line accepts every `python pipeline.py …` of the text, and all kinds of command occur."""
    found = [shlex.split(command)[2:] for command in commands(name, "python pipeline.py ")]

    for arguments in found:
        assert cli._parser(arguments).parse_args(arguments).command

    assert {tuple(arguments[:2]) for arguments in found if arguments[0] == "framework"} == {
        ("framework", "check"),
        ("framework", "show"),
        ("framework", "diff"),
    }


def test_commands_about_frameworks_work(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The commands about frameworks that the text shows end with 0 and say something."""
    monkeypatch.chdir(REPOSITORY)
    for command in commands("README.md", "python pipeline.py framework "):
        assert cli.main((), shlex.split(command)[2:]) == 0
        assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("name", TWINS)
def test_exit_codes_are_all_named(name: str) -> None:
    """The table of exit codes has 0 to 4, in order."""
    assert re.findall(r"^\| (\d) \| \S", text(name), re.MULTILINE) == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("name", TWINS)
def test_the_number_can_be_followed(name: str, ministries: Ran) -> None:
    """Each line of the example stands in the file it names, on page 2 and in cell D2 as the text says."""
    files = {
        file.name: file
        for file in sorted(ministries.project.folder.rglob("*.csv"))
        if not {"raw", "open-data"} & set(file.parts)
    }
    table = ministries.edition.raw / "ministries_2019.csv"
    files[table.name] = table
    lines = re.findall(r"^(\S+\.csv): (.+)$", text(name), re.MULTILINE)

    for file, line in lines:
        start = ".*".join(map(re.escape, line.split("…")))
        assert any(re.match(start, row) for row in files[file].read_text(encoding="utf-8").splitlines()), line

    assert [file for file, _ in lines] == ["facts.csv", "scores.csv", "observations.csv", "ministries_2019.csv"]
    assert table.read_text(encoding="utf-8").splitlines()[1].split(",")[3] == "0.9291"
    facts = {row["fact_id"]: row for row in csv.DictReader(ministries.text("facts.csv").splitlines())}
    assert facts["bo-tai-chinh/total"]["page"] == "2"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The edition that the README writes, after one run."""
    made = projects.project(tmp_path_factory.mktemp("readme"))
    for path, body in NAMED_BLOCK.findall(text("README.md")):
        file = made.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(body, encoding="utf-8", newline="\n")
    edition = made.edition("2026-vi-du")
    return Ran(made, edition, made.command("run", edition.name))


def test_the_example_gives_what_the_text_says(example: Ran) -> None:
    """The edition of the README runs without a finding and has the points and ranks that the text works out."""
    scores = list(csv.DictReader(example.text("vi-du-xa/scores.csv").splitlines()))
    ranks = list(csv.DictReader(example.text("vi-du-xa/ranks.csv").splitlines()))
    findings = (example.edition.validated / "vi-du-xa" / "findings.csv").read_text(encoding="utf-8")

    assert example.outcome.returncode == 0, example.outcome.stderr
    assert [path for path, _ in NAMED_BLOCK.findall(text("README.md"))] == list(EXAMPLE)
    assert {row["unit_id"]: Fraction(row["exact"]) for row in scores if row["node_id"] == "total"} == {
        "X1": 4 + 6 * Fraction(54, 60),
        "X2": 4 * Fraction(15, 20) + 6 * Fraction(725, 1000),
        "X3": 4 + 6 * Fraction(40, 100),
    }
    assert [row["rank"] for row in ranks] == ["1", "2", "3"]
    assert len(findings.splitlines()) == 1


@pytest.mark.parametrize(("name", "numbers"), [("README.md", "9.40 7.35 6.40"), ("README.vi.md", "9,40 7,35 6,40")])
def test_the_example_names_its_points(name: str, numbers: str) -> None:
    """The points of the example stand in the text as its language writes them."""
    assert all(f"= {number} " in text(name) for number in numbers.split())
