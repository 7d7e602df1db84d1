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
        english=wording.say_date(document.date, "en"),
        **_day(document),
    )


def number(document: OfficialDocument) -> str:
    """Number and symbol, such as 07/BC-STTTT; room for the number in a draft that only has a symbol; or nothing."""
    figures, _, symbol = document.number.partition("/")
    whole = "/".join(filter(None, (figures.zfill(2) if figures else "", symbol or document.symbol)))
    return f"{BLANK}/{whole}" if whole and not figures else whole


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
        english=wording.say_date(document.date, "en"),
        **_day(document),
    )


def name(document: OfficialDocument, language: str) -> str:
    """The type of a document within a sentence: Báo cáo, Tờ trình."""
    return document.type.say(language).capitalize()


def _day(document: OfficialDocument) -> dict[str, object]:
    day = date.fromisoformat(document.date)
    return {"day": f"{day.day:02d}", "month": f"{day.month:02d}" if day.month < 3 else day.month, "year": day.year}
