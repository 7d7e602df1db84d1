"""Why results differ between two sides: everything is computed again with one thing changed at a time.

The earlier side is computed again with the later side's data as received, corrections, method and settings, one after
the other, each alone, always for all units, so that a criterion that looks at the best of a group moves as it would.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from minhbach.causes_inputs import Inputs, Pair
from minhbach.causes_state import OF, State, computed

CAUSES: Final = OF
INTERACTION: Final = "interaction"
Key = tuple[str, str]


@dataclass(frozen=True)
class Sum:
    """A difference and its parts, which add up exactly to `after - before`.

    An effect is None where its change alone leaves no value; what it does stands in the interaction.
    """

    before: Fraction
    after: Fraction
    effects: Mapping[str, Fraction | None]

    @property
    def change(self) -> Fraction:
        """The whole difference."""
        return self.after - self.before

    @property
    def interaction(self) -> Fraction:
        """What no change does alone."""
        return self.change - sum((each or Fraction(0) for each in self.effects.values()), Fraction(0))


@dataclass(frozen=True)
class Split:
    """The difference of a unit's ranked value by cause: as computed, and as it is rounded and shown."""

    unit_id: str
    ranking: str
    exact: Sum
    shown: Sum


@dataclass(frozen=True)
class Move:
    """Another rank or level (`kind`); `alone` are the causes each of which would do it alone."""

    unit_id: str
    kind: str
    of: str
    before: str
    after: str
    alone: tuple[str, ...]


@dataclass(frozen=True)
class Causes:
    """Every unit's differences by cause, in the order of the later side's units.

    `changed` are the causes in which the two sides differ at all.
    """

    changed: tuple[str, ...]
    splits: tuple[Split, ...]
    moves: tuple[Move, ...]

    def of(self, unit_id: str, ranking: str) -> Split | None:
        """The split of a unit's value in a ranking; None where it has no value on one of the sides."""
        return next((each for each in self.splits if (each.unit_id, each.ranking) == (unit_id, ranking)), None)


def causes(pair: Pair) -> Causes:
    """The differences between two sides by cause.

    Raises:
        MinhbachError: a side cannot be computed.
    """
    before, after = computed(pair, frozenset()), computed(pair, frozenset(OF))
    changed = tuple(cause for cause in OF if pair.differs(cause))
    alone = {cause: computed(pair, frozenset((cause,))) if cause in changed else before for cause in OF}
    return Causes(changed, tuple(_splits(pair, before, after, alone)), tuple(_moves(pair, before, after, alone)))


def _splits(pair: Pair, before: State, after: State, alone: Mapping[str, State]) -> Iterator[Split]:
    for unit_id in pair.unit_ids:
        for ranking in pair.rankings:
            key = (unit_id, ranking)
            exact = _sum(key, before.exact, after.exact, {name: each.exact for name, each in alone.items()})
            shown = _sum(key, before.shown, after.shown, {name: each.shown for name, each in alone.items()})
            if exact and shown:
                yield Split(unit_id, ranking, exact, shown)


def _sum(
    key: Key,
    before: Mapping[Key, Fraction],
    after: Mapping[Key, Fraction],
    alone: Mapping[str, Mapping[Key, Fraction]],
) -> Sum | None:
    if key not in before or key not in after:
        return None
    effects = {name: values[key] - before[key] if key in values else None for name, values in alone.items()}
    return Sum(before[key], after[key], effects)


def _moves(pair: Pair, before: State, after: State, alone: Mapping[str, State]) -> Iterator[Move]:
    for kind in ("level", "rank"):
        old, new = getattr(before, kind), getattr(after, kind)
        for key in sorted(old.keys() & new.keys(), key=pair.place):
            if old[key] != new[key]:
                enough = tuple(name for name, each in alone.items() if getattr(each, kind).get(key) == new[key])
                yield Move(key[0], kind, key[1], old[key], new[key], enough)


def pairs(earlier: Inputs, later: Inputs, predecessors: Mapping[str, Sequence[str]] | None = None) -> Pair:
    """Two sides under the names of the later one; `predecessors` are earlier units by later unit, where they differ."""
    return Pair.of(earlier, later, predecessors or {})
