"""Every fact of a ledger is shown as its value is: rounded as it declares, or with all its digits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache

from minhbach import closed_signs, wording
from minhbach.closed_faults import Fault
from minhbach.facts import Fact
from minhbach.numbers import MODES, from_text, read_number, show


def faults(facts: Iterable[Fact], document: str, language: str) -> Iterator[Fault]:
    """Facts that are shown otherwise; `document` is the file that has them."""
    for fact in facts:
        expected = _expected(fact.value, fact.shown, fact.decimals, fact.rounding, language)
        if fact.language != language:
            expected = f"{fact.shown} ({language})"
        if expected is not None and expected != fact.shown:
            details = {"fact": fact.fact_id, "value": fact.value, "shown": fact.shown, "expected": expected}
            rounding = {"decimals": fact.decimals or "–", "rounding": fact.rounding or "–"}
            yield Fault("fact", document=document, **details, **rounding)


@lru_cache(maxsize=4096)
def _expected(value: str, shown: str, decimals: str, rounding: str, language: str) -> str | None:
    """What a fact has to show; nothing where words, which may be the framework's, stand for a value."""
    exact = _number(value)
    if decimals or rounding:
        if exact is None or not decimals.isdecimal() or rounding not in MODES:
            return "–"
        return show(exact, int(decimals), language, rounding)
    if exact is None and (day := wording.say_date(value, language)) != value:
        return day
    if any(map(str.isalpha, shown)) or not closed_signs.numerals(shown):
        return None
    read = read_number(shown, "." if language == "en" else ",")
    return None if exact is not None and read.value == exact else value


def _number(text: str) -> Fraction | None:
    try:
        return from_text(text)
    except ValueError:
        return None
