"""What the report's first and last page say, from assessment.yaml, handed to the engine that renders."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from minhbach import assessment_words, wording
from minhbach.assessment_document import Filing, OfficialDocument, resolved
from minhbach.assessment_words import place_date as place_date
from minhbach.editions import Setup
from minhbach.errors import RenderError
from minhbach.parts import Words
from minhbach.render import quarto as second_engine
from minhbach.render.embedded import Rendered, render, render_pdf
from minhbach.render.quarto_program import find

ARCHIVE = "Lưu:"  # how the last line of "Nơi nhận" begins


def embedded(setup: Setup, language: str, draft: Path, notebook: Path | None = None) -> Rendered:
    """Renders an executed report notebook (that of the draft, if none is named) with Pandoc and Typst."""
    document = setup.assessment.document
    return render(
        notebook or draft / "notebooks" / "3_report.ipynb",
        draft,
        report_metadata(setup, language),
        timestamp=_second(document),
    )


def quarto(setup: Setup, language: str, draft: Path, notebook: Path) -> Rendered:
    """Renders an executed report notebook with Quarto, and with the embedded engine to compare."""
    document = setup.assessment.document
    particulars = report_metadata(setup, language)
    return second_engine.render(notebook, draft, particulars, find(language), timestamp=_second(document))


def documents(setup: Setup, language: str, draft: Path) -> dict[str, Rendered]:
    """Renders what approves the result, as far as assessment.yaml asks for it: by name, such as decision.

    Raises:
        RenderError: the report's notebook has not written the Markdown of a document.
    """
    names = setup.assessment.documents.by_name()
    missing = [f"{name}.md" for name in names if not (draft / f"{name}.md").is_file()]
    if missing:
        raise RenderError(
            f"{', '.join(missing)}: not there; assessment.yaml asks for the document(s), which a cell of the report's "
            "notebook writes (report_documents.write); run the edition again."
        )
    made = {}
    for name, further in names.items():
        document = resolved(setup.assessment.document, further)
        more = {"article": wording.say("document_article", language)} if name == "decision" else {}
        particulars = _metadata(setup, document, language) | _end(document, language) | more
        made[name] = render_pdf(draft / f"{name}.md", particulars, timestamp=_second(document))
    return made


def paper(setup: Setup, document: OfficialDocument, language: str, source: Path) -> Rendered:
    """Renders the Markdown of an official document beside the report, such as the notice of an erratum."""
    particulars = _metadata(setup, document, language) | _end(document, language)
    return render_pdf(source, particulars, timestamp=_second(document))


def metadata(setup: Setup, language: str) -> dict[str, object]:
    """The particulars that all papers of an edition share with its report, as plain texts."""
    return _metadata(setup, setup.assessment.document, language)


def report_metadata(setup: Setup, language: str) -> dict[str, object]:
    """The particulars of the report itself: with addressees, the last sentence, and the line of its annexes."""
    document = setup.assessment.document
    last = document.closing.say(language) if document.closing else ""
    if document.signature and not last:
        last = wording.say("document_closing_report", language, issuer=_line(document.issuer, language))
    return _metadata(setup, document, language) | _end(document, language) | {"closing": last}


def _metadata(setup: Setup, document: OfficialDocument, language: str) -> dict[str, object]:
    report = setup.assessment.document is document
    return {
        "title": (setup.assessment.title if report else document.abstract).say(language),
        "lang": language,
        "date": document.date,
        "issuer_parent": _say(document.issuer_parent, language),
        "issuer": document.issuer.say(language),
        "number": assessment_words.numbered(document, language),
        "place_date": place_date(document, language),
        "national_header": document.has_header(language),
        "type": document.type.say(language),
        "abstract": document.abstract.say(language),
        "draft": wording.say("draft_mark", language) if document.draft else "",
        "mark": _say(document.mark, language),
        "unchecked": wording.say("closed_mark", language) if setup.unchecked else "",
        "notice": _say(document.notice, language),
        "font": [document.font],
        "font_size": document.font_size,
        "signature": _signature(document, language),
        "recipients": _recipients(document, language),
    }


def _end(document: OfficialDocument, language: str) -> dict[str, object]:
    """What only a document of its own has, and no sheet that goes with it."""
    reference = assessment_words.reference(document, language)
    return {
        "to": [each.say(language) for each in document.to],
        "closing": _say(document.closing, language),
        "annex_note": wording.say("document_annexed", language, reference=reference),
    }


def _recipients(document: OfficialDocument, language: str) -> list[str]:
    """The lines of "Nơi nhận"; the last is the archive's, also where the edition does not say so."""
    lines = [each.say(language) for each in document.recipients]
    if document.filing or (lines and not any(each.vi.startswith(ARCHIVE) for each in document.recipients)):
        lines.append(_filed(document.filing or Filing(), language))
    return lines


def _filed(filing: Filing, language: str) -> str:
    places = [wording.say("document_archive", language), filing.unit, filing.drafter]
    copies = " " + wording.say("document_copies", language, copies=f"{filing.copies:02d}") if filing.copies else ""
    return wording.say("document_filed", language, places=", ".join(filter(None, places))) + copies


def _say(words: Words | None, language: str) -> str:
    return words.say(language) if words else ""


def _line(words: Words, language: str) -> str:
    return " ".join(words.say(language).split())


def _second(document: OfficialDocument) -> int:
    """The second that a PDF names as its making: the first of the document's day."""
    return int(datetime.fromisoformat(document.date).replace(tzinfo=UTC).timestamp())


def _signature(document: OfficialDocument, language: str) -> dict[str, str]:
    signed = document.signature
    if signed is None:
        return {}
    return {
        "authority": _say(signed.authority, language),
        "post": _say(signed.post, language),
        "name": signed.name,
    }
