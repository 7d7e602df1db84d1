"""Scorecards: one page per unit as a PDF of its own, and all of them bound into one file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from minhbach import publication, scorecards_bound
from minhbach.editions import Setup
from minhbach.facts import Fact
from minhbach.paths import Edition
from minhbach.render import memory
from minhbach.render.fonts import find_fonts
from minhbach.render.metadata import fonts_of
from minhbach.render.places import Marks, Place
from minhbach.scorecards_job import Job
from minhbach.scorecards_paper import SIZES
from minhbach.scorecards_pdf import Press, Printed
from minhbach.scorecards_side import Side

BOUND = "scorecards.pdf"
WORKERS = 2  # Typst lets other threads run; each has a compiler of its own
LANGUAGES = ("vi", "en")


@dataclass(frozen=True)
class Written:
    """Facts, and by document (such as scorecards/664.pdf) its marks.

    The facts are the same in every language: those of values that a page had no room for are among them.
    """

    facts: tuple[Fact, ...]
    marks: Mapping[str, Marks]
    font: str
    warnings: tuple[str, ...]

    @property
    def places(self) -> dict[str, tuple[Place, ...]]:
        """Where each document prints its facts."""
        return {name: each.facts for name, each in self.marks.items()}


def write(setup: Setup, output: Edition, language: str, folder: Path, languages: Sequence[str] = LANGUAGES) -> Written:
    """Writes scorecards.pdf and scorecards/<unit_id>.pdf into `folder` from the tables of the stages before.

    A card leaves out as many values as it must in any of `languages`, so that all of them print the same facts.
    The same tables and languages give the same bytes. Raises RenderError for whatever Typst refuses.
    """
    meta = publication.metadata(setup, language)
    search, families, missing = find_fonts(fonts_of(meta), ())
    second = int(datetime.fromisoformat(str(meta["date"])).replace(tzinfo=UTC).timestamp())
    presses = [Press(search.fonts(), second) for _ in range(WORKERS)]
    side = Side(setup, output, language, tuple(families))
    others = [Side(setup, output, each, side.families) for each in languages if each != language]
    front = presses[0].set(side.paper.front(side.cover()), BOUND)
    jobs = side.jobs(front.pages + 1)
    sizes = _sizes(jobs, others, presses[0])
    _tight([job for job in jobs if sizes[job.framework_id][0] == SIZES[-1]], others, presses)
    for framework_id, tried in sizes.items():
        _fit([job for job in jobs if job.framework_id == framework_id and job.printed is None], tried, presses)
    printed = {job.file: job.printed for job in jobs if job.printed}
    memory.forget()
    bound = scorecards_bound.bind(front, list(printed.values()), side.outline(jobs))
    return _written(folder, side, {BOUND: bound, **printed}, missing)


def _sizes(jobs: list[Job], others: Sequence[Side], press: Press) -> dict[str, Sequence[str]]:
    """The sizes of type in which each framework's cards are tried: from that of its longest card in any language."""
    sizes: dict[str, Sequence[str]] = {}
    for framework_id in {job.framework_id: "" for job in jobs}:
        own = [job for job in jobs if job.framework_id == framework_id]
        longest = max(own, key=lambda job: (job.deck.answers.weight(job.unit.unit_id), job.name))
        tried = [replace(longest, content=dict(longest.content))]
        tried += [job for side in others for job in side.twins([longest])]
        for job in tried:
            job.fit(press)
        sizes[framework_id] = SIZES[max(SIZES.index(job.size) for job in tried) :]
    return sizes


def _tight(jobs: list[Job], others: Sequence[Side], presses: Sequence[Press]) -> None:
    """Sets cards that may have to leave out values: as many as the language that needs most room."""
    twins = [side.twins(jobs) for side in others]
    _fit([*jobs, *(job for each in twins for job in each)], SIZES[-1:], presses)
    for job, *same in zip(jobs, *twins, strict=True):
        most = max((other.left for other in same), default=0)
        if most > job.left:
            job.leave_out(presses[0], most)


def _fit(jobs: Sequence[Job], sizes: Sequence[str], presses: Sequence[Press]) -> None:
    """Fits jobs, some in each thread."""

    def some(worker: int) -> None:
        for job in jobs[worker::WORKERS]:
            job.fit(presses[worker], sizes)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(some, range(WORKERS)))


def _written(folder: Path, side: Side, printed: Mapping[str, Printed], missing: Sequence[str]) -> Written:
    """Writes the files, and gathers what stands in them."""
    for name, each in printed.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(each.pdf)
    long = [f"{name}: has more than one page" for name, each in printed.items() if name != BOUND and each.pages > 1]
    return Written(
        facts=side.report.ledger.facts,
        marks={name: each.marks for name, each in printed.items()},
        font=side.families[0],
        warnings=(*missing, *(warning for each in printed.values() for warning in each.warnings), *long),
    )
