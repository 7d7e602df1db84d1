"""What a printed fact shows, in the language in which versions are compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from minhbach.corrections_words import number_words, value_words
from minhbach.diff_side import Side
from minhbach.findings import visible
from minhbach.framework import Framework
from minhbach.levels import schemes
from minhbach.numbers import from_text, show
from minhbach.results import level_words

DASH: Final = "–"


def fact(side: Side, fact_id: str, language: str) -> str:
    """A fact as a report in this language shows it; empty where the side prints none."""
    row = side.facts.get(fact_id)
    if row is None or row["language"] == language:
        return row["shown"] if row else ""
    if row["decimals"]:
        return show(from_text(row["value"]), int(row["decimals"]), language, row["rounding"] or "half_up")
    return words(side, row, language)


def words(side: Side, row: Mapping[str, str], language: str) -> str:
    """What a fact without decimals shows; said again where the side prints it in another language only."""
    if row["language"] == language:
        return row["shown"]
    unit_id, _, name = row["fact_id"].partition("/")
    for framework_id in side.framework_ids if side.evidence.units.get(unit_id) else ():
        framework = side.framework(framework_id)
        if row["kind"] == "answer" and name in framework.fields:
            return visible(value_words(row["value"], framework.fields[name], language))
        if row["kind"] == "level" and row["shown"] != DASH:
            return level(framework, name.removesuffix(".received"), row["value"], language)
    return number_words(from_text(row["value"]), language) if _is_number(row) else row["shown"]


def level(framework: Framework, key: str, value: str, language: str) -> str:
    """A level in words."""
    scheme = next((each for each in framework.levels if key in schemes(each)), None)
    return level_words(scheme, value, language) if scheme else value


def _is_number(row: Mapping[str, str]) -> bool:
    try:
        from_text(row["value"])
    except ValueError:
        return False
    return not any(map(str.isalpha, row["shown"]))
