"""How an official document is called: its number, its place and date, and the words by which others refer to it."""

from __future__ import annotations

from datetime import date

from minhbach import wording
from minhbach.assessment_document import OfficialDocument

BLANK = "\u00a0" * 8  # room for a number that is written by hand


def place_date(document: OfficialDocument, language: str) -> str:
    """Place and date as Decree 30/2020/NĐ-CP writes them: days below 10 and months 1 and 2 with a leading 0."""
    return wording.say(
        "place_date",
        language,
        place=document.place.say(language),
        **day_words(document.date),
    )


def number(document: OfficialDocument) -> str:
    """Number and symbol, such as 07/BC-STTTT; room for the number in a draft that only has a symbol; or nothing."""
    if document.number or not document.symbol:
        return printed(document.number, document.symbol)
    return f"{BLANK}/{document.symbol}"


def printed(number: str, symbol: str = "") -> str:
    """A number as it is printed, with two figures at least; `symbol` is for one that has none: 7/2026 and QĐ-UBND."""
    if not number:
        return ""
    figures, *rest = number.split("/")
    own = [] if rest and not rest[-1].isdigit() else [symbol] * bool(symbol)
    return "/".join([figures.zfill(2), *rest, *own])


def numbered(document: OfficialDocument, language: str) -> str:
    """Number and symbol with the word before them, or nothing."""
    text = number(document)
    return wording.say("document_number", language, number=text) if text else ""


def reference(document: OfficialDocument, language: str) -> str:
    """The document as others cite it: type, number where it has one, date and issuer."""
    text = number(document)
    return wording.say(
        "document_reference" if text else "document_reference_plain",
        language,
        type=name(document, language),
        number=text,
        issuer=" ".join(document.issuer.say(language).split()),
        **day_words(document.date),
    )


def name(document: OfficialDocument, language: str) -> str:
    """The type of a document within a sentence: Báo cáo, Tờ trình."""
    return document.type.say(language).capitalize()


def day_words(iso: str) -> dict[str, object]:
    """The parts of a day by which sentences name it: day, month and year in Vietnamese, all of it in English."""
    day = date.fromisoformat(iso)
    month = f"{day.month:02d}" if day.month < 3 else day.month
    return {"day": f"{day.day:02d}", "month": month, "year": day.year, "english": wording.say_date(iso, "en")}
