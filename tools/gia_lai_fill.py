"""Fills a survey form as its unit would: answers, evidence, contact, now and then a number typed as text."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from minhbach.forms_layout import NO
from minhbach.forms_plan import Form, Row, Value, filled
from minhbach.model import Question
from minhbach.units import Unit
from tools.gia_lai_draw import chance_of

T = TypeVar("T")
Evidence = tuple[Value, Value, Value]
NOTHING: Evidence = (None, None, None)
KINDS = (("KH", "Kế hoạch"), ("BC", "Báo cáo"), ("QĐ", "Quyết định"), ("TB", "Thông báo"))
FIRST_DAY, DAYS = datetime.date(2021, 10, 4), 355
GIVEN = {"required": 0.975, "optional": 0.15, "none": 0.0}
AS_TEXT = 0.006
SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Rơ Châm", "Siu", "Ksor", "Đinh", "Rmah", "Nay")
POSTS = ("Công chức (minh họa)", "Cán bộ (minh họa)")


def fill(form: Form, answers: Mapping[str, Value]) -> Form:
    """The form with a unit's answers, evidence and contact."""
    contact = _contact(form.unit)
    return replace(form, rows=tuple(_row(form.unit, row, answers, contact) for row in form.rows))


def _row(unit: Unit, row: Row, answers: Mapping[str, Value], contact: Mapping[str, Value]) -> Row:
    if row.kind == "contact":
        return filled(row, contact[row.code])
    if row.question is None:
        return row
    answer = answers[row.code]
    remark = "Chưa có số liệu (minh họa)" if answer is None and row.question.numeric else None
    return filled(
        row, as_typed(unit, row.code, answer, row.question), evidence(unit, row.code, answer, row.question), remark
    )


def _contact(unit: Unit) -> Mapping[str, Value]:
    """Nobody real: a surname with the letter A, a number that is never given out, a domain kept for examples."""
    chance = chance_of(unit.unit_id, "contact")
    post = "Chuyên viên (minh họa)" if unit.unit_kind == "huyen" else _one(POSTS, chance.random())
    return {
        "_contact_name": f"{_one(SURNAMES, chance.random())} A (minh họa)",
        "_contact_post": post,
        "_contact_phone": "0000 000 000",
        "_contact_email": f"{unit.unit_id}@minh-hoa.example",
    }


def as_typed(unit: Unit, field_id: str, answer: Value, question: Question) -> Value:
    """The answer as it is typed: a few numbers as text with a thousands point, a few shares as 85,5% or 9/12."""
    chance = chance_of(unit.unit_id, field_id, "typed").random()
    if not isinstance(answer, int | float):
        return answer
    if question.type == "percent":
        return f"{show_share(answer)}%" if chance < 10 * AS_TEXT else answer
    if question.type == "count" and chance < AS_TEXT:
        return f"{answer:,}".replace(",", ".")
    return answer


def show_share(share: float) -> str:
    """A share of three decimals as a percentage with a decimal comma."""
    tenths = round(share * 1000)
    return f"{tenths // 10},{tenths % 10}" if tenths % 10 else str(tenths // 10)


def evidence(unit: Unit, field_id: str, answer: Value, question: Question) -> Evidence:
    """Number, title and date of a document: nearly always where it is required, and only where there is something."""
    chance = chance_of(unit.unit_id, field_id, "evidence")
    if answer in (None, NO, 0) or chance.random() >= GIVEN[question.evidence]:
        return NOTHING
    code, kind = _one(KINDS, chance.random())
    day = FIRST_DAY + datetime.timedelta(days=int(chance.random() * DAYS))
    number = f"{1 + int(chance.random() * 240):02d}/{code}-UBND"
    return number, f"{kind} (văn bản minh họa)", day


def _one(among: tuple[T, ...], chance: float) -> T:
    return among[int(chance * len(among))]
