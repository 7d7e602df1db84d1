"""The draft decision (QUYẾT ĐỊNH) that approves the result: legal bases, articles, and the rankings as annexes."""

from __future__ import annotations

from collections.abc import Iterator

from minhbach import assessment_words, wording
from minhbach import report_documents_result as result
from minhbach import report_documents_words as words
from minhbach.assessment_document import Decision, resolved
from minhbach.book import Book
from minhbach.markdown import declared, numbered, paragraphs
from minhbach.model import Ranking
from minhbach.results import Results


def decision(book: Book, asked: Decision) -> str:
    """The decision's Markdown: what it is based on, its articles, and an annex for each ranking."""
    language, settings = book.language, book.setup.assessment
    document = resolved(settings.document, asked)
    authority = asked.authority or document.issuer
    bases = [words.inferred(each, language) for each in words.bases(book, asked.legal_basis)]
    return paragraphs(
        f"::: {{.centred}}\n{declared(words.line(authority, language).upper())}\n:::",
        words.legal(bases, language, _proposal(book, asked)),
        f"::: {{.centred}}\n{wording.say('decides', language)}\n:::",
        words.heading("approve_title", language),
        wording.say("approve_text", language, title=declared(words.line(settings.title, language))),
        numbered([_approved(book, *each) for each in result.each_ranking(book)]),
        *_articles(book, asked),
        *(result.annex(book, *each) for each in result.each_ranking(book)),
    )


def _proposal(book: Book, asked: Decision) -> str:
    """Who proposes the decision, and in which submission; nothing where the edition says neither."""
    language, settings = book.language, book.setup.assessment
    if asked.proposal:
        return declared(words.line(asked.proposal, language))
    if not settings.documents.submission:
        return ""
    submission = resolved(settings.document, settings.documents.submission)
    said = declared(assessment_words.reference(submission, language))
    issuer = words.issuer(submission, language)
    return wording.say("basis_proposal", language, issuer=issuer, submission=said)


def _approved(book: Book, results: Results, ranking: Ranking, label: str) -> str:
    """One ranking in a decision's first article: how many units, how many at each level, and its annex."""
    language = results.language
    said = wording.say(
        "approve_ranked",
        language,
        title=result.named(book, results, ranking),
        ranked=result.ranked(results, ranking),
        annex=f"[](#{label})",
    )
    for key, scheme, levels in result.each_scheme(results):
        counts = "; ".join(wording.say("approve_count", language, level=name, count=number) for name, number in levels)
        name = result.scheme_name(results, scheme, key)
        said += " " + wording.say("approve_levels", language, scheme=name, counts=counts)
        said += f" {result.basis_note(results, scheme)}".rstrip()
    return said


def _articles(book: Book, asked: Decision) -> Iterator[str]:
    """The articles after the first: the edition's own, or those that any such decision has."""
    language = book.language
    if asked.articles:
        for article in asked.articles:
            yield f"# {declared(words.line(article.title, language))}"
            yield declared(words.line(article.text, language))
        return
    issuer = words.issuer(book.setup.assessment.document, language)
    yield words.heading("execute_title", language)
    yield wording.say("execute_text", language, issuer=issuer)
    yield words.heading("effect_title", language)
    yield wording.say("effect_text", language)
