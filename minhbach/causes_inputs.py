"""What the results of one framework are computed from, on each of two sides, under the names of the later side."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from minhbach.bridges import SAME, Bridge, back, scheme
from minhbach.causes_rules import Rules, method_of, settings_of
from minhbach.units import Unit

Key = tuple[str, str]
Values = Mapping[Key, str]


@dataclass(frozen=True)
class Inputs:
    """One side. `received` is every answer as it was received, by unit and field; `corrected` what replaces some.

    `files` is the file that counts of a unit that sent several. `bridge` leads from the names of this side's method
    to those that `received` and the results go by.
    """

    rules: Rules
    units: tuple[Unit, ...]
    received: Values
    corrected: Values = field(default_factory=lambda: MappingProxyType({}))
    files: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    bridge: Bridge = SAME

    def under(self, bridge: Bridge, names: Mapping[str, str]) -> Inputs:
        """This side with the names of a later one: `names` are its units that only changed their id."""
        units = tuple(dataclasses.replace(each, unit_id=names.get(each.unit_id, each.unit_id)) for each in self.units)
        received, corrected = (
            {(names.get(unit, unit), bridge.fields.get(name, name)): text for (unit, name), text in table.items()}
            for table in (self.received, self.corrected)
        )
        files = {names.get(unit, unit): file for unit, file in self.files.items()}
        return Inputs(self.rules, units, received, corrected, files, bridge)

    def over(self, bridge: Bridge) -> Inputs:
        """This side with another bridge to the later one."""
        return dataclasses.replace(self, bridge=bridge)

    def ranking(self, ranking_id: str) -> str:
        """The name that both sides have for one of this side's rankings."""
        return self.bridge.rankings.get(ranking_id, ranking_id)

    def scheme(self, scheme_id: str) -> str:
        """The name that both sides have for one of this side's level schemes, with its node where it has several."""
        return scheme(self.bridge, scheme_id)


@dataclass(frozen=True)
class Pair:
    """Two sides under the names of the later; `predecessors` are earlier units by later unit, if not the same one."""

    earlier: Inputs
    later: Inputs
    predecessors: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, earlier: Inputs, later: Inputs, predecessors: Mapping[str, Sequence[str]]) -> Pair:
        """The pair; a unit that only changed its id goes by the later one, a file chosen anew is a correction."""
        known = {each.unit_id: tuple(predecessors.get(each.unit_id, ())) for each in later.units}
        before_ids = {each.unit_id for each in earlier.units}
        successors: dict[str, list[str]] = {}
        for unit_id, parts in known.items():
            for part in parts:
                successors.setdefault(part, []).append(unit_id)
        renamed = {
            parts[0]: unit_id
            for unit_id, parts in known.items()
            if len(parts) == 1
            and len(successors[parts[0]]) == 1
            and parts[0] not in known
            and unit_id not in before_ids
        }
        joined = {
            unit_id: parts
            for unit_id, parts in known.items()
            if parts and parts != (unit_id,) and renamed.get(parts[0]) != unit_id
        }
        before = earlier.under(earlier.bridge, renamed)
        return cls(before, _as_corrections(before, later), MappingProxyType(joined))

    def side(self, cause: str, changed: frozenset[str]) -> Inputs:
        """The side that a cause is taken from when these causes are changed."""
        return self.later if cause in changed else self.earlier

    def differs(self, cause: str) -> bool:
        """Whether the two sides differ in a cause at all."""
        one, two = self.earlier, self.later
        match cause:
            case "new_data":
                return dict(one.received) != dict(two.received)
            case "corrected":
                return dict(one.corrected) != dict(two.corrected)
            case "framework":
                return method_of(one.rules.content) != method_of(two.rules.content) or one.bridge != two.bridge
        contents = [settings_of(each.rules.content) for each in (one, two)]
        return contents[0] != contents[1] or one.rules.override != two.rules.override or self._regrouped()

    def _regrouped(self) -> bool:
        """Whether a unit that both sides have is ranked or grouped otherwise."""
        one, two = ({each.unit_id: _standing(each) for each in side.units} for side in (self.earlier, self.later))
        return any(one[unit_id] != two[unit_id] for unit_id in one.keys() & two.keys())

    def ranking_names(self, method: Inputs, settings: Inputs) -> dict[str, str]:
        """The rankings of a method, each with the id that it has on the side of the settings."""
        if method is settings:
            return {}
        names = self.earlier.bridge.rankings
        return dict(names) if method is self.earlier else back(names)

    @cached_property
    def unit_ids(self) -> tuple[str, ...]:
        """The later side's units, in order."""
        return tuple(each.unit_id for each in self.later.units)

    @cached_property
    def rankings(self) -> tuple[str, ...]:
        """Ids of the later side's rankings, in order."""
        return tuple(str(each["id"]) for each in self._listed("rankings"))

    def _listed(self, name: str) -> list[dict[str, object]]:
        own = {str(each["id"]): each for each in self.later.rules.content.get(name) or []}
        more = {str(each["id"]): each for each in (self.later.rules.override or {}).get(name) or []}
        kept = {**own, **more}
        return [each for each in kept.values() if not each.get("drop")]

    def place(self, key: Key) -> tuple[int, str]:
        """Where a unit's outcome stands in lists."""
        return self._places.get(key[0], len(self._places)), key[1]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {unit_id: place for place, unit_id in enumerate(self.unit_ids)}


def _standing(unit: Unit) -> tuple[object, ...]:
    return unit.ranked, unit.parent_id, {name: text for name, text in unit.groups.items() if name != "previous"}


def _as_corrections(earlier: Inputs, later: Inputs) -> Inputs:
    """The later side, with another choice among a unit's files as corrections of that unit's answers."""
    chosen = {
        unit
        for unit in earlier.files.keys() | later.files.keys()
        if earlier.files.get(unit) != later.files.get(unit) and any(key[0] == unit for key in earlier.received)
    }
    if not chosen:
        return later
    received = {key: text for key, text in later.received.items() if key[0] not in chosen}
    received |= {key: text for key, text in earlier.received.items() if key[0] in chosen}
    moved = {
        key: text for key, text in later.received.items() if key[0] in chosen and earlier.received.get(key) != text
    }
    corrected = {**moved, **later.corrected}
    return dataclasses.replace(later, received=received, corrected=corrected)
