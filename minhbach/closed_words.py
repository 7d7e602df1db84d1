"""What the texts of a document tree say of their numerals: which are typed, which numbers headings bring with them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from minhbach import closed_signs
from minhbach.closed_faults import Fault
from minhbach.render.document import Piece

TYPED, FACT, DECLARED = "typed", "fact", "declared"
Part = tuple[str, str]  # kind, text

# A heading that brings its own number, beside the one that it is given: I., IV –, a), (b), B/, Phần II, Annex C.
ROMAN: Final = r"(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})"
PARTS: Final = r"(?i:phần|chương|mục|phụ\s+lục|điều|part|chapter|section|annex|article)"
OWN_NUMBER: Final = re.compile(
    rf"\s*(?:\(?(?:{ROMAN}|[^\W_])[.):/](?=\s|$)|{ROMAN}\s*[-–—](?=\s)|{PARTS}\s+(?:{ROMAN}|[A-Z])\b)"
)
# Attributes whose words are shown when the pointer rests, or read aloud.
SPOKEN: Final = re.compile(r"alt|title|summary|aria-.*|(?:fig|tbl)-(?:alt|cap)")
CODE: Final = re.compile(r"[0-9]+([./-][0-9]+)*")  # 4.11, 25/12/2017
MINUS: Final = "-−"


@dataclass
class Words:
    """What is found in one document; `pieces` are the cells that wrote it, none where it is no notebook.

    `place` is the piece that is read now, `heading` the last heading.
    """

    document: str
    pieces: Sequence[Piece]
    faults: list[Fault] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((FACT, DECLARED, TYPED), 0))
    place: int = 0
    heading: str = ""

    def say(self, key: str, **details: object) -> None:
        """Notes a fault, with the cell or else the heading where it stands."""
        where = self.pieces[self.place].cell if self.place < len(self.pieces) else self.heading or "–"
        self.faults.append(Fault(f"tree_{key}", document=self.document, cell=where, **details))

    @property
    def is_typed(self) -> bool:
        """Whether a person wrote the cell that is read now."""
        return self.place < len(self.pieces) and self.pieces[self.place].typed

    def look(self, parts: Sequence[Part]) -> None:
        """Counts the numerals, and notes those that are typed, with the words around them."""
        whole, begin = "".join(text for _, text in parts), 0
        for kind, text in parts:
            for first, last in closed_signs.runs(text):
                self.counts[kind] += 1
                if kind == TYPED:
                    words = closed_signs.around(whole, begin + first, begin + last)
                    self.say("numeral", numeral=text[first:last], words=words)
            if kind == FACT and self.is_typed:
                self._sign(whole, begin, text)
            begin += len(text)

    def _sign(self, whole: str, begin: int, text: str) -> None:
        """A minus that a person typed before a fact makes another number of it."""
        sign, before = whole[begin - 1 : begin], whole[max(0, begin - 2) : max(0, begin - 1)]
        if sign and sign in MINUS and closed_signs.numerals(text[:1]) and not before.isalnum():
            words = closed_signs.around(whole, begin - 1, begin + len(text))
            self.say("numeral", numeral=sign + text, words=words)

    def look_aloud(self, attributes: Any, kind: str = TYPED) -> None:
        """Looks at words that are read aloud, or shown when the pointer rests."""
        for name, text in attributes[2]:
            if SPOKEN.fullmatch(name):
                self.look([(kind, text)])

    def look_at_number(self, parts: Sequence[Part]) -> None:
        """Notes the number that a heading brings with it; what is declared, or a fact, is none."""
        if OWN_NUMBER.match("".join(text if kind == TYPED else "\ufffc" for kind, text in parts)):
            self.say("heading", words="".join(text for _, text in parts))

    def look_at_declared(self, text: str) -> None:
        """Declared text has words; without any it is a code or a date, and no person typed it."""
        is_bare = bool(closed_signs.numerals(text)) and not any(map(str.isalpha, text))
        if is_bare and (self.is_typed or not CODE.fullmatch(text)):
            self.say("bare", numeral=text)
