"""One card on its way to a page: the largest type at which it fits, and what is left out where none does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from minhbach.scorecards_card import Cards
from minhbach.scorecards_paper import SIZES, Paper
from minhbach.scorecards_pdf import Press, Printed
from minhbach.scorecards_text import data
from minhbach.units import Unit


@dataclass
class Job:
    """A card: its file's name, unit, page of the bound file, what it says as data for Typst; then size and PDF."""

    name: str
    deck: Cards
    unit: Unit
    number: int
    content: dict[str, Any]
    paper: Paper
    size: str = ""
    left: int = 0
    printed: Printed | None = None

    def __post_init__(self) -> None:
        self._every = tuple(self.content["answers"])

    @property
    def file(self) -> str:
        """Where the card's PDF stands in the draft."""
        return f"scorecards/{self.name}.pdf"

    @property
    def framework_id(self) -> str:
        """The framework that assesses the unit."""
        return self.deck.results.framework.id

    def fit(self, press: Press, sizes: Sequence[str] = SIZES) -> None:
        """Sets the card in the first of `sizes` (the largest first) at which it has one page.

        Where even the smallest is too large, the last values are left out and counted.
        """
        for self.size in sizes:
            if self._set(press).pages == 1:
                return
        while not self._fits and self.left < len(self._every):
            self.leave_out(press, min(len(self._every), self.left + max(1, self._fallen())))

    def leave_out(self, press: Press, count: int) -> None:
        """Sets the card without its last values, and with a line that says how many they are."""
        self.left = count
        more = data(self.deck.answers.left_out(count), {})
        self.content |= {"answers": list(self._every[: len(self._every) - count]), "more": more}
        self._set(press)

    @property
    def _fits(self) -> bool:
        return self.printed is not None and self.printed.pages == 1

    def _set(self, press: Press) -> Printed:
        self.printed = press.set(self.paper.single(self.content, self.size, self.number), self.file)
        return self.printed

    def _fallen(self) -> int:
        """How many values stand on a further page."""
        own = {piece[2] for line in self.content["answers"] for piece in line if piece[2]}
        places = self.printed.marks.facts if self.printed else ()
        return len({place.fact_id for place in places if place.page > 1} & own)
