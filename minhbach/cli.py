"""The commands, their progress and their words. No calculation happens here."""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from minhbach import (
    cli_diff,
    cli_framework,
    cli_publish,
    cli_recalc,
    cli_review,
    cli_sign,
    cli_survey,
    cli_trace,
    cli_verify,
    staging,
    wording,
)
from minhbach.errors import EXIT_INTERNAL, MinhbachError
from minhbach.paths import Edition, editions
from minhbach.stages import ENGINES, Run

LANGUAGES = ("vi", "en")
Stage = tuple[str, Callable[[Run], None]]


def main(stages: Sequence[Stage], arguments: Sequence[str] | None = None) -> int:
    """Runs a command; gives the exit code (0 done, 1 input has errors, 2 usage, 3 busy, 4 failure inside)."""
    if os.environ.get("LC_ALL") in ("C", "POSIX"):
        os.environ["LC_ALL"] = "C.UTF-8"  # Pandoc reads its arguments, titles and folders, in the locale's encoding
    options = _parser().parse_args(arguments)
    try:
        options.command(options, stages)
    except MinhbachError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except OSError as error:  # a full disk, a folder that may not be written, a file that another program holds
        print(
            f"{error}. Close programs that use the edition's files, see to space and rights, and run again.",
            file=sys.stderr,
        )
        return EXIT_INTERNAL
    except Exception:
        traceback.print_exc()
        return EXIT_INTERNAL
    return 0


def _parser() -> argparse.ArgumentParser:
    known = ", ".join(editions()) or "none yet"
    parser = argparse.ArgumentParser(
        prog="pipeline.py",
        description="From survey workbooks to an official report whose every number can be traced.",
    )
    commands = parser.add_subparsers(title="commands", required=True)
    _add_run(commands.add_parser("run", help="run a whole edition: validate, score, report"), known)
    cli_framework.add(commands)
    cli_recalc.add(commands)
    cli_survey.add(commands)
    cli_trace.add(commands)
    cli_review.add(commands)
    cli_verify.add(commands)
    cli_publish.add(commands)
    cli_sign.add(commands)
    cli_diff.add(commands)
    return parser


def _add_run(run: argparse.ArgumentParser, known: str) -> None:
    run.add_argument("edition", help=f"the folder's name in data/raw/ ({known})")
    run.add_argument(
        "--lang",
        type=_languages,
        default=(),
        metavar="vi|en|vi,en|en,vi",
        help="language of the report, or several from the same facts, the main one first (default: the edition's own)",
    )
    run.add_argument(
        "--engine",
        choices=ENGINES,
        default="embedded",
        help="what renders the report (default: embedded)",
    )
    run.add_argument(
        "--unchecked",
        action="store_true",
        help="do not check that every number has an address; drafts only, every page says so",
    )
    run.set_defaults(command=_run)


def _languages(text: str) -> tuple[str, ...]:
    """`vi,en` as languages, the main one first."""
    found = tuple(each.strip() for each in text.split(","))
    for each in found:
        if each not in LANGUAGES:
            raise argparse.ArgumentTypeError(f"there is no language {each!r}; write vi, en or both: vi,en")
    if len(set(found)) < len(found):
        raise argparse.ArgumentTypeError(f"{text!r} names a language twice; write vi, en or both: vi,en")
    return found


def _run(options: argparse.Namespace, stages: Sequence[Stage]) -> None:
    edition = Edition(options.edition).required()
    work = Run(edition, options.lang, options.engine, options.unchecked)
    times: list[str] = []
    with staging.alone(edition, work.language):
        staging.begin(edition)
        try:
            _stages(work, stages, times)
            staging.commit(edition)
        except BaseException:
            staging.keep_failed(edition)
            raise
        finally:
            edition.log.write_text("\n".join([*times, *filter(None, work.log)]) + "\n", encoding="utf-8")
    print(*work.told, sep="\n")
    print(
        wording.say(
            "done",
            work.language,
            file=(edition.draft / "report.pdf").as_posix(),
            html=(edition.draft / "report.html").as_posix(),
        )
    )


def _stages(work: Run, stages: Sequence[Stage], times: list[str]) -> None:
    begun = time.perf_counter()
    with _progress(len(stages)) as advance:
        for name, stage in stages:
            advance(wording.say(f"stage_{name}", work.language))
            before = time.perf_counter()
            stage(work)
            times.append(f"{name}: {time.perf_counter() - before:.2f} s")
    times.append(f"whole run: {time.perf_counter() - begun:.2f} s")


@contextmanager
def _progress(count: int) -> Iterator[Callable[[str], None]]:
    """One bar per stage with its elapsed time; nothing at all when nobody watches."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    bar = Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(20), TimeElapsedColumn(), console=console
    )
    with bar:
        current: list[TaskID] = []

        def finish() -> None:
            for task in current:
                bar.update(task, total=1, completed=1)
            current.clear()

        def advance(words: str) -> None:
            finish()
            place = len(bar.tasks) + 1
            current.append(bar.add_task(f"{place}/{count} {words}", total=None))

        yield advance
        finish()
