"""The annexes of a notice: long tables of results in full, and every other printed number that changed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from minhbach import diff_words, erratum_context, erratum_impact, wording
from minhbach.diff_changes import Item
from minhbach.erratum_notice_results import RESULTS, Notice, results
from minhbach.markdown import bullets, declared, named, paragraphs, table
from minhbach.report_layout import compact

GROUP: Final = re.compile(r"(\w+)(?:\.share)?\.(median|best)(?:\..*)?")
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
        around = {**erratum_context.places(difference.earlier), **erratum_context.places(difference.later)}
        header = [notice.say(f"col_{each}") for each in ("number", "published", "corrected")]
        rows = [[_named(notice, each, around), *notice.cited.pair(each)] for each in items]
        widths = (64, 18, 18)
        parts.append(compact(table("numbers", notice.say("numbers_table"), header, rows, "lrr", widths)))
    if difference.figures:
        captions = erratum_context.captions(difference.later) | erratum_context.captions(difference.earlier)
        listed = [declared(captions.get(each.label, each.label)) for each in difference.figures]
        parts += [notice.say("figures"), bullets(listed)]
    return paragraphs(*parts)


def _named(notice: Notice, item: Item, around: Mapping[str, str]) -> str:
    """An answer or criterion of a unit by its name; any other number by the words around it, or by its id."""
    difference = notice.impact.difference
    known = diff_words.fact(difference, item.of)
    if known != item.of:
        return declared(known)
    place = around.get(item.of, "")
    unit_id, _, name = item.of.partition("/")
    if difference.later.evidence.units.get(unit_id) is None:
        return declared(place or _of_group(notice, name) or item.of)
    unit = diff_words.unit(difference, unit_id)
    if place:
        return declared(place) if unit in place else f"{named(unit)}: {declared(place)}"
    return f"{named(unit)}: {declared(name)}"


def _of_group(notice: Notice, name: str) -> str:
    """A median or best value of a group, which only the score cards print; empty for anything else."""
    match = GROUP.fullmatch(name)
    known = (notice.impact.difference.later.framework(each).nodes for each in _frameworks(notice))
    node = next((nodes[match[1]] for nodes in known if match and match[1] in nodes), None)
    if match is None or node is None:
        return ""
    return f"{node.label.say(notice.language)} – {wording.say(f'card_legend_{match[2]}', notice.language)}"


def _frameworks(notice: Notice) -> Sequence[str]:
    return notice.impact.difference.later.framework_ids
