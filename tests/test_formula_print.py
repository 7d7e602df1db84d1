"""Formulas are printed so that a reader computes the same: brackets where they matter, the reader's decimal mark."""

import pypandoc
import pytest

from minhbach.formula_parse import parse
from minhbach.formula_print import shown_exact, tex, worked

VALUES = {"a": "18", "b": "20", "c": "-5", "d": "1/3", "max_points": "6"}


def line(text: str, language: str = "en") -> str:
    """The worked line of a formula with a = 18, b = 20, c = -5, d = 1/3 and a maximum of 6."""
    return worked(parse(text), language, lambda name: VALUES.get(name, name))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("max_points * capped(ratio(a, b), 1)", "6 × min(18 / 20, 1)"),
        ("count_points(a, 0.5, 5)", "min(18 × 0.5, 5)"),
        ("35 * yes(a)", "35 × 18"),
        ("(a + b) * 2", "(18 + 20) × 2"),
        ("a + b * 2", "18 + 20 × 2"),
        ("a - (b - 1)", "18 - (20 - 1)"),
        ("a - b - 1", "18 - 20 - 1"),
        ("a / (b * 2)", "18 / (20 × 2)"),
        ("a / b / 2", "18 / 20 / 2"),
        ("(a + b) ** 2", "(18 + 20)^2"),
        ("(a ** 2) ** 3", "(18^2)^3"),
        ("-a ** 2", "-18^2"),
        ("(-a) ** 2", "(-18)^2"),
        ("a ** -2", "18^(-2)"),
        ("a < b < 30", "18 < 20 and 20 < 30"),
        ("(a < b) < 1", "(18 < 20) < 1"),
        ("(a == b) == 0", "(18 = 20) = 0"),
        ("a <= b and not (a != 1 or b >= 2)", "18 ≤ 20 and not (18 ≠ 1 or 20 ≥ 2)"),
        ("a if b > 0 else 0.5", "(18 if 20 > 0; 0.5 otherwise)"),
        ("steps(a, {1: 5, 2.5: 10})", "[18: ≥ 1 → 5; ≥ 2.5 → 10]"),
        ("choice(e, {'Có': 1, 'Không': -0.5})", "[e: “Có” → 1; “Không” → -0.5]"),
        ("sum(a, b)", "sum(18, 20)"),
        ("b - c", "20 - (-5)"),
        ("c ** 2", "(-5)^2"),
        ("c + b", "-5 + 20"),
        ("b / d", "20 / (1/3)"),
        ("d + b", "1/3 + 20"),
    ],
)
def test_worked_lines(text: str, expected: str) -> None:
    """A worked line puts the numbers in and keeps every bracket the value depends on."""
    assert line(text) == expected


def test_worked_line_in_vietnamese() -> None:
    """Vietnamese lines have a decimal comma, semicolons between arguments, and Vietnamese words."""
    assert line("capped(0.5 * a, 2.5)", "vi") == "min(0,5 × 18; 2,5)"
    assert line("a if a > 1 and not b else 0", "vi") == "(18 nếu 18 > 1 và không 20; 0 ngược lại)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ratio(a, b)", r"\frac{\text{a}}{\text{b}}"),
        ("(a / b) ** 2", r"{\left(\frac{\text{a}}{\text{b}}\right)}^{2}"),
        ("(a + b) ** 2", r"{\left(\text{a} + \text{b}\right)}^{2}"),
        ("a / b * c", r"\frac{\text{a}}{\text{b}} \times \text{c}"),
        ("so_may * 2", r"\text{so\_may} \times 2"),
        ("a <= 0.5", r"\text{a} \le 0.5"),
    ],
)
def test_mathematics(text: str, expected: str) -> None:
    """Quotients become fractions, in brackets under a power; underscores of ids are escaped."""
    assert tex(parse(text), "en") == expected


@pytest.mark.parametrize(
    "text",
    [
        "max_points * capped(ratio(a, b), 0.75)",
        "steps(a, {1: 5, 2.5: 10})",
        "choice(e, {'50% _#&${}^~ Có': 1, 'Không': -0.5})",
        "a if b < 1 and not c else sum(a, b) ** 2",
        "round_half_up(weighted_mean(a, 0.5, b, 0.5), 2)",
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_mathematics_is_understood(text: str, language: str) -> None:
    """Pandoc understands the mathematics of every kind of formula, whatever signs stand in names and options."""
    mathematics = tex(parse(text), language, lambda name: f"Số máy {name} (50% _#&${{}}^~\\)")

    html = pypandoc.convert_text(f"${mathematics}$", "html", "markdown", extra_args=["--mathml"])
    assert "<math" in html
    assert 'class="math inline"' not in html


def test_decimal_comma_stays_together() -> None:
    """In Vietnamese mathematics 0,5 is one number, not 0 and 5 with a space between."""
    typst = pypandoc.convert_text(f"${tex(parse('0.5 * a'), 'vi')}$", "typst", "markdown")

    assert '"0,5"' in typst


def test_values_as_a_line_shows_them() -> None:
    """A blank is said in words, a text stays as it is, a number has the reader's decimal mark."""
    assert shown_exact(None, "vi") == "(trống)"
    assert shown_exact(None, "en") == "(blank)"
    assert shown_exact("Có", "vi") == "Có"
    assert shown_exact(parse("2.50").value, "vi") == "2,5"  # type: ignore[union-attr]
