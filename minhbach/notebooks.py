"""papermill in one place: parameters are checked, failures name the cell, executed copies have the same bytes."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat

from minhbach.errors import DataError, MinhbachError, NotebookError

OF_INPUT = ("DataError", "FileError")
VOLATILE = ("papermill", "execution")
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def execute(source: Path, target: Path, parameters: Mapping[str, str], environment: Mapping[str, str]) -> str:
    """Runs a notebook into `target`; gives what it wrote to stderr.

    Raises:
        NotebookError: a parameter the notebook does not declare, or a failed cell (the executed copy stays).
    """
    notebook = nbformat.read(source, as_version=4)
    _check_parameters(source, notebook, parameters)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _environment(environment):
        failure = _run(source, target, parameters)
    complaints = _settle(target)
    if failure is not None:
        raise failure
    return complaints


def _run(source: Path, target: Path, parameters: Mapping[str, str]) -> MinhbachError | None:
    """Lets papermill execute the notebook; hands back what went wrong."""
    import papermill  # costs half a second, and only runs need it
    from nbclient.exceptions import DeadKernelError
    from traitlets.config import Config

    _quiet()
    transport = "ipc" if sys.platform != "win32" else "tcp"
    # A kernel that is told to stop may complain of it; what a cell writes does not go this way.
    client = {"extra_arguments": ["--IPKernelApp.log_level=CRITICAL"]}
    config = Config({"KernelManager": {"transport": transport}, "NotebookClient": client})
    try:
        papermill.execute_notebook(
            source,
            target,
            parameters=dict(parameters),
            progress_bar=False,
            log_output=False,
            kernel_name="python3",
            language="python",
            record_timing=False,
            config=config,
        )
    except papermill.PapermillExecutionError as error:
        return _named(source, error)
    except DeadKernelError:
        return NotebookError(f"{source.name}: its Python died before the notebook ended; is there enough memory?")
    return None


def label(source: str) -> str:
    """The Quarto label of a code cell, or an empty text."""
    for line in source.splitlines():
        if line.startswith("#| label:"):
            return line.removeprefix("#| label:").strip()
    return ""


def _check_parameters(source: Path, notebook: Any, parameters: Mapping[str, str]) -> None:
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())]
    declared = {
        line.split("=")[0].strip()
        for cell in tagged
        for line in cell.source.splitlines()
        if "=" in line and not line.startswith("#")
    }
    unknown = sorted(set(parameters) - declared)
    if unknown or len(tagged) != 1:
        has = ", ".join(sorted(declared)) or "no parameters"
        message = f"{source.name} declares {has}; it was given {', '.join(unknown) or 'these'} as well."
        raise NotebookError(message)


def _named(source: Path, error: Any) -> MinhbachError:
    """The failure by notebook and label; what is wrong with the input is said as it is, by its own sentences."""
    if error.ename in OF_INPUT:
        return DataError(error.evalue)
    name = label(error.source) or f"cell {error.cell_index}"
    return NotebookError(f"{source.name}, cell {name!r}: {error.ename}: {error.evalue}")


def _settle(target: Path) -> str:
    """Takes out what changes from run to run, and hands back what the kernel wrote to stderr."""
    notebook = nbformat.read(target, as_version=4)
    complaints: list[str] = []
    notebook.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    notebook.cells = [
        cell for cell in notebook.cells if "papermill-error-cell-tag" not in cell.metadata.get("tags", ())
    ]
    for cell in notebook.cells:
        if "injected-parameters" in cell.metadata.get("tags", ()):
            cell["id"] = "injected-parameters"
        for key in VOLATILE:
            cell.metadata.pop(key, None)
        if cell.cell_type == "code":
            complaints += [output.text for output in cell.outputs if output.get("name") == "stderr"]
            cell.outputs = _whole(output for output in cell.outputs if output.get("name") != "stderr")
    nbformat.write(notebook, target)
    return "".join(complaints)


def _whole(outputs: Iterable[Any]) -> list[Any]:
    """Outputs with printed text in one piece: the kernel sends it in pieces that depend on the clock."""
    joined: list[Any] = []
    for output in outputs:
        if joined and output.output_type == joined[-1].output_type == "stream":
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


def _quiet() -> None:
    """papermill's own log says nothing that the run does not say better."""
    import logging

    logging.getLogger("papermill").setLevel(logging.ERROR)
    if sys.platform == "win32":
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Variables that the kernel inherits, put back afterwards."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
