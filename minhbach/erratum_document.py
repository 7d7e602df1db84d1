"""The particulars of a notice: those of the report, but for type, number, abstract and what it has of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from minhbach import assessment_words, wording
from minhbach import report_documents_words as words
from minhbach.assessment import Notice
from minhbach.assessment_document import OfficialDocument
from minhbach.editions import Setup
from minhbach.errata_line import Erratum
from minhbach.parts import Words

ABOVE: Final = "Như trên"  # a line of "Nơi nhận" that means an addressee, which a notice has none of


def document(setup: Setup, line: Erratum) -> OfficialDocument:
    """The notice by which a report is replaced; `setup` is that of the version that replaces it."""
    report, own = setup.assessment.document, setup.assessment.errata.notice if setup.assessment.errata else Notice()
    recipients = own.recipients or tuple(each for each in report.recipients if not each.vi.startswith(ABOVE))
    changed = {
        "type": _in_both(lambda each: wording.say("notice_type", each)),
        "abstract": _in_both(lambda each: wording.say("notice_abstract", each, report=replaced(setup, line, each))),
        "number": line.notice,
        "symbol": "",
        "to": (),
        "closing": _in_both(lambda each: wording.say("notice_closing", each, issuer=words.line(report.issuer, each))),
        "recipients": recipients,
        "filing": own.filing or report.filing,
        "signature": own.signature or report.signature,
    }
    return report.model_copy(update=changed)


def _in_both(said: Callable[[str], str]) -> Words:
    return Words(vi=said("vi"), en=said("en"))


def replaced(setup: Setup, line: Erratum, language: str) -> str:
    """The report that is replaced, by type, number and date."""
    report = setup.assessment.document
    before = report.model_copy(update={"number": line.replaced_number, "symbol": "", "date": line.replaced_date})
    return cited(before, language)


def cited(report: OfficialDocument, language: str) -> str:
    """A report within a sentence: type, number and date, without its issuer, who speaks here."""
    number, kind = assessment_words.number(report), assessment_words.name(report, language)
    return wording.say("notice_report", language, type=kind, number=number, **assessment_words.day_words(report.date))
