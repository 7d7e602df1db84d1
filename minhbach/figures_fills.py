"""Colours that stay apart in grey print and for colour-blind readers: they differ in lightness, then in hatching."""

from __future__ import annotations

from functools import cache

from minhbach.figures import Fill

# One hue from dark to light, in even steps of lightness (CIE L*), so that order survives any printer and any eye.
DARK, LIGHT = 26.0, 92.0
ANCHORS = ((0x12, 0x35, 0x4F), (0x3E, 0x78, 0xA0), (0xA9, 0xC7, 0xDB), (0xF2, 0xF6, 0xF9))
# Neighbours in a stack are far from each other in lightness; hatching tells the further ones from the first.
STACK = (
    Fill("#1b4965"),
    Fill("#a9c9de"),
    Fill("#5488ab", "////", "#ffffff"),
    Fill("#cfdfe9", "||||", "#3a6788"),
    Fill("#2f5f7f", "\\\\\\\\", "#d4e3ee"),
    Fill("#c9d6df", "----", "#1b4965"),
    Fill("#7aa3bf", "xxxx", "#ffffff"),
    Fill("#f4f6f8", "++", "#1b4965"),
)
SHAPES = ("D", "s", "^", "v", "p", "h", "X")
NO_SHAPE = "o"


@cache
def ramp(count: int) -> tuple[Fill, ...]:
    """So many colours from dark to light, in even steps of lightness."""
    steps = [DARK + (LIGHT - DARK) * place / max(1, count - 1) for place in range(count)]
    return tuple(Fill(_colour(step)) for step in steps)


def level_fills(count: int) -> tuple[Fill, ...]:
    """So many levels from dark to light, best first, and after them the look of no level."""
    return (*ramp(count + 1)[:count], Fill("#ffffff", "////", "#b5b5b5"))


def lightness(colour: str) -> float:
    """The lightness (CIE L*) of a colour such as #1b4965: 0 is black, 100 white."""
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 116 * luminance ** (1 / 3) - 16 if luminance > (6 / 29) ** 3 else luminance * (29 / 3) ** 3


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on a colour: the contrast is never below 4.5 to 1."""
    return "#ffffff" if lightness(colour) < 49.4 else "#000000"


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _colour(target: float) -> str:
    """The colour of the ramp that has this lightness."""
    low, high = 0.0, 1.0
    for _ in range(24):
        middle = (low + high) / 2
        low, high = (middle, high) if lightness(_between(middle)) < target else (low, middle)
    return _between(low)


def _between(place: float) -> str:
    """The colour at a place of the ramp, 0 dark, 1 light."""
    first = min(int(place * (len(ANCHORS) - 1)), len(ANCHORS) - 2)
    part = place * (len(ANCHORS) - 1) - first
    mixed = (round(a + (b - a) * part) for a, b in zip(ANCHORS[first], ANCHORS[first + 1], strict=True))
    return "#" + "".join(f"{each:02x}" for each in mixed)
