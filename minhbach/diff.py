"""The difference between two versions of an edition, or between two editions: what changed, and why.

Refused where two frameworks have different criteria and nobody has declared which of them mean the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from minhbach import bridges, causes, causes_read, diff_changes, diff_text, previous_causes, previous_units, wording
from minhbach.bridges import Bridge
from minhbach.causes import Causes, Sum
from minhbach.diff_changes import Item, Matched
from minhbach.diff_side import Side
from minhbach.diff_text import Figure, Sentence
from minhbach.errors import DataError, MinhbachError
from minhbach.paths import Edition


@dataclass(frozen=True)
class Difference:
    """Everything that differs; `causes` by framework, `unsplit` why a framework has none."""

    earlier: Side
    later: Side
    matched: tuple[Matched, ...]
    items: tuple[Item, ...]
    sentences: tuple[Sentence, ...]
    figures: tuple[Figure, ...]
    causes: Mapping[str, Causes]
    unsplit: Mapping[str, str]

    @property
    def language(self) -> str:
        """The language in which it is told."""
        return self.later.evidence.language

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not (self.items or self.sentences or self.figures)

    def unit_name(self, unit_id: str) -> str:
        """A unit's name, from whichever side has it."""
        known = self.later.evidence.units.get(unit_id)
        return (self.later if known else self.earlier).unit_name(unit_id)

    def of(self, kind: str) -> tuple[Item, ...]:
        """The items of a kind, the largest first."""
        return tuple(each for each in self.items if each.kind == kind)


def difference(earlier: Side, later: Side) -> Difference:
    """Compares two sides.

    Raises:
        DataError: frameworks differ and no bridge is declared; the text names the file to write.
    """
    matched = _matched(earlier, later)
    items = diff_changes.items(earlier, later, matched)
    found: dict[str, Causes] = {}
    unsplit: dict[str, str] = {}
    for each in matched:
        made = _causes(earlier, later, each)
        if isinstance(made, Causes):
            found[each.framework_id] = made
        else:
            unsplit[each.framework_id] = made
    spoken = earlier.evidence.printed == later.evidence.printed
    sentences = diff_text.sentences(earlier, later) if spoken else ()
    return Difference(earlier, later, matched, items, sentences, diff_text.figures(earlier, later), found, unsplit)


def _matched(earlier: Side, later: Side) -> tuple[Matched, ...]:
    """Every framework of the later side with the one it is compared with; those that are new are left out."""
    root, language = Edition(later.edition.name).root, later.evidence.language
    found, missing = [], []
    for framework_id in later.framework_ids:
        for earlier_id in _candidates(earlier, later, framework_id):
            bridge = bridges.between(root, earlier.framework(earlier_id), later.framework(framework_id))
            if bridge is not None:
                found.append(_one(earlier, later, framework_id, earlier_id, bridge))
                break
            file = bridges.path(root, earlier_id, framework_id).as_posix()
            missing.append(wording.say("diff_no_bridge", language, one=earlier_id, other=framework_id, file=file))
    if missing:
        sides = {"earlier": earlier.name, "later": later.name}
        raise DataError("\n".join([wording.say("diff_refused", language, **sides), *missing]))
    if not found:
        raise DataError(wording.say("diff_nothing_common", language, earlier=earlier.name, later=later.name))
    return tuple(found)


def _candidates(earlier: Side, later: Side, framework_id: str) -> list[str]:
    """What a framework may be compared with: its own id, or else a framework for the same kind of unit."""
    if framework_id in earlier.framework_ids:
        return [framework_id]
    kind = later.framework(framework_id).spec.unit_kind
    free = (each for each in earlier.framework_ids if each not in later.framework_ids)
    return [each for each in free if earlier.framework(each).spec.unit_kind == kind]


def _one(earlier: Side, later: Side, framework_id: str, earlier_id: str, bridge: Bridge) -> Matched:
    units = later.units(framework_id) if earlier.edition.name != later.edition.name else ()
    formed = previous_units.used(units, earlier.frames(earlier_id)["scores"])
    return Matched(framework_id, earlier_id, bridge, formed)


def _causes(earlier: Side, later: Side, matched: Matched) -> Causes | str:
    """The split by cause, or why there is none."""
    language = later.evidence.language
    try:
        sides = earlier.inputs(matched.earlier_id).over(matched.bridge), later.inputs(matched.framework_id)
        made = causes.causes(causes.pairs(*sides, previous_units.parts_of(matched.formed)))
    except (MinhbachError, OSError) as error:
        return wording.say("diff_no_inputs", language, reason=error)
    named = zip((earlier, later), sides, (matched.earlier_id, matched.framework_id), strict=True)
    for side, inputs, framework_id in named:
        if not causes_read.as_recorded(inputs, side.hashes(framework_id)):
            return wording.say("diff_other_framework", language, side=side.name, framework=framework_id)
    return _unlike(earlier, later, matched, made) or made


def _unlike(earlier: Side, later: Side, matched: Matched, made: Causes) -> str:
    """That a side computed again does not have the scores that it has on paper; empty where both do."""
    frames = diff_changes.frames(earlier, later, matched)
    for side, frame, when in zip((earlier, later), frames, ("before", "after"), strict=True):
        recorded = diff_changes.recorded(later.framework(matched.framework_id), frame)
        for each in made.splits:
            value: Fraction = getattr(each.exact, when)
            if not previous_causes.agrees(value, recorded.get((each.unit_id, each.ranking), "")):
                unit = later.unit_name(each.unit_id)
                return wording.say("diff_stale", later.evidence.language, side=side.name, unit=unit)
    return ""


def largest(parts: Sum) -> list[tuple[str, Fraction | None]]:
    """The effects that are not 0, the largest first, and the interaction at the end where it is not 0."""
    effects = [(name, effect) for name, effect in parts.effects.items() if effect != 0]
    effects.sort(key=lambda each: -abs(each[1] or Fraction(0)))
    return [*effects, *([(causes.INTERACTION, parts.interaction)] if parts.interaction else [])]
