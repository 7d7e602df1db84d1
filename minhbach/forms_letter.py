"""The annex of the covering letter as PDF: why the survey is held, until when, and every question that is asked."""

from __future__ import annotations

import datetime
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from minhbach import forms_layout, markdown, publication, wording
from minhbach.assessment import Survey
from minhbach.deadlines import return_deadline
from minhbach.editions import Setup
from minhbach.forms import Written, surveyed
from minhbach.forms_plan import mark, section_label
from minhbach.forms_rules import ask, options
from minhbach.framework import Framework
from minhbach.markdown import escape
from minhbach.model import Question
from minhbach.render.embedded import render_pdf


def letter(setup: Setup, folder: Path, language: str) -> Written:
    """Write the annex of the covering letter as `<framework_id>.pdf`, one for each framework surveyed by forms.

    It says what is asked, on what legal basis, and until when. Raises UsageError if the edition collects no forms.
    """
    frameworks = surveyed(setup)
    folder.mkdir(parents=True, exist_ok=True)
    return Written(folder, tuple(write(setup, framework, folder, language) for framework in frameworks))


def write(setup: Setup, framework: Framework, folder: Path, language: str) -> Path:
    """Write `<framework_id>.pdf` into a folder that is there; the same edition gives the same bytes."""
    survey = setup.assessment.survey
    assert survey is not None, "an edition with responses has a survey"
    when = datetime.datetime.fromisoformat(survey.letter_date).replace(tzinfo=datetime.UTC)
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / f"{framework.id}.md"
        source.write_text(text(setup, framework, language), encoding="utf-8", newline="\n")
        made = render_pdf(source, _metadata(setup, framework, survey, language), timestamp=int(when.timestamp()))
        return Path(shutil.copy(made.pdf, folder / made.pdf.name))


def text(setup: Setup, framework: Framework, language: str) -> str:
    """The annex in Markdown; names and labels are escaped."""
    sections = list(forms_layout.sections(framework))
    tables = [_section(framework, section, place, language) for place, section in enumerate(sections, start=1)]
    return markdown.paragraphs(
        f"# {wording.say('form_why', language)}",
        *_basis(setup, language),
        f"# {wording.say('form_when', language)}",
        markdown.bullets([escape(line) for line in _terms(setup, framework, language)]),
        f"# {wording.say('form_what', language)}",
        escape(wording.say("form_what_intro", language, questions=len(framework.fields), sections=len(sections))),
        *tables,
    )


def _metadata(setup: Setup, framework: Framework, survey: Survey, language: str) -> dict[str, object]:
    document = setup.assessment.document.model_copy(update={"date": survey.letter_date})
    return {
        **publication.metadata(setup, language),
        "title": wording.say("form_annex_of", language, title=setup.assessment.title.say(language)),
        "date": survey.letter_date,
        "place_date": publication.place_date(document, language),
        "number": "",
        "type": wording.say("form_annex", language),
        "abstract": wording.say("form_annex_of", language, title=framework.spec.title.say(language)),
        "mark": mark(setup, language),
        "signature": {},
        "recipients": [],
    }


def _basis(setup: Setup, language: str) -> Iterator[str]:
    """Purpose and legal bases; one whose use is inferred says so."""
    if setup.assessment.purpose:
        yield escape(setup.assessment.purpose.say(language))
    inferred = wording.say("basis_inferred", language)
    bases = [
        each.text.say(language) + (f" {inferred}" if each.basis == "inferred" else "")
        for each in setup.assessment.legal_basis
    ]
    if bases:
        yield escape(wording.say("form_basis", language))
        yield markdown.bullets([escape(basis) for basis in bases])


def _terms(setup: Setup, framework: Framework, language: str) -> Iterator[str]:
    """Who answers, for which period, until when and to whom."""
    survey = setup.assessment.survey
    assert survey is not None, "an edition with responses has a survey"
    day = wording.say_date(return_deadline(survey).isoformat(), language)
    sent = wording.say_date(survey.letter_date, language)
    yield wording.say("form_units", language, units=len(setup.units_of(framework.id)))
    yield wording.say("form_period", language, period=survey.period.say(language))
    yield wording.say("form_deadline", language, day=day, days=survey.return_days, sent=sent)
    yield wording.say("form_verification", language, days=survey.verification_days)
    if survey.contact:
        yield wording.say("form_contact", language, contact=survey.contact.say(language))


def _section(framework: Framework, section: forms_layout.Section, place: int, language: str) -> str:
    keys = ("form_col_number", "form_col_question", "form_col_answer", "form_col_evidence")
    rows = [
        [f"{place}.{index}", *_question(question, language)]
        for index, (_, question) in enumerate(section.fields, start=1)
    ]
    title = escape(section_label(framework, section, language) or str(place))
    header = [escape(wording.say(key, language)) for key in keys]
    return markdown.table(f"section-{place}", title, header, rows, "llll", (7, 42, 33, 18))


def _question(question: Question, language: str) -> list[str]:
    offered = "; ".join(options(question)) if question.type == "choice" else ""
    how = f"{ask(question, language)} {offered}".strip()
    if question.required:
        how += f" {wording.say('form_required', language)}"
    evidence = wording.say(f"form_evidence_{question.evidence}", language)
    return [escape(part) for part in (question.label.say(language), how, evidence)]
