"""How thresholds may be written, and that none is out of reach or out of bounds."""

from __future__ import annotations

import make
import pytest


def mistakes_of(levels: str) -> list[str]:
    """The mistakes of a framework with one criterion of 20 points and these levels."""
    nodes = 'nodes:\n  total: {label: T, max_points: 20, formula: "max_points * capped(ratio(a, b), 1)"}\n'
    return make.mistakes(make.text(nodes + levels))


@pytest.mark.parametrize("spelt", ['"1e2000000%"', '"9999%"', '"%"', '"-5%"', "abc"])
def test_a_share_is_written_as_a_plain_percentage(spelt: str) -> None:
    """A threshold that is neither points nor a percentage of at most three digits is a mistake, at once."""
    found = mistakes_of(f"levels: [{{id: m, order: [I], conditions: {{I: {{total: {spelt}}}}}}}]\n")

    assert any("must be points such as 84.25 or a share such as 90%" in each for each in found)


@pytest.mark.parametrize(
    "levels",
    [
        "levels: [{id: m, order: [I], conditions: {I: {total: 101%}}}]\n",
        "levels: [{id: m, of: [total], on: share, bands: {A: 85, B: 70}}]\n",
    ],
)
def test_a_share_above_the_whole_is_a_mistake(levels: str) -> None:
    """More than 100 % of a maximum can never be reached, so a framework cannot ask for it."""
    assert any("which nothing can reach" in each for each in mistakes_of(levels))
