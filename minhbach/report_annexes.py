"""The annexes of a report, in the order in which they are numbered."""

from __future__ import annotations

from collections.abc import Mapping

from minhbach import (
    report_blocking,
    report_data,
    report_findings,
    report_full,
    report_method,
    report_previous,
    report_robustness_annex,
    report_verified,
    wording,
)
from minhbach.book import Book
from minhbach.markdown import declared
from minhbach.report_layout import annex, each
from minhbach.report_sections import ANNEXES

LANDSCAPE = ("full", "missing", "changes")


def criteria(book: Book) -> dict[str, str]:
    """The full table of criteria of each framework, as an annex of its own, by the framework's id."""
    return {
        results.framework.id: annex(
            f"criteria-{results.framework.id}",
            declared(results.framework.spec.title.say(book.language)),
            report_method.criteria(results),
        )
        for results in book
    }


def texts(book: Book) -> dict[str, str]:
    """What each further annex says, by its id; empty where there is nothing to say."""
    found = {
        "method": each(book, report_method.method),
        "full": each(book, report_full.full),
        "robustness": report_robustness_annex.annex(book),
        "missing": each(book, report_blocking.missing),
        "changes": report_previous.annex(book),
        "findings": report_findings.register(book),
        "corrections": each(book, lambda results: report_verified.corrections(book, results)),
        "absent": report_data.absent(book),
        "check": report_data.check(book) + "\n" + report_data.files(book),
    }
    return {name: found[name] for name in ANNEXES}


def headed(book: Book, name: str, found: Mapping[str, str], words: Mapping[str, str]) -> str:
    """An annex with its heading and, at its end, the department's own words; nothing where both are empty."""
    key = "anx_no_data" if name == "absent" and book.setup.assessment.survey is None else f"anx_{name}"
    title = wording.say(key, book.language)
    return annex(name, title, found[name], words.get(name, ""), landscape=name in LANDSCAPE)
