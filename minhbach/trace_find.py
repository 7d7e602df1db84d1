"""What a reader may name: a fact's id, a page with a number, a figure or table; and what was near when nothing fits."""

from __future__ import annotations

import csv
import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from minhbach import tables_columns, trace_lists, trace_versions
from minhbach.errors import DataError, UsageError
from minhbach.trace_evidence import Evidence
from minhbach.trace_tables import Record

MAIN = "report.pdf"
LABEL = re.compile(r"(fig|tbl)-.+")
FACT = re.compile(r'\]\{fact="([^"]+)"\}')
NEAR, CUTOFF = 5, 0.6


@dataclass(frozen=True)
class Listed:
    """The facts that a page, table or figure names, in reading order: id, as shown, and where."""

    name: str
    rows: tuple[Record, ...]


def on_page(evidence: Evidence, document: str, page: str, number: str) -> Listed:
    """The places of a page at which a number stands as a reader sees it.

    A page is a sheet of the file, counted from the first; annexes print numbers of their own, which are not meant.

    Raises:
        UsageError: there is no such document, no numbers on the page, or not this one.
    """
    placed = [place for places in evidence.places.values() for place in places]
    known = {place["document"] for place in placed}
    if document not in known:
        listed = trace_lists.documents(known)
        raise trace_lists.usage(evidence.say("no_document", document=document, known=listed))
    if not page.isdecimal():
        raise UsageError(evidence.say("page_alone", page=page))
    within = [place for place in placed if place["document"] == document]
    here = [place for place in within if place["page"] == page]
    if not here:
        pages = trace_lists.ranges(int(place["page"]) for place in within)
        raise trace_lists.usage(evidence.say("no_page", document=document, page=page, pages=pages))
    wanted = _plain(number)
    found = [place for place in here if _plain(_shown(evidence, place["fact_id"])) == wanted]
    if not found:
        raise trace_lists.usage(_not_there(evidence, document, page, number, here, within))
    rows = sorted(found, key=lambda place: (float(place["y"]), float(place["x"])))
    return Listed(number, tuple({**place, "shown": _shown(evidence, place["fact_id"])} for place in rows))


def of_label(evidence: Evidence, label: str) -> Listed | None:
    """The facts in a figure's saved table, or in a table of the report; None when there is no such label."""
    kind, _, name = label.partition("-")
    if kind == "fig":
        file = next((each for each in evidence.home.glob("figures/*.csv") if each.stem in (name, label)), None)
        if file is None:
            return None
        with file.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        columns = [column for column in (rows[0] if rows else {}) if column.endswith(("fact_id", "fact"))]
        ids = [row[column] for row in rows for column in columns if row[column]]
    else:
        block = _block(evidence, label)
        if block is None:
            return None
        ids = FACT.findall(block)
    known = [fact_id for fact_id in dict.fromkeys(ids) if fact_id in evidence.facts]
    return Listed(label, tuple({"fact_id": each, "shown": _shown(evidence, each)} for each in known))


def labels(evidence: Evidence) -> list[str]:
    """The labels of all tables and figures."""
    figures = [f"fig-{file.stem.removeprefix('fig-')}" for file in evidence.home.glob("figures/*.csv")]
    return sorted({*figures, *re.findall(r"\{#(tbl-[^ }]+)", _report(evidence))})


def unknown(evidence: Evidence, reference: str) -> UsageError:
    """The error for a reference that nothing bears, with what is near."""
    label = LABEL.fullmatch(reference)
    near = _near(reference, labels(evidence)) if label else _near_facts(evidence, reference)
    if near:
        hint = evidence.say("near", names=", ".join(near))
    elif label:
        hint = _labels_are(evidence, label[1])
    else:
        example = next((fact_id for fact_id in evidence.facts if "/" in fact_id), "–")
        hint = evidence.say("near_none", example=example)
    version = trace_versions.named(evidence.folder.name, evidence.language)
    said = {"reference": reference, "version": version, "edition": evidence.edition.name}
    return trace_lists.usage(evidence.say("unknown", near=hint, **said))


def _labels_are(evidence: Evidence, kind: str) -> str:
    """Labels that there are, first those of the kind that was asked for."""
    known = sorted(labels(evidence), key=lambda label: (not label.startswith(kind), label))
    return evidence.say("labels_are", labels=", ".join(known[:NEAR]) or "–")


def _near_facts(evidence: Evidence, reference: str) -> list[str]:
    """Ids like this one: of the unit where it is known, and of units that are called like the text otherwise."""
    scope, _, name = reference.partition("/")
    own = [fact_id for fact_id in evidence.facts if fact_id.startswith(f"{scope}/")]
    if own:
        words = _near(name, [fact_id.partition("/")[2] for fact_id in own], cutoff=0.3)
        return [f"{scope}/{word}" for word in words]
    unit = evidence.units.match(scope) or evidence.units.nearest(scope)
    if unit and f"{unit.unit_id}/{name}" in evidence.facts:
        return [f"{unit.unit_id}/{name}"]
    alike = [fact_id for fact_id in evidence.facts if fact_id.endswith(f"/{name}")] if name else []
    return _near(reference, alike or list(evidence.facts))


def _near(word: str, known: Iterable[str], cutoff: float = CUTOFF) -> list[str]:
    return difflib.get_close_matches(word, sorted(set(known)), n=NEAR, cutoff=cutoff)


def _not_there(
    evidence: Evidence, document: str, page: str, number: str, here: list[Record], within: list[Record]
) -> str:
    """Where the number stands instead, or what stands on the page that is like it."""
    wanted = _plain(number)
    pages = {int(place["page"]) for place in within if _plain(_shown(evidence, place["fact_id"])) == wanted}
    if pages:
        near = evidence.say("on_pages", pages=trace_lists.ranges(pages), document=document)
    else:
        shown = dict.fromkeys(_shown(evidence, place["fact_id"]) for place in here)
        listed = _near(number, shown) or [text for text in shown if len(text) < 20][:NEAR]
        near = evidence.say("on_this_page", numbers=" · ".join(listed) or "–") + " " + evidence.say("declared")
    return evidence.say("not_on_page", document=document, page=page, number=number, near=near)


def _shown(evidence: Evidence, fact_id: str) -> str:
    fact = evidence.facts.get(fact_id)
    if fact is None:
        raise DataError(
            evidence.say(
                "bad_table",
                file="places.csv",
                reason=fact_id,
                advice=tables_columns.advice(evidence.folder, evidence.language),
            )
        )
    return fact["shown"]


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _report(evidence: Evidence) -> str:
    path = evidence.home / "report.md"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _block(evidence: Evidence, label: str) -> str | None:
    """The Markdown of a table, from its opening to its closing colons."""
    match = re.search(rf"^:::+ *\{{#{re.escape(label)}[ }}](.*?)^:::+ *$", _report(evidence), re.MULTILINE | re.DOTALL)
    return match[1] if match else None
