"""Deadlines in working days: counted by hand on the official calendars, and who was on time, late or absent."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minhbach import deadlines, units
from minhbach.assessment import Survey
from minhbach.errors import FileError
from minhbach.units import Units

NOBODY: frozenset[date] = frozenset()
HEADER = "file,unit_id,received,channel,note\n"


def survey(letter: str = "2022-10-03", **more: object) -> Survey:
    """A survey of a letter's date."""
    return Survey.model_validate({"letter_date": letter, "period": "2022", **more})


@pytest.fixture
def three(tmp_path: Path) -> Units:
    """Three districts."""
    file = tmp_path / "units.csv"
    text = "unit_id,name,unit_kind\n622,Thành phố Pleiku,huyen\n623,Thị xã An Khê,huyen\n624,Thị xã Ayun Pa,huyen\n"
    file.write_text(text, encoding="utf-8")
    return units.load(file)


@pytest.fixture
def received(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a received.csv with these rows."""

    def write(rows: str) -> Path:
        file = tmp_path / "received.csv"
        file.write_text(HEADER + rows, encoding="utf-8")
        return file

    return write


@pytest.mark.parametrize(
    ("letter", "days", "expected"),
    [
        # 4-7 October (4), 10-14 (5), 17-21 (5), 24 (1): 4 + 5 + 5 + 1 = 15
        ("2022-10-03", 15, "2022-10-24"),
        # Tết 2023 was 20-26 January: 10-13 January (4), 16-19 (4), 27 (1), 30 January - 3 February (5), 6 (1) = 15
        ("2023-01-09", 15, "2023-02-06"),
        # National Day 2022 was 1-2 September: 30-31 August (2), 5-9 September (5), 12-16 (5), 19-21 (3) = 15
        ("2022-08-29", 15, "2022-09-21"),
        # The Hùng Kings' day of 2022 was Sunday 10 April, with Monday 11 as its substitute
        ("2022-04-08", 1, "2022-04-12"),
        # 30 April and 1 May 2022 were Saturday and Sunday, with Monday and Tuesday as substitutes
        ("2022-04-29", 1, "2022-05-04"),
        # Monday 29 April 2024 was off and Saturday 4 May worked: 2, 3, 4, 6 May
        ("2024-04-26", 4, "2024-05-06"),
        # Friday 2 January 2015 was off and Saturday 27 December 2014 worked: 26, 27, 29, 30, 31 December, 5 January
        ("2014-12-25", 6, "2015-01-05"),
        # A letter of a Saturday: Monday is day 1
        ("2022-10-01", 1, "2022-10-03"),
    ],
)
def test_working_days_by_hand(letter: str, days: int, expected: str) -> None:
    """A deadline is the day that counting on the official calendar gives, starting on the day after."""
    found = deadlines.working_days_after(date.fromisoformat(letter), days, NOBODY, NOBODY)

    assert found == date.fromisoformat(expected)


def test_an_edition_swaps_working_days() -> None:
    """A day in days_off is not worked, a Saturday or holiday in days_worked is, and worked wins over off."""
    plain = survey("2022-10-03", return_days=5)
    swapped = survey("2022-10-03", return_days=5, days_off=["2022-10-07"], days_worked=["2022-10-08"])
    only_off = survey("2022-10-03", return_days=5, days_off=["2022-10-07", "2022-10-08"])
    holiday = survey("2022-08-31", return_days=1, days_worked=["2022-09-01"])
    both = survey("2022-10-03", return_days=1, days_off=["2022-10-04"], days_worked=["2022-10-04"])

    # 4, 5, 6, 7, 10 October; with the swap 4, 5, 6, 8, 10; without Friday 4, 5, 6, 10, 11
    assert deadlines.return_deadline(plain) == date(2022, 10, 10)
    assert deadlines.return_deadline(swapped) == date(2022, 10, 10)
    assert deadlines.return_deadline(only_off) == date(2022, 10, 11)
    assert deadlines.return_deadline(holiday) == date(2022, 9, 1)
    assert deadlines.return_deadline(both) == date(2022, 10, 4)


@given(st.dates(date(2015, 1, 1), date(2026, 12, 31)), st.integers(1, 60))
def test_deadlines_are_working_days_and_count_back(start: date, count: int) -> None:
    """A deadline is a working day, and as many working days lie between as were asked for."""
    end = deadlines.working_days_after(start, count, NOBODY, NOBODY)

    assert deadlines.is_working_day(end, NOBODY, NOBODY)
    assert deadlines.working_days_between(start, end, NOBODY, NOBODY) == count
    assert deadlines.working_days_between(start, end - timedelta(days=1), NOBODY, NOBODY) == count - 1


def test_a_deadline_of_no_days_is_refused() -> None:
    """Zero working days are a mistake of the caller and not the letter's own day."""
    with pytest.raises(ValueError, match="at least 1 working day"):
        deadlines.working_days_after(date(2022, 10, 3), 0, NOBODY, NOBODY)


def test_both_periods_do_not_fit_quarter_four() -> None:
    """With 15 and 120 working days the end lies in the next year, and the timetable says by how much it cannot fit."""
    table = deadlines.timetable(survey("2022-10-03"))

    # October 21, November 22, December 22 working days: no public holiday falls into quarter IV
    assert (table.quarter_days, table.needed_days) == (21 + 22 + 22, 15 + 120)
    assert table.return_by == date(2022, 10, 24)
    # after 24 October: 5 in October, 22, 22; January 2023 22 - 1 - 5; February 20; March 23; that makes 108; then
    # 12 in April: 3-7 (5), 10-14 (5), 17-18 (2)
    assert 5 + 22 + 22 + (22 - 1 - 5) + 20 + 23 + 12 == 120
    assert table.verified_by == date(2023, 4, 18)
    assert not deadlines.fits_quarter(survey("2022-10-03"))


def test_short_periods_fit_quarter_four() -> None:
    """Periods that end by 31 December fit, unless the letter was sent before 1 October or the end is a day later."""
    # after 24 October: 5 + 22 + 22 = 49 working days are left in the year
    assert deadlines.fits_quarter(survey("2022-10-03", verification_days=49))
    assert not deadlines.fits_quarter(survey("2022-10-03", verification_days=50))
    assert not deadlines.fits_quarter(survey("2022-09-30", return_days=1, verification_days=1))


def test_receipts_tell_on_time_late_and_absent(three: Units, received: Callable[[str], Path]) -> None:
    """Each unit has one row: its first file, and the working days after the deadline that it was late."""
    path = received(
        "b.xlsx,622,2022-10-26,thư điện tử,\n"
        "a.xlsx,622,2022-10-24,thư điện tử,gửi lại sau\n"
        "c.xlsx,624,2022-10-29,bưu điện,\n"
    )

    table = deadlines.receipts(three, deadlines.load_received(path, three, survey()), survey())

    # Saturday 29 October is there on Monday 31: 25, 26, 27, 28, 31
    assert table.to_numpy().tolist() == [
        ["622", "a.xlsx", "2022-10-24", "on_time", "0"],
        ["623", "", "", "absent", ""],
        ["624", "c.xlsx", "2022-10-29", "late", "5"],
    ]


def test_lateness_starts_on_the_day_after_the_deadline() -> None:
    """The deadline itself is on time, the next working day is one day late, and a weekend counts as Monday."""
    # the deadline is Friday 21 October 2022: 4-7 (4), 10-14 (5), 17-21 (5) = 14
    late = [deadlines.days_late(date(2022, 10, day), survey(return_days=14)) for day in (3, 21, 22, 23, 24, 25)]

    assert late == [0, 0, 1, 1, 1, 2]


def test_nobody_is_late_without_a_register(three: Units, tmp_path: Path) -> None:
    """Without a received.csv every unit is absent."""
    table = deadlines.receipts(three, deadlines.load_received(tmp_path / "received.csv", three, survey()), survey())

    assert table["state"].tolist() == ["absent", "absent", "absent"]


def test_mistakes_of_received_are_said_at_once(three: Units, received: Callable[[str], Path]) -> None:
    """Every mistake of received.csv comes in one error, by line, with the nearest unit."""
    path = received(
        "a.xlsx,622,24/10/2022,thư,\n"
        "a.xlsx,623,2022-10-24,thư,\n"
        ",Thi xa Ayun Pa,2022-10-24,thư,\n"
        "d.xlsx,624,2022-10-02,thư,\n"
        "e.xlsx,624,2022-10-24\n"
    )

    with pytest.raises(FileError) as caught:
        deadlines.load_received(path, three, survey())

    told = str(caught.value)
    assert "line 2: received: '24/10/2022' is not a date such as 2022-10-24" in told
    assert "line 3: file: the file 'a.xlsx' stands twice, first on line 2" in told
    assert "line 4: file: is empty" in told
    assert "line 4: unit_id: there is no unit 'Thi xa Ayun Pa'; did you mean '624' (Thị xã Ayun Pa)?" in told
    assert "line 5: received: 2022-10-02 is before the letter of 2022-10-03" in told
    assert "line 6: has 3 cells; the header has 5" in told


def test_a_wrong_header_is_named(three: Units, tmp_path: Path) -> None:
    """A misspelt column is named with the one that was meant."""
    file = tmp_path / "received.csv"
    file.write_text("file,unit,received,channel,note\n", encoding="utf-8")

    with pytest.raises(FileError, match="did you mean 'unit_id'") as caught:
        deadlines.load_received(file, three, survey())

    assert "line 1: unit_id: the column is missing" in str(caught.value)
