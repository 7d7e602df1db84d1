"""Pieces of Markdown that both engines understand; text from outside goes through `escape`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

KEPT_SPACES = "\u00a0\u202f"
HIDDEN_CATEGORIES = ("Cc", "Cs")
TURNING_MARKS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
# Comma and slash mean nothing to Pandoc; all other ASCII punctuation may, in some place or extension.
PUNCTUATION = re.compile(r"[!-+\-.:-@\[-`{-~]")

ALIGN = {"l": ":{}", "r": "{}:", "c": ":{}:"}


def table(
    label: str,
    caption: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    align: str,
    widths: Sequence[int],
) -> str:
    """A pipe table in a cross-reference div; `widths` are relative widths, `align` one of l, r, c per column."""
    rule = [ALIGN[side].format("-" * max(3, width)) for side, width in zip(align, widths, strict=True)]
    lines = [header, rule, *rows]
    body = "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
    return f"::: {{#tbl-{label}}}\n\n{body}\n\n{caption}\n\n:::\n"


def figure(label: str, caption: str, file: str, alternative: str) -> str:
    """A figure with caption and alternative text."""
    quoted = alternative.replace("\\", "\\\\").replace('"', '\\"')
    return f'![{caption}]({file}){{#fig-{label} fig-alt="{quoted}"}}\n'


def bullets(items: Sequence[str]) -> str:
    """A list; nothing when there are no items."""
    return "\n".join(f"- {item}" for item in items) + "\n" if items else ""


def numbered(items: Sequence[str]) -> str:
    """A numbered list."""
    return "\n".join(f"{place}. {item}" for place, item in enumerate(items, start=1)) + "\n"


def paragraphs(*parts: str) -> str:
    """Parts with a blank line between them; empty parts are dropped."""
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def escape(text: str) -> str:
    """One line of text that Pandoc prints as it is, in a paragraph or in a cell of a pipe table."""
    return PUNCTUATION.sub(r"\\\g<0>", on_one_line(text).strip(" "))


@lru_cache(maxsize=50_000)
def on_one_line(text: str) -> str:
    """Text as it may be printed.

    White space of any kind becomes one space (no-break spaces stay). Control characters and marks that turn
    the reading direction are dropped, because they could show another number than the one that stands there.
    """
    return re.sub(r" +", " ", "".join(_visible(character) for character in text))


def _visible(character: str) -> str:
    """The character, a space for white space, or nothing for what must not be printed."""
    if character.isspace() and character not in KEPT_SPACES:
        return " "
    if unicodedata.category(character) in HIDDEN_CATEGORIES or character in TURNING_MARKS:
        return ""
    return character


def declared(text: str) -> str:
    """Text that may contain numerals by its nature: names of decisions, dates, the framework's own words."""
    return f"[{escape(text)}]{{.declared}}"


def named(text: str) -> str:
    """A name: text that may hold a numeral ("Phường 12"), and is declared where it does."""
    return declared(text) if has_numeral(text) else escape(text)


def has_numeral(text: str) -> bool:
    """Whether a text has a digit or another sign for a number."""
    return any(map(str.isnumeric, text))
