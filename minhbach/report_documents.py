"""What approves the result: a submission (TỜ TRÌNH) and a draft decision (QUYẾT ĐỊNH), from the report's own facts."""

from __future__ import annotations

from pathlib import Path

from minhbach import assessment_words, wording
from minhbach import report_documents_result as result
from minhbach import report_documents_words as words
from minhbach.assessment_document import Submission, resolved
from minhbach.book import Book
from minhbach.markdown import declared, paragraphs, table
from minhbach.report_documents_decision import decision
from minhbach.report_layout import title
from minhbach.results import Results


def documents(book: Book) -> dict[str, str]:
    """The Markdown of the documents that assessment.yaml asks for, by name: submission, decision."""
    asked = book.setup.assessment.documents
    texts = {}
    if asked.submission:
        texts["submission"] = submission(book, asked.submission)
    if asked.decision:
        texts["decision"] = decision(book, asked.decision)
    return texts


def write(book: Book, folder: Path) -> list[str]:
    """Writes submission.md and decision.md, as far as they are asked for; gives their names."""
    texts = documents(book)
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8", newline="\n")
    return [f"{name}.md" for name in texts]


def submission(book: Book, asked: Submission) -> str:
    """The submission's Markdown: what it is based on, how the result came about, the result, what is asked for."""
    language, settings = book.language, book.setup.assessment
    report = settings.document
    document = resolved(report, asked)
    to = ", ".join(declared(each.say(language)) for each in document.to)
    names = {"issuer": words.issuer(document, language), "title": declared(words.line(settings.title, language))}
    names |= {"to": to or wording.say("submission_addressee", language)}
    enclosed = "submission_enclosed" if settings.documents.decision else "submission_enclosed_report"
    return paragraphs(
        words.legal([words.inferred(each, language) for each in words.bases(book, asked.legal_basis)], language),
        wording.say("submission_ask", language, **names),
        words.heading("submission_course", language),
        *(_course(book, results) for results in book),
        words.heading("submission_result", language),
        *(_result(book, results) for results in book),
        words.heading("submission_proposal", language),
        wording.say("submission_asks", language, **names),
        wording.say(enclosed, language, report=declared(assessment_words.reference(report, language))),
    )


def _course(book: Book, results: Results) -> str:
    """How many forms went out and came back, or of how many units there are results."""
    language, name = results.language, title(book, results)
    where = results.rows_where("receipts")
    if book.setup.assessment.survey and len(results.frames["receipts"]):
        return wording.say(
            "submission_survey",
            language,
            title=name,
            sent=result.count(results, "receipts.sent.count", f"select count(*) {where}"),
            returned=result.count(results, "receipts.returned.count", f"select count(*) {where} and state <> 'absent'"),
            confirmed=_confirmed(book, results),
        )
    listed = f"select count(*) from units where unit_kind = '{results.framework.spec.unit_kind}'"
    scored = f"select count(distinct unit_id) {results.rows_where('scores')} and points <> ''"
    return wording.say(
        "submission_table",
        language,
        title=name,
        scored=result.count(results, "units.scored.count", scored),
        all=result.count(results, "units.count", listed),
    )


def _confirmed(book: Book, results: Results) -> str:
    """How many units with a form have confirmed in every required round."""
    survey = book.setup.assessment.survey
    rounds = survey.rounds if survey else ()
    where = results.rows_where("confirmations", state="confirmed")
    several = f"select unit_id {where} group by unit_id having count(distinct round) = {len(rounds)}"
    return result.count(results, "confirmed.count", f"select count(*) from ({several})")


def _result(book: Book, results: Results) -> str:
    """Each ranking in a sentence, the units in the first place, and a table of how many units reach each level."""
    language, parts = results.language, []
    for ranking in results.framework.rankings:
        name, units = result.named(book, results, ranking), result.first(results, ranking)
        numbers = {"ranked": result.ranked(results, ranking), **result.range_of(results, ranking)}
        leading = " " + wording.say("result_first", language, units=units) if units else ""
        parts.append(wording.say("result_ranked", language, title=name, **numbers) + leading)
    for key, scheme, levels in result.each_scheme(results):
        name, label = result.scheme_name(results, scheme, key), f"{results.framework.id}-{key.replace('.', '-')}"
        header = [wording.say("col_level", language), wording.say("col_count", language)]
        said = wording.say("result_levels", language, scheme=name, table=f"tbl-{label}")
        caption = wording.say("result_levels_table", language, scheme=name)
        parts.append(f"{said} {result.basis_note(results, scheme)}".strip())
        parts.append(table(label, caption, header, [[*each] for each in levels], "lr", (20, 20)))
    return paragraphs(*parts)
