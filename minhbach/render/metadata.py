"""What stands around the text: title, issuing body, place, signature. All of it is text, never markup."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from minhbach.errors import RenderError

DEFAULT_FONT: Final = "Libertinus Serif"
TEXTS: Final = (
    "title", "lang", "date", "issuer_parent", "issuer", "number", "place_date", "type", "abstract", "draft",
    "mark", "notice", "recipients_title", "closing", "annex_note", "article", "unchecked",
)  # fmt: skip
LISTS: Final = ("font", "to", "recipients", "keywords")
SIGNATURE: Final = ("authority", "post", "name")
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "vi": {
        "nation": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "motto": "Độc lập - Tự do - Hạnh phúc",
        "number": "Số: ",
        "to": "Kính gửi:",
        "recipients": "Nơi nhận:",
        "skip": "Chuyển đến nội dung",
    },
    "en": {
        "nation": "SOCIALIST REPUBLIC OF VIET NAM",
        "motto": "Independence - Freedom - Happiness",
        "number": "No. ",
        "to": "To:",
        "recipients": "Recipients:",
        "skip": "Skip to content",
    },
}


def complete(metadata: Mapping[str, object]) -> dict[str, object]:
    """All keys with defaults, and the fixed words of the language; RenderError lists all mistakes at once."""
    problems = [*_unknown(metadata), *_mistyped(metadata), *_missing(metadata)]
    if problems:
        raise RenderError("The report's metadata cannot be used:\n" + "\n".join(f"  {line}" for line in problems))
    words = WORDS[str(metadata["lang"])]
    signature = metadata.get("signature") or {}
    assert isinstance(signature, Mapping)
    filled: dict[str, object] = {key: _text(metadata.get(key)) for key in TEXTS}
    filled |= {key: [_text(item) for item in _sequence(metadata.get(key))] for key in LISTS}
    filled["signature"] = {key: _text(signature.get(key)) for key in SIGNATURE} if signature else {}
    filled["national_header"] = bool(metadata.get("national_header", metadata["lang"] == "vi"))
    filled["font_size"] = float(str(metadata.get("font_size") or 13))
    filled["date"] = date.fromisoformat(str(filled["date"])).isoformat()
    filled["number"] = _numbered(str(filled["number"]), words["number"])
    filled["recipients"] = listed(_texts(filled["recipients"]))
    if len(to := _texts(filled["to"])) > 1:
        filled["to"] = listed(to)
    filled["recipients_title"] = filled["recipients_title"] or words["recipients"]
    filled["words"] = dict(words)
    return filled


def listed(items: Sequence[str]) -> list[str]:
    """Items of an official list: each ends with a semicolon, the last with a full stop."""
    bare = [item.rstrip(" ;.,") for item in items]
    return [f"{item};" for item in bare[:-1]] + [f"{item}." for item in bare[-1:]]


def typst_literal(value: object) -> str:
    """The value as Typst source: text as a string, which Typst never reads as markup or code."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        return (
            "("
            + "".join(f"{_quoted(str(key))}: {typst_literal(value[key])}, " for key in value)
            + ":" * (not value)
            + ")"
        )
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "(" + "".join(f"{typst_literal(item)}, " for item in value) + ")"
    return _quoted(str(value))


def fonts_of(filled: Mapping[str, object]) -> list[str]:
    """The families that were asked for, or else the one that ships with Typst."""
    return [str(name) for name in _sequence(filled["font"])] or [DEFAULT_FONT]


def html_variables(filled: Mapping[str, object]) -> list[tuple[str, str]]:
    """Names and escaped values for the HTML template: a list repeats its name, empty text is left out."""
    variables: list[tuple[str, str]] = []
    for key, value in filled.items():
        if isinstance(value, Mapping):
            variables += [(key, "true")] if value else []
            variables += [(f"{key}-{name}", str(text)) for name, text in value.items()]
        elif isinstance(value, bool):
            variables += [(key, "true")] if value else []
        else:
            variables += [(key, str(item)) for item in (value if isinstance(value, list) else [value])]
    return [(name, html.escape(text)) for name, text in variables if text]


def _unknown(metadata: Mapping[str, object]) -> list[str]:
    known = {*TEXTS, *LISTS, "signature", "national_header", "font_size"}
    return [f"{key}: no such key; known are {', '.join(sorted(known))}" for key in sorted(set(metadata) - known)]


def _missing(metadata: Mapping[str, object]) -> list[str]:
    problems = [f"{key}: is needed" for key in ("title", "lang", "date") if not str(metadata.get(key) or "").strip()]
    if metadata.get("lang") and str(metadata["lang"]) not in WORDS:
        problems.append(f"lang: is {metadata['lang']!r}; it must be vi or en")
    try:
        date.fromisoformat(str(metadata.get("date") or "2000-01-01"))
    except ValueError:
        problems.append(f"date: is {metadata['date']!r}; it must be a day such as 2023-06-14")
    return problems


def _mistyped(metadata: Mapping[str, object]) -> list[str]:
    problems = [
        f"{key}: must be a list of texts" for key in LISTS if not isinstance(metadata.get(key) or [], list | tuple)
    ]
    if not isinstance(metadata.get("national_header") or False, bool):
        problems.append(f"national_header: is {metadata['national_header']!r}; it must be true or false")
    if not isinstance(metadata.get("signature") or {}, Mapping):
        problems.append(f"signature: must hold {', '.join(SIGNATURE)}")
    size = metadata.get("font_size") or 13
    if not isinstance(size, int | float) or not 8 <= size <= 20:
        problems.append(f"font_size: is {size!r}; it must be a number of points from 8 to 20")
    return problems


def _numbered(number: str, prefix: str) -> str:
    """The number with the word before it, once; nothing when there is no number."""
    return prefix + number if number and not number.startswith(prefix.strip()) else number


def _text(value: object) -> str:
    """One value as text, without control characters (which no file format carries) but with its line ends."""
    text = "" if value is None else str(value).replace("\t", " ").strip()
    return "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs"))


def _texts(value: object) -> list[str]:
    return [str(item) for item in _sequence(value)]


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _quoted(text: str) -> str:
    """A Typst string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
