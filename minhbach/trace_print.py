"""A chain as plain text of 80 columns: as much of it as one screen holds, with one path followed to its cell."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from minhbach.findings import visible
from minhbach.trace_evidence import Evidence
from minhbach.trace_find import Listed
from minhbach.trace_graph import AGREES, DIFFERS, Step, differences, walk
from minhbach.trace_places import cut

WIDTH, SCREEN = 80, 46
STEEP, DEEPEST = 4, 14  # two columns a step at first, then one: a SHA-256 of 64 digits must fit behind it
MOST_IDS = 3
NO_REFERENCE = ("formula", "condition", "setting", "file", "cell", "conversion")
SIGNS = {AGREES: "✓", DIFFERS: "✗", "": "·"}
WEIGHTS = {"file": 1, "cell": 1, "conversion": 2, "correction": 4}
WHOLE = ("answer", "setting", "receipt")
Path = tuple[int, ...]


def chain(evidence: Evidence, top: Step, depth: int | None) -> str:
    """The chain of a number; without a depth, as much as one screen holds."""
    shown = _to_depth(top, depth) if depth is not None else _to_screen(top)
    body = list(_lines(evidence, top, (), shown))
    return "\n".join([*body, *verdict(evidence, top)])


def listed(evidence: Evidence, found: Listed, heading: str) -> str:
    """The facts of a table, figure or page, one a line."""
    rows = [evidence.say("list_row", shown=cut(row["shown"]), fact=row["fact_id"]) for row in found.rows]
    wrapped = [
        line for row in rows for line in textwrap.wrap(row, WIDTH, initial_indent="  ", subsequent_indent="    ")
    ]
    return "\n".join([*textwrap.wrap(heading, WIDTH), *wrapped])


def verdict(evidence: Evidence, top: Step) -> list[str]:
    """The last lines: how many steps were computed again and agree, or each that does not."""
    wrong = differences(top)
    if not wrong:
        count = sum(step.check == AGREES for step in walk(top))
        return textwrap.wrap(evidence.say("all_agree", count=count), WIDTH) if count else []
    told = [evidence.say("differs_at", id=step.id, note=step.note) for step in wrong]
    lines = [part for each in told for part in _wrapped(f"✗ {each}", "  ", "    ")]
    return [evidence.say("some_differ", count=len(wrong)), *lines]


def _to_depth(top: Step, depth: int) -> set[Path]:
    return {path for path, _ in _paths(top) if len(path) <= depth}


def _to_screen(top: Step) -> set[Path]:
    """The followed path first, then step by step from the top, as long as they fit on the screen."""
    by_path = dict(_paths(top))
    shown = _followed(top)
    hidden = {path: len(by_path[path].children) for path in by_path}
    lines = 0
    for path in shown:
        lines += len(_step_lines(by_path[path], len(path)))
        if path:
            hidden[path[:-1]] -= 1
    lines += sum(1 for path in shown if hidden[path])
    for path in sorted(by_path, key=lambda each: (len(each), each)):
        if path in shown or path[:-1] not in shown:
            continue
        own = len(_step_lines(by_path[path], len(path))) + bool(by_path[path].children)
        own -= hidden[path[:-1]] == 1
        if lines + own <= SCREEN:
            shown.add(path)
            lines += own
            hidden[path[:-1]] -= 1
    return shown


def _followed(top: Step) -> set[Path]:
    """The path to the answer that has most to tell, with the worked lines on the way and all that is below it.

    Most has one that differs, then one that was corrected, then one that was converted, then the first.
    """
    best: tuple[int, Path] = (0, ())
    by_path = dict(_paths(top))
    for path, step in by_path.items():
        weight = 8 if step.check == DIFFERS else WEIGHTS.get(step.kind, 0)
        if weight > best[0]:
            best = (weight, path)
    path = best[1]
    while by_path[path].children and by_path[path].kind not in WHOLE:
        path = (*path, 0)
    whole = next((path[:length] for length in range(len(path)) if by_path[path[:length]].kind in WHOLE), path)
    above = {path[:length] for length in range(len(path) + 1)}
    lines = {each for each in by_path if each[:-1] in above and by_path[each].kind == "formula"}
    return above | lines | {each for each in by_path if each[: len(whole)] == whole}


def _paths(step: Step, path: Path = ()) -> Iterator[tuple[Path, Step]]:
    yield path, step
    for place, child in enumerate(step.children):
        yield from _paths(child, (*path, place))


def _lines(evidence: Evidence, step: Step, path: Path, shown: set[Path]) -> Iterator[str]:
    yield from _step_lines(step, len(path))
    here = [place for place in range(len(step.children)) if (*path, place) in shown]
    for place in here:
        yield from _lines(evidence, step.children[place], (*path, place), shown)
    left = [child for place, child in enumerate(step.children) if place not in here]
    if left:
        yield from _more(evidence, left, len(path) + 1)


def _more(evidence: Evidence, left: list[Step], depth: int) -> list[str]:
    """One line for the steps that are not shown, with as many references as it holds."""
    ids = list(dict.fromkeys(step.id for step in left if "/" in step.id and step.kind not in NO_REFERENCE))
    for count in range(min(len(ids), MOST_IDS), 0, -1):
        named = ", ".join([*ids[:count], *(["…"] if len(ids) > count else [])])
        text = evidence.say("more", count=len(left), ids=named, depth=depth)
        if len(lines := _wrapped(text, _indent(depth), "")) == 1:
            return lines
    return _wrapped(evidence.say("more_steps", count=len(left), depth=depth), _indent(depth), "")


def _step_lines(step: Step, depth: int) -> list[str]:
    text = f"{SIGNS[step.check]} {step.text}" + (f" ({step.note})" if step.note else "")
    return _wrapped(text, _indent(depth), _indent(depth) + "  ")


def _wrapped(text: str, first: str, later: str) -> list[str]:
    plain = " ".join(visible(part) for part in text.split())
    return textwrap.wrap(plain, WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False) or [first]


def _indent(depth: int) -> str:
    return " " * min(depth + min(depth, STEEP), DEEPEST)
