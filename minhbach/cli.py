"""The commands, their progress and their words. No calculation happens here."""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from minhbach import staging, wording
from minhbach.cli_parser import Parser
from minhbach.errors import EXIT_INTERNAL, MinhbachError
from minhbach.paths import Edition, editions

if TYPE_CHECKING:
    from minhbach.stages_run import Run

LANGUAGES = ("vi", "en")
ENGINES = ("embedded", "quarto")
# The module of a command is imported when the command is named: what it needs can take a second to import.
COMMANDS = {
    "framework": "cli_framework",
    "recalc": "cli_recalc",
    **dict.fromkeys(("forms", "check", "correct", "confirm"), "cli_survey"),
    "trace": "cli_trace",
    "review": "cli_review",
    "verify": "cli_verify",
    "publish": "cli_publish",
    "sign": "cli_sign",
    "diff": "cli_diff",
    "erratum": "cli_erratum",
}
Stage = tuple[str, "Callable[[Run], None]"]


def main(stages: Sequence[Stage], arguments: Sequence[str] | None = None) -> int:
    """Runs a command; gives the exit code (0 done, 1 input has errors, 2 usage, 3 busy, 4 failure inside)."""
    if os.environ.get("LC_ALL") in ("C", "POSIX"):
        os.environ["LC_ALL"] = "C.UTF-8"  # Pandoc reads its arguments, titles and folders, in the locale's encoding
    options = _parser(sys.argv[1:] if arguments is None else arguments).parse_args(arguments)
    try:
        options.command(options, stages)
        if sys.stdout:
            sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has seen enough, as `head`; rich leaves with 1 too
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
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


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    known = ", ".join(editions()) or "none yet"
    parser = Parser(
        prog="pipeline.py",
        description="From survey workbooks to an official report whose every number can be traced.",
    )
    commands = parser.add_subparsers(title="commands", required=True)
    _add_run(commands.add_parser("run", help="run a whole edition: validate, score, report"), known)
    named = arguments[0] if arguments else ""
    wanted = (
        [COMMANDS[named]] if named in COMMANDS else [] if named == "run" else list(dict.fromkeys(COMMANDS.values()))
    )
    for module in wanted:
        import_module(f"minhbach.{module}").add(commands)
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
    from minhbach.stages_run import Run  # takes a second to import

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
