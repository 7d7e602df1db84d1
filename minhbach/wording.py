"""The sentences people read, in Vietnamese and English, from `wording/*.vi.yaml` and `wording/*.en.yaml`.

Each file maps a key to one sentence; `{name}` stands for a detail. Nothing in a sentence is evaluated.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from minhbach import yamlfile
from minhbach.errors import FileError, Problem

FOLDER = Path(__file__).parent / "wording"


def say(key: str, language: str, **details: object) -> str:
    """The sentence of `key` with its details filled in; KeyError if the key or a detail is not there."""
    return sentences("en" if language == "en" else "vi")[key].format_map(details)


def say_date(iso: str, language: str) -> str:
    """A date such as 2017-12-25 as a reader writes it; anything else stays as it is."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.day} {day:%B} {day.year}" if language == "en" else f"{day.day:02d}/{day.month:02d}/{day.year}"


@cache
def sentences(language: str) -> Mapping[str, str]:
    """All sentences of a language; FileError names keys in two files, and anything but plain fields."""
    merged: dict[str, str] = {}
    for path in sorted(FOLDER.glob(f"*.{language}.yaml")):
        document = yamlfile.load(path)
        content = document.content if isinstance(document.content, dict) else {}
        problems = [
            Problem(document.line((key,)), key, fault)
            for key, sentence in content.items()
            if (fault := "stands in another wording file too." if key in merged else _fault(sentence))
        ]
        if problems:
            raise FileError(f"wording/{path.name}", problems)
        merged.update(content)
    return merged


def _fault(sentence: object) -> str:
    """What is wrong with a sentence; an empty text if nothing is."""
    if not isinstance(sentence, str):
        return "must be a text."
    try:
        fields = [part[1:] for part in string.Formatter().parse(sentence) if part[1] is not None]
    except ValueError as error:
        return f"has a stray brace: {error}."
    if all(name and name.isidentifier() and not form and not conversion for name, form, conversion in fields):
        return ""
    return "may only have plain fields such as {value}."
