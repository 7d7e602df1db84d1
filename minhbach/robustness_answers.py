"""Single answers on which a rank or a level rests: those of open warnings, and those that a unit has not confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from minhbach import confirmations, tables
from minhbach.levels import NO_LEVEL, schemes
from minhbach.model import Question
from minhbach.numbers import exact_text
from minhbach.robustness_cases import Case, Outcomes, World, outcomes, scored
from minhbach.robustness_rows import Row
from minhbach.score import Points

UNPROVED = "evidence_missing"
WARNED, UNCONFIRMED = "warned", "unconfirmed"


@dataclass(frozen=True)
class Asked:
    """A warning about an answer of a unit: the finding, the row, the field, and the answers to try instead.

    `unproved`: the answer may be too high, but no other one would be better for the unit.
    """

    finding_id: str
    row: int
    field_id: str
    texts: tuple[str, ...]
    unproved: bool


def rows(points: Points, findings: pd.DataFrame, confirmed: pd.DataFrame) -> Iterator[Row]:
    """The rows `warning` and `single`."""
    open_ = warned(points, findings)
    yield from _warnings(points, open_)
    yield from _singles(points, open_, set(confirmations.unconfirmed(confirmed)))


def warned(points: Points, findings: pd.DataFrame) -> list[Asked]:
    """The open warnings about answers that count: a warning without an answer of the unit, by finding and field."""
    places = {unit_id: row for row, unit_id in enumerate(points.answers.unit_ids)}
    counted, found = scored(points.framework), []
    for row in tables.rows(findings):
        if row.severity != "warning" or row.answer or row.unit_id not in places:
            continue
        for field_id in row.field_id.split():
            if field_id in counted:
                question, place = points.framework.fields[field_id], places[row.unit_id]
                now, unproved = points.answers.texts[field_id][place], row.rule == UNPROVED
                texts = lowest(question) + (() if unproved else highest(question))
                others = tuple(dict.fromkeys(text for text in texts if text != now))
                found.append(Asked(row.finding_id, place, field_id, others, unproved))
    return found


def lowest(question: Question) -> tuple[str, ...]:
    """The answer if it is not accepted: no, the least that the question allows (0 where it names none), any option.

    A date or a text is left blank.
    """
    if question.type == "yes_no":
        return ("no",)
    if question.type == "choice":
        return question.options
    return (exact_text(question.min or Fraction(0)),) if question.numeric else ("",)


def highest(question: Question) -> tuple[str, ...]:
    """The other end of what the question allows; nothing where it names no maximum."""
    if question.type == "yes_no":
        return ("yes",)
    if question.numeric and question.max is not None:
        return (exact_text(question.max),)
    return ("1",) if question.type == "percent" else ()


def _warnings(points: Points, asked: Sequence[Asked]) -> Iterator[Row]:
    """For every warning and outcome the best and worst that other answers give; the answer as it is counts too."""
    cases = [(each, Case(each.row, each.field_id, text)) for each in asked for text in each.texts]
    made = outcomes(points, [case for _, case in cases])
    base, order = World(points, len(points.answers.units)), orders(points)
    by_asked: dict[Asked, list[Outcomes]] = {each: [] for each in asked}
    for (each, _), outcome in zip(cases, made, strict=True):
        by_asked[each].append(outcome)
    for each, found in by_asked.items():
        unit_id, now = points.answers.unit_ids[each.row], base.of(each.row, each.row)
        for key, current in now.items():
            if current:
                known = sorted({current, *(other[key] for other in found if other[key])}, key=_place(order.get(key)))
                ends = {"now": current, "best": current if each.unproved else known[0], "worst": known[-1]}
                yield Row(unit_id, "warning", key, each.finding_id, each.field_id, **ends)


def _singles(points: Points, asked: Sequence[Asked], unconfirmed: set[str]) -> Iterator[Row]:
    """The answers, warned of or not confirmed, without which alone a level would be lower."""
    base, order = World(points, len(points.answers.units)), orders(points)
    levels = base.levels
    why = {(each.row, each.field_id): WARNED for each in asked}
    for row, unit_id in enumerate(points.answers.unit_ids):
        for field_id in sorted(scored(points.framework)) if unit_id in unconfirmed else ():
            why.setdefault((row, field_id), UNCONFIRMED)
    cases = [
        Case(row, field_id, text)
        for row, field_id in why
        if any(known[row] not in ("", NO_LEVEL) for known in levels.values())
        for text in lowest(points.framework.fields[field_id])
        if points.answers.texts[field_id][row] not in ("", text)
    ]
    worst: dict[tuple[int, str, str], str] = {}
    for case, made in zip(cases, outcomes(points, cases), strict=True):
        for key, known in levels.items():
            place, at = _place(order[key]), (case.row, case.field_id, key)
            if known[case.row] and made[key] and place(made[key]) > place(worst.get(at, known[case.row])):
                worst[at] = made[key]
    for (row, field_id, key), result in worst.items():
        unit_id, now = points.answers.unit_ids[row], levels[key][row]
        yield Row(unit_id, "single", key, why[row, field_id], field_id, now=now, result=result)


def orders(points: Points) -> dict[str, list[str]]:
    """The levels of every scheme, best first, `none` last."""
    return {key: [*rules, NO_LEVEL] for each in points.framework.levels for key, (_, rules) in schemes(each).items()}


def _place(order: Sequence[str] | None) -> Callable[[str], int]:
    """How far down an outcome stands: a level by its scheme's order, a rank by its number."""
    return order.index if order else int
