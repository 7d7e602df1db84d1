"""Frameworks and answers of a test, in one workbook that LibreOffice computes once."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pandas as pd

from minhbach import framework, levels, rank, recalc_compare, recalc_office, recalc_sheets, record, score, tables
from minhbach.answers import Answers
from minhbach.assessment import Assessment
from minhbach.editions import Setup
from minhbach.framework import Framework
from minhbach.ingest import COLUMNS
from minhbach.model import Question
from minhbach.parts import freeze
from minhbach.paths import Edition
from minhbach.recalc_compare import Difference
from minhbach.recalc_sheets import Scored
from minhbach.units import Unit, Units

DOCUMENT = {"issuer": "I", "place": "P", "date": "2020-07-01", "type": "T", "abstract": "A"}
Texts = Mapping[str, str]


@dataclass(frozen=True)
class Computed:
    """What LibreOffice made of a workbook: cells by framework, unit and column, and what differs from our tables."""

    cells: Mapping[tuple[str, str, str], object]
    differences: Sequence[Difference]
    compared: int


def given(method: Framework, answers: Mapping[str, Texts], units: Mapping[str, Unit] | None = None) -> Answers:
    """Answers by unit id and field; what is not named is blank."""
    listed = tuple((units or {}).get(unit) or Unit(unit, f"Unit {unit}", "", method.spec.unit_kind) for unit in answers)
    texts = {name: tuple(answers[unit].get(name, "") for unit in answers) for name in method.fields}
    return Answers(method, listed, texts)


def load(folder: Path, text: str) -> Framework:
    """A framework from its YAML, whose first line is its id."""
    file = folder / f"{text.splitlines()[0].removeprefix('id: ')}.yaml"
    file.write_text(text, encoding="utf-8")
    return framework.load(file)


def setup_of(frameworks: Sequence[Framework], folder: Path) -> Setup:
    """The edition `test` in `folder` with these frameworks."""
    table = {"file": "t.csv", "unit_column": "unit", "columns": {"a": "a"}}
    settings = {
        "title": "Test",
        "year": 2020,
        "frameworks": [{"framework": each.id, "table": table} for each in frameworks],
        "document": DOCUMENT,
    }
    return Setup(Edition("test", folder), Assessment.model_validate(settings), Units(()), tuple(frameworks))


def observed(answers: Answers) -> pd.DataFrame:
    """Observations as if each answer stood in a cell of its own."""
    rows = [
        (unit, field, *[answers.texts[field][row]] * 2, "as_received", "t.csv", "0" * 64, "S", f"B{row + 2}", "")
        for row, unit in enumerate(answers.unit_ids)
        for field in answers.framework.fields
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def write(every: Sequence[Answers], folder: Path, language: str = "vi") -> Path:
    """The workbook and the draft's tables of several frameworks."""
    scored = {each.framework.id: Scored(observed(each), score.score(each)) for each in every}
    setup = setup_of([each.framework for each in every], folder)
    for framework_id, each in scored.items():
        place = setup.edition.draft / framework_id
        tables.write(record.scores(each.points), place / "scores.csv")
        tables.write(levels.levels(each.points), place / "levels.csv")
        tables.write(rank.ranks(each.points), place / "ranks.csv")
    path = setup.edition.draft / "scores.xlsx"
    recalc_sheets.write(path, setup, language, scored)
    return path


def computed(program: str, every: Sequence[Answers], folder: Path, language: str = "vi") -> Computed:
    """Lets LibreOffice compute the workbook of several frameworks, without any stored result."""
    path = write(every, folder, language)
    formulas = recalc_office.bare(path, folder / "bare.xlsx")
    pages = recalc_compare.pages(recalc_office.recalculated(program, folder / "bare.xlsx", folder, language))
    cells: dict[tuple[str, str, str], object] = {}
    found: list[Difference] = []
    compared = 0
    for page in pages:
        codes = page.rows[5]
        for row in page.rows[6:]:
            cells |= {(page.framework, str(row[0]), str(code)): cell for code, cell in zip(codes, row, strict=True)}
        if page.part in ("nodes", "outcomes"):
            method = next(each.framework for each in every if each.framework.id == page.framework)
            wanted = recalc_compare.expected(method, path.parent, language)[page.part]
            compared += len(wanted)
            held = formulas[page.file]
            found += recalc_compare.differences(page, wanted, method.rounding.mode, "recalc_differs", held)
    return Computed(cells, found, compared)


def random_answers(method: Framework, count: int, seed: int) -> Answers:
    """Answers of many units: blanks, zeros, bounds and everything between; some units are not ranked."""
    chance = random.Random(seed)
    columns = {ranking.within for ranking in method.rankings} | {method.spec.best_within}
    own = {column for column in columns if column and column not in ("unit_kind", "parent_id")}
    units = {
        f"u{number:03}": Unit(
            f"u{number:03}",
            f"Đơn vị {number}",
            "",
            method.spec.unit_kind,
            parent_id=chance.choice("AB"),
            ranked=chance.random() > 0.1,
            groups=freeze({column: chance.choice("xX") for column in own}),
        )
        for number in range(count)
    }
    answers = {
        unit: {name: random_answer(question, chance) for name, question in method.fields.items()} for unit in units
    }
    return given(method, answers, units)


def random_answer(question: Question, chance: random.Random) -> str:
    """One answer that the question allows, blank now and then."""
    if chance.random() < 0.04:
        return ""
    if question.type == "yes_no":
        return chance.choice(["yes", "yes", "no"])
    if question.type == "choice":
        return chance.choice(question.options)
    if question.type in ("text", "date"):
        return chance.choice(["=1+1", "2020-07-01"])
    low = Fraction(question.min or 0)
    high = min(Fraction(question.max) if question.max is not None else low + 300, low + chance.choice([3, 30, 300]))
    if chance.random() < 0.1:
        return str(float(chance.choice([low, high]))).removesuffix(".0")
    if question.type == "count":
        return str(chance.randint(int(low), int(high)))
    return str(round(chance.uniform(float(low), float(high)), chance.choice([1, 2, 4])))
