"""What a report says besides its numbers: paragraphs compared section by section, and the tables behind figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final

from minhbach import diff_references, tables
from minhbach.diff_side import Side

SPAN: Final = re.compile(r"\[((?:\\.|[^\]\\])*)\]\{([^}]*)\}")
HEADING: Final = re.compile(r"(#{1,6}) +(.*)")
ESCAPED: Final = re.compile(r"\\([^\w\s])")
TABLE: Final = "::: {#tbl-"
REFERENCE: Final = re.compile(r"\[\]\(#([\w-]+)\)|(?<!\w)@((?:tbl|fig)-[\w-]+)")
LEFT_OUT: Final = (":::", "|", "![", "<", "```")
NUMBER: Final = "…"


@dataclass(frozen=True)
class Sentence:
    """A paragraph that one side has and the other has not, or says otherwise; empty texts for what is not there."""

    section: str
    before: str
    after: str


@dataclass(frozen=True)
class Figure:
    """A figure whose table differs: how many of its rows changed, came and went."""

    label: str
    changed: int
    new: int
    gone: int


@dataclass(frozen=True)
class _Paragraph:
    """`key` has no numbers that are facts; `text` is what a reader sees."""

    key: str
    text: str


def sentences(earlier: Side, later: Side) -> tuple[Sentence, ...]:
    """The paragraphs that differ in more than their facts, in the order of the later report."""
    before, after = sections(earlier), sections(later)
    names = [*after, *(name for name in before if name not in after)]
    return tuple(each for name in names for each in _changed(name, before.get(name, []), after.get(name, [])))


def sections(side: Side) -> dict[str, list[_Paragraph]]:
    """The paragraphs of a report by section; tables, figures and their captions are no paragraphs."""
    names = diff_references.printed(side.report, side.evidence.printed)
    found: dict[str, list[_Paragraph]] = {}
    path: list[str] = []
    in_table = False
    for block in re.split(r"\n\s*\n", side.report):
        lines = block.strip().split("\n")
        if in_table or lines[0].startswith(TABLE):  # up to its end: rows, and the caption below them
            in_table = lines[-1] != ":::"
            continue
        heading = HEADING.match(lines[0])
        if heading:
            path = [*path[: len(heading[1]) - 1], shown(heading[2], names=names)]
        elif lines[0] and not lines[0].startswith(LEFT_OUT):
            found.setdefault(" / ".join(path), []).extend(_paragraphs(lines, names))
    return found


def _paragraphs(lines: list[str], names: Mapping[str, str]) -> Iterator[_Paragraph]:
    """A paragraph, or each item of a list."""
    items = lines if lines[0].startswith("- ") else [" ".join(lines)]
    for item in items:
        yield _Paragraph(shown(item, NUMBER), shown(item, names=names))


def shown(text: str, instead: str = "", names: Mapping[str, str] | None = None) -> str:
    """The text without marks; `instead` of a fact where it is given, `names` of what references lead to."""

    def replaced(match: re.Match[str]) -> str:
        return instead if instead and match[2].startswith("fact=") else match[1]

    def named(match: re.Match[str]) -> str:
        label = match[1] or match[2]
        return (names or {}).get(label, label)

    plain = SPAN.sub(replaced, REFERENCE.sub(named, text)).replace("**", "")
    return " ".join(ESCAPED.sub(r"\1", re.sub(r"\{[#.][^}]*\}", "", plain)).split())


def _changed(section: str, before: list[_Paragraph], after: list[_Paragraph]) -> Iterator[Sentence]:
    matcher = SequenceMatcher(None, [each.key for each in before], [each.key for each in after], autojunk=False)
    for kind, start, end, begin, stop in matcher.get_opcodes():
        if kind != "equal":
            for old, new in zip_longest(before[start:end], after[begin:stop]):
                yield Sentence(section, old.text if old else "", new.text if new else "")


def figures(earlier: Side, later: Side) -> tuple[Figure, ...]:
    """The figures whose tables differ."""
    found = []
    for label in sorted(earlier.figures.keys() | later.figures.keys()):
        before, after = (_rows(each, label) for each in (earlier, later))
        both = before.keys() & after.keys()
        changed = sum(before[key] != after[key] for key in both)
        made = Figure(label, changed, len(after.keys() - both), len(before.keys() - both))
        if made.changed or made.new or made.gone:
            found.append(made)
    return tuple(found)


def _rows(side: Side, label: str) -> Mapping[tuple[str, ...], tuple[str, ...]]:
    """The rows of a figure's table by the fact that each draws, or by their place where it draws none."""
    if label not in side.figures:
        return {}
    frame = tables.read(side.figures[label])
    rows: dict[tuple[str, ...], tuple[str, ...]] = {}
    for place, row in enumerate(frame.itertuples(index=False, name=None)):
        texts = tuple(map(str, row))
        fact = str(frame["fact_id"].iloc[place]) if "fact_id" in frame.columns else ""
        rows[(fact or str(place), *texts[:1])] = texts
    return rows
