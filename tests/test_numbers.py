"""Numbers are read and shown exactly, under both conventions, and nothing is guessed."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minhbach.numbers import exact_text, float_of, float_text, from_float, from_text, read_number, round_exact, show

NUMBERS = st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**6)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("84.25", Fraction(337, 4)),
        ("70,5", Fraction(141, 2)),
        ("0,727", Fraction(727, 1000)),
        ("0.727", Fraction(727, 1000)),
        ("1.234,5", Fraction(12345, 10)),
        ("1,234.5", Fraction(12345, 10)),
        ("1.234.567", Fraction(1234567)),
        ("1 234,5", Fraction(12345, 10)),
        ("1\u00a0234", Fraction(1234)),
        ("1\u202f234\u202f567", Fraction(1234567)),
        ("1000.500", Fraction(2001, 2)),
        (" 18 ", Fraction(18)),
        ("+3", Fraction(3)),
        ("-2,5", Fraction(-5, 2)),
        ("\u22122,5", Fraction(-5, 2)),
        ("007", Fraction(7)),
    ],
)
def test_one_reading(text, value):
    """A text that is a number under one convention only is that number, whatever was declared."""
    for decimal in (None, ",", "."):
        reading = read_number(text, decimal)

        assert (reading.value, reading.problem) == (value, "")


def test_ambiguous_number():
    """1,234 is 1.234 or 1234 as declared, and without a declaration neither."""
    undeclared, comma, point = (read_number("1,234", decimal) for decimal in (None, ",", "."))

    assert undeclared.value is None
    assert undeclared.problem == "ambiguous_number"
    assert undeclared.readings == (Fraction(1234, 1000), Fraction(1234))
    assert comma.value == Fraction(1234, 1000)
    assert point.value == 1234


@pytest.mark.parametrize(
    "text",
    ["", " ", "1O", "l2", "1'234", "1,23,456", "12.34.56", "1e5", "٣", "５", "nan", "inf", "--1",
     "1.", ",5", "1 2", "0x1F", "1_000", "%", "5/0", "/", "1/2/3", "0.123.456", "1 234.567,8", "1.234 567"],
)  # fmt: skip
def test_not_a_number(text):
    """Look-alikes, other scripts, scientific notation and broken groups are no numbers."""
    assert read_number(text, ",").problem == "not_a_number"
    assert read_number(text, None).value is None


def test_percent_and_parts():
    """A percent sign divides by a hundred; 54/60 keeps both its parts."""
    percent, parts = read_number("54,5 %", None), read_number("54 / 60", None)

    assert (percent.value, percent.percent) == (Fraction(109, 200), True)
    assert (parts.value, parts.parts) == (Fraction(9, 10), (Fraction(54), Fraction(60)))


def test_ambiguous_parts():
    """A fraction with an ambiguous part is ambiguous."""
    assert read_number("1,234/2", None).problem == "ambiguous_number"


def test_length_is_bounded():
    """41 characters are too long for a number, 40 are not."""
    assert read_number("1" * 41, None).problem == "number_too_long"
    assert read_number("1" * 40, None).value == int("1" * 40)


@given(st.text(), st.sampled_from([None, ",", "."]))
def test_reading_never_raises(text, decimal):
    """Any text gives a value or a problem, never both and never an exception."""
    reading = read_number(text, decimal)

    assert (reading.value is None) == bool(reading.problem)


@given(st.text(alphabet="0123456789.,/% -+\u00a0", max_size=12), st.sampled_from([None, ",", "."]))
def test_reading_number_like_texts_never_raises(text, decimal):
    """Texts that look like numbers give a value or a problem too."""
    reading = read_number(text, decimal)

    assert (reading.value is None) == bool(reading.problem)


@given(NUMBERS, st.integers(0, 8), st.sampled_from(["vi", "en"]))
def test_shown_numbers_read_back(value, places, language):
    """What is shown reads back as the rounded value under its language's decimal mark."""
    shown = show(value, places, language)

    assert read_number(shown, "." if language == "en" else ",").value == round_exact(value, places)


@given(st.fractions())
def test_exact_text_reads_back(value):
    """An exact text gives the same value back."""
    assert from_text(exact_text(value)) == value


@pytest.mark.parametrize("text", ["", "1e9", "1_0", " 1", "1/0", "1.5/2", "١", "1,5", "nan"])
def test_only_exact_texts_are_taken_back(text):
    """A text that exact_text cannot have written is refused."""
    with pytest.raises(ValueError, match="is not an exact number"):
        from_text(text)


@given(st.one_of(NUMBERS, st.decimals(allow_nan=False, allow_infinity=False, places=9).map(Fraction)))
def test_float_of_text(value):
    """The float of a text is the one nearest to its value, and the value times the denominator is whole."""
    number, below = float_of(exact_text(value))

    assert number == value.numerator / value.denominator
    assert (value * below).denominator == 1


@pytest.mark.parametrize("text", ["", "1e5", "nan", "inf", "1_000", " 1", ".5", "1/0", "0x1"])
def test_float_of_other_text(text):
    """A text that is not an exact number has no float either."""
    with pytest.raises(ValueError, match="not an exact number"):
        float_of(text)


def test_exact_text():
    """Decimals that end are written out, others as a fraction."""
    texts = [exact_text(value) for value in (Fraction(337, 4), Fraction(2, 3), Fraction(-1, 8), Fraction(10**31))]

    assert texts == ["84.25", "2/3", "-0.125", "1" + "0" * 31]


def test_show():
    """Vietnamese writes 1.234,50 and English 1,234.50; zero has no sign."""
    assert show(Fraction(12345, 10), 2, "vi") == "1.234,50"
    assert show(Fraction(12345, 10), 2, "en") == "1,234.50"
    assert show(Fraction(-1234567), 0, "vi") == "-1.234.567"
    assert show(Fraction(-1, 1000), 2, "vi") == "0,00"
    assert show(Fraction(1, 20), 3, "en") == "0.050"


def test_rounding():
    """Halves go away from zero, to the even digit, or are cut, as the mode says."""
    half = Fraction(2675, 1000)

    assert round_exact(half, 2, "half_up") == Fraction(268, 100)
    assert round_exact(-half, 2, "half_up") == Fraction(-268, 100)
    assert round_exact(Fraction(2665, 1000), 2, "half_even") == Fraction(266, 100)
    assert round_exact(half, 2, "half_even") == Fraction(268, 100)
    assert round_exact(-half, 2, "down") == Fraction(-267, 100)
    with pytest.raises(ValueError, match="way of rounding"):
        round_exact(half, 2, "up")


def test_floats():
    """A float is what a spreadsheet shows of it, and its text has no needless point."""
    assert from_float(0.1 + 0.2) == Fraction(3, 10)
    assert from_float(50.099999999999994) == Fraction(501, 10)
    assert [float_text(0.3), float_text(5.0), float_text(-0.25), float_text(7)] == ["0.3", "5", "-0.25", "7"]
