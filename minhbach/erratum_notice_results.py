"""What a notice is made of, and its tables of levels, ranks and scores that changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from minhbach import causes, diff_words, erratum_impact, wording
from minhbach.corrections_entry import Correction
from minhbach.diff_changes import Item
from minhbach.editions import Setup
from minhbach.errata_line import Erratum
from minhbach.erratum_facts import DASH, Cited
from minhbach.erratum_impact import Impact
from minhbach.markdown import declared, named, table

MOST: Final = 10  # rows of a table in the body; longer ones stand whole in the annex
RESULTS: Final = ("level", "rank", "total")


@dataclass(frozen=True)
class Notice:
    """What a notice is made of, in one language; `setup` is that of the version that replaces the other."""

    setup: Setup
    line: Erratum
    entries: tuple[Correction, ...]
    impact: Impact
    cited: Cited
    reports: tuple[str, str]

    @property
    def language(self) -> str:
        """The language it is written in."""
        return self.cited.language

    @property
    def corrected(self) -> frozenset[str]:
        """The units with an entry of their own."""
        return frozenset(each.unit_id for each in self.entries)

    def say(self, key: str, **details: object) -> str:
        """A sentence of the notice."""
        return wording.say(f"notice_{key}", self.language, **details)

    def of(self, kind: str) -> tuple[Item, ...]:
        """The changes of a kind, those of corrected units first, then the largest."""
        items = erratum_impact.totals(self.impact.difference) if kind == "total" else self.impact.difference.of(kind)
        return tuple(sorted(items, key=lambda each: each.unit_id not in self.corrected))

    def is_long(self, kind: str) -> bool:
        """Whether a table only begins in the body."""
        return len(self.of(kind)) > MOST


def changed(notice: Notice) -> list[str]:
    """Levels, ranks and scores that changed, and why."""
    kinds = [kind for kind in RESULTS if notice.of(kind)]
    if not kinds:
        return []
    more = [notice.say("more", annex="[](#anx-results)")] if any(map(notice.is_long, kinds)) else []
    return [*_why(notice), *more, *(results(notice, kind, MOST) for kind in kinds)]


def results(notice: Notice, kind: str, most: int | None = None) -> str:
    """The table of the changes of a kind, or of the first ones; in an annex it has a label of its own."""
    values = kind == "total"
    columns = ["unit", "result", "published", "corrected", "change" if values else "why"]
    rows = [_changed(notice, each) for each in notice.of(kind)[:most]]
    label = f"{kind}s" if most else f"{kind}s-all"
    caption = notice.say(f"{kind}s_first" if most and notice.is_long(kind) else f"{kind}s_table")
    align = "llrrr" if values else "llccl" if kind == "rank" else "lllll"
    header = [notice.say(f"col_{each}") for each in columns]
    return table(label, caption, header, rows, align, (30, 30, 13, 13, 14) if values else (24, 26, 14, 14, 22))


def _changed(notice: Notice, item: Item) -> list[str]:
    difference = notice.impact.difference
    last = notice.cited.change(item) if item.kind == "total" else notice.say(_reason(notice, item))
    name = declared(diff_words.of(difference, item))
    return [named(diff_words.unit(difference, item.unit_id)), name, *notice.cited.pair(item), last]


def _reason(notice: Notice, item: Item) -> str:
    """Why a level or a rank changed: the unit's own answers, or those of another."""
    return "why_own" if item.unit_id in notice.corrected else "why_others"


def _why(notice: Notice) -> list[str]:
    """Which causes the change has; an erratum has only one, unless another program has computed it."""
    difference = notice.impact.difference
    found = {name for each in difference.causes.values() for name in each.changed}
    if difference.unsplit:
        return [declared(each) for each in dict.fromkeys(difference.unsplit.values())]
    if found == {"corrected"}:
        return [notice.say("cause_corrected")]
    named_causes = ", ".join(diff_words.cause(difference, each) for each in causes.CAUSES if each in found)
    return [notice.say("causes", causes=named_causes or DASH)]
