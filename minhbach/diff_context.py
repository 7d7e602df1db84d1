"""Where a report prints its facts, in the words that stand around them: table, row and column, figure, or section."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from minhbach import tables
from minhbach.diff_side import Side
from minhbach.diff_text import HEADING, NUMBER, REFERENCE, SPAN, shown

FACT: Final = re.compile(r'\{fact="([^"]+)"\}')
CELLS: Final = re.compile(r"(?<!\\)\|")
FIGURE: Final = re.compile(r"!\[(.*)\]\(figures/[^)]*\)\{#fig-([\w.-]+)")
TABLE: Final = "::: {#tbl-"
BETWEEN: Final = " – "
SENTENCE: Final = re.compile(r"(?<=[.:;]) ")
MOST: Final = 48  # letters of a sentence on either side of a number
HERE: Final = "\ue000"  # stands for the number while its sentence is read
MARK: Final = "(*)"
MARK_OF_LINE: Final = "[]{.newline}"


@dataclass(frozen=True)
class _Table:
    """The lines of a table in the report's Markdown."""

    lines: tuple[str, ...]

    @property
    def caption(self) -> str:
        """The words below the rows."""
        plain = (each for each in self.lines[1:] if each.strip() and not each.startswith(("|", ":::")))
        return shown(next(plain, ""))

    def places(self) -> Iterator[tuple[str, str]]:
        """Each fact with table, row and column."""
        header, _, *rows = [_cells(each) for each in self.lines if each.startswith("|")]
        for row in rows:
            named = next((each for each in row if each.strip() and not FACT.search(each)), "")
            for head, cell in zip(header, row, strict=False):
                for fact_id, words in _cited(cell):
                    own = dict.fromkeys(filter(None, (self.caption, shown(named), shown(head), words)))
                    yield fact_id, BETWEEN.join(own)


def _cited(cell: str) -> Iterator[tuple[str, str]]:
    """The facts of a cell; where it has several, each with the words before it."""
    matches = [match for match in SPAN.finditer(cell) if "fact=" in match[2]]
    end = 0
    for match in matches:
        words = shown(cell[end : match.start()].replace(MARK_OF_LINE, " ")).strip(" ;,:→–−-")
        yield match[2].partition('"')[2].rstrip('"'), words if len(matches) > 1 else ""
        end = match.end()


@lru_cache(maxsize=4)
def places(side: Side) -> Mapping[str, str]:
    """The words around the first printing of each fact; figures where no table and no paragraph has it."""
    found: dict[str, str] = {}
    for fact_id, words in (*_text(side.report), *_figures(side), *_papers(side)):
        found.setdefault(fact_id, words)
    return found


def _papers(side: Side) -> Iterator[tuple[str, str]]:
    """The facts of the documents that approve the report."""
    for name, document in side.evidence.assessment.documents.by_name().items():
        path = side.evidence.home / f"{name}.md"
        if path.is_file():
            title = document.type.say(side.evidence.printed).capitalize()
            yield from ((fact_id, f"{title}{BETWEEN}{words}") for fact_id, words in _text(path.read_text("utf-8")))


def _text(report: str) -> Iterator[tuple[str, str]]:
    path, table = list[str](), list[str]()
    for line in report.splitlines():
        if table or line.startswith(TABLE):
            table.append(line)
            if line == ":::":
                yield from _Table(tuple(table)).places()
                table = []
        elif match := HEADING.match(line):
            path = [*path[: len(match[1]) - 1], shown(match[2])]
        else:
            yield from _sentence(line, BETWEEN.join(path))


def _sentence(line: str, heading: str) -> Iterator[tuple[str, str]]:
    """Each fact of a paragraph with the words before and after it, up to the ends of its sentence."""
    for match in SPAN.finditer(line):
        if found := FACT.fullmatch(f"{{{match[2]}}}"):
            marked = f"{line[: match.start()]}{HERE}{line[match.end() :]}".removeprefix("- ")
            whole = shown(REFERENCE.sub(NUMBER, marked), NUMBER)
            before, _, after = whole.partition(HERE)
            words = f"{_last(before)}{HERE}{_first(after)}".replace(HERE, MARK)
            yield found[1], f"{heading}{BETWEEN}“{words.replace(NUMBER * 2, NUMBER)}”"


def _last(words: str) -> str:
    """The end of what stands before a number, from the beginning of its sentence if that is near."""
    own = SENTENCE.split(words)[-1]
    return own if len(own) <= MOST else f"…{own[-MOST:].partition(' ')[2]}"


def _first(words: str) -> str:
    """The beginning of what stands after a number, to the end of its sentence if that is near."""
    own = SENTENCE.split(words)[0]
    return own.rstrip(" .:;") if len(own) <= MOST else f"{own[:MOST].rpartition(' ')[0]}…"


def _cells(line: str) -> list[str]:
    return [each.strip() for each in CELLS.split(line.strip())[1:-1]]


def _figures(side: Side) -> Iterator[tuple[str, str]]:
    known = captions(side)
    for label, file in side.figures.items():
        frame = tables.read(file)
        if label in known and {"fact_id", "label"} <= set(frame.columns):
            series = frame["series"] if "series" in frame.columns else frame["label"]
            for fact_id, row, part in zip(frame["fact_id"], frame["label"], series, strict=True):
                yield fact_id, BETWEEN.join(filter(None, (known[label], row or part)))


def captions(side: Side) -> dict[str, str]:
    """The captions of figures by label."""
    return {match[2]: shown(match[1]) for match in FIGURE.finditer(side.report)}
