"""The annexes of a notice: long tables of results in full, and every other printed number that changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from minhbach import diff_names, erratum_impact
from minhbach.erratum_notice_results import RESULTS, Notice, results
from minhbach.markdown import bullets, declared, paragraphs, table
from minhbach.report_layout import compact

FILES: Final = "difference.html, difference.md, difference.json"


def annexes(notice: Notice) -> Sequence[str]:
    """The annexes that have something to say."""
    return [each for each in (_results(notice), _numbers(notice)) if each]


def _results(notice: Notice) -> str:
    """The tables that only begin in the body."""
    kinds = [kind for kind in RESULTS if notice.is_long(kind)]
    if not kinds:
        return ""
    tables = (compact(results(notice, kind)) for kind in kinds)
    return paragraphs(f"# {notice.say('anx_results')} {{#anx-results .annex}}", *tables)


def _numbers(notice: Notice) -> str:
    """Every other number by where it is printed, and the figures that are drawn otherwise."""
    difference = notice.impact.difference
    items = erratum_impact.numbers(difference)
    if not items and not difference.figures:
        return ""
    parts = [f"# {notice.say('anx_numbers')} {{#anx-numbers .annex}}", notice.say("numbers", files=declared(FILES))]
    if items:
        header = [notice.say(f"col_{each}") for each in ("number", "published", "corrected")]
        rows = [[declared(diff_names.fact(difference, each.of)), *notice.cited.pair(each)] for each in items]
        widths = (64, 18, 18)
        parts.append(compact(table("numbers", notice.say("numbers_table"), header, rows, "lrr", widths)))
    if difference.figures:
        listed = [declared(diff_names.figure(difference, each.label)) for each in difference.figures]
        parts += [notice.say("figures"), bullets(listed)]
    return paragraphs(*parts)
