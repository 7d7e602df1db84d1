"""What stands around the cards: title, issuing body, stamps, the first pages of the bound file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from minhbach import wording
from minhbach.markdown import on_one_line
from minhbach.scorecards_text import Line, data, declared

OWN = "card_"
SIZES = ("9", "8.5", "8", "7.5", "7")  # points; smaller cannot be read
FEW, SOME = 8, 24

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Paper:
    """The particulars of an edition's cards in one language, from `publication.metadata`."""

    meta: Mapping[str, Any]
    language: str
    font: Sequence[str]

    def single(self, card: Data, size: str, number: int) -> dict[str, object]:
        """The document of one card, which is this page of the bound file."""
        title = f"{wording.say('card_title', self.language)}: {said(card['unit'])} – {self.meta['title']}"
        return self._document(title) | {"card": _sized(card, size), "number": str(number)}

    def front(self, front: Data) -> dict[str, object]:
        """The document of the first pages of the bound file."""
        words = wording.say("card_bound_title", self.language)
        return self._document(f"{words} – {self.meta['title']}") | {"front": {"title": words, **front}, "number": ""}

    def _document(self, title: str) -> dict[str, object]:
        issuers = [text for text in (self.meta["issuer_parent"], self.meta["issuer"]) if text]
        sentences = wording.sentences(self.language)
        return {
            "title": on_one_line(title),
            "author": on_one_line(str(self.meta["issuer"])),
            "date": str(self.meta["date"]),
            "lang": self.language,
            "font": list(self.font),
            "words": {key: text for key, text in sentences.items() if key.startswith(OWN)},
            "issuer": data(declared(" · ".join(issuers)), {}),
            "footer": data(declared(str(self.meta["title"])), {}),
            "stamps": [on_one_line(str(text)) for text in (self.meta["draft"], self.meta["mark"]) if text],
            "unchecked": str(self.meta["unchecked"]),
        }

    def notice(self) -> Line:
        """What the edition says about its own data."""
        return declared(str(self.meta["notice"]))


def _sized(card: Data, size: str) -> dict[str, Any]:
    """A card with the type of its values and the number of their columns."""
    count = len(card["answers"])
    return dict(card) | {"size": size, "columns": "1" if count <= FEW else "2" if count <= SOME else "3"}


def said(line: Sequence[Sequence[str]]) -> str:
    """The words of a line that is ready for Typst."""
    return "".join(text for _, text, *_ in line)
