"""The difference as Markdown for a notice: everything that changed, in tables, and the split of scores by cause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from minhbach import diff_names, diff_words
from minhbach.causes import CAUSES, INTERACTION
from minhbach.diff import Difference
from minhbach.diff_changes import KINDS, Item
from minhbach.diff_print import count
from minhbach.markdown import bullets, escape, paragraphs


def document(diff: Difference) -> str:
    """The whole difference, complete, the heaviest changes first."""
    if diff.same:
        said = diff_words.say(diff, "same", earlier=diff.earlier.name, later=diff.later.name)
        return paragraphs(f"# {escape(diff_words.title(diff))}", escape(said))
    parts = [f"# {escape(diff_words.title(diff))}", *(escape(each) for each in diff_words.notes(diff))]
    for kind in KINDS:
        parts += [_heading(diff, kind), _table(diff, kind, diff.of(kind))] if diff.of(kind) else []
    parts += [_heading(diff, "sentence"), *_sentences(diff)] if diff.sentences else []
    parts += [_heading(diff, "figure"), bullets(list(_figures(diff)))] if diff.figures else []
    return paragraphs(*parts)


def _heading(diff: Difference, kind: str) -> str:
    return f"## {escape(diff_words.say(diff, f'{kind}s', count=count(diff, kind)))}"


def _table(diff: Difference, kind: str, items: Sequence[Item]) -> str:
    columns = ["fact"] if kind == "fact" else ["unit", "of"]
    columns += ["before", "after", *(["change"] if kind == "total" else ["alone"] if kind in ("level", "rank") else [])]
    header = [diff_words.say(diff, f"col_{each}") for each in columns]
    causes = [*CAUSES, INTERACTION] if kind == "total" and diff.causes else []
    header += [diff_words.cause(diff, name) for name in causes]
    rows = [_row(diff, item, causes) for item in items]
    left = 1 if kind == "fact" else 2
    rule = [":---"] * left + (
        ["---:"] * (len(header) - left) if kind in ("total", "fact") else ["---"] * (len(header) - left)
    )
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (list(map(escape, header)), rule, *rows))


def _row(diff: Difference, item: Item, causes: Sequence[str]) -> list[str]:
    before, after = diff_words.values(diff, item)
    if item.kind == "fact":
        return [escape(each) for each in (diff_words.of(diff, item), before, after)]
    cells = [diff_words.unit(diff, item.unit_id), diff_words.of(diff, item), before, after]
    if item.kind != "total":
        return [escape(each) for each in (*cells, diff_words.causes_alone(diff, item))]
    return [escape(each) for each in (*cells, *_effects(diff, item, causes))]


def _effects(diff: Difference, item: Item, causes: Sequence[str]) -> list[str]:
    """The change of the shown value, and its parts."""
    split = diff_words.split(diff, item)
    if split is None:
        return [diff_words.DASH] * (len(causes) + 1)
    parts = {**split.shown.effects, INTERACTION: split.shown.interaction}
    return [diff_words.effect(diff, item, each) for each in (split.shown.change, *(parts[name] for name in causes))]


def _sentences(diff: Difference) -> Iterator[str]:
    for each in diff.sentences:
        yield f"### {escape(each.section or diff_words.DASH)}"
        said = [("before", each.before), ("after", each.after)]
        lines = [f"**{escape(diff_words.say(diff, f'col_{when}'))}**: {escape(text)}" for when, text in said if text]
        yield bullets(lines)


def _figures(diff: Difference) -> Iterator[str]:
    for each in diff.figures:
        numbers = {"changed": each.changed, "new": each.new, "gone": each.gone}
        yield escape(diff_words.say(diff, "figure", label=diff_names.figure(diff, each.label), **numbers))
