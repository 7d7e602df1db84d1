"""The survey form as both its writer and its reader know it: one sheet, columns found by header, rows by code.

Every row carries its code in a visible column, so reading survives inserted, deleted, moved and sorted rows and
columns. Codes of the header block begin with an underscore; all others are field ids.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from minhbach.framework import Framework
from minhbach.model import Question

SHEET = "Phiếu khảo sát"
GUIDE_SHEET = "Hướng dẫn"
CODE, NUMBER, QUESTION, UNIT, ANSWER = "Mã", "TT", "Nội dung", "Đơn vị tính", "Trả lời"
EVIDENCE_NUMBER, EVIDENCE_TITLE, EVIDENCE_DATE = "Số, ký hiệu văn bản", "Trích yếu văn bản", "Ngày văn bản"
REMARK = "Ghi chú"
HEADERS = (CODE, NUMBER, QUESTION, UNIT, ANSWER, EVIDENCE_NUMBER, EVIDENCE_TITLE, EVIDENCE_DATE, REMARK)
EVIDENCE = (EVIDENCE_NUMBER, EVIDENCE_TITLE, EVIDENCE_DATE)
YES, NO = "Có", "Không"

# Header block: code → words of the row; those in FIXED are filled in by us and locked, the others by the unit.
HEAD = {
    "_unit": "Mã đơn vị",
    "_name": "Tên đơn vị báo cáo",
    "_edition": "Kỳ đánh giá",
    "_framework": "Bộ tiêu chí",
    "_period": "Kỳ số liệu",
    "_deadline": "Hạn gửi",
    "_fingerprint": "Dấu vân tay của mẫu phiếu",
    "_contact_name": "Người lập phiếu",
    "_contact_post": "Chức vụ",
    "_contact_phone": "Điện thoại",
    "_contact_email": "Thư điện tử",
}
FIXED = ("_unit", "_name", "_edition", "_framework", "_period", "_deadline", "_fingerprint")


@dataclass(frozen=True)
class Section:
    """A table of the form: a title and its fields in order."""

    code: str
    title: str
    fields: tuple[tuple[str, Question], ...]


def sections(framework: Framework) -> Iterator[Section]:
    """The tables of a form, in the order in which the framework's fields first name their sections."""
    order: dict[str, list[tuple[str, Question]]] = {}
    for field_id, field in framework.fields.items():
        order.setdefault(field.section or "", []).append((field_id, field))
    for code, fields in order.items():
        label = framework.spec.sections.get(code) or (framework.nodes[code].label if code in framework.nodes else None)
        yield Section(code, label.vi if label else "", tuple(fields))


def fingerprint(framework: Framework, edition: str) -> str:
    """16 hex digits that change whenever a question of the form does."""
    parts = [edition, framework.id, str(framework.spec.revision)]
    for field_id, field in framework.fields.items():
        parts += [field_id, field.type, field.label.vi, field.unit.vi if field.unit else "", *field.options]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
