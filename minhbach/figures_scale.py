"""Scales of charts: from values to places on paper, with ticks that are exact numbers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from minhbach.figures import GRID, MUTED, SMALL, Canvas, Number
from minhbach.figures_text import width_of
from minhbach.numbers import show

STEPS = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5), Fraction(10))
TICK_WIDTH = 34.0


@dataclass(frozen=True)
class Scale:
    """The place of values between `left` and `left + width`."""

    low: Fraction
    high: Fraction
    left: float
    width: float
    least_step: Fraction = Fraction(0)

    def at(self, value: Fraction) -> float:
        """The place of a value, in points from the left of the picture."""
        return self.left + self.width * float((value - self.low) / (self.high - self.low))

    def ticks(self, language: str) -> tuple[Number, ...]:
        """Round values along the scale, as many as can be read beside each other."""
        step = nice_step(max(self.least_step, (self.high - self.low) / max(2, int(self.width / TICK_WIDTH))))
        found = self._every(step, language)
        while len(found) > 2 and self._needed(found) > self.width * float(step / (self.high - self.low)):
            step = nice_step(step * Fraction(11, 10))
            found = self._every(step, language)
        return found

    def _every(self, step: Fraction, language: str) -> tuple[Number, ...]:
        places = next(places for places in range(13) if (step * 10**places).denominator == 1)
        values = [step * place for place in range(ceil(self.low / step), floor(self.high / step) + 1)]
        return tuple(Number(value, show(value, places, language)) for value in values)

    def _needed(self, ticks: tuple[Number, ...]) -> float:
        return max(width_of(tick.shown, SMALL) for tick in ticks) + 5


def nice_step(least: Fraction) -> Fraction:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that is not below `least`."""
    power = Fraction(10) ** 12
    while power > least and power > Fraction(1, 10**9):
        power /= 10
    return next((step * power for step in STEPS if step * power >= least), 10 * power)


def bounds(values: list[Fraction], *, zero: bool, top: Fraction | None = None) -> tuple[Fraction, Fraction]:
    """The lowest and highest value of a scale; from zero for bars, round numbers around the values for dots."""
    low, high = min(values), max([*values, *([top] if top is not None else [])])
    if zero:
        low, high = min(low, Fraction(0)), max(high, Fraction(0))
        return low, high if high > low else low + 1
    step = nice_step((high - low) / 8) if high > low else max(abs(high) / 10, Fraction(1, 100))
    low, high = floor(low / step) * step, ceil(high / step) * step
    return (low, high) if high > low else (low - step, high + step)


def draw_axis(canvas: Canvas, scale: Scale, rows: tuple[float, float], language: str, series: str = "") -> None:
    """Light lines from the first to the last row, and the ticks below them; the ticks go into the chart's table."""
    ticks = scale.ticks(language)
    for tick in ticks:
        x = scale.at(tick.value)
        canvas.line((x, rows[0]), (x, rows[1]), color=GRID)
        canvas.text(x, rows[1] + 7, tick.shown, "center", size=SMALL, color=MUTED)
    canvas.note("tick", "", series, ticks)
