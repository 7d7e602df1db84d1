"""What stands around the cards: title, issuing body, stamps, the first page of the bound file, its outline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from minhbach import wording
from minhbach.scorecards_text import Line, data, declared, visible

OWN = "card_"
SIZES = ("9", "8.5", "8", "7.5")  # points; smaller cannot be read
FEW, SOME = 8, 24

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Paper:
    """The particulars of an edition's cards in one language, from `publication.metadata`."""

    meta: Mapping[str, Any]
    language: str
    font: Sequence[str]

    def single(self, card: Data, size: str) -> dict[str, object]:
        """The document of one card."""
        title = f"{wording.say('card_title', self.language)}: {_text(card['unit'])} – {self.meta['title']}"
        return self._document(title, [_sized(card, size) | {"level": "1", "outline": []}], {"title": ""})

    def bound(self, cards: Sequence[tuple[Data, str]], front: Data) -> dict[str, object]:
        """The document of all cards: an outline by framework, then by the unit they belong to."""
        placed, before = [], ("", "")
        for card, size in cards:
            outline = self._outline(card, before)
            placed.append(_sized(card, size) | {"level": "3" if card["parent"] else "2", "outline": outline})
            before = (_text(card["framework"]), _text(card["parent"]))
        title = f"{wording.say('card_bound_title', self.language)} – {self.meta['title']}"
        words = {"title": wording.say("card_bound_title", self.language)}
        return self._document(title, placed, words | dict(front))

    def _outline(self, card: Data, before: tuple[str, str]) -> list[str]:
        """Which lines above the unit's name open a new part of the outline."""
        new = _text(card["framework"]) != before[0]
        parts = ["framework"] if new else []
        return [*parts, "parent"] if card["parent"] and (new or _text(card["parent"]) != before[1]) else parts

    def _document(self, title: str, cards: Sequence[Data], front: Data) -> dict[str, object]:
        issuers = [text for text in (self.meta["issuer_parent"], self.meta["issuer"]) if text]
        sentences = wording.sentences(self.language)
        return {
            "title": visible(title),
            "author": visible(str(self.meta["issuer"])),
            "date": str(self.meta["date"]),
            "lang": self.language,
            "font": list(self.font),
            "words": {key: text for key, text in sentences.items() if key.startswith(OWN)},
            "issuer": data(declared(" · ".join(issuers)), {}),
            "footer": data(declared(str(self.meta["title"])), {}),
            "stamps": [visible(str(text)) for text in (self.meta["draft"], self.meta["mark"]) if text],
            "unchecked": str(self.meta["unchecked"]),
            "front": front,
            "cards": list(cards),
        }

    def notice(self) -> Line:
        """What the edition says about its own data."""
        return declared(str(self.meta["notice"]))


def _sized(card: Data, size: str) -> dict[str, Any]:
    """A card with the type of its values and the number of their columns."""
    count = len(card["answers"])
    return dict(card) | {"size": size, "columns": "1" if count <= FEW else "2" if count <= SOME else "3"}


def _text(line: Sequence[Sequence[str]]) -> str:
    return "".join(text for _, text, *_ in line)
