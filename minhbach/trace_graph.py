"""The steps from a printed number back to a cell, as a frozen tree: what `trace` shows and audit pages will show.

The kinds of step, from the page to the file:

- printed (a number as a reader sees it), fact (its exact value), query (the SQL of a fact about many units), row;
- level, condition (one threshold), rank, points, share, formula (the worked line), group (a best or worst value);
- comparison, finding, receipt, confirmation;
- answer (a validated value), correction, conversion (from the text to the value), cell (as typed), file (SHA-256);
- setting (a line of a framework or of assessment.yaml), source (what a fact's own words name, when nothing else does).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

AGREES, DIFFERS = "agrees", "differs"


@dataclass(frozen=True)
class Step:
    """One step: `text` for a reader, `value` exact; `check` is agrees, differs, or empty where nothing is recomputed.

    `id` is the reference that `trace` takes (a fact, `unit/node`, a cell's address), a file, or a file and its line.
    `note` says what differs; `children` is what the step rests on.
    """

    kind: str
    id: str
    text: str
    value: str = ""
    check: str = ""
    note: str = ""
    children: tuple[Step, ...] = ()


def checked(holds: bool) -> str:
    """The word for a check."""
    return AGREES if holds else DIFFERS


def walk(step: Step) -> Iterator[Step]:
    """The step and everything below it, in reading order."""
    yield step
    for child in step.children:
        yield from walk(child)


def differences(step: Step) -> tuple[Step, ...]:
    """The steps that do not hold, each once."""
    found = {(each.kind, each.id, each.note): each for each in walk(step) if each.check == DIFFERS}
    return tuple(found.values())


def as_json(step: Step) -> dict[str, Any]:
    """The step as plain values; every key is always there."""
    return {
        "kind": step.kind,
        "id": step.id,
        "text": step.text,
        "value": step.value,
        "check": step.check,
        "note": step.note,
        "children": [as_json(child) for child in step.children],
    }
