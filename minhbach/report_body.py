"""The body of a report: one text per section, by the section's id, in the order in which it is printed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from minhbach import (
    report_blocking,
    report_compare,
    report_levels,
    report_method,
    report_previous,
    report_ranks,
    report_robustness,
    report_shares,
    report_survey,
    report_verified,
    wording,
)
from minhbach.book import Book
from minhbach.report_layout import each, section
from minhbach.report_sections import BODY
from minhbach.results import Results


def sections(book: Book, folder: Path) -> dict[str, str]:
    """What each section says, without its heading; the department's own sections are empty until it writes them."""

    def compared(results: Results) -> str:
        return report_compare.comparison(results) if results.framework.comparisons else ""

    texts = dict.fromkeys(BODY, "") | {
        "basis": report_method.basis(book),
        "survey": report_survey.course(book),
        "results": each(book, lambda results: report_ranks.rankings(results, folder)),
        "levels": each(book, lambda results: report_levels.levels(results, folder)),
        "groups": each(book, report_shares.groups),
        "blocking": each(book, lambda results: report_blocking.blocking(results, folder)),
        "robustness": report_robustness.section(book, folder),
        "verified": each(book, lambda results: report_verified.verified(book, results)),
        "criteria": each(book, report_shares.criteria),
        "previous": report_previous.section(book, folder),
        "comparison": each(book, compared),
    }
    return {name: texts[name] for name in BODY}


def headed(book: Book, name: str, texts: Mapping[str, str], words: Mapping[str, str]) -> str:
    """A section with its heading and, at its end, the department's own words; nothing where both are empty."""
    key = "h_data" if name == "survey" and book.setup.assessment.survey is None else f"h_{name}"
    return section(wording.say(key, book.language), texts[name], words.get(name, ""))
