"""One way to compare names: what a reader takes for the same name has the same key.

Spaces, dashes, case, Unicode forms and the place of the Vietnamese tone mark (hoà, hòa) make no difference;
letters do: đ is not d, and ê is not e.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_MINUS = "\u2212"


@lru_cache(maxsize=100_000)
def matching_key(text: str) -> str:
    """The key under which `text` is compared; the key of a key is the key itself."""
    if text.isascii():
        return re.sub(r" ?- ?", "-", " ".join(text.lower().split()))
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).casefold())
    plain = "".join(_plain(character) for character in folded)
    spaced = re.sub(r"\s*-\s*", "-", " ".join(plain.split()))
    return unicodedata.normalize("NFC", _tones_last(spaced))


def nearest(text: str, names: Iterable[str]) -> str:
    """The name that is most like `text`, or an empty text when none is near."""
    by_key = {matching_key(name): name for name in names}
    near = difflib.get_close_matches(matching_key(text[:200]), by_key, n=1, cutoff=0.6)
    return by_key[near[0]] if near else ""


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":  # zero-width spaces and the like, which nobody sees
        return ""
    return "-" if category == "Pd" or character == _MINUS else character


def _tones_last(text: str) -> str:
    """Moves each syllable's tone marks to its end, where the two ways of placing them meet."""
    result: list[str] = []
    held: list[str] = []
    for character in text:
        if character in _TONES:
            held.append(character)
            continue
        if held and unicodedata.category(character)[0] not in "LM":
            result.extend(held)
            held.clear()
        result.append(character)
    return "".join([*result, *held])
