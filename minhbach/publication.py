"""What the report's first and last page say, from assessment.yaml, handed to the engine that renders."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from minhbach import wording
from minhbach.assessment import OfficialDocument
from minhbach.editions import Setup
from minhbach.parts import Words
from minhbach.render.embedded import Rendered, render


def embedded(setup: Setup, language: str, draft: Path) -> Rendered:
    """Renders the executed report notebook of a draft with Pandoc and Typst."""
    when = datetime.fromisoformat(setup.assessment.document.date).replace(tzinfo=UTC)
    return render(
        draft / "notebooks" / "3_report.ipynb",
        draft,
        metadata(setup, language),
        timestamp=int(when.timestamp()),
    )


def metadata(setup: Setup, language: str) -> dict[str, object]:
    """The document's particulars in one language, as plain texts."""
    document = setup.assessment.document
    return {
        "title": setup.assessment.title.say(language),
        "lang": language,
        "date": document.date,
        "issuer_parent": _say(document.issuer_parent, language),
        "issuer": document.issuer.say(language),
        "number": document.number,
        "place_date": place_date(document, language),
        "national_header": document.national_header,
        "type": document.type.say(language),
        "abstract": document.abstract.say(language),
        "draft": wording.say("draft_mark", language) if document.draft else "",
        "mark": _say(document.mark, language),
        "notice": _say(document.notice, language),
        "font": [document.font],
        "signature": _signature(document, language),
        "recipients": [each.say(language) for each in document.recipients],
    }


def place_date(document: OfficialDocument, language: str) -> str:
    """Place and date as Decree 30/2020/NĐ-CP writes them: days below 10 and months 1 and 2 with a leading 0."""
    day = date.fromisoformat(document.date)
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    english = wording.say_date(document.date, "en")
    return wording.say(
        "place_date",
        language,
        place=document.place.say(language),
        day=f"{day.day:02d}",
        month=month,
        year=day.year,
        english=english,
    )


def _say(words: Words | None, language: str) -> str:
    return words.say(language) if words else ""


def _signature(document: OfficialDocument, language: str) -> dict[str, str]:
    signed = document.signature
    if signed is None:
        return {}
    return {
        "authority": _say(signed.authority, language),
        "post": _say(signed.post, language),
        "name": signed.name,
    }
