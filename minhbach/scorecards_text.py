"""Lines of a scorecard: plain words, facts and declared text, handed to Typst as data and never as markup."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from minhbach import wording
from minhbach.facts import Fact
from minhbach.markdown import has_numeral, on_one_line

SPAN = re.compile(r'\[(?:[^\]\\]|\\.)*\]\{fact="([^"]+)"\}', re.DOTALL)
NOTHING = "–"
WIDE = re.compile(r"\S{21}")
LONG = 20


@dataclass(frozen=True)
class Piece:
    """A stretch of a line: `kind` is text, declared, numbering or fact; the text of a fact is its id."""

    kind: str
    text: str


Line = tuple[Piece, ...]


def cited(markdown: str) -> Line:
    """The facts that spans of the ledger print, and what stands around them, such as an arrow or only a dash."""
    words = SPAN.split(markdown)
    return tuple(
        piece for at, each in enumerate(words) for piece in ((Piece("fact", each),) if at % 2 else plain(each))
    )


def declared(text: str) -> Line:
    """Text that may contain numerals by its nature: names, decisions, dates, addresses of cells."""
    return (Piece("declared", text),) if text else ()


def plain(text: str) -> Line:
    """Words of our own."""
    return (Piece("text", text),) if text else ()


def numbering(number: int) -> Line:
    """A number that only the layout of the page gives."""
    return (Piece("numbering", str(number)),)


def say(key: str, language: str, **details: Line) -> Line:
    """The sentence of `key` with each `{name}` replaced by a line."""
    pieces: list[Piece] = []
    for words, name, _, _ in string.Formatter().parse(wording.sentences(language)[key]):
        pieces += plain(words)
        pieces += details[name] if name else ()
    return tuple(pieces)


def joined(lines: Iterable[Line], between: str) -> Line:
    """Lines one after the other with a text between them."""
    filled = [line for line in lines if line]
    return tuple(piece for place, line in enumerate(filled) for piece in (*plain(between * (place > 0)), *line))


def data(value: object, known: Mapping[str, Fact]) -> object:
    """What a card says as JSON for Typst: a line becomes a list of [kind, text, fact id, length]; all else stays."""
    if isinstance(value, Mapping):
        return {name: data(each, known) for name, each in value.items()}
    if isinstance(value, list):
        return [data(each, known) for each in value]
    if isinstance(value, tuple):
        return [_piece(piece, known) for piece in value]
    return value


def _piece(piece: Piece, known: Mapping[str, Fact]) -> tuple[str, str, str, str]:
    """A piece for Typst; `long` text may run over lines, `wide` text has a word that does."""
    if piece.kind == "fact":
        text = on_one_line(known[piece.text].shown).strip(" ")
        return ("fact", text, piece.text, _length(text))
    return _words(piece.kind, piece.text)


@lru_cache(maxsize=50_000)
def _words(kind: str, words: str) -> tuple[str, str, str, str]:
    """Words that are no fact; those without numerals need no declaring."""
    text = on_one_line(words)
    plainly = kind == "declared" and not has_numeral(text)
    return ("text" if plainly else kind, text, "", _length(text))


def _length(text: str) -> str:
    if len(text) <= LONG:
        return ""
    return "wide" if WIDE.search(text) else "long"
