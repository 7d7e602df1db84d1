"""The command that follows a printed number back to its cell, or a cell on to the numbers it reaches."""

from __future__ import annotations

import argparse
import gc
import json
from typing import Any

from minhbach import trace_back, trace_find, trace_print
from minhbach.errors import DataError, UsageError
from minhbach.paths import Edition
from minhbach.trace_chain import Chain
from minhbach.trace_evidence import DRAFT, Evidence
from minhbach.trace_find import LABEL, MAIN, Listed
from minhbach.trace_graph import Step, as_json, differences

FORMAT = 1


def add(commands: Any) -> None:
    """Adds `trace EDITION REF` to the command line."""
    parser = commands.add_parser("trace", help="follow a printed number back to its cell, or a cell to its numbers")
    parser.add_argument("edition")
    parser.add_argument("reference", nargs="?", default="", help="a fact such as 664/total, or a label: fig-… or tbl-…")
    counted = "PAGE is a sheet of the file, counted from the first; annexes print numbers of their own"
    sheet = f'a number as printed: --page 7 "84,25" ({counted})'
    parser.add_argument("--page", nargs=2, metavar=("PAGE", "NUMBER"), help=sheet)
    parser.add_argument("--document", default=MAIN, help="the document of that page (default: report.pdf)")
    parser.add_argument("--cell", default="", help="a cell such as responses/x.xlsx#Sheet!E14: every number it reaches")
    parser.add_argument("--version", default=DRAFT, help="draft (default) or a published version such as v1")
    parser.add_argument("--depth", type=int, help="show so many steps down (default: what one screen holds)")
    parser.add_argument("--lang", choices=("vi", "en"), default="")
    parser.add_argument("--json", action="store_true", help="the whole chain as JSON (docs/trace.md)")
    parser.set_defaults(command=_trace)


def _trace(options: argparse.Namespace, _: object) -> None:
    gc.disable()  # a short process that lets nothing go: looking for garbage takes a tenth of its time
    evidence = Evidence(Edition(options.edition), options.version, options.lang)
    if [bool(options.reference), bool(options.cell), bool(options.page)].count(True) != 1:
        raise UsageError(evidence.say("one_reference"))
    found = answer(evidence, options)
    if isinstance(found, Listed):
        print(_listed(evidence, options, found))
        return
    wrong = differences(found)
    if options.json:
        print(_json(evidence, options, {"chain": as_json(found)}, wrong))
    else:
        print(trace_print.chain(evidence, found, options.depth))
    if wrong:
        raise DataError(evidence.say("some_differ", count=len(wrong)) + f" {wrong[0].id}")


def answer(evidence: Evidence, options: argparse.Namespace) -> Step | Listed:
    """The chain that was asked for, or the facts to choose from.

    Raises:
        UsageError: nothing bears this reference; the text names what is near.
    """
    chain = Chain(evidence)
    if options.cell:
        return trace_back.reach(chain, options.cell)
    if options.page:
        found = trace_find.on_page(evidence, options.document, *options.page)
        several = len(found.rows) > 1
        return found if several else chain.printed(found.rows[0]["fact_id"])
    if LABEL.fullmatch(options.reference):
        known = trace_find.of_label(evidence, options.reference)
        if known is not None:
            return known
    reference = options.reference.strip()
    step = chain.printed(reference) if reference in evidence.facts else chain.unprinted(reference)
    if step is None:
        raise trace_find.unknown(evidence, reference)
    return step


def _listed(evidence: Evidence, options: argparse.Namespace, found: Listed) -> str:
    if options.json:
        return _json(evidence, options, {"matches": [dict(row) for row in found.rows]}, ())
    if options.page:
        said = {"number": found.name, "page": options.page[0], "document": options.document}
        return trace_print.listed(evidence, found, evidence.say("several", count=len(found.rows), **said))
    key = "list" if found.rows else "list_none"
    return trace_print.listed(evidence, found, evidence.say(key, label=found.name, count=len(found.rows)))


def _json(evidence: Evidence, options: argparse.Namespace, content: dict[str, object], wrong: tuple[Step, ...]) -> str:
    head = {
        "format": FORMAT,
        "edition": evidence.edition.name,
        "version": evidence.folder.name,
        "language": evidence.language,
        "reference": options.cell or options.reference or " ".join(options.page),
        "agrees": not wrong,
        "differences": [{"kind": each.kind, "id": each.id, "note": each.note} for each in wrong],
    }
    return json.dumps({**head, **content}, ensure_ascii=False, indent=1)
