"""What a cell of a survey form accepts, and the words that say so: from the framework's question to a validation."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from minhbach import wording
from minhbach.forms_layout import NO, YES
from minhbach.model import Question
from minhbach.numbers import show

MOST_TITLE, MOST_MESSAGE, MOST_LIST = 32, 255, 255
FIRST_DAY, LAST_DAY = datetime.date(1945, 9, 2), datetime.date(2100, 12, 31)
LARGEST = 10**15


@dataclass(frozen=True)
class Rule:
    """A validation without its list (XlsxWriter's names), the options of the list, and the cell's number format."""

    validation: Mapping[str, Any]
    options: tuple[str, ...]
    number_format: str

    @property
    def inline(self) -> bool:
        """Whether the options fit into the validation itself: 255 characters, and no comma or quote inside."""
        return len(",".join(self.options)) <= MOST_LIST and not any(set(option) & set(',"') for option in self.options)


def rule_of(question: Question, language: str) -> Rule:
    """What the answer cell of a question accepts."""
    asked = ask(question, language)
    words = {
        "input_title": clipped(question.label.say(language), MOST_TITLE),
        "input_message": clipped(_message(question, asked, language), MOST_MESSAGE),
        "error_title": clipped(wording.say("form_refused", language), MOST_TITLE),
        "error_message": clipped(wording.say("form_refused_why", language, asked=asked), MOST_MESSAGE),
    }
    return Rule(_limits(question) | words, options(question), FORMATS[question.type])


# Percent shows two decimals, so that what is seen is what is read; text is text, so that nothing becomes a formula.
FORMATS = {
    "count": "#,##0",
    "number": "General",
    "percent": "0.00%",
    "yes_no": "@",
    "choice": "@",
    "date": "dd/mm/yyyy",
    "text": "@",
}


def options(question: Question) -> tuple[str, ...]:
    """The answers that a question offers; none where it does not offer any."""
    return (YES, NO) if question.type == "yes_no" else question.options


def ask(question: Question, language: str) -> str:
    """One sentence on how to answer a question: kind, range and unit of measure."""
    span = _range(question, language)
    unit = question.unit.say(language) if question.unit and question.type != "percent" else ""
    details = f"{' ' if span else ''}{span}{f' ({unit})' if unit else ''}"
    return wording.say(f"form_ask_{question.type}", language, details=details)


def date_rule(language: str) -> dict[str, Any]:
    """The validation of an evidence date."""
    asked = wording.say("form_ask_date", language, details="")
    return {
        **_dates(),
        "error_title": clipped(wording.say("form_refused", language), MOST_TITLE),
        "error_message": clipped(wording.say("form_refused_why", language, asked=asked), MOST_MESSAGE),
    }


def evidence_rule(language: str) -> dict[str, Any]:
    """The input message of a cell whose evidence is required; it accepts any text."""
    return {
        "validate": "any",
        "input_title": clipped(wording.say("form_evidence", language), MOST_TITLE),
        "input_message": clipped(wording.say("form_evidence_why", language), MOST_MESSAGE),
    }


def clipped(text: str, most: int) -> str:
    """The text cut after a word so that it has at most so many characters."""
    if len(text) <= most:
        return text
    head, space, _ = text[:most].rpartition(" ")
    return (head if space else text[: most - 1]).rstrip(" ,;") + "…"


def _limits(question: Question) -> dict[str, Any]:
    match question.type:
        case "count" | "number" | "percent":
            return _numbers(question)
        case "yes_no" | "choice":
            return {"validate": "list"}
        case "date":
            return _dates()
    return {"validate": "any"}


def _numbers(question: Question) -> dict[str, Any]:
    whole = question.type == "count"
    least = question.min if question.min is not None else Fraction(0 if question.type != "number" else -LARGEST)
    most = question.max if question.max is not None else Fraction(1 if question.type == "percent" else LARGEST)
    edges = [int(edge) if edge.denominator == 1 else float(edge) for edge in (least, most)]
    return {
        "validate": "integer" if whole else "decimal",
        "criteria": "between",
        "minimum": edges[0],
        "maximum": edges[1],
    }


def _dates() -> dict[str, Any]:
    return {"validate": "date", "criteria": "between", "minimum": FIRST_DAY, "maximum": LAST_DAY}


def _message(question: Question, asked: str, language: str) -> str:
    label = question.label.say(language)
    required = wording.say("form_required", language) if question.required else ""
    return "\n".join(part for part in (f"{label}.", asked, required) if part)


def _range(question: Question, language: str) -> str:
    if not question.numeric:
        return ""
    least, most = (_edge(edge, question, language) for edge in (question.min, question.max))
    which = {(True, True): "between", (True, False): "least", (False, True): "most"}.get((bool(least), bool(most)))
    return wording.say(f"form_{which}", language, least=least, most=most) if which else ""


def _edge(value: Fraction | None, question: Question, language: str) -> str:
    if value is None:
        return ""
    share = question.type == "percent"
    shown = value * 100 if share else value
    return show(shown, 0 if shown.denominator == 1 else 2, language) + ("%" if share else "")
