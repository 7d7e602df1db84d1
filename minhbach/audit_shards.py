"""Steps of chains as data files of a page: each step stands once, in the file of its unit, and names those below it.

A file is a call `minhbach.add(name, {facts, refs, steps})`. A step is `[kind, id, text, below, check, note]` without
empty ends; `below` is a list of places: `7` and `"7-9"` in the same file, `"rows/0:7"` and `"rows/0:7-9"` in another.
`facts` maps the id of a printed number to `[place, as shown, cell of the report's notebook]`; `refs` maps other
references that `trace` takes to places.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from minhbach.trace_graph import Step

MOST = 2000  # steps in a file of rows, which a browser reads in a few milliseconds
Place = tuple[str, int]
LEAVES = {"row": "rows", "file": "files"}


class Shards:
    """The files of steps; `home_of` names the file of a unit by a reference, empty where it is of no unit."""

    def __init__(self, home_of: Callable[[str], str]) -> None:
        self.home_of = home_of
        self.steps: dict[str, list[list[Any]]] = {}
        self.facts: dict[str, dict[str, list[Any]]] = {}
        self.refs: dict[str, dict[str, int]] = {}
        self._places: dict[int, Place] = {}
        self._leaves: dict[tuple[str, ...], Place] = {}
        self._kept: list[Step] = []

    def fact(self, step: Step, shown: str, cell: str) -> None:
        """Adds the chain of a printed number."""
        home, place = self.place(step, self.home_of(step.id) or "all")
        self.facts.setdefault(home, {})[step.id] = [place, shown, *([cell] if cell else [])]

    def reference(self, step: Step) -> None:
        """Adds the chain of a value that is not printed itself."""
        home, place = self.place(step, self.home_of(step.id) or "all")
        self.refs.setdefault(home, {}).setdefault(step.id, place)

    def place(self, step: Step, parent: str) -> Place:
        """Where a step stands; it is added if it is new, to the file of the step above if it is of no unit."""
        known = self._places.get(id(step))
        if known is None:
            known = self._places[id(step)] = self._leaf(step) if step.kind in LEAVES else self._add(step, parent)
            self._kept.append(step)  # so that no other step gets its id
        return known

    def _leaf(self, step: Step) -> Place:
        key = (step.kind, step.id, step.text, step.check, step.note)
        if key not in self._leaves:
            name, number = LEAVES[step.kind], 0
            while len(self.steps.get(f"{name}/{number}", ())) >= MOST:
                number += 1
            self._leaves[key] = self._append(f"{name}/{number}", step, [])
        return self._leaves[key]

    def _add(self, step: Step, parent: str) -> Place:
        home = self.home_of(step.id) or parent
        below = list(references(home, [self.place(child, home) for child in step.children]))
        return self._append(home, step, below)

    def _append(self, home: str, step: Step, below: list[int | str]) -> Place:
        steps = self.steps.setdefault(home, [])
        parts: list[Any] = [step.kind, step.id, step.text, below, step.check, step.note]
        while not parts[-1]:
            parts.pop()
        steps.append(parts)
        return home, len(steps) - 1

    def write(self, folder: Path) -> None:
        """Writes a file for each part of the steps, with names in order."""
        for home in sorted({*self.steps, *self.facts}):
            content = {
                "facts": dict(sorted(self.facts.get(home, {}).items())),
                "refs": dict(sorted(self.refs.get(home, {}).items())),
            }
            lines = ",\n".join(compact(step) for step in self.steps.get(home, ()))
            text = f'minhbach.add({compact(home)}, {compact(content)[:-1]},"steps":[\n{lines}\n]}});\n'
            path = folder / f"{home}.js"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")


def references(home: str, places: Sequence[Place]) -> Iterator[int | str]:
    """Places as a step of the file `home` names them; those that follow each other as one range."""
    start = 0
    while start < len(places):
        name, first = places[start]
        end = start
        while end + 1 < len(places) and places[end + 1] == (name, places[end][1] + 1):
            end += 1
        prefix = "" if name == home else f"{name}:"
        if end > start:
            yield f"{prefix}{first}-{places[end][1]}"
        else:
            yield f"{prefix}{first}" if prefix else first
        start = end + 1


def compact(content: object) -> str:
    """JSON that may stand in a script: no line that a script would end at."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("</", "<\\/")
