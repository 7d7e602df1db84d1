"""Every fact of a ledger is shown as its value is: rounded as it declares, or with all its digits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from minhbach import wording
from minhbach.closed_faults import Fault
from minhbach.facts import Fact
from minhbach.numbers import MODES, from_text, read_number, show


def faults(facts: Iterable[Fact], document: str, language: str) -> Iterator[Fault]:
    """Facts that are shown otherwise; `document` is the file that has them."""
    for fact in facts:
        expected = _expected(fact, language)
        if expected is not None and expected != fact.shown:
            details = {"fact": fact.fact_id, "value": fact.value, "shown": fact.shown, "expected": expected}
            rounding = {"decimals": fact.decimals or "–", "rounding": fact.rounding or "–"}
            yield Fault("fact", document=document, **details, **rounding)


def _expected(fact: Fact, language: str) -> str | None:
    """What a fact has to show; nothing where words stand for a value."""
    if fact.language != language:
        return f"{fact.shown} ({language})"
    value = _number(fact.value)
    if fact.decimals or fact.rounding:
        if value is None or not fact.decimals.isdecimal() or fact.rounding not in MODES:
            return "–"
        return show(value, int(fact.decimals), language, fact.rounding)
    if value is None:
        day = wording.say_date(fact.value, language)
        return day if day != fact.value else None
    read = read_number(fact.shown, "." if language == "en" else ",")
    return None if read.value in (value, None) else fact.value


def _number(text: str) -> Fraction | None:
    try:
        return from_text(text)
    except ValueError:
        return None
