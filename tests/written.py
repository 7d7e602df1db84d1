"""Reports of any framework, put together in memory from answers that a seeded generator draws."""

import random
from pathlib import Path

import pandas as pd

from minhbach import (
    answers,
    book,
    commentary,
    compare,
    confirmations,
    deadlines,
    findings,
    framework,
    levels,
    rank,
    record,
    report_annexes,
    report_body,
    tables,
)
from minhbach.book import Book
from minhbach.corrections_entry import COLUMNS as CORRECTIONS
from minhbach.framework import Framework
from minhbach.markdown import paragraphs
from minhbach.model import Question
from minhbach.paths import Edition
from minhbach.responses import EVIDENCE_COLUMNS, FILE_COLUMNS
from minhbach.score import Points, score
from minhbach.units import Unit

OBSERVATIONS = [
    "unit_id", "field_id", "value", "raw_text", "status", "file", "sha256", "sheet", "cell", "correction_id",
]  # fmt: skip
ASSESSMENT = """
title: {{vi: Thử, en: Trial}}
year: 2022
language: vi
frameworks: [{{framework: {framework}, table: {{file: t.csv, unit_column: u, columns: {{{columns}}}}}}}]
document:
  issuer: Dự án
  place: Huế
  date: 2022-12-01
  type: {{vi: BÁO CÁO, en: REPORT}}
  abstract: {{vi: Thử, en: Trial}}
"""


def text(report: Book, folder: Path) -> str:
    """The report's Markdown, put together as the notebook does it."""
    sections, criteria = report_body.sections(report, folder), report_annexes.criteria(report)
    annexes, words = report_annexes.texts(report), commentary.sections(report)
    parts = [report_body.headed(report, name, sections, words) for name in sections]
    parts += [*criteria.values(), *(report_annexes.headed(report, name, annexes, words) for name in annexes)]
    return paragraphs(*parts)


def drawn(root: Path, framework_id: str, language: str, count: int) -> Book:
    """The book of an edition of `count` units with drawn answers, whose tables are written below `root`."""
    known = framework.find(framework_id)
    edition = Edition("trial", root)
    edition.raw.mkdir(parents=True)
    (root / "frameworks").mkdir()
    for name in known.files:
        (root / "frameworks" / name).write_bytes((Path("frameworks") / name).read_bytes())
    columns = ", ".join(f"{field}: {field}" for field in known.fields)
    edition.assessment_file.write_text(ASSESSMENT.format(framework=framework_id, columns=columns), encoding="utf-8")
    units = [
        Unit(f"u{place}", f"Đơn vị {chr(64 + place)}", f"Unit {chr(64 + place)}", known.spec.unit_kind)
        for place in range(1, count + 1)
    ]
    lines = [f"{unit.unit_id},{unit.name},{unit.name_en},{unit.unit_kind}" for unit in units]
    edition.units_file.write_text("\n".join(["unit_id,name,name_en,unit_kind", *lines]) + "\n", encoding="utf-8")
    for path, frame in _tables(edition, known, tuple(units)).items():
        tables.write(frame, path)
    return book.load(edition, language, edition)


def _tables(edition: Edition, known: Framework, units: tuple[Unit, ...]) -> dict[Path, pd.DataFrame]:
    chance = random.Random(known.id)
    rows = [
        (unit.unit_id, field, value := _answer(question, chance), value, "as_received", "t.csv", "0", "", "A1", "")
        for unit in units
        for field, question in known.fields.items()
    ]
    observations = pd.DataFrame(rows, columns=OBSERVATIONS, dtype="str")
    points: Points = score(answers.from_observations(known, units, observations))
    ranks = rank.ranks(points)
    empty = {
        "findings": findings.COLUMNS, "evidence": EVIDENCE_COLUMNS, "files": FILE_COLUMNS, "corrections": CORRECTIONS,
        "receipts": deadlines.RECEIPTS, "confirmations": confirmations.STATUS,
    }  # fmt: skip
    found = {
        edition.validated / known.id / f"{name}.csv": pd.DataFrame(columns=list(each)) for name, each in empty.items()
    }
    found[edition.validated / known.id / "observations.csv"] = observations
    scored = {
        "scores": record.scores(points),
        "levels": levels.levels(points),
        "ranks": ranks,
        "comparisons": compare.comparisons(points, ranks),
    }
    return found | {edition.draft / known.id / f"{name}.csv": frame for name, frame in scored.items()}


def _answer(question: Question, chance: random.Random) -> str:
    """An answer of the right type, within its limits."""
    low = int(question.min or 0)
    high = max(low + 1, int(question.max) if question.max is not None else 100)
    match question.type:
        case "yes_no":
            return chance.choice(["yes", "no"])
        case "choice":
            return chance.choice(question.options)
        case "percent":
            return f"0.{chance.randint(100, 999)}"
        case "count":
            return str(chance.randint(low, high))
        case "number":
            return f"{chance.randint(low, high - 1)}.{chance.randint(0, 9)}"
    return ""
