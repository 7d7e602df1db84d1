"""A cell of a published table as a spreadsheet holds it: a number as it is printed, or a text as it is.

The report's Markdown is read as Pandoc's JSON: an inline is `{"t": type, "c": content}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from minhbach.numbers import show

Inline = dict[str, Any]
SIGNS = {"+": "", "-": "-", "\u2212": "-", "": ""}
PERCENT = re.compile(r"[ \u00a0\u202f]*%")
MOST_DIGITS = 15  # what a spreadsheet program keeps of a number
QUOTES = {"SingleQuote": "‘{}’", "DoubleQuote": "“{}”"}
FRAMES = ("Span", "Link", "Image", "Quoted", "Cite")
LOOKS = ("Emph", "Strong", "Underline", "Strikeout", "Superscript", "Subscript", "SmallCaps")
BLANKS = ("Space", "SoftBreak")


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: `text` as printed; `number` with `places` decimals where the cell is one number.

    `signed`: printed with a plus sign; `percent`: printed with a percent sign, and `number` is a hundredth of it.
    `link` is the name of the sheet that the cell leads to.
    """

    text: str
    number: Decimal | None = None
    places: int = 0
    signed: bool = False
    percent: bool = False
    fact_ids: tuple[str, ...] = ()
    link: str = ""

    @property
    def format(self) -> str:
        """The number format that shows the number as it is printed."""
        plain = "#,##0" + ("." + "0" * self.places if self.places else "")
        whole = plain + (r"\ %" if self.percent else "")
        return f"+{whole};-{whole};{whole}" if self.signed else whole


@dataclass(frozen=True)
class Names:
    """What references say: the printed name of each table, figure and annex by its id."""

    shown: Mapping[str, str]
    language: str


def cell(blocks: Iterable[Inline], names: Names) -> Cell:
    """The cell of a table whose content is these blocks."""
    inlines = [each for block in blocks for each in _inlines(block)]
    facts = tuple(fact for each in spans(inlines) if (fact := _attribute(each, "fact")))
    printed = re.sub(" *\n *", "\n", text(inlines, names)).strip()
    alone = [each for each in inlines if each["t"] not in BLANKS and not _percent(each)]
    if len(facts) == 1 and len(alone) == 1 and _attribute(alone[0], "fact"):
        return number(printed, names.language, facts) or Cell(printed, fact_ids=facts)
    return Cell(printed, fact_ids=facts)


def number(printed: str, language: str, fact_ids: tuple[str, ...] = ()) -> Cell | None:
    """The number that a printed text is; None where it is none, or has more digits than a spreadsheet keeps."""
    point, thousands = (r"\.", ",") if language == "en" else (",", r"\.")
    body = PERCENT.sub("", printed)
    whole = rf"(?P<whole>0|[1-9][0-9]{{0,2}}({thousands}[0-9]{{3}})+|[1-9][0-9]*)"
    found = re.fullmatch(rf"(?P<sign>[-+\u2212]?){whole}({point}(?P<rest>[0-9]+))?", body)
    if not found:
        return None
    digits, rest = re.sub("[.,]", "", found["whole"]), found["rest"] or ""
    if len(digits + rest) > MOST_DIGITS:
        return None
    percent = body != printed
    value = Decimal(f"{SIGNS[found['sign']]}{digits}.{rest or 0}")
    value = value.scaleb(-2) if percent else value
    return Cell(printed, value, len(rest), found["sign"] == "+", percent, fact_ids)


def whole(count: int, language: str) -> Cell:
    """A whole number, such as a count of rows."""
    return Cell(show(Fraction(count), 0, language), Decimal(count))


def spans(inlines: Sequence[Inline]) -> list[Inline]:
    """Every span in these inlines, outer ones first."""
    found: list[Inline] = []
    for each in inlines:
        found += [each] if each["t"] == "Span" else []
        found += spans(_inner(each))
    return found


def has_class(inlines: Sequence[Inline], name: str) -> bool:
    """Whether a span of this class stands among them."""
    return any(name in each["c"][0][1] for each in spans(inlines))


def text(inlines: Iterable[Inline], names: Names) -> str:
    """What a reader sees of these inlines, as plain text; a line break is a new line."""
    return "".join(_text(each, names) for each in inlines)


def _text(inline: Inline, names: Names) -> str:
    kind, content = inline["t"], inline.get("c", "")
    if kind in SIMPLE:
        return SIMPLE[kind](content)
    if kind == "Quoted":
        return QUOTES[content[0]["t"]].format(text(content[1], names))
    if kind == "Cite":
        ids = [each["citationId"] for each in content[0]]
        return ", ".join(names.shown.get(each, each) for each in ids)
    if kind == "Link" and not content[1]:
        return names.shown.get(content[2][0].removeprefix("#"), content[2][0])
    if kind == "Span" and (instead := _instead(inline)) is not None:
        return instead
    return text(_inner(inline), names)


def _instead(span: Inline) -> str | None:
    """What a span says in place of its content: a line break, or the words of a formula."""
    if "newline" in span["c"][0][1]:
        return "\n"
    formula = any(each["t"] == "Math" for each in span["c"][1])
    return (_attribute(span, "alt") or None) if formula else None


def _inner(inline: Inline) -> list[Inline]:
    """The inlines inside an inline."""
    if inline["t"] in FRAMES:
        return list(inline["c"][1])
    return list(inline["c"]) if inline["t"] in LOOKS else []


def _inlines(block: Inline) -> list[Inline]:
    """The inlines of a block of a cell, which is a paragraph in a pipe table."""
    return list(block["c"]) if block["t"] in ("Plain", "Para") else []


def _attribute(inline: Inline, name: str) -> str:
    attributes = inline["c"][0][2] if inline["t"] == "Span" else []
    return next((str(value) for key, value in attributes if key == name), "")


def _percent(inline: Inline) -> bool:
    return inline["t"] == "Str" and PERCENT.fullmatch(inline["c"]) is not None


def _same(content: Any) -> str:
    return str(content)


def _second(content: Any) -> str:
    return str(content[1])


def _nothing(content: Any) -> str:  # noqa: ARG001
    return ""


def _space(content: Any) -> str:  # noqa: ARG001
    return " "


SIMPLE: Mapping[str, Callable[[Any], str]] = {
    "Str": _same,
    "Space": _space,
    "SoftBreak": _space,
    "LineBreak": lambda _: "\n",
    "Code": _second,
    "Math": _second,
    "RawInline": _nothing,
    "Note": _nothing,
}
