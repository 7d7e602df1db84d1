"""How a synthetic answer is drawn: recipes, a unit's hidden quality, and a seeded source of chance.

A unit's answers hang together because all look at the same quality between 0 and 1; parts never exceed their whole.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from minhbach.forms_layout import NO, YES
from minhbach.forms_plan import Value
from minhbach.model import Question

SEED = "2022-gia-lai/1"
HALF = 0.5


@dataclass(frozen=True)
class Whole:
    """A size between two numbers, larger for larger units; `step` is what people round to."""

    low: float
    high: float
    step: float = 1


@dataclass(frozen=True)
class Part:
    """A share of one or more other answers, at most `top` of them; a better unit has more of it."""

    of: tuple[str, ...]
    ease: float = 0.0
    top: float = 1.0
    step: float = 1


@dataclass(frozen=True)
class Times:
    """A multiple of another answer, between two factors; a better unit is nearer to the higher one."""

    of: str
    low: float
    high: float
    step: float = 1


@dataclass(frozen=True)
class Ladder:
    """A count from 0 to `top` that grows with quality."""

    top: int
    ease: float = 0.0


@dataclass(frozen=True)
class Ease:
    """A yes_no, choice or percent answer: how much easier (or harder, below 0) than usual it is to do well."""

    ease: float = 0.0


@dataclass(frozen=True)
class Given:
    """An answer that is not drawn."""

    value: Value


Recipe = Whole | Part | Times | Ladder | Ease | Given


@dataclass
class Draw:
    """The answers of one unit; each is drawn once, when it is asked for."""

    unit_id: str
    quality: float
    size: float
    fields: Mapping[str, Question]
    recipes: Mapping[str, Recipe]
    answers: dict[str, Value] = field(default_factory=dict)

    def __getitem__(self, field_id: str) -> Value:
        if field_id not in self.answers:
            chance = chance_of(self.unit_id, field_id)
            self.answers[field_id] = self._drawn(self.recipes.get(field_id, Ease()), self.fields[field_id], chance)
        return self.answers[field_id]

    def _drawn(self, recipe: Recipe, question: Question, chance: random.Random) -> Value:
        match recipe:
            case Given():
                return recipe.value
            case Whole():
                return rounded(
                    recipe.low + (recipe.high - recipe.low) * self._near(self.size, chance, 0.15), recipe.step
                )
            case Part():
                whole = sum(self._number(name) for name in recipe.of)
                share = min(self._near(self.quality + recipe.ease, chance, 0.1), 1.0) * recipe.top
                return rounded(whole * share, recipe.step)
            case Times():
                factor = recipe.low + (recipe.high - recipe.low) * self._near(self.quality, chance, 0.15)
                return rounded(self._number(recipe.of) * factor, recipe.step)
            case Ladder():
                return math.floor(recipe.top * self._near(self.quality + recipe.ease, chance, 0.15) + HALF)
        return self._chosen(recipe, question, chance)

    def _chosen(self, recipe: Ease, question: Question, chance: random.Random) -> Value:
        reached = self._near(self.quality + recipe.ease, chance, 0.2)
        if question.type == "yes_no":
            return YES if reached > HALF else NO
        if question.type == "choice":
            place = math.floor((1 - reached) * 2 * (len(question.options) - 1))
            return question.options[min(place, len(question.options) - 1)]
        return math.floor(reached * 1000) / 1000

    def _number(self, field_id: str) -> float:
        value = self[field_id]
        assert isinstance(value, int | float), field_id
        return value

    def _near(self, middle: float, chance: random.Random, spread: float) -> float:
        return clipped(middle + noise(chance, spread))


def chance_of(*names: str) -> random.Random:
    """A source of chance that depends on its names alone."""
    return random.Random("/".join((SEED, *names)))


def noise(chance: random.Random, spread: float) -> float:
    """A number between -spread and +spread, most often near 0."""
    return (chance.random() + chance.random() - 1) * spread


def clipped(value: float) -> float:
    """The value, or the nearer of 0 and 1."""
    return min(max(value, 0.0), 1.0)


def rounded(value: float, step: float) -> int | float:
    """The value cut down to a multiple of `step`; whole where it can be."""
    cut = math.floor(value / step) * step
    return int(cut) if float(cut).is_integer() else round(cut, 2)
