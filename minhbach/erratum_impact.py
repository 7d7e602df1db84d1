"""What an erratum changes and how grave that is, by the rule that the edition has written down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from minhbach import diff_words, wording
from minhbach.assessment import Errata, Severity
from minhbach.diff import Difference
from minhbach.diff_changes import Item
from minhbach.diff_text import Sentence

KINDS: Final = ("level", "rank", "total", "number", "sentence", "figure")
LEDGER_KINDS: Final = ("correction", "received")  # facts: what an entry says, and results without the entries
LEDGER_COUNT: Final = "corrections.count"
LEDGER_SECTIONS: Final = ("h_verified", "anx_corrections")
LEDGER_SENTENCES: Final = ("corrections_none", "corrections_told")
DETAIL: Final = re.compile(r"\{\w+\}")


@dataclass(frozen=True)
class Impact:
    """The difference between the two versions, how many changes of each kind count, and the severity they reach.

    What only describes the ledger of corrections itself does not count, for every erratum changes it.
    """

    difference: Difference
    counts: Mapping[str, int]
    severity: Severity

    @property
    def reached(self) -> tuple[str, ...]:
        """The kinds of change by which the severity is reached; none for the last severity."""
        return tuple(kind for kind in self.severity.when if self.counts[kind])


def weighed(difference: Difference, rule: Errata) -> Impact:
    """The impact of a difference by a rule: the first severity of which a kind of change happened."""
    counts = {
        "level": len(difference.of("level")),
        "rank": len(difference.of("rank")),
        "total": len(totals(difference)),
        "number": len(numbers(difference)),
        "sentence": len(sentences(difference)),
        "figure": len(difference.figures),
    }
    met = (each for each in rule.severity if not each.when or any(counts[kind] for kind in each.when))
    return Impact(difference, counts, next(met))


def totals(difference: Difference) -> tuple[Item, ...]:
    """The ranked values that are shown otherwise."""
    values = ((each, diff_words.values(difference, each)) for each in difference.of("total"))
    return tuple(each for each, (before, after) in values if before != after)


def numbers(difference: Difference) -> tuple[Item, ...]:
    """The other printed facts that differ, about units and results."""
    return tuple(each for each in difference.of("fact") if not _is_ledgers(difference, each.of))


def _is_ledgers(difference: Difference, fact_id: str) -> bool:
    """Whether a fact only says what the ledger has, or what results were without it."""
    rows = (side.facts.get(fact_id, {}) for side in (difference.earlier, difference.later))
    return fact_id.endswith(f"/{LEDGER_COUNT}") or any(row.get("kind") in LEDGER_KINDS for row in rows)


def sentences(difference: Difference) -> tuple[Sentence, ...]:
    """The paragraphs that differ and say more than what the ledger has."""
    spoken = difference.later.evidence.printed
    headings = {wording.say(key, spoken) for key in LEDGER_SECTIONS}
    own = [_pattern(wording.sentences(spoken)[key]) for key in LEDGER_SENTENCES]

    def is_own(said: str) -> bool:
        return not said or any(each.fullmatch(said) for each in own)

    return tuple(
        each
        for each in difference.sentences
        if not headings & set(each.section.split(" / ")) and not (is_own(each.before) and is_own(each.after))
    )


def _pattern(sentence: str) -> re.Pattern[str]:
    """What a sentence of the wording may look like with its details filled in."""
    return re.compile(".*".join(map(re.escape, DETAIL.split(sentence))))
