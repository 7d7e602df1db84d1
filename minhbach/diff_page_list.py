"""The list of all changes on the page of differences, each with links to where it stands on both sides."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from minhbach import diff_names, diff_words
from minhbach.diff import Difference
from minhbach.diff_changes import KINDS, Item
from minhbach.diff_places import FIGURE, Mark
from minhbach.diff_print import count
from minhbach.diff_text import Sentence

OPEN: Final = 40  # changes of a kind that are shown at once
SIDES: Final = ("before", "after")
Marked = Mapping[str, Sequence[Mark]]  # the marks of each side
Numbers = Mapping[str, Mapping[str, list[int]]]  # by side and key, which of its marks they are


def numbers(marked: Marked) -> Numbers:
    """The marks of each side by what they mark."""
    found: dict[str, dict[str, list[int]]] = {}
    for when in SIDES:
        known = found.setdefault(when, {})
        for place, mark in enumerate(marked[when]):
            known.setdefault(mark.key, []).append(place)
    return found


def key(item: Item) -> str:
    """The id of the fact that an item is about."""
    return item.of if item.kind == "fact" else f"{item.unit_id}/{item.of}"


def names(diff: Difference) -> dict[str, str]:
    """What each fact that differs is called."""
    return {key(item): _name(diff, item) for item in diff.items}


def _name(diff: Difference, item: Item) -> str:
    if item.kind == "fact":
        return diff_words.of(diff, item)
    return f"{diff_words.unit(diff, item.unit_id)} – {diff_words.of(diff, item)}"


def parts(diff: Difference, marked: Marked) -> Iterator[str]:
    """A part for each kind of change, the heaviest first; short ones are open."""
    known = numbers(marked)
    for kind in KINDS:
        yield _part(diff, kind, [_change(diff, each, marked, known) for each in diff.of(kind)])
    yield _part(diff, "sentence", [_sentence(each) for each in diff.sentences])
    yield _part(diff, "figure", [_figure(diff, each.label, marked, known) for each in diff.figures])


def _part(diff: Difference, kind: str, entries: Sequence[str]) -> str:
    if not entries:
        return ""
    heading = _say(diff, f"{kind}s", count=count(diff, kind))
    opened = " open" if len(entries) <= OPEN else ""
    listed = "\n".join(f"<li>{each}</li>" for each in entries)
    return f"<details{opened}>\n<summary>{heading}</summary>\n<ul>\n{listed}\n</ul>\n</details>"


def _change(diff: Difference, item: Item, marked: Marked, known: Numbers) -> str:
    before, after = (html.escape(each) for each in diff_words.values(diff, item))
    said = f"{html.escape(_name(diff, item))}: <del>{before}</del> → <ins>{after}</ins>"
    return f"{said} {_links(diff, key(item), marked, known)}"


def _sentence(of: Sentence) -> str:
    lines = [f"<strong>{html.escape(of.section or diff_words.DASH)}</strong>"]
    lines += [f"<del>{html.escape(of.before)}</del>"] if of.before else []
    lines += [f"<ins>{html.escape(of.after)}</ins>"] if of.after else []
    return "<br>".join(lines)


def _figure(diff: Difference, label: str, marked: Marked, known: Numbers) -> str:
    found = next(each for each in diff.figures if each.label == label)
    rows = {"changed": found.changed, "new": found.new, "gone": found.gone}
    said = _say(diff, "figure", label=diff_names.figure(diff, label), **rows)
    return f"{said} {_links(diff, FIGURE + label, marked, known)}"


def _links(diff: Difference, of: str, marked: Marked, known: Numbers) -> str:
    """The pages on which it stands on each side, with links; words where it stands on none."""
    said = []
    for when in SIDES:
        first: dict[int, int] = {}
        for place in known[when].get(of, ()):
            first.setdefault(marked[when][place].page, place)
        links = ", ".join(f'<a href="#{when}-{place}">{page}</a>' for page, place in first.items())
        said += [f"{_say(diff, f'page_on_{when}')} {links}"] if links else []
    return f'<span class="where">({"; ".join(said) or _say(diff, "page_nowhere")})</span>'


def _say(diff: Difference, key: str, **details: object) -> str:
    return html.escape(diff_words.say(diff, key, **details))
