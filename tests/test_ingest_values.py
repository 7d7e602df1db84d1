"""A cell is read as its field's type says, or breaks one rule; nothing is guessed."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minhbach import wording
from minhbach.assessment import Table
from minhbach.ingest_values import read_answer
from minhbach.model import Question

TABLE = Table(file="a.csv", unit_column="Đơn vị", columns={"so_may": "Số máy"}, blanks=["không có", "–"])


def question(kind, **settings):
    return Question(label="?", type=kind, **settings)


OUT_OF = question("number", out_of=60)
SHARE = question("number", max=1)
CHOICE = question("choice", options=("Có đủ", "Một phần"))
ANSWERS = [
    (18.0, question("count"), "18", ""),
    ("1.500", question("count"), "", "ambiguous_number"),
    (2.5, question("count"), "", "not_whole"),
    (-1.0, question("count"), "", "negative_number"),
    (0.1 + 0.2, question("number"), "0.3", ""),
    ("2,50", question("number"), "2.5", ""),
    ("1O", question("number"), "", "not_a_number"),
    ("9" * 50, question("number"), "", "number_too_long"),
    (True, question("number"), "", "truth_in_number"),
    (datetime.date(2022, 4, 23), question("number"), "", "date_in_number"),
    (datetime.time(12, 30), question("count"), "", "date_in_number"),
    (datetime.timedelta(hours=60), question("count"), "", "date_in_number"),
    (float("inf"), question("number"), "", "not_finite"),
    (float("nan"), question("number"), "", "not_finite"),
    ("54/60", OUT_OF, "54", ""),
    ("54/50", OUT_OF, "", "ambiguous_fraction"),
    ("54/60", SHARE, "0.9", ""),
    ("2/3", question("percent"), "2/3", ""),
    ("54/60", question("number"), "", "ambiguous_fraction"),
    ("54%", SHARE, "0.54", ""),
    ("54%", question("number"), "", "percent_in_number"),
    (0.54, question("percent"), "0.54", ""),
    ("54,5 %", question("percent"), "0.545", ""),
    (54.0, question("percent"), "", "percent_or_fraction"),
    ("54", question("percent"), "", "percent_or_fraction"),
    (-0.1, question("percent"), "", "negative_number"),
    ("CÓ", question("yes_no"), "yes", ""),
    ("x", question("yes_no"), "yes", ""),
    ("kho\u0302ng", question("yes_no"), "no", ""),
    (0.0, question("yes_no"), "no", ""),
    (False, question("yes_no"), "no", ""),
    ("chưa", question("yes_no"), "", "not_yes_no"),
    ("một  phần", CHOICE, "Một phần", ""),
    ("một phân", CHOICE, "", "not_an_option"),
    ("31/12/2022", question("date"), "2022-12-31", ""),
    ("2022-12-31", question("date"), "2022-12-31", ""),
    (datetime.datetime(2022, 12, 31, 8), question("date"), "2022-12-31", ""),
    ("31/02/2022", question("date"), "", "not_a_date"),
    ("1/2-2022", question("date"), "", "not_a_date"),
    (44926.0, question("date"), "", "not_a_date"),
    (" e\u0302 ", question("text"), "ê", ""),
    (5.0, question("text"), "5", ""),
    ("a\nb", question("text"), "a\nb", ""),
    ("a\x07b", question("text"), "", "control_characters"),
    ("\u202e21", question("count"), "", "control_characters"),
    ("#REF!", question("text"), "", "error_cell"),
    ("\u00a0", question("count"), "", ""),
    ("Không có", question("count"), "", ""),
    ("-", question("number"), "", ""),
]


@pytest.mark.parametrize(("cell", "asked", "value", "rule"), ANSWERS)
def test_answers(cell, asked, value, rule):
    """A cell is read as its field's type says, or breaks exactly one rule."""
    answer = read_answer(cell, asked, TABLE)

    assert (answer.value, answer.rule) == (value, rule)


@pytest.mark.parametrize("asked", [question(kind) for kind in ("count", "number", "percent", "yes_no", "date", "text")])
@given(cell=st.text() | st.floats() | st.booleans() | st.datetimes() | st.times() | st.timedeltas() | st.integers())
def test_any_cell_is_answered(asked, cell):
    """Any cell gives a value or a rule that has words in both languages, and never an exception."""
    answer = read_answer(cell, asked, TABLE)

    assert not (answer.value and answer.rule)
    assert not answer.rule or {answer.rule} <= set(wording.sentences("vi")) & set(wording.sentences("en"))
