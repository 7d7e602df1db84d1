"""What stands in a survey form, row by row, before anything is written: the plan that a workbook follows."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from minhbach import forms_layout, wording
from minhbach.deadlines import return_deadline
from minhbach.editions import Setup
from minhbach.forms_layout import FIXED, HEAD, HEADERS, SHEET
from minhbach.forms_rules import Rule, rule_of
from minhbach.framework import Framework
from minhbach.model import Question
from minhbach.units import Unit

Value = str | int | float | datetime.date | None
Kind = Literal["band", "fixed", "contact", "question"]
REQUIRED_MARK, EVIDENCE_MARK = "*", "▲"


@dataclass(frozen=True)
class Row:
    """One row: a band (title of a table), a fixed or contact row of the header block, or a question."""

    kind: Kind
    text: str
    code: str = ""
    number: str = ""
    unit: str = ""
    question: Question | None = None
    rule: Rule | None = None
    answer: Value = None
    evidence: tuple[Value, Value, Value] = (None, None, None)
    remark: Value = None


@dataclass(frozen=True)
class Form:
    """The form of one unit; `mark` is empty unless the edition is synthetic."""

    unit: Unit
    title: str
    mark: str
    guide: tuple[str, ...]
    made: datetime.date
    language: str
    rows: tuple[Row, ...]
    columns: tuple[str, ...] = HEADERS
    sheet: str = SHEET


def forms_of(setup: Setup, framework: Framework, language: str) -> Iterator[Form]:
    """The empty form of every unit that a framework of the edition assesses, in the order of units.csv."""
    survey = setup.assessment.survey
    assert survey is not None, "an edition with responses has a survey"
    questions = tuple(_questions(framework, language))
    deadline = wording.say_date(return_deadline(survey).isoformat(), language)
    values = {
        "_edition": setup.edition.name,
        "_framework": framework.id,
        "_period": survey.period.say(language),
        "_deadline": deadline,
        "_fingerprint": forms_layout.fingerprint(framework, setup.edition.name),
    }
    title = setup.assessment.title.say(language)
    guide = tuple(_guide(setup, language, deadline))
    made = datetime.date.fromisoformat(survey.letter_date)
    for unit in setup.units_of(framework.id):
        head = tuple(_head({**values, "_unit": unit.unit_id, "_name": unit.name}, language))
        yield Form(unit, title, mark(setup, language), guide, made, language, head + questions)


def mark(setup: Setup, language: str) -> str:
    """What a synthetic edition prints wherever it is seen; empty for any other edition."""
    if not setup.assessment.synthetic:
        return ""
    declared = setup.assessment.document.mark
    return declared.say(language) if declared else wording.say("form_synthetic", language)


def filled(row: Row, answer: Value, evidence: tuple[Value, Value, Value] | None = None, remark: Value = None) -> Row:
    """The row with a unit's own words in it."""
    return replace(row, answer=answer, evidence=evidence or row.evidence, remark=remark)


def _head(values: dict[str, str], language: str) -> Iterator[Row]:
    yield Row("band", wording.say("form_head", language))
    for code, words in HEAD.items():
        yield Row("fixed" if code in FIXED else "contact", words, code=code, answer=values.get(code))


def _questions(framework: Framework, language: str) -> Iterator[Row]:
    for place, section in enumerate(forms_layout.sections(framework), start=1):
        label = section_label(framework, section, language)
        yield Row("band", f"{place}. {label}" if label else f"{place}.")
        for index, (field_id, question) in enumerate(section.fields, start=1):
            marks = REQUIRED_MARK * question.required + EVIDENCE_MARK * (question.evidence == "required")
            yield Row(
                "question",
                question.label.say(language),
                code=field_id,
                number=f"{place}.{index} {marks}".strip(),
                unit=question.unit.say(language) if question.unit else "",
                question=question,
                rule=rule_of(question, language),
            )


def section_label(framework: Framework, section: forms_layout.Section, language: str) -> str:
    """The title of a table in the language of the form."""
    label = framework.spec.sections.get(section.code)
    if label is None and section.code in framework.nodes:
        label = framework.nodes[section.code].label
    return label.say(language) if label else section.title


def _guide(setup: Setup, language: str, deadline: str) -> Iterator[str]:
    survey = setup.assessment.survey
    for step in range(1, 10):
        yield wording.say(f"form_guide_{step}", language, deadline=deadline)
    if survey and survey.contact:
        yield wording.say("form_contact", language, contact=survey.contact.say(language))
