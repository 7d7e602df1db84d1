"""What corrections would change, in words for a terminal of 80 columns; and answers as people read them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from fractions import Fraction

from minhbach import wording
from minhbach.corrections_entry import Correction, formula_like
from minhbach.corrections_impact import Change, Impact
from minhbach.findings import visible
from minhbach.framework import Framework
from minhbach.levels import NO_LEVEL, schemes
from minhbach.model import Question
from minhbach.numbers import exact_text, from_text, show
from minhbach.units import Unit, Units

WIDTH = 80
LEAST_LABEL = 20
ENDING = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def impact_words(impact: Impact, units: Units, language: str) -> str:
    """The corrected units with all that changes, then every other unit that moves, with its main results."""
    if not impact.changes:
        return wording.say("impact_nothing", language)
    known = {unit.unit_id: unit for unit in units}
    counts = {"corrected": len(impact.corrected), "others": len(impact.others)}
    lines = [*textwrap.wrap(wording.say("impact_head", language, **counts), WIDTH)]
    for unit_id in impact.corrected:
        lines += ["", _name(known[unit_id], language), *_all_of(impact, unit_id, language)]
    if impact.others:
        lines += ["", wording.say("impact_others", language)]
    for unit_id in impact.others:
        text = f"{_name(known[unit_id], language)}: {'; '.join(_main_of(impact, unit_id, language))}"
        lines += textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")
    return "\n".join(lines)


def formula_warning(correction: Correction, language: str) -> str:
    """A warning that a spreadsheet program would take texts of the entry for formulas; "" when it would not."""
    columns = formula_like(correction)
    return wording.say("correction_formula_like", language, columns=", ".join(columns)) if columns else ""


def value_words(value: str, question: Question, language: str) -> str:
    """An answer as people read it: 1.234,5; 54 %; Có; 31/12/2022. A value that does not end stays a fraction."""
    if not value:
        return wording.say("value_blank", language)
    if question.type == "yes_no":
        return wording.say(f"value_{value}", language)
    if question.type == "date":
        return wording.say_date(value, language)
    if not question.numeric:
        return value
    if question.type != "percent":
        return number_words(from_text(value), language)
    return f"{number_words(from_text(value) * 100, language)}\u00a0%"


def number_words(value: Fraction, language: str) -> str:
    """A number with all its decimals, or as a fraction when they do not end."""
    text = exact_text(value)
    return show(value, len(text.partition(".")[2]), language) if ENDING.fullmatch(text) else text


def _all_of(impact: Impact, unit_id: str, language: str) -> Iterator[str]:
    """A line per change of a unit: what it is about, and before → after at the right edge."""
    for change in (each for each in impact.changes if each.unit_id == unit_id):
        label, values = _label(impact.framework, change, language), _values(impact.framework, change, language)
        if len(values) > WIDTH - LEAST_LABEL:
            yield from textwrap.wrap(f"{label}: {values}", WIDTH, initial_indent="  ", subsequent_indent="    ")
        else:
            room = WIDTH - len(values) - 4
            yield f"  {label if len(label) <= room else label[: room - 1] + '…':<{room}}  {values}"


def _main_of(impact: Impact, unit_id: str, language: str) -> Iterator[str]:
    """Ranks and levels of a unit that change, and the points they rest on; other points where no such do."""
    ranked = {ranking.by for ranking in impact.framework.rankings}
    points = impact.of(unit_id, "points")
    main = [each for each in points if each.of in ranked] or list(points)
    for change in (*main, *impact.of(unit_id, "level"), *impact.of(unit_id, "rank")):
        yield f"{_label(impact.framework, change, language)} {_values(impact.framework, change, language)}"


def _label(framework: Framework, change: Change, language: str) -> str:
    """What a change is about."""
    match change.kind:
        case "answer":
            return visible(framework.fields[change.of].label.say(language))
        case "points":
            node = framework.nodes[change.of]
            return f"{node.number} {node.label.say(language)}".strip()
        case "rank":
            ranking = next(each for each in framework.rankings if each.id == change.of)
            return ranking.label.say(language) if ranking.label else wording.say("impact_rank", language)
    scheme = next(each for each in framework.levels if change.of in schemes(each))
    name = scheme.label.say(language) if scheme.label else wording.say("impact_level", language)
    node_id = change.of.removeprefix(scheme.id).removeprefix(".")
    return f"{name}, {framework.nodes[node_id].label.say(language)}" if node_id else name


def _values(framework: Framework, change: Change, language: str) -> str:
    """Before → after."""
    texts = [_value(framework, change, text, language) for text in (change.before, change.after)]
    if change.kind == "points" and texts[0] == texts[1]:  # they differ after the decimals that are shown
        texts = [number_words(from_text(text), language) for text in (change.before, change.after)]
    return " → ".join(texts)


def _value(framework: Framework, change: Change, text: str, language: str) -> str:
    match change.kind:
        case "answer":
            return visible(value_words(text, framework.fields[change.of], language))
        case "points" if text:
            return show(from_text(text), framework.rounding.shown, language, framework.rounding.mode)
        case "level" if text:
            scheme = next(each for each in framework.levels if change.of in schemes(each))
            words = scheme.otherwise if text == NO_LEVEL else scheme.labels.get(text)
            return words.say(language) if words else text.replace(NO_LEVEL, "–")
    return text or "–"


def _name(unit: Unit, language: str) -> str:
    return f"{unit.called(language)} ({unit.unit_id})"
