"""The department's own words, `data/raw/<edition>/commentary.<language>.md`, with every number a fact.

A heading `# results` opens a section of the report by its id. `[]{fact="664/total"}` is filled with the fact as it is
shown; `[Điều 4 Quyết định 2392]{.declared}` may contain numerals; no other numeral may be typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from minhbach import cite, pandoc, wording
from minhbach.book import Book
from minhbach.commentary_inlines import Inlines
from minhbach.commentary_text import Reader
from minhbach.errors import FileError, MinhbachError, Problem
from minhbach.pandoc import Node
from minhbach.paths import Edition
from minhbach.report_sections import SECTIONS

MOST_BYTES = 200_000
LABEL = re.compile(r"\{[^}\n]*#((?:tbl|fig|anx)-[\w.-]+)")


@dataclass(frozen=True)
class Written:
    """One file as it was read: the blocks of each section, the tables and figures referred to, the mistakes."""

    name: str
    sections: Mapping[str, list[Node]]
    version: list[int]
    references: Mapping[str, int]
    problems: tuple[Problem, ...]

    def refuse(self, more: tuple[Problem, ...] = ()) -> None:
        """FileError with every mistake, if there is one."""
        if self.problems or more:
            raise FileError(self.name, (*self.problems, *more))


def file(edition: Edition, language: str) -> Path:
    """Where the commentary of a language stands, if there is one."""
    return edition.raw / f"commentary.{language}.md"


def sections(book: Book) -> Mapping[str, str]:
    """The Markdown of each section that the department has written, by section id.

    To be called when the rest of the report has declared its facts: a query can be cited once it is declared.

    Raises:
        FileError: with every mistake of the file, by line.
    """
    place = file(book.setup.edition, book.language)
    if not place.exists():
        return {}
    written = _read(place, book.language, lambda fact_id: cite.fact(book, fact_id), lambda text: _hint(book, text))
    written.refuse()
    return dict(zip(written.sections, pandoc.write(list(written.sections.values()), written.version), strict=True))


def check(edition: Edition, reports: Mapping[str, str]) -> None:
    """Refuses references that the report (Markdown by language) does not have, and sections one language lacks.

    Raises:
        MinhbachError: with every such place, by file and line.
    """
    texts = {language: _written(edition, language) for language in reports}
    everywhere = {section: language for language, text in texts.items() for section in text.sections}
    faults = []
    for language, text in texts.items():
        known = set(LABEL.findall(reports[language]))
        lost = [
            Problem(line, "", wording.say("commentary_lost", language, label=label))
            for label, line in text.references.items()
            if label not in known
        ]
        lost += [
            Problem(1, section, wording.say("commentary_one_language", language, other=file(edition, other).name))
            for section, other in everywhere.items()
            if section not in text.sections
        ]
        if lost:
            faults.append(str(FileError(text.name, lost)))
    if faults:
        raise MinhbachError("\n".join(faults))


def _written(edition: Edition, language: str) -> Written:
    """A commentary without its facts; empty where there is none."""
    place = file(edition, language)
    if not place.exists():
        return Written(place.as_posix(), {}, [], {}, ())
    return _read(place, language, lambda _: "", lambda _: "")


def _read(place: Path, language: str, fill: Callable[[str], str], hint: Callable[[str], str]) -> Written:
    name = place.as_posix()
    try:
        blocks, version = pandoc.read(_text(place, language))
        words = Inlines(fill, hint, language)
        found = Reader(words, SECTIONS).read(blocks)
    except RecursionError:
        raise FileError(name, [Problem(1, "", wording.say("commentary_nested", language))]) from None
    return Written(name, found, version, words.references, tuple(words.problems))


def _text(place: Path, language: str) -> str:
    """The text of the file, composed (NFC) and with LF; FileError where it is none."""
    raw = place.read_bytes()
    if len(raw) > MOST_BYTES:
        raise FileError(place.as_posix(), [Problem(1, "", wording.say("commentary_large", language, most=MOST_BYTES))])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FileError(place.as_posix(), [Problem(line, "", wording.say("commentary_utf8", language))]) from None
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _hint(book: Book, numeral: str) -> str:
    """A fact of the report that is shown as this numeral."""
    shown = (fact.fact_id for fact in book.ledger.facts if fact.shown == numeral)
    return next(shown, "") or wording.say("commentary_any_fact", book.language)
