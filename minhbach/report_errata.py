"""What a report says of the document that it replaces: on its first page, and where its corrections are listed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from minhbach import assessment_words, wording
from minhbach.assessment_document import OfficialDocument
from minhbach.book import Book
from minhbach.errata import Erratum
from minhbach.markdown import declared
from minhbach.report_layout import see

LEDGER = "corrections"


def first(book: Book, annexes: Mapping[str, str], words: Mapping[str, str]) -> str:
    """The line that stands above everything else: what the report replaces, why, and where it says what has changed.

    Nothing for a report that replaces nothing. `annexes` and `words` are by the ids of annexes; the one of the
    corrections is named where it is printed.
    """
    line = book.setup.erratum
    if line is None:
        return ""
    said = {
        "document": declared(document(book.setup.assessment.document, line, book.language)),
        "notice": declared(notice(line, book.language)),
    }
    printed = annexes.get(LEDGER, "").strip() or words.get(LEDGER, "").strip()
    key = "errata_replaces_annexed" if printed else "errata_replaces"
    text = wording.say(key, book.language, annex=see(LEDGER), **said)
    return f"::: {{.replaces}}\n{text}\n:::\n"


def document(replacing: OfficialDocument, line: Erratum, language: str) -> str:
    """The document that a line replaces, as others cite it, with its version."""
    kind = assessment_words.name(replacing, language)
    words = assessment_words.day_words(line.replaced_date)
    said = {"type": kind, "number": line.replaced_number, "version": line.replaces, **words}
    return wording.say("errata_document", language, **said)


def notice(line: Erratum, language: str) -> str:
    """The notice that tells what has changed, as others cite it."""
    return wording.say("errata_notice", language, number=line.notice)


def mark(book: Book, correction_id: str) -> str:
    """The words before the reason of a correction that belongs to an erratum; nothing for all others."""
    found = [line for line in book.setup.errata if correction_id in line.corrections]
    said = [wording.say("errata_mark", book.language, version=declared(line.replaces)) for line in found]
    return "".join(f"{each} " for each in said)


def marked(book: Book, correction_ids: Collection[str]) -> str:
    """What the marks mean, a sentence for each erratum that one of the corrections belongs to."""
    return " ".join(
        wording.say(
            "errata_marked",
            book.language,
            version=declared(line.replaces),
            notice=declared(notice(line, book.language)),
        )
        for line in book.setup.errata
        if set(correction_ids).intersection(line.corrections)
    )
