"""Notebooks: every cell can be named, parameters are checked, executed copies have the same bytes."""

import os
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from minhbach import notebooks
from minhbach.errors import EXIT_INTERNAL, NotebookError

SHIPPED = ("1_validate.ipynb", "2_score.ipynb", "3_report.ipynb")
PARAMETERS = '#| label: parameters\nname = "nobody"\nlanguage = "vi"'


def write(folder: Path, *cells: str) -> Path:
    """A notebook with declared parameters and further code cells, each with an id of its own."""
    made = [new_code_cell(PARAMETERS, id="c0", metadata={"tags": ["parameters"]})]
    made += [new_code_cell(cell, id=f"c{place}") for place, cell in enumerate(cells, start=1)]
    file = folder / "small.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell("Text", id="t"), *made]), file)
    return file


@pytest.mark.parametrize("name", SHIPPED)
def test_every_cell_has_a_label(name: str, repository: Path) -> None:
    """Each code cell of a shipped notebook starts with a label of its own, so that a failure can name it."""
    cells = nbformat.read(repository / "notebooks" / name, as_version=4).cells

    code = [cell for cell in cells if cell.cell_type == "code"]
    labels = [notebooks.label(cell.source) for cell in code]

    assert all(labels)
    assert len(set(labels)) == len(labels)
    assert [cell.source.splitlines()[0] for cell in code] == [f"#| label: {label}" for label in labels]


@pytest.mark.parametrize(
    ("source", "label"),
    [
        ("#| label: rank\nx = 1", "rank"),
        ("#| echo: false\n#| label:  b-2 \n", "b-2"),
        ("x = '#| label: a'", ""),
        ("", ""),
    ],
)
def test_label(source: str, label: str) -> None:
    """A label is what stands behind `#| label:` at the beginning of a line."""
    assert notebooks.label(source) == label


def test_an_undeclared_parameter_is_refused(tmp_path: Path) -> None:
    """A parameter that the notebook does not declare stops it before anything runs, and both sides are named."""
    source = write(tmp_path)

    with pytest.raises(NotebookError) as refused:
        notebooks.execute(source, tmp_path / "out.ipynb", {"name": "a", "nmae": "b"}, {})

    assert str(refused.value) == "small.ipynb declares language, name; it was given nmae as well."
    assert refused.value.exit_code == EXIT_INTERNAL
    assert not (tmp_path / "out.ipynb").exists()


def test_a_copy_holds_what_was_printed_and_nothing_of_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parameters and variables reach the cells; printed pieces are one output, complaints and times are not in it."""
    monkeypatch.setenv("BEFORE", "kept")
    monkeypatch.delenv("ONLY_NOW", raising=False)
    cell = "\n".join((
        "#| label: speak",
        "import os, sys, time",
        "print(name, language, os.environ['ONLY_NOW'], flush=True)",
        "time.sleep(0.5)",
        "print('a complaint', file=sys.stderr, flush=True)",
        "print(os.environ['BEFORE'])",
    ))  # fmt: skip

    complaints = notebooks.execute(
        write(tmp_path, cell),
        tmp_path / "in" / "out.ipynb",
        {"name": 'Đà Nẵng "x"'},
        {"ONLY_NOW": "set", "BEFORE": "changed"},
    )

    copy = nbformat.read(tmp_path / "in" / "out.ipynb", as_version=4)
    assert complaints == "a complaint\n"
    assert [output.text for output in copy.cells[-1].outputs] == ['Đà Nẵng "x" vi set\nchanged\n']
    assert set(copy.metadata) == {"kernelspec", "language_info"}
    assert all(set(each.metadata) <= {"tags"} for each in copy.cells)
    assert [each.id for each in copy.cells] == ["t", "c0", "injected-parameters", "c1"]
    assert "ONLY_NOW" not in os.environ
    assert os.environ["BEFORE"] == "kept"


@pytest.mark.parametrize(("head", "name"), [("#| label: divide\n", "divide"), ("", "cell 4")])
def test_a_failing_cell_is_named_and_the_copy_kept(head: str, name: str, tmp_path: Path) -> None:
    """The error names notebook, cell and cause; the copy has what ran before, and no cell that nobody wrote."""
    source = write(tmp_path, "print('before')", head + "1 / 0", "print('after')")

    with pytest.raises(NotebookError) as failed:
        notebooks.execute(source, tmp_path / "out.ipynb", {"name": "a"}, {})

    assert str(failed.value) == f"small.ipynb, cell {name!r}: ZeroDivisionError: division by zero"
    copy = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert [cell.id for cell in copy.cells] == ["t", "c0", "injected-parameters", "c1", "c2", "c3"]
    assert copy.cells[3].outputs[0].text == "before\n"
    assert copy.cells[4].outputs[0].ename == "ZeroDivisionError"
    assert copy.cells[5].outputs == []


def test_a_kernel_that_dies_is_said(tmp_path: Path) -> None:
    """When the notebook's Python ends by itself, the error says so in a sentence, and the copy is kept."""
    source = write(tmp_path, "import os\nos._exit(9)")

    with pytest.raises(NotebookError, match=r"small\.ipynb: its Python died before the notebook ended"):
        notebooks.execute(source, tmp_path / "out.ipynb", {}, {})

    assert (tmp_path / "out.ipynb").is_file()
