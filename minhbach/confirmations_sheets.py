"""Confirmation sheets as PDF, one per unit, and the register of who has and has not confirmed, in a folder.

Pandoc is a program of its own and starts once per sheet, so several sheets are made at a time.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from minhbach import confirmations, confirmations_register, publication, tables, wording
from minhbach.assessment import Survey
from minhbach.confirmations import Confirmation
from minhbach.confirmations_page import Page, markdown
from minhbach.corrections_entry import Correction
from minhbach.editions import Setup
from minhbach.errors import UsageError
from minhbach.framework import Framework
from minhbach.markdown import escape
from minhbach.render.embedded import render_pdf

REGISTER = "register"
HASHES = "SHA256SUMS"


@dataclass(frozen=True)
class Validated:
    """What the validating stage handed over for one framework, and the corrections that were used."""

    observations: pd.DataFrame
    findings: pd.DataFrame
    corrections: Sequence[Correction]


@dataclass(frozen=True)
class Sheets:
    """What was written: the folder, and the sheets by unit."""

    folder: Path
    sheets: Mapping[str, Path]

    @property
    def register(self) -> Path:
        """The list of who has and has not confirmed; register.csv beside it has the same as a table."""
        return self.folder / f"{REGISTER}.pdf"


def sheets(
    setup: Setup,
    validated: Mapping[str, Validated],
    signed: Sequence[Confirmation],
    number: int,
    folder: Path,
    language: str,
) -> Sheets:
    """Writes a sheet for every unit with data, for the round `number`, and the register; replaces `folder` whole.

    Beside `<unit_id>.pdf` stands `<unit_id>.txt`, the canonical text that is signed, and SHA256SUMS for all of these
    (`sha256sum -c SHA256SUMS`). `validated` is by framework id. The same inputs give the same bytes.

    Raises:
        UsageError: the edition does not require this round, or `folder` holds something else.
    """
    now = _Round(setup, _required(setup, number, language), number, language)
    _replaceable(folder)
    pages = _pages(setup, validated)
    observations = pd.concat([each.observations for each in validated.values()], ignore_index=True)
    state = confirmations.status(setup.units, observations, signed, [number])
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".sheets-") as name:
        ready = Path(name) / folder.name
        tables.write(state, ready / f"{REGISTER}.csv")
        _hashes(pages, ready)
        _pdfs(now, pages, state, Path(name), ready)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.move(ready, folder)
    return Sheets(folder, {each.unit.unit_id: folder / f"{each.unit.unit_id}.pdf" for each in pages})


@dataclass(frozen=True)
class _Round:
    """The round that sheets are made for."""

    setup: Setup
    survey: Survey
    number: int
    language: str


def _replaceable(folder: Path) -> None:
    """Refuses a folder that does not hold sheets of ours."""
    if folder.exists() and any(folder.iterdir()) and not (folder / f"{REGISTER}.csv").exists():
        raise UsageError(f"{folder.as_posix()} holds other files and is left as it is. Name an empty or a new folder.")


def _required(setup: Setup, number: int, language: str) -> Survey:
    """The edition's survey, if it requires this round."""
    survey = setup.assessment.survey
    if survey is None or number not in survey.rounds:
        known = ", ".join(map(str, survey.rounds if survey else ())) or wording.say("rounds_none", language)
        details = {"edition": setup.edition.name, "known": known, "round": number}
        raise UsageError(wording.say("round_not_required", language, **details))
    return survey


def _pages(setup: Setup, validated: Mapping[str, Validated]) -> list[Page]:
    """A page per unit with data, by framework and unit."""
    pages = [page for framework in setup.frameworks for page in _of_framework(setup, framework, validated)]
    ids = [page.unit.unit_id for page in pages]
    if twice := sorted({unit_id for unit_id in ids if ids.count(unit_id) > 1}):
        message = f"{', '.join(twice)}: a unit that two frameworks of an edition assess has no single text to sign."
        raise UsageError(f"{message} Give one of the frameworks an edition of its own.")
    return pages


def _of_framework(setup: Setup, framework: Framework, validated: Mapping[str, Validated]) -> Iterator[Page]:
    given = validated[framework.id]
    observations = {str(key): table for key, table in given.observations.groupby("unit_id")}
    findings = {str(key): table for key, table in given.findings.groupby("unit_id")}
    for unit in setup.units_of(framework.id):
        if unit.unit_id in observations:
            found = findings.get(unit.unit_id, given.findings.head(0))
            entries = [each for each in given.corrections if each.unit_id == unit.unit_id]
            yield Page(framework, unit, observations[unit.unit_id], found, entries)


def _hashes(pages: Sequence[Page], folder: Path) -> None:
    """The texts that are signed, and their hashes in the form that sha256sum checks."""
    lines = []
    for page in sorted(pages, key=lambda each: each.unit.unit_id):
        file = folder / f"{page.unit.unit_id}.txt"
        file.write_text(confirmations.canonical(page.observations), encoding="utf-8", newline="\n")
        lines.append(f"{confirmations.digest(page.observations)}  {file.name}\n")
    (folder / HASHES).write_text("".join(lines), encoding="utf-8", newline="\n")


def _pdfs(now: _Round, pages: Sequence[Page], state: pd.DataFrame, build: Path, ready: Path) -> None:
    """All sheets and the register as PDF, in `ready`; what they are made from stays in `build`."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        works = [pool.submit(_sheet, now, page, build) for page in pages]
        works.append(pool.submit(_register, now, state, build))
        for work in works:
            file = work.result()
            shutil.move(file, ready / file.name)


def _sheet(now: _Round, page: Page, build: Path) -> Path:
    """The PDF of one unit's sheet."""
    title = now.setup.assessment.title.say(now.language)
    text = markdown(page, escape(wording.say("sheet_intro", now.language, title=title)), now.language)
    details = {"unit": page.unit.name, "round": now.number}
    return _pdf(now, build / f"{page.unit.unit_id}.md", text, "sheet", details)


def _register(now: _Round, state: pd.DataFrame, build: Path) -> Path:
    """The PDF of the register."""
    text = confirmations_register.markdown(now.setup.units, state, now.language)
    return _pdf(now, build / f"{REGISTER}.md", text, REGISTER, {"round": now.number})


def _pdf(now: _Round, source: Path, text: str, kind: str, details: Mapping[str, object]) -> Path:
    """The PDF of a Markdown text; day, month and year of signing are left open."""
    document, language = now.setup.assessment.document, now.language
    source.write_text(text, encoding="utf-8", newline="\n")
    metadata = publication.metadata(now.setup, language) | {
        "title": wording.say(f"{kind}_title", language, **details),
        "number": "",
        "place_date": wording.say("sheet_place_date", language, place=document.place.say(language)),
        "type": wording.say(f"{kind}_type", language),
        "abstract": wording.say(f"{kind}_abstract", language, **details),
        "draft": "",
        "signature": {},
        "recipients": [],
    }
    when = datetime.fromisoformat(document.date).replace(tzinfo=UTC)
    return render_pdf(source, metadata, timestamp=int(when.timestamp())).pdf
