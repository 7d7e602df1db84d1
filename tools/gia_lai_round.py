"""What happens to forms on their way back: sheets renamed, rows sorted or added, columns moved, late arrivals.

Nothing here stops a run; forms that cannot be read are made in the tests of the reader.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from minhbach.assessment import Survey
from minhbach.deadlines import return_deadline, working_days_after
from minhbach.forms_layout import EVIDENCE, REMARK
from minhbach.forms_plan import Form, Row
from minhbach.units import Unit
from tools.gia_lai_draw import chance_of

NAMES = ("Sheet1", "Phieu", "Phiếu khảo sát (2)", "KSCQDT")
EACH = 4
LATE = 12
CHANNELS = (
    "Trục liên thông văn bản",
    "Trục liên thông văn bản",
    "Thư điện tử công vụ",
    "Thư điện tử công vụ",
    "Bưu điện",
)
COLUMNS = ("file", "unit_id", "received", "channel", "note")


def renamed(form: Form) -> Form:
    """Another name of the sheet."""
    return replace(form, sheet=NAMES[int(form.unit.unit_id) % len(NAMES)])


def sorted_by_code(form: Form) -> Form:
    """The questions sorted by their code, the titles of the tables left above them."""
    questions = sorted((row for row in form.rows if row.kind == "question"), key=lambda row: row.code)
    return replace(form, rows=(*(row for row in form.rows if row.kind != "question"), *questions))


def moved(form: Form) -> Form:
    """The columns of remark and evidence before the answer."""
    front = [header for header in form.columns if header not in (*EVIDENCE, REMARK)]
    return replace(form, columns=(*front[:-1], REMARK, *EVIDENCE, front[-1]))


def explained(form: Form) -> Form:
    """A row without a code between the questions, as the guide allows."""
    place = len(form.rows) // 2
    row = Row("band", "Giải thích: một số chỉ tiêu do cấp huyện cung cấp (minh họa)")
    return replace(form, rows=(*form.rows[:place], row, *form.rows[place:]))


ODDITIES: tuple[Callable[[Form], Form], ...] = (renamed, sorted_by_code, moved, explained)


def oddities(units: Sequence[Unit]) -> Mapping[str, Callable[[Form], Form]]:
    """Which unit's form comes back changed, and how: four units of each kind."""
    chosen = _shuffled(units, "odd")[: EACH * len(ODDITIES)]
    return {unit.unit_id: ODDITIES[place % len(ODDITIES)] for place, unit in enumerate(chosen)}


def receipts(files: Mapping[str, Unit], survey: Survey) -> Iterator[tuple[str, ...]]:
    """The rows of received.csv: twelve forms come one to eight working days late, all others on time."""
    sent, deadline = datetime.date.fromisoformat(survey.letter_date), return_deadline(survey)
    late = {unit.unit_id for unit in _shuffled(list(files.values()), "late")[:LATE]}
    for file, unit in files.items():
        chance = chance_of(unit.unit_id, "received")
        part = chance.random()
        if unit.unit_id in late:
            day = working_days_after(deadline, 1 + int(8 * part), (), ())
            note = "Đã gửi công văn đôn đốc (minh họa)"
        else:
            day, note = working_days_after(sent, 4 + int((survey.return_days - 3) * part**0.5), (), ()), ""
        channel = CHANNELS[int(chance.random() * len(CHANNELS))]
        yield file, unit.unit_id, day.isoformat(), channel, note


def _shuffled(units: Sequence[Unit], purpose: str) -> list[Unit]:
    """The units in an order of chance."""
    return sorted(units, key=lambda unit: chance_of(unit.unit_id, purpose).random())
