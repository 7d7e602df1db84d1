"""The commands about frameworks, and the newcomer's example of docs/frameworks.md."""

from __future__ import annotations

import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

import pipeline
from minhbach import answers, cli, framework, levels, rank, score
from minhbach.units import Unit


def example(repository: Path) -> str:
    """The first YAML example of docs/frameworks.md."""
    text = (repository / "docs" / "frameworks.md").read_text(encoding="utf-8")
    found = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert found
    return found[1]


def test_the_newcomers_example_is_short_and_right(repository: Path, tmp_path: Path) -> None:
    """Mean of three indices, four groups, ranked on 4 places: under 30 lines, and it computes what it says."""
    text = example(repository)
    file = tmp_path / "three-indices.yaml"
    file.write_text(text, encoding="utf-8")

    method = framework.load(file)
    texts = {"online": ("0.9", "0.3", "0.9"), "skills": ("0.75", "0.5", "0.75"), "networks": ("0.6", "0.0", "0.6001")}
    listed = tuple(Unit(name, name, name, "country") for name in ("A", "B", "C"))
    points = score.score(answers.Answers(method, listed, texts))

    assert len(text.splitlines()) < 30
    # (0.9 + 0.75 + 0.6) / 3 = 0.75 exactly; (0.3 + 0.5 + 0) / 3 = 0.2667; 2.2501 / 3 = 0.75003, 0.7500 on 4 places.
    assert points.exactly.points("total", 0) == Fraction(3, 4)
    assert list(levels.levels(points)["level"]) == ["Very high", "Middle", "Very high"]
    assert list(rank.ranks(points)["rank"]) == ["1", "3", "1"]


def test_check_says_all_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`framework check` prints every mistake with its line and leaves with 1; a good file leaves with 0."""
    file = tmp_path / "bad.yaml"
    file.write_text("id: bad\nrevision: 0\nnodes: {}\ncolour: red\n", encoding="utf-8")

    assert cli.main(pipeline.STAGES, ["framework", "check", str(file)]) == 1
    said = capsys.readouterr().err
    assert all(f"line {line}" in said for line in (2, 3, 4))
    assert "'colour' is not a known key" in said
    assert cli.main(pipeline.STAGES, ["framework", "check", "frameworks/ict-index-2019-bo.yaml"]) == 0


def test_check_of_a_missing_file_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """A file that does not exist is exit code 2 and one sentence."""
    assert cli.main(pipeline.STAGES, ["framework", "check", "frameworks/none.yaml"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_show_prints_the_tree(capsys: pytest.CaptureFixture[str]) -> None:
    """`framework show` prints nodes with their maxima, formulas and basis, levels and rankings."""
    assert cli.main(pipeline.STAGES, ["framework", "show", "ict-index-2019-bo", "--lang", "en"]) == 0

    said = capsys.readouterr().out
    assert "total Overall index [1]" in said
    assert "= chi_so" in said
    assert "(sample)" in said
    assert "ranking xep_hang: by total" in said


def test_diff_prints_what_differs(capsys: pytest.CaptureFixture[str]) -> None:
    """`framework diff` names element, key and both values; a framework does not differ from itself."""
    assert cli.main(pipeline.STAGES, ["framework", "diff", "ict-index-2019-bo", "ict-index-2017-tinh"]) == 0
    said = capsys.readouterr().out
    assert "rankings.xep_hang" in said
    assert "decimals" in said

    assert cli.main(pipeline.STAGES, ["framework", "diff", "ict-index-2019-bo", "ict-index-2019-bo"]) == 0
    assert "do not differ" in capsys.readouterr().out


def test_an_unknown_framework_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    """A framework that does not exist is an error that names the nearest."""
    assert cli.main(pipeline.STAGES, ["framework", "show", "ict-index-2019-bô"]) == 1
    assert "did you mean 'ict-index-2019-bo'" in capsys.readouterr().err


@pytest.mark.parametrize("action", [("show", "ict-index-2019-bo"), ("diff", "ict-index-2019-bo", "ict-index-2019-bo")])
def test_a_reader_who_stops_reading_gets_no_message(repository: Path, action: tuple[str, ...]) -> None:
    """Where the other end of a pipe is closed, as `head` does, the command ends without a word, with exit code 1."""
    command = [sys.executable, "pipeline.py", "framework", *action]

    with subprocess.Popen(command, cwd=repository, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaints = process.stderr.read()

    assert (process.returncode, complaints) == (1, b"")
