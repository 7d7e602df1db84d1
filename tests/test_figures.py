"""The look of charts: text that stays text, colours that can be told apart, ticks that are exact, bytes that repeat."""

import os
import subprocess
import sys
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import charted
import projects
import pytest

from minhbach import figures_fills, figures_heat, figures_scale, figures_text
from minhbach.figures import Canvas, Fill, Number
from minhbach.figures_legend import Threshold, draw_thresholds, stair
from minhbach.figures_rows import kept
from minhbach.figures_scale import Scale

# What red-blind, green-blind and blue-blind people see (Viénot, Brettel and Mollon 1999; the last one Machado 2009).
BLIND = {
    "protan": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deutan": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
    "tritan": ((1.25553, -0.07675, -0.17878), (-0.07841, 0.93081, 0.1476), (0.00473, 0.69137, 0.3039)),
}


def linear(colour: str) -> list[float]:
    """The light of a colour such as #1b4965 in red, green and blue (IEC 61966-2-1)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(light: list[float]) -> float:
    """How bright light is (IEC 61966-2-1)."""
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]


def lightness(light: list[float]) -> float:
    """CIE 1976 lightness, 0 to 100."""
    return 116 * max(luminance(light), 0.0089) ** (1 / 3) - 16


def seen(colour: str, blindness: str) -> list[float]:
    """The light that somebody colour-blind sees."""
    light = linear(colour)
    return [min(1.0, max(0.0, sum(a * b for a, b in zip(row, light, strict=True)))) for row in BLIND[blindness]]


@pytest.mark.parametrize("count", range(2, 8))
def test_levels_can_be_told_apart_in_grey(count: int) -> None:
    """Colours of levels go from dark to light in clear steps, so grey print keeps their order."""
    steps = [lightness(linear(fill.colour)) for fill in figures_fills.ramp(count)]

    assert steps == sorted(steps)
    assert all(light - dark >= 9 for dark, light in pairwise(steps))


@pytest.mark.parametrize("blindness", BLIND)
@pytest.mark.parametrize("count", [3, 5, 7])
def test_levels_can_be_told_apart_by_the_colour_blind(count: int, blindness: str) -> None:
    """Readers who do not see red, green or blue see the colours of levels in the same clear steps."""
    steps = [lightness(seen(fill.colour, blindness)) for fill in figures_fills.ramp(count)]

    assert all(light - dark >= 8 for dark, light in pairwise(steps))


@pytest.mark.parametrize("blindness", [*BLIND, "none"])
def test_neighbours_in_a_stack_can_be_told_apart(blindness: str) -> None:
    """Parts that touch in a stack differ clearly in lightness, for every eye; no two parts look alike."""
    fills = figures_fills.STACK
    steps = [lightness(linear(each.colour) if blindness == "none" else seen(each.colour, blindness)) for each in fills]

    assert all(abs(a - b) >= 14 for a, b in pairwise(steps))
    assert len({(each.hatch, round(step / 20)) for each, step in zip(fills, steps, strict=True)}) == len(fills) == 8


@pytest.mark.parametrize("place", range(7))
def test_numbers_on_colours_have_enough_contrast(place: int) -> None:
    """A number in a cell has a contrast of at least 4.5 to 1 with the cell (WCAG 2.2, 1.4.3)."""
    ground = figures_fills.ramp(7)[place].colour

    bright = sorted(luminance(linear(colour)) + 0.05 for colour in (ground, figures_fills.ink_on(ground)))

    assert bright[1] / bright[0] >= 4.5


def test_text_stays_text(tmp_path: Path) -> None:
    """A chart's words are text in the SVG, in the font that the report embeds, and nothing refers to elsewhere."""
    canvas = Canvas(40)
    canvas.text(0, 10, "Huyện Đắk Pơ, thị xã Ayun Pa")
    canvas.text(0, 30, "Tổng 84,25", weight="bold")

    svg = canvas.svg()

    assert ">Huyện Đắk Pơ, thị xã Ayun Pa</text>" in svg
    assert svg.count("'DejaVu Sans', Verdana, sans-serif") == svg.count("<text") == 2
    assert "font-weight: 700" in svg or "bold" in svg
    assert not [word for word in ("<style", "<metadata", "<!DOCTYPE", "<script", ' id="text', "<image") if word in svg]
    assert svg.replace("http://www.w3.org/2000/svg", "").replace("http://www.w3.org/1999/xlink", "").count("http") == 0


def test_the_table_has_exact_values(tmp_path: Path) -> None:
    """A chart's table has each number exactly, as it is shown, and with its fact; a row that repeats stands once."""
    canvas = Canvas(20)
    for _ in range(2):
        canvas.note("value", "Xã A", "Tổng", [Number(Fraction(2, 3), "0,67", "1/total")])
    canvas.note("tick", "", "Tổng", [Number(Fraction(5, 2), "2,5")])

    canvas.save(tmp_path / "figures" / "x.svg")

    assert (tmp_path / "figures" / "x.csv").read_bytes().decode() == (
        'kind,label,series,value,shown,fact_id\nvalue,Xã A,Tổng,2/3,"0,67",1/total\ntick,,Tổng,2.5,"2,5",\n'
    )


def test_bytes_do_not_depend_on_the_reader_of_matplotlib(tmp_path: Path) -> None:
    """Another process, time zone, hash seed, locale and matplotlib settings of one's own give the same picture."""
    (tmp_path / "matplotlibrc").write_text(
        "font.size: 30\nsvg.fonttype: path\nsavefig.bbox: tight\nlines.linewidth: 9\n"
    )
    program = (
        "from minhbach.figures import Canvas, Fill\n"
        "c = Canvas(30)\nc.surface(0, 0, 90, 9, Fill('#1b4965', '////'))\nc.mark(5, 5, 'D', 5, '#ffffff')\n"
        "c.line((0, 9), (9, 9))\nc.text(3, 20, 'Đắk Pơ')\nprint(c.svg(), end='')\n"
    )
    other = {"TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "C", "MATPLOTLIBRC": str(tmp_path), "PYTHONHASHSEED": "7"}

    pictures = [
        subprocess.run(
            [sys.executable, "-X", "utf8", "-c", program],
            cwd=projects.REPOSITORY,
            env=dict(os.environ) | more,
            capture_output=True,
            check=True,
        ).stdout
        for more in ({"TZ": "UTC", "PYTHONHASHSEED": "1"}, other)
    ]

    assert pictures[0] == pictures[1]
    assert "Đắk Pơ" in pictures[0].decode("utf-8")


@pytest.mark.parametrize(
    ("low", "high", "width", "shown"),
    [
        ("0", "1", 300.0, ["0,0", "0,2", "0,4", "0,6", "0,8", "1,0"]),
        ("0", "150", 240.0, ["0", "25", "50", "75", "100", "125", "150"]),
        ("-3", "20", 120.0, ["0", "10", "20"]),
        ("0.476", "0.727", 200.0, ["0,5", "0,6", "0,7"]),
        ("0", "123456789", 200.0, ["0", "50.000.000", "100.000.000"]),
    ],
)
def test_ticks_are_round_and_exact(low: str, high: str, width: float, shown: list[str]) -> None:
    """Ticks are exact round numbers inside the scale, in the language's notation, as many as have room."""
    ticks = Scale(Fraction(low), Fraction(high), 0.0, width).ticks("vi")

    assert [tick.shown for tick in ticks] == shown
    assert [tick.value for tick in ticks] == [Fraction(each.replace(".", "").replace(",", ".")) for each in shown]


def test_whole_numbers_have_whole_ticks() -> None:
    """A scale of counts has no tick between whole numbers."""
    scale = Scale(Fraction(0), Fraction(2), 0.0, 400.0, least_step=Fraction(1))

    assert [tick.shown for tick in scale.ticks("vi")] == ["0", "1", "2"]


def test_a_scale_of_equal_values_has_a_width() -> None:
    """Where all values are equal, or zero, the scale still has two different ends."""
    for values in ([Fraction(5)] * 3, [Fraction(0)], [Fraction(-2)]):
        for zero in (True, False):
            low, high = figures_scale.bounds(values, zero=zero)
            assert low <= values[0] <= high
            assert low < high


@pytest.mark.parametrize("values", [["0.39", "1"], ["0.2", "0.2"], ["0", "0"], ["0.6667", "0.6"], ["-3", "250"]])
def test_shades_cover_all_values(values: list[str]) -> None:
    """A heat map has at most seven shades with round edges; the highest value has the darkest one."""
    low, high = sorted(Fraction(each) for each in values)

    shades = figures_heat.shades([low, high])

    assert shades.edges[0] <= low <= high <= shades.edges[-1]
    assert 1 <= shades.count <= 7
    assert len(shades.edges) == shades.count + 1
    dark, light = (lightness(linear(shades.fill(each).colour)) for each in (high, low))
    assert dark < light or shades.count == 1


def test_lines_break_between_words_and_say_when_they_are_cut() -> None:
    """A name breaks between words, a word only if it is wider than a line; what does not fit ends in an ellipsis."""
    name = "Bộ Nông nghiệp và Phát triển nông thôn"

    assert figures_text.wrapped(name, 500, 7.5) == (name,)
    assert " ".join(figures_text.wrapped(name, 90, 7.5)) == name
    assert figures_text.wrapped(name, 60, 7.5, most=2)[-1].endswith("…")
    assert "".join(figures_text.wrapped("X" * 50, 60, 7.5, most=9)) == "X" * 50
    assert figures_text.wrapped("", 60, 7.5) == ("",)


def test_text_is_as_wide_as_it_is_drawn() -> None:
    """Widths are those of the font that draws, regular and bold."""
    for text, bold in (("Thị xã Ayun Pa", False), ("146,80", True)):
        drawn = charted.width_of(text, 7.5, bold=bold)
        assert figures_text.width_of(text, 7.5, bold=bold) == pytest.approx(drawn, rel=0.02)


def test_labels_of_thresholds_climb_where_they_are_near() -> None:
    """Labels of thresholds near each other stand one above the other; far ones share a line."""
    scale = Scale(Fraction(0), Fraction(100), 50.0, 300.0)
    near = [Threshold(f"Mức {least}", Number(Fraction(least), str(least))) for least in (80, 84)]
    far = [near[0], Threshold("Mức 20", Number(Fraction(20), "20"))][::-1]

    assert stair(scale, near).steps == (0, 1)
    assert stair(scale, far).steps == (0, 0)

    canvas = Canvas(100)
    draw_thresholds(canvas, scale, (60, 90), near, stair(scale, near), "")
    assert [row.number.shown for row in canvas.rows] == ["80", "84"]


def test_a_page_shows_all_rows_or_both_ends() -> None:
    """Rows that fit a page are all kept; of more, the same number from both ends, fewer where rows are high."""
    assert kept([10.0] * 60) == (list(range(60)), [])
    assert kept([10.0] * 100) == (list(range(20)), list(range(80, 100)))
    first, last = kept([40.0] * 100)
    assert len(first) == len(last) == 7
    assert kept([300.0] * 3) == ([0], [2])


def test_a_negative_width_goes_to_the_left() -> None:
    """A surface may be drawn towards the left, as bars of negative values are."""
    canvas = Canvas(20, 100)
    canvas.surface(50, 5, -20, 8, Fill("#000000"))

    assert "M 50 5" in canvas.svg()
    assert "L 30 5" in canvas.svg()
