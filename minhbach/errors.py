"""The few exceptions: one per stage that can stop, each carrying everything it found.

The command line prints the text and leaves with `exit_code`; nothing here is ever shown as a traceback.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

EXIT_INPUT = 1
EXIT_USAGE = 2
EXIT_BUSY = 3
EXIT_INTERNAL = 4


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in a file a person wrote: where it stands, and what is wrong and expected."""

    line: int
    place: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.place}: {self.message}" if self.place else f"line {self.line}: {self.message}"


class MinhbachError(Exception):
    """Base of all errors that end a command with a sentence instead of a traceback."""

    exit_code = EXIT_INPUT


class FileError(MinhbachError):
    """A framework, assessment or units file has mistakes; `problems` lists all of them, by line."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file = file
        self.problems = tuple(sorted(set(problems)))
        lines = "\n".join(f"  {file}, {problem}" for problem in self.problems)
        super().__init__(f"{file} has {len(self.problems)} mistake(s):\n{lines}")


class FormulaError(MinhbachError):
    """A formula does not belong to the language; the text says what was found, where and what is allowed."""


class DataError(MinhbachError):
    """Findings of severity error stop the run before anything is scored."""


class Gathered:
    """What stops each of several attempts, kept so that all of it is said at once."""

    def __init__(self) -> None:
        self.said: list[str] = []

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Keeps the text of a DataError and goes on after it."""
        try:
            yield
        except DataError as error:
            self.said.append(str(error))

    def stop(self) -> None:
        """Raises DataError with everything that was said; nothing where all went well."""
        if self.said:
            raise DataError("\n".join(self.said))


class NotebookError(MinhbachError):
    """A cell of a notebook failed; the text names notebook, label and cause."""

    exit_code = EXIT_INTERNAL


class RenderError(MinhbachError):
    """Pandoc or Typst refused the document; the text carries their own words."""

    exit_code = EXIT_INTERNAL


class BusyError(MinhbachError):
    """Another run of the same edition holds its lock."""

    exit_code = EXIT_BUSY


class UsageError(MinhbachError):
    """The command names something that does not exist, or a program that is not installed."""

    exit_code = EXIT_USAGE
