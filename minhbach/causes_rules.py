"""A framework as data, apart from the edition's own changes, so that one side's method can meet the other's settings.

The method is the content of the framework's files. Settings are an edition's `override`, `rounding`, `best_within`,
and how a ranking breaks ties, groups and rounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from minhbach import framework_check, framework_extend, shapes
from minhbach.errors import FileError
from minhbach.framework import Framework
from minhbach.model import FrameworkFile, Ranking
from minhbach.yamlfile import YamlFile

BY_NODE = "first by "
SETTINGS = ("rounding", "best_within")
WORDS = ("id", "extends", "revision", "title", "source", "note", "basis")
OF_RANKING = ("ties", "decimals", "within")
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Rules:
    """The content of a framework with what it extends, and an edition's own changes to it (None: there are none)."""

    name: str
    content: Mapping[str, Any]
    override: Mapping[str, Any] | None = None


def combined(method: Rules, settings: Rules, rankings: Mapping[str, str] = NOTHING) -> Framework:
    """The method of one side under the settings of another; `rankings` are the method's ids, each with the other's.

    Settings that the method does not know (an override or a tie-breaking node of another tree) stay those of the
    method's own side.

    Raises:
        FileError: the method itself has mistakes.
    """
    own = _whole(method)
    if settings == method:
        return _checked(own, method.name)
    try:
        there = _whole(settings)
        moved = _whole(Rules(method.name, method.content, settings.override))
        return _checked(_under(moved, there, rankings), method.name)
    except FileError:
        return _checked(_under(own, there, rankings), method.name)


def _whole(rules: Rules) -> FrameworkFile:
    """The framework as its files and the override say it."""
    document = YamlFile(rules.name, dict(rules.content), {})
    if rules.override is not None:
        document = framework_extend.merge(document, YamlFile(rules.name, dict(rules.override), {}))
    return shapes.read(FrameworkFile, document)


def _under(method: FrameworkFile, settings: FrameworkFile, names: Mapping[str, str]) -> FrameworkFile:
    """The method with the rounding, groups and ties of other settings."""
    known = {each.id: each for each in settings.rankings}
    rankings = tuple(_ranking(method, each, known.get(names.get(each.id, each.id))) for each in method.rankings)
    changed = {"rounding": settings.rounding, "rankings": rankings, "best_within": settings.best_within}
    return method.model_copy(update=changed)


def _ranking(method: FrameworkFile, own: Ranking, other: Ranking | None) -> Ranking:
    if other is None:
        return own
    breaks = other.ties.removeprefix(BY_NODE) if other.ties.startswith(BY_NODE) else ""
    ties = own.ties if breaks and breaks not in method.nodes else other.ties
    return own.model_copy(update={"ties": ties, "decimals": other.decimals, "within": other.within})


def _checked(spec: FrameworkFile, name: str) -> Framework:
    parsed = framework_check.check(spec, lambda _: 1)
    if parsed.problems:
        raise FileError(name, list(parsed.problems))
    return Framework(spec, parsed.formulas, parsed.conditions, parsed.checks, parsed.order, name)


def method_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """What of a framework's content is method: neither settings nor words about the whole."""
    kept = {name: part for name, part in content.items() if name not in (*SETTINGS, *WORDS)}
    rankings = [{name: part for name, part in each.items() if name not in OF_RANKING} for each in _rankings(content)]
    return {**kept, "rankings": rankings}


def settings_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """What of a framework's content is a setting; `{}` for rankings that leave all settings at their defaults."""
    rankings = {
        str(each["id"]): {name: part for name, part in each.items() if name in OF_RANKING}
        for each in _rankings(content)
    }
    return {**{name: content.get(name) for name in SETTINGS}, "rankings": rankings}


def _rankings(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(content.get("rankings") or [])
