"""The difference as plain text of 80 columns, the most important first, or as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any, Final

from minhbach import diff_names, diff_words
from minhbach.causes import INTERACTION, Split, Sum
from minhbach.diff import Difference
from minhbach.diff_changes import KINDS, Item
from minhbach.numbers import exact_text

FORMAT: Final = 1
WIDTH: Final = 80
MOST: Final = {"level": 40, "rank": 20, "total": 20, "fact": 12, "sentence": 8, "figure": 8}
LONGEST: Final = 300  # letters of a paragraph that are shown


def text(diff: Difference, files: Sequence[str] = ()) -> str:
    """The difference in words; `files` have all of it where this leaves something out."""
    if diff.same:
        return _wrapped(diff_words.say(diff, "same", earlier=diff.earlier.name, later=diff.later.name), "")
    blocks = [
        "\n".join([_wrapped(diff_words.title(diff), ""), *(_wrapped(each, "") for each in diff_words.notes(diff))])
    ]
    for kind in KINDS:
        blocks.append(_block(diff, kind, [_item(diff, each) for each in diff.of(kind)[: MOST[kind]]], files))
    blocks.append(_block(diff, "sentence", list(_sentences(diff)), files))
    blocks.append(_block(diff, "figure", list(_figures(diff)), files))
    return "\n\n".join(filter(None, blocks))


def count(diff: Difference, kind: str) -> int:
    """How many differences of a kind there are."""
    return {"sentence": len(diff.sentences), "figure": len(diff.figures)}.get(kind, len(diff.of(kind)))


def _block(diff: Difference, kind: str, lines: list[str], files: Sequence[str]) -> str:
    total = count(diff, kind)
    if not total:
        return ""
    left = max(total - MOST[kind], 0)
    where = diff_words.say(diff, "where", file=files[0]) if files else diff_words.say(diff, "where_none")
    more = [_wrapped(diff_words.say(diff, "more", count=left, where=where))] if left else []
    return "\n".join([diff_words.say(diff, f"{kind}s", count=total), *lines, *more])


def _item(diff: Difference, item: Item) -> str:
    before, after = diff_words.values(diff, item)
    if item.kind == "fact":
        return _wrapped(f"{diff_words.of(diff, item)}: {before} → {after}")
    name = f"{diff_words.unit(diff, item.unit_id)} – {diff_words.of(diff, item)}"
    values = f"{before} → {after}" if before != after else diff_words.say(diff, "same_shown", before=before)
    split = diff_words.split(diff, item) if item.kind == "total" else None
    why = diff_words.effects(diff, item, split) if split else diff_words.alone(diff, item)
    return _wrapped(f"{name}: {values}" + (f" ({why})" if why else ""))


def _sentences(diff: Difference) -> Iterator[str]:
    for each in diff.sentences[: MOST["sentence"]]:
        yield _wrapped(each.section or "–")
        for sign, said in (("-", each.before), ("+", each.after)):
            if said:
                yield _wrapped(f"{sign} {_short(said)}", "    ")


def _figures(diff: Difference) -> Iterator[str]:
    for each in diff.figures[: MOST["figure"]]:
        numbers = {"changed": each.changed, "new": each.new, "gone": each.gone}
        yield _wrapped(diff_words.say(diff, "figure", label=diff_names.figure(diff, each.label), **numbers))


def _short(said: str) -> str:
    return said if len(said) <= LONGEST else said[:LONGEST].rstrip() + "…"


def _wrapped(said: str, indent: str = "  ") -> str:
    return "\n".join(
        textwrap.wrap(said, WIDTH, initial_indent=indent, subsequent_indent=indent + "  " if indent else "")
    )


def as_json(diff: Difference) -> str:
    """The whole difference; keys are always there, numbers are exact texts."""
    content = {
        "format": FORMAT,
        "earlier": {"edition": diff.earlier.edition.name, "version": diff.earlier.evidence.folder.name},
        "later": {"edition": diff.later.edition.name, "version": diff.later.evidence.folder.name},
        "language": diff.language,
        "same": diff.same,
        "frameworks": [_framework(diff, each.framework_id, each.earlier_id) for each in diff.matched],
        "changes": [_change(diff, each) for each in diff.items],
        "sentences": [vars(each) for each in diff.sentences],
        "figures": [vars(each) for each in diff.figures],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _framework(diff: Difference, framework_id: str, earlier_id: str) -> dict[str, Any]:
    made = diff.causes.get(framework_id)
    return {
        "framework": framework_id,
        "compared_with": earlier_id,
        "changed": list(made.changed) if made else None,
        "not_split": diff.unsplit.get(framework_id, ""),
        "splits": [_split(each) for each in made.splits] if made else [],
    }


def _split(split: Split) -> dict[str, Any]:
    return {
        "unit_id": split.unit_id,
        "ranking": split.ranking,
        "exact": _sum(split.exact),
        "shown": _sum(split.shown),
    }


def _sum(parts: Sum) -> dict[str, str | None]:
    effects = {name: None if value is None else exact_text(value) for name, value in parts.effects.items()}
    ends = {"before": exact_text(parts.before), "after": exact_text(parts.after), "change": exact_text(parts.change)}
    return {**ends, **effects, INTERACTION: exact_text(parts.interaction)}


def _change(diff: Difference, item: Item) -> dict[str, Any]:
    before, after = diff_words.values(diff, item)
    said = {"kind": item.kind, "framework": item.framework_id, "unit_id": item.unit_id, "of": item.of}
    return {**said, "before": item.before, "after": item.after, "shown_before": before, "shown_after": after}
