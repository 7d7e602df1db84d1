"""The second engine: a draft's workbook is written, computed from scratch by LibreOffice, and compared cell by cell."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError

from minhbach import answers, editions, recalc_compare, recalc_office, recalc_sheets, score, tables, wording
from minhbach.editions import Setup
from minhbach.errors import MinhbachError, UsageError
from minhbach.paths import Edition
from minhbach.recalc_columns import CODE
from minhbach.recalc_compare import Difference, Page
from minhbach.recalc_sheets import Scored

WORKBOOK = "scores.xlsx"
COMPARED = ("nodes", "outcomes")
MOST_SHOWN = 200


@dataclass(frozen=True)
class Outcome:
    """How many points, levels, ranks and other cells (maxima and shares) agreed, and with which program."""

    program: str
    nodes: int
    levels: int
    ranks: int
    others: int

    @property
    def cells(self) -> int:
        """All compared cells."""
        return self.nodes + self.levels + self.ranks + self.others


def workbook(setup: Setup, output: Edition, language: str) -> Path:
    """Writes draft/scores.xlsx from the validated observations of `output`, the edition's output folders."""
    scored = {}
    for framework in setup.frameworks:
        observations = tables.read(output.validated / framework.id / "observations.csv")
        given = answers.from_observations(framework, tuple(setup.units_of(framework.id)), observations)
        scored[framework.id] = Scored(observations, score.score(given))
    path = output.draft / WORKBOOK
    recalc_sheets.write(path, setup, language, scored)
    return path


def recalculate(edition: Edition, language: str) -> Outcome:
    """Lets LibreOffice compute the draft's workbook from scratch; every node, level and rank must agree.

    Raises:
        UsageError: LibreOffice, or the draft, is not there.
        MinhbachError: cells differ; all of them are named.
    """
    setup = editions.load(edition)
    language = language or setup.assessment.language
    source = _present(setup, language)
    program = recalc_office.find(language)
    with tempfile.TemporaryDirectory(prefix="minhbach-") as name:
        folder = Path(name)
        try:
            formulas = recalc_office.bare(source, folder / WORKBOOK)
            stored = recalc_compare.pages(source)
        except (zipfile.BadZipFile, CalamineError, OSError) as error:
            details = {"file": source.as_posix(), "reason": str(error), "edition": edition.name}
            raise MinhbachError(wording.say("recalc_unreadable", language, **details)) from None
        computed = recalc_compare.pages(recalc_office.recalculated(program, folder / WORKBOOK, folder, language))
    return _compared(setup, language, stored, computed, formulas, recalc_office.version(program))


def _present(setup: Setup, language: str) -> Path:
    """The draft's workbook; UsageError where it, or a table it is compared with, is not there."""
    draft, name = setup.edition.draft, setup.edition.name
    tables_ = [draft / each.id / f"{table}.csv" for each in setup.frameworks for table in ("scores", "levels", "ranks")]
    missing = next((file for file in (draft / WORKBOOK, *tables_) if not file.is_file()), None)
    if missing is not None:
        raise UsageError(wording.say("recalc_missing_workbook", language, file=missing.as_posix(), edition=name))
    return draft / WORKBOOK


def note(edition: Edition, outcome: Outcome) -> None:
    """Records in the draft's manifest that the recalculation was done."""
    path = edition.draft / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["recalculation"] = {"done": True, "cells": outcome.cells, "program": outcome.program}
    new = path.with_name(".manifest.json")
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    new.write_text(text + "\n", encoding="utf-8", newline="\n")
    new.replace(path)


def said(outcome: Outcome, language: str) -> str:
    """The outcome in a sentence."""
    return wording.say("recalc_done", language, cells=outcome.cells, **vars(outcome))


def _compared(
    setup: Setup,
    language: str,
    stored: Sequence[Page],
    computed: Sequence[Page],
    formulas: dict[str, frozenset[str]],
    program: str,
) -> Outcome:
    """Counts what agrees, or names everything that does not."""
    counts: Counter[str] = Counter()
    found: list[Difference] = []
    missing: list[str] = []
    for framework in setup.frameworks:
        for part in COMPARED:
            mine = [page for page in stored if (page.framework, page.part) == (framework.id, part)]
            theirs = [page for page in computed if (page.framework, page.part) == (framework.id, part)]
            if not mine or not theirs:
                file = (setup.edition.draft / WORKBOOK).as_posix()
                details = {"file": file, "framework": framework.id, "part": part, "edition": setup.edition.name}
                missing.append(wording.say("recalc_missing_sheet", language, **details))
                continue
            wanted = recalc_compare.expected(framework, setup.edition.draft, mine[0].language)[part]
            mode, held = framework.rounding.mode, formulas.get(mine[0].file, frozenset())
            found += recalc_compare.differences(theirs[0], wanted, mode, "recalc_differs", held)
            found += recalc_compare.differences(mine[0], wanted, mode, "recalc_shown_differs", None)
            present = set(map(str, theirs[0].rows[CODE]))
            counts.update(each.kind for (_, code), each in wanted.items() if code in present)
    if found or missing:
        raise MinhbachError("\n".join(_list(missing, found, counts.total(), program, language)))
    return Outcome(program, *(counts[kind] for kind in ("nodes", "levels", "ranks", "others")))


def _list(missing: list[str], found: list[Difference], compared: int, program: str, language: str) -> Iterator[str]:
    lines = [*missing, *dict.fromkeys(_line(each, language) for each in found)]
    yield wording.say("recalc_differences", language, program=program, count=len(lines), compared=compared)
    yield from (f"  {line}" for line in lines[:MOST_SHOWN])
    if len(lines) > MOST_SHOWN:
        yield wording.say("recalc_more", language, count=len(lines) - MOST_SHOWN)


def _line(each: Difference, language: str) -> str:
    blank = wording.say("recalc_blank", language)
    details = vars(each) | {"found": each.found or blank, "wanted": each.wanted or blank}
    return wording.say(each.said, language, **details)
