"""How a difference is said: names of units, levels, criteria and causes; values as shown; effects with signs."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from minhbach import bridges, diff_changes, diff_names, diff_shown, wording
from minhbach.causes import Causes, Move, Split
from minhbach.diff import Difference, largest
from minhbach.diff_changes import Item
from minhbach.levels import schemes
from minhbach.model import Levels, Ranking
from minhbach.numbers import show
from minhbach.paths import Edition
from minhbach.results import level_words

DASH = "–"
MINUS = "\N{MINUS SIGN}"


def say(diff: Difference, key: str, **details: object) -> str:
    """A sentence in the language of the difference."""
    return wording.say(f"diff_{key}", diff.language, **details)


def title(diff: Difference) -> str:
    """What is compared."""
    return say(diff, "title", earlier=diff.earlier.name, later=diff.later.name)


def unit(diff: Difference, unit_id: str) -> str:
    """A unit's name, from whichever side has it."""
    return diff.unit_name(unit_id)


def of(diff: Difference, item: Item) -> str:
    """The name of the scheme, ranking or criterion that an item is about; a fact by its name."""
    if item.kind == "fact":
        return diff_names.fact(diff, item.of)
    framework = diff.later.framework(item.framework_id)
    if item.kind == "level":
        scheme = _schemes(diff, item.framework_id).get(item.of)
        return scheme.label.say(diff.language) if scheme and scheme.label else item.of
    if item.kind == "rank":
        ranking = _ranking(diff, item.framework_id, item.of)
        return ranking.label.say(diff.language) if ranking and ranking.label else item.of
    node = framework.nodes.get(item.of.removesuffix(".share"))
    return node.label.say(diff.language) if node else item.of


def values(diff: Difference, item: Item) -> tuple[str, str]:
    """Before and after as they are shown; a dash for a blank."""
    texts = [item.before, item.after]
    if item.kind == "fact":
        said = [diff_shown.fact(side, item.of, diff.language) for side in (diff.earlier, diff.later)]
        texts = said if said[0] != said[1] else texts
    if item.kind == "level":
        scheme = _schemes(diff, item.framework_id).get(item.of)
        texts = [level_words(scheme, text, diff.language) if scheme and text else text for text in texts]
    if item.kind == "total":
        framework = diff.later.framework(item.framework_id)
        texts = [diff_changes.shown(framework, item.of, text, diff.language) for text in texts]
    return texts[0] or DASH, texts[1] or DASH


def split(diff: Difference, item: Item) -> Split | None:
    """The split by cause of a ranked value; None where there is none."""
    found = diff.causes.get(item.framework_id)
    rankings = diff.later.framework(item.framework_id).rankings if found else ()
    names = [each.id for each in rankings if item.of == (f"{each.by}.share" if each.on == "share" else each.by)]
    return found.of(item.unit_id, names[0]) if found and names else None


def effects(diff: Difference, item: Item, split: Split) -> str:
    """The effects of all causes on the shown value (the exact one where that stays), with signs: new data +2,00."""
    parts = split.shown if split.shown.change else split.exact
    said = [f"{cause(diff, name)} {effect(diff, item, value)}" for name, value in largest(parts)]
    return "; ".join(said)


def cause(diff: Difference, name: str) -> str:
    """The name of a cause."""
    return say(diff, f"cause_{name}")


def effect(diff: Difference, item: Item, value: Fraction | None) -> str:
    """An effect with its sign, in the decimals of the ranked value (more where it would look like 0)."""
    if value is None:
        return say(diff, "effect_unknown")
    rounding = diff.later.framework(item.framework_id).rounding
    places = rounding.share if item.of.endswith(".share") else rounding.shown
    while 0 < abs(value) < Fraction(1, 2 * 10**places) and places < diff_changes.MOST_PLACES:
        places += 1
    return ("+" if value > 0 else MINUS if value < 0 else "") + show(abs(value), places, diff.language)


def alone(diff: Difference, item: Item) -> str:
    """Which causes would move a level or a rank alone; empty where that is not known."""
    move = _move(diff.causes.get(item.framework_id), item)
    if move is None:
        return ""
    named = causes_alone(diff, item)
    key = "alone_none" if not move.alone else "alone_one" if len(move.alone) == 1 else "alone"
    return say(diff, key, causes=named)


def causes_alone(diff: Difference, item: Item) -> str:
    """The names of those causes; a dash where there are none."""
    move = _move(diff.causes.get(item.framework_id), item)
    return (", ".join(cause(diff, name) for name in move.alone) if move else "") or DASH


def notes(diff: Difference) -> list[str]:
    """What a reader must know first: causes at all, units formed since, bridges, units of one side only."""
    return [
        each for part in (_causes(diff), _spoken(diff), _bridges(diff), _formed(diff), _once(diff)) for each in part
    ]


def _causes(diff: Difference) -> Iterable[str]:
    changed = list(dict.fromkeys(name for each in diff.causes.values() for name in each.changed))
    if changed:
        yield say(diff, "changed", causes=", ".join(cause(diff, name) for name in changed))
        yield say(diff, "order")
    elif diff.causes:
        yield say(diff, "changed_none")
    yield from dict.fromkeys(diff.unsplit.values())


def _spoken(diff: Difference) -> Iterable[str]:
    if diff.earlier.evidence.printed != diff.later.evidence.printed:
        yield say(diff, "other_language")


def _bridges(diff: Difference) -> Iterable[str]:
    root = Edition(diff.later.edition.name).root
    for each in diff.matched:
        file = bridges.path(root, each.earlier_id, each.framework_id)
        if each.bridge is not bridges.SAME:
            yield say(diff, "bridged", one=each.earlier_id, other=each.framework_id, file=file.as_posix())


def _formed(diff: Difference) -> Iterable[str]:
    for each in (formed for matched in diff.matched for formed in matched.formed):
        parts = ", ".join(diff.earlier.unit_name(part) for part in each.parts)
        yield say(diff, f"formed_{each.kind}", unit=diff.later.unit_name(each.unit.unit_id), parts=parts)


def _once(diff: Difference) -> Iterable[str]:
    new: list[str] = []
    gone: list[str] = []
    for each in diff.matched:
        for found, ids in zip((new, gone), diff_changes.units_once(diff.earlier, diff.later, each), strict=True):
            found += [unit(diff, unit_id) for unit_id in ids]
    if new:
        yield say(diff, "new_units", later=diff.later.name, units=", ".join(new))
    if gone:
        yield say(diff, "gone_units", earlier=diff.earlier.name, units=", ".join(gone))


def _move(found: Causes | None, item: Item) -> Move | None:
    wanted = (item.unit_id, item.kind, item.of)
    return next((each for each in found.moves if (each.unit_id, each.kind, each.of) == wanted), None) if found else None


def _schemes(diff: Difference, framework_id: str) -> dict[str, Levels]:
    framework = diff.later.framework(framework_id)
    return {key: scheme for scheme in framework.levels for key in schemes(scheme)}


def _ranking(diff: Difference, framework_id: str, ranking_id: str) -> Ranking | None:
    return next((each for each in diff.later.framework(framework_id).rankings if each.id == ranking_id), None)
