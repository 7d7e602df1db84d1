"""Local adaptation (Decision 2392/QĐ-BTTTT, Article 4.1): a framework as its parent plus changes, all listed.

Changes are merged into the parent's content before it is checked. Mappings merge key by key, and an empty value (`~`)
drops a key; lists of parts with an id merge by id, and `drop: true` drops a part; everything else is replaced.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from minhbach.errors import FileError, Problem
from minhbach.shapes import suggestion
from minhbach.yamlfile import Path_, YamlFile

REPLACED = ("bands", "order", "label", "labels", "title", "note", "message", "source", "conditions")
NOT_COMPARED = ("id", "extends", "revision", "title", "note", "source")


@dataclass(frozen=True)
class Difference:
    """One change from the parent: `before` is empty for what was added, `after` for what was dropped."""

    element: str
    key: str
    before: str
    after: str


def merge(parent: YamlFile, child: YamlFile) -> YamlFile:
    """The parent's content with the child's changes, with the child's lines.

    Raises:
        FileError: for everything that is dropped but does not exist.
    """
    merger = _Merger(child)
    content = merger.mapping(parent.content, child.content, (), ())
    if merger.problems:
        raise FileError(child.name, merger.problems)
    return YamlFile(child.name, content, merger.lines)


def differences(parent: Any, child: Any) -> list[Difference]:
    """What differs between two frameworks' contents, element by element, in the order of the child."""
    before, after = dict(_flat(parent)), dict(_flat(child))
    rows = []
    for key in [*after, *(key for key in before if key not in after)]:
        if before.get(key) != after.get(key):
            element, _, inner = key.partition(":")
            rows.append(Difference(element, inner, before.get(key, ""), after.get(key, "")))
    return rows


def _flat(content: Any) -> Iterator[tuple[str, str]]:
    for top, value in content.items():
        if top in NOT_COMPARED:
            continue
        for name, part in _named(value):
            element = f"{top}.{name}" if name else top
            if not isinstance(part, dict):
                yield f"{element}:", _text(part)
                continue
            for key, inner in part.items():
                if key != "id":
                    yield f"{element}:{key}", _text(inner)


def _named(value: Any) -> Iterator[tuple[str, Any]]:
    """The parts of a mapping or of a list with ids, by name; anything else as it is."""
    if isinstance(value, dict):
        yield from value.items()
    elif _has_ids(value):
        yield from ((str(part["id"]), part) for part in value)
    else:
        yield "", value


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_text(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_text(inner) for inner in value)
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def _has_ids(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(part, dict) and "id" in part for part in value)


class _Merger:
    """Merges two contents; keeps the child's line for every place that the child touches."""

    def __init__(self, child: YamlFile) -> None:
        self.child = child
        self.lines: dict[Path_, int] = {(): 1}
        self.problems: list[Problem] = []

    def value(self, old: Any, new: Any, place: Path_, source: Path_) -> Any:
        self.lines[place] = self.child.line(source)
        if isinstance(old, dict) and isinstance(new, dict) and (not place or place[-1] not in REPLACED):
            return self.mapping(old, new, place, source)
        if _has_ids(new) and (_has_ids(old) or old is None):
            return self.parts(old or [], new, place, source)
        self.keep_lines(place, source)
        return new

    def keep_lines(self, place: Path_, source: Path_) -> None:
        for known, line in self.child.lines.items():
            if known[: len(source)] == source:
                self.lines[(*place, *known[len(source) :])] = line

    def mapping(self, old: dict[str, Any], new: dict[str, Any], place: Path_, source: Path_) -> dict[str, Any]:
        merged = dict(old)
        for key, value in new.items():
            inner, origin = (*place, key), (*source, key)
            if value is not None:
                merged[key] = self.value(merged.get(key), value, inner, origin)
            elif key in merged:
                del merged[key]
            else:
                self.missing(key, merged, origin)
        return merged

    def parts(self, old: list[Any], new: list[Any], place: Path_, source: Path_) -> list[Any]:
        merged = {part["id"]: part for part in old}
        origins: dict[str, Path_] = {}
        for index, part in enumerate(new):
            name, origin = part["id"], (*source, index)
            if not part.get("drop"):
                origins[name] = origin
                merged[name] = {**merged.get(name, {}), **part}
            elif merged.pop(name, None) is None:
                self.missing(name, merged, origin)
        for index, name in enumerate(merged):
            if name in origins:
                self.keep_lines((*place, index), origins[name])
        return list(merged.values())

    def missing(self, name: str, known: dict[str, Any], origin: Path_) -> None:
        message = f"there is no {name!r} to drop; {suggestion(str(name), known) or 'take the line out.'}"
        self.problems.append(Problem(self.child.line(origin), ".".join(map(str, origin)), message))
