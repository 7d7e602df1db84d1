"""Deadlines in working days: until when forms come back and are verified, and who was on time, late or absent.

2392/QĐ-BTTTT, Article 4: forms are returned within 15 working days of the letter and verified within 120 working
days of receipt. Saturdays, Sundays and Vietnamese public holidays with their substitute days are not working days. The
package `holidays` knows these days and the swapped working days announced so far; an edition's own `days_off` and
`days_worked` decide before it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import holidays
import pandas as pd

from minhbach import corrections_csv, tables
from minhbach.assessment import Survey
from minhbach.units import Units

RECEIVED = ("file", "unit_id", "received", "channel", "note")
RECEIPTS = ("unit_id", "file", "received", "state", "days_late")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Timetable:
    """Both periods, one after the other, beside quarter IV, in which the same article sets the evaluation.

    `quarter_days` are the working days of quarter IV of the letter's year, `needed_days` those of both periods.
    """

    letter: date
    return_by: date
    verified_by: date
    quarter_begins: date
    quarter_ends: date
    quarter_days: int
    needed_days: int

    @property
    def fits(self) -> bool:
        """Whether the letter and the end of verification both lie in quarter IV."""
        return self.quarter_begins <= self.letter and self.verified_by <= self.quarter_ends


def is_working_day(day: date, off: Collection[date], worked: Collection[date]) -> bool:
    """Whether people work on that day; a day in both `off` and `worked` is worked."""
    if day in worked:
        return True
    return day not in off and _calendar(day.year).is_working_day(day)


def working_days_after(start: date, count: int, off: Collection[date], worked: Collection[date]) -> date:
    """The working day with number `count`, where the first working day after `start` is number 1.

    Raises:
        ValueError: `count` is below 1.
    """
    if count < 1:
        raise ValueError(f"a deadline is at least 1 working day away, not {count}")
    day, left = start, count
    while left:
        day += ONE_DAY
        left -= is_working_day(day, off, worked)
    return day


def working_days_between(start: date, end: date, off: Collection[date], worked: Collection[date]) -> int:
    """How many working days come after `start`, up to and with `end`; 0 when `end` is not after `start`."""
    days = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
    return sum(is_working_day(day, off, worked) for day in days)


def return_deadline(survey: Survey) -> date:
    """The last day on which a form is on time."""
    return working_days_after(date.fromisoformat(survey.letter_date), survey.return_days, *swapped(survey))


def verification_deadline(survey: Survey, received: date) -> date:
    """The last day for verifying a form that came complete on the day `received`."""
    return working_days_after(received, survey.verification_days, *swapped(survey))


def swapped(survey: Survey) -> tuple[frozenset[date], frozenset[date]]:
    """The edition's own days off and days worked."""
    off, worked = survey.days_off, survey.days_worked
    return frozenset(map(date.fromisoformat, off)), frozenset(map(date.fromisoformat, worked))


def timetable(survey: Survey) -> Timetable:
    """The dates of an edition if every form comes on the last day and is verified on the last day."""
    letter, return_by = date.fromisoformat(survey.letter_date), return_deadline(survey)
    begins, ends = date(letter.year, 10, 1), date(letter.year, 12, 31)
    return Timetable(
        letter,
        return_by,
        verification_deadline(survey, return_by),
        begins,
        ends,
        working_days_between(begins - ONE_DAY, ends, *swapped(survey)),
        survey.return_days + survey.verification_days,
    )


def fits_quarter(survey: Survey) -> bool:
    """Whether both periods, one after the other, lie in quarter IV of the letter's year."""
    return timetable(survey).fits


def load_received(path: Path, units: Units, survey: Survey) -> pd.DataFrame:
    """The rows of received.csv (file, unit_id, received, channel, note); none when there is no such file.

    Raises:
        FileError: with every mistake of the file, by line.
    """
    sheet = corrections_csv.read(path, RECEIVED)
    first: dict[object, int] = {}
    for row in sheet.rows:
        sheet.filled(row, ("file", "unit_id", "received"))
        sheet.unit(row, units)
        day = sheet.date(row, "received")
        if day and day < date.fromisoformat(survey.letter_date):
            sheet.say(row, "received", f"{day} is before the letter of {survey.letter_date}; correct one of the two.")
        if row.text("file"):
            sheet.once(row, "file", row.text("file"), first, f"the file {row.text('file')!r}")
    sheet.finish()
    rows = sorted(tuple(row.text(column) for column in RECEIVED) for row in sheet.rows)
    return pd.DataFrame(rows, columns=list(RECEIVED), dtype="str")


def receipts(units: Units, received: pd.DataFrame, survey: Survey) -> pd.DataFrame:
    """One row per unit: unit_id, file, received, state (on_time, late, absent), days_late; all texts, by unit_id.

    Where a unit sent several files, the one that came first counts for punctuality. `days_late` counts working days
    after the deadline up to the one on which the form was there: what comes on a Saturday is there on Monday.
    """
    came = sorted((row.received, row.file, row.unit_id) for row in tables.rows(received))
    first = {unit_id: (file, day) for day, file, unit_id in reversed(came)}

    def state(day: str) -> tuple[str, str]:
        late = days_late(date.fromisoformat(day), survey) if day else 0
        return ("late" if late else "on_time" if day else "absent"), (str(late) if day else "")

    rows = [(unit.unit_id, *place, *state(place[1])) for unit in units for place in [first.get(unit.unit_id, ("", ""))]]
    return pd.DataFrame(sorted(rows), columns=list(RECEIPTS), dtype="str")


def days_late(received: date, survey: Survey) -> int:
    """Working days after the return deadline up to the one on which the form was there; 0 when it was on time."""
    deadline, (off, worked) = return_deadline(survey), swapped(survey)
    if received <= deadline:
        return 0
    there = received if is_working_day(received, off, worked) else working_days_after(received, 1, off, worked)
    return working_days_between(deadline, there, off, worked)


@cache
def _calendar(year: int) -> holidays.HolidayBase:
    """The public calendar of a year; its neighbours are there because days are swapped across the turn of the year."""
    return holidays.country_holidays("VN", years=(year - 1, year, year + 1), expand=False)
